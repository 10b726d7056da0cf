"""schuldhulp rules: decide, explain, check and test decision tables; rows out to CSV and back. Needs no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from schuldhulp.cli.feel_context import context_options, given_context, plain
from schuldhulp.cli.say import CIVIL, put, table
from schuldhulp.rules import tables
from schuldhulp.rules.dictionary import DictionaryError, load_dictionary
from schuldhulp.rules.dmn import (
    Decided,
    DecisionError,
    DmnErrors,
    DmnModel,
    ExampleError,
    ExampleReport,
    Finding,
    InputErrors,
    InputInfo,
    analyse,
    decide,
    load_examples,
    read_model,
    render_dutch,
    render_text,
    required_inputs,
    run_examples,
)
from schuldhulp.rules.dmn.inputs import MISSING
from schuldhulp.rules.dmn.sheet import SheetError, from_csv, to_csv
from schuldhulp.rules.feel import FeelError, Value, render

P = ParamSpec("P")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
json_option = click.option("--json", "json_", is_flag=True, help="JSON for programs.")
decision_option = click.option("--decision", help="Id or name; needed when the file has more than one at the top.")


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """What the rules refuse is said in their own words, with exit code 1."""

    @wraps(command)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (DecisionError, DictionaryError, DmnErrors, ExampleError, FeelError, SheetError) as error:
            raise click.ClickException(str(error)) from None
        except UnicodeDecodeError as error:
            raise click.ClickException(f"this is no text in UTF-8 (byte {error.start + 1}): save it as UTF-8") from None

    return call


@click.group()
def rules() -> None:
    """Decision tables (DMN): eval, explain, check, test, fmt-csv."""


def load(file: Path) -> DmnModel:
    """The model in a file; what it imports is looked for among the .dmn files beside it."""

    def imported(namespace: str) -> bytes:
        for other in sorted(file.parent.glob("*.dmn")):
            data = other.read_bytes()
            if f'namespace="{namespace}"'.encode() in data and other != file:
                return data
        raise LookupError(namespace)

    return read_model(file.read_bytes(), name=str(file), imports=imported)


def only_decision(model: DmnModel, wanted: str | None) -> str:
    """The decision asked for, or the one that no other needs."""
    if wanted is not None:
        return wanted
    needed = {key for one in model.decisions.values() for key in one.requires}
    top = [one.id for one in model.decisions.values() if one.key not in needed]
    if len(top) != 1:
        raise click.UsageError(f"Say with --decision which one: {', '.join(top) or 'the file has none'}.")
    return top[0]


def decided_from(file: Path, decision: str | None, context: Mapping[str, Any], lenient: bool) -> Decided:
    model = load(file)
    wanted = only_decision(model, decision)
    try:
        return decide(model, wanted, context, now=datetime.now(CIVIL), strict=not lenient)
    except InputErrors as error:
        if MISSING not in error.problems.values():
            raise
        lines = "".join(f"\n    {one.name}: {_what(one)}" for one in required_inputs(model, wanted))
        raise click.ClickException(f"{error}\nIt needs, from --context FILE or --set NAME=FEEL:{lines}") from None


def _what(wanted: InputInfo) -> str:
    """What an input may be, in a few words."""
    if wanted.fields:
        return "{" + ", ".join(f"{one.name}: {_what(one)}" for one in wanted.fields) + "}"
    return wanted.type + (f" ({' '.join(wanted.allowed.split())})" if wanted.allowed else "")


def chosen(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files that were named, or else the tables that the product ships."""
    return files or tuple(sorted(Path(tables.__file__).parent.glob("*.dmn")))


@rules.command("eval")
@click.argument("file", type=FILE)
@decision_option
@context_options
@click.option("--lenient", is_flag=True, help="Errors give null with a remark, as the standard has it.")
@json_option
@refusing
def eval_(
    file: Path, decision: str | None, context: Path | None, set_: tuple[str, ...], lenient: bool, json_: bool
) -> None:
    """Decide with the inputs of --context and --set, and print the outputs."""
    decided = decided_from(file, decision, given_context(context, set_), lenient)
    outputs, found = plain(decided.outputs), decided.outputs
    rows = found.items() if isinstance(found, dict) else [(decided.why.name, found)]
    text = table([(name, _cell(value)) for name, value in rows], ("output", "value"))
    for remark in decided.remarks:
        click.echo(remark.render(), err=True)
    matched = list(decided.why.matched)
    put({"decision": decided.decision, "outputs": outputs, "rules": matched}, text, json_)


@rules.command()
@click.argument("file", type=FILE)
@decision_option
@context_options
@click.option("--lenient", is_flag=True, help="Errors give null with a remark, as the standard has it.")
@click.option("--dutch", is_flag=True, help="Plain Dutch sentences instead of lines for designers.")
@click.option("--dictionary", type=FILE, help="With --dutch: the data dictionary, for the words of data and values.")
@json_option
@refusing
def explain(
    file: Path,
    decision: str | None,
    context: Path | None,
    set_: tuple[str, ...],
    lenient: bool,
    dutch: bool,
    dictionary: Path | None,
    json_: bool,
) -> None:
    """Decide, and say why: inputs, the cells that decided, the rules that matched, the outputs."""
    why = decided_from(file, decision, given_context(context, set_), lenient).why
    text = render_dutch(why, words_of(load(file), dictionary)) if dutch else render_text(why)
    put(why.to_json(), text, json_)


