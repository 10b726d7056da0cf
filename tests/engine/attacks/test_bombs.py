"""Files made to exhaust or to reach out: entities, sizes, nesting, aliases. Each is refused, quickly and by name."""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.check import check_files
from tests.engine.attacks.models import DICTIONARY, RULE, files, process, table, task

QUICKLY = 10.0
"""Seconds, on a busy machine; each of these takes a fraction of one."""
MEGABYTES = 1024
Make = Callable[[bytes], dict[str, bytes]]

PLAIN = process(task(""))
XML: dict[str, tuple[str, Make]] = {
    "bpmn": ("processes/P/P.bpmn", lambda data: files(data)),
    "dmn": ("rules/tables/D90.dmn", lambda data: files(RULE, table=data)),
}
BODIES = {"bpmn": PLAIN, "dmn": table()}


@contextmanager
def bounded() -> Iterator[None]:
    """What happens inside takes little time and little memory."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert time.monotonic() - began < QUICKLY
    assert grown < MEGABYTES, f"{grown:.0f} MB more were used"


def refused(given: dict[str, bytes], path: str) -> list[Finding]:
    """The errors about *path*; at least one, each with what to do."""
    with bounded():
        found = [f for f in check_files(given) if f.severity is Severity.ERROR and path in f.place.file]
    assert found, "it was not refused"
    assert all(finding.remedy for finding in found)
    return found


def with_doctype(kind: str, doctype: str, use: str) -> bytes:
    head, _, rest = BODIES[kind].partition(b"?>")
    first, _, tail = rest.partition(b'name="')
    return head + b"?>" + doctype.encode() + first + b'name="' + use.encode() + tail


@pytest.mark.parametrize("kind", XML)
def test_an_external_entity_is_refused_and_its_file_is_not_read(kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-from-the-disk")
    doctype = f'<!DOCTYPE definitions [<!ENTITY x SYSTEM "file://{secret}">]>'
    path, make = XML[kind]
    (found, *_) = refused(make(with_doctype(kind, doctype, "&x;")), path)
    assert "DOCTYPE" in found.message
    assert "a-secret" not in str(found)


@pytest.mark.parametrize("kind", XML)
def test_an_entity_from_the_network_is_refused_and_nobody_is_called(kind: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        called = threading.Event()

        def listen() -> None:
            try:
                server.accept()
                called.set()
            except TimeoutError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        doctype = f'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:{server.getsockname()[1]}/x.dtd">'
        path, make = XML[kind]
        refused(make(with_doctype(kind, doctype, "x")), path)
        listener.join()
    assert not called.is_set()


@pytest.mark.parametrize("kind", XML)
def test_an_entity_bomb_is_refused_before_it_goes_off(kind: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE definitions [<!ENTITY e0 "{"lol" * 10}">{entities}]>'
    path, make = XML[kind]
    refused(make(with_doctype(kind, doctype, "&e11;")), path)


@pytest.mark.parametrize("kind", XML)
def test_a_quadratic_entity_bomb_is_refused(kind: str) -> None:
    doctype = f'<!DOCTYPE definitions [<!ENTITY big "{"x" * 100_000}">]>'
    path, make = XML[kind]
    refused(make(with_doctype(kind, doctype, "&big;" * 20_000)), path)


@pytest.mark.parametrize("kind", XML)
def test_a_file_of_200_megabytes_is_refused_by_its_size(kind: str) -> None:
    data = BODIES[kind] + b"<!--" + b"x" * (200 * 1024 * 1024) + b"-->"
    path, make = XML[kind]
    (found, *_) = refused(make(data), path)
    assert "MB" in found.message


@pytest.mark.parametrize("kind", XML)
def test_nesting_100_000_deep_is_refused(kind: str) -> None:
    deep = b"<documentation>" * 100_000 + b"</documentation>" * 100_000
    if kind == "dmn":
        deep = deep.replace(b"documentation", b"description")
    head, tag, rest = BODIES[kind].rpartition(b"</definitions>")
    path, make = XML[kind]
    (found, *_) = refused(make(head + deep + tag + rest), path)
    assert "deep" in found.message


@pytest.mark.parametrize("kind", XML)
def test_a_million_elements_are_refused(kind: str) -> None:
    head, tag, rest = BODIES[kind].rpartition(b"</definitions>")
    path, make = XML[kind]
    refused(make(head + b"<x/>" * 1_000_000 + tag + rest), path)


@pytest.mark.parametrize("kind", XML)
@pytest.mark.parametrize(
    "text", ["(" * 100_000 + "1" + ")" * 100_000, "[" * 100_000, "-" * 100_000 + "1", "not(" * 50_000], ids=list("([-n")
)
def test_an_expression_nested_100_000_deep_is_refused(kind: str, text: str) -> None:
    from tests.engine.attacks.models import PLACES

    path, make = XML[kind]
    refused(make(PLACES["condition"](text) if kind == "bpmn" else table(cell=text)), path)


def test_an_expression_that_goes_on_for_a_megabyte_is_read_or_refused_quickly() -> None:
    from tests.engine.attacks.models import PLACES

    with bounded():
        check_files(files(PLACES["condition"]("inkomen > 1 and " * 65_000 + "true")))


def test_a_form_nested_100_000_deep_is_refused() -> None:
    deep = b'{"type": "default", "components": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    refused(files(PLAIN, form=deep), "tasks/forms/f.form")


def test_groups_in_groups_are_refused() -> None:
    part: dict[str, object] = {"type": "textfield", "key": "client_naam", "label": "Naam"}
    for _ in range(90):
        part = {"type": "group", "label": "Groep", "components": [part]}
    form = json.dumps({"type": "default", "id": "f", "schemaVersion": 16, "components": [part]}).encode()
    refused(files(PLAIN, form=form), "tasks/forms/f.form")


def test_a_form_of_200_megabytes_is_refused() -> None:
    form = b'{"type": "default", "components": [' + b" " * (200 * 1024 * 1024) + b"]}"
    refused(files(PLAIN, form=form), "tasks/forms/f.form")


def aliases(levels: int = 30) -> bytes:
    """A YAML text of a few lines that would be 2**levels items."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels)]
    return "\n".join(lines).encode() + b"\n"


