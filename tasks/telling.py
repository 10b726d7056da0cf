"""Facts as Dutch sentences, for the history of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.case.letters import RECEIPTS
from schuldhulp.engine.case.scope import load
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.definitions.deployment import DefinitionNotFound
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.paths import split
from schuldhulp.rules.dictionary import Dictionary, Entry
from schuldhulp.rules.feel import to_python
from schuldhulp.rules.terms import law
from schuldhulp.tasks.access import name_of
from schuldhulp.tasks.papers import size_in_words
from schuldhulp.tasks.saying import in_words, label_of, said

ERASED = "(gewist)"


def tell(engine: Engine, fact: f.Fact, before: Case, after: Case) -> str:
    """One sentence, without a full stop; empty for a fact that says nothing by itself."""
    function = _TELL.get(type(fact))
    return "" if function is None else function(engine, fact, before, after)


def _reason(fact: f.Fact) -> str:
    reason = f.sealed(fact).get("reason")
    return f", omdat: {reason}" if reason else ""


def _graph(engine: Engine, case: Case, instance: int | None) -> Graph | None:
    running = case.instances.get(instance) if instance is not None else None
    if running is None:
        return None
    try:
        return engine.deployment(running.deployment).graph(running.process)
    except DefinitionNotFound:
        return None


def _element(engine: Engine, case: Case, instance: int | None, element: str | None) -> str:
    graph = _graph(engine, case, instance)
    if graph is None or element is None or element not in graph.nodes:
        return element or ""
    return graph.nodes[element].name or element


def _module(engine: Engine, case: Case, instance: int | None) -> str:
    graph = _graph(engine, case, instance)
    if graph is None:
        return f"module {instance}"
    return next((value for name, value, _ in graph.properties if name == "title"), graph.name or graph.process)


def _advanced(engine: Engine, fact: f.Advanced, before: Case, after: Case) -> str:
    """Only what a reader cares for: the elements that were entered."""
    entered = [moved["element"] for moved in fact.facts if moved["fact"] == "entered"]
    names = dict.fromkeys(_element(engine, before, fact.instance, element) for element in entered)
    return f"{_module(engine, before, fact.instance)} ging verder: {', '.join(names)}" if names else ""


def _data(engine: Engine, fact: f.DataRecorded, before: Case, after: Case) -> str:
    if fact.why == "decision":  # the decision itself was told just before
        return ""
    return f"{data_word(fact)}: {'; '.join(changes(engine, fact))}"


def data_word(fact: f.DataRecorded) -> str:
    """What was done with the data."""
    return {"correction": "Verbeterd", "assignment": "Vastgelegd"}.get(fact.why, "Ingevuld")


def changes(engine: Engine, fact: f.DataRecorded) -> tuple[str, ...]:
    """What each datum became, and what it was."""
    dictionary = engine.deployment().dictionary
    changed = {path: change for part in fact.personal.values() for path, change in part.get("changes", {}).items()}
    return tuple(_change(dictionary, path, changed.get(path)) for path in fact.paths)


def _change(dictionary: Dictionary, path: str, change: list[Any] | None) -> str:
    key, item, name = split(path)
    entry = dictionary.entries.get(key)
    label = label_of(path, dictionary) if entry is None else entry.label
    if entry is not None and item is not None:
        label = f"{entry.label} {item}" + (f", {entry.item[name].label}" if name and name in entry.item else "")
    if change is None:
        return f"{label} {ERASED}"
    old, new = (_shown(dictionary, entry, item, name, value) for value in change)
    return f"{label}: {new or 'leeg'}" if old in ("", new) else f"{label}: {new or 'leeg'} (was {old})"


def _shown(dictionary: Dictionary, entry: Entry | None, item: str | None, name: str | None, raw: Any) -> str:
    if raw is None:
        return ""
    if entry is None:
        return in_words("", to_python(decode(raw)), dictionary)
    if item is not None:
        if name is not None:
            field = entry.item.get(name)
            return str(raw) if field is None else said(field, field.load(raw))
        return ", ".join(_shown(dictionary, entry, item, field, value) for field, value in raw.items() if value is not None)
    return said(entry, to_python(load(entry, raw)))


def _decision(engine: Engine, fact: f.DecisionTaken, before: Case, after: Case) -> str:
    kept = f.sealed(fact) or None
    outcome = ERASED if kept is None else _outcome(engine, to_python(decode(kept["outputs"])))
    rules = ", ".join(map(str, fact.matched))
    by = f" ({'regels' if len(fact.matched) > 1 else 'regel'} {rules})" if rules else ""
    return f"{_table(engine, fact.decision)}: {outcome}{by}"


def _table(engine: Engine, decision: str) -> str:
    """The name of a table with its id; the id alone when it is no longer in force."""
    try:
        found = engine.deployment().decision(decision).decisions.get(decision)
    except DefinitionNotFound:
        found = None
    return f"{found.name} ({decision})" if found is not None else f"Beslistabel {decision}"


def _outcome(engine: Engine, outputs: Any) -> str:
    return in_words("", outputs, engine.deployment().dictionary)


def _term(rule: str, on: Any) -> str:
    return law().rule(rule, on).name


def _day(value: date | None) -> str:
    return "nog niet bekend" if value is None else f"{value:%d-%m-%Y}"


def _task(case: Case, number: int) -> str:
    task = case.tasks.get(number)
    return task.name if task is not None else f"taak {number}"


def _noted(fact: f.RegisterNoted) -> str:
    if fact.holds is None:
        return f"Voorwaarde {fact.requirement} kon niet worden nagegaan: {fact.sentence}"
    return f"Voorwaarde {fact.requirement} {'is geregeld' if fact.holds else f'is niet geregeld: {fact.sentence}'}"


def _name(fact: f.DocumentAdded) -> str:
    told = next(iter(fact.personal.values()), {})
    return f"{told.get('name', ERASED)} ({size_in_words(fact.size)})"


_Tell = Callable[[Engine, Any, Case, Case], str]
_TELL: dict[type[f.Fact], _Tell] = {
    f.CaseOpened: lambda e, x, b, a: f"Zaak {x.number} geopend",
    f.CaseClosed: lambda e, x, b, a: "Zaak gesloten",
    f.InstanceStarted: lambda e, x, b, a: f"Begonnen: {_module(e, a, x.instance)}",
    f.InstanceEnded: lambda e, x, b, a: (
        f"Afgerond: {_module(e, b, x.instance)}" + ("" if x.how == "completed" else f" ({x.how})")
    ),
    f.InstanceSuspended: lambda e, x, b, a: f"Stilgelegd: {_module(e, a, x.instance)}{_reason(x)}",
    f.InstanceCancelled: lambda e, x, b, a: (
        f"Module afgebroken: {_module(e, b, x.instance)}{_reason(x)}"
        + (" (de termijnen vervallen mee)" if x.terms == "end" else "")
    ),
    f.InstanceMigrated: lambda e, x, b, a: f"Gaat verder met een nieuwe versie: {_module(e, a, x.instance)}",
    f.StimulusHeld: lambda e, x, b, a: f"Bewaard tot de module verdergaat: {_module(e, a, x.instance)}",
    f.InstanceResumed: lambda e, x, b, a: f"Hervat: {_module(e, a, x.instance)}",
    f.Advanced: _advanced,
    f.DataRecorded: _data,
    f.TaskOpened: lambda e, x, b, a: f"Taak open: {x.name}",
    f.TaskClaimed: lambda e, x, b, a: f"Opgepakt: {_task(a, x.task)}",
    f.TaskReleased: lambda e, x, b, a: f"Teruggelegd: {_task(a, x.task)}{_reason(x)}",
    f.TaskAssigned: lambda e, x, b, a: f"Toegewezen aan {name_of(e, x.account)}: {_task(a, x.task)}{_reason(x)}",
    f.TaskDeferred: lambda e, x, b, a: f"Uitgesteld tot {x.until:%d-%m-%Y}: {_task(a, x.task)}{_reason(x)}",
    f.TaskCompleted: lambda e, x, b, a: f"Afgerond: {_task(b, x.task)}",
    f.TaskSkipped: lambda e, x, b, a: f"Overgeslagen: {_task(b, x.task)}{_reason(x)}",
    f.TaskCancelled: lambda e, x, b, a: f"Vervallen: {_task(b, x.task)}",
    f.JumpedBack: lambda e, x, b, a: f"Terug van {_task(b, x.task)} naar {x.to}{_reason(x)}",
    f.DecisionTaken: _decision,
    f.DecisionOverridden: lambda e, x, b, a: f"Afgeweken van beslistabel {x.decision}{_reason(x)}",
    f.PreconditionPassed: lambda e, x, b, a: f"Doorgegaan ondanks waarschuwing {x.requirement}{_reason(x)}",
    f.RegisterNoted: lambda e, x, b, a: _noted(x),
    f.Tallied: lambda e, x, b, a: (
        f"{dutch.euro(Decimal(x.cents) / 100)} afgeschreven van {x.name.replace('_', ' ')} op {_day(x.on)}"
    ),
    f.TermStarted: lambda e, x, b, a: (
        f"Termijn loopt: {_term(x.rule, x.trigger)} ({x.article}), uiterlijk {x.ends:%d-%m-%Y}"
    ),
    f.TermMet: lambda e, x, b, a: (
        f"Termijn {'te laat ' if x.late else ''}gehaald: {_term(b.terms[x.term].rule, b.terms[x.term].trigger)}"
    ),
    f.TermMissed: lambda e, x, b, a: f"Termijn verstreken: {_term(b.terms[x.term].rule, b.terms[x.term].trigger)}",
    f.TermWarned: lambda e, x, b, a: f"Termijn bijna om: {_term(b.terms[x.term].rule, b.terms[x.term].trigger)}",
    f.TermSuspended: lambda e, x, b, a: f"Termijn opgeschort (Awb {x.ground}), nu uiterlijk {_day(x.ends)}{_reason(x)}",
    f.TermResumed: lambda e, x, b, a: f"Termijn loopt weer, uiterlijk {_day(x.ends)}",
    f.TermAdjourned: lambda e, x, b, a: f"Termijn verdaagd, nu uiterlijk {_day(x.ends)}{_reason(x)}",
    f.TermDelayTold: lambda e, x, b, a: f"Gemeld dat het later wordt (Awb 4:14), verwacht op {_day(x.expected)}",
    f.TermRecomputed: lambda e, x, b, a: f"Termijn opnieuw geteld, nu uiterlijk {_day(x.ends)}",
    f.TermCorrected: lambda e, x, b, a: f"Termijn opnieuw berekend, nu uiterlijk {_day(x.ends)}{_reason(x)}",
    f.TermCancelled: lambda e, x, b, a: (
        f"Termijn vervalt: {_term(b.terms[x.term].rule, b.terms[x.term].trigger)} ({x.why})"
    ),
    f.LetterMade: lambda e, x, b, a: f"Brief {x.letter} gemaakt",
    f.LetterSent: lambda e, x, b, a: f"Brief {b.documents[x.document].letter} verstuurd ({x.channel})",
    f.LetterFiled: lambda e, x, b, a: f"PDF van brief {x.document} in het dossier",
    f.LetterPrinted: lambda e, x, b, a: f"Brief {x.document} afgedrukt (postlijst {x.list:%d-%m-%Y}, nummer {x.place})",
    f.LetterReceipt: lambda e, x, b, a: f"Brief {x.document}: {RECEIPTS.get(x.what, x.what)} op {x.on:%d-%m-%Y}",
    f.DocumentAdded: lambda e, x, b, a: f"Document {x.document}: {_name(x)}",
    f.DocumentRemoved: lambda e, x, b, a: f"Document {x.document} weggehaald{_reason(x)}",
    f.HandedOver: lambda e, x, b, a: f"Overgedragen aan {x.module}" + ("" if x.to else " (module is hier niet)"),
    f.MessageSent: lambda e, x, b, a: f"Bericht {x.name} verstuurd",
    f.IncidentRaised: lambda e, x, b, a: (
        f"Storing bij {x.element}: {f.sealed(x).get('error', ERASED)}"
    ),
    f.IncidentResolved: lambda e, x, b, a: "Storing verholpen",
    f.SubjectErased: lambda e, x, b, a: f"Persoonsgegevens gewist ({x.basis})",
}
