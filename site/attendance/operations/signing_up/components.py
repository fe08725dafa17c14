"""What was wished along with a place, when the place is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from activities.models import Session
from attendance.models import SignUp
from attendance.queries.components import booked_components
from attendance.rules.components import count, given
from tenants.models import Municipality


def give_components(municipality: Municipality, session: Session, rows: Iterable[SignUp]) -> None:
    """Settle what these get of what they wished, in their order, as their places are given: what
    is not left is marked as missed, and their letter says so. Nothing is held for who waits or
    has applied, so this is where it is decided.

    Call it under the session's lock, before the moves, which save it. One statement where anybody
    wished something, else none.
    """
    wishing = [row for row in rows if row.booked]
    if not wishing:
        return
    package = session.page.package
    booked = Counter(booked_components(municipality, [session.uuid]).get(session.uuid, {}))
    for row in wishing:
        row.components = given(row.booked, package, booked)
        booked += count([row.booked])
