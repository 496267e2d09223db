"""Known rows: tables, days, texts, lists and members; steps over members share a loop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from redress.engines.rules.emit import Unsupported, key_of, text_places
from redress.engines.rules.emit_known import KnownWriter
from redress.engines.rules.facts import ELEMENTS_MAX, MEMBERS_MAX
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import DECIMAL_BY, Num, by, within

_MEMBER_FREE: Final = frozenset({"derived", "any_exclusion", "category_in"})


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a list: its input and the names of its first and last place."""

    place: int
    start: str
    stop: str


class KnownOver(KnownWriter):
    """Adds lists, members and texts."""

    def __init__(self, pack: Pack, cutoffs: list[Node]) -> None:
        super().__init__(pack, cutoffs)
        self._downs: dict[str, str] = {}
        self._texts = {key_of(node): at for at, (_, _, node) in enumerate(text_places(pack))}

    def do_band(self, node: Node) -> Num:
        """Look up a table; outside of it the row is lost to the reference.

        Raises:
            Unsupported: there is no compiled form of it.
        """
        a = self.number(node.args[0])
        name, column = node.value if isinstance(node.value, tuple) else ("", "")
        bands = self.pack.tables[name].bands
        n, d = self.name(), self.name()
        self.line(f"{n} = 0")
        self.line(f"{d} = 1")
        head = "if"
        for band in bands:
            value = Fraction(band.columns[column])
            low, high = by(str(band.low), a.d), by(str(band.high), a.d)
            if band.low < 0 or band.high < 0:
                raise Unsupported("negative bands")
            with self.block(f"{head} {low} <= {a.n} <= {high}:"):
                self.line(f"{n} = {value.numerator}")
                self.line(f"{d} = {value.denominator}")
            head = "elif"
        with self.block("else:"):
            self.line("bad = 1")
        values = [Fraction(band.columns[column]) for band in bands]
        self.fits(by(str(bands[-1].high), a.by))
        size = str(max(abs(value.numerator) for value in values))
        by_size = str(max(value.denominator for value in values))
        return self.num(n, "1" if by_size == "1" else d, size, by_size)

    def _days(self, node: Node) -> Num:
        first, last = (self.number(one) for one in node.args)
        return self.num(f"{node.op}({first.n}, {last.n})", "1", "200000", "1")

    do_age_on = do_months_between = _days

    def do_category_in(self, node: Node) -> str:
        """Ask whether the category is one of some."""
        return self.let(f"({node.value} >> category) & 1 == 1")

    def fuse(self, nodes: Iterable[Node]) -> None:
        """Write one loop over the members for all steps that need nothing of the household's own."""
        unique = {key_of(node): node for node in nodes if node.op.startswith("members_")}
        ready = [
            node
            for node in unique.values()
            if node.args and _is_free(node) and not self.knows(node)
        ]
        if ready:
            self._loop(ready)

    def _members(self, node: Node) -> Num | str:
        self._loop([node])
        return self._memo[key_of(node)]  # type: ignore[no-any-return] # what the loop left

    do_members_sum = do_members_min = do_members_max = do_members_any = _members

    def _loop(self, nodes: list[Node]) -> None:
        totals = [self.name() for _ in nodes]
        self._downs = {total: self.name() for total in totals}
        for total, node in zip(totals, nodes, strict=True):
            self.line(f"{total} = {'False' if node.op == 'members_any' else '0'}")
            if node.op != "members_any":
                self.line(f"{self._downs[total]} = 1")
            if node.op in {"members_min", "members_max"}:
                self.line("bad |= j0 == j1")  # nothing has no smallest
        bodies: list[Num | str] = []
        with self.block("for j in range(j0, j1):"):
            for total, node in zip(totals, nodes, strict=True):
                bodies.append(self._body(total, node))
        for total, node, body in zip(totals, nodes, bodies, strict=True):
            self.known_as(node, self._total(total, node, body))

    def _body(self, total: str, node: Node) -> Num | str:
        if node.op == "members_any":
            found = self.truth(node.args[0])
            self.line(f"{total} |= {found}")
            return found
        body = self.number(node.args[0])
        if not body.even:
            raise Unsupported("fractions of members")
        if not body.d.isdigit():
            self.line(f"{self._downs[total]} = {body.d}")
        if node.op == "members_sum":
            self.line(f"{total} += {body.n}")
        else:
            sign = "<" if node.op == "members_min" else ">"
            self.line(f"{total} = {body.n} if (j == j0) | ({body.n} {sign} {total}) else {total}")
        return body

    def _total(self, total: str, node: Node, body: Num | str) -> Num | str:
        if not isinstance(body, Num):
            return total
        times = str(MEMBERS_MAX) if node.op == "members_sum" else "1"
        down = body.d if body.d.isdigit() else self._downs[total]
        return self.num(total, down, by(body.size, times), body.by)

    def do_members_count(self, _node: Node) -> Num:
        """Count the members."""
        return self.num("j1 - j0", "1", str(MEMBERS_MAX), "1")

    def _span(self, node: Node) -> Span:
        if node.op == "input":
            place = int(str(node.value))
            return Span(place, f"k{place}0", f"k{place}1")
        inner, count = self._span(node.args[0]), self.number(node.args[1])
        whole = f"{count.n} // {count.d}"
        start = self.let(f"max({inner.start}, {inner.stop} - max({whole}, 0))")
        return Span(inner.place, start, inner.stop)

    def do_list_len(self, node: Node) -> Num:
        """Count the elements."""
        span = self._span(node.args[0])
        return self.num(f"{span.stop} - {span.start}", "1", str(ELEMENTS_MAX), "1")

    def do_list_count(self, node: Node) -> Num:
        """Count the elements as the divisor of a mean: nothing has no mean."""
        found = self.do_list_len(node)
        self.line(f"bad |= {found.n} <= 0")
        return found

    def _element(self, span: Span) -> Num:
        place, one = span.place, self.pack.inputs[span.place]
        of, read = one.of or Base.MONEY, f"l{place}[k] * m{place} + o{place}"
        name = self.let(within(read, of, whole=False))
        if one.of is Base.NUMBER:
            return Num(name, str(DECIMAL_BY), f"(number * {DECIMAL_BY})", str(DECIMAL_BY))
        return Num(name, "1", {Base.MONEY: "money"}.get(one.of or Base.DATE, "4000000"), "1")

    def _fold(self, node: Node) -> Num:
        span, total = self._span(node.args[0]), self.name()
        self.line(f"{total} = 0")
        if node.op != "list_sum":
            self.line(f"bad |= {span.start} >= {span.stop}")
        with self.block(f"for k in range({span.start}, {span.stop}):"):
            one = self._element(span)
            sign = {"list_min": "<", "list_max": ">"}.get(node.op)
            if sign is None:
                self.line(f"{total} += {one.n}")
            else:
                test = f"(k == {span.start}) | ({one.n} {sign} {total})"
                self.line(f"{total} = {one.n} if {test} else {total}")
        times = str(ELEMENTS_MAX) if node.op == "list_sum" else "1"
        return self.num(total, one.d, by(one.size, times), one.by)

    do_list_sum = do_list_min = do_list_max = _fold

    def do_list_has(self, node: Node) -> str:
        """Ask whether a list holds a value."""
        if key_of(node) in self._texts:
            return self._text(node)
        span, wanted = self._span(node.args[0]), self.number(node.args[1])
        found = self.let("False")
        with self.block(f"for k in range({span.start}, {span.stop}):"):
            test = self.comparison(self._element(span), "==", wanted)
            self.line(f"{found} |= {test}")
        return found

    def do_text_in(self, node: Node) -> str:
        """Ask whether a text is one of some: a column of truth values made beforehand."""
        return self._text(node)

    def _text(self, node: Node) -> str:
        at = self._texts[key_of(node)]
        if node.args[0].op == "member":
            return self.let(f"{'ft' if self.member_column == 'f' else 'tc'}{at}[j] != 0")
        return self.let(f"t{at} != 0")


def _is_free(node: Node) -> bool:
    return all(one.op not in _MEMBER_FREE for one in node.walk())
