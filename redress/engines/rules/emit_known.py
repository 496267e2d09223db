"""Writes code for rows whose facts are all known: fractions of whole numbers in 64 bits.

Each number is ``n / d``. Beside the code stands a proof of it: the same steps over the greatest size
each number can have, in Python's unbounded whole numbers. Where the proof finds that all stay in 64
bits for facts up to a size, the code is exact for them by construction; larger facts go elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from redress.engines.rules.emit import Unsupported, Writer
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import AID_ON_THE_WAY_MAX, DECIMAL_BY, Num, by, within

_COMPARE: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


class KnownWriter(Writer):
    """Writes one function and its proof."""

    def __init__(self, pack: Pack, cutoffs: list[Node]) -> None:
        super().__init__(pack)
        self.proof: list[str] = []
        self.cutoffs = cutoffs  # comparisons of an age with a fixed number
        self.sized, self.member_column = "s", "c"  # how sizes and columns of members are called

    def fits(self, size: str) -> str:
        """Write into the proof that a size must fit; give its name."""
        if size.isdigit():
            return size
        name = f"{self.sized}{len(self.proof)}"
        self.proof.append(f"{name} = fit({size})")
        return name

    def num(self, n: str, d: str, size: str, by_size: str, *of: Num) -> Num:
        """Write a number of two parts, made of others."""
        n = n if n.lstrip("-").isdigit() or n.isidentifier() else self.let(n)
        d = d if d.isdigit() or d.isidentifier() else self.let(d)
        even, fixed = all(one.even for one in of), bool(of) and all(one.fixed for one in of)
        return Num(n, d, self.fits(size), self.fits(by_size), even, fixed)

    def number(self, node: Node) -> Num:
        """Write a step that gives a number.

        Raises:
            Unsupported: there is no compiled form of it.
        """
        found = self.emit(node)
        if not isinstance(found, Num):
            raise Unsupported(node.op)
        return found

    def truth(self, node: Node) -> str:
        """Write a step that gives a truth value."""
        return str(self.emit(node))

    def do_literal(self, node: Node) -> Num | str:
        """Write a written value.

        Raises:
            Unsupported: there is no compiled form of it.
        """
        if isinstance(node.value, bool):
            return str(node.value)
        if not isinstance(node.value, int | Fraction):
            raise Unsupported("text")
        value = Fraction(node.value)
        n, d = str(value.numerator), str(value.denominator)
        return Num(n, d, str(abs(value.numerator)), d, fixed=True)

    def do_input(self, node: Node) -> Num | str:
        """Name a fact of the household."""
        return self._fact(int(str(node.value)), f"x{node.value}")

    def do_member(self, node: Node) -> Num | str:
        """Name a fact of the member."""
        place = self.members[int(str(node.value))]
        one, read = self.pack.inputs[place], f"{self.member_column}{place}[j] * m{place} + o{place}"
        return self._fact(place, self.let(within(read, one.base, whole=one.whole)))

    def _fact(self, place: int, name: str) -> Num | str:
        one = self.pack.inputs[place]
        if one.base is Base.BOOL:
            return self.let(f"{name} != 0")
        if one.base in {Base.TEXT, Base.LIST}:
            raise Unsupported("text")
        size = {Base.MONEY: "money", Base.DATE: "4000000"}.get(one.base, "number")
        if place == self.pack.aid_input:  # counts what is granted on the way as well
            size = f"(money + {AID_ON_THE_WAY_MAX})"
        if one.base is Base.NUMBER and not one.whole:
            return Num(name, str(DECIMAL_BY), f"(number * {DECIMAL_BY})", str(DECIMAL_BY))
        return Num(name, "1", size, "1")

    def do_param(self, node: Node) -> Num:
        """Name a parameter: an argument of the code, so that a new value needs no new code."""
        place = node.value
        if node.base is Base.MONEY:  # whole minor units
            return Num(f"p{place}n", "1", f"p{place}n_size", "1", fixed=True)
        return Num(f"p{place}n", f"p{place}d", f"p{place}n_size", f"p{place}d_size", fixed=True)

    def do_day(self, _node: Node) -> Num:
        """Name the day."""
        return Num("day", "1", "4000000", "1", fixed=True)

    def do_neg(self, node: Node) -> Num:
        """Turn the sign."""
        a = self.number(node.args[0])
        return self.num(f"-{a.n}", a.d, a.size, a.by, a)

    def _sum(self, node: Node, sign: str) -> Num:
        a, b = (self.number(one) for one in node.args)
        if a.d == b.d:
            return self.num(f"{a.n} {sign} {b.n}", a.d, f"{a.size} + {b.size}", a.by, a, b)
        n = f"{by(a.n, b.d)} {sign} {by(b.n, a.d)}"
        size = f"fit({by(a.size, b.by)}) + fit({by(b.size, a.by)})"
        return self.num(n, by(a.d, b.d), size, by(a.by, b.by), a, b)

    def do_add(self, node: Node) -> Num:
        """Add."""
        return self._sum(node, "+")

    def do_sub(self, node: Node) -> Num:
        """Subtract."""
        return self._sum(node, "-")

    def do_mul(self, node: Node) -> Num:
        """Multiply."""
        a, b = (self.number(one) for one in node.args)
        return self.num(by(a.n, b.n), by(a.d, b.d), by(a.size, b.size), by(a.by, b.by), a, b)

    def do_div(self, node: Node) -> Num:
        """Divide; by zero, the row is lost to the reference."""
        a, b = (self.number(one) for one in node.args)
        size, by_size = by(a.size, b.by), by(a.by, b.size)
        if b.n.isdigit():
            return self.num(by(a.n, b.d), by(a.d, b.n), size, by_size, a, b)
        n, d = self.let(by(a.n, b.d)), self.let(by(a.d, b.n))
        with self.block(f"if {d} < 0:"):
            self.line(f"{n} = -{n}")
            self.line(f"{d} = -{d}")
        with self.block(f"elif {d} == 0:"):
            self.line("bad = 1")
            self.line(f"{d} = 1")
        found = self.num(n, d, size, by_size, a, b)
        return found if b.fixed else replace(found, even=False)

    def comparison(self, a: Num, sign: str, b: Num) -> str:
        """Write a comparison of two numbers."""
        if a.d == b.d:
            return f"{a.n} {sign} {b.n}"
        self.fits(by(a.size, b.by))
        self.fits(by(b.size, a.by))
        return f"{by(a.n, b.d)} {sign} {by(b.n, a.d)}"

    def _compare(self, node: Node) -> str:
        found = self._age_test(node)
        if found is None:
            a, b = (self.number(one) for one in node.args)
            found = self.comparison(a, _COMPARE[node.op], b)
        return self.let(found)

    do_lt = do_le = do_gt = do_ge = do_eq = do_ne = _compare

    def _age_test(self, node: Node) -> str | None:
        """Write an age beside a fixed number as a day of birth beside a fixed day."""
        age, fixed = node.args
        if age.op != "age_on" or age.args[1].op != "day" or fixed.op not in {"literal", "param"}:
            return None
        if node.op not in {"lt", "le", "gt", "ge"}:
            return None
        birth = self.number(age.args[0])
        self.cutoffs.append(node)
        sign = "<=" if node.op in {"gt", "ge"} else ">"
        return f"{birth.n} {sign} q{len(self.cutoffs) - 1}"

    def do_not(self, node: Node) -> str:
        """Turn a truth value."""
        return self.let(f"not {self.truth(node.args[0])}")

    def do_and(self, node: Node) -> str:
        """Ask whether all hold."""
        return self.let(" & ".join(f"({self.truth(one)})" for one in node.args))

    def do_or(self, node: Node) -> str:
        """Ask whether any holds."""
        return self.let(" | ".join(f"({self.truth(one)})" for one in node.args))

    def do_same(self, node: Node) -> str:
        """Ask whether two truth values are the same."""
        left, right = (self.truth(one) for one in node.args)
        return self.let(f"{left} == {right}")

    def do_if(self, node: Node) -> Num | str:
        """Choose; only the chosen side is worked out."""
        test = self.truth(node.args[0])
        if node.base is Base.BOOL:
            yes, no = self.truth(node.args[1]), self.truth(node.args[2])
            return self.let(f"({test} & {yes}) | ((not {test}) & {no})")
        if all(one.op in {"literal", "param", "input", "member"} for one in node.args[1:]):
            return self._either(test, self.number(node.args[1]), self.number(node.args[2]))
        return self._branches(test, node)

    def _either(self, test: str, yes: Num, no: Num) -> Num:
        size, by_size = f"max({yes.size}, {no.size})", f"max({yes.by}, {no.by})"
        if yes.d == no.d:
            found = self.num(f"{yes.n} if {test} else {no.n}", yes.d, size, by_size, yes, no)
        elif yes.even and no.even:  # one lower part for both
            n = f"{by(yes.n, no.d)} if {test} else {by(no.n, yes.d)}"
            size = f"max({by(yes.size, no.by)}, {by(no.size, yes.by)})"
            found = self.num(n, by(yes.d, no.d), size, by(yes.by, no.by), yes, no)
        else:
            d = f"({yes.d} if {test} else {no.d})"
            found = self.num(f"{yes.n} if {test} else {no.n}", d, size, by_size, yes, no)
        return replace(found, fixed=False)

    def _branches(self, test: str, node: Node) -> Num:
        n, d = self.name(), self.name()
        sides = []
        for head, side in ((f"if {test}:", node.args[1]), ("else:", node.args[2])):
            with self.block(head):
                found = self.number(side)
                self.line(f"{n} = {found.n}")
                self.line(f"{d} = {found.d}")
            sides.append(found)
        by_size = f"max({sides[0].by}, {sides[1].by})"
        same = sides[0].d == sides[1].d and sides[0].d.isdigit()
        size = f"max({sides[0].size}, {sides[1].size})"
        found = self.num(n, sides[0].d if same else d, size, by_size)
        return replace(found, even=same)

    def _extreme(self, node: Node, sign: str) -> Num:
        found = self.number(node.args[0])
        for one in node.args[1:]:
            other = self.number(one)
            test = self.let(self.comparison(found, sign, other))
            found = self._either(test, found, other)
        return found

    def do_min(self, node: Node) -> Num:
        """Give the smallest."""
        return self._extreme(node, "<=")

    def do_max(self, node: Node) -> Num:
        """Give the greatest."""
        return self._extreme(node, ">=")

    def _to_step(self, node: Node, half: str) -> Num:
        a, step = (self.number(one) for one in node.args)
        if not step.n.isdigit():
            step = replace(step, n=self.let(f"max({step.n}, 1)"))
            self.line(f"bad |= {self.number(node.args[1]).n} <= 0")
        down = by("2", by(step.n, a.d))
        up = by(half, by(step.n, a.d))
        size = f"fit({by('2', by(a.size, step.by))}) + fit({by(step.size, a.by)})"
        self.fits(size)
        self.fits(by("2", by(step.size, a.by)))
        steps = f"({by('2', by(a.n, step.d))} + {up}) // {down}"
        result = f"fit({by(a.size, step.by)}) + {step.size}"
        return self.num(f"{by(f'({steps})', step.n)}", step.d, result, step.by)

    def do_round_to(self, node: Node) -> Num:
        """Round half up to steps."""
        return self._to_step(node, "1")

    def do_floor_to(self, node: Node) -> Num:
        """Round down to steps."""
        return self._to_step(node, "0")
