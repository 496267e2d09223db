"""Forms of collective demands and of drawn samples."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.demands.kinds import Outcome
from redress.demands.sample import SAMPLE_MAX, Called
from redress.demands.sort import NOT_A_WORKERS_MATTER
from redress.demands.states import Said
from redress.demands.suggest import NUMBERS_MAX
from redress.doors.desk.forms import line_field, words_field
from redress.doors.look.dates import written_number
from redress.doors.look.day_field import DayField
from redress.doors.look.words import choices
from redress.formats.demands import WORKERS_MAX
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX
from redress.registers.offices.places import listed_topics, offices_in

NUMBER_MAX: Final = 10**15
_WANTED: Final = 40


def number_field(
    label: Any, *, most: int, required: bool = True, **more: Any
) -> forms.IntegerField:  # Any: Django's own
    """Make a field for a whole number from 1 on, in any digits."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
        **more,
    )


class NumbersField(forms.TypedMultipleChoiceField):
    """Numbers of demands that were ticked; which of them fit, the step sees to."""

    def __init__(self, *, most: int = NUMBERS_MAX, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(coerce=int, empty_value=[], **kwargs)
        self.most = most

    def valid_value(self, value: Any) -> bool:
        """Take a whole number that a demand can have."""
        written = str(value)
        return written.isascii() and written.isdigit() and 0 < int(written[:20]) <= NUMBER_MAX

    def validate(self, value: Any) -> None:
        """Refuse more than are added at once.

        Raises:
            ValidationError: too many, none, or no numbers.
        """
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                _("Choose at most %(count)s.") % {"count": written_number(self.most)}
            )


class OfficeForm(forms.Form):
    """A form about an office of this person's places."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.path, str(one)) for one in offices_in(actor.path or "")]


class CollectiveForm(OfficeForm):
    """What many demands have in common."""

    county = forms.ChoiceField(
        label=_("Office"), help_text=_("Demands of this office and of those below it can join.")
    )
    title = line_field(_("What do they all demand?"), chars_max=NAME_CHARS_MAX)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    employer = line_field(_("Employer"), chars_max=NAME_CHARS_MAX, required=False)
    workforce = number_field(_("How many work there?"), most=WORKERS_MAX, required=False)
    source = line_field(_("How is that known?"), chars_max=NAME_CHARS_MAX, required=False)
    first = forms.IntegerField(
        required=False, min_value=1, max_value=NUMBER_MAX, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, actor=actor, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ChoiceField):
            listed = [
                (one.code, str(one)) for one in listed_topics() if one.code != NOT_A_WORKERS_MATTER
            ]
            field.choices = [("", _("No single topic")), *listed]

    def clean(self) -> dict[str, Any]:
        """Refuse a workforce of which nobody says how it is known.

        Raises:
            ValidationError: the source is missing.
        """
        given: dict[str, Any] = self.cleaned_data
        if given.get("workforce") and not given.get("source"):
            raise forms.ValidationError({"source": _("Write how that is known.")})
        return given


class WorkforceForm(forms.Form):
    """How many work there, and how that is known."""

    workforce = number_field(_("How many work there?"), most=WORKERS_MAX)
    source = line_field(_("How is that known?"), chars_max=NAME_CHARS_MAX)


class AddForm(forms.Form):
    """Demands to be added."""

    numbers = NumbersField(label=_("Demands"))
    preview = forms.BooleanField(required=False)


class TakeOutForm(forms.Form):
    """Demands to be taken out."""

    numbers = NumbersField(label=_("Demands"))
    why = forms.CharField(max_length=WHY_CHARS_MAX, required=False)


class UndoForm(forms.Form):
    """The entry of an adding that is taken back."""

    entry = forms.IntegerField(min_value=1, max_value=NUMBER_MAX, widget=forms.HiddenInput)


class DissolveForm(forms.Form):
    """Why it is dissolved."""

    why = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)


class RestoreForm(forms.Form):
    """Why it is restored."""

    why = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)


class DrawForm(forms.Form):
    """How many members are drawn."""

    wanted = number_field(_("How many are called?"), most=SAMPLE_MAX, initial=_WANTED)


class SampleForm(OfficeForm):
    """What is drawn from, and how many."""

    county = forms.ChoiceField(label=_("Office"))
    closed_from = DayField(label=_("Ended from"), required=False)
    closed_until = DayField(label=_("Ended until"), required=False)
    wanted = number_field(_("How many are called?"), most=SAMPLE_MAX, initial=_WANTED)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order.

        Raises:
            ValidationError: the first day lies after the last.
        """
        given: dict[str, Any] = self.cleaned_data
        first, last = given.get("closed_from"), given.get("closed_until")
        if first and last and first > last:
            raise forms.ValidationError({"closed_until": _("The last day lies before the first.")})
        return given


class CallForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(label=_("What came of it?"))
    said = forms.ChoiceField(
        label=_("The worker says"),
        choices=choices("said", first=_("Nothing")),
        required=False,
    )
    goes_on = forms.BooleanField(
        label=_("What is not solved must go on: back to the body"), required=False, initial=True
    )
    text = words_field(_("In their words"), rows=2, chars_max=WHY_CHARS_MAX, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own loose signature
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            listed = [one for one in choices("outcome_call") if one[0] != Outcome.WAITING]
            field.choices = [("", _("Choose")), *listed]

    def clean(self) -> dict[str, Any]:
        """See that a reached worker said something, and that nobody else did.

        Raises:
            ValidationError: a word is missing, or is of somebody who was not reached.
        """
        given: dict[str, Any] = self.cleaned_data
        outcome, said = given.get("outcome"), given.get("said")
        if outcome == Outcome.REACHED and not said:
            raise forms.ValidationError({"said": _("Write what the worker says.")})
        if outcome and outcome != Outcome.REACHED and said:
            raise forms.ValidationError({"said": _("Only who was reached has said something.")})
        return given

    def called(self) -> Called:
        """Give what came of the call."""
        given = self.cleaned_data
        return Called(
            outcome=Outcome(given["outcome"]),
            said=Said(given["said"]) if given["said"] else None,
            goes_on=given["goes_on"],
            text=given["text"],
        )
