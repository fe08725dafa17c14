"""Who was not here for two years is warned three times and released, and can come back at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Resident
from certificates.models import Certificate
from common.clock import TOKYO
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.models import Consent
from registration.models import NationalParameters, Registration, RegistrationEvent, ReleaseWarning
from registration.operations import register
from registration.operations.nightly.batches import run, which_warning
from registration.operations.nightly.releases import _LAST_DAY, release, warn
from registration.rules.release import last_day, warning_due
from tenants.actors import OWNER, acting
from tenants.models import Municipality
from tests.factories.accounts import PEOPLE, ResidentFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.standings import make_standing

pytestmark = pytest.mark.django_db
SEEN = date(2026, 11, 29)
LAST = date(2028, 11, 29)


@pytest.fixture(autouse=True)
def _caretaker() -> Iterator[None]:
    with acting(OWNER):
        yield


@pytest.fixture
def resident(kesennuma: Municipality, hida: Municipality) -> Resident:
    with on(SEEN):
        made: Resident = ResidentFactory(person=PEOPLE[1])
        for place in (kesennuma, hida):
            register_resident(made, place)
    OutboxMessage.objects.all().delete()
    return made


def on(day: date, hour: int = 3) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(hour), tzinfo=TOKYO), tick=False)


def night(day: date) -> tuple[int, int]:
    """Every step of this kind, twice; of how many the first did something."""
    with on(day):
        done = warn(day), release(day)
        assert (warn(day), release(day)) == (0, 0)
    return done


def letters() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


def active(resident: Resident) -> int:
    return Registration.objects.filter(resident=resident, status="active").count()


def test_three_warnings_then_the_end_of_all(resident: Resident) -> None:
    assert active(resident) == 4, "two cities and their prefectures"
    told = []
    for before in (61, 60, 59, 31, 30, 8, 7, 1, 0):
        warned, released = night(LAST - timedelta(days=before))
        assert released == 0
        told += [before] * warned
    assert told == [60, 30, 7]
    assert night(LAST + timedelta(days=1)) == (0, 1)
    assert active(resident) == 0
    assert night(LAST + timedelta(days=2)) == (0, 0)
    assert letters() == ["registration.release_warning"] * 3 + ["registration.released"]
    events = RegistrationEvent.objects.filter(registration__resident=resident, kind="released")
    assert events.count() == 4
    assert not events.exclude(actor=None).exists()
    here = Consent.objects.filter(user=resident.user, municipality__isnull=False)
    assert set(here.values_list("end_reason", flat=True)) == {"left"}
    assert Consent.objects.filter(user=resident.user, ended_at=None).count() == 2, "terms stay"
    assert set(Certificate.objects.values_list("status", flat=True)) == {"ended"}


def test_what_is_written_and_to_whom(resident: Resident) -> None:
    with on(LAST - timedelta(days=30)):
        warn(LAST - timedelta(days=30))
        assert deliver_next()
    mail = OutboxMessage.objects.get(kind="mail").payload
    assert mail["to"] == [resident.user.email]
    assert "2028年11月30日" in mail["subject"]
    assert "宮城県気仙沼市" in mail["body"]
    assert resident.name in mail["body"]


def test_a_visit_cancels_what_was_announced(resident: Resident) -> None:
    for before in (60, 30, 7):
        night(LAST - timedelta(days=before))
    with on(LAST, hour=20):
        signed_in_client(resident.user).get("/my/profile/")
    resident.refresh_from_db()
    assert resident.seen_on == LAST
    assert night(LAST + timedelta(days=1)) == (0, 0)
    assert active(resident) == 4
    with on(LAST + timedelta(days=1)):
        while deliver_next():
            pass
    assert "registration.release_warning" in letters()
    assert "mail" not in letters(), "what is not true any more is not sent"
    assert night(date(2030, 9, 30)) == (1, 0), "the next countdown begins with the visit"


def test_a_visit_of_whoever_is_signed_in_already_counts(resident: Resident) -> None:
    with on(SEEN + timedelta(days=1)) as clock:
        client = signed_in_client(resident.user)
        client.get("/my/profile/")
        resident.refresh_from_db()
        assert resident.seen_on == SEEN + timedelta(days=1)
        clock.shift(timedelta(days=5))
        client.get("/my/profile/")
        resident.refresh_from_db()
        assert resident.seen_on == SEEN + timedelta(days=6)


def test_who_was_released_registers_again_at_once(
    resident: Resident, kesennuma: Municipality
) -> None:
    for before in (60, 30, 7, -1):
        night(LAST - timedelta(days=before))
    with on(LAST + timedelta(days=1), hour=9):
        again = register(Resident.objects.get(pk=resident.pk), kesennuma)
        assert [row.status for row in again] == ["active", "active"]
    assert night(LAST + timedelta(days=2)) == (0, 0)
    events = RegistrationEvent.objects.filter(
        registration__resident=resident, registration__municipality=kesennuma
    )
    assert list(events.values_list("kind", flat=True)) == [
        "registered", "released", "registered_again",
    ]  # fmt: skip
    resident.refresh_from_db()
    assert resident.seen_on == LAST + timedelta(days=1), "staff may have done it at the counter"


def test_nights_that_are_missed_are_made_up_for(resident: Resident) -> None:
    assert night(LAST - timedelta(days=57)) == (1, 0)
    assert night(LAST - timedelta(days=27)) == (1, 0)
    assert night(LAST - timedelta(days=4)) == (1, 0)
    assert night(LAST + timedelta(days=2)) == (0, 0), "seven days after the last warning"
    assert night(LAST + timedelta(days=3)) == (0, 1)


def test_nobody_is_released_without_the_last_warning(resident: Resident) -> None:
    night(LAST - timedelta(days=30))
    late = LAST + timedelta(days=100)
    with on(late):
        assert release(late) == 0
        assert warn(late) == 1
        assert release(late) == 0
    assert ReleaseWarning.objects.get(days=7).release_on == late + timedelta(days=7)
    assert night(late + timedelta(days=6)) == (0, 0)
    assert night(late + timedelta(days=7)) == (0, 1)


def test_premium_standing_keeps_everything(resident: Resident, kesennuma: Municipality) -> None:
    make_standing(resident, kesennuma, ends_on=date(2029, 6, 1))
    for before in (60, 30, 7, -1, -8):
        assert night(LAST - timedelta(days=before)) == (0, 0)
    assert active(resident) == 4


def test_the_period_is_a_national_parameter(resident: Resident) -> None:
    NationalParameters.objects.update(release_after_months=12)
    assert night(date(2027, 11, 29)) == (1, 0)
    assert list(ReleaseWarning.objects.values_list("days", flat=True)) == [7]


def test_whoever_has_nothing_to_lose_is_left_in_peace(kesennuma: Municipality) -> None:
    with on(SEEN):
        ResidentFactory()
        closed = ResidentFactory()
        register_resident(closed, kesennuma)
    Resident.objects.filter(pk=closed.pk).update(closed_at=datetime(2027, 1, 1, tzinfo=TOKYO))
    assert night(LAST) == (0, 0)


@given(
    seen=st.dates(date(2023, 1, 1), date(2029, 1, 1)),
    months=st.integers(3, 60),
    left=st.integers(-40, 70),
)
def test_sql_and_rule_agree_on_days(django_db_blocker, seen: date, months: int, left: int) -> None:
    sql = f"SELECT {_LAST_DAY} FROM (SELECT %(seen)s::date AS seen_on) r"
    assert run(sql, seen=seen, months=months) == [(last_day(seen, months),)]
    today = last_day(seen, months) - timedelta(days=left)
    [(due,)] = run(f"SELECT {which_warning('%(left)s::int')}", left=left)
    assert due == warning_due(seen, today, months)
