"""The chain from a report to a last day, D01 to D02 to D22, as one set: the inputs of the first table, the results of all."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import pytest

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.rules.dmn import evaluate
from schuldhulp.rules.feel import to_python
from schuldhulp.rules.terms import Calendar, Readings, compute, law

DEPLOYMENT = Deployment(read_files())
RULES = {"verzoek_bedreigend": "wgs-4-2", "verzoek_regulier": "wgs-4-1-a"}
CHAIN = """
2026-03-16 ontruiming             - 10 - schuldhulp    x - crisis   crisis           verzoek_bedreigend 2026-03-19 geen
2026-04-02 afsluiting_water       - 5  x schuldhulp    x - crisis   crisis           verzoek_bedreigend 2026-04-09 geen
2026-08-03 gijzeling              - 20 - schuldhulp    x - crisis   crisis           verzoek_regulier   2026-08-31 2026-08-06
2026-05-12 beslag_loon_of_bank    - ?  - eenvoudig     x - spoed    intake           verzoek_regulier   2026-06-09 2026-05-19
2026-06-01 executieverkoop_woning - 90 x schuldhulp    x - spoed    intake           verzoek_regulier   2026-06-29 2026-06-08
2026-06-01 executieverkoop_woning - 90 - schuldhulp    x - spoed    intake           verzoek_regulier   2026-06-29 2026-06-15
2026-04-07 geen                   - ?  - schuldhulp    - - regulier intake           verzoek_regulier   2026-05-06 geen
2026-07-01 geen                   - ?  - eenvoudig     - - regulier direct_antwoord  geen               geen       geen
2026-07-01 geen                   - ?  x buiten_aanbod - x regulier terugverwijzing  geen               geen       geen
"""


def decided(table: str, **inputs: Any) -> Any:
    given = {**inputs, "p": DEPLOYMENT.feel_parameters(date(2026, 6, 1))}
    return to_python(evaluate(DEPLOYMENT.decision(table), table, given))


@pytest.mark.shows("C-E10")
@pytest.mark.parametrize("row", CHAIN.strip().splitlines())
def test_a_report_goes_through_the_chain_to_its_last_day_and_its_own_target(row: str) -> None:
    asked, threat, need, days, children, question, debts, colleague, urgency, way, event, legal, target = row.split()
    on, calendar = date.fromisoformat(asked), Calendar()

    first = decided(
        "D01",
        dreiging=threat,
        acute_nood=need == "x",
        dagen_tot_uitvoering=None if days == "?" else int(days),
        minderjarige_kinderen=children == "x",
    )
    second = decided(
        "D02", urgentie=first["urgentie"], vraagtype=question, schulden_genoemd=debts == "x", via_collega=colleague == "x"
    )

    assert (first["urgentie"], second["route"]) == (urgency, way)
    if not second["wgs_verzoek"]:
        assert (event, legal, target) == ("geen", "geen", "geen")
        return
    begun = "verzoek_bedreigend" if first["bedreigende_situatie"] else "verzoek_regulier"
    assert begun == event
    third = decided("D22", gebeurtenis=begun)
    rule = law().rule(RULES[begun], on)
    assert f"{third['aantal']}{third['eenheid']}" == ("3wd" if begun == "verzoek_bedreigend" else "4w")
    assert compute(rule, on, calendar=calendar, readings=Readings()).ends == date.fromisoformat(legal)
    own = 3 if first["termijn"] == "3wd" and begun == "verzoek_regulier" else first["streef_wd"]
    assert (str(next(islice(calendar.working_days_after(on), int(own) - 1, None))) if own else "geen") == target
