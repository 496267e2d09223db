import pytest

from redress.formats.attachments import (
    FILE_BYTES_MAX,
    FileTooLarge,
    UnreadableFile,
    read_attachment,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg", "jpg"),
        (PNG, "image/png", "png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "webp"),
        (b"%PDF-1.7\n", "application/pdf", "pdf"),
    ],
)
def test_a_file_is_what_its_content_says_whatever_it_is_called(content, media_type, ending):
    read = read_attachment("payslip.exe", content)

    assert (read.media_type, read.name, read.content) == (media_type, f"payslip.{ending}", content)


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90", b"<html><script>", b"<svg xmlns=", b"GIF89a", b"PK\x03\x04"]
)
def test_any_other_file_is_refused(content):
    with pytest.raises(UnreadableFile):
        read_attachment("picture.png", content)


def test_a_file_above_the_limit_is_refused():
    with pytest.raises(FileTooLarge):
        read_attachment("a.png", PNG + b"\x00" * FILE_BYTES_MAX)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("a\x00b\r\nc.png", "abc.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("فیش حقوقی.jpg", "فیش حقوقی.png"),
        ("", "file.png"),
        ("x" * 500, "x" * 100 + ".png"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(given, kept):
    assert read_attachment(given, PNG).name == kept
