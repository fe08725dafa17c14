"""Places by approval and by lot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from attendance.models import Draw, SignUp
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.operations.signing_up.deciding import accept, decline
from attendance.operations.signing_up.drawing import draw, draw_due
from attendance.operations.signing_up.promoting import promote
from attendance.rules.lottery import hash_of, rank_of
from common.clock import TOKYO
from notifications.models import OutboxMessage
from tenants.context import municipality_context
from tests.attendance.test_waiting_list import (
    STARTS,
    family,
    letters,
    refusal,
    session_of,
    statuses,
)
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 12, 10, 17, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def clock_stands(settings):
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 100_000
    with time_machine.travel("2026-12-01 10:00+09:00", tick=False) as traveller:
        yield traveller


def lottery(place, **fields):
    return session_of(place, mode="lottery", apply_until=UNTIL, **fields)


def test_the_draw_is_committed_to_when_recruitment_opens_and_can_be_checked(
    kesennuma, clock_stands
):
    session = lottery(kesennuma, capacity=4)
    committed = Draw.objects.get()
    assert (committed.due_at, committed.drawn_at) == (UNTIL, None)
    assert committed.seed_hash == hash_of(committed.seed)
    people = ResidentFactory.create_batch(5)
    for number, one in enumerate(people):
        sign_up(one, kesennuma, session, family(1 if number < 2 else 0))
    assert set(statuses(session)) == {"applied"}
    path = f"/sessions/{session}/draw/"
    client = signed_in_client(people[0].user, kesennuma)
    before = client.get(path).content.decode()
    assert committed.seed_hash in before
    assert committed.seed not in before
    assert refusal(draw, kesennuma, session) == "draw_too_early"
    assert draw_due() == 0
    clock_stands.move_to(UNTIL)
    assert refusal(sign_up, ResidentFactory(), kesennuma, session) == "sign_up_open"
    assert draw_due() == 1
    assert draw_due() == 0
    made = draw(kesennuma, session)
    tickets = [one["ticket"] for one in made.result]
    assert tickets == sorted(tickets, key=lambda ticket: rank_of(committed.seed, ticket))
    rows = {row.ticket: row for row in SignUp.objects.all()}
    assert set(rows) == set(tickets)
    won = [rows[one["ticket"]] for one in made.result if one["place"]]
    assert {row.status for row in won} == {"signed_up"}
    assert sum(row.party for row in won) <= 4
    lost = [rows[one["ticket"]] for one in made.result if not one["place"]]
    assert [row.status for row in lost] == ["waiting"] * len(lost)
    assert [row.line for row in lost] == sorted(row.line for row in lost)
    after = client.get(path).content.decode()
    assert committed.seed in after
    assert all(ticket in after for ticket in tickets)
    assert not any(one.family_name in after for one in people[1:])
    told = [subject for one in people for subject in letters(one)]
    assert len([one for one in told if one.startswith("当選しました")]) == len(won)
    assert len([one for one in told if one.startswith("抽選の結果（落選）")]) == len(lost)
    # The first of those who lost is the first to be asked.
    withdraw_sign_up(won[0].resident, session)
    promote(kesennuma, session)
    assert SignUp.objects.filter(status="offered").exists()


def test_twice_is_once_and_a_result_stays(kesennuma, clock_stands):
    session = lottery(kesennuma, capacity=1)
    for one in ResidentFactory.create_batch(3):
        sign_up(one, kesennuma, session)
    clock_stands.move_to(UNTIL)
    officer = make_member(kesennuma, "administrator")
    first = draw(kesennuma, session, officer)
    before, mails = statuses(session), OutboxMessage.objects.count()
    assert draw(kesennuma, session).result == first.result
    assert (statuses(session), OutboxMessage.objects.count()) == (before, mails)
    for change in ("result = '[]'", "drawn_at = NULL", "seed_hash = ''"):
        with (
            pytest.raises(DatabaseError, match="stays"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE public.attendance_draw SET {change}")


def test_without_a_lottery_nothing_is_drawn(kesennuma, hida, clock_stands):
    plain = session_of(kesennuma)
    elsewhere = lottery(hida)
    assert Draw.objects.count() == 1
    assert refusal(draw, kesennuma, plain) == "no_draw"
    assert refusal(draw, kesennuma, elsewhere) == "session_gone"
    clock_stands.move_to(UNTIL)
    assert draw(hida, elsewhere).result == []


def test_staff_accept_and_decline_with_a_reason(kesennuma, hida):
    session = session_of(kesennuma, mode="approval", capacity=2)
    first, second, third = ResidentFactory.create_batch(3, phone="09012345678")
    rows = [
        sign_up(first, kesennuma, session, family(1)),
        sign_up(second, kesennuma, session),
        sign_up(third, kesennuma, session),
    ]
    assert statuses(session) == ["applied"] * 3
    officer = make_member(kesennuma, "administrator")
    desk = signed_in_client(officer, kesennuma, admin=True)
    path = f"/admin/sessions/{session}/sign-ups/"
    page = desk.get(path).content.decode()
    assert first.name in page
    assert first.phone not in page
    assert str(first.birth_date.year) not in page
    assert desk.post(path, {"accept": rows[1].pk}).status_code == 302
    full = desk.post(path, {"accept": rows[0].pk})
    assert full.status_code == 409
    assert "空きは1名分です" in full.content.decode()
    unsaid = desk.post(path, {"decline": rows[0].pk, "reason": "  "})
    assert (unsaid.status_code, "理由を入力" in unsaid.content.decode()) == (409, True)
    assert desk.post(path, {"decline": rows[0].pk, "reason": "経験者のみ"}).status_code == 302
    for bad in ("", "x", "9" * 30, "-1", "²"):
        assert desk.post(path, {"accept": bad}).status_code in {302, 409}
    assert statuses(session) == ["declined", "signed_up", "applied"]
    body = OutboxMessage.objects.filter(kind="mail").order_by("pk").last().payload["body"]
    assert "理由：経験者のみ" in body
    assert refusal(sign_up, first, kesennuma, session) == "move_not_possible"
    with municipality_context(kesennuma):
        # Declined by mistake; and twice is once.
        decline(kesennuma, session, rows[0].pk, officer, "経験者のみ")
        assert refusal(accept, kesennuma, session, rows[0].pk, officer) == "place_left"
        assert accept(kesennuma, session, rows[1].pk, officer).status == "signed_up"
    with municipality_context(hida):
        assert refusal(accept, hida, session, rows[2].pk, officer) == "session_gone"
        assert refusal(decline, hida, session, rows[2].pk, officer, "?") == "sign_up_gone"
    printed = desk.get(f"{path}print/").content.decode()
    assert second.name in printed
    assert third.name not in printed


def test_where_a_lot_decides_nobody_is_accepted_by_hand(kesennuma, clock_stands):
    session = lottery(kesennuma, capacity=1)
    row = sign_up(ResidentFactory(), kesennuma, session)
    officer = make_member(kesennuma, "administrator")
    with municipality_context(kesennuma):
        assert refusal(accept, kesennuma, session, row.pk, officer) == "move_not_possible"
    desk = signed_in_client(officer, kesennuma, admin=True)
    path = f"/admin/sessions/{session}/sign-ups/"
    assert desk.post(path, {"draw": "1"}).status_code == 409
    clock_stands.move_to(UNTIL + timedelta(minutes=1))
    assert "いま抽選する" in desk.get(path).content.decode()
    assert desk.post(path, {"draw": "1"}).status_code == 302
    assert statuses(session) == ["signed_up"]
    assert Draw.objects.get().drawn_by == officer
    clock_stands.move_to(STARTS)
    with municipality_context(kesennuma):
        assert refusal(decline, kesennuma, session, row.pk, officer, "遅刻") == "session_begun"
