"""The coordinator's desk: today, what waits, and the match rate, counted by hand as well."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.enums import SessionState
from activities.models import DailyViews, Session
from activities.models import daily_views as views
from activities.queries.desk import desk_of, match_rate
from activities.registry import desk as desk_registry
from activities.registry.desk import DeskTask, Origins, desk_list
from activities.rules.special_grant import fiscal_year
from attendance.models import ParticipationRecord, ParticipationReport, SignUp
from attendance.operations.check_in import check_in
from attendance.operations.ledger.amend import void
from attendance.operations.sign_ups import sign_up
from attendance.queries.coordinator import sign_ups_to_answer
from common import clock
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.needs import make_need
from tests.factories.registration import register_resident
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db
DESK = "/admin/coordinator/"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch):
    monkeypatch.setattr(views, "_counted", {})


@pytest.fixture
def counted_at_once(settings):
    settings.VIEWS_KEPT_SECONDS = 0


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def session_of(municipality, page) -> Session:
    with municipality_context(municipality):
        return Session.objects.get(page=page.pk)


def comes(resident, municipality, session, takes_part=True):
    sign_up(resident, municipality, session.uuid)
    if takes_part:
        with time_machine.travel(session.starts_at):
            check_in(resident, venue_token(municipality.code, session.uuid))


def look(municipality, page, **headers):
    host = {"host": municipality_host(municipality)}
    return Client().get(f"/activities/{page.slug}/", headers=host | headers)


def test_today_and_what_comes_with_their_numbers(hida, kesennuma):
    today = make_activity(hida, title="今日の活動", sessions=[session_values(clock.today())])
    soon = make_activity(hida, title="来週の活動")
    late = make_activity(hida, title="遠い活動", sessions=[session_values(
        clock.today() + timedelta(days=90))])  # fmt: skip
    make_activity(hida, title="下書きの活動", publish=False)
    make_activity(kesennuma, title="気仙沼の活動")
    called_off = make_activity(hida, title="中止の活動")
    with municipality_context(hida):
        Session.objects.filter(page=called_off.pk).update(state=SessionState.CANCELLED)
    session = session_of(hida, soon)
    for _one in range(2):
        comes(ResidentFactory(), hida, session, takes_part=False)
    with municipality_context(hida):
        found = desk_of(hida)
        assert [row.session.page.title for row in found.today] == [today.title]
        assert [row.session.page.title for row in found.coming] == [soon.title]
        assert found.coming[0].numbers.signed_up == 2
    html = text(staff_client(hida, Role.COORDINATOR).get(DESK))
    for words in (today.title, soon.title, f"/sessions/{session_of(hida, today).uuid}/check-in/"):
        assert words in html
    assert "気仙沼の活動" not in html
    assert late.title in html, "the match rate knows it; the next 30 days don't"


def test_what_waits_is_listed_until_it_is_done(hida, kesennuma, monkeypatch):
    monkeypatch.setattr(desk_registry, "_tasks", dict(desk_registry._tasks))
    need = make_need(hida, resident=ResidentFactory())
    make_need(kesennuma, resident=ResidentFactory(), title="よその困りごと")
    page = make_activity(hida, title="遠隔の助言", is_remote=True)
    session = session_of(hida, page)
    ParticipationReport.objects.create(
        resident=ResidentFactory(), municipality=hida, session_uuid=session.uuid,
        activity_title=page.title, text="しました", handed_in_at=clock.now(),
    )  # fmt: skip
    desk_list("overdue", "未提出の報告書")(lambda place: [DeskTask("消防団", 1, f"/{place.code}/")])
    client = staff_client(hida, Role.COORDINATOR)
    for html in (text(client.get(DESK)), text(client.get("/admin/"))):
        assert "未提出の報告書" in html
        assert "よその困りごと" not in html
    html = text(client.get(DESK))
    assert need.title in html
    assert f"/{hida.code}/" in html
    assert html.count("遠隔の助言") >= 2, "in the list of reports, and as an activity"
    reader = staff_client(hida, Role.READER)
    assert reader.get(DESK).status_code == 302
    assert "未提出の報告書" not in text(reader.get("/admin/"))


def test_sign_ups_to_answer_are_those_of_a_status_that_waits(hida):
    page = make_activity(hida)
    session = session_of(hida, page)
    comes(ResidentFactory(), hida, session, takes_part=False)
    assert sign_ups_to_answer(hida, 5) == []
    SignUp.objects.update(status="applied")
    assert sign_ups_to_answer(hida, 5) == [(session.uuid, page.title, 1, session.starts_at)]


def test_the_match_rate_is_what_one_counts_by_hand(hida, kesennuma, counted_at_once):
    year = fiscal_year(clock.today())
    found = make_activity(hida, title="見つかった活動")
    make_activity(hida, title="見つからない活動")
    make_activity(hida, title="昔の活動", sessions=[session_values(
        clock.today() - timedelta(days=730))])  # fmt: skip
    make_activity(hida, title="下書き", publish=False)
    elsewhere = make_activity(kesennuma)
    session = session_of(hida, found)
    of_gifu, of_tokyo, stranger, absent = (
        ResidentFactory(person=PEOPLE[number]) for number in (2, 1, 0, 3)
    )
    for resident in (of_gifu, of_tokyo, absent):
        register_resident(resident, hida)
    for resident in (of_gifu, of_tokyo, stranger):
        comes(resident, hida, session)
    comes(absent, hida, session, takes_part=False)
    comes(ResidentFactory(), kesennuma, session_of(kesennuma, elsewhere))
    for _one in range(3):
        text(look(hida, found))
    with municipality_context(hida):
        rate = match_rate(hida, fiscal_year(session.day))
    if fiscal_year(session.day) != year:
        return  # in the last week of March the session is of the next year
    assert (rate.matched, len(rate.activities), rate.percent) == (1, 2, 50)
    assert (rate.views, rate.signed_up, rate.took_part) == (3, 4, 3)
    assert (rate.origins.in_prefecture, rate.origins.elsewhere, rate.origins.unknown) == (1, 1, 1)
    html = text(staff_client(hida, Role.COORDINATOR).get(DESK))
    assert "2件中1件" in html
    assert "昔の活動" not in html
    assert "昔の活動" not in text(
        staff_client(hida, Role.COORDINATOR).get(f"{DESK}?year={year - 1}")
    )


def test_a_voided_participation_is_in_no_number_of_the_desk(hida):
    page = make_activity(hida)
    session = session_of(hida, page)
    of_gifu, stranger = ResidentFactory(person=PEOPLE[2]), ResidentFactory(person=PEOPLE[0])
    register_resident(of_gifu, hida)
    for resident in (of_gifu, stranger):
        comes(resident, hida, session)
    with municipality_context(hida):
        before = match_rate(hida, fiscal_year(session.day))
    for record in ParticipationRecord.objects.all():
        void(record, None, "別の方でした")
    SignUp.objects.update(status="withdrawn")
    with municipality_context(hida):
        after = match_rate(hida, fiscal_year(session.day))
    assert [(one.matched, one.took_part) for one in (before, after)] == [(1, 2), (0, 0)]
    assert before.origins == Origins(in_prefecture=1, unknown=1)
    assert after.origins == Origins()


def test_the_desk_asks_a_bounded_number_of_questions(hida):
    client = staff_client(hida, Role.COORDINATOR)
    client.get(DESK)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            text(client.get(DESK))
        return len(queries)

    def fill():
        for days in range(3):
            page = make_activity(hida, sessions=[session_values(
                clock.today() + timedelta(days=days))])  # fmt: skip
            comes(ResidentFactory(), hida, session_of(hida, page), takes_part=False)
            make_need(hida, resident=ResidentFactory())

    fill()
    before = asked()
    fill()
    assert asked() == before
    assert before <= 45


def test_views_are_counted_without_a_cookie_and_robots_are_not(hida, kesennuma, counted_at_once):
    page, other = make_activity(hida), make_activity(kesennuma)
    for _one in range(2):
        answer = look(hida, page)
        assert not answer.cookies
    look(hida, page, user_agent=ROBOT)
    look(kesennuma, other)
    Client().head(f"/activities/{page.slug}/", headers={"host": municipality_host(hida)})
    with municipality_context(hida):
        row = DailyViews.objects.get()
        assert (row.page_id, row.day, row.number) == (page.pk, clock.today(), 2)
    with municipality_context(kesennuma):
        assert DailyViews.objects.get().number == 1


def test_a_view_costs_no_statement_until_a_minute_is_over(hida, settings):
    page = make_activity(hida)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            text(look(hida, page))
        return [one["sql"] for one in queries if "dailyviews" in one["sql"]]

    assert settings.VIEWS_KEPT_SECONDS > 3600
    assert asked() == asked() == []
    settings.VIEWS_KEPT_SECONDS = 0
    assert len(asked()) == 1
    with municipality_context(hida):
        assert DailyViews.objects.get().number == 3


def test_a_page_that_is_gone_spoils_no_count(hida, counted_at_once):
    page = make_activity(hida)
    with municipality_context(hida):
        views._add({(page.pk, clock.today()): 2, (page.pk + 999, clock.today()): 5})  # type: ignore[arg-type]
        assert DailyViews.objects.get().number == 2


def test_the_setting_is_a_minute_outside_of_tests():
    from config.settings import work

    assert work.VIEWS_KEPT_SECONDS == 60
    assert settings.VIEWS_KEPT_SECONDS != 60
