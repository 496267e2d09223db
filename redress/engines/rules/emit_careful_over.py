"""Rows with absent facts: steps over lists. A list is known as a whole or absent as a whole here."""

from __future__ import annotations

from redress.engines.rules.emit import key_of
from redress.engines.rules.emit_careful import CarefulWriter
from redress.engines.rules.emit_known_over import Span
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.sizes import DECIMAL_BY


class CarefulOver(CarefulWriter):
    """Adds lists."""

    def _span(self, node: Node) -> Span:
        if node.op == "input":
            place = int(str(node.value))
            return Span(place, f"k{place}0", f"k{place}1")
        inner, count = self._span(node.args[0]), self.emit(node.args[1])
        whole = f"{count}[0] // {count}[1]"
        start = self.let(f"max({inner.start}, {inner.stop} - max({whole}, 0))")
        return Span(inner.place, start, inner.stop)

    def _element(self, span: Span) -> str:
        place, of = span.place, self.pack.inputs[span.place].of
        value = f"l{place}[k] * m{place} + o{place}"
        if of is Base.BOOL:
            return self.let(f"(int({value} != 0), 0)")
        return self.let(f"iv.exactly({value}, {DECIMAL_BY if of is Base.NUMBER else 1})")

    def _or_absent(self, place: int, unknown: str, known: str) -> str:
        return self.let(f"{unknown} if absent & {self.bits[place]} else {known}")

    def do_list_len(self, node: Node) -> str:
        """Count the elements."""
        span = self._span(node.args[0])
        bit = self.bits[span.place]
        known = f"iv.exactly({span.stop} - {span.start}, 1)"
        return self._or_absent(span.place, f"(0, 1, 1, 0, {bit})", known)

    def do_list_count(self, node: Node) -> str:
        """Count the elements as the divisor of a mean."""
        span = self._span(node.args[0])
        bit, count = self.bits[span.place], f"{span.stop} - {span.start}"
        known = f"(iv.exactly({count}, 1) if {count} > 0 else iv.anything({bit}))"
        return self._or_absent(span.place, f"iv.anything({bit})", known)

    def _fold_list(self, node: Node) -> str:
        span, total = self._span(node.args[0]), self.name()
        bit = self.bits[span.place]
        is_sum = node.op == "list_sum"
        self.line(f"{total} = {'iv.exactly(0, 1)' if is_sum else f'iv.anything({bit})'}")
        with self.block(f"if absent & {bit}:"):
            self.line(f"{total} = iv.anything({bit})")
        with self.block("else:"), self.block(f"for k in range({span.start}, {span.stop}):"):
            one = self._element(span)
            name = {"list_sum": "add", "list_min": "smaller"}.get(node.op, "greater")
            first = "" if is_sum else f"{one} if k == {span.start} else "
            self.line(f"{total} = {first}iv.{name}({total}, {one})")
        return total

    do_list_sum = do_list_min = do_list_max = _fold_list

    def _seek(self, span: Span, wanted: str, found: str) -> None:
        with self.block(f"for k in range({span.start}, {span.stop}):"):
            one = self._element(span)
            with self.block(f"if iv.eq({one}, {wanted})[0] == 1:"):
                self.line(f"{found} = (1, 0)")

    def do_list_has(self, node: Node) -> str:
        """Ask whether a list holds a value."""
        place = self._span(node.args[0]).place
        bit = self.bits[place]
        if key_of(node) in self._texts:
            at = self._texts[key_of(node)]
            return self._or_absent(place, f"(2, {bit})", f"(int(t{at} != 0), 0)")
        span, wanted = self._span(node.args[0]), self.emit(node.args[1])
        found = self.let(f"(2, {bit} | {wanted}[4]) if absent & {bit} else (0, {wanted}[4])")
        with self.block(f"if (absent & {bit} == 0) & ({wanted}[4] == 0):"):
            self._seek(span, wanted, found)
        with self.block(f"elif {found}[0] == 0:"):
            self.line(f"{found} = (2, {found}[1])")
        return found
