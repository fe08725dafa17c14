"""Under the run-time login: every way through needs, desk, log and thanks past the walls."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client

from activities.models import DailyViews, Need, Session, daily_views
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.models import KnownTo
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_host
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.codes import venue_token
from tests.factories.needs import WORDS, make_need
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, logged_in_as


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (HIDA, KESENNUMA))
    with public_context():
        OutboxMessage.objects.all().delete()
    return here, there


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_need_from_the_form_to_the_public_activity(places):
    here, there = places
    make_need(there, resident=ResidentFactory(), title="よその困りごと")
    resident = ResidentFactory(user__email="nushi@example.jp")
    desk = signed_in_client(make_member(here, Role.COORDINATOR), here, admin=True)
    theirs = signed_in_client(resident.user, here)
    typed = {name: str(value) for name, value in WORDS.items() if name != "contact_email"}
    with logged_in_as(RUN):
        for _again in range(2):
            sent = theirs.post("/needs/new/", typed | {"client_key": str(uuid4())})
            assert sent.status_code == 302
        html = text(desk.get("/admin/needs/"))
        assert html.count(WORDS["title"]) == 2
        assert "よその困りごと" not in html
    with municipality_context(here):
        pk = Need.objects.order_by("pk").first().pk
    with logged_in_as(RUN):
        edit = desk.post(f"/admin/needs/{pk}/", {"activity": "1"})["Location"]
        assert desk.get(edit).status_code == 200
        assert "準備しています" in text(theirs.get("/needs/"))
        assert WORDS["title"] in text(desk.get("/admin/coordinator/"))
    with municipality_context(here):
        Need.objects.get(pk=pk).activity.get_latest_revision().publish()
        path = Need.objects.get(pk=pk).activity.public_path
    with logged_in_as(RUN):
        assert path in text(theirs.get("/needs/"))
        html = text(Client().get(path, headers={"host": municipality_host(here)}))
        assert "地域の方の声から" in html
    with public_context():
        assert KnownTo.objects.get(resident=resident).municipality_id == HIDA
        mails = OutboxMessage.objects.filter(kind="mail", payload__to=["nushi@example.jp"])
        assert mails.count() == 4, "received twice, being prepared, public"


def test_thanks_reach_those_who_took_part_and_views_are_written(places, settings, monkeypatch):
    here, _there = places
    monkeypatch.setattr(daily_views, "_counted", {})  # of another test's database
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 1_000_000
    settings.VIEWS_KEPT_SECONDS = 0
    resident = ResidentFactory(user__email="kita@example.jp")
    register_resident(resident, here)
    page = make_activity(here)
    with municipality_context(here):
        session = Session.objects.get(page=page.pk)
    sign_up(resident, here, session.uuid)
    with time_machine.travel(session.starts_at):
        check_in(resident, venue_token(here.code, session.uuid))
    connection.set_schema_to_public()
    OutboxMessage.objects.all().delete()
    desk = signed_in_client(make_member(here, Role.ADMINISTRATOR), here, admin=True)
    host = {"host": municipality_host(here)}
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        with logged_in_as(RUN):
            thanks = {"text": "ありがとうございました。"}
            path = f"/admin/activity-sessions/{session.uuid}/thanks/"
            assert desk.post(path, thanks).status_code == 302
            text(Client().get(f"/activities/{page.slug}/", headers=host))
            for _message in range(2):
                assert deliver_next()
            html = text(desk.get("/admin/coordinator/")).split("マッチング率")[1]
            assert "県内" in html
            log = {"day": str(clock.today()), "hours": "1", "what": "片付け", "activity": "",
                   "client_key": str(uuid4())}  # fmt: skip
            assert desk.post("/admin/work-log/", log).status_code == 302
            assert "片付け" in text(desk.get("/admin/work-log/"))
            year = clock.today().year if clock.today().month > 3 else clock.today().year - 1
            text(desk.get(f"/admin/work-log/{year}/"))
        mine = signed_in_client(resident.user)
        with logged_in_as(RUN):
            assert "ありがとうございました。" in text(mine.get("/my/history/"))
    with municipality_context(here):
        assert DailyViews.objects.get().number == 1
    with public_context():
        mails = OutboxMessage.objects.filter(kind="mail", payload__to=["kita@example.jp"])
        assert mails.count() == 1
