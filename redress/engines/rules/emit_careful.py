"""Writes code for rows with absent facts: every number a range, every truth with what it waits for."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from redress.engines.rules.emit import Unsupported, Writer, key_of, text_places
from redress.engines.rules.nodes import Base, Node, Number
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.sizes import DECIMAL_BY

_NAMES: Final = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "div": "div",
    "neg": "neg",
    "lt": "lt",
    "le": "le",
    "eq": "eq",
    "not": "opposite",
    "same": "same",
}


class CarefulWriter(Writer):
    """Writes one function whose every value is a tuple of ``intervals.py``."""

    def __init__(self, pack: Pack, bits: dict[int, int], members_bit: int) -> None:
        super().__init__(pack)
        self.bits, self.members_bit = bits, members_bit
        self._texts = {key_of(node): at for at, (_, _, node) in enumerate(text_places(pack))}

    def _call(self, node: Node) -> str:
        args = ", ".join(str(self.emit(one)) for one in node.args)
        return self.let(f"iv.{_NAMES[node.op]}({args})")

    do_add = do_sub = do_mul = do_div = do_neg = do_lt = do_le = do_eq = do_not = do_same = _call

    def do_gt(self, node: Node) -> str:
        """Ask whether a > b."""
        left, right = (self.emit(one) for one in node.args)
        return self.let(f"iv.lt({right}, {left})")

    def do_ge(self, node: Node) -> str:
        """Ask whether a >= b."""
        left, right = (self.emit(one) for one in node.args)
        return self.let(f"iv.le({right}, {left})")

    def do_ne(self, node: Node) -> str:
        """Ask whether a and b differ."""
        left, right = (self.emit(one) for one in node.args)
        return self.let(f"iv.opposite(iv.eq({left}, {right}))")

    def _fold(self, node: Node) -> str:
        name = {"and": "both", "or": "either", "min": "smaller", "max": "greater"}[node.op]
        found = str(self.emit(node.args[0]))
        for one in node.args[1:]:
            found = self.let(f"iv.{name}({found}, {self.emit(one)})")
        return found

    do_and = do_or = do_min = do_max = _fold

    def do_if(self, node: Node) -> str:
        """Choose, or range over both."""
        test, yes, no = (self.emit(one) for one in node.args)
        name = "choose_truth" if node.base is Base.BOOL else "choose"
        return self.let(f"iv.{name}({test}, {yes}, {no})")

    def do_round_to(self, node: Node) -> str:
        """Round half up to steps."""
        value, step = (self.emit(one) for one in node.args)
        return self.let(f"steps.to_step({value}, {step}, 1)")

    def do_floor_to(self, node: Node) -> str:
        """Round down to steps."""
        value, step = (self.emit(one) for one in node.args)
        return self.let(f"steps.to_step({value}, {step}, 0)")

    def do_literal(self, node: Node) -> str:
        """Write a written value.

        Raises:
            Unsupported: there is no compiled form of it.
        """
        if isinstance(node.value, bool):
            return f"({int(node.value)}, 0)"
        if not isinstance(node.value, int | Fraction):
            raise Unsupported("text")
        return self._exact(node.value)

    def _exact(self, value: Number) -> str:
        fraction = Fraction(value)
        return self.let(f"iv.exactly({fraction.numerator}, {fraction.denominator})")

    def do_param(self, node: Node) -> str:
        """Name a parameter."""
        down = "1" if node.base is Base.MONEY else f"p{node.value}d"
        return self.let(f"iv.exactly(p{node.value}n, {down})")

    def do_day(self, _node: Node) -> str:
        """Name the day."""
        return self.let("iv.exactly(day, 1)")

    def do_input(self, node: Node) -> str:
        """Name a fact, or the range it may have."""
        place = int(str(node.value))
        one, bit = self.pack.inputs[place], self.bits.get(place)
        if one.base is Base.BOOL:
            return self._known_or(bit, f"(int(x{place} != 0), 0)", f"(2, {bit})")
        down = 1 if one.whole or one.base is not Base.NUMBER else DECIMAL_BY
        return self._known_or(bit, f"iv.exactly(x{place}, {down})", self._range(one, bit))

    def _known_or(self, bit: int | None, known: str, unknown: str) -> str:
        return self.let(known if bit is None else f"{unknown} if absent & {bit} else {known}")

    def _range(self, one: Input, bit: int | None) -> str:
        parts = []
        for bound, sign in ((one.low, -1), (one.high, 1)):
            fraction = None if bound is None else Fraction(bound)
            ends = (sign, 0) if fraction is None else (fraction.numerator, fraction.denominator)
            parts += [str(end) for end in ends]
        return f"iv.between({', '.join(parts)}, {bit})"

    def do_member(self, node: Node) -> str:
        """Name a fact of the member; rows with one absent are decided by the reference."""
        place = self.members[int(str(node.value))]
        one = self.pack.inputs[place]
        if one.base is Base.BOOL:
            return self.let(f"(int(c{place}[j] * m{place} + o{place} != 0), 0)")
        down = 1 if one.whole or one.base is not Base.NUMBER else DECIMAL_BY
        return self.let(f"iv.exactly(c{place}[j] * m{place} + o{place}, {down})")

    def do_category_in(self, node: Node) -> str:
        """Ask whether the category is one of some."""
        found = self.name()
        self.line(f"{found} = (2, category_needs)")
        with self.block(f"if categories & ~{node.value} == 0:"):
            self.line(f"{found} = (1, 0)")
        with self.block(f"elif categories & {node.value} == 0:"):
            self.line(f"{found} = (0, 0)")
        return found

    def do_band(self, node: Node) -> str:
        """Look up a table."""
        name, column = node.value if isinstance(node.value, tuple) else ("", "")
        at = [*self.pack.tables].index(name)
        column_at = self.pack.tables[name].columns.index(column)
        value = self.emit(node.args[0])
        tables = f"low_{at}, high_{at}, n_{at}_{column_at}, d_{at}_{column_at}"
        return self.let(f"steps.band({value}, {tables})")

    def _days(self, node: Node) -> str:
        first, last = (self.emit(one) for one in node.args)
        found = self.name()
        self.line(f"{found} = iv.anything({first}[4] | {last}[4])")
        with self.block(f"if {first}[4] | {last}[4] == 0:"):
            self.line(f"{found} = iv.exactly({node.op}({first}[0], {last}[0]), 1)")
        return found

    do_age_on = do_months_between = _days

    def do_text_in(self, node: Node) -> str:
        """Ask whether a text is one of some."""
        at = self._texts[key_of(node)]
        if node.args[0].op == "member":
            return self.let(f"(int(tc{at}[j] != 0), 0)")
        place = node.args[0].value
        bit = self.bits.get(int(str(place)))
        return self._known_or(bit, f"(int(t{at} != 0), 0)", f"(2, {bit})")

    def _members(self, node: Node) -> str:
        is_any = node.op == "members_any"
        bit, total = self.members_bit, self.name()
        empty = "(0, 0)" if is_any else "iv.exactly(0, 1)"
        if node.op in {"members_min", "members_max"}:
            empty = f"iv.anything({bit})"
        unknown = f"(2, {bit})" if is_any else f"iv.anything({bit})"
        self.line(f"{total} = {empty}")
        with self.block(f"if absent & {bit}:"):
            self.line(f"{total} = {unknown}")
        with self.block("else:"), self.block("for j in range(j0, j1):"):
            body = self.emit(node.args[0])
            call = {"members_any": "either", "members_sum": "add", "members_min": "smaller"}
            joined = f"iv.{call.get(node.op, 'greater')}({total}, {body})"
            first = node.op in {"members_min", "members_max"}
            self.line(f"{total} = {f'{body} if j == j0 else ' if first else ''}{joined}")
        return total

    do_members_any = do_members_sum = do_members_min = do_members_max = _members

    def do_members_count(self, _node: Node) -> str:
        """Count the members."""
        bit = self.members_bit
        return self.let(f"(0, 1, 1, 0, {bit}) if absent & {bit} else iv.exactly(j1 - j0, 1)")
