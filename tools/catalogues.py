"""Message catalogues: compile them, bring them up to date with the code, or say what is amiss.

python tools/catalogues.py compile | update | check
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
from pathlib import Path
from typing import Final

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "redress" / "locale"
LANGUAGES: Final = {"en": "en", "fa": "fa", "zh_Hans": "zh_Hans"}
HEADER: Final = "# Words of Redress. Brought up to date by: make messages"
BEGUN: Final = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)  # fixed, so that a run changes words only
KEYWORDS: Final = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
    "say": None,
}
_PLACEHOLDER: Final = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")


def catalogue_path(language: str) -> Path:
    """Name the file of one language's catalogue."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """Read one language's catalogue; an absent file is an empty one."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=LANGUAGES[language], project="Redress", version="0.1")
    with path.open("rb") as file:
        return pofile.read_po(file, locale=LANGUAGES[language])


def compile_all() -> None:
    """Write the binary catalogue beside each written one."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                mofile.write_mo(file, read_catalogue(language))


def messages_in_code() -> Catalog:
    """Collect every message of the Python files and templates, with the files it stands in."""
    # Needed here only: compiling runs before anything of the project is configured.
    from django.conf import settings  # noqa: PLC0415
    from django.utils.translation.template import templatize  # noqa: PLC0415

    if not settings.configured:
        settings.configure()
    found = Catalog(project="Redress", version="0.1")
    paths = [*(ROOT / "redress").rglob("*.py"), *(ROOT / "redress").rglob("*.html")]
    for path in sorted(paths):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = templatize(source, origin=str(path))
        lines = io.BytesIO(source.encode())
        name = path.relative_to(ROOT).as_posix()
        options = {"encoding": "utf-8"}
        for _, words, comments, context in extract("python", lines, KEYWORDS, (), options):
            found.add(words, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _fill_english(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and not any(_strings(message)):
            message.string = message.id


def update_all() -> None:
    """Add new messages, drop unused ones; English is filled from the code itself."""
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        # Anew for each language: the catalogue takes the messages over and fills them in.
        catalogue.update(messages_in_code(), no_fuzzy_matching=True)
        catalogue.fuzzy = False
        catalogue.header_comment = HEADER
        catalogue.creation_date = catalogue.revision_date = BEGUN
        catalogue.obsolete.clear()
        if language == "en":
            _fill_english(catalogue)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        pofile.write_po(
            buffer,
            catalogue,
            width=100,
            sort_output=True,
            omit_header=False,
            include_lineno=False,
        )
        path.write_bytes(buffer.getvalue())
    compile_all()


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(map(str, string)) if isinstance(string, (list, tuple)) else (str(string or ""),)


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def findings() -> list[str]:
    """List messages that are missing, unused, untranslated or whose placeholders differ."""
    wanted = {(m.context, _ids(m)) for m in messages_in_code() if m.id}
    problems = []
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        have = {(m.context, _ids(m)): m for m in catalogue if m.id}
        problems += [
            f"{language}: missing {ids[0]!r}" for _, ids in sorted(wanted - have.keys(), key=str)
        ]
        problems += [
            f"{language}: unused {ids[0]!r}" for _, ids in sorted(have.keys() - wanted, key=str)
        ]
        for (_, ids), message in have.items():
            if not all(_strings(message)):
                problems.append(f"{language}: untranslated {ids[0]!r}")
                continue
            allowed = set(_PLACEHOLDER.findall(" ".join(ids)))
            for string in _strings(message):
                if not set(_PLACEHOLDER.findall(string)) <= allowed:
                    problems.append(f"{language}: other placeholders in {string!r}")
            if set(_PLACEHOLDER.findall(_strings(message)[-1])) != set(
                _PLACEHOLDER.findall(ids[-1])
            ):
                problems.append(f"{language}: a placeholder is lost in {ids[-1]!r}")
    return problems


def main(action: str) -> int:
    """Do one of compile, update, check; return the exit code."""
    if action == "compile":
        compile_all()
    elif action == "update":
        update_all()
    problems = findings() if action == "check" else []
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
