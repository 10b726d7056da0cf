"""Documents of a case from the shell: added, listed, fetched, taken out; what is wrong said in a sentence with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schuldhulp.cli import cli
from schuldhulp.cli.say import explain_error
from tests.engine.papers.samples import JPEG, pdf
from tests.web.organisation import Organisation, found_organisation


@pytest.fixture
def organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    monkeypatch.setenv("SCHULDHULP_HOME", str(tmp_path))
    monkeypatch.setenv("SCHULDHULP_DATABASE", f"sqlite:///{tmp_path / 'proef.db'}")
    monkeypatch.setenv("SCHULDHULP_KEYS", str(tmp_path / "proef.keys"))
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-04-07T10:00+02:00")
    monkeypatch.setenv("SCHULDHULP_USER", "karim")
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    return found_organisation(tmp_path)


def run(*words: object) -> Result:
    """As the program does: what it knows is said in a sentence, with exit code 1."""
    done = CliRunner().invoke(cli, ["document", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        said = explain_error(done.exception) if isinstance(done.exception, Exception) else None
        assert said is not None, done.exception
        return Result(done.runner, said.encode(), b"", said.encode(), None, 1, None)
    return done


@pytest.fixture
def case(organisation: Organisation) -> str:
    return organisation.open_case()


def there(tmp_path: Path, name: str, content: bytes) -> Path:
    place = tmp_path / "in" / name
    place.write_bytes(content)
    return place


@pytest.mark.shows("C-D10")
def test_files_are_added_listed_and_fetched_as_they_were(case: str, tmp_path: Path) -> None:
    files = there(tmp_path, "mei.pdf", pdf("mei")), there(tmp_path, "kast.jpg", JPEG)
    added = run("add", case, *files, "--from", "Joris", "--date", "31-03-2026", "--received", "2026-04-02")
    assert added.exit_code == 0, added.output
    assert added.output == "mei.pdf: document 2.\nkast.jpg: document 3.\n"

    listed = json.loads(run("list", case, "--json").output)
    assert [(row["nr"], row["name"], row["received"], row["by"]) for row in listed] == [
        (3, "kast.jpg", "02-04-2026", "Karim Bakker"), (2, "mei.pdf", "02-04-2026", "Karim Bakker"),
    ]  # fmt: skip
    assert "mei.pdf" in run("list", case).output

    assert run("get", case, 2).exit_code == 0
    assert Path("mei.pdf").read_bytes() == pdf("mei")
    assert run("get", case, 3, "-o", tmp_path / "out" / "b.jpg").exit_code == 0
    assert Path("b.jpg").read_bytes() == JPEG
    assert run("get", case, 2, "-o", "-").stdout_bytes == pdf("mei")


def test_a_file_that_is_refused_is_named_and_the_others_are_kept(
    organisation: Organisation, case: str, tmp_path: Path
) -> None:
    files = [
        there(tmp_path, "goed.pdf", pdf()), there(tmp_path, "virus.pdf", b"MZ\x90\x00" + b"\x00" * 60),
        there(tmp_path, "dubbel.pdf", pdf()), tmp_path / "in" / "weg.pdf", tmp_path / "in",
    ]  # fmt: skip
    done = run("add", case, *files)
    assert done.exit_code == 1
    assert "goed.pdf: document 2." in done.stdout
    assert "virus.pdf: the file is a program or a script. Kept are: PDF" in done.stderr
    assert "dubbel.pdf: this file is in the case already: document 2 (goed.pdf)" in done.stderr
    assert "weg.pdf: No such file or directory." in done.stderr
    assert "Is a directory" in done.stderr
    assert "Traceback" not in done.output
    assert [paper.name for paper in organisation.engine.papers(case)] == ["goed.pdf"]
    told = json.loads(run("add", case, files[1], "--json").stdout)
    assert [(one["code"], one["number"]) for one in told] == [("document-kind", None)]


def test_a_file_larger_than_the_limit_is_not_read_to_its_end(case: str, tmp_path: Path) -> None:
    place = tmp_path / "in" / "groot.pdf"
    with place.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(40_000_000_000)  # a file with a hole: forty gigabytes that nobody has
    done = run("add", case, place)
    assert done.exit_code == 1
    assert "groot.pdf: the file is larger than 20 MB" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("get", "CASE", "9"), 1, "9"),
        (("get", "2026-999999", "2"), 1, "2026-999999"),
        (("list", "2026-999999"), 1, "2026-999999"),
        (("add", "CASE"), 2, "FILES"),
        (("add", "2026-999999", "x.pdf"), 1, "2026-999999"),
        (("get", "CASE", "twee"), 2, "not a valid integer"),
        (("list", "CASE", "--as", "bo"), 1, "Give a reason"),
        (("list", "CASE", "--as", "niemand"), 1, "niemand"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(case: str, words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*[case if word == "CASE" else word for word in words])
    assert done.exit_code == code
    assert said in done.output


def test_a_day_or_a_kind_that_is_none_is_refused(case: str, tmp_path: Path) -> None:
    file = there(tmp_path, "mei.pdf", pdf())
    assert run("add", case, file, "--date", "gisteren").exit_code == 2
    assert "is no kind of document" in run("add", case, file, "--kind", "rekening").output
    assert "still to come" in run("add", case, file, "--received", "2030-01-01").output


def test_a_file_that_is_there_is_not_written_over(case: str, tmp_path: Path) -> None:
    run("add", case, there(tmp_path, "mei.pdf", pdf()))
    Path("mei.pdf").write_bytes(b"van mij")
    done = run("get", case, 2)
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert Path("mei.pdf").read_bytes() == b"van mij"
    assert run("get", case, 2, "-o", "geen/map/mei.pdf").exit_code == 1


def test_a_document_is_taken_out_for_good(organisation: Organisation, case: str, tmp_path: Path) -> None:
    run("add", case, there(tmp_path, "mei.pdf", pdf()))
    assert run("remove", case, 2).exit_code == 2
    refused = run("remove", case, 2, "--reason", "Verkeerde zaak", "--as", "noor")
    assert (refused.exit_code, "who added it" in refused.output) == (1, True)
    assert run("remove", case, 2, "--reason", "Verkeerde zaak").exit_code == 0
    assert "(weggehaald)" in run("list", case).output
    assert run("get", case, 2).exit_code == 1
    assert [one for one in organisation.engine.verify(case) if not one.note] == []
