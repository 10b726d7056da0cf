"""Letter templates of an attacker: no code, no file, no size without bound; refused at the check, and when written."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schuldhulp.engine.bpmn.graph import Severity
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import NotDeployable
from schuldhulp.engine.handle import Engine
from tests.engine.attacks.conftest import WORKER
from tests.engine.attacks.models import files, process, prop, task

HEAD = "---\nsubject: Brief\naddressee: client\nchannel: post\n---\n"
SENDS = process(task(prop("letter", "L90"), tag="sendTask"))
REACHING = {
    "class": "{{ client_naam.__class__.__mro__[1].__subclasses__() }}",
    "class by item": "{{ client_naam['__class__'] }}",
    "class by filter": "{{ client_naam | attr('__class__') }}",
    "class by joined name": "{{ client_naam['__cla' ~ 'ss__'] }}",
    "globals": "{{ range.__globals__ }}",
    "self": "{{ self.__init__.__globals__['os'].system('touch MARKER') }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('touch MARKER').read() }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('touch MARKER').read() }}",
    "format": "{{ '{0.__class__}'.format(client_naam) }}",
    "format filter": "{{ '%s' | format(client_naam) }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import '/etc/passwd' as x %}",
    "extends": "{% extends '/etc/passwd' %}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "call of a method": "{{ client_naam.upper() }}",
    "map": "{{ [1] | map('attr', '__class__') | list }}",
    "namespace": "{% set ns = namespace(x=1) %}{{ ns.__class__ }}",
    "loop": "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "undefined": "{{ niets.__class__.__base__ }}",
}
GROWING = {
    "300 MB by loops": "{% for a in range(1000) %}{% for b in range(1000) %}" + "x" * 300 + "{% endfor %}{% endfor %}",
    "three loops": "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}x{% endfor %}"
    "{% endfor %}{% endfor %}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "multiplied text": "{{ 'x' * 300000000 }}",
    "doubled text": "{% set t = 'x' * 10 %}" + "{% set t = t ~ t %}" * 40 + "{{ t }}",
    "added text": "{% set t = 'xxxxxxxxxx' %}" + "{% set t = t + t %}" * 40 + "{{ t }}",
    "long range": "{{ range(999999999) | list }}",
    "center": "{{ client_naam | center(300000000) }}",
    "padded": "{{ '%300000000d' % 1 }}",
    "indent": "{{ client_naam | indent(300000000) }}",
    "long text": "x" * 300_000_000,
    "deep": "{% if client_naam %}" * 3_000 + "x" + "{% endif %}" * 3_000,
    "deep brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "list of lists": "{% set l = [1] %}" + "{% set l = [l, l, l] %}" * 40 + "{{ l }}",
}


def letter(text: str, marker: Path) -> bytes:
    return (HEAD + text.replace("MARKER", str(marker)) + "\n").encode()


@pytest.mark.parametrize("name", REACHING)
def test_a_letter_that_reaches_out_is_refused_and_reaches_nothing(
    name: str, marker: Path, open_unchecked: Callable[[], Engine]
) -> None:
    given = files(SENDS, letter=letter(REACHING[name], marker))
    found = [f for f in check_files(given) if f.severity is Severity.ERROR and f.place.file.startswith("tasks/letters")]
    written = as_written(open_unchecked(), given)
    assert found or isinstance(written, Exception), f"it was accepted, and gave {written!r}"
    assert all(f.remedy and f.place.line > 1 for f in found)
    assert not marker.exists()
    assert "root:" not in str(written)


@pytest.mark.parametrize("name", GROWING)
def test_a_letter_without_bound_is_stopped_with_little_time_and_memory(
    name: str, marker: Path, open_unchecked: Callable[[], Engine]
) -> None:
    given = files(SENDS, letter=letter(GROWING[name], marker))
    engine = open_unchecked()
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    written = as_written(engine, given)
    assert isinstance(written, Exception), f"{len(written)} signs were written"
    assert time.monotonic() - began < 30
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 700
    assert len(str(written)) < 20_000


def as_written(engine: Engine, given: dict[str, bytes]) -> str | NotDeployable | ExpressionFailed:
    """The text of the letter that a case sends, or why there is none. Another error fails the test."""
    try:
        engine.deploy(given, WORKER)
        case = engine.open_case("P", {"client_naam": "Joris Voorbeeld"}, WORKER).case
        (made,) = [s.fact for s in engine.facts(case.number) if type(s.fact).__name__ == "LetterMade"]
        return str(made.personal["client:dossier"]["text"])
    except (NotDeployable, ExpressionFailed) as error:
        return error
