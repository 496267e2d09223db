"""Obvious personal data in a text: numbers and addresses that lead to one person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from redress.values.text import to_latin_digits

# One sign for one, so that offsets stay: full-width signs, dashes, hidden direction marks.
_SIGNS: Final = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"),
    **dict.fromkeys([0xA0, 0x3000, *range(0x2000, 0x2010), 0x202F, *range(0x202A, 0x202F)], " "),
    **dict.fromkeys(range(0x2066, 0x206A), " "),
}
_GAPS: Final = re.compile("[ ()-]+")
_MONEY_AFTER: Final = re.compile(
    r"\s*(?:ریال|ريال|تومان|تومن|هزار|میلیون|میلیارد|rial|toman|irr|cny|rmb|yuan|[元块圆万亿¥$£€])"
    r"|[.٫]\d{1,2}(?!\d)",
    re.IGNORECASE,
)
_MONEY_BEFORE: Final = re.compile(r"(?:[¥$£€]|مبلغ|irr|cny|rmb)\s{0,3}\Z", re.IGNORECASE)
_MONEY_CHARS: Final = 8
_ROUND: Final = "00000"
_FOUR_YEARS: Final = re.compile(r"(?:(?:13|14|19|20)\d\d){4}")

# GB 11643: weights of the digits of a Chinese identity number; the last sign by the sum modulo 11.
_CHINESE_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, 0, -1))
_CHINESE_LAST: Final = "10X98765432"


def personal_parts(text: str) -> list[tuple[int, int]]:
    """Find mobile and identity numbers of Iran and China, e-mail addresses, cards and IBANs.

    Any digit set, with spaces and dashes. Identity numbers, cards and IBANs count by their check
    digits; a sum of money does not count. Names, postal addresses and land lines are not found.
    """
    plain = to_latin_digits(text).translate(_SIGNS)
    taken = bytearray(len(plain))
    found = []
    for form, is_right in _FORMS:
        for match in form.finditer(plain):
            start, end = match.span(1)
            free = not any(taken[start:end])
            if free and is_right(_GAPS.sub("", match[1])) and not _is_sum(plain, start, end):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end))
    return sorted(found)


def _is_sum(plain: str, start: int, end: int) -> bool:
    """Tell a sum by its zeros or its currency; no sum begins with a zero or a plus."""
    if plain[start] not in "123456789":
        return False
    before = plain[max(0, start - _MONEY_CHARS) : start]
    round_one = plain[start:end].endswith(_ROUND)
    return bool(round_one or _MONEY_AFTER.match(plain, end) or _MONEY_BEFORE.search(before))


def _is_iban(written: str) -> bool:
    iban = written.upper() if written[:1].isalpha() else "IR" + written
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def _is_card(digits: str) -> bool:
    """Check Luhn's sum; four years in a row are no card."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    total = sum(doubled) + sum(map(int, digits[::-2]))
    return total % 10 == 0 and not _FOUR_YEARS.fullmatch(digits)


def _is_iranian_id(digits: str) -> bool:
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    check = rest if rest < 2 else 11 - rest  # noqa: PLR2004 - as the rule of the check digit has it
    return int(digits[9]) == check and len(set(digits)) > 1


def _is_chinese_id(signs: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(signs, _CHINESE_WEIGHTS, strict=False))
    return signs[-1].upper() == _CHINESE_LAST[total % 11]


def _is_any(written: str) -> bool:
    return bool(written)


def _form(pattern: str) -> re.Pattern[str]:
    """Compile a form to be tried at every place; ``~`` stands for a gap within a number."""
    return re.compile(rf"(?=({pattern.replace('~', '[ ()-]{0,3}')}))", re.ASCII)


_FORMS: Final[list[tuple[re.Pattern[str], Callable[[str], bool]]]] = [
    (
        _form(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@"
            r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
        ),
        _is_any,
    ),
    (_form(r"(?<![A-Za-z0-9])(?:[Ii][Rr]~)?\d\d(?:~\d){22}(?!\d)"), _is_iban),
    (
        _form(
            r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
        ),
        _is_iban,
    ),
    (
        _form(
            r"(?<!\d)[1-9]\d{5}~(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])~"
            r"\d{3}[\dXx](?![\dA-Za-z])"
        ),
        _is_chinese_id,
    ),
    (_form(r"(?<!\d)[1-9]\d{3}(?:~\d{4}){3}~\d{3}(?!\d)"), _is_card),
    (_form(r"(?<!\d)[1-9]\d{3}(?:~\d{4}){3}(?!\d)"), _is_card),
    (_form(r"(?<!\d)(?:(?:\+|00)?98~0?~|0)9\d\d(?:~\d){7}(?!\d)"), _is_any),
    (_form(r"(?<!\d)9\d\d(?:\d{7}|[ -]\d{3}[ -]\d{4})(?!\d)"), _is_any),
    (_form(r"(?<!\d)(?:(?:\+|00)?86~)?1[3-9]\d~(?:\d{4}~\d{4}|\d{3}~\d{5})(?!\d)"), _is_any),
    (_form(r"(?<!\d)\d{3}[ -]?\d{6}[ -]?\d(?!\d)"), _is_iranian_id),
]
