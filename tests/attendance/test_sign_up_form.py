"""What is entered when signing up: companions, a guardian, and what nobody asked for."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from icalendar import Calendar

from attendance.codes.feed import feed_token
from attendance.models import CalendarFeed, SignUp
from attendance.operations.calendar import read_feed, renew_feed
from attendance.operations.forgetting import empty_names
from attendance.operations.merge import take_over
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.operations.signing_up.changes import call_off
from attendance.rules.sign_up import Companion, Wish
from common import clock
from tests.attendance.test_sign_up import make_session
from tests.cases.test_minors import birth_date_at
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.guardians import make_consent

pytestmark = pytest.mark.django_db
CHILD = {"name_1": "　佐藤　翔　", "age_1": "child"}


def test_a_family_is_entered_encrypted_and_shown(kesennuma):
    session, resident = make_session(kesennuma, capacity=5), ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    assert client.post(path, CHILD | {"name_3": "佐藤 花", "age_3": "70s"}).status_code == 302
    row = SignUp.objects.get()
    assert row.party == 3
    assert [one["name"] for one in row.companions] == ["佐藤 翔", "佐藤 花"]
    assert "佐藤 翔" in client.get(path).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT companions, age_group FROM public.attendance_signup")
        stored = cursor.fetchone()
    assert "佐藤" not in json.dumps(stored, ensure_ascii=False)
    assert stored[1] != row.age_group


@pytest.mark.parametrize(
    "sent",
    [
        {"name_1": "佐藤 翔"},
        {"age_1": "child"},
        {"name_1": "佐藤 翔", "age_1": "elderly"},
        {"name_1": "あ" * 91, "age_1": "child"},
        {"name_1": "\x00", "age_1": "child"},
    ],
)
def test_half_a_companion_is_asked_about_and_nothing_is_lost(kesennuma, sent):
    session, resident = make_session(kesennuma, capacity=5), ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    refused = client.post(f"/sessions/{session}/sign-up/", sent | {"name_2": "佐藤 花"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "佐藤 花" in page
    assert "<details open>" in page
    assert not SignUp.objects.exists()


def test_the_sixth_companion_has_no_field(kesennuma):
    session, resident = make_session(kesennuma), ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    sent = {f"name_{n}": f"連れ{n}" for n in range(1, 9)} | {f"age_{n}": "30s" for n in range(1, 9)}
    client.post(f"/sessions/{session}/sign-up/", sent)
    assert SignUp.objects.get().extra == 5


def test_of_a_minor_a_guardian_is_asked_besides_the_consent(kesennuma):
    session = make_session(kesennuma)
    minor = ResidentFactory(birth_date=birth_date_at(16))
    make_consent(minor)
    client = signed_in_client(minor.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    assert "保護者の電話番号" in client.get(path).content.decode()
    assert client.post(path).status_code == 422
    sent = {"guardian_name": "佐藤 母", "guardian_phone": "０２２６-22-6600"}
    assert client.post(path, sent | {"guardian_phone": "12"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    row = SignUp.objects.get()
    assert (row.guardian_name, row.guardian_phone) == ("佐藤 母", "0226226600")
    assert row.age_group == "youth"
    adult = signed_in_client(ResidentFactory().user, kesennuma)
    assert "保護者の電話番号" not in adult.get(path).content.decode()


def test_the_full_session_offers_the_waiting_list_and_keeps_what_was_entered(kesennuma):
    session = make_session(kesennuma, capacity=1)
    resident = ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    client.get(path)
    sign_up(ResidentFactory(), kesennuma, session)
    refused = client.post(path)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "キャンセル待ちに登録する" in page
    assert "1番目になります" in page
    assert client.post(path, {"waits": "on"}).status_code == 302
    assert "キャンセル待ちの順番" in client.get(path).content.decode()
    client.post(path, {"withdraw": "1"})
    assert SignUp.objects.get(resident=resident).status == "withdrawn"


def test_a_family_too_large_for_what_is_left_can_come_with_fewer(kesennuma):
    session, resident = make_session(kesennuma, capacity=2), ResidentFactory()
    sign_up(ResidentFactory(), kesennuma, session)
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    refused = client.post(path, CHILD)
    assert refused.status_code == 409
    assert "人数を減らして申し込む" in refused.content.decode()
    assert client.post(path).status_code == 302
    assert SignUp.objects.get(resident=resident).status == "signed_up"
    alone = signed_in_client(ResidentFactory().user, kesennuma).post(path).content.decode()
    assert "人数を減らして申し込む" not in alone


# Calendars


def events(body: bytes) -> list[dict[str, object]]:
    return [
        {key: event[key] for key in ("UID", "SEQUENCE", "STATUS", "SUMMARY")}
        for event in Calendar.from_ical(body).walk("VEVENT")
    ]


def test_a_calendar_follows_what_becomes_of_a_sign_up(kesennuma, hida):
    session, other = make_session(kesennuma, capacity=1), make_session(hida, capacity=1)
    resident = ResidentFactory(family_name="鬼龍院")
    sign_up(ResidentFactory(), hida, other)
    sign_up(resident, kesennuma, session)
    sign_up(resident, hida, other, Wish(waits=True))
    client = signed_in_client(resident.user)
    assert client.post("/my/sign-ups/calendar/").status_code == 302
    found = client.get("/my/sign-ups/").content.decode()
    address = re.search(r"/calendar/[A-Z2-7]+\.ics", found)
    assert address
    path = address[0]
    visitor = signed_in_client(ResidentFactory().user)
    body = visitor.get(path).content
    assert [one["STATUS"] for one in events(body)] == ["CONFIRMED", "TENTATIVE"]
    assert "鬼龍院" not in body.decode()
    before = events(body)[0]
    call_off(kesennuma, session, "大雨")
    withdraw_sign_up(resident, other)
    after = events(visitor.get(path).content)
    assert [one["STATUS"] for one in after] == ["CANCELLED", "CANCELLED"]
    assert after[0]["UID"] == before["UID"]
    assert after[0]["SEQUENCE"] > before["SEQUENCE"]
    client.post("/my/sign-ups/calendar/")
    assert visitor.get(path).status_code == 404
    client.post("/my/sign-ups/calendar/", {"end": "1"})
    assert not CalendarFeed.objects.exists()


def test_one_sign_up_as_a_file_is_for_its_owner(kesennuma):
    resident = ResidentFactory()
    row = sign_up(resident, kesennuma, make_session(kesennuma))
    path = f"/my/sign-ups/{row.pk}/calendar.ics"
    answer = signed_in_client(resident.user).get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    assert len(events(answer.content)) == 1
    assert signed_in_client(ResidentFactory().user).get(path).status_code == 404


@pytest.mark.parametrize("token", ["A" * 53, "nothing", "あ", "A", "=" * 8])
def test_no_address_is_guessed(kesennuma, token):
    renew_feed(ResidentFactory())
    assert read_feed(token) is None


# Merging and forgetting


@pytest.mark.parametrize(
    ("kept_has", "other_has", "stays"),
    [
        ("waiting", "signed_up", "signed_up"),
        ("signed_up", "waiting", "signed_up"),
        ("withdrawn", "waiting", "waiting"),
        ("applied", "offered", "offered"),
        ("signed_up", "withdrawn", "signed_up"),
        ("declined", "applied", "applied"),
    ],
)
def test_of_two_sign_ups_of_one_person_the_further_one_stays(kesennuma, kept_has, other_has, stays):
    session = make_session(kesennuma, capacity=9)
    kept, other = ResidentFactory(), ResidentFactory()
    for one in (kept, other):
        sign_up(one, kesennuma, session, Wish(companions=(Companion("連れ", "adult"),)))
        renew_feed(one)
    SignUp.objects.filter(resident=kept).update(status=kept_has)
    SignUp.objects.filter(resident=other).update(status=other_has)
    take_over(kept, other)
    assert SignUp.objects.get(resident=kept).status == stays
    left = SignUp.objects.get(resident=other).status
    assert left == ("withdrawn" if other_has != "withdrawn" else other_has)
    assert CalendarFeed.objects.get().resident == kept


def test_what_is_forgotten_says_nothing_of_anybody(kesennuma):
    minor = ResidentFactory(birth_date=birth_date_at(16))
    make_consent(minor)
    wish = Wish((Companion("連れ", "adult"),), "佐藤 母", "0226226600")
    row = sign_up(minor, kesennuma, make_session(kesennuma), wish)
    SignUp.objects.update(reason="体調")
    assert empty_names(SignUp.objects.filter(pk=row.pk)) == 1
    row.refresh_from_db()
    said = (row.name, row.kana, row.phone, row.age_group, row.guardian_name, row.guardian_phone)
    assert set(said) == {""}
    assert (row.companions, row.reason, row.party) == (None, "", 2)


def test_what_is_over_for_a_month_is_in_no_calendar(kesennuma):
    resident = ResidentFactory()
    sign_up(resident, kesennuma, make_session(kesennuma))
    feed = renew_feed(resident)
    SignUp.objects.update(ends_at=clock.now() - timedelta(days=32))
    body = read_feed(feed_token(feed.secret))
    assert body is not None
    assert events(body) == []
