"""Everything that is wrong with a set of definitions, at once (C-E05): what deploy refuses and what it warns of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from schuldhulp.engine.bpmn.check import CheckContext, check
from schuldhulp.engine.bpmn.check.feel import feel_check
from schuldhulp.engine.bpmn.graph import Finding, Graph, Model, Place, Severity
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.definitions import law_settings
from schuldhulp.engine.definitions.deployment import DICTIONARY, PARAMETERS, Deployment, NotDeployable, of_dmn
from schuldhulp.engine.definitions.forms import load_form
from schuldhulp.engine.definitions.letters import load_letter
from schuldhulp.engine.definitions.organisation import ORGANISATION
from schuldhulp.engine.definitions.parameters import Parameters, ParametersError
from schuldhulp.engine.definitions.table_types import parameter_findings, type_findings, wiring
from schuldhulp.engine.definitions.term_limits import limit_findings
from schuldhulp.rules.dictionary import Dictionary, DictionaryError
from schuldhulp.rules.dmn import (
    DmnErrors,
    DmnModel,
    Example,
    ExampleError,
    analyse,
    load_examples,
    read_model,
    required_inputs,
    run_examples,
)
from schuldhulp.rules.feel import (
    FeelError,
    Function,
    compile_expression,
    compile_unary_tests,
    did_you_mean,
    feel_value,
    refuse_foreign,
)
from schuldhulp.rules.terms import Calendar, Readings, feel_functions, law
from schuldhulp.rules.xml import parse


def _signatures() -> dict[str, Function]:
    """The engine's own functions by name, for the check of expressions; they are never called here."""
    terms = {name: tuple(known[0]) for name, known in feel_functions(Calendar(), Readings()).items()}
    own = {"beslistabel": ("tabel", "invoer"), "einde termijn": ("regel",), "geteld": ("naam", "van", "tot")}
    return {name: Function.of(lambda *_: None, parameters, name=name) for name, parameters in {**terms, **own}.items()}


_FUNCTIONS = _signatures()
OWN_NAMES = ("p", "zaak", "herkomst", "uitvoerder", "rol", "loopCounter")


def check_files(files: Mapping[str, bytes], roles: tuple[str, ...] | None = None) -> tuple[Finding, ...]:
    """Every finding over all *files*, errors first. No finding of severity error means: may be deployed."""
    deployment = Deployment(dict(files))
    findings: list[Finding] = []
    dictionary = _dictionary(deployment, findings)
    _parameters(deployment, findings)
    models = _tables(deployment, findings)
    _examples(deployment, models, findings)
    findings += _forms(files, dictionary)
    findings += _letters(files)
    findings += _processes(files, deployment, dictionary, models, roles)
    return tuple(sorted(findings, key=lambda one: (one.severity is not Severity.ERROR, str(one.place), one.place.line)))


def _dictionary(deployment: Deployment, findings: list[Finding]) -> Dictionary | None:
    try:
        dictionary = deployment.dictionary
    except (DictionaryError, KeyError) as error:
        problems = error.problems if isinstance(error, DictionaryError) else ("there is no data dictionary",)
        findings += [_error("dictionary", text, "Mend it in the data dictionary.", DICTIONARY) for text in problems]
        return None
    judge = feel_check(_FUNCTIONS)
    for entry in dictionary.derived().values():
        wrong = judge(entry.derived or "", {*dictionary, *OWN_NAMES})
        if wrong is not None:
            findings.append(_error("derived", f"{entry.key}: {wrong}", "Mend `derived`.", DICTIONARY))
    return dictionary


def _parameters(deployment: Deployment, findings: list[Finding]) -> None:
    if not _organisation(deployment, findings):
        return
    try:
        _ = deployment.parameters
    except (ParametersError, KeyError) as error:
        problems = error.problems if isinstance(error, ParametersError) else ("there are no parameters",)
        findings += [_error("parameters", text, "Mend it in the parameters file.", PARAMETERS) for text in problems]
    for settle in (law_settings.readings_of, law_settings.calendar_of):
        try:
            settle(deployment.files)
        except ParametersError as error:
            findings += [
                _error("law-settings", text, f"Mend it in {error.file}.", error.file) for text in error.problems
            ]


