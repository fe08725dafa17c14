"""Voiding, restoring and correcting: what counts afterwards, who is told, and that all stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import ActivityPage
from attendance.enums import AmendmentKind, CheckInMethod
from attendance.models import Amendment, Objection, ParticipationRecord
from attendance.operations.ledger.add import add_by_hand
from attendance.operations.ledger.afterwards import count_as_designated
from attendance.operations.ledger.amend import correct, restore, void
from attendance.operations.ledger.objecting import answer, object_to
from attendance.operations.ledger.record import record_participation
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.sign_ups import sign_up
from attendance.queries import (
    history_of,
    judged_of_person,
    participations_of,
    records_for,
    records_of_people,
)
from certificates.models import Certificate
from certificates.operations.issue import issue_activity_certificate
from common import clock
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from registration.queries import progress_of
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.holdings import took_part
from tests.factories.premium import make_premium, make_verified
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    return ResidentFactory()


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "administrator")


def counted(resident, municipality) -> list[set[tuple[int, Decimal]]]:
    """What every reader says of one person."""
    kept = list(participations_of(resident))
    judged = judged_of_person(resident.pk)
    many = [row for _owner, row in records_of_people([resident.pk])]
    here = [
        row
        for session in ParticipationRecord.objects.values_list("session_uuid", flat=True)
        for row in records_for(municipality, session)
    ]
    every = (kept, judged, many, here)
    assert len({frozenset((r.pk, r.counted_designated) for r in rows) for rows in every}) == 1
    return [{(r.pk, r.counted_hours) for r in rows} for rows in every]


def test_of_three_the_voided_one_counts_nowhere_and_stays(resident, kesennuma, officer):
    one, two, three = (took_part(resident, kesennuma) for _one in range(3))
    void(two, officer, "二重に記録した")
    correct(three, Decimal("1.5"), officer, "早く帰った")
    expected = {(one.pk, one.hours), (three.pk, Decimal("1.50"))}
    assert counted(resident, kesennuma) == [expected] * 4
    assert ParticipationRecord.objects.count() == 3
    history = {row.pk: row for row in history_of(resident)}
    assert history[two.pk].is_voided
    assert [a.reason for a in history[two.pk].amendments.all()] == ["二重に記録した"]
    restore(two, officer, "別の日の記録だった")
    assert {pk for pk, _hours in counted(resident, kesennuma)[0]} == {one.pk, two.pk, three.pk}


def test_repeating_changes_nothing_and_nonsense_is_refused(resident, kesennuma, officer):
    record = took_part(resident, kesennuma)
    assert restore(record, officer, "無効ではない") is None
    assert correct(record, record.hours, officer, "同じ") is None
    first = void(record, officer, "誤り")
    assert void(record, officer, "誤り") == first
    with pytest.raises(Refused, match="voided"):
        correct(record, Decimal(1), officer, "時間")
    with pytest.raises(Refused, match="no_reason"):
        restore(record, officer, "  ")
    for hours in (Decimal(-1), Decimal(25)):
        with pytest.raises(Refused, match="hours_out_of_range"):
            correct(record, hours, officer, "時間")
    assert [row.number for row in Amendment.objects.all()] == [1]


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from(["void", "restore", "designate"]),
            st.decimals(0, 24, places=2, allow_nan=False),
        ),
        max_size=8,
    )
)
def test_whatever_is_done_readers_agree_with_a_model_of_three_variables(kesennuma, steps):
    """The activity is designated all the time, and its record was made before that."""
    resident = ResidentFactory()
    begins = clock.now() - timedelta(hours=1)
    page = make_activity(kesennuma, sessions=[session_values(starts_at=begins)])
    with municipality_context(kesennuma):
        session = page.sessions.get().uuid
    record = took_part(resident, kesennuma, at=begins, session_uuid=session, designated=False)
    is_void, hours, is_designated = False, record.hours, False
    for step in steps:
        if step == "void":
            void(record, None, "理由")
            is_void = True
        elif step == "restore":
            restore(record, None, "理由")
            is_void, is_designated = False, is_designated or is_void
        elif step == "designate":
            made = count_as_designated(kesennuma, [session], None)
            assert made == (not is_void and not is_designated)
            is_designated = is_designated or not is_void
        elif is_void:
            with pytest.raises(Refused):
                correct(record, step, None, "理由")
        else:
            correct(record, step, None, "理由")
            hours = step
        expected = set() if is_void else {(record.pk, hours, is_designated)}
        for found in (participations_of(resident), judged_of_person(resident.pk)):
            assert {(r.pk, r.counted_hours, r.counted_designated) for r in found} == expected
        (shown,) = history_of(resident)
        assert (shown.is_voided, shown.counted_designated) == (is_void, is_designated)
    numbers = list(record.amendments.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_reading_is_one_query_however_much_was_amended(resident, kesennuma):
    for _one in range(3):
        correct(took_part(resident, kesennuma), Decimal(1), None, "理由")
    with CaptureQueriesContext(connection) as captured:
        assert len(judged_of_person(resident.pk)) == 3
        assert len(participations_of(resident)) == 3
    selects = [q["sql"] for q in captured.captured_queries if "attendance_part" in q["sql"]]
    assert len(selects) == 2


def test_a_code_read_again_does_not_bring_a_voided_record_back(resident, kesennuma, officer):
    session = make_session(kesennuma)
    first = record_participation(resident, kesennuma, session, CheckInMethod.VENUE_CODE)
    void(first.record, officer, "参加していない")
    again = record_participation(resident, kesennuma, session, CheckInMethod.DAY_CODE)
    assert (again.is_new, again.is_voided, again.record) == (False, True, first.record)
    assert counted(resident, kesennuma) == [set()] * 4


def make_session(kesennuma):
    activity: ActivityPage = make_activity(kesennuma)
    with municipality_context(kesennuma):
        return activity.sessions.get().snapshot()


def test_who_signed_up_and_has_no_record_is_entered_by_hand_once(resident, kesennuma, officer):
    session = make_session(kesennuma)
    register_resident(resident, kesennuma)
    place = sign_up(resident, kesennuma, session.session_uuid)
    with pytest.raises(Refused, match="session_not_begun"):
        add_by_hand(place, session, officer, "端末の故障")
    with clock.as_of(session.ends_at):
        made = add_by_hand(place, session, officer, "端末の故障")
        again = add_by_hand(place, session, officer, "端末の故障")
        void(made.record, officer, "誤り")
        with pytest.raises(Refused, match="restore_instead"):
            add_by_hand(place, session, officer, "端末の故障")
    assert (made.is_new, again.is_new, again.record) == (True, False, made.record)
    stored = ParticipationRecord.objects.get()
    assert (stored.method, stored.recorded_by, stored.remark) == (
        "organiser",
        officer,
        "端末の故障",
    )


def mails() -> list[str]:
    return [
        f"{one.payload['subject']}\n{one.payload['body']}"
        for one in OutboxMessage.objects.order_by("pk")
        if "subject" in one.payload
    ]


def test_a_premium_resident_is_told_what_was_voided_why_and_what_it_means(kesennuma, officer):
    resident = make_verified()
    make_premium(resident, kesennuma)
    record = participations_of(resident)[0]
    OutboxMessage.objects.all().delete()
    void(record, officer, "別の人の記録でした")
    about, meaning = mails()
    assert "別の人の記録でした" in about
    assert "/my/history/" in about
    assert "必要な3回のうち2回" in meaning
    (progress,) = [p for p in progress_of(resident) if p.municipality == kesennuma]
    assert progress.have == 2
    assert progress.standing is not None, "until its end"
    restore(record, officer, "本人の記録でした")
    (progress,) = [p for p in progress_of(resident) if p.municipality == kesennuma]
    assert progress.have == 3


def test_certificates_that_name_it_are_revoked(resident, kesennuma, officer):
    rows = [took_part(resident, kesennuma) for _one in range(2)]
    before = issue_activity_certificate(resident)
    void(rows[0], officer, "誤り")
    assert Certificate.objects.get(pk=before.pk).status == "revoked"
    after = issue_activity_certificate(resident)
    assert [row["session"] for row in after.payload["rows"]] == [str(rows[1].session_uuid)]


def test_an_objection_is_kept_once_while_open_and_answered_once(resident, kesennuma, officer):
    record = took_part(resident, kesennuma)
    with pytest.raises(Refused, match="no_text"):
        object_to(resident, record, " ")
    first = object_to(resident, record, "三時間いました")
    assert object_to(resident, record, "もう一度") == first
    answer(first, officer, accepted=False, text="名簿では二時間です")
    answer(first, officer, accepted=True, text="やはり")
    stored = Objection.objects.get()
    assert (stored.status, stored.answer) == ("rejected", "名簿では二時間です")
    assert sum("名簿では二時間です" in mail for mail in mails()) == 1
    assert object_to(resident, record, "写真があります") != first


def test_those_who_answer_are_told_of_an_objection_and_of_nobody_s_name(
    resident, kesennuma, hida, officer
):
    coordinator = make_member(kesennuma, "coordinator")
    make_member(hida, "coordinator")
    record = took_part(resident, kesennuma)
    OutboxMessage.objects.all().delete()
    for _twice in range(2):
        objection = object_to(resident, record, "三時間いました")
    assert OutboxMessage.objects.count() == 1
    assert deliver_next()
    mail = OutboxMessage.objects.get(kind="mail").payload
    assert mail["to"] == [coordinator.email]
    assert record.activity_title in mail["subject"]
    assert f"/admin/objections/{objection.pk}/" in mail["body"]
    for word in ("三時間", resident.name, resident.kana, str(resident.pk), resident.user.email):
        assert word not in mail["subject"] + mail["body"], word


def test_of_an_objection_that_was_answered_meanwhile_nobody_is_told(resident, kesennuma, officer):
    objection = object_to(resident, took_part(resident, kesennuma), "写真があります")
    OutboxMessage.objects.filter(kind="mail").delete()
    answer(objection, officer, accepted=False, text="写真には写っていません")
    OutboxMessage.objects.filter(kind="mail").delete()
    while deliver_next():
        pass
    assert not OutboxMessage.objects.filter(kind="mail").exists()


def test_staff_put_a_record_right_and_the_participant_sees_it(resident, kesennuma, officer):
    session = make_session(kesennuma)
    record = record_participation(resident, kesennuma, session, CheckInMethod.IMPORTED).record
    desk = signed_in_client(officer, kesennuma, admin=True)
    path = f"/admin/sessions/{session.session_uuid}/participants/"
    assert "事後入力" in desk.get(path).content.decode()
    page = desk.post(f"{path}{record.pk}/", {"kind": "correct", "hours": "", "reason": ""})
    assert "理由を入力してください。" in page.content.decode()
    desk.post(f"{path}{record.pk}/", {"kind": "void", "reason": "参加していない"})
    amendment = Amendment.objects.get()
    assert (amendment.kind, amendment.actor) == (AmendmentKind.VOID, officer)
    phone = signed_in_client(resident.user)
    history = phone.get("/my/history/").content.decode()
    assert [w for w in ("参加していない", "無効", "事後入力") if w not in history] == []
    assert "記録に異議を申し出る" in history
    phone.post(f"/my/history/{record.pk}/objection/", {"text": "参加しました"})
    history = phone.get("/my/history/").content.decode()
    assert "申し出た異議を見る" in history
    assert "記録に異議を申し出る" not in history
    assert "参加していない" in desk.get(path).content.decode()
    (objection,) = Objection.objects.all()
    assert "回答を待って" not in desk.get("/admin/objections/").content.decode()
    assert "参加しました" in desk.get(f"/admin/objections/{objection.pk}/").content.decode()
    done = desk.post(
        f"/admin/objections/{objection.pk}/", {"accepted": "yes", "text": "確認しました"}
    )
    assert done.url == f"{path}{record.pk}/"
    desk.post(done.url, {"kind": "restore", "reason": "写真で確認"})
    assert participations_of(resident).count() == 1
    assert "確認しました" in phone.get("/my/history/").content.decode()
    other = signed_in_client(ResidentFactory().user)
    assert other.get(f"/my/history/{record.pk}/objection/").status_code == 404


def test_the_daily_seals_are_published(resident, kesennuma):
    client = Client(headers={"host": "localhost"})
    assert "封印はまだありません" in client.get("/ledger/").content.decode()
    took_part(resident, kesennuma)
    seal_new_rows()
    took_part(resident, kesennuma)
    seal_new_rows()
    found = client.get("/ledger/seals.json").json()
    assert [one["number"] for one in found["seals"]] == [2], "the last of the day"
    assert list(found["keys"]) == ["1"]
    assert str(resident.pk) not in client.get("/ledger/").content.decode()
