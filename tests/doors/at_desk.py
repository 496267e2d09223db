"""What the tests of the desk's pages share."""

from __future__ import annotations

import html
import re

from redress.registers.offices.scope import WHOLE, within

STAFF = [
    *("officer", "second", "neighbour", "grassroots", "province"),
    *("liaison", "manager", "other_liaison", "auditor", "admin"),
]


def made(make, *given, **more):
    """Make something, or look, with the whole nation in sight."""
    with within(WHOLE):
        return make(*given, **more)


def text(page) -> str:
    """Give what a page says, without its marks, and every gap as one space."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))
