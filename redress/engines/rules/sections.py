"""The sections of a pack that hold rules: derived, exclusions, category, items, allocation, exit, ..."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from redress.engines.rules.loading import Loader
from redress.engines.rules.nodes import Base, Expression, Name, Scope
from redress.engines.rules.pack import (
    Allocation,
    Approval,
    Band,
    FundRule,
    Input,
    Item,
    Parameter,
    Rule,
    Table,
)
from redress.engines.rules.reading import Mapping, Scalar
from redress.engines.rules.typed import plain

RULES_MAX: Final = 60
_RULE_KEYS: Final = frozenset({
    *("id", "name", "when", "expr", "label", "text", "status", "source", "note", "for"),
})
_ITEM_KEYS: Final = frozenset({
    *("id", "label", "when", "amount", "batch", "fund", "status", "source", "note", "unit"),
    *("outside_allocation", "outside_year_cap", "priority_when", "approval", "repay", "pay_to"),
    *("bring", "text"),
})
_ALLOCATION_KEYS: Final = frozenset({
    *("mode", "order", "aid_counts_as_income", "continue_while", "cap", "source", "note", "status"),
})
_APPROVAL_KEYS: Final = frozenset({"above", "level", "source", "status", "note"})
_FUND_KEYS: Final = frozenset({"fund", "may_pay", "source", "note", "status", "label"})
_TABLE_KEYS: Final = frozenset({"rows", "source", "status", "note", "label", "columns"})
MODES: Final = ("best_one", "sequential", "cap_in_order")


def first_scope(
    loader: Loader,
    parameters: Iterable[Parameter],
    inputs: Iterable[Input],
    tables: dict[str, Table],
) -> Scope:
    """Make the scope that derived values are read in."""
    scope = Scope({"day": Name("day", Base.DATE)}, minor=loader.minor)
    scope.elsewhere = frozenset({"category", "any_exclusion"})
    scope.tables = {name: table.columns for name, table in tables.items()}
    for place, parameter in enumerate(parameters):
        unit = parameter.unit.split(" ", maxsplit=1)[0].rstrip("s")
        counted = unit if unit in {"day", "week", "month", "year"} else None
        scope.names[parameter.name] = Name("param", parameter.base, place, counted)
    members = 0
    for place, one in enumerate(inputs):
        known = Name("member" if one.of_member else "input", one.base, place, one.unit, one.of)
        if one.of_member:
            scope.members[one.name] = Name("member", one.base, members, one.unit, one.of)
            members += 1
        else:
            scope.names[one.name] = known
    return scope


def read_derived(loader: Loader, rows: list[Mapping], scope: Scope) -> tuple[Rule, ...]:
    """Read derived values, each after those it needs; they join the scope as they are read."""
    by_name = {row.text("name") or row.text("id"): row for row in rows}
    waiting = dict(by_name)
    found: list[Rule] = []
    while waiting:
        ready = [name for name, row in waiting.items() if not names_in(row, "expr") & set(waiting)]
        if not ready:
            name, row = next(iter(waiting.items()))
            loader.find("cycle", row.line, f"derived.{name}", said=", ".join(waiting))
            return tuple(found)
        for name in ready:
            row, where = waiting.pop(name), f"derived.{name}"
            loader.known_keys(row, _RULE_KEYS, where)
            loader.name(row, "name" if "name" in row.fields else "id", where)
            read = loader.expression(row, "expr", scope, where)
            if read is None:
                scope.elsewhere |= {name}
                continue
            node = read.node
            scope.names[name] = Name("derived", node.base, len(found), node.unit, node.of)
            found.append(_rule(loader, row, read, name))
    return tuple(found)


def names_in(row: Mapping, key: str) -> set[str]:
    """Give the names an expression speaks of; nothing if it cannot be read."""
    try:
        tree = ast.parse(" ".join(row.text(key).split())[:2000], mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _rule(loader: Loader, row: Mapping, read: Expression, id_: str) -> Rule:
    concerns = tuple(one.text for one in row.items("for") if isinstance(one, Scalar))
    return Rule(
        id=id_, when=read, line=row.line, label=loader.words(row, "label"), status=row.text("status"),
        source=row.text("source"), concerns=concerns, text=loader.words(row, "text"),
    )  # fmt: skip


def read_rules(loader: Loader, rows: list[Mapping], scope: Scope, section: str) -> tuple[Rule, ...]:
    """Read exclusions, categories, reasons or exits."""
    found = []
    for row in rows:
        where = f"{section}.{row.text('id')}"
        loader.known_keys(row, _RULE_KEYS, where)
        id_ = loader.name(row, "id", where)
        read = loader.condition(row, "when", scope, where)
        if id_ and read:
            found.append(_rule(loader, row, read, id_))
    if len(rows) > RULES_MAX:
        loader.find("too_many", rows[0].line, section, said=str(len(rows)), better=str(RULES_MAX))
    return tuple(found)


def read_items(loader: Loader, rows: list[Mapping], scope: Scope) -> tuple[Item, ...]:
    """Read the kinds of relief."""
    found = []
    for row in rows:
        where = f"items.{row.text('id')}"
        loader.known_keys(row, _ITEM_KEYS, where)
        id_ = loader.name(row, "id", where)
        when = loader.condition(row, "when", scope, where)
        amount = _amount(loader, row, scope, where)
        priority = None
        if "priority_when" in row.fields:
            priority = loader.condition(row, "priority_when", scope, where)
        if not (id_ and when and amount):
            continue
        marks = [loader.flag(row, f"outside_{one}", where) for one in ("allocation", "year_cap")]
        found.append(Item(
            id=id_, when=when, amount=amount, line=row.line, label=loader.words(row, "label"),
            batch=row.text("batch"), status=row.text("status"), unit=row.text("unit"),
            outside=any(marks), priority_when=priority, bring=loader.words(row, "bring"),
            approval=_approvals(loader, row, where),
        ))  # fmt: skip
    if len(rows) > RULES_MAX:
        loader.find("too_many", rows[0].line, "items", said=str(len(rows)), better=str(RULES_MAX))
    return tuple(found)


def _amount(loader: Loader, row: Mapping, scope: Scope, where: str) -> Expression | None:
    """Read what an item comes to: a sum, unless it has a unit of its own, like months or points."""
    if row.text("unit"):
        return loader.amount(row, "amount", scope, where)
    read = loader.as_money(loader.amount(row, "amount", scope, where))
    if read is not None and read.node.base is Base.NUMBER:
        loader.warn("number_without_unit", read.line, read.where, said=read.text)
    return read


def _approvals(loader: Loader, row: Mapping, where: str) -> tuple[Approval, ...]:
    found = []
    for one in row.rows("approval"):
        place = f"{where}.approval"
        loader.known_keys(one, _APPROVAL_KEYS, place)
        above = loader.number(one.fields.get("above"), one.line, place)
        if not one.text("level"):
            loader.find("missing", one.line, place, said="level")
        if above is not None:
            found.append(Approval(plain(above * loader.minor), one.text("level")))
    return tuple(sorted(found, key=lambda one: one.above))


def read_allocations(
    loader: Loader, raw: Mapping, scope: Scope, items: frozenset[str]
) -> dict[str, Allocation]:
    """Read how items share, by category, or in all alike; without categories it is under ``""``."""
    if "mode" in raw.fields:
        one = _allocation(loader, raw, scope, items, "allocation")
        return dict.fromkeys(scope.categories or ("",), one) if one else {}
    found = {}
    for category, row in raw.fields.items():
        where, line = f"allocation.{category}", raw.lines[category]
        if category not in scope.categories:
            better = ", ".join(scope.categories)
            loader.find("no_such_category", line, where, said=category, better=better)
        elif isinstance(row, Mapping) and (one := _allocation(loader, row, scope, items, where)):
            found[category] = one
    return found


def _allocation(
    loader: Loader, raw: Mapping, scope: Scope, items: frozenset[str], where: str
) -> Allocation | None:
    loader.known_keys(raw, _ALLOCATION_KEYS, where)
    mode, line = raw.text("mode"), raw.line
    if mode not in MODES:
        loader.find("unknown_mode", line, where, said=mode, better=", ".join(MODES))
        return None
    test = cap = None
    if "continue_while" in raw.fields:
        test = loader.condition(raw, "continue_while", scope, where)
    if mode == "cap_in_order":
        cap = loader.money(raw, "cap", scope, where)
        if cap is None:
            return None
    if mode == "sequential" and loader.flag(raw, "aid_counts_as_income", where) is False:
        loader.find("unknown_mode", line, where, said="aid_counts_as_income: false", better="true")
    order = _order(loader, raw, items, where)
    return Allocation(mode, line, test, order, cap, raw.text("note"), raw.text("source"))


def _order(loader: Loader, raw: Mapping, items: frozenset[str], where: str) -> tuple[str, ...]:
    """Read in which order items share; several in turn have one order only."""
    order = tuple(one.text for one in raw.items("order") if isinstance(one, Scalar))
    if raw.text("mode") == "sequential":
        if order not in {(), ("highest_first",)}:
            said = ", ".join(order)
            loader.find("unknown_mode", raw.line, where, said=said, better="highest_first")
        return ()
    for name in order:
        if name not in items:
            better = ", ".join(sorted(items))
            loader.find("no_such_item", raw.line, where, said=name, better=better)
    return order


def read_fund_rules(
    loader: Loader, rows: list[Mapping], categories: tuple[str, ...]
) -> tuple[FundRule, ...]:
    """Read which fund may pay for whom."""
    found = []
    for row in rows:
        where = f"fund_rules.{row.text('fund')}"
        loader.known_keys(row, _FUND_KEYS, where)
        may_pay = tuple(one.text for one in row.items("may_pay") if isinstance(one, Scalar))
        for category in may_pay:
            if category not in categories:
                better = ", ".join(categories)
                loader.find("no_such_category", row.line, where, said=category, better=better)
        found.append(FundRule(row.text("fund"), may_pay, row.line))
    return tuple(found)


def read_tables(loader: Loader, raw: Mapping) -> dict[str, Table]:
    """Read the tables of bands; gaps and overlaps are findings."""
    tables = {}
    for name, one in raw.fields.items():
        where = f"tables.{name}"
        if not isinstance(one, Mapping):
            loader.find("missing", raw.lines[name], where, said="rows")
            continue
        loader.known_keys(one, _TABLE_KEYS, where)
        bands = [band for row in one.rows("rows") if (band := _band(loader, row, where))]
        columns = tuple(bands[0].columns) if bands else ()
        _check_bands(loader, bands, columns, where)
        if bands:
            tables[name] = Table(name, tuple(bands), columns, one.line)
    return tables


def _band(loader: Loader, row: Mapping, where: str) -> Band | None:
    ends = [loader.number(row.fields.get(key), row.line, where) for key in ("from", "to")]
    columns: dict[str, int | Fraction] = {}
    for name in row.fields:
        if name not in {"from", "to", "note", "source"}:
            value = loader.number(row.fields[name], row.lines[name], where)
            columns[name] = plain(value) if value is not None else 0
    if None in ends or any(end.denominator != 1 for end in ends if end is not None):
        loader.find("band_ends", row.line, where)
        return None
    return Band(int(ends[0] or 0), int(ends[1] or 0), columns, row.line)


def _check_bands(loader: Loader, bands: list[Band], columns: tuple[str, ...], where: str) -> None:
    before: Band | None = None
    for band in bands:
        if band.low > band.high:
            loader.find("empty_range", band.line, where, said=f"{band.low} … {band.high}")
        if tuple(band.columns) != columns:
            loader.find("band_columns", band.line, where, better=", ".join(columns))
        if before is not None and band.low <= before.high:
            loader.find("bands_overlap", band.line, where, said=f"{band.low} … {before.high}")
        if before is not None and band.low > before.high + 1:
            said = f"{before.high + 1} … {band.low - 1}"
            loader.find("bands_gap", band.line, where, said=said)
        before = band
