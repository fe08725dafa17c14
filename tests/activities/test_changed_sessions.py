"""Cancelling and moving a date: seen by visitors, told to listeners once, never lost."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client

from activities.models import Session
from activities.operations.change_session import cancel_session, move_session
from activities.signals import session_cancelled, session_moved
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from common import clock
from common.refusal import Refused
from common.wareki import jdatetime
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db
REASON = "台風が近づいているため"


@pytest.fixture
def heard():
    """What the two signals said, in order."""
    told = []

    def cancelled(sender, session, reason, page, **kwargs):
        told.append(("cancelled", session.uuid, reason, page.pk))

    def moved(sender, session, before, page, **kwargs):
        told.append(("moved", session.uuid, before.starts_at, page.pk))

    session_cancelled.connect(cancelled)
    session_moved.connect(moved)
    yield told
    session_cancelled.disconnect(cancelled)
    session_moved.disconnect(moved)


def only_session(page):
    return Session.objects.select_related("page").get(page=page.pk)


def shown(municipality, page):
    headers = {"host": municipality_host(municipality)}
    return Client().get(f"/activities/{page.slug}/", headers=headers).content.decode()


def later(session, days=1, **changes):
    values = {
        "starts_at": session.starts_at + timedelta(days=days),
        "ends_at": session.ends_at + timedelta(days=days),
        "place": session.place,
        "meeting_point": "",
        "by": None,
    }
    return values | changes


def test_a_cancelled_date_stays_on_the_page_with_its_reason(kesennuma, hida, heard):
    page, other = make_activity(kesennuma), make_activity(hida)
    with municipality_context(kesennuma):
        session = only_session(page)
        for _again in range(2):
            cancel_session(session, f" {REASON} ", None)
        assert only_session(page).snapshot().is_cancelled
    assert heard == [("cancelled", session.uuid, REASON, page.pk)]
    html = shown(kesennuma, page)
    assert "この日程は中止になりました。" in html
    assert REASON in html
    assert "/sign-up/" not in html
    assert "実績になります" not in html
    assert "/sign-up/" in shown(hida, other)


def test_nobody_signs_up_for_or_checks_in_to_what_is_cancelled(kesennuma):
    page = make_activity(
        kesennuma, sessions=[session_values(clock.today(), start=time(0), hours=24)]
    )
    resident = ResidentFactory()
    with municipality_context(kesennuma):
        session = only_session(page)
        cancel_session(session, REASON, None)
    with pytest.raises(Refused) as refused:
        sign_up(resident, kesennuma, session.uuid)
    assert refused.value.code == "session_takes_place"
    with pytest.raises(Refused) as refused:
        check_in(resident, venue_token(kesennuma.code, session.uuid))
    assert refused.value.code == "session_cancelled"


@pytest.mark.parametrize(("reason", "days", "code"), [
    ("  ", 7, "reason_missing"),
    (REASON, -2, "session_is_over"),
])  # fmt: skip
def test_no_date_is_cancelled_without_a_reason_or_afterwards(kesennuma, heard, reason, days, code):
    day = clock.today() + timedelta(days=days)
    page = make_activity(kesennuma, sessions=[session_values(day)])
    with municipality_context(kesennuma):
        with pytest.raises(Refused) as refused:
            cancel_session(only_session(page), reason, None)
        assert not only_session(page).is_cancelled
    assert refused.value.code == code
    assert heard == []


def test_a_moved_date_shows_when_and_where_it_was(kesennuma, heard):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        before = only_session(page)
        for _again in range(2):
            move_session(before, **later(before, place="市民会館", meeting_point="駅前"))
        after = only_session(page)
        assert after.hours == before.hours
        assert [one.place for one in after.moved_from] == [before.place]
        assert after.moved_from[0].starts_at == before.starts_at
    assert heard == [("moved", before.uuid, before.starts_at, page.pk)]
    html = shown(kesennuma, page)
    assert f"<del>{jdatetime(before.starts_at)}" in html
    assert jdatetime(after.starts_at) in html
    assert "市民会館" in html


def test_hours_follow_the_new_length_unless_they_were_given(kesennuma):
    page = make_activity(kesennuma)
    given = make_activity(kesennuma, sessions=[{**session_values(), "hours": 2}])
    with municipality_context(kesennuma):
        for one, hours in ((page, 5), (given, 2)):
            session = only_session(one)
            longer = later(session, ends_at=session.ends_at + timedelta(days=1, hours=2))
            assert move_session(session, **longer).hours == hours


def test_what_cannot_be_is_refused_with_a_code(kesennuma, heard):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        session = only_session(page)
        with pytest.raises(Refused) as refused:
            move_session(session, **later(session, ends_at=session.starts_at))
        assert refused.value.code == "end_before_start"
        cancel_session(session, REASON, None)
        with pytest.raises(Refused) as refused:
            move_session(session, **later(session))
        assert refused.value.code == "session_is_cancelled"
        assert only_session(page).starts_at == session.starts_at
    assert [one[0] for one in heard] == ["cancelled"]


def test_publishing_a_draft_from_before_neither_moves_back_nor_revives(kesennuma, heard):
    page = make_activity(
        kesennuma, sessions=[session_values(), session_values(clock.today() + timedelta(days=9))]
    )
    with municipality_context(kesennuma):
        first, second = page.stored_sessions().order_by("starts_at")
        draft = page.save_revision()
        moved = move_session(first, **later(first, days=20))
        cancel_session(second, REASON, None)
        page.refresh_from_db()
        draft.refresh_from_db()
        draft.publish()
        rows = {one.uuid: one for one in page.stored_sessions()}
    assert rows[first.uuid].starts_at == moved.starts_at
    assert rows[second.uuid].is_cancelled
    assert [one[0] for one in heard] == ["moved", "cancelled"]


def test_other_times_published_by_the_editor_are_a_move(kesennuma, heard):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        before = only_session(page)
        draft = page.get_latest_revision_as_object()
        session = draft.sessions.get()
        session.place = "別の会場"
        draft.sessions.add(session)
        revision = draft.save_revision()
        assert heard == []
        revision.publish()
        after = only_session(page)
        assert [one.place for one in after.moved_from] == [before.place]
        page.refresh_from_db()
        page.get_latest_revision_as_object().save_revision().publish()
    assert heard == [("moved", before.uuid, before.starts_at, page.pk)]


def test_a_copy_knows_nothing_of_what_befell_the_first(kesennuma, heard):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        cancel_session(only_session(page), REASON, None)
        page.refresh_from_db()
        copy = page.copy(update_attrs={"slug": "copy", "title": "写し"}, keep_live=False)
        assert not only_session(copy).is_cancelled
        assert only_session(page).is_cancelled


def test_staff_cancel_and_move_in_the_admin(kesennuma, hida, heard):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        session = only_session(page)
    url = f"/admin/activity-sessions/{session.uuid}/"
    client = staff_client(kesennuma, Role.COORDINATOR)
    assert url in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "理由" in client.get(url).content.decode()
    assert staff_client(hida, Role.COORDINATOR).get(url).status_code == 404
    assert staff_client(kesennuma, Role.READER).get(url).status_code == 404
    day = clock.today() + timedelta(days=8)
    times = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T08:00", "place": "市民会館"}
    refused = client.post(url, {"move": "1", **times})
    assert "終了は、開始より後" in refused.content.decode()
    assert "市民会館" in refused.content.decode()
    moved = client.post(url, {"move": "1", **times, "ends_at": f"{day}T12:00"})
    assert moved.status_code == 302
    assert client.post(url, {"cancel": "1", "reason": " "}).status_code == 200
    assert [one[0] for one in heard] == ["moved"]
    assert client.post(url, {"cancel": "1", "reason": REASON}).status_code == 302
    assert [one[0] for one in heard] == ["moved", "cancelled"]
    assert "中止になりました" in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    with municipality_context(kesennuma):
        after = only_session(page)
        assert after.starts_at.astimezone(clock.TOKYO).hour == 9
        assert after.is_cancelled
