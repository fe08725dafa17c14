"""Registrants in the admin: names in a list, and more for who says why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.models import AccessRecord
from registration.operations import leave
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.privacy import make_registrants
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
LIST = "/admin/registrants/"
PURPOSE = {"purpose": "enquiry", "note": "電話でのお尋ね"}


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def rows_on(page: str) -> int:
    """How many registrants can be opened from the page."""
    return len(re.findall(rf'href="{LIST}[0-9]+/"', page))


def detail_of(registration) -> str:
    return f"{LIST}{registration.pk}/"


@pytest.fixture
def registration(kesennuma):
    resident = ResidentFactory(
        person=("高橋", "美咲", "タカハシ", "ミサキ", "5094221", "212172", "古川町若宮2丁目"),
        phone="09012345678",
    )
    return register_resident(resident, kesennuma)


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="登録 花子")


@pytest.fixture
def desk(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


# The list


def test_the_list_shows_name_and_residence_and_nothing_to_find_anybody_by(desk, registration):
    page = text_of(desk.get(LIST))
    for words in ("高橋 美咲", "岐阜県飛騨市", registration.number, "ベーシック"):
        assert words in page
    secret = ("古川町若宮", "09012345678", "5094221", registration.email, "昭和63年", "1988")
    assert [words for words in secret if words in page] == []


@pytest.mark.parametrize(
    ("role", "sees", "opens"),
    [
        (Role.ADMINISTRATOR, True, True),
        (Role.REGISTRATION_OFFICER, True, True),
        (Role.COORDINATOR, True, False),
        (Role.EDITOR, False, False),
        (Role.ROOM_MODERATOR, False, False),
        (Role.READER, False, False),
    ],
)
def test_roles(kesennuma, registration, role, sees, opens):
    client = staff_client(kesennuma, role)
    listed = client.get(LIST)
    assert (listed.status_code == 200) == sees
    assert ("高橋" in listed.content.decode()) == sees
    assert (detail_of(registration) in listed.content.decode()) == opens
    opened = client.post(detail_of(registration), PURPOSE)
    assert (opened.status_code == 302 and opened["Location"] == detail_of(registration)) == opens
    assert AccessRecord.objects.exists() == opens


def test_the_others_registrants_are_not_there(desk, registration, hida):
    elsewhere = register_resident(ResidentFactory(family_name="飛騨野"), hida)
    assert "飛騨野" not in text_of(desk.get(LIST))
    assert desk.get(detail_of(elsewhere)).status_code == 404
    assert desk.post(detail_of(elsewhere), PURPOSE).status_code == 404
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("word=高橋", True),
        ("word=高橋美咲", True),
        ("word=高橋　美咲", True),
        ("word=美咲", True),
        ("word=たかはし みさき", True),
        ("word=タカハシミサ", True),
        ("word=ﾀｶﾊｼ", True),
        ("word=042056-000001", True),
        ("word=０４２０５６-000001", True),
        ("word=1", True),
        ("word=2", False),
        ("word=佐藤", False),
        ("word=%25", False),
        ("residence=飛騨市", True),
        ("residence=宮城県", False),
        ("kind=basic", True),
        ("origin=direct", True),
        ("origin=co_registered", False),
        ("state=ended", False),
        ("since=2026-11-01&until=2026-11-30", True),
        ("since=2026-12-02", False),
        ("until=2026-11-19", False),
        ("since=yesterday", True),
        ("kind=nothing", True),
    ],
)
def test_search_and_filters(desk, kesennuma, query, found):
    with time_machine.travel("2026-11-20 00:30+09:00"):
        register_resident(
            ResidentFactory(
                person=("高橋", "美咲", "タカハシ", "ミサキ", "5094221", "212172", "若宮")
            ),
            kesennuma,
        )
    assert ('<th scope="row">高橋 美咲' in text_of(desk.get(f"{LIST}?{query}"))) is found


def test_who_has_left_is_found_among_the_ended(desk, registration):
    leave(registration)
    assert "高橋" not in text_of(desk.get(LIST))
    assert "高橋" in text_of(desk.get(f"{LIST}?state=ended"))


def test_fifty_on_a_page_and_no_statement_for_each(desk, kesennuma):
    def statements():
        desk.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            page = text_of(desk.get(LIST))
        return len(asked), rows_on(page)

    make_registrants(kesennuma, 1)
    few, shown = statements()
    assert shown == 1
    make_registrants(kesennuma, 50)
    many, shown = statements()
    assert shown == 50
    assert many == few
    assert rows_on(text_of(desk.get(f"{LIST}?page=2"))) == 1


# One registrant


def test_without_a_purpose_nothing_opens_and_nothing_is_recorded(desk, registration):
    page = text_of(desk.get(detail_of(registration)))
    assert "古川町若宮" not in page
    for wrong in ({}, {"purpose": "curiosity"}, {"purpose": "other", "note": " "}):
        page = text_of(desk.post(detail_of(registration), wrong))
        assert "古川町若宮" not in page
        assert "ください。" in page
    assert not AccessRecord.objects.exists()


def test_what_was_typed_is_kept_where_the_purpose_lacks(desk, registration):
    page = text_of(desk.post(detail_of(registration), {"note": "ていねいに書いた理由"}))
    assert "ていねいに書いた理由" in page


def test_it_is_recorded_before_it_is_shown(desk, officer, registration):
    answer = desk.post(detail_of(registration), PURPOSE)
    assert answer.status_code == 302
    assert "古川町若宮" not in answer.content.decode(), "the answer that records shows nothing"
    record = AccessRecord.objects.get()
    assert record.actor == officer
    assert record.actor_name == "登録 花子"
    assert record.actor_roles == "registration_officer"
    assert record.resident_id == registration.resident_id
    assert (record.purpose, record.note) == ("enquiry", "電話でのお尋ね")
    assert set(record.particulars) >= {"birth_date", "address", "phone", "email", "history"}
    page = text_of(desk.get(answer["Location"]))
    for words in ("古川町若宮", "09012345678", registration.email, "昭和63年4月2日"):
        assert words in page


def test_a_reload_asks_nothing_for_fifteen_minutes(desk, registration, settings):
    # The desk was opened before the journey in time.
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 60 * 24 * 365
    with time_machine.travel("2026-12-01 09:00+09:00", tick=False) as traveller:
        client = desk
        client.post(detail_of(registration), PURPOSE)
        traveller.shift(timedelta(minutes=14, seconds=59))
        assert "古川町若宮" in text_of(client.get(detail_of(registration)))
        assert AccessRecord.objects.count() == 1
        traveller.shift(timedelta(seconds=1))
        assert "古川町若宮" not in text_of(client.get(detail_of(registration)))


def test_a_link_passed_on_opens_nothing_to_the_colleague(desk, kesennuma, registration):
    desk.post(detail_of(registration), PURPOSE)
    colleague = staff_client(kesennuma, "administrator")
    assert "古川町若宮" not in text_of(colleague.get(detail_of(registration)))


def test_nor_does_one_registrant_s_open_another_s(desk, kesennuma, registration):
    (other,) = make_registrants(kesennuma, 1)
    desk.post(detail_of(other), PURPOSE)
    assert "古川町若宮" not in text_of(desk.get(detail_of(registration)))


def test_where_nothing_can_be_recorded_nothing_is_shown(desk, registration):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO gone")
    desk.raise_request_exception = False
    answer = desk.post(detail_of(registration), PURPOSE)
    assert answer.status_code == 500
    assert "古川町若宮" not in answer.content.decode()


def test_no_browser_keeps_the_page(desk, registration):
    desk.post(detail_of(registration), PURPOSE)
    answer = desk.get(detail_of(registration))
    assert "no-store" in answer["Cache-Control"]


# Inspection


def test_administrators_read_who_it_was_and_officers_do_not(kesennuma, hida, desk, registration):
    desk.post(detail_of(registration), PURPOSE)
    page = text_of(staff_client(kesennuma, "administrator").get(f"{LIST}records/"))
    for words in ("登録 花子", registration.number, "電話でのお尋ね"):
        assert words in page
    assert desk.get(f"{LIST}records/").status_code == 302
    assert "登録 花子" not in text_of(staff_client(hida, "administrator").get(f"{LIST}records/"))
