"""Reading the rules costs little: whoever evaluates an expression does not load the libraries of others."""

import os
import subprocess
import sys

import pytest

HEAVY = {
    "elementpath", "regex", "lxml", "yaml", "sqlalchemy", "SpiffWorkflow", "cryptography", "jinja2", "starlette", "click",
    "holidays", "hypothesis",
}  # fmt: skip
OF_FEEL = "from schuldhulp.rules.feel import compile_expression; compile_expression('sum([1, 2]) > 1')({})"


@pytest.mark.parametrize(
    ("program", "allowed"),
    [
        ("import schuldhulp.rules", set()),
        ("import schuldhulp.rules.feel", set()),
        ("import schuldhulp.rules.dmn", set()),
        ("import schuldhulp.rules.terms", set()),
        (OF_FEEL, set()),
        ("from schuldhulp.rules.dmn import read_model, decide, evaluate, analyse", {"lxml"}),
    ],
)
def test_what_is_not_needed_is_not_loaded(program: str, allowed: set[str]) -> None:
    script = f"import sys\n{program}\nprint(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment()
    )
    assert set(done.stdout.split()) <= allowed


def test_the_rules_know_nothing_of_the_floors_above() -> None:
    script = (
        "import sys, schuldhulp.rules.dmn as dmn\n[getattr(dmn, name) for name in dmn.__all__]\n"
        "print(*sorted(n for n in sys.modules if n.startswith('schuldhulp.') and not n.startswith('schuldhulp.rules')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment()
    )
    assert done.stdout.split() == []


def _environment() -> dict[str, str]:

    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
