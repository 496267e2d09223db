"""Forms of the desk."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.demands.states import NOTE_CHARS_MAX
from redress.doors.look.dates import currency_word, written_number
from redress.doors.look.day_field import DayField
from redress.doors.look.words import choices
from redress.registers.accounts.models import USERNAME_CHARS_MAX
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX
from redress.relief.states import (
    FURTHER_CAUSES_MAX,
    NEEDS_MAX,
    PACK_CHARS_MAX,
    WORDS_CHARS_MAX,
)
from redress.values.money import AMOUNT_CHARS_MAX, Money, NotMoney, parse_money


def words_field(
    label: Any, *, rows: int = 4, chars_max: int = NOTE_CHARS_MAX, required: bool = True
) -> forms.CharField:
    """Make a field for several lines that a person types."""
    return forms.CharField(
        label=label,
        max_length=chars_max,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def line_field(
    label: Any, *, chars_max: int, required: bool = True, direction: str = "auto"
) -> forms.CharField:
    """Make a field for one line that a person types."""
    return forms.CharField(
        label=label,
        max_length=chars_max,
        required=required,
        widget=forms.TextInput(attrs={"dir": direction}),
    )


class MoneyField(forms.CharField):
    """A sum in one currency, in any digits."""

    def __init__(
        self, *, currency: str = "", **kwargs: Any
    ) -> None:  # Any: Django's own loose signature
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"})
        super().__init__(max_length=AMOUNT_CHARS_MAX, widget=widget, **kwargs)

    def set_currency(self, currency: str) -> None:
        """Say in which currency the sum is, and show it beside the field."""
        self.currency = currency
        self.help_text = currency_word(currency)

    def clean(self, value: Any) -> Money | None:
        """Read the sum; None where nothing was written.

        Raises:
            ValidationError: it is no sum of the currency, or below zero.
        """
        written = super().clean(value)
        if not written:
            return None
        try:
            money = parse_money(written, currency=self.currency)
        except NotMoney:
            raise forms.ValidationError(_("Write a sum in digits, for instance 1200000.")) from None
        if money.minor < 0:
            raise forms.ValidationError(_("A sum cannot be below zero."))
        return money


class WhyForm(forms.Form):
    """A reason in words."""

    why = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)


class HouseholdForm(forms.Form):
    """A household and its head; members are added line by line."""

    county = forms.ChoiceField(label=_("Office"))
    head_name = line_field(_("Name of the head of the household"), chars_max=NAME_CHARS_MAX)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=choices("sex"), initial="unknown", required=False
    )
    birth_on = DayField(label=_("Date of birth"), required=False)
    national_id = line_field(_("National ID"), chars_max=30, required=False, direction="ltr")
    phone = line_field(_("Phone"), chars_max=40, required=False, direction="ltr")
    address = line_field(_("Address"), chars_max=400, required=False)
    employer = line_field(_("Employer"), chars_max=NAME_CHARS_MAX, required=False)
    income_per_month = MoneyField(label=_("Income of the household a month"), required=False)
    rent_per_month = MoneyField(label=_("Rent a month"), required=False)


class MemberForm(forms.Form):
    """One more member."""

    full_name = line_field(_("Name"), chars_max=NAME_CHARS_MAX, required=False)
    relation = forms.ChoiceField(label=_("Relation to the head"), required=False)
    birth_on = DayField(label=_("Date of birth"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own loose signature
        super().__init__(*args, **kwargs)
        field = self.fields["relation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [entry for entry in choices("relation") if entry[0] != "head"]

    def clean(self) -> dict[str, Any]:
        """Refuse a member with a date of birth and no name.

        Raises:
            ValidationError: what was written would be lost.
        """
        given: dict[str, Any] = self.cleaned_data
        if given.get("birth_on") and not given.get("full_name"):
            raise forms.ValidationError({"full_name": _("Write the name of this member.")})
        return given


MEMBER_LINES: Final = 6
MemberForms = forms.formset_factory(
    MemberForm,
    extra=MEMBER_LINES,
    max_num=MEMBER_LINES,
    absolute_max=MEMBER_LINES,
    validate_max=True,
)


class FileForm(forms.Form):
    """Situation, cause and need: the three that must be clear."""

    situation = words_field(_("Situation"), rows=6, chars_max=WORDS_CHARS_MAX)
    main_cause = forms.ChoiceField(
        label=_("Main cause"), choices=choices("cause", first=_("Choose"))
    )
    further_causes = forms.MultipleChoiceField(
        label=_("Further causes"),
        choices=choices("cause"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At most three."),
    )
    needs = forms.MultipleChoiceField(
        label=_("What is needed"), choices=choices("need"), widget=forms.CheckboxSelectMultiple
    )

    def clean_further_causes(self) -> list[str]:
        """Refuse more than the rule allows.

        Raises:
            ValidationError: more than three.
        """
        return self._at_most("further_causes", FURTHER_CAUSES_MAX)

    def clean_needs(self) -> list[str]:
        """Refuse more than the rule allows.

        Raises:
            ValidationError: more than four.
        """
        return self._at_most("needs", NEEDS_MAX)

    def _at_most(self, name: str, count_max: int) -> list[str]:
        chosen: list[str] = self.cleaned_data[name]
        if len(chosen) > count_max:
            raise forms.ValidationError(
                _("Choose at most %(count)s.") % {"count": written_number(count_max)}
            )
        return chosen


class GrantForm(forms.Form):
    """A sum for a need, out of a fund."""

    need = forms.ChoiceField(label=_("What for"), choices=choices("need"))
    amount = MoneyField(label=_("Sum"))
    fund = forms.TypedChoiceField(label=_("Fund"), coerce=int)
    reason = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)
    pack = forms.CharField(max_length=PACK_CHARS_MAX, required=False, widget=forms.HiddenInput)
    item = forms.CharField(max_length=PACK_CHARS_MAX, required=False, widget=forms.HiddenInput)


class ExitForm(forms.Form):
    """The kind of exit and the reason."""

    kind = forms.ChoiceField(label=_("How the household leaves"), choices=choices("exit_kind"))
    why = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)


class AccountForm(forms.Form):
    """A new account with its post."""

    full_name = line_field(_("Full name"), chars_max=NAME_CHARS_MAX)
    username = line_field(_("User name"), chars_max=USERNAME_CHARS_MAX, direction="ltr")
    role = forms.ChoiceField(label=_("Role"))
    office = forms.TypedChoiceField(label=_("Office"), coerce=int, required=False, empty_value=None)
    body = forms.TypedChoiceField(label=_("Body"), coerce=int, required=False, empty_value=None)
