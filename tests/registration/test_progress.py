"""Progress towards premium, names for rooms, national parameters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from common import clock
from registration.models import NationalParameters
from registration.operations import leave
from registration.queries import display_names, parameters_on, progress_of
from registration.rules.parameters import Parameters
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident

pytestmark = pytest.mark.django_db


def took_part(resident, municipality, day: date, designated: bool = True):
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return ParticipationRecord.objects.create(
        resident=resident,
        municipality=municipality,
        session_uuid=uuid4(),
        activity_title="浜の清掃",
        session_date=day,
        starts_at=moment,
        ends_at=moment + timedelta(hours=2),
        hours=Decimal("2"),
        designated=designated,
        method=CheckInMethod.VENUE_CODE,
        recorded_at=moment,
    )


def test_progress_is_counted_for_each_municipality_with_the_reasons(kesennuma, hida):
    resident, today = ResidentFactory(residence_id="131016"), clock.today()
    register_resident(resident, kesennuma)
    register_resident(resident, hida)
    one = took_part(resident, kesennuma, today)
    two = took_part(resident, kesennuma, today - timedelta(days=7))
    not_designated = took_part(resident, kesennuma, today - timedelta(days=8), designated=False)
    took_part(resident, hida, today)
    took_part(ResidentFactory(), kesennuma, today)
    progress = {item.municipality.code: item for item in progress_of(resident)}
    assert set(progress) == {kesennuma.code, hida.code, "040002", "210005"}
    here = progress[kesennuma.code]
    assert (here.have, here.need, here.missing) == (2, 3, 1)
    assert {item.record.pk: item.reason for item in here.records} == {
        one.pk: "",
        two.pk: "",
        not_designated.pk: "not_designated",
    }
    assert [item.code for item in here.decision.unmet] == [
        "enough_participations",
        "identity_verified",
    ]
    assert progress[hida.code].have == 1
    assert progress["040002"].have == 0


def test_with_three_participations_only_the_identity_check_is_missing(kesennuma):
    resident = ResidentFactory(residence_id="131016")
    register_resident(resident, kesennuma)
    for days in range(3):
        took_part(resident, kesennuma, clock.today() - timedelta(days=days))
    (here,) = [item for item in progress_of(resident) if item.municipality == kesennuma]
    assert [item.code for item in here.decision.unmet] == ["identity_verified"]


@pytest.mark.parametrize("participations", [0, 1, 12])
def test_progress_takes_six_queries_however_much_there_is(
    kesennuma, hida, participations, django_assert_num_queries
):
    resident = ResidentFactory()
    register_resident(resident, kesennuma)
    register_resident(resident, hida)
    for days in range(participations):
        took_part(resident, hida, clock.today() - timedelta(days=days))
    resident = type(resident).objects.select_related("residence").get(pk=resident.pk)
    with django_assert_num_queries(6):
        for item in progress_of(resident):
            assert item.municipality.full_name
            assert all(counted.record.municipality.name for counted in item.records)


def test_names_in_rooms_are_short_and_of_registrants_only(
    kesennuma, hida, django_assert_num_queries
):
    here = ResidentFactory(family_name="𠮷髙", given_name="花子")
    there, gone = ResidentFactory(), ResidentFactory()
    register_resident(here, kesennuma)
    register_resident(there, hida)
    leave(register_resident(gone, kesennuma))
    ids = [here.pk, there.pk, gone.pk, uuid4()]
    with django_assert_num_queries(1):
        assert display_names(kesennuma, ids) == {here.pk: "𠮷髙 ＊＊"}


def test_the_first_version_of_the_parameters_is_what_the_rules_assume(db):
    assert parameters_on(date(2026, 11, 23)) == Parameters()


def test_a_new_name_holds_from_its_date_of_effect(db):
    first = NationalParameters.objects.get(version="1")
    NationalParameters.objects.create(
        version="2",
        effective_from=date(2027, 4, 1),
        basic_name="つながり登録",
        **{
            field.attname: getattr(first, field.attname)
            for field in NationalParameters._meta.fields
            if field.name not in {"id", "version", "effective_from", "basic_name", "created_at"}
        },
    )
    assert parameters_on(date(2027, 3, 31)).name_of("basic") == "ベーシック"
    assert parameters_on(date(2027, 4, 1)).name_of("basic") == "つながり登録"
    assert parameters_on(date(2027, 4, 1)).name_of("premium", "en") == "Premium"


def test_nobody_can_ask_for_fewer_than_three(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        NationalParameters.objects.update(needed_participations=2)
