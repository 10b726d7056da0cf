"""By the letter of BPMN 2.0.2 some things are errors that our dialect accepts, and the other way round."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.check import CheckContext
from tests.engine.bpmn.check.test_constraints import END, MESSAGE, START, TASK, errors, sequence
from tests.engine.bpmn.models import flow, process

LETTER = CheckContext(dialect=False)


def waiting(definition: str) -> bytes:
    """start > an event with this definition > end."""
    event = f'<intermediateCatchEvent id="c">{definition}</intermediateCatchEvent>'
    return process(START + event + END + flow("s", "c") + flow("c", "e"), MESSAGE)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(waiting('<messageEventDefinition messageRef="M"/>'), "message-operation-missing",
                     id="a message event names an operation"),
        pytest.param(waiting("<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"),
                     "expression-not-formal", id="an expression is marked as formal"),
        pytest.param(process(START + '<scriptTask id="A"><script>a = 1</script></scriptTask>' + END
                             + flow("s", "A") + flow("A", "e")), "script-format-missing", id="a script has a format"),
        pytest.param(process(START + TASK + END + '<sequenceFlow sourceRef="s" targetRef="A"/>' + flow("A", "e")),
                     "id-missing", id="a flow has an id"),
    ],
)  # fmt: skip
def test_the_dialect_is_milder_where_nothing_is_unclear(data: bytes, code: str) -> None:
    assert errors(data, LETTER) == {code}
    assert errors(data) == set()


@pytest.mark.parametrize("text", ["INVALID", "2026-13-01T10:00:00", "2026-02-01T25:00:00"])
def test_a_timer_text_that_only_looks_like_a_date_is_refused_in_both(text: str) -> None:
    data = waiting(
        f'<timerEventDefinition><timeDate xsi:type="tFormalExpression">{text}</timeDate></timerEventDefinition>'
    )
    assert "timer-text" in errors(data, LETTER)
    assert "timer-text" in errors(data)


@pytest.mark.parametrize(
    ("tag", "text"),
    [("timeDate", "2026-03-16T09:00:00+01:00"), ("timeDate", "2026-03-16"), ("timeDuration", "P1Y2M3DT4H5M6.5S"),
     ("timeDuration", "P4W"), ("timeCycle", "R3/P7D"), ("timeCycle", "R/2026-03-16T09:00:00Z/PT1H"),
     ("timeDate", "= einde termijn"), ("timeDuration", "wachttijd")],
)  # fmt: skip
def test_iso_texts_and_feel_are_accepted_in_timers(tag: str, text: str) -> None:
    timer = f'<timerEventDefinition><{tag} xsi:type="tFormalExpression">{text}</{tag}></timerEventDefinition>'
    assert errors(waiting(timer)) == set()


def test_other_languages_are_no_matter_of_the_letter() -> None:
    model = sequence("").replace(
        TASK, '<scriptTask id="A" scriptFormat="groovy"><script>println 1</script></scriptTask>'
    )
    assert errors(process(model), LETTER) == set()
    assert errors(process(model)) == {"expression-language"}
