"""Papers and voice notes that people attach: what they are is read from their content alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

FILE_BYTES_MAX: Final = 5 * 1024 * 1024
FILES_MAX: Final = 3
_NAME_CHARS_MAX: Final = 100
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')

# Media type -> (offset, signature), ending. Source: the formats' own specifications.
_SIGNATURES: Final = (
    ("image/jpeg", 0, b"\xff\xd8\xff", "jpg"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n", "png"),
    ("image/webp", 8, b"WEBPVP8", "webp"),
    ("application/pdf", 0, b"%PDF-", "pdf"),
    ("audio/ogg", 0, b"OggS", "ogg"),
    ("audio/mpeg", 0, b"ID3", "mp3"),
    ("audio/mpeg", 0, b"\xff\xfb", "mp3"),
    ("audio/mp4", 4, b"ftypM4A", "m4a"),
    ("audio/webm", 0, b"\x1aE\xdf\xa3", "webm"),
)
MEDIA_TYPES: Final = tuple(dict.fromkeys(media_type for media_type, *_rest in _SIGNATURES))


class UnreadableFile(ValueError):
    """A file that is none of the kinds taken."""


class FileTooLarge(ValueError):
    """A file above ``FILE_BYTES_MAX``."""


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """A file taken in: a harmless name, the type its content shows, and its bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Give the fingerprint of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def read_attachment(name: str, content: bytes) -> ReadAttachment:
    """Take in a file.

    Args:
        name: as the sender's machine called it; kept without path, control and direction marks,
            its ending replaced by that of the real type.
        content: all its bytes.

    Raises:
        FileTooLarge: above ``FILE_BYTES_MAX``.
        UnreadableFile: no picture, PDF or voice note by its content.
    """
    if len(content) > FILE_BYTES_MAX:
        raise FileTooLarge
    for media_type, offset, signature, ending in _SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
            stem = _UNFIT.sub("", last.rsplit(".", 1)[0]).strip(". ")
            return ReadAttachment(
                f"{stem[:_NAME_CHARS_MAX] or 'file'}.{ending}", media_type, content
            )
    raise UnreadableFile
