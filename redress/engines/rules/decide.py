"""Decide one case by a pack: exact, every step recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from redress.engines.rules.allocate import allocate, under_ceilings
from redress.engines.rules.decision import NOT_MET, NOTHING_DUE, Decision, Share, Undecided
from redress.engines.rules.evaluate import Compiler, Frame, Run
from redress.engines.rules.facts import MONEY_MINOR_MAX, Case
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.known import Maybe, Quantity, Truth, Unknown, anything, greater, needs_of
from redress.engines.rules.nodes import Node
from redress.engines.rules.order import concerned, weights
from redress.engines.rules.pack import Item, Pack
from redress.engines.rules.ratio import quick
from redress.engines.rules.steps import monotone, to_step

DAYS_KEPT: Final = 400


class Decider:
    """A pack made ready to decide many cases, one after the other."""

    def __init__(self, pack: Pack, *, traced: bool = True) -> None:
        self.pack = pack
        compiler = Compiler(pack, traced=traced)
        self._unknown_params, self._faults = compiler.unknown_params, compiler.faults
        self._derived = [compiler.run(one.when.node) for one in pack.derived]
        self._exclusions = [compiler.run(one.when.node) for one in pack.exclusions]
        self._categories = [compiler.run(one.when.node) for one in pack.categories]
        self._items = [
            (compiler.run(item.when.node), compiler.run(item.amount.node)) for item in pack.items
        ]
        self._reasons = [compiler.run(one.when.node) for one in pack.reasons]
        self._exits = [(one, compiler.run(one.when.node)) for one in pack.exits]
        self._priorities = [
            (item.id, compiler.run(item.priority_when.node))
            for item in pack.items
            if item.priority_when
        ]
        self.continues: dict[int, Run] = {}
        self.caps: dict[int, Run] = {}
        for allocation in pack.allocations.values():
            if allocation.continue_while:
                self.continues[id(allocation)] = compiler.run(allocation.continue_while.node)
            if allocation.cap:
                self.caps[id(allocation)] = compiler.run(allocation.cap.node)
        self.ceilings = [(one, compiler.run(one.limit.node)) for one in pack.ceilings]
        self._scales = [1 if item.is_money else 10**pack.minor_digits for item in pack.items]
        self.inside = [place for place, item in enumerate(pack.items) if not item.outside]
        self._concerned = concerned(pack)
        self._named = (*pack.exclusions, *pack.reasons)
        self._derived_names = [one.id for one in pack.derived]
        self._approved = [item for item in pack.items if item.approval]
        self._funds = _funds(pack)
        self._needs = needs_named(pack)
        self._weights = weights(pack)
        self._params: dict[dt.date, list[Any]] = {}

    def decide(self, case: Case, *, on: dt.date) -> Decision:
        """Decide one case.

        Args:
            case: facts by place; an absent fact is unknown, never zero.
            on: the day whose parameter values hold, and ages are counted on.

        Raises:
            CaseRefused: the outcome hangs on a rule that has no value for these facts, like a
                division by zero, a number outside a table, or a parameter not yet in force.
        """
        frame = Frame(case.facts, case.members, self.params_on(on), on.toordinal())
        shares = self.evaluate(frame)
        decision = Decision(case.id, self.pack, on, frame=frame)
        shares = allocate(self, case, frame, shares, decision.log)
        shares = under_ceilings(self, case, frame, shares)
        self._tell(decision, frame, shares)
        decision.steps = frame.steps
        return decision

    def params_on(self, day: dt.date) -> list[Any]:
        """Give every parameter's value on a day; one not yet in force is unknown."""
        found = self._params.get(day)
        if found is None:
            held = [one.on(day) for one in self.pack.parameters]
            found = [
                anything(bit) if value is None else quick(value.value)
                for value, bit in zip(held, self._unknown_params, strict=True)
            ]
            if len(self._params) < DAYS_KEPT:
                self._params[day] = found
        return found

    def evaluate(self, frame: Frame) -> list[Share]:
        """Work out derived values, exclusions, category, and what each item would give by itself."""
        frame.derived = []
        for run in self._derived:
            frame.derived.append(run(frame))
        frame.any_exclusion = False
        frame.excluded = [run(frame) for run in self._exclusions]
        frame.any_exclusion = any_of(frame.excluded)
        self._categorise(frame)
        return [self._item(place, frame) for place in range(len(self._items))]

    def _categorise(self, frame: Frame) -> None:
        """Find the first category that holds, or all that may."""
        frame.categories = frame.category_needs = 0
        for place, run in enumerate(self._categories):
            value = run(frame)
            if value is False:
                continue
            frame.categories |= 1 << place
            if value is True:
                return
            frame.category_needs |= value.needs

    def _item(self, place: int, frame: Frame) -> Share:
        when_of, amount_of = self._items[place]
        when = when_of(frame)
        if when is False:
            return NOT_MET
        amount = self._rounded(place, amount_of(frame))
        if isinstance(amount, Unknown):
            return Undecided(needs_of(when) | amount.needs)
        if amount == 0:
            return NOTHING_DUE
        if when is not True:
            return Undecided(when.needs)
        if amount > MONEY_MINOR_MAX:
            raise CaseRefused("overflow", fact=self.pack.items[place].id, better=str(amount))
        return int(amount)

    def _rounded(self, place: int, amount: Quantity) -> Quantity:
        """Round to the pack's step, half up; below zero nothing is due."""
        step, scale = self.pack.step_minor, self._scales[place]
        if not isinstance(amount, Unknown):
            return max(0, to_step(amount * scale, step, 1))
        return greater(0, monotone(lambda value: to_step(value * scale, step, 1), amount))

    def _tell(self, decision: Decision, frame: Frame, shares: list[Share]) -> None:
        pack = self.pack
        if pack.categories and not frame.category_needs:
            decision.category = pack.categories[frame.categories.bit_length() - 1].id
        holds = frame.excluded + [run(frame) for run in self._reasons]
        holding = []
        if True in holds:
            holding = [one for one, value in zip(self._named, holds, strict=True) if value is True]
            decision.reasons = tuple([one.id for one in holding])
        undecided = []
        for item, share in zip(pack.items, shares, strict=True):
            if isinstance(share, int):
                decision.granted[item.id] = share
            elif isinstance(share, str):
                decision.refused[item.id] = self._why(item, share, holding)
            else:
                undecided.append((item.id, share.needs))
        if undecided or frame.category_needs:
            decision.undecided = tuple([item for item, _ in undecided])
            decision.needs = self.asked(frame.category_needs, [needs for _, needs in undecided])
        decision.exit, exit_needs = self._exit(frame)
        if exit_needs:
            decision.exit_needs = self.asked(exit_needs, [])
        decision.derived = dict(zip(self._derived_names, frame.derived, strict=True))
        self._tell_granted(decision, frame)

    def _tell_granted(self, decision: Decision, frame: Frame) -> None:
        """Say of what is granted who may pay, who must approve, and what goes first."""
        granted = decision.granted
        if not granted:
            return
        if self.pack.fund_rules:
            decision.funds = dict.fromkeys(granted, self._funds[decision.category])
        for item in self._approved:
            level = _approval(item, granted.get(item.id, 0))
            if level:
                decision.approval[item.id] = level
        if self._priorities:
            decision.priority = tuple(
                item for item, run in self._priorities if item in granted and run(frame) is True
            )

    def _why(self, item: Item, share: str, holding: list[Any]) -> tuple[str, ...]:
        if share != NOT_MET:
            return (share,)
        named = tuple(one.id for one in holding if item.id in self._concerned[one.id])
        return named or (share,)

    def _exit(self, frame: Frame) -> tuple[str | None, int]:
        needs = 0
        for one, run in self._exits:
            value = run(frame)
            if isinstance(value, Maybe):
                needs |= value.needs
            elif value:
                return (None, needs) if needs else (one.id, 0)
        return None, needs

    def asked(self, first: int, others: list[int]) -> tuple[str, ...]:
        """Name the facts of some needs, most decisive first.

        First those the category hangs on, then those that most items wait for, then those that
        most rules of the pack look at, then in the pack's order.

        Raises:
            CaseRefused: none of them is a fact: a rule has no value here.
        """
        everything = first
        for needs in others:
            everything |= needs
        found = [place for place in range(len(self._needs)) if everything >> place & 1]
        if everything and not found:
            raise self._refusal(everything)

        def rank(place: int) -> tuple[int, ...]:
            waiting = sum(needs >> place & 1 for needs in others)
            return (-(first >> place & 1), -waiting, -self._weights[place], place)

        return tuple(self._needs[place] for place in sorted(found, key=rank))

    def _refusal(self, needs: int) -> CaseRefused:
        lowest = needs & -needs
        at = self._faults[lowest]
        if isinstance(at, Node):
            code = {"div": "divided_by_zero", "band": "outside_table"}.get(
                at.op, "step_not_positive"
            )
            return CaseRefused(code, fact=at.text)
        parameter = next(one for one in self.pack.parameters if one.name == at)
        first = parameter.values[0].from_on.isoformat()
        return CaseRefused("no_parameter_yet", fact=parameter.name, better=first)


def _funds(pack: Pack) -> dict[str | None, tuple[str, ...]]:
    """Give the funds that may pay, by category; the key None where there are no categories."""
    ids: list[str | None] = [one.id for one in pack.categories] or [None]
    return {
        id_: tuple(rule.fund for rule in pack.fund_rules if id_ is None or id_ in rule.may_pay)
        for id_ in ids
    } | ({None: ()} if pack.categories else {})


def _approval(item: Item, minor: int) -> str:
    levels = [one.level for one in item.approval if minor > one.above]
    return levels[-1] if levels else ""


def any_of(values: Iterable[Truth]) -> Truth:
    """Say whether any holds, by Kleene's tables."""
    needs = 0
    for value in values:
        if value is True:
            return True
        if value is not False:
            needs |= value.needs
    return Maybe(needs) if needs else False


def needs_named(pack: Pack) -> list[str]:
    """Name each bit of the needs: the inputs in order, then the list of members."""
    names = [f"members.{one.name}" if one.of_member else one.name for one in pack.inputs]
    return [*names, "members"]
