"""An activity is designated from an earlier day on: what was recorded before counts (A11.5)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activities.enums import Answer
from attendance.enums import AmendmentKind, CheckInMethod
from attendance.models import Amendment, ParticipationRecord
from attendance.operations.earlier.designation import Answer as OnPage
from attendance.operations.ledger.afterwards import COUNT_AFTERWARDS, count_as_designated
from attendance.operations.ledger.amend import restore, void
from attendance.operations.ledger.record import record_participation
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from attendance.queries import judged_of_person, participations_of
from certificates.models import Certificate
from certificates.operations.issue import issue_activity_certificate
from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from organisations.enums import Pattern
from organisations.operations.standings import end_standing, give_standing
from registration.operations.premium import apply
from registration.queries import progress_of
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.earlier import hanako, row, take
from tests.factories.organisations import make_organisation
from tests.factories.premium import make_verified
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, logged_in_as
from tests.registration.test_register_at_once import at_once

db = pytest.mark.django_db


def days_ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


def undesignated(place, days=(3, 2, 1), **fields):
    """A published activity that took place some days ago."""
    sessions = [session_values(days_ago(day)) for day in days]
    return make_activity(place, sessions=sessions, designated=False, **fields)


def snapshots(page, place) -> list:
    with municipality_context(place):
        found = [one.snapshot() for one in page.sessions.order_by("starts_at")]
    connection.set_schema_to_public()
    return found


def check_in(resident, place, page) -> list[ParticipationRecord]:
    """At every date of the activity, as it is designated now."""
    return [
        record_participation(resident, place, one, CheckInMethod.VENUE_CODE).record
        for one in snapshots(page, place)
    ]


def designate(page, place, since, by=None) -> None:
    """As an officer does it: both answers, a day, and publish."""
    with municipality_context(place):
        draft = page.get_latest_revision_as_object()
        draft.lack_of_hands = draft.public_benefit = Answer.YES
        draft.lack_of_hands_reason = draft.public_benefit_reason = "人手が足りません。"
        draft.designated_from = since
        draft.save_revision(user=by).publish()
    connection.set_schema_to_public()


def work() -> None:
    """A few minutes later the worker has done all that waits of this kind."""
    mine = OutboxMessage.objects.filter(kind=COUNT_AFTERWARDS, delivered_at=None)
    others = OutboxMessage.objects.exclude(kind=COUNT_AFTERWARDS)
    others.delete()
    with clock.as_of(clock.now() + timedelta(minutes=2)):
        while mine.exists():
            assert deliver_next()
            others.update(due_at=clock.now() + timedelta(days=1))
    assert not OutboxMessage.objects.exclude(last_error="").exists()


def mails() -> list[dict]:
    return [row.payload for row in OutboxMessage.objects.filter(kind="mail").order_by("pk")]


def as_designated(resident) -> set[date]:
    return {r.session_date for r in judged_of_person(resident.pk) if r.counted_designated}


@db
def test_who_checked_in_before_counts_from_the_day_of_effect_on(kesennuma):
    resident = make_verified()
    registration = register_resident(resident, kesennuma)
    officer = make_member(kesennuma, "administrator")
    page = undesignated(kesennuma, days=(4, 3, 2, 1))
    records = check_in(resident, kesennuma, page)
    before = list(ParticipationRecord.objects.order_by("pk").values())
    assert not as_designated(resident)
    designate(page, kesennuma, days_ago(3), officer)
    assert not as_designated(resident), "not in the request of who publishes"
    work()
    assert as_designated(resident) == {days_ago(3), days_ago(2), days_ago(1)}
    assert list(ParticipationRecord.objects.order_by("pk").values()) == before
    amendments = list(Amendment.objects.order_by("record_id"))
    assert [one.record for one in amendments] == records[1:]
    with municipality_context(kesennuma):
        basis = f"pattern=1;designation={page.designations.get().pk}"
    for one in amendments:
        assert (one.kind, one.number, one.actor) == (AmendmentKind.DESIGNATE, 1, officer)
        assert (one.hours, one.counts_from) == (one.record.hours, days_ago(3))
        assert one.reason == f"{basis};from={days_ago(3)}"
    (progress,) = [p for p in progress_of(resident) if p.municipality == kesennuma]
    assert progress.have == 3
    (letter,) = mails()
    assert "指定された活動として数えられます" in letter["subject"]
    assert letter["body"].count("内湾の清掃活動") == 3
    assert apply(registration).status == "granted"


@db
def test_twice_is_once_and_the_database_holds_it(kesennuma):
    page = undesignated(kesennuma, days=(1,))
    resident = ResidentFactory()
    (record,) = check_in(resident, kesennuma, page)
    designate(page, kesennuma, days_ago(2))
    work()
    designate(page, kesennuma, days_ago(3))
    work()
    uuids = [record.session_uuid]
    assert count_as_designated(kesennuma, uuids, None) == 0
    made = Amendment.objects.get()
    with pytest.raises(IntegrityError, match="designated_once"), transaction.atomic():
        made.pk, made.number = None, 2
        made.save()


@db
def test_of_many_a_part_at_a_time_and_each_gets_a_letter(kesennuma, monkeypatch):
    monkeypatch.setattr("attendance.operations.ledger.afterwards.AT_ONCE", 2)
    page = undesignated(kesennuma, days=(1,))
    people = ResidentFactory.create_batch(5)
    for resident in people:
        check_in(resident, kesennuma, page)
    designate(page, kesennuma, days_ago(1))
    work()
    assert all(as_designated(resident) == {days_ago(1)} for resident in people)
    assert Amendment.objects.count() == 5
    assert sorted(mail["to"] for mail in mails()) == sorted([r.user.email] for r in people)


@db
def test_a_voided_one_counts_when_it_is_restored(kesennuma):
    officer = make_member(kesennuma, "administrator")
    resident = ResidentFactory()
    page = undesignated(kesennuma, days=(1,))
    (record,) = check_in(resident, kesennuma, page)
    void(record, officer, "別の人でした")
    designate(page, kesennuma, days_ago(1), officer)
    work()
    assert [one.kind for one in Amendment.objects.all()] == ["void"]
    restore(record, officer, "本人でした")
    assert [one.kind for one in Amendment.objects.all()] == ["void", "restore", "designate"]
    assert as_designated(resident) == {days_ago(1)}
    void(record, officer, "やはり別の人でした")
    restore(record, officer, "本人でした")
    assert Amendment.objects.filter(kind="designate").count() == 1
    assert as_designated(resident) == {days_ago(1)}


@db
def test_who_waits_on_a_list_reaches_the_ledger_as_designated(kesennuma):
    officer = make_member(kesennuma, "registration_officer")
    page = make_activity(
        kesennuma, designated=False,
        sessions=[session_values(date(2026, 5, day)) for day in (10, 11)],
    )  # fmt: skip
    listed = [row(活動日=f"令和8年5月{day}日") for day in (10, 11)]
    take(kesennuma, officer, listed, answer=OnPage(page=page.pk))
    designate(page, kesennuma, date(2026, 5, 11))
    work()
    register_resident(resident := hanako(), kesennuma)
    rows = judged_of_person(resident.pk)
    assert {r.session_date for r in rows} == {date(2026, 5, 10), date(2026, 5, 11)}
    assert [r.session_date for r in rows if r.designated] == [date(2026, 5, 11)]


@db
def test_a_no_an_end_and_a_later_day_change_nothing_of_the_past(kesennuma):
    resident = ResidentFactory()
    page = undesignated(kesennuma, days=(2, 1))
    check_in(resident, kesennuma, page)
    designate(page, kesennuma, clock.today() + timedelta(days=1))
    designate(page, kesennuma, None)
    work()
    assert not Amendment.objects.exists()
    designate(page, kesennuma, days_ago(1))
    work()
    with municipality_context(kesennuma):
        draft = page.get_latest_revision_as_object()
        draft.public_benefit = Answer.NO
        draft.save_revision().publish()
    connection.set_schema_to_public()
    work()
    assert as_designated(resident) == {days_ago(1)}


@db
def test_an_activity_that_is_still_to_come_leaves_no_work(kesennuma):
    make_activity(kesennuma)
    assert not OutboxMessage.objects.filter(kind=COUNT_AFTERWARDS).exists()


@db
def test_an_organisation_is_trusted_from_an_earlier_day_on(kesennuma, hida):
    organisation = make_organisation(
        kesennuma, pattern=Pattern.TRUSTED, valid_from=days_ago(30), valid_to=None
    )
    page = undesignated(kesennuma, days=(3, 2, 1), organisation=organisation)
    with municipality_context(kesennuma):
        draft = page.get_latest_revision_as_object()
        draft.designated_from = days_ago(30)
        draft.save_revision().publish()
    end_standing(organisation, kesennuma, days_ago(4))
    resident = ResidentFactory()
    check_in(resident, kesennuma, page)
    assert not ParticipationRecord.objects.filter(designated=True).exists()
    officer = make_member(kesennuma, "administrator")
    give = {"pattern": Pattern.TRUSTED, "valid_from": days_ago(2), "decided_by": officer}
    give_standing(organisation, hida, **give)
    work()
    assert not Amendment.objects.exists()
    standing = give_standing(organisation, kesennuma, **give)
    work()
    assert as_designated(resident) == {days_ago(2), days_ago(1)}
    reasons = set(Amendment.objects.values_list("reason", flat=True))
    with municipality_context(kesennuma):
        designation = page.designations.last().pk
    connection.set_schema_to_public()
    assert reasons == {
        f"pattern=2;designation={designation};standing={standing.pk};from={days_ago(2)}"
    }


@db
def test_history_certificate_and_staff_s_list_show_it(kesennuma):
    officer = make_member(kesennuma, "administrator")
    resident = ResidentFactory()
    page = undesignated(kesennuma, days=(1,))
    (record,) = check_in(resident, kesennuma, page)
    before = issue_activity_certificate(resident)
    assert [row["designated"] for row in before.payload["rows"]] == [False]
    designate(page, kesennuma, days_ago(1), officer)
    work()
    assert Certificate.objects.get(pk=before.pk).status == "revoked"
    after = issue_activity_certificate(resident)
    assert [row["designated"] for row in after.payload["rows"]] == [True]
    history = signed_in_client(resident.user).get("/my/history/").content.decode()
    assert "指定された活動（さかのぼって指定）" in history
    assert "からの指定" in history
    assert "designation=" not in history
    desk = signed_in_client(officer, kesennuma, admin=True)
    path = f"/admin/sessions/{record.session_uuid}/participants/"
    for address in (path, f"{path}{record.pk}/"):
        shown = desk.get(address).content.decode()
        assert "さかのぼって指定" in shown
        assert "からの指定" in shown
        assert "designation=" not in shown


@db
def test_reading_is_one_statement_still(kesennuma):
    page = undesignated(kesennuma)
    resident = ResidentFactory()
    check_in(resident, kesennuma, page)
    designate(page, kesennuma, days_ago(3))
    work()
    with CaptureQueriesContext(connection) as captured:
        assert len(judged_of_person(resident.pk)) == 3
        assert len(participations_of(resident)) == 3
    assert len([q for q in captured.captured_queries if "attendance_part" in q["sql"]]) == 2


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    return here, there


def test_under_the_run_time_logins_of_one_municipality_alone_and_sealed(places) -> None:
    here, there = places
    officer = make_member(here, "administrator")
    resident = ResidentFactory()
    pages = {place: undesignated(place, days=(1,)) for place in places}
    connection.set_schema_to_public()
    for place, page in pages.items():
        check_in(resident, place, page)
    assert seal_new_rows() == 1
    OutboxMessage.objects.all().delete()
    designate(pages[here], here, days_ago(1), officer)
    for _twice in range(2):  # it looks once more whether that was all
        OutboxMessage.objects.exclude(kind=COUNT_AFTERWARDS).delete()
        with logged_in_as(RUN), clock.as_of(clock.now() + timedelta(minutes=2)):
            assert deliver_next()
        connection.set_schema_to_public()
    assert OutboxMessage.objects.filter(kind=COUNT_AFTERWARDS, last_error="").count() == 2
    made = Amendment.objects.get()
    assert (made.municipality, made.actor, made.kind) == (here, officer, "designate")
    rows = {str(row.municipality_id): row for row in participations_of(resident)}
    assert rows[here.code].counted_designated
    assert not rows[there.code].counted_designated
    assert seal_new_rows() == 1
    assert verify_ledger().findings == ()


def test_at_once_with_another_and_with_an_officer_who_voids(places) -> None:
    here, _there = places
    page = undesignated(here, days=(1,))
    connection.set_schema_to_public()
    records = [check_in(ResidentFactory(), here, page)[0] for _one in range(6)]
    designate(page, here, days_ago(1))
    uuids = [records[0].session_uuid]
    found = at_once(
        *[lambda: count_as_designated(here, uuids, None)] * 3,
        *[partial(void, one, None, "参加していない") for one in records[:3]],
    )
    assert not [one for one in found if isinstance(one, Exception)], found
    for record in records:
        kinds = list(record.amendments.order_by("number").values_list("kind", flat=True))
        expected = [["void"], ["designate", "void"]] if record in records[:3] else [["designate"]]
        assert kinds in expected