def _organisation(deployment: Deployment, findings: list[Finding]) -> bool:
    """Whether organisation.yaml can be read; it names modules that are there."""
    try:
        found = deployment.organisation
    except ParametersError as error:
        findings += [_error("organisation", text, f"Mend it in {ORGANISATION}.", ORGANISATION) for text in error.problems]
        return False
    modules = {key for key, graph in deployment.read_processes[0].items() if any(p[0] == "title" for p in graph.properties)}
    for key in sorted(found.known - modules):
        text = f"modules: there is no module {key!r} here{did_you_mean(key, modules) or '.'}"
        named = ", ".join(sorted(one for one in modules if "_" not in one))
        findings.append(_warning("organisation", text, f"Name one of {named}.", ORGANISATION))
    if found.logo is not None and f"{found.logo}@local" not in deployment.files:
        findings.append(_error("organisation", f"thema: there is no {found.logo}.", "Add the file.", ORGANISATION))
    return True


def _tables(deployment: Deployment, findings: list[Finding]) -> dict[str, DmnModel]:
    """Models by decision; each table is analysed for gaps and overlaps."""
    models: dict[str, DmnModel] = {}
    parameters = _parameter_values(deployment)
    for path, data in deployment.files.items():
        if not (path.startswith("rules/tables/") and path.endswith(".dmn")):
            continue
        try:
            model = read_model(data, name=path)
        except DmnErrors as error:
            findings += [of_dmn(finding) for finding in error.findings]
            continue
        for decision in model.decisions:
            if decision in models:
                text = f"decision {decision} stands in two files."
                findings.append(_error("decision-twice", text, "Give one of the two another id.", path))
            models[decision] = model
            given = {"p": parameters} if parameters and needs_parameters(model) else None
            findings += [of_dmn(finding) for finding in analyse(model, decision, given=given)]
        if parameters is not None:
            findings += parameter_findings(path, data, parameters.keys())
        findings += _foreign_texts(path, data)
    return models


def _foreign_texts(path: str, data: bytes) -> Iterator[Finding]:
    """Texts of a table that can be read as FEEL but are of another language."""
    for element in parse(data, name=path).iter("{*}text"):
        text = element.text or ""
        for read_text in (compile_expression, compile_unary_tests):
            try:
                compiled = read_text(text)
            except FeelError:  # the reader of tables has said so already, with its place
                continue
            try:
                refuse_foreign(compiled)
            except FeelError as error:
                line = element.sourceline
                place = Place(path, line if isinstance(line, int) else 1)
                yield Finding(Severity.ERROR, "expression-wrong", str(error), "Correct it.", place)
            break


def _examples(deployment: Deployment, models: Mapping[str, DmnModel], findings: list[Finding]) -> None:
    """Every example beside a table must come out; a rule that no example reaches is a warning."""
    for path, data in deployment.files.items():
        if not path.startswith("rules/tables/cases/"):
            continue
        decision = path.removeprefix("rules/tables/cases/").removesuffix(".yaml")
        model = models.get(decision)
        if model is None:
            findings.append(
                _warning("examples", f"there is no table {decision} for these examples.", "Remove them.", path)
            )
            continue
        try:
            examples = load_examples(data, path)
        except ExampleError as error:
            findings.append(_error("examples", str(error), "Mend the example.", path))
            continue
        report = run_examples(model, [_with_parameters(example, model, deployment) for example in examples])
        for outcome in report.outcomes:
            if not outcome.passed:
                text = f"example {outcome.example.name!r}: {outcome.problem}"
                findings.append(_error("example", text, "Mend the table, or the example.", path))
        for table, rules in report.uncovered.items():
            for rule in rules:
                text = f"no example reaches rule {rule} of {table}."
                findings.append(_warning("coverage", text, "Add an example that does.", path))


def _with_parameters(example: Example, model: DmnModel, deployment: Deployment) -> Example:
    """An example that gives no parameters gets those that ship; what only the organisation asks is not known in examples that
    say nothing of it."""
    given = {**dict.fromkeys(_own_inputs(model, deployment)), **example.given}
    if "p" not in given and needs_parameters(model):
        given["p"] = feel_value(dict(_values_of(deployment)))
    return replace(example, given=given)


