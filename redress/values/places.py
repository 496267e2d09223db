"""Jurisdiction paths: ``ir.sp.nk.`` is a county of a province of a nation; each part ends in a dot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PATH_CHARS_MAX: Final = 80
_PATH: Final = re.compile(r"(?:[a-z0-9]{1,12}\.){1,5}")
# The code point after "." closes a range of everything below a path; "~" closes it for all paths.
_AFTER_DOT: Final = "/"
_AFTER_ALL: Final = "~"


class NotAPath(ValueError):
    """A text that is no jurisdiction path."""


@dataclass(frozen=True, slots=True)
class PathRange:
    """All paths ``lo <= path < hi`` in byte order."""

    lo: str
    hi: str

    def __contains__(self, path: str) -> bool:
        return self.lo <= path < self.hi


NOWHERE: Final = PathRange("", "")
EVERYWHERE: Final = PathRange("", _AFTER_ALL)


def path_below(path: str) -> PathRange:
    """Give the range of one path and everything below it.

    Raises:
        NotAPath: letters, digits and dots only, each part ended by a dot.
    """
    if len(path) > PATH_CHARS_MAX or not _PATH.fullmatch(path):
        raise NotAPath(path[:PATH_CHARS_MAX])
    return PathRange(path, path[:-1] + _AFTER_DOT)


def paths_above(path: str) -> list[str]:
    """List a path and all paths above it, the widest first: ``ir.``, ``ir.sp.``, ``ir.sp.nk.``."""
    parts = path.split(".")[:-1]
    return [".".join(parts[: depth + 1]) + "." for depth in range(len(parts))]


def common_path(paths: list[str]) -> str:
    """Give the deepest path that lies above all of some paths; empty if nothing does."""
    above = [paths_above(path) for path in paths]
    shared = [steps[0] for steps in zip(*above, strict=False) if len(set(steps)) == 1]
    return shared[-1] if shared else ""
