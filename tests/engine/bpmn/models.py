"""Small BPMN files for tests, written as the inside of one process."""

from __future__ import annotations

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org">'
)


def process(inside: str, around: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """A file with process P; *around* stands before it at the root."""
    return f'{HEAD}\n{around}\n<process id="P" {attributes}>\n{inside}\n</process>\n</definitions>'.encode()


def flow(source: str, target: str, inside: str = "") -> str:
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
