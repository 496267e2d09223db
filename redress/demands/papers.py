"""Keep the papers of a demand, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from redress.demands.models import Addition, Answer, Attachment, Demand, Verification
from redress.demands.states import Holder
from redress.formats.attachments import ReadAttachment


def keep_papers(
    demand: Demand,
    papers: Sequence[ReadAttachment],
    *,
    brought_by: Holder,
    answer: Answer | None = None,
    verification: Verification | None = None,
    addition: Addition | None = None,
) -> None:
    """Store papers that one of the three voices brings, with what it belongs to, if anything."""
    Attachment.objects.bulk_create([
        Attachment(
            demand=demand,
            name=paper.name,
            media_type=paper.media_type,
            size_bytes=len(paper.content),
            sha256=paper.sha256,
            content=paper.content,
            brought_by=brought_by,
            answer=answer,
            verification=verification,
            addition=addition,
        )
        for paper in papers
    ])


def are_kept(kept: QuerySet[Attachment], papers: Sequence[ReadAttachment]) -> bool:
    """Say whether some papers are the very ones that are kept already, in their order."""
    before = list(kept.order_by("pk").values_list("sha256", flat=True))
    return before == [paper.sha256 for paper in papers]
