"""The facts a pack asks for."""

from __future__ import annotations

from typing import Any, Final

from redress.engines.rules.facts import read_value
from redress.engines.rules.loading import NAME, RESERVED_NAMES, Loader
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Words
from redress.engines.rules.reading import Mapping, Scalar

INPUTS_MAX: Final = 200
_COUNTED: Final = {"day", "week", "month", "year"}
_INPUT_KEYS: Final = frozenset({
    *(
        "type",
        "of",
        "default",
        "min",
        "max",
        "unit",
        "values",
        "changeable",
        "label",
        "note",
        "ask",
    ),
    *("bring", "source", "status", "register"),
})
_TYPES: Final = {
    "money": (Base.MONEY, False),
    "int": (Base.NUMBER, True),
    "decimal": (Base.NUMBER, False),
    "bool": (Base.BOOL, False),
    "date": (Base.DATE, False),
    "text": (Base.TEXT, False),
    "list": (Base.LIST, False),
}


def read_inputs(loader: Loader, raw: Mapping, *, of_member: bool, where: str) -> tuple[Input, ...]:
    """Read the facts asked for."""
    found = []
    for name, one in raw.fields.items():
        place, line = f"{where}.{name}", raw.lines[name]
        if not NAME.fullmatch(name) or name in RESERVED_NAMES:
            loader.find("not_a_name", line, place, said=name)
        elif not isinstance(one, Mapping) or one.text("type") not in _TYPES:
            said = one.text("type") if isinstance(one, Mapping) else ""
            loader.find("unknown_type", line, place, said=said, better=", ".join(_TYPES))
        else:
            found.append(_input(loader, name, one, place, of_member))
    if len(found) > INPUTS_MAX:
        loader.find("too_many", raw.line, where, said=str(len(found)), better=str(INPUTS_MAX))
    return tuple(found)


def _input(loader: Loader, name: str, raw: Mapping, where: str, of_member: bool) -> Input:  # noqa: FBT001 - passed on
    loader.known_keys(raw, _INPUT_KEYS, where)
    base, whole = _TYPES[raw.text("type")]
    of = _TYPES.get(raw.text("of") or "money", (None, False))[0] if base is Base.LIST else None
    if base is Base.LIST and (of in {None, Base.LIST} or of_member):
        loader.find("unknown_type", raw.line, where, said=raw.text("of") or "list")
        of = Base.MONEY
    unit = raw.text("unit").split(" ", maxsplit=1)[0].rstrip("s")
    bare = Input(name, base, raw.line, of=of, whole=whole, values=_choices(loader, raw))

    def bound(key: str) -> Any:  # noqa: ANN401 - of the input's own type
        if key not in raw.fields:
            return None
        if base is Base.LIST:
            loader.find("no_default_for_list", raw.lines[key], where, said=key)
            return None
        return loader.guarded(
            lambda: read_value(bare, raw.text(key), minor=loader.minor), raw.lines[key], where
        )

    read = Input(
        name, base, raw.line, loader.words(raw, "label"), bound("default"), bound("min"), bound("max"),
        of=of, unit=unit if unit in _COUNTED else None, values=bare.values, whole=whole,
        changeable=loader.flag(raw, "changeable", where) is not False, of_member=of_member,
        note=raw.text("note"), bring=loader.words(raw, "bring"), ask=loader.words(raw, "ask"),
        register=raw.text("register"),
    )  # fmt: skip
    if None not in {read.low, read.high} and read.low > read.high:  # type: ignore[operator] # neither is None
        loader.find("empty_range", raw.line, where, said=f"{raw.text('min')} … {raw.text('max')}")
    if read.default is not None and base in {Base.NUMBER, Base.MONEY, Base.DATE}:
        loader.guarded(
            lambda: read_value(read, raw.text("default"), minor=loader.minor), raw.line, where
        )
    return read


def _choices(loader: Loader, raw: Mapping) -> dict[str, Words]:
    """Read the closed list of a text input: codes, or codes with their labels."""
    value = raw.fields.get("values")
    if isinstance(value, Mapping):
        return {code: loader.words(value, code) for code in value.fields}
    return {one.text: {} for one in raw.items("values") if isinstance(one, Scalar)}
