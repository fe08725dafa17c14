"""The 12-digit individual number (個人番号, "My Number"): recognised so that it is never kept.

Nobody asks for it here (R10), yet people type it: into a comment, a file's name, a search. Its
last digit is a check digit, so eleven of twelve other 12-digit numbers are told apart from it.

The rule: Order of the Ministry of Internal Affairs and Communications No. 85 of 2014, article 5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

DIGITS = 12
MASK = "*" * DIGITS

# Shown as nothing: they come along when somebody copies from a page.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPACES = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
# Every stroke that people type for a hyphen, the long vowel mark of kana among them.
_HYPHENS = (
    "\\-\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70\u02d7~\u301c\uff5e"
)
_OTHERS = "._/+\u00b7\u2022\u2027\u30fb\uff65\uff0e\uff3f\uff0f\uff0b"

_GAP = re.compile(rf"[{_INVISIBLE}{_SPACES}{_HYPHENS}{_OTHERS}]{{1,4}}")
_RUN = re.compile(rf"\d(?:[{_INVISIBLE}{_SPACES}{_HYPHENS}{_OTHERS}]{{0,4}}\d)*")
_SPACE, _HYPHEN = re.compile(f"[{_SPACES}]"), re.compile(f"[{_HYPHENS}]")
_OTHER = re.compile(f"[{_OTHERS}]")


def check_digit(eleven: str) -> int:
    """The last digit of the number that begins with these `eleven` digits."""
    if len(eleven) != DIGITS - 1:
        raise ValueError("Eleven digits, please.")
    total = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(eleven), start=1)
    )
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def has_my_number(text: str) -> bool:
    """Whether an individual number stands anywhere in `text`, however it is typed."""
    if any(_found(text)):
        return True
    return "%" in text and any(_found(unquote(text)))


def mask_my_numbers(text: str) -> str:
    """`text` with twelve asterisks for each individual number in it.

    A text that hides one by percent-encoding (an address in a log) comes back decoded.
    """
    masked = _masked(text)
    if "%" in masked and any(_found(plain := unquote(masked))):
        return _masked(plain)
    return masked


def _masked(text: str) -> str:
    parts, end = [], 0
    for span in _found(text):
        parts += [text[end : span.start], MASK]
        end = span.stop
    return "".join([*parts, text[end:]])


@dataclass
class _Group:
    """Digits with nothing between them that is seen, and what stands before them."""

    start: int
    stop: int
    digits: str
    gap: str = ""


def _found(text: str) -> Iterator[slice]:
    """Where individual numbers stand, from left to right, none overlapping another."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() < DIGITS:
            continue
        groups = _groups(text, run.start(), run.end())
        first = 0
        while first < len(groups):
            last = _last(groups, first)
            if last is None:
                first += 1
                continue
            yield slice(groups[first].start, groups[last].stop)
            first = last + 1


def _groups(text: str, start: int, stop: int) -> list[_Group]:
    groups: list[_Group] = []
    at, gap = start, ""
    while at < stop:
        if between := _GAP.match(text, at, stop):
            gap, at = _kind(between[0]), between.end()
            continue
        digit = str(unicodedata.digit(text[at]))
        if groups and not gap:
            groups[-1].digits += digit
        else:
            groups.append(_Group(at, at, digit, gap))
        at += 1
        groups[-1].stop, gap = at, ""
    return groups


def _kind(gap: str) -> str:
    """What a gap is: other, hyphen, space, or "" if it cannot be seen."""
    if _OTHER.search(gap):
        return "other"
    if _HYPHEN.search(gap):
        return "hyphen"
    return "space" if _SPACE.search(gap) else ""


def _last(groups: list[_Group], first: int) -> int | None:
    """The group that ends an individual number which begins with the group `first`."""
    digits = ""
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > DIGITS:
            return None
        if len(digits) == DIGITS:
            right = _one_number(groups[first : last + 1]) and (
                int(digits[-1]) == check_digit(digits[:-1])
            )
            return last if right else None
    return None


def _one_number(groups: list[_Group]) -> bool:
    """Whether groups with twelve digits in all read as one number.

    As printed on the card, 4-4-4 (or 4-8, 8-4), with anything between; or in any other grouping
    with spaces throughout, or hyphens throughout. A telephone number before an hour
    (0226-22-3456 13), a date before a time and an IP address (192.168.100.101) are not one.
    """
    kinds = {group.gap for group in groups[1:]}
    return (
        not kinds
        or all(len(group.digits) % 4 == 0 for group in groups)
        or kinds in ({"space"}, {"hyphen"})
    )
