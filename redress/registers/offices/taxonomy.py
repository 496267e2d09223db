"""Install the topics, kinds of body and routes that every installation has."""

from __future__ import annotations

from typing import Any, Final

from django.db import models, transaction

from redress.formats.taxonomy import taxonomy
from redress.registers.offices.models import BodyKind, Route, Topic

_NAMES: Final = ["name_en", "name_fa", "name_zh"]


@transaction.atomic
def install_taxonomy() -> None:
    """Write the installed topics, kinds of body and routes; done twice it changes nothing."""
    data = taxonomy()
    _install_named(Topic, data["topics"])
    _install_named(BodyKind, data["body_kinds"])
    Route.objects.bulk_create(
        [
            Route(topic_id=topic, country=country, rank=rank, body_kind_id=kind)
            for topic, countries in data["routes"].items()
            for country, kinds in countries.items()
            for rank, kind in enumerate(kinds)
        ],
        update_conflicts=True,
        unique_fields=["topic", "country", "rank"],
        update_fields=["body_kind"],
    )


def _install_named(model: type[models.Model], entries: dict[str, dict[str, str]]) -> None:
    rows: list[Any] = [
        model(code=code, name_en=names["en"], name_fa=names["fa"], name_zh=names["zh"])
        for code, names in entries.items()
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=_NAMES
    )
