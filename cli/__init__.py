"""The command line: one command per use case."""

from __future__ import annotations

import importlib
import sys

import click

from schuldhulp.cli.say import explain_error

COMMANDS = {
    "open": "schuldhulp.cli.cases:open_",
    "cases": "schuldhulp.cli.cases:cases",
    "case": "schuldhulp.cli.cases:case",
    "start": "schuldhulp.cli.cases:start",
    "inbox": "schuldhulp.cli.inbox:inbox",
    "task": "schuldhulp.cli.inbox:task",
    "claim": "schuldhulp.cli.inbox:claim",
    "release": "schuldhulp.cli.inbox:release",
    "assign": "schuldhulp.cli.inbox:assign",
    "defer": "schuldhulp.cli.inbox:defer",
    "cover": "schuldhulp.cli.cover:cover",
    "group": "schuldhulp.cli.group:group",
    "reassign": "schuldhulp.cli.cover:reassign",
    "complete": "schuldhulp.cli.inbox:complete",
    "skip": "schuldhulp.cli.inbox:skip",
    "back": "schuldhulp.cli.inbox:back",
    "import": "schuldhulp.cli.imports:import_",
    "inventory": "schuldhulp.cli.inventory:inventory",
    "document": "schuldhulp.cli.documents:document",
    "letter": "schuldhulp.cli.letters:letter",
    "letters": "schuldhulp.cli.letters:letters",
    "message": "schuldhulp.cli.world:message",
    "tick": "schuldhulp.cli.world:tick",
    "correct": "schuldhulp.cli.world:correct",
    "incidents": "schuldhulp.cli.operations:incidents",
    "retry": "schuldhulp.cli.operations:retry",
    "suspend": "schuldhulp.cli.operations:suspend",
    "resume": "schuldhulp.cli.operations:resume",
    "cancel": "schuldhulp.cli.operations:cancel",
    "jobs": "schuldhulp.cli.jobs:jobs",
    "migrate": "schuldhulp.cli.migrate:migrate",
    "history": "schuldhulp.cli.audit:history",
    "replay": "schuldhulp.cli.audit:replay",
    "verify": "schuldhulp.cli.audit:verify",
    "decisions": "schuldhulp.cli.audit:decisions",
    "erase": "schuldhulp.cli.audit:erase",
    "check": "schuldhulp.cli.design:check",
    "deploy": "schuldhulp.cli.design:deploy",
    "deployments": "schuldhulp.cli.design:deployments",
    "scenario": "schuldhulp.cli.design:scenario",
    "init": "schuldhulp.cli.organisation:init",
    "take": "schuldhulp.cli.organisation:take_",
    "diff": "schuldhulp.cli.organisation:diff",
    "variants": "schuldhulp.cli.organisation:variants",
    "registers": "schuldhulp.cli.organisation:registers",
    "accounts": "schuldhulp.cli.accounts:accounts",
    "token": "schuldhulp.cli.tokens:token",
    "serve": "schuldhulp.cli.serving:serve",
    "work": "schuldhulp.cli.serving:work",
    "upgrade": "schuldhulp.cli.serving:upgrade",
    "demo": "schuldhulp.cli.serving:demo",
    "rules": "schuldhulp.cli.rules:rules",
    "feel": "schuldhulp.cli.feel:feel",
    "terms": "schuldhulp.cli.terms:terms",
    "term": "schuldhulp.cli.term:term",
    "overview": "schuldhulp.cli.overview:overview",
    "calendar": "schuldhulp.cli.overview:calendar",
    "figures": "schuldhulp.cli.figures:figures",
    "threats": "schuldhulp.cli.figures:threats",
    "gaps": "schuldhulp.cli.figures:gaps",
}


class Commands(click.Group):
    """Commands are imported when they are asked for, so that a small one starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = _close(args[0])
            if close is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close}?", ctx) from error


def _close(word: str) -> str | None:
    import difflib

    found = difflib.get_close_matches(word, COMMANDS, n=1)
    return found[0] if found else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="schuldhulp")
def cli() -> None:
    """Schuldhulp: debt counselling as executable processes, decision tables and statutory terms."""


def main() -> None:
    """Entry point. Errors that the product knows are said in a sentence or two, with exit code 1; never a traceback."""
    try:
        code = cli(standalone_mode=False)  # what a command gave to ctx.exit comes back as the result
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        said = explain_error(error)
        if said is None:
            raise
        click.echo(said, err=True)
        sys.exit(1)
