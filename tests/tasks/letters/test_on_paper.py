"""Every letter that ships, as PDF with the data of a case: tagged and Dutch, with the right dates and amounts in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from schuldhulp.engine.case.post import Posted
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.printing import press
from schuldhulp.tasks.scenarios import load_scenario, play
from tests.engine.printing.reading import Seen, seen

ROOT = Path(__file__).parents[3]
STORIES = {
    "verhaal-1-fenna": {
        "L01": ["16 maart 2026", "Fenna Testema"],
        "L03": ["18 maart 2026", "Onze afspraken over uw crisis"],
        "L04": ["21 april 2026", "tot en met 2 juni 2026", "€ 270,00"],
        "L09": ["Fenna Testema", "€ 1.456,34", "Woonstichting De Proefhof", "Postbus 1", "9999 ZZ", "K-1"],
        "L10": ["€ 270,00", "1 juni 2026", "1 juni 2027", "€ 119,05", "€ 27,74", "€ 3.302,99"],
    },
    "verhaal-2-joris": {"L04": ["4 juni 2026", "tot en met 16 juli 2026"], "L10": ["€ 228,13", "36 maanden", "€ 7.320,00"]},
    "verhaal-4b-bram-houdt-vol": {
        "L05a": ["16 maart 2026", "tot en met 28 april 2026", "artikel 4a lid 1"],
        "L26": ["12 mei 2026"],
    },
    "gehoord-en-beeindigd": {
        "L05b": ["14 september 2026", "tot en met 26 oktober 2026", "artikel 4a lid 6", "Bo Besluit", "Mandaatbesluit 2026"],
    },
}

@pytest.fixture(scope="module")
def sent() -> Mapping[str, Mapping[str, list[tuple[str, Posted]]]]:
    """Scenario -> letter -> the letters of that kind: of few scenarios, which together send all of them."""
    files, kept = read_files(), Kept()
    paths = {path.stem: path for path in sorted((ROOT / "processes").rglob("scenarios/*.yaml"))}
    named = {
        name: set(re.findall(r"\b[A-Z]\d\d[a-z]?\b", " ".join(re.findall(r"letters: \[([^\]]*)\]", path.read_text()))))
        for name, path in paths.items()
    }
    chosen, covered = list(STORIES), {key for name in STORIES for key in named[name]}
    while more := max(named, key=lambda name: (len(named[name] - covered), name)):
        if not named[more] - covered:
            break
        chosen.append(more)
        covered |= named[more]
    found: dict[str, dict[str, list[tuple[str, Posted]]]] = {}
    for name in chosen:
        report = play(load_scenario(paths[name].read_bytes(), name=paths[name].name), files, "straight", kept)
        for letter in report.letters:
            found.setdefault(name, {}).setdefault(letter.letter, []).append((report.case or "", letter))
    return found


def is_for_everyone(found: Seen) -> bool:
    return (found.pdfa, found.pdfua, found.language, found.marked, found.tags.count("H1")) == ("2a", "1", "nl-NL", True, 1)


def test_every_letter_of_the_scenarios_is_a_pdf_for_everyone(
    sent: Mapping[str, Mapping[str, list[tuple[str, Posted]]]],
) -> None:
    kinds: dict[str, tuple[str, Posted]] = {key: all_[-1] for by_key in sent.values() for key, all_ in by_key.items()}
    shipped = {path.name.removesuffix(".md.j2") for path in (ROOT / "tasks" / "letters").glob("*.md.j2")}
    for key, (case, letter) in kinds.items():
        found = seen(press([letter.sheet(case)]).pdf)
        assert is_for_everyone(found), key
        assert letter.addressee or letter.channel != "post", f"{key} goes by post to nobody"
        assert "None" not in found.text, key
        assert "{{" not in found.text, key

    assert shipped - set(kinds) == set(), "each letter that ships is sent by some scenario"


@pytest.mark.parametrize(("story", "key"), [(story, key) for story, keys in STORIES.items() for key in keys])
def test_a_letter_of_a_story_names_its_dates_and_amounts(
    story: str, key: str, sent: Mapping[str, Mapping[str, list[tuple[str, Posted]]]]
) -> None:
    pages = [seen(press([letter.sheet(case)]).pdf).text for case, letter in sent[story][key]]

    for words in STORIES[story][key]:
        assert any(words in page for page in pages), (words, pages)


def test_each_creditor_gets_a_letter_of_its_own_at_its_own_address_or_who_collects_for_it() -> None:
    path = ROOT / "processes/M8/scenarios/voorrang-en-tegenvoorstel.yaml"
    report = play(load_scenario(path.read_bytes(), name=path.name), read_files(), "straight", Kept())
    asked = [one for one in report.letters if one.letter == "L09" and "Herinnering" not in one.subject]
    assert [one.addressee for one in asked] == [
        ("Corporatie Proef", "Postbus 1", "9999 ZZ Voorbeeldstad"),
        ("Deurwaarder Proef", "Dagvaardingslaan 3", "9998 YY Voorbeeldstad"),
    ]
    assert "**Uw kenmerk:** H-77" in asked[0].text
    assert "Het gaat om de vordering van Postorder Test." in asked[1].text
    assert "kenmerk" not in asked[1].text.partition("Geachte")[0]
