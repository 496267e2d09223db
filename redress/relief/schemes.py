"""The schemes in force: the packs of a folder; each text is kept, so that decisions can be replayed."""

from __future__ import annotations

import hashlib
import logging
import re
import stat
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from redress.engines.rules.checking import check
from redress.engines.rules.decide import Decider
from redress.engines.rules.findings import PackRefused
from redress.engines.rules.lines import LineReader
from redress.engines.rules.pack import Pack
from redress.engines.rules.packs import require_pack
from redress.engines.rules.reading import PACK_CHARS_MAX
from redress.engines.rules.sentences import Speaker, named
from redress.relief.models import SchemeText
from redress.relief.states import PACK_CHARS_MAX as ID_CHARS_MAX
from redress.values.days import country_of
from redress.values.money import MINOR_DIGITS

SCHEMES_MAX: Final = 200
_BYTES_MAX: Final = 4 * PACK_CHARS_MAX
_ID: Final = re.compile(rf"[-a-zA-Z0-9_]{{1,{ID_CHARS_MAX}}}", re.ASCII)  # as addresses have it
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A checked pack, ready to decide by."""

    pack: Pack
    text: str
    digest: str
    decider: Decider = field(repr=False)
    tracer: Decider = field(repr=False)
    lines: LineReader = field(repr=False)

    @property
    def id(self) -> str:
        """The pack's name."""
        return self.pack.id

    def title(self, language: str) -> str:
        """Give the title in a language."""
        return named(self.pack.title, self.pack.id, language)

    def speaker(self, language: str) -> Speaker:
        """Give one who tells decisions in a language; not to be shared between threads."""
        return Speaker(self.pack, language, self.lines)


@lru_cache(maxsize=2 * SCHEMES_MAX)
def _ready(text: str) -> Scheme:
    pack = require_pack(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    quick, traced = Decider(pack, traced=False), Decider(pack)
    return Scheme(pack, text, digest, quick, traced, LineReader(pack))


class _Folder:
    """Reads the folder's packs again when a file changes; a pack with errors is left out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._found: dict[str, Scheme] = {}

    def schemes(self, folder: Path) -> dict[str, Scheme]:
        files = [one for path in sorted(folder.glob("*.yaml")) if (one := _stamp_of(path))]
        stamp = tuple(files[:SCHEMES_MAX])
        with self._lock:
            if stamp != self._stamp:
                self._found = _read_all(stamp)
                self._stamp = stamp
            return self._found


def _stamp_of(path: Path) -> tuple[str, int, int] | None:
    """Give name, time and size of a file; None for what is no file, or gone."""
    try:
        about = path.stat()
    except OSError:
        return None
    return (str(path), about.st_mtime_ns, about.st_size) if stat.S_ISREG(about.st_mode) else None


def _read_all(stamp: tuple[tuple[str, int, int], ...]) -> dict[str, Scheme]:
    """Read some files; of two packs of one name the first file's stays."""
    found: dict[str, Scheme] = {}
    for name, _time, size in stamp:
        path = Path(name)
        scheme = _read(path, size)
        if scheme is not None and found.setdefault(scheme.id, scheme) is not scheme:
            _log.warning("scheme %s is left out: another file has its name", path.name)
    return found


def _read(path: Path, size: int) -> Scheme | None:
    if size > _BYTES_MAX:
        _log.warning("scheme %s is left out: it is too large", path.name)
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        _log.warning("scheme %s is left out: it cannot be read, or is not UTF-8", path.name)
        return None
    pack, _findings = check(text)
    if pack is None:
        _log.warning("scheme %s is left out; see: redress check %s", path.name, path)
        return None
    if why := _unfit(pack):
        _log.warning("scheme %s is left out: %s", path.name, why)
        return None
    return _ready(text)


def _unfit(pack: Pack) -> str:
    """Say why a pack that is right in itself cannot be in force here; empty if it can."""
    if not _ID.fullmatch(pack.id):
        return f"`pack` must be at most {ID_CHARS_MAX} letters, digits, '-' and '_'"
    if len(pack.version) > ID_CHARS_MAX or "\x00" in pack.version:
        return f"`version` must be at most {ID_CHARS_MAX} plain characters"
    if pack.currency not in MINOR_DIGITS:
        return f"sums in {pack.currency} cannot be kept; known are {', '.join(MINOR_DIGITS)}"
    return ""


_folder: Final = _Folder()


def schemes() -> list[Scheme]:
    """List the schemes of the folder, by name."""
    return list(_folder.schemes(settings.REDRESS_SCHEMES).values())


def scheme_named(name: str) -> Scheme | None:
    """Give a scheme by its pack's name."""
    return _folder.schemes(settings.REDRESS_SCHEMES).get(name)


def schemes_at(path: str) -> list[Scheme]:
    """List the schemes of the country that a place lies in."""
    return [one for one in schemes() if one.pack.country == country_of(path)]


def kept_text(scheme: Scheme) -> SchemeText:
    """Give the stored text of a scheme; store it if it is new."""
    row, _made = SchemeText.objects.get_or_create(
        digest=scheme.digest,
        defaults={"pack": scheme.id, "version": scheme.pack.version, "text": scheme.text},
    )
    return row


def scheme_of(kept: SchemeText) -> Scheme:
    """Make a stored text ready again."""
    return _ready(kept.text)


def title_of(kept: SchemeText, language: str) -> str:
    """Give the title of a stored text; its name where it can no longer be read."""
    try:
        return scheme_of(kept).title(language)
    except PackRefused:
        return kept.pack


def fact_words(name: str, language: str) -> str:
    """Name a fact as the first scheme that asks for it does; empty if none does."""
    for scheme in schemes():
        one = scheme.pack.input_named(name)
        if one is not None:
            return named(one.label, one.name, language)
    return ""
