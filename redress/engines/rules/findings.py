"""What is wrong with a pack or a case: a code, a place, and the words said there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether a finding refuses the pack or only warns."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check.

    Attributes:
        code: names the sentence that tells it, in ``words/findings.yaml``.
        line: line of the pack, from 1; 0 where the whole text is meant.
        where: path inside the pack, like ``items.living.when``.
        said: the offending word or text, cut to a readable length.
        better: what would mend it, if the check knows: a near name, a range, a list.
        weight: whether it refuses the pack.
    """

    code: str
    line: int
    where: str = ""
    said: str = ""
    better: str = ""
    weight: Weight = Weight.ERROR


class PackRefused(ValueError):
    """A pack that cannot be decided by; carries every finding."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"line {one.line}: {one.where}: {one.code}" for one in findings))
        self.findings = findings


class CaseRefused(ValueError):
    """A case that cannot be decided: a fact of the wrong kind, or a rule that has no value for it.

    Attributes:
        code: names the sentence that tells it.
        fact: the fact or rule it happened at.
        said: the words given.
    """

    def __init__(self, code: str, *, fact: str = "", said: str = "", better: str = "") -> None:
        super().__init__(f"{code}: {fact} {said}".strip())
        self.code, self.fact, self.said, self.better = code, fact, said[:80], better


class RowRefused(ValueError):
    """A row that cannot be decided; carries its place and why."""

    def __init__(self, row: int, refused: CaseRefused) -> None:
        super().__init__(f"row {row}: {refused}")
        self.row, self.refused = row, refused
