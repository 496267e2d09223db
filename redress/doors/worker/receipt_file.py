"""The signed receipt as a file, and the key it is signed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from redress.demands.states import Holder
from redress.formats.receipt_keys import public_key, write_public_key
from redress.formats.receipts import Filed, sign_receipt

if TYPE_CHECKING:
    from redress.demands.models import Demand


def receipt_file(demand: Demand) -> HttpResponse:
    """Hand out a file that proves offline what was filed when; it names nobody, and bears no code."""
    filed = Filed(
        demand=demand.pk,
        office=demand.path,
        heard_on=demand.heard_on,
        filed_at=demand.heard_at.replace(microsecond=0),
        text_sha256=demand.text_sha256,
        attachments=tuple(
            paper.sha256
            for paper in demand.attachments.defer("content").order_by("pk")
            if paper.brought_by == Holder.WORKER and paper.addition_id is None
        ),
    )
    signed = sign_receipt(filed, settings.REDRESS_RECEIPT_KEY)
    response = HttpResponse(signed, content_type="application/json")
    # The number alone: a file on a shared telephone must not tell what it is about.
    response["Content-Disposition"] = f'attachment; filename="receipt-{demand.pk}.json"'
    return response


@require_safe
def show_key(_request: HttpRequest) -> HttpResponse:
    """Publish the key that receipts are signed with, to compare or to keep."""
    text = write_public_key(public_key(settings.REDRESS_RECEIPT_KEY))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
