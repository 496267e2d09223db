"""Forms of minutes: the meeting, and who promised what by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from redress.demands.kinds import HearingKind
from redress.demands.meet import PRESENT_CHARS_MAX, ItemFault, Minutes
from redress.doors.desk.forms import line_field, words_field
from redress.doors.look.day_field import DayField
from redress.doors.look.words import Words, choices
from redress.formats.demands import TEXT_CHARS_MAX
from redress.registers.accounts.roles import Actor
from redress.registers.offices.models import NAME_CHARS_MAX, Body
from redress.registers.offices.places import offices_in

FORM_CHARS_MAX: Final = 60

FAULTS: Final[dict[ItemFault, Words]] = {
    ItemFault.OUTSIDE: _("This part does not lie within the minutes."),
    ItemFault.EMPTY: _("There are no words in this part."),
    ItemFault.OVERLAP: _("This part begins before the part before it ends."),
    ItemFault.TOO_MANY: _("These are too many parts for one meeting; write the rest as another."),
    ItemFault.NO_BODY: _("Choose who promised it."),
    ItemFault.BODY_ELSEWHERE: _("That body does not serve the office that held the meeting."),
    ItemFault.NAME_UNFIT: _("That name is too long."),
    ItemFault.NO_DAY: _("Write by when it is promised."),
    ItemFault.DAY_BEFORE: _("The promised day lies before the meeting."),
    ItemFault.DAY_TOO_FAR: _("The promised day lies more than ten years after the meeting."),
}


class MinutesForm(forms.Form):
    """A meeting and what was written down of it."""

    kind = forms.ChoiceField(label=_("What was it?"), choices=choices("hearing_kind"))
    county = forms.ChoiceField(label=_("Office"))
    held_on = DayField(label=_("Day"))
    place = line_field(_("Where"), chars_max=NAME_CHARS_MAX, required=False)
    present = words_field(_("Who was present"), rows=2, chars_max=PRESENT_CHARS_MAX, required=False)
    raised_by = forms.ChoiceField(
        label=_("Who raises the demands?"), choices=choices("raised_by"), required=False
    )
    minutes = forms.CharField(
        label=_("Minutes"),
        max_length=TEXT_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_("What was said, in the words it was said in. They are kept as you write them."),
    )
    form_id = forms.CharField(max_length=FORM_CHARS_MAX, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        county = self.fields["county"]
        if isinstance(county, forms.ChoiceField):
            listed = [(one.path, str(one)) for one in offices_in(actor.path or "")]
            county.choices = listed if len(listed) == 1 else [("", _("Choose")), *listed]

    def clean_minutes(self) -> str:
        """Refuse minutes without words.

        Raises:
            ValidationError: nothing but spaces.
        """
        text: str = self.cleaned_data["minutes"]
        if not text.strip():
            raise forms.ValidationError(_("Write what was said."))
        return text

    def read(self) -> Minutes:
        """Give the meeting of a form that is in order."""
        given = self.cleaned_data
        return Minutes(
            path=given["county"],
            kind=HearingKind(given["kind"]),
            held_on=given["held_on"],
            text=given["minutes"],
            place=given["place"],
            present=given["present"],
            form=given["form_id"],
        )


_BODY_ERRORS: Final[dict[str, Any]] = {  # Any: lazy texts, which Django's own type lacks
    "required": FAULTS[ItemFault.NO_BODY],
    "invalid_choice": FAULTS[ItemFault.BODY_ELSEWHERE],
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a promise.

    Attributes:
        data: the whole form.
        key: of the sentence it was typed for, which may have had other words then.
        is_checked: whether it must be in order now.
    """

    data: QueryDict
    key: str
    is_checked: bool = False

    def words(self) -> dict[str, Any]:
        """Give it as it was typed."""
        of = f"p-{self.key}"
        day = [self.data.get(f"{of}-by_on_{part}", "") for part in range(3)]
        given = {name: self.data.get(f"{of}-{name}", "") for name in ("body", "person_name")}
        return {**given, "by_on": day}

    @property
    def has_words(self) -> bool:
        """Say whether anything was typed or chosen."""
        given = self.words()
        return any(one.strip() for one in (given["body"], given["person_name"], *given["by_on"]))


class PromiseForm(forms.Form):
    """Who promised, and by when."""

    body = forms.TypedChoiceField(
        label=_("Who promised?"),
        coerce=int,
        error_messages=_BODY_ERRORS,
    )
    person_name = line_field(_("Name of the official"), chars_max=NAME_CHARS_MAX, required=False)
    by_on = DayField(label=_("By when"), error_messages={"required": FAULTS[ItemFault.NO_DAY]})

    def __init__(self, typed: Typed, *, key: str, bodies: Mapping[int, Body]) -> None:
        self.bodies: Final = bodies
        self.has_words: Final = typed.has_words
        super().__init__(
            typed.data if typed.is_checked else None,
            prefix=f"p-{key}",
            initial=typed.words(),
            use_required_attribute=False,
        )
        body = self.fields["body"]
        if isinstance(body, forms.ChoiceField):
            body.choices = [("", _("Choose")), *((pk, str(one)) for pk, one in bodies.items())]

    @classmethod
    def blank(cls, bodies: Mapping[int, Body]) -> PromiseForm:
        """Make an empty one to be copied for a sentence; its names hold ``__key__``."""
        return cls(Typed(QueryDict(), ""), key="__key__", bodies=bodies)
