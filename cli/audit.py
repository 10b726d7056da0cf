"""For auditors: history, replay, proof, reasons, erasure."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import CIVIL, day, fields, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks import audit
from schuldhulp.tasks.access import look_into
from schuldhulp.tasks.dossier import held_then
from schuldhulp.tasks.saying import masked, said

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


@click.command()
@click.argument("case")
@click.option("--all", "everything", is_flag=True, help="Also facts that say nothing by themselves.")
@as_person
@json_option
@with_engine
def history(engine: Engine, case: str, everything: bool, login: str, role: str | None, json_: bool) -> None:
    """What happened in a case, oldest first: when, who, what."""
    look_into(engine, person(engine, login), case, "geschiedenis bekijken")
    found = [one for one in audit.history(engine, case) if one.text or everything]
    rows = [(one.sequence, day(one.at), one.who, one.role, one.text or one.kind) for one in found]
    put([one.plain() for one in found], table(rows, ("nr", "when", "who", "role", "what")), json_)


@click.command()
@click.argument("case")
@click.option("--at", type=click.DateTime(MOMENTS), help="The case as it was at this moment (2026-03-17T12:00).")
@as_person
@json_option
@with_engine
def replay(engine: Engine, case: str, at: datetime | None, login: str, role: str | None, json_: bool) -> None:
    """Rebuild a case from its facts alone, as it was at a moment: open tasks, running terms, where the tokens are."""
    look_into(engine, person(engine, login), case, "terugspelen")
    moment = at.replace(tzinfo=CIVIL) if at is not None else engine.clock()
    then = audit.case_at(engine, case, moment)
    tasks = [(t.task, t.name, ", ".join(t.roles), day(t.opened_at)) for t in then.tasks.values()]
    terms = [(t.rule, day(t.trigger), day(t.ends)) for t in then.terms.values()]
    tokens = [(i.instance, i.module, ", ".join(dict.fromkeys(i.tokens.values()))) for i in then.instances.values()]
    data = {held.entry.label: said(held.entry, held.value) for held in held_then(engine, then)}
    secret = {held.entry.key for held in held_then(engine, then) if held.entry.type is Type.BSN}
    bare = {key: masked(str(value)) if key in secret else value for key, value in then.data.items()}
    plain = {"sequence": then.sequence, "tasks": tasks, "terms": terms, "modules": tokens, "data": bare}
    parts = [f"Case {case} on {day(moment)}: {then.sequence} facts"]
    for title, rows, head in (
        ("Modules", tokens, ("nr", "module", "at")),
        ("Open tasks", tasks, ("task", "name", "for", "since")),
        ("Terms", terms, ("rule", "from", "last day")),
    ):
        if rows:
            parts.append(f"{title}\n{table(rows, head)}")
    if data:
        parts.append("File\n" + fields(data))
    put(plain, "\n\n".join(parts), json_)


@click.command()
@click.argument("case", required=False)
@click.option("--all", "everything", is_flag=True, help="Every case, and the streams of deployments and accounts.")
@json_option
@with_engine
def verify(engine: Engine, case: str | None, everything: bool, json_: bool) -> None:
    """Prove that nothing was changed: the chain, the lists, and every decision taken again. Exit code 1 on a difference."""
    if (case is None) == (not everything):
        raise click.UsageError("Name a CASE, or say --all.")
    results = list(engine.verify_all()) if everything else [(f"case/{case}", engine.verify(str(case)))]
    lines = [f"{stream}: {one}{' (explained)' if one.note else ''}" for stream, found in results for one in found]
    wrong = sum(not one.note for _, found in results for one in found)
    facts = f"{len(results)} streams verified: chain, lists and decisions"
    verdict = f"{facts}; no difference." if not wrong else f"{facts}; {wrong} differences."
    plain = [
        {"stream": s, "level": o.level, "fact": o.sequence, "what": o.message, "note": o.note}
        for s, f in results
        for o in f
    ]
    put(plain, "\n".join([*lines, verdict]), json_)
    if wrong:
        sys.exit(1)


@click.command()
@click.argument("case")
@click.option("--dutch", is_flag=True, help="The reasons in plain Dutch.")
@as_person
@json_option
@with_engine
def decisions(engine: Engine, case: str, dutch: bool, login: str, role: str | None, json_: bool) -> None:
    """Every decision that a table took in a case, with inputs, matched rules and why."""
    look_into(engine, person(engine, login), case, "beslissingen bekijken")
    dictionary = engine.deployment().dictionary
    found = audit.decisions(engine, case)
    texts = [f"{day(d.at)}  {d.decision}\n{d.dutch(dictionary) if dutch else d.text()}" for d in found]
    plain = [
        {
            "at": d.at,
            "decision": d.decision,
            "inputs": dict(d.inputs),
            "outputs": d.outputs,
            "rules": d.matched,
            "hash": d.hash,
        }
        for d in found
    ]
    put(plain, "\n\n".join(texts) or "No decisions yet.", json_)


@click.command()
@click.argument("case")
@click.argument("subject")
@click.option("--basis", required=True, help="The ground, such as the retention rule.")
@click.confirmation_option(prompt="Personal data that are erased can never be read again. Erase?")
@as_person
@with_engine
def erase(engine: Engine, case: str, subject: str, basis: str, login: str, role: str | None) -> None:
    """Destroy the data key of SUBJECT ("client:dossier") in a case; the chain still verifies."""
    engine.erase(case, (subject,), basis, actor(engine, login, role, ("privacy_officer",)))
    click.echo(f"Case {case}: {subject} was erased.")
