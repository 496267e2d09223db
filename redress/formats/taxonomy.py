"""The installed topics, kinds of body and routes, as ``data/taxonomy.yaml`` has them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).parent / "data" / "taxonomy.yaml"


@lru_cache(maxsize=1)
def taxonomy() -> dict[str, Any]:
    """Give ``topics`` and ``body_kinds`` with their names by language, and ``routes``.

    A route is a list of kinds of body by topic and country, the responsible one first.
    """
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


def responsible(topic: str, country: str) -> str:
    """Name the kind of body that answers a topic in a country; empty for none."""
    kinds = taxonomy()["routes"].get(topic, {}).get(country) or [""]
    return str(kinds[0])
