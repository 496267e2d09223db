"""The public forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.demands.states import NOTE_CHARS_MAX
from redress.doors.look.fields import CountyField, ManyFilesField
from redress.doors.look.words import choices
from redress.formats.demands import TEXT_CHARS_MAX, WORKERS_MAX
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX
from redress.registers.offices.places import counties, listed_topics

FORM_ID_CHARS_MAX = 100


class NeedsWords(forms.Form):
    """A form whose ``text`` must say something; spaces alone say nothing."""

    def clean_text(self) -> str:
        """Refuse a form without words.

        Raises:
            ValidationError: nothing but spaces.
        """
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text


class DemandForm(NeedsWords):
    """A demand as the contract names its fields."""

    form_id = forms.CharField(
        max_length=FORM_ID_CHARS_MAX, required=False, widget=forms.HiddenInput
    )
    text = forms.CharField(
        label=_("What do you demand?"),
        help_text=_("Write it as you would say it, in any language. Nobody changes your words."),
        max_length=TEXT_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        error_messages={"required": _("Write what you demand.")},
    )
    county = CountyField(
        label=_("County where you work"),
        error_messages={
            "required": _("Choose the county, so that the right office hears it."),
            "invalid_choice": _("Choose a county from the list."),
        },
    )
    files = ManyFilesField(  # type: ignore[assignment]  # the name is the contract's
        label=_("Pictures or papers"),
        required=False,
        help_text=_(
            "A payslip, a contract, a picture: up to three files of 5 MB (JPEG, PNG, WebP, PDF)."
        ),
    )
    employer = forms.CharField(
        label=_("Employer"),
        required=False,
        max_length=NAME_CHARS_MAX,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    workplace = forms.CharField(
        label=_("Workplace"),
        required=False,
        max_length=NAME_CHARS_MAX,
        help_text=_("Shop, hall, line or site."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    workers_count = forms.IntegerField(
        label=_("How many workers does it concern?"),
        required=False,
        min_value=1,
        max_value=WORKERS_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=NAME_CHARS_MAX,
        help_text=_("You need not give it. It is kept sealed, apart from your demand."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("Phone or e-mail"),
        required=False,
        max_length=NAME_CHARS_MAX,
        help_text=_("Only if the union may call you. It is kept sealed too."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "tel"}),
    )
    keep_name_from_employer = forms.BooleanField(
        label=_("Keep my name from the employer"), required=False, initial=True
    )

    def clean_keep_name_from_employer(self) -> bool:
        """Keep the name unless our own form was sent with the tick taken away: absent is not no."""
        kept: bool = self.cleaned_data["keep_name_from_employer"]
        return kept or "keep_name_asked" not in self.data

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own loose signature
        super().__init__(*args, **kwargs)
        county, topic = self.fields["county"], self.fields["topic"]
        if isinstance(county, forms.ChoiceField) and isinstance(topic, forms.ChoiceField):
            county.choices = [
                ("", _("Choose")),
                *sorted(((o.path, str(o)) for o in counties()), key=lambda choice: choice[1]),
            ]
            topic.choices = [
                ("", _("I leave that to the union")),
                *((t.code, str(t)) for t in listed_topics()),
            ]


class CodeForm(forms.Form):
    """The receipt code."""

    code = forms.CharField(
        label=_("Receipt code"),
        help_text=_("Sixteen digits."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", "class": "code"}
        ),
        error_messages={"required": _("Type the sixteen digits of your receipt.")},
    )


class WordForm(forms.Form):
    """The worker's word on an answer."""

    said = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=choices("said"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is solved.")},
    )
    goes_on = forms.ChoiceField(
        label=_("If it is not, or not wholly, solved:"),
        choices=[
            ("yes", _("It must go on: back to the body")),
            ("no", _("I leave it at that")),
        ],
        widget=forms.RadioSelect,
        initial="yes",
        required=False,
    )
    text = forms.CharField(
        label=_("What is still missing?"),
        help_text=_("The body and the union read it. Leave out names that are to be kept."),
        required=False,
        max_length=NOTE_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def _words(label: Any) -> forms.CharField:  # Any: a text, maybe lazy
    return forms.CharField(
        label=label,
        max_length=WHY_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write it in your words.")},
    )


class TextForm(NeedsWords):
    """Something the worker writes; several such forms stand on a page."""

    text = _words(_("In your words"))


class ContestForm(TextForm):
    """What is wrong with a marking."""

    text = _words(_("What is wrong?"))


class PunishedForm(TextForm):
    """What was done to a worker because of the demand."""

    text = _words(_("What happened?"))


class AloneForm(TextForm):
    """Why a demand is not the same as the one it is followed with."""

    text = _words(_("What is different about it?"))


class AddForm(forms.Form):
    """More words or papers; one of the two is enough."""

    text = forms.CharField(
        label=_("What do you want to add?"),
        required=False,
        max_length=NOTE_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    files = ManyFilesField(  # type: ignore[assignment]  # the name Django's forms use too
        label=_("Pictures or papers"), required=False
    )
