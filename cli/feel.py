"""schuldhulp feel: try an expression, see its value and why a null is null."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from schuldhulp.cli.feel_context import context_options, given_context, plain
from schuldhulp.cli.say import CIVIL, fields, put
from schuldhulp.engine.case.functions import term_functions
from schuldhulp.rules.feel import (
    FeelError,
    WorkLimitExceeded,
    compile_expression,
    compile_unary_tests,
    free_names,
    kind,
    print_tree,
    render,
)
from schuldhulp.rules.terms import Calendar, Readings


@click.command()
@click.argument("expression")
@context_options
@click.option("--test", "tested", metavar="FEEL", help="Read EXPRESSION as a table's cell and test this value with it.")
@click.option("--limit", default=1_000_000, show_default=True, help="Steps of work allowed.")
@click.option("--tree", is_flag=True, help="Also print the expression as it was understood.")
@click.option("--json", "json_", is_flag=True, help="JSON for programs.")
def feel(
    expression: str,
    context: Path | None,
    set_: tuple[str, ...],
    tested: str | None,
    limit: int,
    tree: bool,
    json_: bool,
) -> None:
    """Evaluate a FEEL EXPRESSION with the values of --context and --set. Functions of terms are known: werkdagen na ...

    A null that comes from an error is printed with its reason and place; the exit code is then 1.
    """
    scope = given_context(context, set_)
    try:
        if tested is None:
            compiled = compile_expression(expression, scope, functions=term_functions(Calendar(), Readings()))
        else:
            scope["?"] = compile_expression(tested, scope).evaluate(scope).value
            compiled = compile_unary_tests(expression, scope)
        result = compiled.evaluate(scope, now=datetime.now(CIVIL), limit=limit)
    except WorkLimitExceeded as error:
        raise click.ClickException(f"{error}\nRaise --limit, or make the expression smaller.") from None
    except FeelError as error:
        raise click.ClickException(str(error)) from None
    for remark in result.remarks:
        click.echo(str(remark), err=True)
    used = sorted(free_names(compiled.tree) & set(scope))
    extra = {"understood as": print_tree(compiled.tree), **{f"  {name}": render(scope[name]) for name in used}}
    text = render(result.value)
    put(
        {
            "value": plain(result.value),
            "kind": kind(result.value),
            "remarks": [
                {"kind": remark.kind, "message": remark.message, "start": remark.start, "end": remark.end}
                for remark in result.remarks
            ],
        },
        f"{text}\n{fields(extra)}" if tree else text,
        json_,
    )
    if result.remarks and result.value is None:
        raise SystemExit(1)
