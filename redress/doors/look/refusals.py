"""Pages that refuse, each saying what happened and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from redress.doors.look.words import Words


def refuse(request: HttpRequest, *, status: int, title: Words, what_to_do: Words) -> HttpResponse:
    """Show a refusal in the shape all of them have."""
    user = getattr(request, "user", None)
    at_desk = user is not None and user.is_authenticated and request.path.startswith("/desk")
    context = {"title": title, "what_to_do": what_to_do, "at_desk": at_desk}
    return render(request, "look/refusal.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    del exception
    title = _("This request could not be read")
    return refuse(
        request, status=400, title=title, what_to_do=_("Go back and send the form again.")
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    del exception
    return refuse(
        request,
        status=403,
        title=_("This is not yours to do"),
        what_to_do=_("If it should be, ask the administrator of your office to change your post."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; the same for what does not exist and for what is not yours to see."""
    del exception
    return refuse(
        request,
        status=404,
        title=_("This page does not exist, or is not open to you"),
        what_to_do=_("Check the address, or go back to the first page."),
    )


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that did not come from our own page."""
    del reason
    return refuse(
        request,
        status=403,
        title=_("This form is too old, or came from elsewhere"),
        what_to_do=_("Nothing was changed. Open the page again and repeat what you did."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413."""
    return refuse(
        request,
        status=413,
        title=_("What you sent is too large"),
        what_to_do=_("Nothing was stored. Send at most three files of 5 MB each."),
    )


def too_often(request: HttpRequest) -> HttpResponse:
    """Answer 429."""
    return refuse(
        request,
        status=429,
        title=_("Too many tries in a short time"),
        what_to_do=_("Wait a minute, then try again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return refuse(
        request,
        status=500,
        title=_("Something broke on our side"),
        what_to_do=_(
            "Nothing was changed. Try again in a minute; if it stays so, tell your office."
        ),
    )
