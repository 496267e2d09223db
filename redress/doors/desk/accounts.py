"""Accounts at the desk: an administrator opens them and ends them."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import AccountForm
from redress.doors.desk.pages import desk_page, page_of, say_done
from redress.doors.look.words import word
from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import OF_A_BODY, POSTS, Actor, NotAllowed, Role
from redress.registers.offices.places import bodies_in, body_with_id, office_with_id, offices_in
from redress.registers.staffing import (
    NameTaken,
    NameUnfit,
    NewAccount,
    RoleDoesNotFit,
    end_post,
    open_account,
    posts,
    reset_sign_in,
)

ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})


@desk_page(ADMINISTRATORS)
def show_accounts(request: ActingRequest) -> HttpResponse:
    """List the posts of this administrator's places."""
    context = {"page": page_of(posts(seen_by=request.actor), request)}
    return render(request, "desk/accounts.html", context)


@desk_page(ADMINISTRATORS)
def new_account(request: ActingRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = _form(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = open_account(
                _new_account(form.cleaned_data), by=request.actor, at=timezone.now()
            )
        except NameTaken:
            form.add_error("username", _("Somebody has this user name; choose another."))
        except NameUnfit:
            form.add_error("username", _("Use letters, digits and @ . + - _ only."))
        except (RoleDoesNotFit, NotAllowed):
            form.add_error(
                "role",
                _("Choose a body for a body's people, else an office as wide as the role."),
            )
        else:
            return _show_password(request, user, password)
    return render(
        request, "desk/new_account.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _form(actor: Actor, data: Any) -> AccountForm:  # noqa: ANN401 - a posted form or None
    form = AccountForm(data)
    options: dict[str, list[tuple[Any, Any]]] = {
        "role": [(role.value, word("role", role)) for role in sorted(POSTS)],
        "office": [
            ("", "-"),
            *((office.pk, str(office)) for office in offices_in(actor.path or "")),
        ],
        "body": [("", "-"), *((body.pk, str(body)) for body in bodies_in(actor.path or ""))],
    }
    for name, listed in options.items():
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = listed
    return form


def _new_account(given: dict[str, Any]) -> NewAccount:
    role = Role(given["role"])
    of_a_body = role in OF_A_BODY
    return NewAccount(
        username=given["username"],
        full_name=given["full_name"],
        role=role,
        office=office_with_id(given["office"]) if given["office"] and not of_a_body else None,
        body=body_with_id(given["body"]) if given["body"] and of_a_body else None,
    )


@require_POST
@desk_page(ADMINISTRATORS)
def end_account(request: ActingRequest, number: int) -> HttpResponse:
    """End a post.

    Raises:
        Http404: no such post in this administrator's places.
    """
    end_post(_post(request, number), by=request.actor, at=timezone.now())
    say_done(request, _("The post has ended; that account can do nothing any more."))
    return redirect("accounts")


@require_POST
@desk_page(ADMINISTRATORS)
def reset_account(request: ActingRequest, number: int) -> HttpResponse:
    """Give a new first password, for whoever forgot theirs or lost the second factor."""
    post = _post(request, number)
    password = reset_sign_in(post, by=request.actor, at=timezone.now())
    return _show_password(request, post.user, password)


def _post(request: ActingRequest, number: int) -> Post:
    post = posts(seen_by=request.actor).filter(pk=number, until_on=None).first()
    if post is None:
        raise Http404
    return post


def _show_password(request: ActingRequest, user: User, password: str) -> HttpResponse:
    context = {"user_opened": user, "password": password}
    return render(request, "desk/account_opened.html", context, status=201)
