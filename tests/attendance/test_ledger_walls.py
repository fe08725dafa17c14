"""Under the run-time logins: who may put the ledger right, object, and seal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from attendance.models import Amendment, Objection, ParticipationRecord
from attendance.operations.ledger.objecting import OBJECTION_NEWS
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.sign_ups import sign_up
from attendance.queries import participations_of
from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from tenants.actors import VISITOR, signed_in, staff
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.holdings import took_part
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    return here, there


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security|permission"):
        with transaction.atomic():
            yield


def amend(record: ParticipationRecord, **fields: Any) -> Amendment:
    values = {
        "record": record, "resident_id": record.resident_id, "number": 1, "kind": "void",
        "municipality_id": record.municipality_id, "reason": "理由", "at": clock.now(),
    }  # fmt: skip
    return Amendment.objects.create(**values | fields)


def test_the_whole_way_through_the_wall(places, settings) -> None:
    here, there = places
    resident = ResidentFactory()
    register_resident(resident, here)
    now = clock.now()
    activity = make_activity(
        here, sessions=[session_values(starts_at=now - timedelta(hours=1), ends_at=now)]
    )
    with municipality_context(here):
        session = activity.sessions.get()
    connection.set_schema_to_public()
    with clock.as_of(session.starts_at.replace(year=session.starts_at.year - 1)):
        place = sign_up(resident, here, session.uuid)
    officer = make_member(here, "administrator")
    desk = signed_in_client(officer, here, admin=True)
    stranger = signed_in_client(make_member(there, "administrator"), there, admin=True)
    phone = signed_in_client(resident.user)
    path = f"/admin/sessions/{session.uuid}/participants/"
    with logged_in_as(RUN):
        done = desk.post(f"{path}add/{place.pk}/", {"reason": "端末の故障"})
        assert done.status_code == 302, done.content.decode()
    connection.set_schema_to_public()
    record = ParticipationRecord.objects.get()
    assert record.recorded_by == officer
    with logged_in_as(RUN):
        assert stranger.get(f"{path}{record.pk}/").status_code == 404
        form = {"kind": "void", "reason": "参加していない"}
        assert desk.post(f"{path}{record.pk}/", form).status_code == 302
        assert "参加していない" in phone.get("/my/history/").content.decode()
        address = f"/my/history/{record.pk}/objection/"
        assert phone.post(address, {"text": "参加しました"}).status_code == 302
    connection.set_schema_to_public()
    objection = Objection.objects.get()
    OutboxMessage.objects.exclude(kind=OBJECTION_NEWS).delete()
    with logged_in_as(RUN):
        assert deliver_next()
    connection.set_schema_to_public()
    told = OutboxMessage.objects.get(kind="mail").payload
    assert told["to"] == [officer.email]
    assert f"/admin/objections/{objection.pk}/" in told["body"]
    with logged_in_as(RUN):
        assert (
            f"/admin/objections/{objection.pk}/" in desk.get("/admin/objections/").content.decode()
        )
        answered = {"accepted": "yes", "text": "確認しました"}
        assert stranger.post(f"/admin/objections/{objection.pk}/", answered).status_code == 404
        assert desk.post(f"/admin/objections/{objection.pk}/", answered).status_code == 302
        form = {"kind": "restore", "reason": "写真で確認"}
        assert desk.post(f"{path}{record.pk}/", form).status_code == 302
    connection.set_schema_to_public()
    assert participations_of(resident).count() == 1
    assert Amendment.objects.count() == 2
    assert Objection.objects.get().answer == "確認しました"


def test_nobody_amends_what_is_not_theirs_or_in_another_s_name(places) -> None:
    here, there = places
    resident = ResidentFactory()
    ours, theirs = took_part(resident, here), took_part(resident, there)
    officer, colleague = (make_member(here, "administrator") for _one in range(2))
    connection.set_schema_to_public()
    with at_run_time(staff(officer.pk, here.code), here):
        with refused():
            amend(theirs, actor=officer)
        with refused():
            amend(theirs, actor=officer, municipality_id=here.pk)
        with refused():
            amend(ours, actor=colleague)
        with refused():
            amend(ours, actor=officer, resident_id=ResidentFactory.build().pk)
        amend(ours, actor=officer)
    with at_run_time(signed_in(resident.user_id, resident.pk)):
        assert participations_of(resident).count() == 1, "and the resident sees that it is void"
        with refused():
            amend(theirs)


def test_a_resident_objects_to_their_own_and_answers_nothing(places) -> None:
    here, _there = places
    mine, other = ResidentFactory(), ResidentFactory()
    record, foreign = took_part(mine, here), took_part(other, here)
    values = {"municipality": here, "text": "違います", "created_at": clock.now()}
    with at_run_time(signed_in(mine.user_id, mine.pk)):
        with refused():
            Objection.objects.create(record=foreign, resident=mine, **values)
        with refused():
            Objection.objects.create(record=record, resident=other, **values)
        objection = Objection.objects.create(record=record, resident=mine, **values)
        assert Objection.objects.update(answer="認めます", status="accepted") == 0
    with at_run_time(signed_in(other.user_id, other.pk)):
        assert not Objection.objects.filter(pk=objection.pk).exists()


def test_run_time_logins_neither_seal_nor_touch_the_queue(places) -> None:
    here, _there = places
    took_part(ResidentFactory(), here)
    seal_new_rows()
    officer = make_member(here, "administrator")
    connection.set_schema_to_public()
    with at_run_time(staff(officer.pk, here.code), here), connection.cursor() as cursor:
        for statement in (
            'INSERT INTO attendance_unsealed ("table", "row") VALUES (\'record\', 99)',
            "DELETE FROM attendance_unsealed",
            "SELECT FROM attendance_unsealed",
            "INSERT INTO attendance_seal SELECT * FROM attendance_seal",
            "UPDATE attendance_seal SET kid = 2",
            "ALTER TABLE attendance_participationrecord DISABLE TRIGGER USER",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)
    with at_run_time(VISITOR), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM attendance_seal")
        assert cursor.fetchone() == (1,)
