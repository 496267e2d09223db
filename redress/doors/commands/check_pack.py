"""`redress check PACK`: every finding of a scheme pack, with file and line and a way to mend it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from redress.doors.commands.pack_files import BAD_INPUT, Unfitting, place_of, read_pack_text
from redress.engines.rules.checking import check
from redress.engines.rules.findings import Finding
from redress.engines.rules.sentences import tell_finding


def run(chosen: argparse.Namespace) -> int:
    """Check packs; 0 if all may be used, though there be warnings."""
    return max(_check(Path(name), chosen.lang) for name in chosen.packs)


def _check(path: Path, language: str) -> int:
    try:
        pack, findings = check(read_pack_text(path, language))
    except Unfitting:
        return BAD_INPUT
    for finding in findings:
        stream = sys.stderr if pack is None else sys.stdout
        stream.write(_told(path, finding, language))
    if pack is None:
        return BAD_INPUT
    counts = f"{len(pack.items)} items, {len(pack.inputs)} inputs, {len(pack.cases)} worked cases"
    sys.stdout.write(f"{path}: {pack.id} {pack.version}: ok ({counts})\n")
    return 0


def _told(path: Path, finding: Finding, language: str) -> str:
    told = tell_finding(finding, language)
    return f"{place_of(path, finding)} {finding.weight.value}: {told} [{finding.code}]\n"
