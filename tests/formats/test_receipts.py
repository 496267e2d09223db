from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from redress.formats.receipt_keys import (
    NotAKey,
    is_weak_key,
    key_fingerprint,
    public_key,
    read_public_key,
    write_public_key,
)
from redress.formats.receipt_texts import Change
from redress.formats.receipts import (
    RECEIPT_BYTES_MAX,
    Filed,
    Flaw,
    NotAReceipt,
    Receipt,
    check_receipt,
    matches_text,
    read_receipt,
    sign_receipt,
)
from redress.values.text import text_sha256

SEED = bytes(range(32))
TEXT = "مزد سه ماه را نداده‌اند.\nPay us."
AT = dt.datetime(2026, 6, 15, 8, 30, 5, tzinfo=dt.UTC)
FILED = Filed(4711, "ir.sp.nk.", dt.date(2026, 6, 14), AT, text_sha256(TEXT), ("a" * 64, "0" * 64))
RECEIPT = sign_receipt(FILED, SEED)
FIELDS = json.loads(RECEIPT)
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493

PARTS = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
BARE = AT.replace(tzinfo=None)
MOMENTS = st.datetimes(
    BARE.replace(year=1901), BARE.replace(year=2199), timezones=st.timezones()
).map(lambda moment: moment.replace(microsecond=0))
FACTS = st.builds(
    Filed,
    st.integers(1, 2**63 - 1),
    st.lists(PARTS, min_size=1, max_size=5).map(lambda parts: ".".join(parts) + "."),
    st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)),
    MOMENTS,
    DIGESTS,
    st.lists(DIGESTS, max_size=3).map(tuple),
)


def reason_of(data: bytes) -> str:
    """Say why bytes are no receipt, or why it proves nothing; empty if it is good."""
    try:
        return str(check_receipt(read_receipt(data)) or "")
    except NotAReceipt as bad:
        return bad.reason


def written(fields: object) -> bytes:
    return (json.dumps(fields, indent=2) + "\n").encode()


def signed_anew(**changes: object) -> bytes:
    """Change fields of a receipt and sign it with its own key, as only the office could."""
    fields = {**FIELDS, **changes}
    del fields["signature"]
    signature = Ed25519PrivateKey.from_private_bytes(SEED).sign(
        b"redress-receipt\0" + written(fields)
    )
    return written({**fields, "signature": base64.b64encode(signature).decode()})


@given(FACTS, st.binary(min_size=32, max_size=32))
def test_what_is_signed_reads_back_and_holds(facts, seed):
    receipt = read_receipt(sign_receipt(facts, seed))

    assert receipt.filed == replace(facts, filed_at=facts.filed_at.astimezone(dt.UTC))
    assert receipt.key == public_key(seed)
    assert check_receipt(receipt) is None


