"""What made households have told: the facts that the schemes of the made country ask for."""

from __future__ import annotations

import random
from typing import Any, Final

_TOLD_SHARE: Final = 0.6
SUMS_TOLD: Final = frozenset({"average_wage", "patient_paid", "net_wage", "requested"})


def made_facts(dice: random.Random) -> dict[str, Any]:
    """Make what a household has told of work, illness and housing; many have told nothing."""
    if dice.random() >= _TOLD_SHARE:
        return {}
    wage = dice.randint(95, 320) * 1_000_000
    told: dict[str, Any] = {"average_wage": wage, "contribution_months": dice.randint(0, 300)}
    if dice.random() < 0.3:
        told |= {"involuntary": True, "days_to_report": dice.choice([2, 12, 29, 30, 31, 60])}
    else:
        told["able_and_ready"] = dice.random() < 0.4
    if dice.random() < 0.35:
        told |= {
            "patient_paid": dice.randint(5, 900) * 1_000_000,
            "special_disease": dice.random() < 0.2,
        }
    if dice.random() < 0.25:
        told |= {
            "requested": dice.randint(20, 500) * 1_000_000,
            "net_wage": wage * 9 // 10,
            "wage_arrears_months": dice.choice([0, 1, 2, 3, 6]),
        }
    if dice.random() < 0.5:
        insured = dice.randint(0, 30)
        told |= {"insured_years": insured, "residence_years": dice.randint(0, 40)}
        told["owns_home"] = dice.random() < 0.4
    return told
