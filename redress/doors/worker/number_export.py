"""The published figures as files: every figure with its definition, and all that it is made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import override

from redress.demands.number_groups import topic_group_names
from redress.doors.look.figures import FigureWords
from redress.doors.look.public_figures import ENDINGS, PUBLIC
from redress.doors.look.sheets import BOM, guarded
from redress.doors.look.words import Words
from redress.doors.worker.number_tables import OF_A_COUNTRY, Value, county_names, value

if TYPE_CHECKING:
    from redress.demands.public_numbers import Publication

_ATTRIBUTES: Final = ("county", "topic", "year", "how", "judged", "excuse", "again")
HEADS: Final = (
    *("month_since", "month_until", "figure", "name", "county", "county_name", "topic"),
    *("topic_name", "year", "how", "judged", "excuse", "again", "value", "shown", "definition"),
)
_FROM_TABLES: Final = frozenset({"came", "ended", "sent", "returned", "due"})


def as_csv(listed: Sequence[Publication]) -> str:
    """Write a line for each figure of each group, in the reader's language; ISO days, plain digits."""
    topics = topic_group_names()
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADS)
    for one in listed:
        days = [one.since.isoformat(), one.until.isoformat()]
        counties = county_names(one)
        for name in OF_A_COUNTRY:
            if name not in _FROM_TABLES:
                found = value(one, name)
                writer.writerow([*days, *_line(name, {}, _number(found), not found.is_hidden)])
        for table in one.document["tables"]:
            for cell in table["cells"]:
                of = dict(zip(table["by"], cell["of"], strict=True))
                told = _line(table["family"], of, cell["count"], cell["count"] is not None)
                told[3] = guarded(counties.get(of["county"], "")) if "county" in of else ""
                told[5] = topics.get(of.get("topic", ""), "")
                writer.writerow([*days, *told])
    return BOM + written.getvalue()


def _line(name: str, of: dict[str, str], number: float | None, shown: bool) -> list[object]:  # noqa: FBT001 - a cell
    words = PUBLIC[name]
    county, topic, *rest = (of.get(one, "") for one in _ATTRIBUTES)
    return [
        *(name, str(words.name), county, "", topic, "", *rest),
        *("" if number is None else number, "yes" if shown else "no", _definition(words)),
    ]


def _number(found: Value) -> float | None:
    return found.count if found.share is None else round(found.share, 6)


def _definition(words: FigureWords) -> str:
    return " | ".join(str(part) for part in (words.counts, words.among, words.without) if part)


def as_document(listed: Sequence[Publication]) -> dict[str, Any]:
    """Lay out all that is published, with names and definitions in each language."""
    return {
        "definitions": {name: dict(_definitions(words)) for name, words in PUBLIC.items()},
        "endings": {name: dict(_texts(words)) for name, words in ENDINGS.items()},
        "months": [
            {
                **one.document,
                "made_at": one.made_at.isoformat(),
                "figures": {
                    name: {"value": _number(found), "shown": not found.is_hidden}
                    for name in OF_A_COUNTRY
                    for found in [value(one, name)]
                },
            }
            for one in listed
        ],
    }


def _definitions(words: FigureWords) -> Iterator[tuple[str, dict[str, str]]]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            parts = {
                "name": words.name,
                "counts": words.counts,
                "among": words.among,
                "without": words.without,
            }
            yield language, {part: str(text) for part, text in parts.items() if text}


def _texts(words: Words) -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield language, str(words)