@given(st.integers(0, len(RECEIPT) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(at, mask):
    changed = RECEIPT[:at] + bytes([RECEIPT[at] ^ mask]) + RECEIPT[at + 1 :]

    assert reason_of(changed)


@given(st.integers(0, len(RECEIPT) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(at, bit):
    assert reason_of(RECEIPT[:at] + bytes([RECEIPT[at] ^ 1 << bit]) + RECEIPT[at + 1 :])


@given(st.integers(0, len(RECEIPT) - 1))
def test_a_receipt_cut_off_anywhere_is_refused(at):
    assert reason_of(RECEIPT[:at])


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused(data):
    assert reason_of(data)


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "name"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
        ),
        min_size=1,
    )
)
def test_whatever_values_stand_in_the_fields_they_are_refused(changes):
    assert reason_of(written({**FIELDS, **changes})) or changes.items() <= FIELDS.items()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_json"),
        (b"null", "not_json"),
        (b"[]", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * RECEIPT_BYTES_MAX, "not_json"),
        (b'{"a":' * 1000, "not_json"),
        (b" " * (RECEIPT_BYTES_MAX + 1), "too_large"),
        (RECEIPT.replace(b"4711", b"NaN"), "not_json"),
        (RECEIPT.replace(b"4711", b"4711.0"), "not_json"),
        (RECEIPT.replace(b"4711", b"4.711e3"), "not_json"),
        (RECEIPT.replace(b"4711", b"9" * 5000), "not_json"),
        (RECEIPT.replace(b"4711", b"true"), "wrong_value"),
        (RECEIPT.replace(b"4711", b"0"), "wrong_value"),
        (RECEIPT.replace(b"4711", b"9223372036854775808"), "wrong_value"),
        (RECEIPT.replace(b'"demand": 4711', b'"demand": 1, "demand": 4711'), "twice"),
        (RECEIPT.replace(b"redress/1", b"redress/2"), "other_version"),
        (b"{}", "missing_field"),
        (written({**FIELDS, "name": "Maryam"}), "unknown_field"),
        (written({k: v for k, v in FIELDS.items() if k != "office"}), "missing_field"),
        (written({**FIELDS, "office": "ir.sp.nk"}), "wrong_value"),
        (written({**FIELDS, "heard_on": "2026-02-30"}), "wrong_value"),
        (written({**FIELDS, "heard_on": "۲۰۲۶-۰۶-۱۵"}), "wrong_value"),
        (written({**FIELDS, "heard_on": "0001-01-01"}), "wrong_value"),
        (written({**FIELDS, "filed_at": "2026-06-15T08:30:05+00:00"}), "wrong_value"),
        (written({**FIELDS, "filed_at": "2026-06-15T24:00:00Z"}), "wrong_value"),
        (written({**FIELDS, "attachments": "a" * 64}), "wrong_value"),
        (written({**FIELDS, "text_sha256": "A" * 64}), "wrong_value"),
        (written({**FIELDS, "key": "AAAA"}), "wrong_value"),
        (written({**FIELDS, "signature": "\ud800"}), "wrong_value"),
        (json.dumps(FIELDS).encode(), "not_canonical"),
        (written(dict(sorted(FIELDS.items()))), "not_canonical"),
        (RECEIPT.replace(b"\n", b"\r\n"), "not_canonical"),
        (RECEIPT + b"\n", "not_canonical"),
        (b"\xef\xbb\xbf" + RECEIPT, "not_canonical"),
        (RECEIPT.replace(b"ir.sp", b"ir.sq"), "bad_signature"),
    ],
)
def test_what_is_no_receipt_is_refused_with_its_reason(data, reason):
    assert reason_of(data) == reason


def test_base64_in_a_second_form_is_refused():
    # 32 bytes end in a digit of which two bits are not used.
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    key = FIELDS["key"]
    other = key[:-2] + digits[digits.index(key[-2]) + 1] + "="

    assert base64.b64decode(other) == base64.b64decode(key)
    assert reason_of(written({**FIELDS, "key": other})) == "not_canonical"


def test_a_signature_in_a_second_form_is_refused():
    signature = base64.b64decode(FIELDS["signature"])
    larger = int.from_bytes(signature[32:], "little") + ORDER
    second = signature[:32] + larger.to_bytes(32, "little")

    data = written({**FIELDS, "signature": base64.b64encode(second).decode()})

    assert reason_of(data) == Flaw.BAD_SIGNATURE


def test_a_signature_over_the_bare_fields_is_refused():
    fields = {**FIELDS}
    del fields["signature"]
    bare = Ed25519PrivateKey.from_private_bytes(SEED).sign(written(fields))

    data = written({**fields, "signature": base64.b64encode(bare).decode()})

    assert reason_of(data) == Flaw.BAD_SIGNATURE


def test_only_the_key_in_the_receipt_makes_its_signature_hold():
    other = base64.b64encode(public_key(bytes(32))).decode()

    assert reason_of(written({**FIELDS, "key": other})) == Flaw.BAD_SIGNATURE


def test_the_helper_of_these_tests_signs_as_the_programme_does():
    assert signed_anew() == RECEIPT


def test_a_receipt_holds_no_more_than_its_fields():
    assert list(FIELDS) == [
        *("receipt", "demand", "office", "heard_on", "filed_at", "text_sha256", "attachments"),
        *("key", "signature"),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        Filed(0, "ir.", AT.date(), AT, "a" * 64),
        Filed(1, "", AT.date(), AT, "a" * 64),
        Filed(1, "ir.", AT.date(), AT.replace(tzinfo=None), "a" * 64),
        Filed(1, "ir.", AT, AT, "a" * 64),
        Filed(1, "ir.", AT.date(), AT, "a"),
        Filed(1, "ir.", AT.date(), AT, "a" * 64, ("b" * 64,) * 200),
    ],
)
def test_facts_that_no_receipt_holds_are_not_signed(facts):
    with pytest.raises(NotAReceipt):
        sign_receipt(facts, SEED)


def test_a_moment_is_written_to_the_second_before():
    facts = Filed(1, "ir.", AT.date(), AT.replace(microsecond=999_999), "a" * 64)

    assert read_receipt(sign_receipt(facts, SEED)).filed.filed_at == AT