def words_of(model: DmnModel, dictionary: Path | None) -> dict[str, str]:
    """The words for data and their values: labels of the tables' outputs, and of the dictionary where there is one."""
    tables_of = [one.table for one in model.decisions.values() if one.table is not None]
    words = {output.name: output.label for table in tables_of for output in table.outputs if output.name}
    entries = load_dictionary(dictionary.read_bytes(), name=str(dictionary)).entries if dictionary else {}
    for key, entry in entries.items():
        words[key] = entry.label
        words |= {f"{key}.{code}": label for code, label in entry.values.items()}
    return words


@rules.command()
@click.argument("files", type=FILE, nargs=-1)
@click.option("--given", type=FILE, help="YAML with values that do not vary, such as the parameters: p: {...}.")
@json_option
@refusing
def check(files: tuple[Path, ...], given: Path | None, json_: bool) -> None:
    """Read, analyse and try tables: gaps, overlaps, rules that never count, examples, rules without an example.

    Without FILES the tables that the product ships.
    Examples are looked for in cases/NAME.yaml beside NAME.dmn. Exit code 1 when there is an error; warnings pass.
    """
    constants = given_context(given, ()) if given else {}
    found = [finding for file in chosen(files) for finding in check_file(file, constants)]
    errors = sum(finding.severity == "error" for finding in found)
    lines = [f"{finding.severity}: {finding.render()}" for finding in found]
    counts = ((len(chosen(files)), "file"), (errors, "error"), (len(found) - errors, "warning"))
    lines.append(", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts))
    put([_finding(finding) for finding in found], "\n".join(lines), json_)
    if errors:
        raise SystemExit(1)


def check_file(file: Path, given: Mapping[str, Any]) -> Iterator[Finding]:
    """All that is wrong with one file and its examples."""
    try:
        model = load(file)
    except DmnErrors as error:
        yield from error.findings
        return
    for decision in model.decisions.values():
        yield from analyse(model, decision.id, given=given)
    report = report_of(file, model)
    if report is None:
        return
    for outcome in report.outcomes:
        if not outcome.passed:
            place = next(iter(model.decisions.values())).place
            remedy = "Correct the table or the example."
            yield Finding("error", "example", f'example "{outcome.example.name}": {outcome.problem}', remedy, place)
    for identifier, numbers in report.uncovered.items():
        logic = model.decisions[identifier].table
        for number in numbers if logic is not None else ():
            assert logic is not None
            place = logic.rules[number - 1].place
            message = f"no example reaches rule {number}"
            yield Finding("warning", "coverage", message, "Add an example that does.", place, rules=(number,))


def report_of(file: Path, model: DmnModel) -> ExampleReport | None:
    examples = file.parent / "cases" / f"{file.stem}.yaml"
    if not examples.is_file():
        return None
    return run_examples(model, load_examples(examples.read_bytes(), str(examples)))


@rules.command()
@click.argument("files", type=FILE, nargs=-1)
@json_option
@refusing
def test(files: tuple[Path, ...], json_: bool) -> None:
    """Run the examples in cases/NAME.yaml beside each NAME.dmn, and report which rules they reach.

    Without FILES the tables that the product ships. Of several files only the examples that fail are listed.
    """
    rows, failed, data = [], False, []
    for file in chosen(files):
        report = report_of(file, load(file))
        if report is None:
            raise click.ClickException(f"{file}: there are no examples; write {file.parent / 'cases' / file.stem}.yaml")
        failed |= not report.passed
        data.append({"file": str(file), **_report(report)})
        rows += [
            (file.name, outcome.example.name, "passed" if outcome.passed else "FAILED", outcome.problem)
            for outcome in report.outcomes
            if len(chosen(files)) == 1 or not outcome.passed
        ]
        passed = sum(outcome.passed for outcome in report.outcomes)
        rows.append((file.name, "all examples", "", f"{passed} of {len(report.outcomes)} passed"))
        rows += [
            (
                file.name,
                f"rules of {name}",
                "coverage",
                f"{len(hit)} of {len(hit) + len(report.uncovered[name])} reached"
                + (f"; never: {', '.join(map(str, report.uncovered[name]))}" if report.uncovered[name] else ""),
            )
            for name, hit in report.covered.items()
        ]
    put(data, table(rows, ("file", "example", "", "what")), json_)
    if failed:
        raise SystemExit(1)


@rules.command("fmt-csv")
@click.argument("file", type=FILE)
@decision_option
@click.option("--back", type=FILE, help="Read the rules from this CSV and print the DMN file with them.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of to the screen.")
@refusing
def fmt_csv(file: Path, decision: str | None, back: Path | None, out: Path | None) -> None:
    """The rules of a table as CSV for a spreadsheet; with --back, the CSV into the table again."""
    data = file.read_bytes()
    if back is None:
        made = to_csv(data, decision, name=str(file)).encode()
    else:
        made = from_csv(data, back.read_text(encoding="utf-8-sig"), decision, name=str(file))
        read_model(made, name=str(out or file), imports=None) if b"<import" not in made else None
    if out is None:
        click.echo(made.decode(), nl=False)
    else:
        out.write_bytes(made)


def _cell(value: Value) -> str:
    return value if isinstance(value, str) else render(value)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
        "place": str(finding.place),
        "line": finding.place.line,
        "rules": list(finding.rules),
        "counter_example": plain(dict(finding.counter_example)) if finding.counter_example else None,
    }


def _report(report: ExampleReport) -> dict[str, Any]:
    return {
        "passed": report.passed,
        "examples": [
            {"name": one.example.name, "passed": one.passed, "problem": one.problem, "rules": list(one.matched)}
            for one in report.outcomes
        ],
        "uncovered": {name: list(numbers) for name, numbers in report.uncovered.items()},
    }
