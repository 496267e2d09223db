"""Forms of the demand desk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.demands.sort import NOT_A_WORKERS_MATTER
from redress.demands.states import Channel, Claim, Urgency
from redress.doors.desk.forms import line_field, words_field
from redress.doors.look.day_field import DayField
from redress.doors.look.fields import CountyField, ManyFilesField
from redress.doors.look.words import choices
from redress.formats.demands import TEXT_CHARS_MAX, WORKERS_MAX
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX
from redress.registers.offices.places import listed_topics

# Ways in which an officer hears a worker, and in which a worker's word can be put down.
_OFFICER_CHANNELS: Final = (
    Channel.PHONE,
    Channel.VISIT,
    Channel.LETTER,
    Channel.OPEN_DOOR,
    Channel.REPRESENTATIVE,
)
_CALL_CHANNELS: Final = (Channel.PHONE, Channel.VISIT, Channel.LETTER)


def _channels(of: tuple[Channel, ...]) -> list[tuple[str, Any]]:
    return [(code, what) for code, what in choices("channel") if code in of]


def topic_choices(suggested: Sequence[str] = ()) -> list[Any]:
    """Give the topics of a demand to choose from, those that its words suggest first."""
    known = {topic.code: str(topic) for topic in listed_topics()}
    known.pop(NOT_A_WORKERS_MATTER, None)
    near = [(code, known.pop(code)) for code in suggested if code in known]
    if not near:
        return [("", _("Choose")), *known.items()]
    return [
        ("", _("Choose")),
        (_("By the words of the text"), near),
        (_("All topics"), list(known.items())),
    ]


class SortForm(forms.Form):
    """Topic and urgency."""

    topic = forms.ChoiceField(label=_("Topic"))
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=choices("urgency"), initial=Urgency.NORMAL
    )

    def __init__(self, *args: Any, suggested: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ChoiceField):
            field.choices = topic_choices(suggested)


class RouteForm(forms.Form):
    """The body, others that join it, and a note."""

    body = forms.TypedChoiceField(label=_("Body"), coerce=int)
    joint = forms.TypedMultipleChoiceField(
        label=_("Together with"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = words_field(_("Note to the body"), rows=3, chars_max=WHY_CHARS_MAX, required=False)


class ReturnForm(forms.Form):
    """Why it is not this body's, and whose it is."""

    why = words_field(_("Reason"), rows=3, chars_max=WHY_CHARS_MAX)
    better = forms.TypedChoiceField(
        label=_("Whose matter is it?"), coerce=int, required=False, empty_value=None
    )


class PresetChoiceField(forms.ChoiceField):
    """A choice that a person makes; a programme that does not send the field has made the preset one."""

    def __init__(self, *, preset: str, **kwargs: Any) -> None:  # Any: Django's own loose signature
        super().__init__(**kwargs)
        self.preset = preset

    def clean(self, value: Any) -> Any:
        """Take what was chosen; the preset where the field was not sent at all."""
        return super().clean(self.preset if value is None else value)


class AnswerForm(forms.Form):
    """What a body answers."""

    claim = PresetChoiceField(
        label=_("What is the outcome?"),
        choices=choices("claim", first=_("Choose")),
        preset=Claim.SOLVED,
        error_messages={"required": _("Say what the outcome is.")},
    )
    text = words_field(_("Your answer to the worker"), rows=6)
    procedure = forms.ChoiceField(
        label=_("The worker's next time limit in that procedure"), required=False
    )
    began_on = DayField(label=_("It runs from"), required=False)
    files = ManyFilesField(  # type: ignore[assignment]  # the name Django's forms use too
        label=_("Evidence"), required=False
    )


class LetterAnswerForm(AnswerForm):
    """What a body answered by letter or on the telephone, put down by the union."""

    text = words_field(_("The body's answer to the worker"), rows=6)
    channel = forms.ChoiceField(label=_("How it came"), choices=_channels(_CALL_CHANNELS))
    on = DayField(label=_("Day of the answer"), required=False)


class QuestionForm(forms.Form):
    """A question to the worker."""

    text = words_field(_("What do you need to know?"), rows=3)


class ClarifyForm(forms.Form):
    """What the worker answered, put down by an officer."""

    text = words_field(_("What the worker answers"), rows=4)
    channel = forms.ChoiceField(label=_("How you spoke"), choices=_channels(_CALL_CHANNELS))


