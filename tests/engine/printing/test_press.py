"""A letter on paper: tagged, Dutch, the same bytes each time, and no text in it is anything but words."""

from __future__ import annotations

import re
import resource
import time
from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest

from schuldhulp.engine.printing import PressFailed, Sender, Sheet, press
from tests.engine.printing.reading import seen

TEXT = """Beste Fenna Testema,

U krijgt **schuldhulp**. Wij noemen u de bedragen.

## Uw schulden

| Schuldeiser | Bedrag |
|---|---:|
| Woning\\|stichting | € 2.184,51 |
| Energie | € 12,00 |

#### Wat doet u nu?

1. Bel ons
2. Lees [de uitleg](https://voorbeeld.example/uitleg)

* een
* twee

Namens het college van burgemeester en wethouders,

Bram Besluit
(mandaat: Mandaatbesluit 2026)
"""
SHEET = Sheet(
    sender=Sender("Gemeente Voorbeeld", ("Raadhuisplein 1", "1234 AB  Voorbeeld"), (("Telefoon", "0800 0000"),)),
    addressee=("Fenna Testema", "Voorbeeldstraat 12", "1234 AB  Proefdorp"),
    day=date(2026, 4, 21),
    reference="2026-000123-3",
    subject="Besluit: u krijgt schuldhulp",
    text=TEXT,
)
ATTACKS = {
    "code": '#panic("x") #sys.version #eval("1+1") #{1+1}',
    "files": '#read("/etc/passwd") #include "/etc/passwd" #image("/etc/passwd")',
    "network": '#import "@preview/tablex:0.0.8": *',
    "marks": "= Kop\n- punt\n$x^2$ @ref <label> `code` // weg /* weg */ \\ ~ -- ...",
    "data": '"} , {"kind": "heading"',
}


def test_a_letter_is_a_tagged_dutch_pdf_for_archive_and_for_everyone() -> None:
    found = seen(press([SHEET]).pdf)

    assert (found.pdfa, found.pdfua, found.marked, found.shows_title) == ("2a", "1", True, True)
    assert found.language == "nl-NL"
    assert found.title == "Besluit: u krijgt schuldhulp (2026-000123-3)"
    for words in ("21 april 2026", "2026-000123-3", "€ 2.184,51", "Woning|stichting", "Pagina 1 van 1", "Gemeente Voorbeeld"):
        assert words in found.text
    assert [tag for tag in found.tags if tag in ("H1", "H2", "H3", "Table", "TH", "L", "Link")] == [
        "H1", "H2", "Table", "TH", "TH", "H3", "L", "Link", "L",
    ]  # fmt: skip


def test_the_same_letter_gives_the_same_bytes_and_another_day_gives_others() -> None:
    first = press([SHEET])

    assert press([SHEET]).pdf == first.pdf
    assert press([replace(SHEET, day=date(2026, 4, 22))]).pdf != first.pdf


@pytest.mark.parametrize("name", ATTACKS)
def test_words_that_look_like_code_are_printed_as_words(name: str) -> None:
    attack = ATTACKS[name]
    made = press([replace(SHEET, addressee=(attack,), subject=attack, reference=attack, text=f"{attack}\n\n{TEXT}")])

    found = seen(made.pdf)
    assert "root:" not in found.text
    assert " ".join(attack.split()) in found.text, found.text[:300]


@pytest.mark.parametrize("sign", ["\x00", "\ufeff", "\ue000", "😀", "中", "\ud800", "\u0378"])
def test_a_sign_without_a_glyph_is_shown_as_such_and_told(sign: str) -> None:
    made = press([replace(SHEET, addressee=(f"Fenna {sign} Testema",))])

    assert made.replaced == sign
    assert "Fenna � Testema" in seen(made.pdf).text


def test_names_from_all_over_europe_can_be_printed() -> None:
    name = "Şükrü Żółć Đorđević Łukasz Ærø Åse Ñandú Čapek Ğ İ ı Őř Þór Ελένη Жанна"

    made = press([replace(SHEET, addressee=(name,))])

    assert made.replaced == ""
    assert name in seen(made.pdf).text


def test_more_strange_signs_than_can_be_tried_still_give_a_letter() -> None:
    made = press([replace(SHEET, text=" ".join(chr(0x4E00 + number) for number in range(300)))])

    assert len(made.replaced) == 300


def test_a_batch_numbers_the_pages_of_each_letter_by_itself() -> None:
    long = replace(SHEET, reference="2026-000124-1", text="\n\n".join(f"Alinea {number}." for number in range(60)))

    found = seen(press([SHEET, long, SHEET], "Post van 21-04-2026").pdf)

    assert found.title == "Post van 21-04-2026"
    assert found.text.count("Pagina 1 van 1") == 2
    assert re.search(r"2026-000124-1 Pagina 2 van [23]", found.text)


@pytest.mark.parametrize(("bound", "value"), [("SECONDS", 1), ("MEMORY", 200_000_000)])
def test_a_letter_that_takes_more_than_it_may_is_stopped(
    bound: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("schuldhulp.engine.printing.press"), bound, value)
    began = time.monotonic()
    with pytest.raises(PressFailed):
        press([replace(SHEET, text="\n\n".join(["| a | b |\n|--|--|\n" + "| x | y |\n" * 100] * 500))])

    assert time.monotonic() - began < 30
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2_200_000


def test_nothing_and_too_much_is_refused() -> None:
    for sheets in ([], [SHEET] * 501):
        with pytest.raises(PressFailed, match="1 to 500"):
            press(sheets)


def test_a_letter_without_an_address_or_sender_can_still_be_printed() -> None:
    bare = Sheet(Sender(""), (), date(2026, 4, 21), "2026-000001-1", "Onderwerp", "Tekst")

    assert "Tekst" in seen(press([bare]).pdf).text
