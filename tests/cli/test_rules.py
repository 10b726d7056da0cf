"""schuldhulp rules and schuldhulp feel, by their exit codes and words."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from schuldhulp.cli import cli, main
from schuldhulp.cli.feel import feel
from schuldhulp.cli.rules import rules
from schuldhulp.cli.say import explain_error
from schuldhulp.rules import tables
from schuldhulp.rules.dmn import DmnErrors, NoSuchDecision, read_model
from tests.rules.dmn.build import decision, input_data, item, model, table


@pytest.fixture
def urgentie(tmp_path: Path) -> Path:
    rows = [['"ontruiming"', "-", '"crisis"', "Wgs 4(2)"], ["-", "<= p.dagen", '"spoed"'], ["-", "-", '"regulier"']]
    data = model(
        item("dreiging", "string", '"geen", "ontruiming"'),
        input_data("dreiging", "dreiging"),
        input_data("dagen", "number"),
        input_data("p"),
        decision(
            "urgentie",
            table(["dreiging", "dagen"], ["urgentie"], rows, policy="FIRST"),
            inputs=["dreiging", "dagen", "p"],
        ),
    )
    file = tmp_path / "urgentie.dmn"
    file.write_bytes(data)
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "urgentie.yaml").write_text(
        "- {name: ontruiming, given: {dreiging: ontruiming, dagen: 3, p: {dagen: 7}}, then: {urgentie: crisis}}\n"
    )
    (tmp_path / "context.yaml").write_text("dreiging: geen\ndagen: 3\np: {dagen: 7}\n")
    return file


def run(*words: object) -> Result:
    command, *rest = map(str, words)
    return CliRunner().invoke(feel if command == "feel" else rules, rest)


def test_eval_prints_the_outputs(urgentie: Path) -> None:
    done = run("rules", "eval", urgentie, "--context", urgentie.parent / "context.yaml")
    assert done.exit_code == 0
    assert "spoed" in done.output
    done = run(
        "rules", "eval", urgentie, "--set", 'dreiging="ontruiming"', "--set", "dagen=1", "--set", "p={}", "--json"
    )
    assert json.loads(done.output) == {"decision": "urgentie", "outputs": "crisis", "rules": [1]}


def test_eval_refuses_wrong_inputs_with_exit_code_1(urgentie: Path) -> None:
    done = run("rules", "eval", urgentie, "--set", 'dreiging="brand"')
    assert done.exit_code == 1
    assert "dagen: it is missing" in done.output


def test_explain_gives_the_reason_in_lines_dutch_and_json(urgentie: Path) -> None:
    context = ("--context", urgentie.parent / "context.yaml")
    assert "because dagen = 3 passes <= p.dagen" in run("rules", "explain", urgentie, *context).output
    assert "Regel 2 geldt." in run("rules", "explain", urgentie, *context, "--dutch").output
    assert json.loads(run("rules", "explain", urgentie, *context, "--json").output)["tables"][0]["hit_policy"] == "F"


def test_check_passes_with_warnings_for_rules_without_an_example(urgentie: Path) -> None:
    done = run("rules", "check", urgentie)
    assert done.exit_code == 0, done.output
    assert "no example reaches rule 2" in done.output


def test_check_fails_on_an_error_and_shows_the_place(urgentie: Path) -> None:
    urgentie.write_bytes(urgentie.read_bytes().replace(b"&lt;= p.dagen", b"&lt;= p.dagen +"))
    done = run("rules", "check", urgentie)
    assert done.exit_code == 1
    assert 'rule 2, column "dagen"' in done.output
    assert "^" in done.output


def test_test_reports_examples_and_coverage(urgentie: Path) -> None:
    done = run("rules", "test", urgentie)
    assert done.exit_code == 0
    assert "1 of 3 reached; never: 2, 3" in done.output
    examples = urgentie.parent / "cases" / "urgentie.yaml"
    examples.write_text(examples.read_text().replace("crisis", "spoed"))
    done = run("rules", "test", urgentie)
    assert done.exit_code == 1
    assert 'expected "spoed"' in done.output


def test_a_table_goes_to_csv_and_back(urgentie: Path, tmp_path: Path) -> None:
    sheet, again = tmp_path / "rules.csv", tmp_path / "again.dmn"
    assert run("rules", "fmt-csv", urgentie, "--out", sheet).exit_code == 0
    sheet.write_text(sheet.read_text().replace("<= p.dagen", "< p.dagen"))
    assert run("rules", "fmt-csv", urgentie, "--back", sheet, "--out", again).exit_code == 0
    assert "&lt; p.dagen" in again.read_text()


def test_feel_evaluates_and_shows_how_it_was_understood() -> None:
    done = run("feel", "bedrag per maand * 12", "--set", "bedrag per maand=49.95", "--tree")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "599.4"
    assert run("feel", "[18..65)", "--test", "17").output == "false\n"


def test_feel_explains_a_null_with_a_caret_and_exit_code_1() -> None:
    done = run("feel", "1 / 0")
    assert done.exit_code == 1
    assert "division by zero" in done.output
    assert "^^^^^" in done.output


def test_feel_refuses_bad_text_and_a_bad_context(tmp_path: Path) -> None:
    assert run("feel", "1 +").exit_code == 1
    bad = tmp_path / "bad.yaml"
    bad.write_text("a: 1\na: 2\n")
    done = run("feel", "a", "--context", bad)
    assert done.exit_code == 1
    assert "line 2" in done.output


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of the program itself, with whatever a command gave to ctx.exit or sys.exit."""
    monkeypatch.setattr("sys.argv", ["schuldhulp", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_program_ends_with_the_code_of_its_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "kapot.dmn"
    broken.write_text("<definitions/>")
    assert exit_code(monkeypatch, "feel", "1 + 1") == 0
    assert exit_code(monkeypatch, "feel", "1 / 0") == 1
    assert exit_code(monkeypatch, "feel", "1 +") == 1
    assert exit_code(monkeypatch, "rules", "check", str(broken)) == 1
    assert exit_code(monkeypatch, "rules", "check", str(tmp_path / "weg.dmn")) == 2

    @click.command()
    @click.pass_context
    def leaving(ctx: click.Context) -> None:
        ctx.exit(7)

    monkeypatch.setitem(cli.commands, "leaving", leaving)
    monkeypatch.setattr(cli, "get_command", lambda ctx, name: cli.commands.get(name))
    assert exit_code(monkeypatch, "leaving") == 7


def test_errors_of_tables_are_said_by_every_command() -> None:
    with pytest.raises(DmnErrors) as unread:
        read_model(b"<definitions/>", name="kapot.dmn")
    said = explain_error(unread.value)
    assert said is not None
    assert "kapot.dmn" in said
    assert "kapot" in str(explain_error(NoSuchDecision("kapot.dmn", "x", ["y"])))


def test_the_playground_counts_working_days_as_the_law_does() -> None:
    done = CliRunner().invoke(feel, ['werkdagen na(date("2026-04-24"), 3)'])

    assert done.exit_code == 0
    assert "2026-04-30" in done.output  # 27 April is King's Day


@pytest.mark.parametrize("command", ["test", "check"])
def test_without_files_the_shipped_tables_are_taken(command: str) -> None:
    done = run("rules", command, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    if command == "test":
        shipped = Path(tables.__file__).parent.glob("*.dmn")
        assert [Path(one["file"]).name for one in found] == sorted(file.name for file in shipped)
        assert all(one["passed"] and one["examples"] for one in found)


def test_of_several_files_only_the_examples_that_fail_are_listed(urgentie: Path) -> None:
    other = urgentie.with_name("ander.dmn")
    other.write_bytes(urgentie.read_bytes())
    wrong = "- {name: mis, given: {dreiging: geen, dagen: 3, p: {dagen: 7}}, then: {urgentie: regulier}}\n"
    (urgentie.parent / "cases" / "ander.yaml").write_text(wrong)
    done = run("rules", "test", urgentie, other)
    assert done.exit_code == 1
    assert "1 of 1 passed" in done.output
    assert "0 of 1 passed" in done.output
    assert "  mis " in done.output
    assert "  ontruiming " not in done.output


def test_missing_inputs_are_named_with_what_they_may_be(urgentie: Path) -> None:
    done = run("rules", "eval", urgentie, "--set", "dagen=3")
    assert done.exit_code == 1
    assert 'dreiging: dreiging ("geen", "ontruiming")' in done.output
    assert "--context FILE" in done.output


def test_a_mistyped_input_is_told_what_was_probably_meant(urgentie: Path) -> None:
    done = run("rules", "eval", urgentie, "--set", 'dreiging="ontruimng"', "--set", 'dagen="1o"', "--set", "p={}")
    assert done.exit_code == 1
    assert "did you mean 'ontruiming'?" in done.output
    assert 'dagen: string "1o" does not conform to number' in done.output


def test_a_text_without_quotes_is_told_where_they_belong() -> None:
    done = run("feel", "soort", "--set", "soort=huur")
    assert done.exit_code == 1
    assert """--set 'soort="huur"'""" in done.output


def test_an_unknown_function_is_told_which_one_is_like_it() -> None:
    done = run("feel", 'upper cas("a")')
    assert done.exit_code == 1
    assert "did you mean 'upper case'?" in done.output
    assert "    ^^^^^^^^^\n" in done.output


def test_a_gap_is_shown_with_inputs_that_no_rule_matches(tmp_path: Path) -> None:
    file = tmp_path / "gat.dmn"
    rows = [["< 10", '"laag"'], ["> 10", '"hoog"']]
    one = decision("gat", table(["bedrag"], ["klasse"], rows), inputs=["bedrag"])
    file.write_bytes(model(input_data("bedrag", "number"), one))
    done = run("rules", "check", file)
    assert done.exit_code == 1
    assert "bedrag = 10" in done.output
    assert "1 file, 1 error, 0 warnings" in done.output


def test_a_broken_file_is_told_the_line_and_the_element_that_is_open(urgentie: Path) -> None:
    urgentie.write_bytes(urgentie.read_bytes().replace(b"</rule>", b"</rul>", 1))
    done = run("rules", "check", urgentie)
    assert done.exit_code == 1
    assert "mismatched tag: <rule> of line" in done.output


def test_a_sheet_that_is_no_text_is_refused(urgentie: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "blad.csv"
    sheet.write_bytes(b"\xff\xfe\x00")
    done = run("rules", "fmt-csv", urgentie, "--back", sheet)
    assert done.exit_code == 1
    assert "UTF-8" in done.output


def test_the_dutch_reason_takes_its_words_from_the_dictionary(urgentie: Path, tmp_path: Path) -> None:
    words = tmp_path / "dictionary.yaml"
    words.write_text(
        "dreiging:\n  type: enum\n  label: Soort dreiging\n  values: {geen: Geen, ontruiming: ontruiming van de woning}\n"
    )
    given = ("--set", 'dreiging="ontruiming"', "--set", "dagen=1", "--set", "p={dagen: 7}")
    done = run("rules", "explain", urgentie, *given, "--dutch", "--dictionary", words)
    assert "Soort dreiging is ontruiming van de woning" in done.output
    words.write_text("dreiging: {type: enum}\n")
    done = run("rules", "explain", urgentie, *given, "--dutch", "--dictionary", words)
    assert done.exit_code == 1
    assert "dreiging: label is missing" in done.output
