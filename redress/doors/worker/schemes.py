"""Schemes for everybody: the rule book of each, and the self-check. Nothing is stored."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from redress.doors.limits import is_too_often
from redress.doors.look.dates import page_language
from redress.doors.look.facts import answer_of, field_for
from redress.doors.look.refusals import too_often
from redress.relief.asking import NotRead
from redress.relief.rule_book import rule_book
from redress.relief.schemes import Scheme, scheme_named, schemes
from redress.relief.self_check import SKIPPED, Check, check_oneself, is_offered
from redress.values.days import local_day

CHECKS_PER_MINUTE_MAX: Final = 600
ANSWER_CHARS_MAX: Final = 500
_ANSWER: Final = "a_"


@require_safe
def show_schemes(request: HttpRequest) -> HttpResponse:
    """List the schemes in force."""
    language = page_language()
    listed = [
        {"id": one.id, "title": one.title(language), "is_offered": is_offered(one)}
        for one in schemes()
    ]
    return render(request, "worker/schemes.html", {"schemes": listed})


@require_safe
def show_rule_book(request: HttpRequest, pack: str) -> HttpResponse:
    """Show a scheme's rules, numbers and worked cases."""
    scheme = _scheme(pack)
    today = local_day(timezone.now(), country=scheme.pack.country)
    book = rule_book(scheme, on=today, language=page_language())
    return render(
        request, "worker/rule_book.html", {"book": book, "is_offered": is_offered(scheme)}
    )


@require_safe
def show_text(request: HttpRequest, pack: str) -> HttpResponse:
    """Give a scheme as it is written."""
    del request
    response = HttpResponse(_scheme(pack).text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{pack}.yaml"'
    return response


def _scheme(pack: str) -> Scheme:
    scheme = scheme_named(pack)
    if scheme is None:
        raise Http404
    return scheme


class QuestionForm(forms.Form):
    """One question."""

    def __init__(self, check: Check, data: Any = None) -> None:  # noqa: ANN401 - a posted form
        super().__init__(data)
        if check.question is not None:
            field = field_for(check.question)
            field.label, field.required = check.question.question, True
            self.fields["answer"] = field


# The answers travel in the body of a form only, and nobody's authority comes with them.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_check(request: HttpRequest, pack: str) -> HttpResponse:
    """Ask the next question that still matters, or tell the answer.

    Raises:
        Http404: no such scheme, or one that cannot be checked so.
    """
    scheme = _scheme(pack)
    if not is_offered(scheme):
        raise Http404
    if is_too_often(request, what="check", times_max=CHECKS_PER_MINUTE_MAX):
        return too_often(request)
    answers = {
        name.removeprefix(_ANSWER): str(value)[:ANSWER_CHARS_MAX]
        for name, value in request.POST.items()
        if name.startswith(_ANSWER)
    }
    taken_back = request.POST.get("change", "")
    answers.pop(taken_back, None)
    asked = request.POST.get("asked", "")
    try:
        check = _check(scheme, answers)
    except NotRead:  # not from our own form: begin anew
        answers, asked = {}, ""
        check = _check(scheme, answers)
    if not asked or check.question is None or check.question.name != asked or taken_back:
        return _shown(request, scheme, check, QuestionForm(check))
    return _answered(request, scheme, check, answers)


def _answered(
    request: HttpRequest, scheme: Scheme, check: Check, answers: dict[str, str]
) -> HttpResponse:
    """Take the answer to the question that was asked, and go on."""
    form = QuestionForm(check, request.POST)
    name = check.question.name if check.question else ""
    if "skip" in request.POST:
        answers[name] = SKIPPED
    elif form.is_valid():
        answers[name] = answer_of(form.cleaned_data["answer"])[:ANSWER_CHARS_MAX]
    else:
        return _shown(request, scheme, check, form, status=422)
    try:
        after = _check(scheme, answers)
    except NotRead as wrong:
        form.add_error("answer" if form.is_valid() else None, str(wrong))
        return _shown(request, scheme, check, form, status=422)
    return _shown(request, scheme, after, QuestionForm(after))


def _check(scheme: Scheme, answers: dict[str, str]) -> Check:
    today = local_day(timezone.now(), country=scheme.pack.country)
    return check_oneself(scheme, answers, on=today, language=page_language())


def _shown(
    request: HttpRequest, scheme: Scheme, check: Check, form: QuestionForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "pack": scheme.id,
        "title": scheme.title(page_language()),
        "check": check,
        "form": form,
        "heading": _("Am I entitled?"),
    }
    return render(request, "worker/check.html", context, status=status)
