"""How the items of a category share: the best one, several in turn, or in order under a cap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redress.engines.rules.decision import (
    ABOVE_CEILING,
    CAPPED,
    NOT_BEST,
    ONE_GIVEN,
    STOPPED,
    Share,
    Undecided,
    money_items,
)
from redress.engines.rules.evaluate import Frame
from redress.engines.rules.facts import Case
from redress.engines.rules.known import Maybe, Unknown, needs_of
from redress.engines.rules.pack import Allocation, Pack

if TYPE_CHECKING:
    from redress.engines.rules.decide import Decider


def allocate(
    decider: Decider, case: Case, frame: Frame, shares: list[Share], log: list[str]
) -> list[Share]:
    """Share out among the items that take part; those outside the allocation stay as they are.

    Args:
        decider: the pack, ready.
        case: the facts; several in turn count each grant as income before the next test.
        frame: the evaluation before any grant.
        shares: what each item would give by itself.
        log: gets what was stopped or cut.
    """
    pack, inside = decider.pack, decider.inside
    if frame.category_needs:
        possible = [
            one.id for bit, one in enumerate(pack.categories) if frame.categories >> bit & 1
        ]
        if any(category in pack.allocations for category in possible):
            shares = _undecided(shares, inside, frame.category_needs)
        return shares
    category = pack.categories[frame.categories.bit_length() - 1].id if pack.categories else ""
    allocation = pack.allocations.get(category)
    if allocation is None:
        return shares
    if allocation.mode == "cap_in_order":
        return _cap_in_order(decider, frame, shares, allocation, log)
    needs = _needs_of(shares, inside)
    if needs:  # one not known may be the highest
        return _undecided(shares, inside, needs)
    if allocation.mode == "best_one":
        return _best_one(shares, inside, _already_given(pack, case, inside))
    return _Turns(decider, case, frame, allocation, log).share(shares, inside)


def _needs_of(shares: list[Share], places: list[int]) -> int:
    needs = 0
    for place in places:
        share = shares[place]
        if isinstance(share, Undecided):
            needs |= share.needs
    return needs


def _undecided(shares: list[Share], places: list[int], needs: int) -> list[Share]:
    """Leave open every item among some that is not refused already."""
    return [
        Undecided(needs | (share.needs if isinstance(share, Undecided) else 0))
        if place in places and not isinstance(share, str)
        else share
        for place, share in enumerate(shares)
    ]


def _already_given(pack: Pack, case: Case, places: list[int]) -> frozenset[int]:
    """Find the items, of those that share, that were given this year."""
    return frozenset(place for place in places if case.given.get(pack.items[place].id))


def _best_one(shares: list[Share], places: list[int], given: frozenset[int]) -> list[Share]:
    """Leave the highest alone; where one kind was given this year, no other is."""
    shares, best = list(shares), _highest(shares, places)
    for place in places:
        if not isinstance(shares[place], int):
            continue
        if given and place not in given:
            shares[place] = ONE_GIVEN
        elif not given and place != best:
            shares[place] = NOT_BEST
    return shares


def _highest(shares: list[Share], places: list[int]) -> int | None:
    """Find the highest sum; of equal ones the first in the pack."""
    best: int | None = None
    most = 0
    for place in places:
        share = shares[place]
        if isinstance(share, int) and share > most:
            best, most = place, share
    return best


def _cap_in_order(
    decider: Decider, frame: Frame, shares: list[Share], allocation: Allocation, log: list[str]
) -> list[Share]:
    pack, shares = decider.pack, list(shares)
    places = {item.id: place for place, item in enumerate(pack.items)}
    order = [places[name] for name in allocation.order]
    room = decider.caps[id(allocation)](frame)
    if isinstance(room, Unknown):
        return _undecided(shares, order, room.needs)
    left = max(0, int(room // pack.step_minor) * pack.step_minor)
    needs = 0
    for place in order:
        share = shares[place]
        if isinstance(share, str):
            continue
        if left == 0:
            shares[place] = CAPPED
        elif isinstance(share, Undecided) or needs:
            needs |= share.needs if isinstance(share, Undecided) else 0
            shares[place] = Undecided(needs)
        else:
            shares[place], left = min(share, left), left - min(share, left)
        if shares[place] != share and not needs:
            log.append(f"{pack.items[place].id} cut by cap")
    return shares


class _Turns:
    """Several items in turn, highest first; each grant counts as income before the next test."""

    def __init__(
        self, decider: Decider, case: Case, frame: Frame, allocation: Allocation, log: list[str]
    ) -> None:
        self.decider, self.case, self.frame, self.log = decider, case, frame, log
        self.test = decider.continues.get(id(allocation))
        self.money = money_items(decider.pack)

    def share(self, shares: list[Share], places: list[int]) -> list[Share]:
        final, now = list(shares), list(shares)
        left = [place for place in places if isinstance(shares[place], int)]
        aid = 0
        while left:
            best = _highest(now, left)
            if best is not None:
                final[best] = now[best]
                left.remove(best)
                aid += self._as_aid(best, now[best])
            else:
                for place in left:
                    final[place] = now[place]
                return final
            if not left:
                return final
            frame, now = self._again(aid)
            stop = self._stopped(frame, now, left)
            if stop is not None:
                return self._close(final, left, shares, stop)
        return final

    def _as_aid(self, place: int, share: Share) -> int:
        is_money = self.decider.pack.items[place].id in self.money
        return share if is_money and isinstance(share, int) else 0

    def _again(self, aid: int) -> tuple[Frame, list[Share]]:
        """Evaluate anew with the aid given so far counted as income."""
        place = self.decider.pack.aid_input
        facts = list(self.case.facts)
        if place is not None and facts[place] is not None:
            facts[place] += aid
        frame = replace(self.frame, facts=facts, steps=self.frame.steps)
        return frame, self.decider.evaluate(frame)

    def _stopped(self, frame: Frame, now: list[Share], left: list[int]) -> Share | None:
        """Say why no further item is granted, or None to go on."""
        going = self.test(frame) if self.test else True
        if isinstance(going, Maybe):
            return Undecided(going.needs)
        if going is False:
            return STOPPED
        needs = frame.category_needs | _needs_of(now, left)
        return Undecided(needs) if needs_of(going) or needs else None

    def _close(
        self, final: list[Share], left: list[int], shares: list[Share], stop: Share
    ) -> list[Share]:
        items = self.decider.pack.items
        for place in sorted(left, key=lambda place: -_sum(shares[place])):
            final[place] = stop
            if stop == STOPPED:
                self.log.append(f"stopped: {items[place].id}")
        return final


def _sum(share: Share) -> int:
    return share if isinstance(share, int) else 0


def under_ceilings(decider: Decider, case: Case, frame: Frame, shares: list[Share]) -> list[Share]:
    """Refuse, last of all, what would go above a limit by law with the aid given this year."""
    if not decider.ceilings:
        return shares
    shares = list(shares)
    places = {item.id: place for place, item in enumerate(decider.pack.items)}
    for ceiling, run in decider.ceilings:
        place = places[ceiling.item]
        share = shares[place]
        if not isinstance(share, int):
            continue
        limit = run(frame)
        above = share + case.given.get(ceiling.item, 0) > limit
        if above is True:
            shares[place] = ABOVE_CEILING
        elif isinstance(above, Maybe):
            shares[place] = Undecided(above.needs)
    return shares