# A curve of our own reckoning, to see that the keys named weak are those and all of those.
D = -121665 * pow(121666, -1, PRIME) % PRIME


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, PRIME)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, PRIME)
    return x % PRIME, y % PRIME


def points_of_small_order() -> set[tuple[int, int]]:
    """Find them: a point times the large prime of the order is one; eight of them there are."""
    found: set[tuple[int, int]] = set()
    y = 2
    while len(found) < 8:
        y += 1
        square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
        x = pow(square, (PRIME + 3) // 8, PRIME)
        x = x if x * x % PRIME == square else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
        if x * x % PRIME == square:
            times, power, left = (0, 1), (x, y), ORDER
            while left:
                times = add(times, power) if left & 1 else times
                power, left = add(power, power), left >> 1
            found.add(times)
    return found


def test_the_keys_of_small_order_are_weak_in_every_form():
    points = points_of_small_order()
    ys = {y for _, y in points} | {y + PRIME for _, y in points if y + PRIME < 2**255}
    forms = [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]

    assert len(points) == 8
    assert all(is_weak_key(form) for form in forms)
    assert not is_weak_key(public_key(SEED))


def test_a_receipt_by_a_key_of_small_order_proves_nothing():
    # With the neutral point as key and R, and S = 0, the equation S·B = R + h·A holds for any text.
    neutral = (1).to_bytes(32, "little")

    forged = Receipt(FILED, neutral, neutral + bytes(32))

    assert check_receipt(forged) is Flaw.WEAK_KEY


@given(st.binary(min_size=32, max_size=32))
def test_a_published_key_reads_back_in_both_forms(seed):
    public = public_key(seed)

    assert read_public_key(write_public_key(public).encode()) == public
    assert read_public_key(base64.b64encode(public) + b"\n") == public
    assert key_fingerprint(public) in write_public_key(public)


def test_a_fingerprint_is_eight_groups_of_four_hex_digits():
    # printf of the 32 bytes of the key, sha256sum: 56475aa75463474c0285df5dbf2bcab7...
    assert key_fingerprint(public_key(SEED)) == "5647 5aa7 5463 474c 0285 df5d bf2b cab7"


def other_kind() -> bytes:
    key = generate_private_key(65537, 2048).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"AAAA",
        b"\xff" * 44,
        SEED.hex().encode(),
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----",
        base64.b64encode((1).to_bytes(32, "little")),
        write_public_key(bytes(32)).encode(),
        b"A" * 10_000,
        other_kind(),
    ],
)
def test_what_is_no_key_of_receipts_is_refused(text):
    with pytest.raises(NotAKey):
        read_public_key(text)


def match(filed: str, saved: bytes):
    facts = Filed(1, "ir.", AT.date(), AT, text_sha256(filed))
    return matches_text(read_receipt(sign_receipt(facts, SEED)), saved)


BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("filed", "saved", "apart_from"),
    [
        ("a\nb", b"a\nb", ()),
        ("a\nb", b"a\nb\n", (Change.LAST_LINE_END,)),
        ("a\nb\n", b"a\nb", (Change.LAST_LINE_END,)),
        ("a\nb", b"a\r\nb", (Change.LINE_ENDS,)),
        ("a\r\nb", b"a\nb", (Change.LINE_ENDS,)),
        ("a\nb", BOM + b"a\nb", (Change.MARK,)),
        ("\ufeffa\nb", b"a\nb", (Change.MARK,)),
        ("a\nb", b"a\r\nb\r\n", (Change.LAST_LINE_END, Change.LINE_ENDS)),
        ("a\r\nb", BOM + b"a\nb\n", tuple(Change)),
    ],
)
def test_a_text_saved_in_another_way_is_the_one_filed_and_says_in_which(filed, saved, apart_from):
    found = match(filed, saved)

    assert (found.same, found.apart_from) == (True, apart_from)


@pytest.mark.parametrize(
    "saved",
    [
        *(b"a\nb\n\n", b"a\nb \n", b" a\nb", b"A\nb", b"ab", b"a\rb", b"a\n\nb", b""),
        *(BOM + BOM + b"a\nb", b"a\nb" + BOM, "a\nb".encode("utf-16")),
    ],
)
def test_any_other_text_is_not_the_one_filed(saved):
    assert not match("a\nb", saved)


@given(st.text(), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_phone_does_in_saving_the_text_is_known_again(text, mark, last, ends):
    filed = text.replace("\r\n", "\n")
    saved = (BOM if mark else b"") + (filed + "\n" * last).replace("\n", ends).encode()

    assert match(filed, saved)
