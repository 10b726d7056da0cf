"""Reads BPMN 2.0.2 files into graphs. The only package that knows SpiffWorkflow.

model, findings = read(data, file="intake.bpmn")
"""

from schuldhulp.engine.bpmn.read.model import read

__all__ = ["read"]
