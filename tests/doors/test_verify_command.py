from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from redress.doors.commands.verify_words import WORDS
from redress.formats.receipt_keys import key_fingerprint, public_key, write_public_key
from redress.formats.receipts import Filed, sign_receipt
from redress.values.text import text_sha256

REDRESS = (sys.executable, "-m", "redress.config.command")
SEED = bytes(range(32))
PUBLIC = public_key(SEED)
FINGERPRINT = key_fingerprint(PUBLIC)
TEXT = "مزد سه ماه را نداده‌اند.\nتا کی؟"
FILED = Filed(
    4711,
    "ir.sp.nk.",
    dt.date(2026, 6, 15),
    dt.datetime(2026, 6, 15, 8, 30, tzinfo=dt.UTC),
    text_sha256(TEXT),
    ("a" * 64,),
)
RECEIPT = sign_receipt(FILED, SEED)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a receipt, its text and the key of its office; no data folder is there."""
    (tmp_path / "receipt.json").write_bytes(RECEIPT)
    (tmp_path / "words.txt").write_text(TEXT, "utf-8")
    (tmp_path / "office.pub").write_text(write_public_key(PUBLIC))
    (tmp_path / "other.pub").write_text(write_public_key(public_key(bytes(32))))
    return tmp_path


@pytest.fixture
def verify(folder):
    """Run `redress verify ...` in that folder; give exit code, output and error."""

    def do(*words: str, stdin: bytes = b"", home: str = "nowhere", **more: str):
        done = subprocess.run(
            [*REDRESS, "verify", *words],
            cwd=folder,
            env={**bare_environment(), "REDRESS_HOME": str(folder / home), **more},
            input=stdin,
            capture_output=True,
            timeout=60,
        )
        assert not (folder / "nowhere").exists()
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return do


def bare_environment() -> dict[str, str]:
    ours = ("REDRESS", "DATABASE", "DJANGO", "PORT")
    here = str(Path(__file__).resolve().parents[2])
    return {**{k: v for k, v in os.environ.items() if not k.startswith(ours)}, "PYTHONPATH": here}


def refusal(result) -> str:
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    return err


def test_without_a_known_key_the_signature_holds_and_the_key_is_to_be_compared(verify):
    code, out, err = verify("receipt.json")

    assert (code, err) == (0, "")
    assert "4711" in out
    assert "ir.sp.nk." in out
    assert "2026-06-15 08:30:00 UTC" in out
    assert f"  {FINGERPRINT}\n" in out
    assert WORDS["unknown"]["en"] in out


def test_the_key_of_this_installation_is_known(verify, folder):
    (folder / "home" / "keys").mkdir(parents=True)
    (folder / "office.pub").rename(folder / "home" / "keys" / "receipt-signing.pub")

    code, out, _ = verify("receipt.json", home="home")

    assert code == 0
    assert "This is the key known here" in out


def test_an_installation_publishes_the_key_by_which_its_own_receipts_verify(verify, folder):
    (folder / "own.json").write_bytes(sign_receipt(FILED, settings.REDRESS_RECEIPT_KEY))
    published = settings.REDRESS_KEYS / "receipt-signing.pub"

    code, out, _ = verify("own.json", home=str(settings.REDRESS_KEYS.parent))

    assert code == 0
    assert str(published) in out
    assert published.stat().st_mode & 0o777 == 0o644
    assert (settings.REDRESS_KEYS / "receipt-signing").stat().st_mode & 0o777 == 0o600


def test_a_key_given_goes_before_the_one_of_this_installation(verify, folder):
    (folder / "home" / "keys").mkdir(parents=True)
    (folder / "other.pub").rename(folder / "home" / "keys" / "receipt-signing.pub")

    assert verify("receipt.json", "--key", "office.pub", home="home")[0] == 0
    assert "--key" in refusal(verify("receipt.json", home="home"))


def test_a_receipt_by_another_key_is_refused_with_both_fingerprints(verify):
    told = refusal(verify("receipt.json", "--key", "other.pub"))

    assert told.startswith("receipt.json: signed by the key " + FINGERPRINT)
    assert key_fingerprint(public_key(bytes(32))) in told


def test_a_secret_key_given_by_mistake_is_refused_and_not_repeated(verify, folder):
    (folder / "secret").write_text(SEED.hex())

    told = refusal(verify("receipt.json", "--key", "secret"))

    assert told.startswith("secret: not a public key")
    assert SEED.hex() not in told


def test_the_text_filed_is_known_byte_for_byte(verify):
    code, out, _ = verify("receipt.json", "--text", "words.txt")

    assert code == 0
    assert out.endswith(WORDS["same"]["en"] + "\n")


def test_a_text_with_other_line_ends_is_known_and_what_differs_is_told(verify, folder):
    (folder / "words.txt").write_bytes(TEXT.replace("\n", "\r\n").encode() + b"\r\n")

    code, out, _ = verify("receipt.json", "--text", "words.txt")

    assert code == 0
    assert "saving it changed only: a line end at the very end, the kind of line ends" in out


def test_another_text_is_refused(verify, folder):
    (folder / "words.txt").write_text(TEXT.replace("سه", "دو"), "utf-8")

    told = refusal(verify("receipt.json", "--text", "words.txt"))

    assert told.startswith("words.txt: not the text filed")


def test_a_text_larger_than_any_is_refused_without_being_read_to_its_end(verify):
    assert "larger than any" in refusal(verify("receipt.json", "--text", "/dev/zero"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"4711", b"4712", "the signature does not hold"),
        (b"4711", b"NaN", "cannot be read as JSON"),
        (b'"demand"', b'"Demand"', "“Demand” is no part of a receipt"),
        (b"2026-06-15T", b"2026-02-30T", "what stands under “filed_at”"),
        (b"\n", b"\r\n", "another program saved it"),
        (b"redress/1", b"redress/2", "verify it with a newer Redress"),
        (b'"demand"', b'"a\\u001b[2Jb\\n"', "“a [2Jb ”"),
    ],
)
def test_an_altered_receipt_is_refused_in_one_line(verify, folder, old, new, told):
    (folder / "receipt.json").write_bytes(RECEIPT.replace(old, new))

    err = refusal(verify("receipt.json"))

    assert err.startswith("receipt.json: ")
    assert told in err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.json", "there is no such file"),
        (".", "cannot be read"),
        ("x" * 300, "cannot be read"),
        ("/dev/zero", "never larger than 8 kB"),
        ("/dev/null", "cannot be read as JSON"),
    ],
)
def test_what_cannot_be_read_as_a_receipt_is_told_with_its_name(verify, name, told):
    err = refusal(verify(name))

    assert err.startswith(f"{name}: ")
    assert told in err


def test_a_dash_is_standard_input(verify):
    assert verify("-", "--text", "words.txt", stdin=RECEIPT)[0] == 0
    assert verify("receipt.json", "--text", "-", stdin=TEXT.encode())[0] == 0


def test_standard_input_is_not_read_twice(verify):
    assert refusal(verify("-", "--text", "-", stdin=RECEIPT)).startswith("-: only one of")


@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_every_outcome_is_told_in_each_language(verify, folder, language):
    (folder / "bad.json").write_bytes(RECEIPT.replace(b"4711", b"4712"))

    code, out, _ = verify("receipt.json", "--text", "words.txt", "--lang", language)
    told = refusal(verify("bad.json", "--lang", language))

    assert code == 0
    assert WORDS["holds"][language] in out
    assert WORDS["same"][language] in out
    assert WORDS["error_bad_signature"][language] in told


def test_a_persian_reader_sees_the_day_of_their_own_calendar(verify):
    # 15 June 2026 is 25 Khordad 1405: 21 March is 1 Farvardin; 31 + 31 + 25 = 87 days.
    assert "۱۴۰۵/۰۳/۲۵ (2026-06-15)" in verify("receipt.json", "--lang", "fa")[1]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("name", WORDS)
def test_a_sentence_says_the_same_things_in_all_languages(name):
    words = WORDS[name]

    assert places(words["en"]) == places(words["fa"]) == places(words["zh"])


def test_whatever_else_the_environment_says_a_receipt_is_verified(verify):
    assert verify("receipt.json", PORT="eighty", DATABASE_URL="nonsense")[0] == 0


def test_neither_django_nor_a_database_driver_is_loaded(folder):
    script = (
        "import sys; from redress.config.command import main; code = main(sys.argv[1:]);"
        "print([n for n in ('django', 'psycopg', 'numpy', 'yaml') if n in sys.modules], code)"
    )
    command = [sys.executable, "-c", script, "verify", "receipt.json", "--text", "words.txt"]

    out = subprocess.run(
        command, cwd=folder, env=bare_environment(), capture_output=True, timeout=60, check=True
    ).stdout.decode()

    assert out.endswith("[] 0\n")
