"""Codes that rows of the registry carry."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    """What a person is to the head of the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER = "other"


class Sex(StrEnum):
    """As the papers say; unknown when they do not."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class FactName(StrEnum):
    """Which sum is known about a household."""

    INCOME_PER_MONTH = "income_per_month"
    RENT_PER_MONTH = "rent_per_month"
    MEDICAL_COST_PER_YEAR = "medical_cost_per_year"
    SCHOOLING_COST_PER_YEAR = "schooling_cost_per_year"
    SAVINGS = "savings"


class FactSource(StrEnum):
    """How a fact is known."""

    SAID = "said"
    SEEN = "seen"
    DOCUMENT = "document"
    DEPARTMENT = "department"
