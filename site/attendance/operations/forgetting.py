"""Names on lists of sign-ups that nobody needs any more."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from attendance.models import SignUp

EMPTY: dict[str, Any] = {
    "name": "",
    "kana": "",
    "phone": "",
    "age_group": "",
    "companions": None,
    "guardian_name": "",
    "guardian_phone": "",
    "reason": "",
}
"""What a sign-up says of people; how many came along stays, and names nobody. What they
booked along stays too: numbers that bear no name any more."""


def empty_names(sign_ups: QuerySet[SignUp]) -> int:
    """Take everything out of these that says who they were; that somebody signed up stays.
    Returns of how many."""
    return sign_ups.exclude(name="").update(**EMPTY)
