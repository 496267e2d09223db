"""Days, moments and numbers as the page's language writes them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

from redress.values.calendars import Calendar, write_day
from redress.values.money import MINOR_DIGITS, Money
from redress.values.text import to_persian_digits

_SOLAR_MONTHS: Final = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
_ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# From Monday on.
_WEEKDAYS: Final = {
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_CURRENCY_WORDS: Final = {
    ("IRR", "fa"): "ریال",
    ("IRR", "zh"): "里亚尔",
    ("CNY", "fa"): "یوان",
    ("CNY", "zh"): "元",
}


def page_language() -> str:
    """Say which of ``fa``, ``zh``, ``en`` the page is in."""
    return (get_language() or "en").split("-", 1)[0]


def page_calendar() -> Calendar:
    """Say in which calendar the page's readers read dates."""
    return Calendar.SOLAR_HIJRI if page_language() == "fa" else Calendar.GREGORIAN


def page_digits(text: str) -> str:
    """Write the digits of a text as the page's language does."""
    return to_persian_digits(text) if page_language() == "fa" else text


def written_day(day: dt.date) -> str:
    """Write a day in full: 22 November 2026, ۱ آذر ۱۴۰۵, 2026年11月22日."""
    written = write_day(day, calendar=page_calendar())
    if page_language() == "fa":
        month = _SOLAR_MONTHS[written.month - 1]
        return to_persian_digits(f"{written.day} {month} {written.year}")
    if page_language() == "zh":
        return f"{written.year}年{written.month}月{written.day}日"
    return f"{written.day} {_ENGLISH_MONTHS[written.month - 1]} {written.year}"


def written_month(day: dt.date) -> str:
    """Write the month a day lies in: November 2026, آذر ۱۴۰۵, 2026年11月."""
    written = write_day(day, calendar=page_calendar())
    if page_language() == "fa":
        return to_persian_digits(f"{_SOLAR_MONTHS[written.month - 1]} {written.year}")
    if page_language() == "zh":
        return f"{written.year}年{written.month}月"
    return f"{_ENGLISH_MONTHS[written.month - 1]} {written.year}"


def written_span(since: dt.date, until: dt.date) -> str:
    """Write some days: as a month where they are one of the page's calendar, else from day to day."""
    first, after = (
        write_day(day, calendar=page_calendar()) for day in (since, until + dt.timedelta(days=1))
    )
    months = (after.year - first.year) * 12 + after.month - first.month
    if (first.day, after.day, months) == (1, 1, 1):
        return written_month(since)
    return f"{written_day(since)} – {written_day(until)}"


def first_weekday() -> int:
    """Say on which day a week begins for the page's readers; Monday is 0."""
    return 5 if page_language() == "fa" else 0


def weekday_words() -> list[str]:
    """Name the days of a week, the first first."""
    names = _WEEKDAYS[page_language()]
    return [names[(first_weekday() + place) % 7] for place in range(7)]


def written_moment(at: dt.datetime) -> str:
    """Write a moment in the present time zone: the day, then hours and minutes."""
    local = timezone.localtime(at)
    clock = page_digits(f"{local.hour:02}:{local.minute:02}")
    joint = "، " if page_language() == "fa" else " "
    return f"{written_day(local.date())}{joint}{clock}"


def written_number(number: int) -> str:
    """Write a whole number, grouped in threes."""
    grouped = f"{number:,}"
    return page_digits(grouped.replace(",", "٬")) if page_language() == "fa" else grouped


def currency_word(currency: str) -> str:
    """Name a currency in the page's language."""
    return _CURRENCY_WORDS.get((currency, page_language()), currency)


def written_amount(money: Money) -> str:
    """Write a sum without its currency."""
    amount = f"{money.decimal():,.{MINOR_DIGITS[money.currency]}f}"
    if page_language() == "fa":
        return to_persian_digits(amount.replace(",", "٬").replace(".", "٫"))
    return amount


def written_money(money: Money) -> str:
    """Write a sum with its currency."""
    return f"{written_amount(money)} {currency_word(money.currency)}"
