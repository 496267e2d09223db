"""Actions on a case page: a form, the step behind it, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from redress.demands.states import TRANSITIONS, State, is_possible
from redress.doors.desk.pages import Sent
from redress.doors.look.words import Words
from redress.registers.accounts.roles import Actor, Deed, Policy

if TYPE_CHECKING:
    from redress.demands.models import Demand

_WITH_STATES = {transition.deed.name for transition in TRANSITIONS}


def _always(_demand: Demand, _actor: Actor) -> bool:
    return True


def plain(kind: type[forms.Form]) -> Callable[..., forms.Form]:
    """Make a form that does not depend on the demand or the person."""
    return lambda _demand, _actor, **given: kind(**given)


_button_alone: Callable[..., forms.Form] = plain(forms.Form)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to a demand.

    Attributes:
        name: its address.
        deed: who may, and in which states.
        title: what it is, over its form.
        button: on the button.
        done: said when it is done.
        do: carries it out.
        form: makes the form of a demand and a person; keywords are Django's own.
        note: said under the title.
        offered: whether it makes sense for this demand and person, beyond deed and state.
    """

    name: str
    deed: Deed
    title: Words
    button: Words
    done: Words
    do: Callable[[Demand, dict[str, Any], Actor], object]
    form: Callable[..., forms.Form] = _button_alone
    note: Words = ""
    offered: Callable[[Demand, Actor], bool] = _always

    def is_offered(self, demand: Demand, actor: Actor) -> bool:
        """Say whether this person can do it to this demand as it stands."""
        possible = self.deed.name not in _WITH_STATES or is_possible(self.deed, State(demand.state))
        allowed = possible and Policy(actor).may_do(self.deed, demand)
        return allowed and self.offered(demand, actor)

    def form_of(
        self, demand: Demand, actor: Actor, **given: Any
    ) -> forms.Form:  # Any: Django's own
        """Make the form; several of them share a page, so ids bear the action's name."""
        return self.form(demand, actor, auto_id=f"{self.name}_%s", **given)


@dataclass(frozen=True, slots=True)
class Issued:
    """What an action gives that made a receipt code, which is shown once.

    Attributes:
        demand: that the code opens.
        code: the code.
        replaced: whether an older code has ended.
    """

    demand: Demand
    code: str
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """An action with its form, ready to be shown."""

    action: Action
    form: forms.Form

    @property
    def has_files(self) -> bool:
        """Say whether the form sends files."""
        return bool(self.form.is_multipart())


def offers(actions: list[Action], demand: Demand, actor: Actor, *, sent: Sent) -> list[Offer]:
    """Give what can be done now, in order, each with a fresh form or the one that was sent."""
    return [
        Offer(action, sent.instead_of(action.form_of(demand, actor), of=action.name))
        for action in actions
        if action.is_offered(demand, actor)
    ]
