"""Money as whole minor units of one currency; never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from redress.values.text import to_latin_digits

# ISO 4217 gives the rial two decimals; no price, wage or bank file has used them for decades.
MINOR_DIGITS: Final[dict[str, int]] = {"IRR": 0, "CNY": 2, "GBP": 2, "EUR": 2, "USD": 2}
# Other currencies of ISO 4217 that have not two decimals.
_OTHER_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
MINOR_MAX: Final = 10**16
AMOUNT_CHARS_MAX: Final = 30
# Plain digits, or groups of three after the first; "12,50" is neither, and is not guessed at.
_GROUPING: Final = re.compile("[,،٬，'  \u202f]")
_WRITTEN: Final = re.compile(rf"-?(\d+|\d{{1,3}}({_GROUPING.pattern}\d{{3}})+)(\.\d+)?", re.ASCII)


def minor_digits_of(currency: str) -> int:
    """Say how many decimals a currency has; two unless known otherwise."""
    return MINOR_DIGITS.get(currency, _OTHER_DIGITS.get(currency, 2))


class NotMoney(ValueError):
    """A text or number that is no sum of this currency."""


class MixedCurrencies(ValueError):
    """Sums of two currencies met in one addition or comparison."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """A sum of one currency, in its smallest unit (fen, pence; for the rial the rial itself)."""

    currency: str
    minor: int

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise NotMoney(f"unknown currency {self.currency!r}")
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise NotMoney("a sum is a whole number of minor units")
        self._check_size()

    def _check_size(self) -> None:
        if abs(self.minor) > MINOR_MAX:
            raise NotMoney("a sum beyond every ledger; check the amount")

    def __add__(self, other: Money) -> Self:
        return type(self)(self.currency, self.minor + self._same_currency(other).minor)

    def __sub__(self, other: Money) -> Self:
        return type(self)(self.currency, self.minor - self._same_currency(other).minor)

    def __neg__(self) -> Self:
        return type(self)(self.currency, -self.minor)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same_currency(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same_currency(other).minor

    def _same_currency(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} do not add up")
        return other

    def decimal(self) -> Decimal:
        """Give the sum in whole units, with exactly the digits of its currency."""
        return Decimal(self.minor).scaleb(-MINOR_DIGITS[self.currency])


class Total(Money):
    """A sum of many sums, for reading: of any size, and in no ledger."""

    __slots__ = ()

    def _check_size(self) -> None:
        """Take any size."""


def parse_money(written: str, *, currency: str) -> Money:
    """Read a sum as people write it: any of the three digit sets, grouped or not.

    Args:
        written: for instance ``12,500.00``, ``۱۲٬۵۰۰``, ``１２５００``; a dot or ``٫`` before decimals.
        currency: ISO 4217 code.

    Raises:
        NotMoney: no number, more decimals than the currency has, or out of range.
    """
    if len(written) > AMOUNT_CHARS_MAX:
        raise NotMoney("too long for a sum")
    plain = to_latin_digits(written).strip().replace("٫", ".").replace("−", "-")
    if not _WRITTEN.fullmatch(plain):
        raise NotMoney(f"not a sum: {written!r}")
    value = Decimal(_GROUPING.sub("", plain))
    if abs(value) > MINOR_MAX:
        raise NotMoney("a sum beyond every ledger; check the amount")
    minor = value.scaleb(MINOR_DIGITS[currency]) if currency in MINOR_DIGITS else None
    if minor is None:
        raise NotMoney(f"unknown currency {currency!r}")
    if minor != minor.to_integral_value():
        raise NotMoney(f"{currency} has {MINOR_DIGITS[currency]} decimals")
    return Money(currency, int(minor))
