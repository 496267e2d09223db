"""YAML text -> plain values that know their line. Numbers and dates stay as written; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from redress.engines.rules.findings import Finding, PackRefused

PACK_CHARS_MAX: Final = 400_000
PACK_DEPTH_MAX: Final = 12
PACK_NODES_MAX: Final = 40_000
# libyaml's loader where PyYAML has it: ten times as fast, and just as safe.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Scalar:
    """A single written value."""

    text: str
    line: int
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        """Whether nothing was written."""
        return not self.quoted and self.text in {"", "~", "null"}


@dataclass(slots=True)
class Sequence:
    """A list of values."""

    items: list[Raw]
    line: int


@dataclass(slots=True)
class Mapping:
    """Named values; ``lines`` is where each name stands."""

    line: int
    fields: dict[str, Raw] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a single value's text, or nothing."""
        value = self.fields.get(name)
        return value.text if isinstance(value, Scalar) and not value.is_null else ""

    def mapping(self, name: str) -> Mapping:
        """Give a mapping, or an empty one where nothing is written.

        Raises:
            PackRefused: something else is written there.
        """
        value = self.fields.get(name)
        if value is None or _is_nothing(value):
            return Mapping(self.line)
        if not isinstance(value, Mapping):
            raise PackRefused([Finding("not_named_parts", self.lines[name], name, name)])
        return value

    def items(self, name: str) -> list[Raw]:
        """Give a list, or an empty one where nothing is written; a single value is a list of one."""
        value = self.fields.get(name)
        if value is None or _is_nothing(value):
            return []
        return value.items if isinstance(value, Sequence) else [value]

    def rows(self, name: str) -> list[Mapping]:
        """Give a list of mappings.

        Raises:
            PackRefused: an entry is something else.
        """
        rows = [one for one in self.items(name) if isinstance(one, Mapping)]
        others = [one for one in self.items(name) if not isinstance(one, Mapping)]
        if others:
            raise PackRefused([Finding("not_an_entry", others[0].line, name, name)])
        return rows


Raw = Scalar | Sequence | Mapping


def _is_nothing(value: Raw) -> bool:
    return (
        value.is_null
        if isinstance(value, Scalar)
        else not (value.items if isinstance(value, Sequence) else value.fields)
    )


def read_yaml(text: str) -> Mapping:
    """Read a pack's text.

    Raises:
        PackRefused: too long, too deep, not YAML, a name twice, an alias, or not a mapping.
    """
    if len(text) > PACK_CHARS_MAX:
        raise PackRefused([Finding("pack_too_long", 0, said=str(len(text)))])
    try:
        node = _compose(text)
        raw = _plain(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise PackRefused([Finding("not_yaml", line, said=str(error.problem or "")[:80])]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PackRefused([Finding("not_yaml", 0, said=str(error)[:80])]) from None
    if not isinstance(raw, Mapping):
        raise PackRefused([Finding("not_a_pack", 1)])
    return raw


def _compose(text: str) -> yaml.Node | None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        if depth > PACK_DEPTH_MAX or count > PACK_NODES_MAX:
            raise PackRefused([Finding("pack_too_deep", line)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PackRefused([Finding("alias", line, said=str(getattr(event, "anchor", "")))])
    return yaml.compose(text, Loader=LOADER)


def _plain(node: yaml.Node | None) -> Raw | None:
    if node is None:
        return None
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(str(node.value), line, quoted=bool(node.style))  # libyaml says "" for plain
    if isinstance(node, yaml.SequenceNode):
        items = [_plain(one) for one in node.value]
        return Sequence([one for one in items if one is not None], line)
    return _mapping(node, line)


def _mapping(node: yaml.Node, line: int) -> Mapping:
    mapping = Mapping(line)
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise PackRefused([Finding("not_a_name", key.start_mark.line + 1)])
        name, at = str(key.value), key.start_mark.line + 1
        if name in mapping.fields:
            raise PackRefused([Finding("twice", at, said=name)])
        plain = _plain(value)
        if plain is not None:
            mapping.fields[name], mapping.lines[name] = plain, at
    return mapping


def scalars(raw: Raw) -> Iterator[Scalar]:
    """Yield every single value below."""
    if isinstance(raw, Scalar):
        yield raw
    elif isinstance(raw, Sequence):
        for one in raw.items:
            yield from scalars(one)
    else:
        for one in raw.fields.values():
            yield from scalars(one)
