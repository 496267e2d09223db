"""A small scheme of the made country, put in force for a test."""

from __future__ import annotations

import json
from typing import Any


def _named(en: str) -> dict[str, str]:
    return {"en": en, "fa": f"«{en}»", "zh": f"“{en}”"}


def _value(number: str) -> list[dict[str, str]]:
    return [{"from": "2020-01-01", "value": number, "status": "illustrative"}]


def small_scheme(**changes: Any) -> str:
    """Write it: living aid of a tenth of the line a member for whoever is below the line a head."""
    pack: dict[str, Any] = {
        "pack": "small-aid",
        "version": "1",
        "country": "ir",
        "currency": "IRR",
        "money_step": "1",
        "title": _named("Small aid"),
        "parameters": {
            "LINE": {
                "unit": "IRR/person/month", "label": _named("the line"), "values": _value("50000000"),
            },
            "SHARE": {"unit": "share", "label": _named("share"), "values": _value("0.1")},
        },
        "inputs": {
            "size": {
                "type": "int", "min": "1", "max": "30", "label": _named("household size"),
                "register": "members_count", "ask": _named("How many are you?"),
                "bring": _named("family book"),
            },
            "income": {
                "type": "money", "min": "0", "label": _named("income a year"),
                "register": "income_per_year", "ask": _named("What do you earn a year?"),
            },
            "prior_aid": {
                "type": "money", "default": "0", "changeable": "false",
                "label": _named("aid this year"), "register": "aid_this_year",
            },
            "ill": {
                "type": "bool", "default": "false", "label": _named("ill"),
                "ask": _named("Are you ill?"),
            },
            "born_on": {"type": "date", "default": "1980-01-01", "label": _named("born on")},
        },
        "derived": [
            {
                "name": "per_head", "expr": "(income + prior_aid) / 12 / size",
                "label": _named("income per head"),
            }
        ],
        "items": [
            {
                "id": "living", "batch": "living", "when": "per_head < LINE",
                "amount": "LINE * SHARE * size", "label": _named("Living aid"),
            },
            {
                "id": "cure", "batch": "medical",
                "when": "per_head < LINE and ill and age_on(born_on, day) >= 18", "amount": "LINE",
                "label": _named("Cure"), "bring": _named("bill"),
            },
        ],
        "cases": [
            {
                "id": "on the line", "on": "2026-06-01",
                "facts": {"size": "1", "income": "600000000"}, "expect": {"granted": {}},
            }
        ],
    }  # fmt: skip
    return json.dumps(pack | changes, ensure_ascii=False)
