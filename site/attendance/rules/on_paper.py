"""What people write on the list on paper, compared with what a municipality knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from attendance.rules.earlier_people import Known, kana_key, name_key
from common.clock import TOKYO
from common.text import normalise_digits

# How long after a session its organisation may enter who had not signed up: afterwards, and once
# the list is confirmed, that is for the municipality.
ENTERED_WITHIN = timedelta(days=14)


def who_wrote(number: str, name: str, day: date, registrants: Sequence[Known]) -> UUID | None:
    """The registrant with this registration number and this whole name, in kanji or in kana, who
    had it on the `day` of the list; None where there is none, and where it is not certain."""
    found = [
        one.resident
        for one in registrants
        if is_number(number, one.reference)
        and _is_called(name, one)
        and (one.since is None or one.since.astimezone(TOKYO).date() <= day)
    ]
    return found[0] if len(found) == 1 else None


def is_number(written: str, number: str) -> bool:
    """Whether somebody wrote this registration number (042056-000123): with or without hyphen, or
    the running number alone, with or without its zeros."""
    digits, running = normalise_digits(written), number.rpartition("-")[2]
    if not digits.isdecimal():
        return False
    return digits == normalise_digits(number) or digits.lstrip("0") == running.lstrip("0")


def _is_called(name: str, known: Known) -> bool:
    kana = kana_key(name)
    return name_key(name) == name_key(known.name) or (kana != "" and kana == kana_key(known.kana))
