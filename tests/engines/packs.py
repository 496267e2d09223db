"""Small packs for tests: one complete pack that a test bends."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

from redress.engines.rules.checking import check
from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import read_case
from redress.engines.rules.findings import Finding

SCHEMES = sorted((Path(__file__).resolve().parents[2] / "schemes").glob("*.yaml"))
DAY = "2024-06-01"

WORDS = {"en": "words", "fa": "واژه", "zh": "词"}
FROM = "2020-01-01"


def value(number: str, day: str = FROM) -> dict[str, str]:
    return {"from": day, "value": number, "status": "illustrative"}


SMALL: dict[str, Any] = {
    "pack": "small",
    "version": "1",
    "country": "cn",
    "currency": "CNY",
    "money_step": "0.01",
    "parameters": {
        "LINE": {"unit": "CNY/person/month", "label": WORDS, "values": [value("940")]},
        "SHARE": {"unit": "share", "label": WORDS, "values": [value("0.5")]},
    },
    "inputs": {
        "size": {"type": "int", "min": "1", "max": "30", "label": WORDS},
        "income": {"type": "money", "label": WORDS},
        "prior_aid": {"type": "money", "default": "0", "label": WORDS},
        "homes": {"type": "int", "default": "1", "label": WORDS},
        "ill": {"type": "bool", "default": "false", "label": WORDS},
    },
    "derived": [{"name": "per_head", "expr": "(income + prior_aid) / 12 / size", "label": WORDS}],
    "exclusions": [{"id": "two_homes", "when": "homes >= 2", "label": WORDS}],
    "category": [
        {"id": "excluded", "when": "any_exclusion"},
        {"id": "deep", "when": "per_head < LINE"},
        {"id": "none", "when": "True"},
    ],
    "items": [
        {
            "id": "living",
            "when": "category == 'deep'",
            "amount": "LINE * 12 * SHARE",
            "label": WORDS,
        },
        {
            "id": "medical",
            "when": "category == 'deep' and ill",
            "amount": "(LINE - per_head) * 12 * size",
            "label": WORDS,
        },
    ],
}


def bent(**changes: Any) -> str:
    """Write the small pack with parts replaced; ``None`` takes a part out."""
    pack = copy.deepcopy(SMALL)
    for name, part in changes.items():
        if part is None:
            del pack[name]
        else:
            pack[name] = part
    return json.dumps(pack, ensure_ascii=False, indent=1)


def with_item(**parts: Any) -> str:
    """Write the small pack with its first item changed."""
    items = copy.deepcopy(SMALL["items"])
    items[0].update(parts)
    return bent(items=items)


def found(text: str) -> list[Finding]:
    return check(text)[1]


def codes(text: str) -> set[str]:
    return {finding.code for finding in found(text)}


def decided(text: str, facts: dict[str, Any], on: str = DAY) -> Decision:
    """Decide a case by a pack; the pack must stand its check."""
    pack, findings = check(text)
    assert pack is not None, findings
    case = read_case(pack, facts, members=facts.get("members"), case_id="case")
    return Decider(pack).decide(case, on=dt.date.fromisoformat(on))
