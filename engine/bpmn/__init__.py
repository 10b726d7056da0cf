"""BPMN: models read, checked and run."""
