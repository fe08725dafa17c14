"""From the waiting list to a place: who is asked, until when, and what an answer does."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail

from activities.models import Session
from activities.signals import session_cancelled, session_moved
from attendance.models import SignUp, SignUpEvent
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.operations.signing_up.answering import accept_offer
from attendance.operations.signing_up.promoting import lapse_due, promote
from attendance.operations.signing_up.reminding import remind
from attendance.queries import numbers_in_line, taken_places
from attendance.rules.sign_up import Companion, Wish
from common.clock import TOKYO
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from tenants.context import municipality_context
from tests.attendance.test_sign_up import make_session
from tests.factories.accounts import ResidentFactory, signed_in_client

pytestmark = pytest.mark.django_db
WAITS = Wish(waits=True)
STARTS = datetime(2026, 12, 20, 9, tzinfo=TOKYO)


def family(size: int, *, waits: bool = True) -> Wish:
    return Wish(companions=tuple(Companion(f"家族{n}", "child") for n in range(size)), waits=waits)


def session_of(place, **fields) -> UUID:
    times = {"starts_at": STARTS, "ends_at": STARTS + timedelta(hours=3)}
    return make_session(place, **(times | fields))


def statuses(session: UUID) -> list[str]:
    rows = SignUp.objects.filter(session_uuid=session).order_by("pk")
    return list(rows.values_list("status", flat=True))


def letters(resident) -> list[str]:
    rows = OutboxMessage.objects.filter(kind="mail").order_by("pk")
    mails = [one.payload for one in rows]
    return [one["subject"] for one in mails if one.get("to") == [resident.user.email]]


def refusal(call, *args) -> str:
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


@pytest.fixture(autouse=True)
def some_days_before():
    with time_machine.travel("2026-12-01 10:00+09:00", tick=False) as traveller:
        yield traveller


def test_a_place_given_back_is_offered_to_the_first_in_line(kesennuma, hida):
    session, other = session_of(kesennuma, capacity=1), session_of(hida, capacity=1)
    people = ResidentFactory.create_batch(4)
    for one in people[:3]:
        sign_up(one, kesennuma, session, WAITS)
    sign_up(people[0], hida, other)
    sign_up(people[3], hida, other, WAITS)
    rows = SignUp.objects.filter(session_uuid=session, status="waiting").order_by("pk")
    assert list(numbers_in_line(rows).values()) == [1, 2]
    withdraw_sign_up(people[0], session)
    while OutboxMessage.objects.filter(kind="attendance.promote", delivered_at=None).exists():
        assert deliver_next()
    assert statuses(session) == ["withdrawn", "offered", "waiting"]
    assert statuses(other) == ["signed_up", "waiting"]
    offered = SignUp.objects.get(session_uuid=session, status="offered")
    assert offered.answer_by == datetime(2026, 12, 3, 10, tzinfo=TOKYO)
    # The offered place is kept: nobody else gets it meanwhile.
    assert taken_places(kesennuma, [session]) == {session: 1}
    assert refusal(sign_up, ResidentFactory(), kesennuma, session) == "place_left"
    assert promote(kesennuma, session) == 0
    accept_offer(people[1], offered.pk)
    accept_offer(people[1], offered.pk)
    assert statuses(session) == ["withdrawn", "signed_up", "waiting"]


def test_who_does_not_answer_loses_the_offer_and_the_next_is_asked(kesennuma, some_days_before):
    session = session_of(kesennuma, capacity=1)
    people = ResidentFactory.create_batch(3)
    for one in people:
        sign_up(one, kesennuma, session, WAITS)
    withdraw_sign_up(people[0], session)
    promote(kesennuma, session)
    some_days_before.shift(timedelta(hours=48))
    first = SignUp.objects.get(resident=people[1])
    assert refusal(accept_offer, people[1], first.pk) == "answer_late"
    assert (lapse_due(), lapse_due()) == (1, 0)
    promote(kesennuma, session)
    assert statuses(session) == ["withdrawn", "lapsed", "offered"]
    assert refusal(accept_offer, people[1], first.pk) == "move_not_possible"
    assert refusal(accept_offer, people[2], first.pk) == "sign_up_gone"
    # Who lapsed may stand in line again, at its end.
    sign_up(people[1], kesennuma, session, WAITS)
    assert statuses(session) == ["withdrawn", "waiting", "offered"]


def test_the_evening_before_a_place_is_given_at_once(kesennuma, some_days_before):
    session = session_of(kesennuma, capacity=1)
    first, second = ResidentFactory.create_batch(2)
    sign_up(first, kesennuma, session)
    sign_up(second, kesennuma, session, WAITS)
    some_days_before.move_to(STARTS - timedelta(hours=14))
    withdraw_sign_up(first, session)
    promote(kesennuma, session)
    assert statuses(session) == ["withdrawn", "signed_up"]
    assert letters(second)[-1].startswith("参加のお申込みを受け付けました")
    some_days_before.move_to(STARTS)
    assert refusal(withdraw_sign_up, second, session) == "session_begun"
    assert promote(kesennuma, session) == 0


def test_a_family_gets_all_places_or_none(kesennuma):
    session = session_of(kesennuma, capacity=4)
    parent, single, other = ResidentFactory.create_batch(3)
    row = sign_up(parent, kesennuma, session, family(2))
    assert (row.party, row.extra, row.status) == (3, 2, "signed_up")
    assert refusal(sign_up, other, kesennuma, session, family(1, waits=False)) == "place_left"
    sign_up(other, kesennuma, session, family(1))
    # One place is left, which the two who wait cannot use: the next who fits gets it.
    sign_up(single, kesennuma, session)
    assert statuses(session) == ["signed_up", "waiting", "signed_up"]
    assert refusal(sign_up, ResidentFactory(), kesennuma, session, family(4)) == "party_fits"
    assert refusal(sign_up, ResidentFactory(), kesennuma, session, family(6)) == "few_companions"
    withdraw_sign_up(parent, session)
    promote(kesennuma, session)
    assert statuses(session) == ["withdrawn", "offered", "signed_up"]
    assert taken_places(kesennuma, [session]) == {session: 3}


def test_nobody_passes_those_who_wait_and_would_fit(kesennuma):
    session = session_of(kesennuma, capacity=1)
    first, second, third = ResidentFactory.create_batch(3)
    sign_up(first, kesennuma, session)
    sign_up(second, kesennuma, session, WAITS)
    withdraw_sign_up(first, session)  # and the worker has not been by
    assert refusal(sign_up, third, kesennuma, session) == "place_left"
    assert sign_up(third, kesennuma, session, WAITS).status == "waiting"


def test_moves_are_kept_and_nobody_changes_them(kesennuma):
    session = session_of(kesennuma, capacity=1)
    resident = ResidentFactory()
    row = sign_up(resident, kesennuma, session)
    withdraw_sign_up(resident, session)
    again = sign_up(resident, kesennuma, session)
    assert (again.pk, again.ticket) == (row.pk, row.ticket)
    kept = SignUpEvent.objects.filter(sign_up=row)
    assert list(kept.values_list("from_status", "to_status", "move", "actor", "party")) == [
        ("", "signed_up", "take", resident.user_id, 1),
        ("signed_up", "withdrawn", "withdraw", resident.user_id, 1),
        ("withdrawn", "signed_up", "take", resident.user_id, 1),
    ]
    # Past our own code too.
    SignUp.objects.filter(pk=row.pk).update(status="cancelled")
    assert kept.last().to_status == "cancelled"


def test_a_session_called_off_ends_every_sign_up_and_says_why(kesennuma, hida):
    session, other = session_of(kesennuma, capacity=1), session_of(hida)
    place, waits, gone = ResidentFactory.create_batch(3)
    sign_up(gone, kesennuma, session)
    withdraw_sign_up(gone, session)
    sign_up(place, kesennuma, session)
    sign_up(waits, kesennuma, session, WAITS)
    sign_up(place, hida, other)
    with municipality_context(kesennuma):
        one = Session.objects.get(uuid=session)
        for _twice in range(2):
            session_cancelled.send(Session, session=one, reason="大雨のため", page=one.page)
    assert statuses(session) == ["withdrawn", "cancelled", "cancelled"]
    assert statuses(other) == ["signed_up"]
    assert [one for one in letters(place) if "中止" in one] == letters(place)[-1:]
    assert len(letters(gone)) == 2
    assert SignUp.objects.get(session_uuid=session, resident=waits).reason == "大雨のため"


def test_a_session_moved_takes_its_sign_ups_along(kesennuma):
    session = session_of(kesennuma)
    resident = ResidentFactory()
    before = sign_up(resident, kesennuma, session)
    SignUp.objects.update(reminded_at=STARTS)
    with municipality_context(kesennuma):
        one = Session.objects.get(uuid=session)
        snapshot = one.snapshot()
        one.starts_at, one.ends_at = (
            one.starts_at + timedelta(days=1),
            one.ends_at + timedelta(days=1),
        )
        one.save()
        for _twice in range(2):
            session_moved.send(Session, session=one, before=snapshot, page=one.page)
    after = SignUp.objects.get()
    assert after.starts_at == STARTS + timedelta(days=1)
    assert (after.sequence, after.reminded_at) == (before.sequence + 1, None)
    told = [one for one in letters(resident) if "変更" in one]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("moment", "reminded"),
    [("2026-12-19 09:59", 0), ("2026-12-19 10:00", 1), ("2026-12-19 20:00", 0),
     ("2026-12-18 12:00", 0), ("2026-12-20 08:00", 0)],
)  # fmt: skip
def test_the_day_before_everybody_with_a_place_is_reminded_once(
    kesennuma, hida, some_days_before, moment, reminded
):
    session = session_of(kesennuma, capacity=1, meeting_point="市役所前")
    resident, waits = ResidentFactory.create_batch(2)
    sign_up(resident, kesennuma, session)
    sign_up(waits, kesennuma, session, WAITS)
    some_days_before.move_to(datetime.fromisoformat(f"{moment}+09:00"))
    assert (remind(), remind()) == (reminded, 0)
    told = [one for one in letters(resident) if one.startswith("明日")]
    assert len(told) == reminded
    assert not [one for one in letters(waits) if one.startswith("明日")]
    if reminded:
        body = OutboxMessage.objects.filter(kind="mail").order_by("pk").last().payload["body"]
        assert "集合場所：市役所前" in body
        assert "/my/sign-ups/" in body


def test_an_offer_whose_time_is_over_has_no_buttons(kesennuma, some_days_before):
    session = session_of(kesennuma, capacity=1)
    first, second = ResidentFactory.create_batch(2)
    sign_up(first, kesennuma, session)
    row = sign_up(second, kesennuma, session, WAITS)
    withdraw_sign_up(first, session)
    promote(kesennuma, session)
    row.refresh_from_db()
    some_days_before.move_to(row.answer_by)
    page = signed_in_client(second.user).get("/my/sign-ups/").content.decode()
    assert "空きが出ました" in page
    assert "参加する" not in page
    assert "までにご回答ください" not in page


def test_answers_on_my_page(kesennuma):
    session = session_of(kesennuma, capacity=1)
    first, second, stranger = ResidentFactory.create_batch(3)
    sign_up(first, kesennuma, session)
    row = sign_up(second, kesennuma, session, WAITS)
    client = signed_in_client(second.user)
    assert "現在1番目です。" in client.get("/my/sign-ups/").content.decode()
    withdraw_sign_up(first, session)
    promote(kesennuma, session)
    assert "参加する" in client.get("/my/sign-ups/").content.decode()
    assert "空きが出ました" in client.get("/my/").content.decode()
    path = f"/my/sign-ups/{row.pk}/"
    assert signed_in_client(stranger.user).post(path, {"accept": "1"}).status_code == 404
    assert client.post(path, {"accept": "1"}).status_code == 302
    assert statuses(session)[1] == "signed_up"
    assert client.post(path, {"withdraw": "1"}).status_code == 302
    assert statuses(session) == ["withdrawn", "withdrawn"]
    assert client.post(path, {"accept": "1"}).status_code == 409
    assert mail.outbox == []
