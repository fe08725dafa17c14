"""An organisation cancels and moves public dates of its own in its workspace."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from wagtail.models import PageLogEntry

from activities.models import ActivityPage, ProjectSettings, Session
from activities.operations.change_session import CANCEL_ACTION, move_session
from activities.operations.own_dates import cancel_own_date, move_own_date
from activities.operations.projects import save_project, submit_project
from activities.rules.projects import project_state
from activities.views.date_sentences import sentence_for
from attendance.enums import CheckInMethod
from attendance.models import SignUp
from attendance.operations.ledger.record import record_participation
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from common import clock
from common.refusal import Refused
from common.wareki import jdatetime
from notifications.operations import deliver_next
from organisations.enums import Pattern
from organisations.models import Standing
from organisations.operations.people import remove_member
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
REASON = "大雨の予報のため"
DAY = timedelta(days=1)
CANCEL = {"cancel": "1", "reason": REASON}


@pytest.fixture(params=[Pattern.EACH_PROJECT])
def partner(request, kesennuma, hida):
    """An organisation of both municipalities, its helper with a client, a public activity here of
    two dates, with three who have signed up for the first and one of them back again."""
    organisation = make_organisation(kesennuma, pattern=request.param)
    make_activity(hida, title="飛騨の清掃", organisation=organisation)
    page = make_activity(
        kesennuma, title="海岸の清掃", organisation=organisation,
        sessions=[session_values(clock.today() + n * DAY) for n in (10, 11)],
    )  # fmt: skip
    account = make_organisation_member(organisation, "helper").account
    with municipality_context(kesennuma):
        session = page.sessions.order_by("starts_at").first()
    comers = [ResidentFactory(user__email=f"kuru{n}@example.jp") for n in range(3)]
    for one in comers:
        sign_up(one, kesennuma, session.uuid)
    withdraw_sign_up(comers[2], session.uuid)
    home = f"/workspace/{organisation.pk}/"
    return SimpleNamespace(
        organisation=organisation, account=account, page=page, session=session, home=home,
        client=signed_in_client(account, kesennuma),
        path=f"{home}sessions/{session.uuid}/change/",
    )  # fmt: skip


def row(kesennuma, partner):
    with municipality_context(kesennuma):
        return Session.objects.select_related("page").get(pk=partner.session.pk)


def typed(session, days=1, **changes):
    """What the form for a move sends."""
    times = {
        name: (getattr(session, name) + days * DAY)
        .astimezone(clock.TOKYO)
        .strftime("%Y-%m-%dT%H:%M")
        for name in ("starts_at", "ends_at")
    }
    return times | {"place": "大島 田中浜", "meeting_point": ""} | changes


def later(session, **changes):
    values = {
        "starts_at": session.starts_at + DAY, "ends_at": session.ends_at + DAY,
        "place": session.place, "meeting_point": "",
    }  # fmt: skip
    return values | changes


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def told(mailoutbox, address):
    return [mail for mail in mailoutbox if mail.to == [address]]


def told_office(mailoutbox):
    """Of dates; that the activity was published is other news."""
    return [m for m in told(mailoutbox, "tantou@kesennuma.example") if "日程" in m.subject]


def test_a_date_is_cancelled_after_a_look_at_how_many_are_told(kesennuma, partner, mailoutbox):
    make_member(kesennuma, "coordinator", email="tantou@kesennuma.example")
    assert partner.path in text(partner.client.get(partner.home))
    assert "中止の確認へ進む" in text(partner.client.get(partner.path))
    html = text(partner.client.post(partner.path, CANCEL))
    assert "申し込んだ2人に" in html
    assert REASON in html
    assert "先に控えてください" in html
    assert f"{partner.home}sessions/{partner.session.uuid}/sign-ups/" in html
    assert "この日程を中止する</button>" in html
    assert "団体のページに戻る" in html
    assert not row(kesennuma, partner).is_cancelled, "nothing happens before it is confirmed"
    assert REASON in text(partner.client.post(partner.path, CANCEL | {"again": "1"}))
    for _twice in range(2):
        sent = partner.client.post(partner.path, CANCEL | {"confirmed": "1"})
        assert sent["Location"] == partner.home
    after = row(kesennuma, partner)
    assert (after.is_cancelled, after.cancelled_reason) == (True, REASON)
    while deliver_next():
        pass
    for n in range(2):
        (mail,) = [one for one in told(mailoutbox, f"kuru{n}@example.jp") if REASON in one.body]
        assert "海岸の清掃" in mail.subject
    assert not [one for one in told(mailoutbox, "kuru2@example.jp") if REASON in one.body]
    (mail,) = told_office(mailoutbox)
    assert mail.subject == "団体が日程を中止しました：海岸の清掃"
    assert REASON in mail.body
    assert jdatetime(after.starts_at) in mail.body
    assert "この日程は中止になりました。" in text(partner.client.get(partner.path))
    gone = f"{partner.home}sessions/{partner.session.uuid}/"
    listed = text(partner.client.get(f"{gone}sign-ups/"))
    assert "自治体にお問い合わせください" in listed
    assert "まだ申込みはありません" not in listed
    home = text(partner.client.get(partner.home))
    assert f"{gone}sign-ups/" in home
    assert not [word for word in ("check-in/", "poster.pdf") if gone + word in home]
    public = partner.client.get(f"/activities/{partner.page.slug}/")
    assert REASON in text(public)
    with municipality_context(kesennuma):
        entry = PageLogEntry.objects.get(action=CANCEL_ACTION)
        assert partner.organisation.name in entry.message
    desk = staff_client(kesennuma, "coordinator")
    assert partner.organisation.name in text(desk.get(f"/admin/pages/{partner.page.pk}/history/"))
    with municipality_context(kesennuma):
        # An old draft of the organisation's does not bring it back.
        save_project(partner.organisation, {"title": "別の名前"}, partner.page)
        draft = ActivityPage.objects.get(pk=partner.page.pk).get_latest_revision()
        draft.publish()
    assert row(kesennuma, partner).is_cancelled


@pytest.mark.parametrize("partner", [Pattern.EACH_PROJECT, Pattern.TRUSTED], indirect=True)
def test_a_date_is_moved_and_stays_designated(kesennuma, partner, mailoutbox):
    make_member(kesennuma, "coordinator", email="tantou@kesennuma.example")
    before = row(kesennuma, partner)
    with municipality_context(kesennuma):
        counted = before.snapshot().is_designated
    html = text(partner.client.post(partner.path, typed(before)))
    assert "申し込んだ2人に" in html
    assert "大島 田中浜" in html
    assert row(kesennuma, partner).starts_at == before.starts_at
    for _twice in range(2):
        sent = partner.client.post(partner.path, typed(before, confirmed="1"))
        assert sent["Location"] == partner.home
    after = row(kesennuma, partner)
    assert after.starts_at == before.starts_at + DAY
    assert [one.starts_at for one in after.moved_from] == [before.starts_at]
    with municipality_context(kesennuma):
        assert after.snapshot().is_designated == counted
        page = ActivityPage.objects.get(pk=partner.page.pk)
        assert project_state(is_live=page.live, outcomes=[], is_over=False) == "published"
    moved = SignUp.objects.filter(status="signed_up").values_list("starts_at", "place")
    assert set(moved) == {(after.starts_at, "大島 田中浜")}
    while deliver_next():
        pass
    (mail,) = told_office(mailoutbox)
    assert mail.subject == "団体が日程を変更しました：海岸の清掃"
    for word in (jdatetime(before.starts_at), jdatetime(after.starts_at), "指定は、そのまま"):
        assert word in mail.body, word
    assert len([m for m in told(mailoutbox, "kuru0@example.jp") if "大島" in m.body]) == 1


def test_in_english_too(kesennuma, partner):
    assert "On to cancelling" in text(partner.client.get(f"/en{partner.path}"))
    html = text(partner.client.post(f"/en{partner.path}", CANCEL))
    assert "2 people who signed up are told at once." in html
    sent = partner.client.post(f"/en{partner.path}", {"cancel": "1", "reason": ""})
    assert "Error:" in text(sent, 400)


def test_where_nobody_has_signed_up_it_is_said(kesennuma, partner):
    with municipality_context(kesennuma):
        other = partner.page.sessions.order_by("starts_at").last()
    path = partner.path.replace(str(partner.session.uuid), str(other.uuid))
    html = text(partner.client.post(path, CANCEL))
    assert "まだ申込みはありません" in html
    assert "申し込んだ0人" not in html


def test_the_municipality_may_want_no_such_mails(kesennuma, partner, mailoutbox):
    make_member(kesennuma, "coordinator", email="tantou@kesennuma.example")
    with municipality_context(kesennuma):
        ProjectSettings.objects.create(tells_coordinators=False)
        cancel_own_date(partner.organisation, partner.session.uuid, REASON)
    while deliver_next():
        pass
    assert not told_office(mailoutbox)


def test_what_is_wrong_is_said_and_nothing_entered_is_lost(kesennuma, partner):
    before = row(kesennuma, partner)
    html = text(partner.client.post(partner.path, {"cancel": "1", "reason": " "}), 400)
    assert "エラー" in html
    for changes, says in (
        ({"days": -30}, "これからの開始日時"),
        ({"days": 0, "place": before.place}, "変更後の日時か場所"),
        ({"ends_at": "2020-01-01T00:00"}, "終了"),
        ({"starts_at": "いつか"}, "エラー"),
        ({"ends_at": f"{before.day + 2 * DAY}T18:00"}, "今の時間の長さ"),
    ):
        html = text(partner.client.post(partner.path, typed(before, **changes)), 400)
        assert says in html, changes
        assert changes.get("place", "大島 田中浜") in html
    assert row(kesennuma, partner).starts_at == before.starts_at


@pytest.mark.parametrize(("at", "code"), [
    ("locked", "staff_at_work"), ("begun", "session_has_begun"), ("ended", "no_standing"),
    ("foreign", "session_gone"), ("draft", "session_gone"),
])  # fmt: skip
def test_what_it_may_not_is_refused(kesennuma, hida, partner, at, code):
    session, organisation = row(kesennuma, partner), partner.organisation
    moment = session.starts_at if at == "begun" else clock.now()
    if at == "foreign":
        organisation = make_organisation(kesennuma, name="別の会")
    with municipality_context(kesennuma):
        if at == "locked":
            ActivityPage.objects.filter(pk=partner.page.pk).update(locked=True)
        if at == "draft":
            ActivityPage.objects.get(pk=partner.page.pk).unpublish()
    if at == "ended":
        Standing.objects.filter(municipality=kesennuma).update(valid_to=clock.today() - DAY)
    with municipality_context(kesennuma), time_machine.travel(moment, tick=False):
        with pytest.raises(Refused) as cancelling:
            cancel_own_date(organisation, session.uuid, REASON)
        with pytest.raises(Refused) as moving:
            move_own_date(organisation, session.uuid, **later(session))
    assert cancelling.value.code == moving.value.code == code
    assert sentence_for(cancelling.value)
    with translation.override("en"):
        assert sentence_for(cancelling.value).endswith(".")
    after = row(kesennuma, partner)
    assert not after.is_cancelled
    assert after.starts_at == session.starts_at
    with municipality_context(hida), pytest.raises(Refused):
        cancel_own_date(partner.organisation, session.uuid, REASON)


def test_while_a_change_waits_a_date_is_cancelled_and_none_is_moved(kesennuma, partner):
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "海岸の大清掃"}, partner.page)
        submit_project(partner.page, partner.organisation, partner.account)
        with pytest.raises(Refused, match="not_a_draft"):
            move_own_date(
                partner.organisation, partner.session.uuid, **later(row(kesennuma, partner))
            )
    with municipality_context(kesennuma):
        cancel_own_date(partner.organisation, partner.session.uuid, REASON)
        page = ActivityPage.objects.get(pk=partner.page.pk)
        assert page.workflow_in_progress
        page.get_latest_revision().publish()
    assert row(kesennuma, partner).is_cancelled


def test_nobody_else_gets_there(kesennuma, hida, partner):
    colleague = make_organisation_member(partner.organisation, "manager").account
    assert signed_in_client(colleague, kesennuma).get(partner.path).status_code == 200
    other = make_organisation_member(make_organisation(kesennuma, name="別の会")).account
    theirs = f"/workspace/{make_organisation(hida, name='飛騨の会').pk}/"
    for client in (
        signed_in_client(other, kesennuma), signed_in_client(ResidentFactory().user, kesennuma),
        signed_in_client(partner.account, hida),
    ):  # fmt: skip
        for path in (partner.path, partner.path.replace(partner.home, theirs)):
            assert client.get(path).status_code == 404
            assert client.post(path, CANCEL | {"confirmed": "1"}).status_code == 404
    helper = partner.organisation.members.get(account=partner.account)
    remove_member(helper.pk, partner.organisation, colleague)
    assert partner.client.post(partner.path, CANCEL | {"confirmed": "1"}).status_code == 404
    assert not row(kesennuma, partner).is_cancelled
    visitor = Client().get(partner.path, headers={"host": municipality_host(kesennuma)})
    assert "/enter/" in visitor["Location"]


def test_who_stands_at_the_door_already_is_not_sent_away(kesennuma, partner):
    session = row(kesennuma, partner)
    who = SignUp.objects.filter(session_uuid=session.uuid, status="signed_up").first().resident
    early = time_machine.travel(session.starts_at - timedelta(minutes=30), tick=False)
    with early, municipality_context(kesennuma):
        record_participation(who, kesennuma, session.snapshot(), CheckInMethod.ORGANISER)
        for change in (
            lambda: cancel_own_date(partner.organisation, session.uuid, REASON),
            lambda: move_own_date(partner.organisation, session.uuid, **later(session)),
        ):
            with pytest.raises(Refused, match="session_has_begun"):
                change()


def test_several_moves_are_told_from_the_first_and_not_without_end(kesennuma, partner, mailoutbox):
    make_member(kesennuma, "coordinator", email="tantou@kesennuma.example")
    first = row(kesennuma, partner).starts_at
    sent = [
        partner.client.post(partner.path, typed(partner.session, days=n) | {"confirmed": "1"})
        for n in range(1, 7)
    ]
    assert [one.status_code for one in sent] == [302] * 5 + [400]
    assert "5回" in text(sent[-1], 400)
    while deliver_next():
        pass
    (mail,) = told_office(mailoutbox)
    assert jdatetime(first) in mail.body
    assert jdatetime(first + 5 * DAY) in mail.body


def test_another_meeting_point_is_told(kesennuma, partner, mailoutbox):
    session = row(kesennuma, partner)
    changes = typed(session, days=0, place=session.place, meeting_point="駅前の広場")
    partner.client.post(partner.path, changes | {"confirmed": "1"})
    while deliver_next():
        pass
    (mail,) = [m for m in told(mailoutbox, "kuru0@example.jp") if "変更" in m.subject]
    assert "駅前の広場" in mail.body


def test_a_draw_is_not_overtaken_by_its_date(kesennuma, partner):
    with municipality_context(kesennuma):
        Session.objects.filter(pk=partner.session.pk).update(
            mode="lottery", apply_until=partner.session.starts_at - DAY
        )
    session = row(kesennuma, partner)
    html = text(partner.client.post(partner.path, typed(session, days=-2)), 400)
    assert "申込みの締切" in html
    with municipality_context(kesennuma), pytest.raises(Refused, match="sign_up_after_start"):
        move_session(session, **later(session, starts_at=session.starts_at - 2 * DAY), by=None)
