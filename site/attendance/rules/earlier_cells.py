"""What people write into the cells of a list of participants: days, times, hours, numbers.

Each reader takes a cell's text and gives its value, or raises ValueError for what cannot be read.
Full and half width, spaces and the brackets with a weekday behind a date make no difference.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from common.text import normalise_digits, normalise_name
from common.wareki import from_era

# Long enough to say "too long" of every field, too short to fill a page.
MAX_CELL = 400
LONGEST_HOURS = Decimal(24)
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ERAS = {"令": "令和", "平": "平成", "昭": "昭和", "大": "大正", "明": "明治"}
_ERA = re.compile(
    r"([RHSTM]|令和?|平成?|昭和?|大正?|明治?)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
)
_WEEKDAY = re.compile(r"\([月火水木金土日](曜日?)?(・祝|祝)?\)$")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?$")
# A day that a spreadsheet shows as a number: 1 is 1 January 1900, by Excel's count.
_SERIAL = re.compile(r"\d{5}")
_SERIAL_ZERO = date(1899, 12, 30)
_CLOCK = re.compile(r"(午前|午後|AM|PM)?(\d{1,2})(?::(\d{2})(?::\d{2})?|時(?:(\d{1,2})分?|(半))?)")
_PART_OF_A_DAY = re.compile(r"0?\.\d+")
_RANGE = re.compile(r"[~〜～–—]|(?<=[\d分時半])[-ー](?=\d)|から")
_IN_WORDS = re.compile(r"(?:(\d{1,3})(?:時間|h|H))?(?:(\d{1,3})(?:分|m|min))?")
_DURATION = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_PHONE = re.compile(r"0\d{9,10}|\+\d{7,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_KANA = re.compile(r"[ァ-ヺー・･ゝゞヽヾ' \-.A-Za-z]+")
_HUNDREDTH = Decimal("0.01")
_NOON, _DAY_SECONDS = 12, 24 * 60 * 60


def _tight(text: str) -> str:
    return normalise_name(text).replace(" ", "")


def read_day(text: str) -> date:
    """2026-04-01, 2026/4/1, 2026年4月1日(水), 20260401, 令和8年4月1日, R8.4.1, S38/4/2, and the
    number that a spreadsheet keeps a day as."""
    plain = _MIDNIGHT.sub("", normalise_name(text))
    plain = _WEEKDAY.sub("", plain.replace(" ", ""))
    if found := _WESTERN.fullmatch(plain) or _EIGHT.fullmatch(plain):
        return date(*map(int, found.groups()))
    if found := _ERA.fullmatch(plain.upper()):
        era, year, month, day = found.groups()
        name = _ERAS.get(era[0], era)
        return from_era(name, 1 if year == "元" else int(year), int(month), int(day))
    if _SERIAL.fullmatch(plain):
        return _SERIAL_ZERO + timedelta(days=int(plain))
    raise ValueError(f"not a day: {text!r}")


def read_time(text: str) -> time:
    """9:30, 09:30:00, 9時30分, 9時半, 午後1時, and the part of a day a spreadsheet keeps it as."""
    plain = _tight(text).upper()
    if _PART_OF_A_DAY.fullmatch(plain):
        minutes = round(float(plain) * _DAY_SECONDS / 60)
        return time(*divmod(minutes, 60))  # type: ignore[arg-type]
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ValueError(f"not a time: {text!r}")
    half, hour, minute, in_words, is_half = found.groups()
    hours = int(hour)
    if half:
        if hours > _NOON:
            raise ValueError(f"not a time: {text!r}")
        hours = hours % _NOON + (_NOON if half in {"午後", "PM"} else 0)
    return time(hours, 30 if is_half else int(minute or in_words or 0))


def split_range(text: str) -> tuple[str, str]:
    """Start and end of what stands in one cell, 9:00～12:00; the end is "" if it is no range."""
    parts = _RANGE.split(_tight(text), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (text, "")


def read_hours(text: str) -> Decimal:
    """3, 3.5, 3時間, 3時間30分, 90分, 3:30, as hours to the hundredth; more than 0, 24 at most."""
    plain = _tight(text).removeprefix("約")
    if found := _DURATION.fullmatch(plain):
        hours = Decimal(int(found[1])) + Decimal(int(found[2])) / 60
    elif (found := _IN_WORDS.fullmatch(plain)) and plain:
        hours = Decimal(int(found[1] or 0)) + Decimal(int(found[2] or 0)) / 60
    else:
        number = plain.removesuffix("時間").removesuffix("h").removesuffix("H")
        if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", number):
            raise ValueError(f"not hours: {text!r}")
        hours = Decimal(number)
    hours = hours.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if not 0 < hours <= LONGEST_HOURS:
        raise ValueError(f"not hours of a day: {text!r}")
    return hours


def read_phone(text: str) -> str:
    """The digits of a number in Japan, with the zero a spreadsheet takes away put back; abroad
    with + and the country's in front."""
    digits = normalise_digits(text)
    if digits.startswith("+81"):
        digits = "0" + digits[3:].removeprefix("0")
    elif digits.isascii() and digits.isdigit() and not digits.startswith("0"):
        digits = f"0{digits}"
    if not (digits.isascii() and _PHONE.fullmatch(digits)):
        raise ValueError(f"not a telephone number: {text!r}")
    return digits


def read_email(text: str) -> str:
    """An address, in small letters."""
    plain = normalise_name(text).lower()
    if not _EMAIL.fullmatch(plain):
        raise ValueError(f"not an address: {text!r}")
    return plain


def is_kana(text: str) -> bool:
    """Whether a normalised text (`common.text.normalise_kana`) can be furigana."""
    return _KANA.fullmatch(text) is not None
