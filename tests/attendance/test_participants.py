"""The list of a session's participants: names, and telephone numbers for who says why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.templatetags.static import static
from django.test.utils import CaptureQueriesContext

from attendance.operations.sign_ups import sign_up
from common.wareki import jdatetime
from privacy.models import AccessRecord
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.privacy import look_at
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
PURPOSE = {"purpose": "activity", "note": "雨天中止の連絡"}


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def session(kesennuma):
    activity = make_activity(kesennuma)
    with municipality_context(kesennuma):
        return activity.sessions.get()


def comes(session, kesennuma, phone):
    resident = ResidentFactory(phone=phone, family_kana="ヨミガナ")
    registration = register_resident(resident, kesennuma)
    sign_up(resident, kesennuma, session.uuid)
    return registration


@pytest.fixture
def coordinator(kesennuma):
    return make_member(kesennuma, "administrator")


@pytest.fixture
def desk(coordinator, kesennuma):
    return signed_in_client(coordinator, kesennuma, admin=True)


def test_numbers_open_with_a_purpose_and_each_resident_sees_it(desk, session, kesennuma):
    path = f"/admin/sessions/{session.uuid}/participants/"
    people = [comes(session, kesennuma, f"0901234567{one}") for one in range(2)]
    page = text_of(desk.get(path))
    assert people[0].name in page
    assert [words for words in ("0901234567", "ヨミガナ") if words in page] == []
    assert "目的を選んでください。" in text_of(desk.post(path, {"purpose": ""}))
    assert not AccessRecord.objects.exists()
    assert desk.post(path, PURPOSE)["Location"] == path
    page = text_of(desk.get(path))
    assert "09012345670" in page
    assert "09012345671" in page
    for one in people:
        seen = text_of(signed_in_client(one.resident.user).get("/my/access/"))
        assert "雨天中止の連絡" in seen
        assert "ふりがな、電話番号" in seen


def test_who_signs_up_later_is_not_opened_with_the_others(desk, session, kesennuma):
    path = f"/admin/sessions/{session.uuid}/participants/"
    comes(session, kesennuma, "09011111111")
    desk.post(path, PURPOSE)
    comes(session, kesennuma, "09022222222")
    page = text_of(desk.get(path))
    assert "09011111111" in page
    assert "09022222222" not in page
    assert "記録して開く" in page


def test_a_look_at_other_particulars_opens_no_number(desk, coordinator, session, kesennuma):
    look_at(comes(session, kesennuma, "09011111111"), coordinator)
    page = text_of(desk.get(f"/admin/sessions/{session.uuid}/participants/"))
    assert "09011111111" not in page


def test_after_fifteen_minutes_it_is_closed_again_and_never_open_to_others(session, kesennuma):
    path = f"/admin/sessions/{session.uuid}/participants/"
    comes(session, kesennuma, "09011111111")
    with time_machine.travel("2026-12-01 09:00+09:00", tick=False) as traveller:
        client = signed_in_client(make_member(kesennuma, "administrator"), kesennuma, admin=True)
        client.post(path, PURPOSE)
        assert "09011111111" in text_of(client.get(path))
        other = make_member(kesennuma, "administrator")
        theirs = signed_in_client(other, kesennuma, admin=True)
        assert "09011111111" not in text_of(theirs.get(path))
        traveller.shift(timedelta(minutes=15))
        assert "09011111111" not in text_of(client.get(path))


def test_however_many_come_it_costs_the_same(desk, session, kesennuma):
    path = f"/admin/sessions/{session.uuid}/participants/"
    comes(session, kesennuma, "09011111111")
    desk.get(path)
    with CaptureQueriesContext(connection) as few:
        desk.get(path)
    for one in range(5):
        comes(session, kesennuma, f"0902222222{one}")
    with CaptureQueriesContext(connection) as many:
        desk.get(path)
    assert len(many) == len(few)


def test_the_list_to_print_has_its_own_look_and_numbers_once_they_are_open(
    desk, session, kesennuma
):
    people = f"/admin/sessions/{session.uuid}/participants/"
    paper = f"/admin/sessions/{session.uuid}/sign-ups/print/"
    assert "まだ申込みはありません" in text_of(desk.get(paper))
    resident = comes(session, kesennuma, "09012345678").resident
    page = text_of(desk.get(paper))
    for words in (session.page.title, jdatetime(session.starts_at), session.place, resident.name):
        assert words in page
    assert "09012345678" not in page
    assert people in page, "where they are opened"
    # The look comes from our own host, and nothing stands in the page that its policy refuses.
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) == [
        static("attendance/list.css")
    ]
    assert "style=" not in page
    assert "<script" not in page
    desk.post(people, PURPOSE)
    page = text_of(desk.get(paper))
    assert "09012345678" in page
    assert people not in page
