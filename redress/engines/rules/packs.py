"""Read a pack: its text -> a Pack, or every finding that refuses it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.ceilings import read_ceilings
from redress.engines.rules.exits import read_exit_facts, read_exits
from redress.engines.rules.findings import Finding, PackRefused, Weight
from redress.engines.rules.inputs import read_inputs
from redress.engines.rules.loading import Loader, read_parameters, unique
from redress.engines.rules.nodes import Base, Name
from redress.engines.rules.pack import AID_INPUT, Item, Pack, Rule, WorkedCase
from redress.engines.rules.reading import Mapping, Raw, Scalar, Sequence, read_yaml
from redress.engines.rules.sections import (
    first_scope,
    read_allocations,
    read_derived,
    read_fund_rules,
    read_items,
    read_rules,
    read_tables,
)
from redress.values.money import minor_digits_of

CASES_MAX: Final = 400
_KEYS: Final = frozenset({
    *("pack", "version", "country", "currency", "money_step", "period", "unit", "title", "cases"),
    *("disclaimer", "parameters", "tables", "inputs", "members", "derived", "exclusions", "items"),
    *("category", "allocation", "fund_rules", "ceilings_by_law", "reasons", "exit", "notes"),
    *("process", "aid_input"),
})
_CASE_KEYS: Final = frozenset({"id", "at", "on", "input", "facts", "expect", "note"})


def read_pack(text: str) -> tuple[Pack | None, list[Finding]]:
    """Read and check the names, types and units of a pack.

    Returns:
        The pack, or None where it is refused, and what was found; ``checking.check`` finds the rest.
    """
    loader = Loader()
    pack: Pack | None = None
    try:
        pack = _assemble(loader, read_yaml(text), text)
    except PackRefused as refused:
        loader.findings += refused.findings
    is_bad = any(one.weight is Weight.ERROR for one in loader.findings)
    return None if is_bad else pack, sorted(loader.findings, key=lambda one: one.line)


def _assemble(loader: Loader, raw: Mapping, text: str) -> Pack:
    loader.known_keys(raw, _KEYS, "")
    digits, step, printed = _minor(loader, raw)
    parameters = read_parameters(loader, raw.mapping("parameters"))
    inputs = (
        *read_inputs(loader, raw.mapping("inputs"), of_member=False, where="inputs"),
        *(ends := read_exit_facts(loader, raw)),
        *read_inputs(loader, raw.mapping("members"), of_member=True, where="members"),
    )
    tables = read_tables(loader, raw.mapping("tables"))
    named = [(one.name, one.line) for one in parameters]
    named += [(one.name, one.line) for one in inputs]
    scope = first_scope(loader, parameters, inputs, tables)
    at_exit = {one.name: scope.names.pop(one.name) for one in ends}
    derived = read_derived(loader, raw.rows("derived"), scope)
    unique(loader, [*named, *((one.id, one.line) for one in derived)], "names")
    exclusions = read_rules(loader, raw.rows("exclusions"), scope, "exclusions")
    scope.elsewhere -= {"any_exclusion"}
    scope.names["any_exclusion"] = Name("any_exclusion", Base.BOOL)
    categories = read_rules(loader, raw.rows("category"), scope, "category")
    if categories:
        scope.categories = tuple(row.text("id") for row in raw.rows("category"))
        scope.elsewhere -= {"category"}
        scope.names["category"] = Name("category", Base.CATEGORY)
    items = read_items(loader, raw.rows("items"), scope)
    item_ids = frozenset(row.text("id") for row in raw.rows("items"))  # the refused ones too
    ids: dict[str, tuple[Rule, ...] | tuple[Item, ...]] = {
        "exclusions": exclusions,
        "category": categories,
        "items": items,
        "reasons": (reasons := read_rules(loader, raw.rows("reasons"), scope, "reasons")),
        "exit": (exits := read_exits(loader, raw, scope, at_exit)),
    }
    for section, rows in ids.items():
        unique(loader, [(one.id, one.line) for one in rows], section)
    if not item_ids:
        loader.find("missing", raw.line, "items", said="items")
    pack = Pack(
        id=raw.text("pack"), version=raw.text("version"), country=raw.text("country"),
        currency=raw.text("currency"), step_minor=step, step_digits=printed, minor_digits=digits,
        title=loader.words(raw, "title"), period=raw.text("period"), unit=raw.text("unit"),
        disclaimer=loader.words(raw, "disclaimer"), parameters=parameters, inputs=inputs,
        derived=derived, exclusions=exclusions, categories=categories, items=items,
        allocations=read_allocations(loader, raw.mapping("allocation"), scope, item_ids),
        ceilings=read_ceilings(loader, raw, scope, inputs, items),
        fund_rules=read_fund_rules(loader, raw.rows("fund_rules"), scope.categories),
        reasons=reasons, exits=exits, tables=tables, cases=_cases(loader, raw),
        notes=tuple(one.text for one in raw.items("notes") if isinstance(one, Scalar)),
        aid_input=_aid_input(loader, raw, inputs), text=text,
    )  # fmt: skip
    for key in ("pack", "version"):
        if not raw.text(key):
            loader.find("missing", raw.line, key, said=key)
    return pack


def _minor(loader: Loader, raw: Mapping) -> tuple[int, int, int]:
    """Read currency and step: digits of the minor unit, the step in minor units, digits printed."""
    currency = raw.text("currency")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        loader.find("no_currency", raw.lines.get("currency", raw.line), "currency", said=currency)
    digits = minor_digits_of(currency)
    loader.currency, loader.minor = currency, 10**digits
    line = raw.lines.get("money_step", raw.line)
    step = loader.number(raw.fields.get("money_step"), line, "money_step")
    if step is None or step <= 0 or (step * loader.minor).denominator != 1:
        if step is not None:
            better = str(Fraction(1, loader.minor))
            loader.find(
                "step_too_fine", line, "money_step", said=raw.text("money_step"), better=better
            )
        return digits, 1, digits
    written = raw.text("money_step").partition(".")[2]
    return digits, int(step * loader.minor), len(written)


def _aid_input(loader: Loader, raw: Mapping, inputs: tuple[Any, ...]) -> int | None:
    """Find the fact that aid already given counts in: where a later kind of relief is tested."""
    name = raw.text("aid_input") or AID_INPUT
    for place, one in enumerate(inputs):
        if one.name == name and one.base is Base.MONEY and not one.of_member:
            return place
    if raw.text("aid_input"):
        loader.find("unknown_name", raw.lines["aid_input"], "aid_input", said=name)
    return None


def _cases(loader: Loader, raw: Mapping) -> tuple[WorkedCase, ...]:
    found = []
    for row in raw.rows("cases"):
        where = f"cases.{row.text('id')}"
        loader.known_keys(row, _CASE_KEYS, where)
        day = loader.day(row, "on" if "on" in row.fields else "at", where)
        facts = json_of(row.mapping("facts" if "facts" in row.fields else "input"))
        expect = json_of(row.mapping("expect"))
        if not row.text("id") or not expect:
            loader.find("missing", row.line, where, said="id, expect")
        if day is not None:
            words = loader.words(row, "note")
            found.append(WorkedCase(row.text("id"), day, facts, expect, row.line, words))
    unique(loader, [(one.id, one.line) for one in found], "cases")
    if len(found) > CASES_MAX:
        loader.find(
            "too_many", raw.lines["cases"], "cases", said=str(len(found)), better=str(CASES_MAX)
        )
    return tuple(found)


def json_of(raw: Raw) -> Any:  # noqa: ANN401 - what JSON would give
    """Give what a JSON file with the same words would give; numbers stay exact."""
    if isinstance(raw, Mapping):
        return {name: json_of(one) for name, one in raw.fields.items()}
    if isinstance(raw, Sequence):
        return [json_of(one) for one in raw.items]
    if raw.quoted:
        return raw.text
    if raw.is_null:
        return None
    if raw.text in {"true", "false", "True", "False"}:
        return raw.text.lower() == "true"
    try:
        return int(raw.text) if raw.text.lstrip("-").isdecimal() else Decimal(raw.text)
    except ArithmeticError:
        return raw.text


def require_pack(text: str) -> Pack:
    """Read a pack that is known to be good.

    Raises:
        PackRefused: it is not.
    """
    pack, findings = read_pack(text)
    if pack is None:
        raise PackRefused(findings)
    return pack