def _own_inputs(model: DmnModel, deployment: Deployment) -> list[str]:
    try:
        own = deployment.own_keys
    except (DictionaryError, KeyError):  # a finding by itself
        return []
    return [one.name for decision in model.decisions for one in required_inputs(model, decision) if one.name in own]


def needs_parameters(model: DmnModel) -> bool:
    return any(needed.name == "p" for decision in model.decisions for needed in required_inputs(model, decision))


def _parameter_values(deployment: Deployment) -> Mapping[str, object] | None:
    """The parameters as they stand, None when the file cannot be read, which is a finding by itself."""
    try:
        return _values_of(deployment)
    except (ParametersError, KeyError):
        return None


def _values_of(deployment: Deployment) -> Mapping[str, object]:
    """The newest value of each parameter, for the examples."""
    return {p.key: feel_value(p.value) for p in sorted(deployment.parameters.values, key=lambda p: p.valid_from)}


def _forms(files: Mapping[str, bytes], dictionary: Dictionary | None) -> Iterator[Finding]:
    for path, data in files.items():
        if path.startswith("tasks/forms/"):
            yield from load_form(data, name=path, dictionary=dictionary)[1]


def _letters(files: Mapping[str, bytes]) -> Iterator[Finding]:
    for path, data in files.items():
        if path.startswith("tasks/letters/"):
            yield from load_letter(data, name=path)[1]


def _processes(
    files: Mapping[str, bytes],
    deployment: Deployment,
    dictionary: Dictionary | None,
    models: Mapping[str, DmnModel],
    roles: tuple[str, ...] | None,
) -> Iterator[Finding]:
    read_models: list[Model] = []
    for path, data in files.items():
        if path.startswith("processes/") and path.endswith(".bpmn"):
            model, found = read(data, file=path)
            yield from found
            if model is not None:
                read_models.append(model)
    context = _context(files, dictionary, models, _graphs(read_models), roles)
    for model in read_models:
        yield from check(model, context)
    yield from limit_findings(_graphs(read_models).values(), _dated(deployment))
    if dictionary is not None:
        wired = wiring(_graphs(read_models).values(), models, dictionary)
        for table in {id(one): one for one in models.values()}.values():
            yield from type_findings(table.name, table, dictionary, wired)


def _dated(deployment: Deployment) -> Parameters | None:
    """The parameters with their days, None when they cannot be read, which is a finding by itself."""
    try:
        return deployment.parameters
    except (ParametersError, KeyError):
        return None


def _graphs(models: list[Model]) -> dict[str, Graph]:
    return {key: graph for model in models for key, graph in model.graphs.items()}


def _context(
    files: Mapping[str, bytes],
    dictionary: Dictionary | None,
    models: Mapping[str, DmnModel],
    graphs: Mapping[str, Graph],
    roles: tuple[str, ...] | None,
) -> CheckContext:
    def keys(prefix: str, suffix: str) -> list[str]:
        found = [path for path in files if path.startswith(prefix) and path.endswith(suffix)]
        return [path.removeprefix(prefix).removesuffix(suffix) for path in found]

    off = _switched_off(files)
    inputs = {decision: [i.name for i in required_inputs(model, decision)] for decision, model in models.items()}
    return CheckContext(
        feel=feel_check(_FUNCTIONS),
        names=None if dictionary is None else {*dictionary, *OWN_NAMES},
        forms=keys("tasks/forms/", ".form"),
        decisions=inputs,
        processes=[key for key in graphs if key not in off],
        roles=roles,
        terms=sorted({rule.id for rule in law().rules}),
        letters=keys("tasks/letters/", ".md.j2"),
    )


def _switched_off(files: Mapping[str, bytes]) -> frozenset[str]:
    try:
        return Deployment(files).organisation.off
    except ParametersError:  # a finding of its own
        return frozenset()


def _error(code: str, message: str, remedy: str, path: str) -> Finding:
    return Finding(Severity.ERROR, code, message, remedy, Place(path, 1))


def _warning(code: str, message: str, remedy: str, path: str) -> Finding:
    return Finding(Severity.WARNING, code, message, remedy, Place(path, 1))


__all__ = ["NotDeployable", "check_files"]
