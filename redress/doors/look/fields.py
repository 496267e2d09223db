"""Form fields that several doors share: papers, and a county by any of its names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from redress.doors.look.dates import written_number
from redress.formats.attachments import (
    FILES_MAX,
    MEDIA_TYPES,
    FileTooLarge,
    ReadAttachment,
    UnreadableFile,
    read_attachment,
)
from redress.registers.offices.places import office_named


class ManyFilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several attachments, each known by its content."""

    widget = ManyFilesInput(attrs={"accept": ",".join(MEDIA_TYPES)})

    def clean(self, data: Any, initial: Any = None) -> list[ReadAttachment]:
        """Read the files.

        Raises:
            ValidationError: too many, too large, or of a kind that is not taken.
        """
        uploads: list[UploadedFile[Any]] = [upload for upload in (data or []) if upload]
        if len(uploads) > FILES_MAX:
            raise forms.ValidationError(
                ngettext("Send at most %(count)s file.", "Send at most %(count)s files.", FILES_MAX)
                % {"count": written_number(FILES_MAX)}
            )
        return [
            self._read(super(ManyFilesField, self).clean(upload, initial)) for upload in uploads
        ]

    def _read(self, upload: UploadedFile[Any]) -> ReadAttachment:
        try:
            return read_attachment(upload.name or "", upload.read())
        except FileTooLarge:
            raise forms.ValidationError(
                _("A file is larger than 5 MB; send a smaller picture.")
            ) from None
        except UnreadableFile:
            raise forms.ValidationError(
                _(
                    "A file is neither a picture (JPEG, PNG, WebP), a PDF nor a voice note"
                    " (OGG, MP3, M4A, WebM); send one of these."
                )
            ) from None


class CountyField(forms.ChoiceField):
    """A county, by its path or by its name in any language."""

    def to_python(self, value: Any) -> str:
        """Turn a name into the path."""
        written = super().to_python(value)
        office = office_named(written) if written and "\x00" not in written else None
        return office.path if office else written
