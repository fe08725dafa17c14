"""A hundred people at once, on one session: exactly as many places as there are."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from attendance.models import SignUp, SignUpEvent
from attendance.operations.sign_ups import sign_up
from attendance.queries import numbers_in_line
from attendance.rules.sign_up import Companion, Wish
from tenants.models import Municipality
from tests.attendance.test_sign_up import make_session
from tests.factories.accounts import ResidentFactory

CAPACITY = 7


def test_a_hundred_at_once_get_exactly_the_places_there_are(own_database: str) -> None:
    places = [Municipality.objects.get(pk=code) for code in ("042056", "212172")]
    sessions = [make_session(place, capacity=CAPACITY) for place in places]
    residents = ResidentFactory.create_batch(100)

    def attempt(number: int) -> None:
        try:
            place = Municipality.objects.get(pk=places[number % 2].pk)
            companions = (Companion("連れ", "adult"),) if number % 10 == 0 else ()
            wish = Wish(companions=companions, waits=True)
            sign_up(residents[number], place, sessions[number % 2], wish)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(attempt, range(100)))
    for session in sessions:
        rows = list(SignUp.objects.filter(session_uuid=session))
        assert len(rows) == 50
        assert {row.status for row in rows} == {"signed_up", "waiting"}
        taken = sum(row.party for row in rows if row.status == "signed_up")
        waiting = [row for row in rows if row.status == "waiting"]
        # Somebody alone waits among so many, so no place is left.
        assert taken == CAPACITY
        numbers = numbers_in_line(waiting)
        assert sorted(numbers.values()) == list(range(1, len(waiting) + 1))
    assert Counter(SignUpEvent.objects.values_list("move", flat=True)) == Counter(
        SignUp.objects.values_list("move", flat=True)
    )
