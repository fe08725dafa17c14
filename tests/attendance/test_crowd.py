"""A hundred people at once on one session, and a few on another municipality's: exactly as many
places as there are."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Resident
from attendance.models import SignUp, SignUpEvent
from attendance.operations.sign_ups import sign_up
from attendance.queries import numbers_in_line
from attendance.queries.components import booked_components
from attendance.rules.sign_up import Companion, Wish
from common.refusal import Refused
from tenants.models import Municipality
from tests.attendance.test_sign_up import make_session
from tests.factories.accounts import ResidentFactory
from tests.factories.packages import make_package

CAPACITY, CROWD = 7, 100
CAPACITY_ELSEWHERE, CROWD_ELSEWHERE = 3, 20
CONNECTIONS = 40  # of the hundred that the server gives to all tests of this machine


@pytest.mark.parametrize("waits", [True, False])
def test_a_hundred_at_once_get_exactly_the_places_there_are(own_database: str, waits: bool) -> None:
    """All are at the door before anybody is let in; as in a process of the web, a pool hands out
    connections, and who finds none waits for one."""
    places = [Municipality.objects.get(pk=code) for code in ("042056", "212172")]
    capacities = (CAPACITY, CAPACITY_ELSEWHERE)
    sessions = [
        make_session(place, capacity=most) for place, most in zip(places, capacities, strict=True)
    ]
    everybody = CROWD + CROWD_ELSEWHERE
    residents = ResidentFactory.create_batch(everybody)
    door, free = threading.Barrier(everybody), threading.Semaphore(CONNECTIONS)

    def attempt(number: int) -> tuple[int, str]:
        where = int(number >= CROWD)
        companions = (Companion("連れ", "adult"),) if waits and number % 10 == 0 else ()
        wish = Wish(companions=companions, waits=waits)
        door.wait(timeout=60)
        with free:
            try:
                signed = sign_up(residents[number], places[where], sessions[where], wish)
                return where, signed.status
            except Refused as refusal:
                return where, refusal.code
            finally:
                connection.close()

    with ThreadPoolExecutor(everybody) as pool:
        ends = list(pool.map(attempt, range(everybody)))
    for where, (session, capacity, crowd) in enumerate(
        zip(sessions, capacities, (CROWD, CROWD_ELSEWHERE), strict=True)
    ):
        heard = Counter(end for there, end in ends if there == where)
        rows = list(SignUp.objects.filter(session_uuid=session))
        waiting = [row for row in rows if row.status == "waiting"]
        # Somebody alone waits among so many, so no place is left.
        assert sum(row.party for row in rows if row.status == "signed_up") == capacity
        if waits:
            assert set(heard) == {"signed_up", "waiting"}
            assert len(rows) == crowd
            assert sorted(numbers_in_line(waiting).values()) == list(range(1, len(waiting) + 1))
        else:
            assert heard == {"signed_up": capacity, "place_left": crowd - capacity}
            assert len(rows) == capacity
    assert Counter(SignUpEvent.objects.values_list("move", flat=True)) == Counter(
        SignUp.objects.values_list("move", flat=True)
    )


def test_what_is_booked_along_is_given_exactly_as_often_as_it_is_there(own_database: str) -> None:
    place = Municipality.objects.get(pk="042056")
    session, ids = make_package(place, capacity=50)
    residents = ResidentFactory.create_batch(20)

    def attempt(resident: Resident) -> str:
        try:
            return sign_up(resident, place, session, Wish(components={ids["car"]: 1})).status
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        ends = list(pool.map(attempt, residents))
    assert (ends.count("signed_up"), ends.count("component_left")) == (2, 18)
    assert booked_components(place, [session]) == {session: {ids["car"]: 2}}
