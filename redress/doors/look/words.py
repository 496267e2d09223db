"""The words shown for codes, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from redress.doors.look.deed_words import DEEDS
from redress.doors.look.demand_words import DEMAND_WORDS, Words

WORDS: Final[dict[str, dict[str, Words]]] = {
    **DEMAND_WORDS,
    "deed": DEEDS,
    "language": {"fa": _("Persian"), "zh": _("Chinese"), "en": _("English")},
    "role": {
        "worker": _("Worker"),
        "grassroots_officer": _("Workplace union officer"),
        "county_officer": _("County officer"),
        "provincial_officer": _("Provincial officer"),
        "body_liaison": _("Liaison of a body"),
        "manager": _("Manager of a body"),
        "auditor": _("Auditor"),
        "administrator": _("Administrator"),
        "system": _("System"),
    },
    "file_state": {
        "none": _("No file yet"),
        "on_file": _("On file"),
        "under_measures": _("Being helped"),
        "exited": _("Left the file"),
    },
    "grant_state": {
        "proposed": _("Waits for a second person"),
        "approved": _("Approved, not yet paid"),
        "paid": _("Paid"),
        "refused": _("Refused"),
    },
    "cause": {
        "illness": _("Illness"),
        "disability": _("Disability"),
        "accident": _("Accident"),
        "death": _("Death in the family"),
        "disaster": _("Fire, flood or other disaster"),
        "unemployment": _("Job lost"),
        "wage_arrears": _("Wages not paid"),
        "low_pay": _("Pay too low"),
        "schooling": _("Cost of schooling"),
        "housing": _("Rent or housing"),
        "care": _("Care for a relative"),
        "other": pgettext_lazy("cause", "Other"),
    },
    "need": {
        "living": _("Living"),
        "medical": _("Medical care"),
        "study": _("Study"),
        "work": _("Work"),
        "housing": _("Housing"),
        "other": pgettext_lazy("need", "Other"),
    },
    "exit_kind": {
        "out": _("Out of difficulty"),
        "relieved": _("Under the state's safety net"),
        "withdrawn": pgettext_lazy("exit", "Withdrawn"),
    },
    "relation": {
        "head": _("Head of the household"),
        "spouse": _("Spouse"),
        "child": _("Child"),
        "parent": _("Parent"),
        "sibling": _("Brother or sister"),
        "other": pgettext_lazy("relation", "Other"),
    },
    "sex": {"female": _("Female"), "male": _("Male"), "unknown": _("Not known")},
    "fact": {
        "income_per_month": _("Income a month"),
        "rent_per_month": _("Rent a month"),
        "medical_cost_per_year": _("Medical cost a year"),
        "schooling_cost_per_year": _("Cost of schooling a year"),
        "savings": _("Savings"),
    },
    "fault": {
        "missing": _("is missing"),
        "too_long": _("is too long"),
        "nul": _("holds a NUL character, which no text has; take it out"),
        "not_a_day": _("is no day; write 2026-11-22 or 1405-09-01"),
        "not_a_number": _("is no number in range; write digits only"),
        "not_yes_or_no": _("is neither yes nor no"),
        "not_one_of": _("is none of the known words"),
        "unknown_place": _("is no office known here; write its path or its name"),
        "words_differ": _(
            "has other words than the demand filed under this id; words are never rewritten,"
            " so give it a new id"
        ),
        "twice_in_file": _("stands twice in the file under one id"),
        "no_household": _("names a household that is not in the file"),
        "moved": _("is at another office than before; a case is not moved by a list"),
        "household_refused": _("belongs to a household that was refused"),
        "two_heads": _("has two heads; leave one"),
    },
    "unreadable": {
        "not_found": _("there is no such file"),
        "unknown_ending": _("its ending is not known; give a .csv, .jsonl or .xlsx file"),
        "too_large": _("it is too large; split it"),
        "not_utf8": _("it is not UTF-8; save it as CSV UTF-8"),
        "no_header": _("it has no header; write the names of the columns in the first row"),
        "column_twice": _("a column stands twice; rename or remove one"),
        "too_many_columns": _("it has too many columns"),
        "too_many_rows": _("it has too many rows; split it"),
        "bad_json": _("a line is not a JSON object; mend that line"),
        "bad_xlsx": _("it cannot be read as a spreadsheet; save it again as .xlsx"),
        "merged_cells": _("cells are merged, which hides rows; unmerge them and fill each row"),
        "number_for_text": _(
            "a number stands where text must, which loses its zeros; format the column as text"
        ),
        "not_yaml": _("it is not YAML; mend the line named"),
        "bad_csv": _("a row cannot be read; check its quotes and separators"),
    },
    "approval": {
        "county": _("the county"),
        "province": _("the province"),
        "national": _("the national federation"),
    },
    "fund": {
        "central": _("central fund"),
        "union_dues": _("union dues"),
        "donations": _("donations"),
        "other": pgettext_lazy("fund", "other funds"),
    },
    "share_mode": {
        "best_one": _("only the highest is granted"),
        "sequential": _(
            "one after the other, the highest first; each counts as income for the next"
        ),
        "cap_in_order": _("in this order, until the cap is used up"),
    },
    "outcome": {
        "category": _("Category"),
        "granted": _("Granted"),
        "refused": _("Not granted"),
        "reasons": _("Reasons"),
        "needs": _("Still needed"),
        "exit": _("Exit from the file"),
        "exit_needs": _("Needed for the exit"),
        "derived": _("Worked out"),
        "log": _("What was stopped or cut"),
        "priority": _("Goes first"),
    },
    "run_list": {
        "newly": _("newly entitled"),
        "gone": _("no longer entitled"),
        "changed": _("other sum or kind"),
        "undecided": _("undecided"),
        "granted": _("all entitled"),
    },
    "run_state": {
        "waiting": _("Waits for its turn"),
        "done": _("Done"),
        "failed": _("Not done"),
    },
    "fact_source": {
        "said": _("as they said"),
        "seen": _("seen on a visit"),
        "document": _("from a document"),
        "department": _("from a department"),
    },
}


def word(kind: str, code: str) -> Words:
    """Give the words for a code; the code itself where none are known."""
    return WORDS[kind].get(code, code)


def choices(kind: str, *, first: Words | None = None) -> list[tuple[str, Words]]:
    """Give a kind's codes and words for a form's choice, with an empty first one if named."""
    listed: list[tuple[str, Words]] = list(WORDS[kind].items())
    return listed if first is None else [("", first), *listed]


__all__ = ["WORDS", "Words", "choices", "word"]
