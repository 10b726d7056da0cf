"""Data: the modules as BPMN processes with their scenarios."""