YAML = {
    "dictionary": ("rules/dictionary.yaml", lambda data: files(PLAIN, dictionary=data)),
    "parameters": ("rules/parameters.yaml", lambda data: files(PLAIN, parameters=data)),
    "examples": (
        "rules/tables/cases/D90.yaml",
        lambda data: {**files(RULE, table=table()), "rules/tables/cases/D90.yaml": data},
    ),
}
BOMBS: dict[str, Callable[[], bytes]] = {
    "aliases": aliases,
    "alias of itself": lambda: b"a: &a [*a]\n",
    "deep": lambda: b"[" * 100_000 + b"]" * 100_000,
    "deep-mapping": lambda: b"".join(b" " * n + b"a:\n" for n in range(3_000)),
    "huge": lambda: b"# " + b"x" * (200 * 1024 * 1024),
    "python-object": lambda: b"!!python/object/apply:os.system ['touch /tmp/never']\n",
    "python-name": lambda: b"x: !!python/name:os.system\n",
    "many-digits": lambda: b"x: " + b"9" * 1_000_000 + b"\n",
}


@pytest.mark.parametrize("kind", YAML)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_yaml_bomb_is_refused(kind: str, bomb: str) -> None:
    path, make = YAML[kind]
    refused(make(BOMBS[bomb]()), path)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_scenario_that_is_a_bomb_is_refused(bomb: str) -> None:
    from schuldhulp.tasks.scenarios import load_scenario
    from schuldhulp.tasks.scenarios.load import ScenarioError

    with bounded(), pytest.raises(ScenarioError):
        load_scenario(BOMBS[bomb](), name="bomb.yaml")


def test_a_letter_whose_head_is_a_bomb_is_refused() -> None:
    letter = b"---\n" + aliases() + b"---\nBeste\n"
    refused(files(PLAIN, letter=letter), "tasks/letters/L90.md.j2")


def test_a_dictionary_with_many_keys_is_still_read() -> None:
    many = DICTIONARY + "".join(f"sleutel_{n}: {{type: string, label: Sleutel {n}}}\n" for n in range(2_000))
    with bounded():
        assert not [f for f in check_files(files(PLAIN, dictionary=many.encode())) if f.severity is Severity.ERROR]
