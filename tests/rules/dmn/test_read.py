"""Reading files of every DMN version; what is not understood is refused with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schuldhulp.rules.dmn import DmnErrors, Finding, WorkExceeded, decide, read_model
from schuldhulp.rules.dmn.read.schema import NAMESPACES
from tests.rules.dmn.build import decision, input_data, item, literal, model, table


def refused(data: bytes) -> list[Finding]:
    with pytest.raises(DmnErrors) as caught:
        read_model(data, name="fout.dmn")
    return list(caught.value.findings)


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_reads_with_any_prefix(namespace: str) -> None:
    data = f"""<x:definitions xmlns:x="{namespace}" xmlns:feel="http://www.omg.org/spec/FEEL/20140401" name="m"
      namespace="urn:m"><x:inputData id="a" name="a"><x:variable name="a" typeRef="feel:number"/></x:inputData>
      <x:decision id="d" name="d"><x:variable name="d"/>
      <x:informationRequirement><x:requiredInput href="#a"/></x:informationRequirement>
      <x:literalExpression><x:text>a + 1</x:text></x:literalExpression></x:decision></x:definitions>"""
    assert decide(read_model(data.encode(), name="m.dmn"), "d", {"a": 2}).outputs == Decimal(3)


@pytest.mark.parametrize(
    ("element", "code", "words"),
    [
        (decision("d", "<literalExpresion/>"), "element", "did you mean literalExpression?"),
        ('<decision id="d" name="d" colour="red"/>', "attribute", "'colour'"),
        (decision("d", table(["1"], ["u"], [["1", "2"]], policy="FRIST")), "hit-policy", "did you mean FIRST?"),
        (decision("d", table(["1"], ["u"], [["1"]])), "row-length", "0 output entries for 1 output columns"),
        (decision("d", table(["1"], ["u"], [], policy="FIRST", aggregation="SUM")), "aggregation", "COLLECT"),
        (decision("d", table(["1"], ["u"], [["1", "2"]], policy="PRIORITY")), "priorities", "no output lists them"),
        (decision("d", literal("1")) * 2, "twice", "'d'"),
        (decision("d", literal("1"), decisions=["d"]), "cycle", "needs itself"),
        ('<import name="x" namespace="urn:x" importType="http://www.dmg.org/PMML-4_3"/>', "import-type", "PMML"),
        (f'<import name="x" namespace="urn:x" importType="{next(iter(NAMESPACES))}"/>', "import", "not at hand"),
        (item("lus", "lus"), "type", "made of itself"),
        (decision("d", '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'), "language",
         "python"),
        (decision("d", '<functionDefinition kind="PMML"/>'), "function-kind", "PMML"),
        (decision("d", "<conditional><if><literalExpression><text>true</text></literalExpression></if></conditional>"),
         "part", "no <then>"),
    ],
)
def test_what_is_not_understood_is_refused_with_element_line_and_remedy(element: str, code: str, words: str) -> None:
    found = [finding for finding in refused(model(element)) if finding.code == code]
    assert any(words in finding.message for finding in found), found
    assert all(finding.place.line and finding.place.element and finding.remedy for finding in found)


def test_a_file_that_is_no_dmn_or_no_xml_is_refused() -> None:
    assert refused(b"<definitions/>")[0].code == "not-dmn"
    assert refused(b"<definitions>")[0].code == "xml"
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "DOCTYPE" in refused(bomb)[0].message


def test_extensions_and_drawings_of_modelers_are_let_through() -> None:
    data = model(
        '<extensionElements><tool xmlns="urn:tool"><deep/></tool></extensionElements>',
        decision("d", literal("1")),
        '<DMNDI xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"><DMNDiagram/></DMNDI>',
    )
    assert decide(read_model(data, name="m.dmn"), "d", {}).outputs == Decimal(1)


BKM = """<businessKnowledgeModel id="b" name="rente"><variable name="rente"/><encapsulatedLogic>
  <formalParameter name="bedrag" typeRef="number"/><formalParameter name="jaren" typeRef="number"/>
  <literalExpression><text>bedrag * jaren / 100</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""


def test_a_knowledge_model_is_called_by_text_and_by_a_boxed_invocation() -> None:
    boxed = """<invocation><literalExpression><text>rente</text></literalExpression>
      <binding><parameter name="jaren"/><literalExpression><text>2</text></literalExpression></binding>
      <binding><parameter name="bedrag"/><literalExpression><text>500</text></literalExpression></binding></invocation>"""
    both = read_model(
        model(BKM, decision("d", literal("rente(500, 2)"), knowledge=["b"]), decision("e", boxed, knowledge=["b"])),
        name="m.dmn",
    )
    assert decide(both, "d", {}).outputs == decide(both, "e", {}).outputs == Decimal(10)


