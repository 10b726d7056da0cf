"""Letters: data that become text, and nothing else."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schuldhulp.engine.definitions.letters import Letter, LetterError, Rendered, load_letter, render_letter

HEAD = "---\nsubject: Uw melding van {{ datum | datum }}\naddressee: client\nchannel: post\n---\n"
FACTS: dict[str, Any] = {"datum": date(2026, 3, 16), "naam": "Fenna", "leeg": None, "lang": "x" * 10_000}


def letter(body: str, head: str = HEAD) -> Letter:
    found, findings = load_letter((head + body).encode(), name="tasks/letters/L99.md.j2")
    assert found is not None, "\n".join(map(str, findings))
    return found


def made(body: str, **more: Any) -> str:
    return render_letter(letter(body), {**FACTS, **more}).text


def refused(body: str, head: str = HEAD) -> str:
    found, findings = load_letter((head + body).encode(), name="tasks/letters/L99.md.j2")
    assert found is None
    return "\n".join(map(str, findings))


def test_a_letter_is_made_from_data_in_the_words_of_dutch_readers() -> None:
    body = """Beste {{ naam }},

{% for schuld in schulden %}
{{ loop.index }}. {{ schuld.schuldeiser }}: {{ schuld.saldo | euro }}
{% endfor %}
Samen {{ schulden | som("saldo") | euro }}, voor {{ datum | dag_en_datum }}.
{% if leeg %}Nooit{% else %}Hulp: {{ soort | label("soort") }}{% endif %}
"""
    debts = [{"schuldeiser": "Woonstichting", "saldo": Decimal("2184.51")}, {"schuldeiser": "Zorg", "saldo": Decimal(5)}]
    labels = {"soort": {"bk": "Budgetkring"}}
    assert render_letter(letter(body), {**FACTS, "schulden": debts, "soort": "bk"}, labels) == Rendered(
        "Uw melding van 16 maart 2026",
        "Beste Fenna,\n\n1. Woonstichting: € 2.184,51\n2. Zorg: € 5,00\nSamen € 2.189,51, voor maandag 16 maart 2026.\n"
        "Hulp: Budgetkring\n",
    )


def test_a_letter_tells_which_data_it_needs() -> None:
    assert letter("{{ naam }}{% for x in lijst %}{{ x.y }}{{ loop.index }}{% endfor %}").names == {"naam", "lijst", "datum"}


@pytest.mark.parametrize(("body", "line"), [("a\nb {{ onbekend }}\n", 7), ("\n\n{{ leeg }}", 8), ("{{ naam.voor }}", 6)])
def test_what_has_no_value_is_an_error_with_its_line(body: str, line: int) -> None:
    with pytest.raises(LetterError) as caught:
        made(body)
    assert caught.value.line == line
    assert "default" in str(caught.value)


def test_a_default_stands_in_for_what_has_no_value() -> None:
    assert made('{{ leeg | default("-") }} {{ onbekend | default("?") }}') == "- ?\n"


@pytest.mark.parametrize(
    "body",
    [
        "{{ naam.__class__ }}",
        "{{ naam['__class__'] }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ naam | attr('__class__') }}",
        "{{ naam.format(1) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum() }}",
        "{{ namespace(a=1) }}",
        "{% include '/etc/passwd' %}",
        "{% include 'L01.md.j2' ignore missing %}",
        "{% extends 'x' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import path %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% set a = [a, a] %}",
        "{% set x %}{{ naam }}{% endset %}",
        "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
        "{% filter upper %}a{% endfilter %}",
        "{{ naam | map('upper') | list }}",
        "{{ naam | indent(100000000) }}",
        "{{ naam | format(1) }}",
        "{{ _meter }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{% if naam",
        "{% autoescape false %}a{% endautoescape %}",
    ],
)
def test_what_could_run_code_or_reach_out_is_refused_before_it_is_deployed(body: str) -> None:
    assert "L99.md.j2:" in refused(body)


@pytest.mark.parametrize(
    "body",
    [
        "{{ 'x' * 300000000 }}",
        "{{ '%300000000d' % 1 }}",
        "{{ 9 ** 99999999 }}",
        "{{ range(100000000) | join }}",
        "{{ range(10 ** 3000) }}",
        "{% for i in range(1000) %}{% for j in range(1000) %}{% if false %}x{% endif %}{% endfor %}{% endfor %}",
        "{% for i in range(1000) %}{% for j in range(1000) %}{{ lang }}{% endfor %}{% endfor %}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ (a ~ a) %}" * 40 + "{{ a }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% set a = [1, 2, 3] %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% set a = 99 %}" + "{% set a = a * a %}" * 40 + "{{ a }}",
        "{% for a in naam %}x{% endfor %}",
        "{{ datum.strftime }}",
        "{{ 1 / 0 }}",
        "{{ naam | euro }}",
        "{{ groot | join(lang) }}",
    ],
)
def test_what_would_grow_without_bound_or_does_not_fit_stops_with_an_error(body: str) -> None:
    started = time.monotonic()
    with pytest.raises(LetterError):
        made(body, groot=["x"] * 100_000)
    assert time.monotonic() - started < 5


def test_a_letter_of_three_hundred_megabytes_is_never_made() -> None:
    with pytest.raises(LetterError, match="larger than 1,000,000 characters"):
        made("{% for i in range(1000) %}{% for j in range(31) %}{{ lang }}{% endfor %}{% endfor %}")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("", "the front matter is missing"),
        ("---\nsubject: x\n---\n", "addressee is missing"),
        ("---\nsubject: x\naddressee: c\nchannel: duif\n---\n", "channel 'duif' is not known"),
        ("---\nsubject: x\naddressee: c\nchannel: post\nkleur: rood\n---\n", "'kleur' is not known"),
        ("---\nsubject: {{ x }}\naddressee: c\nchannel: post\n---\n", "Put a text with : or {{ in quotes"),
        ("---\nsubject: x\naddressee: c\nchannel: post\nclause: bezwaar\n---\n", "does not say 'zes weken'"),
        ("---\na: [\n---\n", "not YAML"),
    ],
)
def test_a_wrong_head_is_refused_with_what_to_write(head: str, words: str) -> None:
    assert words in refused("U kunt bezwaar maken.", head)


def test_a_decision_with_its_clause_may_be_deployed() -> None:
    head = HEAD.replace("channel: post", "channel: post\nclause: bezwaar")
    assert letter("U kunt binnen zes\nweken bezwaar maken.", head).clause == "bezwaar"
