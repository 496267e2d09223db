"""The schemes in force: the packs of a folder; each text is kept, so that decisions can be replayed."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from redress.engines.rules.checking import check
from redress.engines.rules.decide import Decider
from redress.engines.rules.lines import LineReader
from redress.engines.rules.pack import Pack
from redress.engines.rules.packs import require_pack
from redress.engines.rules.reading import PACK_CHARS_MAX
from redress.engines.rules.sentences import Speaker, named
from redress.relief.models import SchemeText
from redress.values.days import country_of

SCHEMES_MAX: Final = 200
_BYTES_MAX: Final = 4 * PACK_CHARS_MAX
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
        paths = sorted(folder.glob("*.yaml"))[:SCHEMES_MAX]
        stamps = [(str(path), path.stat()) for path in paths]
        stamp = tuple((name, about.st_mtime_ns, about.st_size) for name, about in stamps)
        with self._lock:
            if stamp != self._stamp:
                found = [scheme for path in paths if (scheme := _read(path)) is not None]
                self._found = {scheme.id: scheme for scheme in found}
                self._stamp = stamp
            return self._found


def _read(path: Path) -> Scheme | None:
    if path.stat().st_size > _BYTES_MAX:
        _log.warning("scheme %s is left out: it is too large", path.name)
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        _log.warning("scheme %s is left out: it is not UTF-8", path.name)
        return None
    pack, _findings = check(text)
    if pack is None:
        _log.warning("scheme %s is left out; see: redress check %s", path.name, path)
        return None
    return _ready(text)


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


def fact_words(name: str, language: str) -> str:
    """Name a fact as the first scheme that asks for it does; empty if none does."""
    for scheme in schemes():
        one = scheme.pack.input_named(name)
        if one is not None:
            return named(one.label, one.name, language)
    return ""
