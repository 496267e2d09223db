"""What both writers of compiled code share: lines, names, and steps already written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack


class Unsupported(Exception):
    """This pack or step has no compiled form of this kind; a slower form decides it."""


def key_of(node: Node) -> tuple[Any, ...]:
    """Give a key that equal steps share."""
    return (node.op, node.base, node.value, *(key_of(one) for one in node.args))


class Writer:
    """Writes the body of one function: a line each step, each step once."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.lines: list[str] = []
        self.household = [place for place, one in enumerate(pack.inputs) if not one.of_member]
        self.members = [place for place, one in enumerate(pack.inputs) if one.of_member]
        self.derived: list[Any] = []
        self.excluded: Any = None
        self._indent = 1
        self._names = 0
        self._memo: dict[tuple[Any, ...], Any] = {}

    def line(self, text: str) -> None:
        """Write one line."""
        self.lines.append("    " * self._indent + text)

    def name(self) -> str:
        """Make a name nobody has."""
        self._names += 1
        return f"v{self._names}"

    def let(self, value: str) -> str:
        """Write an assignment; give its name."""
        name = self.name()
        self.line(f"{name} = {value}")
        return name

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write an indented block; what it works out is not known outside of it."""
        self.line(head)
        kept, self._memo = self._memo, dict(self._memo)
        self._indent += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._indent -= 1
        self._memo = kept

    def emit(self, node: Node) -> Any:  # noqa: ANN401 - a handle of the writer's own kind
        """Write a step unless it stands; give what names its result.

        Raises:
            Unsupported: there is no compiled form of it.
        """
        key = key_of(node)
        if key not in self._memo:
            writer: Callable[[Node], Any] | None = getattr(self, f"do_{node.op}", None)
            if writer is None:
                raise Unsupported(node.op)
            self._memo[key] = writer(node)
        return self._memo[key]

    def known_as(self, node: Node, handle: object) -> None:
        """Remember what a step is called."""
        self._memo[key_of(node)] = handle

    def knows(self, node: Node) -> bool:
        """Say whether a step stands already."""
        return key_of(node) in self._memo

    def do_derived(self, node: Node) -> Any:  # noqa: ANN401 - a handle
        """Name a derived value."""
        return self.derived[int(str(node.value))]

    def do_any_exclusion(self, _node: Node) -> Any:  # noqa: ANN401 - a handle
        """Name the truth of any exclusion."""
        return self.excluded


def text_places(pack: Pack) -> list[tuple[int, tuple[str, ...], Node]]:
    """List the tests of texts: which input, which texts; each becomes a column of truth values."""
    found: dict[tuple[Any, ...], tuple[int, tuple[str, ...], Node]] = {}
    members = [place for place, one in enumerate(pack.inputs) if one.of_member]
    for expression in pack.expressions():
        for node in expression.node.walk():
            asked = _asked_text(node)
            if asked is not None:
                leaf, texts = asked
                place = int(str(leaf.value))
                place = members[place] if leaf.op == "member" else place
                found[key_of(node)] = (place, texts, node)
    return list(found.values())


def _asked_text(node: Node) -> tuple[Node, tuple[str, ...]] | None:
    if node.op == "text_in" and isinstance(node.value, tuple):
        return node.args[0], node.value
    if node.op == "list_has" and node.args[1].base is Base.TEXT and node.args[1].op == "literal":
        return node.args[0], (str(node.args[1].value),)
    return None
