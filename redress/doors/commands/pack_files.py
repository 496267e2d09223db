"""What the commands on scheme packs share: reading a pack, telling what is wrong. No Django here."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import BinaryIO, Final

from redress.engines.rules.checking import check
from redress.engines.rules.findings import CaseRefused, Finding, Weight
from redress.engines.rules.pack import Pack
from redress.engines.rules.reading import PACK_CHARS_MAX
from redress.engines.rules.sentences import tell_finding

PACK_BYTES_MAX: Final = 4 * PACK_CHARS_MAX
BAD_INPUT: Final = 2
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class Unfitting(Exception):
    """Input that a command cannot work on, told already on standard error where it has a message."""

    def __init__(self, told: str = "") -> None:
        super().__init__(told)
        if told:
            sys.stderr.write(told)


def complaint(where: str, finding: Finding | CaseRefused, language: str) -> str:
    """Say in one clear line what is wrong, and where."""
    return _CONTROLS.sub(" ", f"{where}: {tell_finding(finding, language)}") + "\n"


def complain(where: str, finding: Finding | CaseRefused, language: str) -> None:
    """Write one clear line on standard error."""
    sys.stderr.write(complaint(where, finding, language))


def fault(where: str, code: str, language: str, *, said: str = "", better: str = "") -> str:
    """Say in one clear line what is wrong with a file or an argument."""
    return complaint(where, Finding(code, 0, "", said[:80], better), language)


def input_of(language: str) -> BinaryIO:
    """Give the standard input.

    Raises:
        Unfitting: whoever called us has closed it.
    """
    if sys.stdin is None:
        raise Unfitting(fault("-", "not_readable", language, said="closed"))
    return sys.stdin.buffer


def read_pack_text(path: Path, language: str) -> str:
    """Read a pack's file.

    Raises:
        Unfitting: no such file, too large, or not UTF-8.
    """
    try:
        if path.stat().st_size > PACK_BYTES_MAX:
            raise Unfitting(
                fault(str(path), "pack_too_long", language, said=str(path.stat().st_size))
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise Unfitting(fault(str(path), "file_not_found", language)) from None
    except UnicodeDecodeError:
        raise Unfitting(fault(str(path), "not_utf8", language)) from None


def checked_pack(path: Path, language: str) -> Pack:
    """Read a pack to decide by.

    Raises:
        Unfitting: the check refuses it; every error is told.
    """
    pack, findings = check(read_pack_text(path, language))
    if pack is None:
        for finding in findings:
            if finding.weight is Weight.ERROR:
                complain(place_of(path, finding), finding, language)
        raise Unfitting
    return pack


def place_of(path: Path, finding: Finding) -> str:
    """Write where a finding is: file, line, place in the pack."""
    place = f" {finding.where}" if finding.where else ""
    return f"{path}:{finding.line}:{place}"
