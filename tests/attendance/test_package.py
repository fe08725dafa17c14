"""What is booked along with a place: held with it, freed with it, never one too many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.operations.change_session import cancel_session, move_session
from activities.queries import session_by_uuid
from attendance.models import SignUp
from attendance.operations.calendar import calendar_file
from attendance.operations.merge import take_over
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.operations.signing_up.answering import accept_offer
from attendance.operations.signing_up.deciding import accept
from attendance.operations.signing_up.drawing import draw
from attendance.operations.signing_up.promoting import lapse, promote
from attendance.queries.components import booked_components
from attendance.rules.sign_up import Wish
from common import clock
from common.refusal import Refused
from notifications.models import OutboxMessage
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, UserFactory
from tests.factories.packages import CAR, make_package, part

pytestmark = pytest.mark.django_db


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code, refused.value.data


def booked(municipality, session):
    return booked_components(municipality, [session]).get(session, {})


def missed(row):
    row.refresh_from_db()
    return {one["kind"]: one["missed"] for one in row.components}


def mail_to(resident):
    rows = OutboxMessage.objects.filter(kind="mail", payload__to=[resident.user.email])
    return rows.order_by("-pk")[0].payload["body"]


def test_a_package_of_three_is_booked_with_the_place(kesennuma, hida):
    session, ids = make_package(kesennuma)
    elsewhere, _ids = make_package(hida)
    resident = ResidentFactory()
    wish = Wish(components={ids["lodging"]: 3, ids["childcare"]: 1, ids["car"]: 1})
    row = sign_up(resident, kesennuma, session, wish)
    assert sign_up(resident, kesennuma, session, wish) == row
    assert [(one["kind"], one["number"], one["missed"]) for one in row.components] == [
        ("lodging", 3, False),
        ("childcare", 1, False),
        ("car", 1, False),
    ]
    assert booked(kesennuma, session) == {
        ids["lodging"]: 3, ids["childcare"]: 1, ids["car"]: 1,
    }  # fmt: skip
    assert booked(hida, elsewhere) == {}
    body = mail_to(resident)
    assert "ゲストハウスの寝台 × 3" in body
    assert "一時保育 × 1" in body
    assert "一時保育 × 1".encode() in calendar_file([row], with_booked=True).replace(b"\r\n ", b"")
    assert "一時保育".encode() not in calendar_file([row]).replace(b"\r\n ", b"")


def test_what_is_full_is_said_and_nothing_is_taken(kesennuma):
    session, ids = make_package(kesennuma)
    first, second = ResidentFactory(), ResidentFactory()
    sign_up(first, kesennuma, session, Wish(components={ids["childcare"]: 1, ids["lodging"]: 2}))
    wish = Wish(components={ids["lodging"]: 1, ids["childcare"]: 1})
    assert refusal(sign_up, second, kesennuma, session, wish) == (
        "component_left",
        {"id": ids["childcare"], "name": "一時保育", "left": 0},
    )
    assert not SignUp.objects.filter(resident=second).exists()
    assert booked(kesennuma, session)[ids["lodging"]] == 2
    withdraw_sign_up(first, session)
    assert booked(kesennuma, session) == {}
    assert sign_up(second, kesennuma, session, wish).status == "signed_up"


def test_what_makes_no_sense_is_refused(kesennuma):
    needed = part("昼食", "meals", is_required=True)
    session, ids = make_package(kesennuma, needed, CAR)
    meals, car = ids["meals"], ids["car"]
    for numbers, code in (
        ({}, "component_required"),
        ({meals: 0}, "component_required"),
        ({meals: 7}, "component_many"),
        ({meals: -1}, "component_many"),
        ({meals: 1, car: 3}, "component_fits"),
        ({meals: 1, "00000000-0000-0000-0000-000000000000": 1}, "component_gone"),
    ):
        person = ResidentFactory()
        assert refusal(sign_up, person, kesennuma, session, Wish(components=numbers))[0] == code
    assert sign_up(ResidentFactory(), kesennuma, session, Wish(components={meals: 6})).pk


def test_who_waits_holds_nothing_and_hears_with_the_offer_what_is_left(kesennuma):
    session, ids = make_package(kesennuma, capacity=2)
    first, second, third = ResidentFactory.create_batch(3)
    sign_up(first, kesennuma, session, Wish(components={ids["lodging"]: 2}))
    sign_up(second, kesennuma, session, Wish(components={ids["childcare"]: 1}))
    wish = Wish(waits=True, components={ids["lodging"]: 2, ids["childcare"]: 1, ids["car"]: 1})
    row = sign_up(third, kesennuma, session, wish)
    assert row.status == "waiting"
    assert ids["car"] not in booked(kesennuma, session)
    assert "まだ確保されていません" in mail_to(third)
    withdraw_sign_up(first, session)
    assert promote(kesennuma, session) == 1
    assert missed(row) == {"lodging": False, "childcare": True, "car": False}
    assert row.status == "offered"
    assert booked(kesennuma, session) == {ids["lodging"]: 2, ids["childcare"]: 1, ids["car"]: 1}
    assert "一時保育 × 1 （満員のため予約できません）" in mail_to(third)
    assert mail_to(third).count("必要な方は、活動のお問い合わせ先にご相談ください。") == 1
    accept_offer(third, row.pk)
    assert missed(row)["childcare"] is True
    assert booked(kesennuma, session)[ids["lodging"]] == 2


def test_an_offer_that_lapses_frees_what_it_held(kesennuma):
    session, ids = make_package(kesennuma, capacity=1)
    first, second = ResidentFactory.create_batch(2)
    sign_up(first, kesennuma, session)
    row = sign_up(second, kesennuma, session, Wish(waits=True, components={ids["car"]: 2}))
    withdraw_sign_up(first, session)
    promote(kesennuma, session)
    assert booked(kesennuma, session) == {ids["car"]: 2}
    row.refresh_from_db()
    with clock.as_of(row.answer_by + timedelta(minutes=1)):
        assert lapse(row.pk)
    assert booked(kesennuma, session) == {}


def test_by_approval_the_first_accepted_gets_what_is_left(kesennuma):
    session, ids = make_package(kesennuma, mode="approval")
    wish = Wish(components={ids["childcare"]: 1})
    rows = [sign_up(ResidentFactory(), kesennuma, session, wish) for _ in range(2)]
    assert booked(kesennuma, session) == {}
    with municipality_context(kesennuma):
        for row in reversed(rows):
            accept(kesennuma, session, row.pk, UserFactory())
    assert [missed(row)["childcare"] for row in rows] == [True, False]


def test_in_a_draw_the_drawn_order_decides(kesennuma):
    until = clock.now() + timedelta(days=2)
    session, ids = make_package(kesennuma, mode="lottery", apply_until=until, capacity=2)
    wish = Wish(components={ids["childcare"]: 1})
    rows = [sign_up(ResidentFactory(), kesennuma, session, wish) for _ in range(3)]
    with clock.as_of(until + timedelta(minutes=1)):
        drawn = draw(kesennuma, session)
    winners = [one["ticket"] for one in drawn.result if one.get("drawn", one.get("won"))]
    for row in rows:
        row.refresh_from_db()
    with_place = [row for row in rows if row.status == "signed_up"]
    assert len(with_place) == 2
    assert sorted(missed(row)["childcare"] for row in with_place) == [False, True]
    first = next(row for row in with_place if not missed(row)["childcare"])
    assert not winners or first.ticket == winners[0]
    assert booked(kesennuma, session) == {ids["childcare"]: 1}


def test_moving_keeps_and_cancelling_frees(kesennuma):
    session, ids = make_package(kesennuma)
    row = sign_up(ResidentFactory(), kesennuma, session, Wish(components={ids["car"]: 1}))
    with municipality_context(kesennuma):
        one = session_by_uuid(session)
        later = timedelta(days=1)
        move_session(
            one,
            starts_at=one.starts_at + later,
            ends_at=one.ends_at + later,
            place=one.place,
            meeting_point="",
            by=UserFactory(),
        )
        assert booked(kesennuma, session) == {ids["car"]: 1}
        cancel_session(session_by_uuid(session), "台風", UserFactory())
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert booked(kesennuma, session) == {}


def test_of_two_accounts_of_one_person_the_booking_of_the_place_stays(kesennuma):
    session, ids = make_package(kesennuma, capacity=1)
    kept, other = ResidentFactory.create_batch(2)
    sign_up(other, kesennuma, session, Wish(components={ids["car"]: 2}))
    sign_up(kept, kesennuma, session, Wish(waits=True, components={ids["childcare"]: 1}))
    take_over(kept, other)
    assert booked(kesennuma, session) == {ids["car"]: 2}
    assert SignUp.objects.get(resident=kept).components[0]["kind"] == "car"


def test_it_takes_one_statement_more_with_a_package_and_none_without(kesennuma):
    session, ids = make_package(kesennuma, capacity=50)
    asked = []
    for numbers in ({}, {ids["lodging"]: 1, ids["childcare"]: 1, ids["car"]: 1}):
        resident = ResidentFactory()
        with CaptureQueriesContext(connection) as queries, municipality_context(kesennuma):
            sign_up(resident, kesennuma, session, Wish(components=numbers))
        asked.append(len([one for one in queries if "set_config" not in one["sql"]]))
        total = len(queries)
    assert asked[1] == asked[0] + 1
    assert total <= 10