class AdditionForm(forms.Form):
    """What a worker adds, put down by an officer."""

    text = words_field(_("In their words"), rows=4, required=False)
    channel = forms.ChoiceField(label=_("How it came"), choices=_channels(_CALL_CHANNELS))
    files = ManyFilesField(  # type: ignore[assignment]  # the name Django's forms use too
        label=_("Pictures or papers"), required=False
    )


class PromiseForm(forms.Form):
    """Something promised by a day."""

    text = words_field(_("What do you promise?"), rows=3)
    by_on = DayField(label=_("By when"))


class WorkerSaysForm(forms.Form):
    """What the worker says of the answer, put down by an officer who spoke to them."""

    said = forms.ChoiceField(label=_("The worker says"), choices=choices("said"))
    goes_on = forms.BooleanField(
        label=_("It must go on: back to the body"), required=False, initial=True
    )
    text = words_field(_("In their words"), rows=3, required=False)
    channel = forms.ChoiceField(label=_("How you spoke"), choices=_channels(_CALL_CHANNELS))


class WithdrawForm(forms.Form):
    """The worker takes the demand back, put down by an officer."""

    text = words_field(_("In their words"), rows=2, chars_max=WHY_CHARS_MAX, required=False)
    channel = forms.ChoiceField(label=_("How you spoke"), choices=_channels(_CALL_CHANNELS))


class VerifyForm(forms.Form):
    """What the union found."""

    found = forms.ChoiceField(label=_("What did you find?"), choices=choices("found"))
    text = words_field(_("How do you know?"), rows=3)
    files = ManyFilesField(  # type: ignore[assignment]  # the name Django's forms use too
        label=_("Evidence"), required=False
    )


class MergeForm(forms.Form):
    """The other demand."""

    into = forms.IntegerField(
        label=_("Number of the other demand"),
        min_value=1,
        max_value=10**15,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )


class DecideForm(forms.Form):
    """A second person's decision."""

    request = forms.IntegerField(widget=forms.HiddenInput)
    granted = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("yes", _("Let them read it")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    why = words_field(_("Reason"), rows=2, chars_max=WHY_CHARS_MAX, required=False)


class LostCodeForm(forms.Form):
    """What a worker who lost the code says they left."""

    name = line_field(_("Name the worker left"), chars_max=NAME_CHARS_MAX, required=False)
    contact = line_field(
        _("Phone or e-mail the worker left"),
        chars_max=NAME_CHARS_MAX,
        required=False,
        direction="ltr",
    )


class RetaliationForm(forms.Form):
    """What was done to the worker because of the demand."""

    form_id = forms.CharField(
        max_length=100,
        required=False,
        initial=lambda: secrets.token_urlsafe(24),
        widget=forms.HiddenInput,
    )

    text = words_field(_("What happened?"), rows=5, chars_max=TEXT_CHARS_MAX)


class CheckInForm(forms.Form):
    """How the worker is."""

    which = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("How is the worker?"), choices=choices("check_in"))
    text = words_field(_("In their words"), rows=2, required=False)


class NewDemandForm(forms.Form):
    """A demand that an officer hears."""

    form_id = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    channel = forms.ChoiceField(
        label=_("How it came"), choices=_channels(_OFFICER_CHANNELS), initial=Channel.VISIT
    )
    raised_by = forms.ChoiceField(label=_("Who raises it?"), choices=choices("raised_by"))
    text = forms.CharField(
        label=_("The demand, in the worker's own words"),
        max_length=TEXT_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    county = CountyField(label=_("Office"))
    heard_on = DayField(label=_("Day it was first raised"), required=False)
    employer = line_field(_("Employer"), chars_max=NAME_CHARS_MAX, required=False)
    workplace = line_field(_("Workplace"), chars_max=NAME_CHARS_MAX, required=False)
    workers_count = forms.IntegerField(
        label=_("How many workers does it concern?"),
        required=False,
        min_value=1,
        max_value=WORKERS_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=choices("urgency"), initial=Urgency.NORMAL
    )
    name = line_field(_("Name of the worker"), chars_max=NAME_CHARS_MAX, required=False)
    contact = line_field(
        _("Phone or e-mail"), chars_max=NAME_CHARS_MAX, required=False, direction="ltr"
    )
    keep_name_from_employer = forms.BooleanField(
        label=_("Keep the name from the employer"), required=False, initial=True
    )
    files = ManyFilesField(  # type: ignore[assignment]  # the name Django's forms use too
        label=_("Scanned letters, pictures, voice notes"), required=False
    )

    def clean_text(self) -> str:
        """Refuse a form without words.

        Raises:
            ValidationError: nothing but spaces.
        """
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("Write what the worker demands."))
        return text
