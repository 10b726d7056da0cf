"""The one door to SpiffWorkflow: BPMN XML to an immutable graph."""
