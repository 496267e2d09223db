"""A rule read aloud: its expression in the words of a language, with the labels of its pack."""

from __future__ import annotations

import datetime as dt
from typing import Final

from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack, Parameter
from redress.engines.rules.sentences import named, phrases, put, written

_LOOSE: Final = frozenset({"and", "or", "if", "add", "sub", "min", "max"})
_TIGHT: Final = frozenset({"mul", "div", "neg", "not"})
_LISTED: Final = frozenset({"min", "max"})
_JOINED: Final = frozenset({"and", "or"})
_SUMS: Final = frozenset({"add", "sub"})


class Reader:
    """Reads the rules of one pack aloud in one language.

    Args:
        pack: whose rules.
        language: ``en``, ``fa`` or ``zh``.
        on: the day whose values are said beside the numbers' names; None says the names alone.
    """

    def __init__(self, pack: Pack, language: str, *, on: dt.date | None = None) -> None:
        self.pack, self.language, self.on = pack, language, on
        self._members = [one for one in pack.inputs if one.of_member]

    def read(self, node: Node) -> str:
        """Give an expression in words."""
        if node.op == "literal":
            return self._literal(node)
        if node.op in {"input", "member", "param", "derived"}:
            return self._label(node)
        if node.op == "category_in":
            return self._say("category_in", a=self._categories(int(str(node.value))))
        return self._step(node)

    def _step(self, node: Node) -> str:
        parts = self._parts(node)
        if node.op in _JOINED:
            return self._words(node.op).join(self._inside(node, one) for one in parts)
        if node.op in _LISTED:
            listed = self._words("separator").join(self.read(one) for one in parts)
            return self._say(node.op, a=listed)
        said = {key: self._inside(node, one) for key, one in zip("abc", parts, strict=False)}
        if node.op == "text_in" and isinstance(node.value, tuple):
            said["b"] = self._words("separator").join(self._codes(node))
        if node.op == "band" and isinstance(node.value, tuple):
            said |= {"b": node.value[0], "c": node.value[1]}
        return self._say(node.op, **said)

    def _parts(self, node: Node) -> list[Node]:
        """Give the parts; those of a chain like ``a and b and c`` side by side."""
        if node.op not in _JOINED | _LISTED:
            return list(node.args)
        found: list[Node] = []
        for one in node.args:
            found += self._parts(one) if one.op == node.op else [one]
        return found

    def _inside(self, node: Node, part: Node) -> str:
        """Read a part, in brackets where the whole would else be read otherwise."""
        said = self.read(part)
        chained = node.op in _SUMS and part.op in _SUMS and part is node.args[0]
        if part.op in _LOOSE and not chained and node.op in _JOINED | _SUMS | _TIGHT | {"if"}:
            return f"({said})"
        nested = node.op in _TIGHT and part.op in _TIGHT and part is not node.args[0]
        return f"({said})" if nested else said

    def _literal(self, node: Node) -> str:
        if isinstance(node.value, bool):
            return self._words("always" if node.value else "never")
        if node.value is None or isinstance(node.value, tuple):
            return node.text
        return written(node.value, node.base, self.pack, self.language)

    def _label(self, node: Node) -> str:
        at = int(str(node.value))
        if node.op == "derived":
            rule = self.pack.derived[at]
            return named(rule.label, rule.id, self.language)
        if node.op == "param":
            return self._number(self.pack.parameters[at])
        one = self._members[at] if node.op == "member" else self.pack.inputs[at]
        return named(one.label, one.name, self.language)

    def _number(self, one: Parameter) -> str:
        label = named(one.label, one.name, self.language)
        held = one.on(self.on) if self.on else None
        if held is None:
            return label
        return f"{label} ({written(held.value, one.base, self.pack, self.language)})"

    def _categories(self, bits: int) -> str:
        found = [
            named(rule.label, rule.id, self.language)
            for at, rule in enumerate(self.pack.categories)
            if bits >> at & 1
        ]
        listed = self._words("either").join(found)
        return f"({listed})" if len(found) > 1 else listed

    def _codes(self, node: Node) -> list[str]:
        codes = node.value if isinstance(node.value, tuple) else ()
        about = node.args[0]
        if about.op != "input" or about.base is not Base.TEXT:
            return list(codes)
        one = self.pack.inputs[int(str(about.value))]
        return [named(one.values.get(code, {}), code, self.language) for code in codes]

    def _words(self, name: str) -> str:
        return phrases("wording")[name][self.language]

    def _say(self, name: str, **said: str) -> str:
        return put(self._words(name), said)