def test_a_knowledge_model_may_call_itself_within_the_limits() -> None:
    data = model(
        '<businessKnowledgeModel id="f" name="fac"><variable name="fac"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>'
        "<literalExpression><text>if n &lt; 2 then 1 else n * fac(n - 1)</text></literalExpression>"
        "</encapsulatedLogic></businessKnowledgeModel>",
        decision("d", literal("fac(5)"), knowledge=["f"]),
        decision("e", literal("fac(100000)"), knowledge=["f"]),
    )
    recursive = read_model(data, name="m.dmn")
    assert decide(recursive, "d", {}).outputs == Decimal(120)
    with pytest.raises(WorkExceeded, match='knowledge model "fac"'):
        decide(recursive, "e", {}, strict=False)


def test_a_service_takes_input_data_then_decisions_and_shuts_out_the_rest() -> None:
    data = model(
        input_data("x", "number"),
        decision("basis", literal("x * 2"), inputs=["x"]),
        decision("uit", literal("basis + x"), inputs=["x"], decisions=["basis"]),
        '<decisionService id="s" name="dienst"><variable name="dienst"/><outputDecision href="#uit"/>'
        '<inputDecision href="#basis"/><inputData href="#i_x"/></decisionService>',
        decision("d", literal("dienst(1, 10)"), knowledge=["s"]),
    )
    served = read_model(data, name="m.dmn")
    assert decide(served, "d", {}).outputs == Decimal(11)
    assert decide(served, "s", {"x": 3, "basis": 4}).outputs == Decimal(7)
    assert decide(served, "uit", {"x": 3}).outputs == Decimal(9)


def test_imported_types_functions_and_decisions_are_reached_below_the_name_of_the_import() -> None:
    kind = next(iter(NAMESPACES))
    other = model(
        item("percentage", "number", "[0..100]"),
        BKM,
        input_data("jaar", "number"),
        decision("vorig jaar", literal("jaar - 1"), inputs=["jaar"]).replace('id="vorig jaar"', 'id="v"'),
        namespace="urn:other",
    )
    main = model(
        f'<import name="gedeeld" namespace="urn:other" importType="{kind}"/>',
        input_data("p", "gedeeld.percentage"),
        decision("d", literal("gedeeld.rente(p, gedeeld.vorig jaar)"), inputs=["p"]).replace(
            "<literalExpression>",
            '<informationRequirement><requiredDecision href="urn:other#v"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="urn:other#b"/></knowledgeRequirement><literalExpression>',
        ),
    )
    whole = read_model(main, name="m.dmn", imports={"urn:other": other}.__getitem__)
    assert decide(whole, "d", {"p": 50, "gedeeld": {"jaar": 3}}).outputs == Decimal(1)
    with pytest.raises(Exception, match="allowed"):
        decide(whole, "d", {"p": 101, "gedeeld": {"jaar": 3}})


def test_boxed_contexts_relations_lists_and_iterators() -> None:
    context = """<context>
      <contextEntry><variable name="lijst"/><list><literalExpression><text>1</text></literalExpression>
        <literalExpression><text>2</text></literalExpression><literalExpression><text>3</text></literalExpression></list>
      </contextEntry>
      <contextEntry><variable name="tabel"/><relation><column name="a"/><column name="b"/>
        <row><literalExpression><text>1</text></literalExpression><literalExpression><text>"x"</text></literalExpression>
        </row></relation></contextEntry>
      <contextEntry><variable name="dubbel"/><for iteratorVariable="n"><in><literalExpression><text>lijst</text>
        </literalExpression></in><return><literalExpression><text>n * 2</text></literalExpression></return></for>
      </contextEntry>
      <contextEntry><variable name="groot"/><filter><in><literalExpression><text>dubbel</text></literalExpression></in>
        <match><literalExpression><text>item &gt; 2</text></literalExpression></match></filter></contextEntry>
      <contextEntry><variable name="een"/><some iteratorVariable="n"><in><literalExpression><text>groot</text>
        </literalExpression></in><satisfies><literalExpression><text>n = 6</text></literalExpression></satisfies></some>
      </contextEntry>
      <contextEntry><variable name="alle"/><every iteratorVariable="n"><in><literalExpression><text>groot</text>
        </literalExpression></in><satisfies><literalExpression><text>n = 6</text></literalExpression></satisfies></every>
      </contextEntry>
      <contextEntry><literalExpression><text>[groot, tabel[1].b, een, alle]</text></literalExpression></contextEntry>
      </context>"""
    made = read_model(model(decision("d", context)), name="m.dmn")
    assert decide(made, "d", {}).outputs == [[Decimal(4), Decimal(6)], "x", True, False]
