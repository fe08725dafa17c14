"""Under the run-time login: what an organisation tells and writes in its workspace."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from activities.models import DailyViews, Need, Session, ThanksNote
from activities.operations.needs import activity_from_need, tell_need
from attendance.models import SignUp
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from organisations.models import OrganisationMember, Standing
from privacy.models import KnownTo
from tenants.actors import organisation
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_host
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA, SentMails
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.members import make_organisation_member
from tests.factories.needs import WORDS
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (HIDA, KESENNUMA))
    with public_context():
        OutboxMessage.objects.all().delete()
    return here, there


def partner_at(place: Municipality, name: str = "八幡町内会") -> SimpleNamespace:
    """An organisation with a standing at `place`, a member with a client, its addresses."""
    ours = make_organisation(place, name=name)
    resident = make_organisation_member(ours).account.resident
    home = f"/workspace/{ours.pk}/"
    return SimpleNamespace(
        organisation=ours, resident=resident, client=signed_in_client(resident.user, place),
        home=home, new=f"{home}needs/new/",
    )  # fmt: skip


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_need_from_the_workspace_to_the_public_activity(places):
    here, there = places
    partner, other = partner_at(here), partner_at(here, "別の会")
    elsewhere = partner_at(there, "気仙沼の会")
    make_organisation_member(partner.organisation, resident=elsewhere.resident)
    typed = {name: str(value) for name, value in WORDS.items() if name != "contact_email"}
    with logged_in_as(RUN):
        sent = partner.client.post(partner.new, typed | {"client_key": str(uuid4())})
        assert sent.status_code == 302
        assert WORDS["title"] in text(partner.client.get(partner.home))
        assert WORDS["title"] not in text(other.client.get(other.home))
        assert other.client.get(partner.new).status_code == 404
        # A member too is nobody where their organisation has no standing.
        assert elsewhere.client.get(partner.new).status_code == 404
    with public_context():
        assert KnownTo.objects.get(resident=partner.resident).municipality_id == HIDA
    with municipality_context(here):
        need = Need.objects.get()
        activity_from_need(need, None).get_latest_revision().publish()
        path = Need.objects.get().activity.public_path
    with logged_in_as(RUN):
        assert path in text(partner.client.get(partner.home))
        text(Client().get(path, headers={"host": municipality_host(here)}))
    OrganisationMember.objects.filter(account=partner.resident.user).update(ended_at=clock.now())
    with logged_in_as(RUN):
        assert partner.client.get(partner.new).status_code == 404


def test_another_municipality_s_needs_are_closed_to_whoever_acts_here(places):
    here, there = places
    partner = partner_at(here)
    for place in places:
        with municipality_context(place):
            tell_need(WORDS, uuid4(), resident=partner.resident, organisation=partner.organisation)
    us = organisation(partner.resident.user_id, partner.organisation.pk, HIDA)
    with at_run_time(us, here):
        assert Need.objects.count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {there.schema_name}.activities_need")
    yesterday = clock.today() - timedelta(days=1)
    Standing.objects.filter(organisation=partner.organisation).update(
        valid_from=yesterday, valid_to=yesterday
    )
    with logged_in_as(RUN):
        assert partner.client.get(partner.home).status_code == 404


def test_an_organisation_thanks_and_sees_its_figures(places):
    here, _there = places
    partner, resident = partner_at(here), ResidentFactory(user__email="kita@example.jp")
    page = make_activity(here, organisation=partner.organisation)
    with municipality_context(here):
        session = Session.objects.get(page=page.pk)
        DailyViews.objects.create(page=page, day=clock.today(), number=7)
    sign_up(resident, here, session.uuid)
    with time_machine.travel(session.starts_at):
        check_in(resident, venue_token(here.code, session.uuid))
    connection.set_schema_to_public()
    OutboxMessage.objects.all().delete()
    path = f"{partner.home}sessions/{session.uuid}/thanks/"
    words = "ありがとうございました。"
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        client = signed_in_client(partner.resident.user, here)
        mine = signed_in_client(resident.user)
        with logged_in_as(RUN):
            html = text(client.get(partner.home))
            assert "ページの閲覧：7回" in html
            assert "申込み1人、参加1人（延べ）" in html
            for _again in range(2):
                assert client.post(path, {"text": words}).status_code == 302
            assert words in text(client.get(path))
            for _message in range(2):
                assert deliver_next()
            assert words in text(mine.get("/my/history/"))
    with public_context():
        mails = OutboxMessage.objects.filter(kind="mail", payload__to=["kita@example.jp"])
        assert mails.count() == 1
    with municipality_context(here):
        assert ThanksNote.objects.get().written_by_id == partner.resident.user_id


def test_dates_are_cancelled_and_moved_and_a_need_withdrawn(places):
    here, there = places
    mailoutbox = SentMails()
    partner, other, elsewhere = partner_at(here), partner_at(here, "別の会"), partner_at(there)
    make_member(here, Role.COORDINATOR, email="tantou@example.jp")
    page = make_activity(
        here, title="道の草刈り", organisation=partner.organisation,
        sessions=[session_values(clock.today() + n * timedelta(days=1)) for n in (10, 11)],
    )  # fmt: skip
    with municipality_context(here):
        first, second = page.sessions.order_by("starts_at")
        need = tell_need(
            WORDS, uuid4(), resident=partner.resident, organisation=partner.organisation
        )
    comers = [ResidentFactory(user__email=f"kuru{n}@example.jp") for n in range(2)]
    for one in comers:
        for session in (first, second):
            sign_up(one, here, session.uuid)
    cancel = {"cancel": "1", "reason": "大雨のため"}
    move = {
        "starts_at": f"{second.day + timedelta(days=3)}T10:00", "place": "八幡神社",
        "ends_at": f"{second.day + timedelta(days=3)}T12:00", "meeting_point": "",
    }  # fmt: skip
    with logged_in_as(RUN):
        for session, sent in ((first, cancel), (second, move)):
            path = f"{partner.home}sessions/{session.uuid}/change/"
            assert other.client.post(path, sent | {"confirmed": "1"}).status_code == 404
            assert elsewhere.client.post(path, sent | {"confirmed": "1"}).status_code == 404
            theirs = f"{other.home}sessions/{session.uuid}/change/"
            assert other.client.post(theirs, sent | {"confirmed": "1"}).status_code == 404
            assert "申し込んだ2人に" in text(partner.client.post(path, sent))
            for _twice in range(2):
                assert partner.client.post(path, sent | {"confirmed": "1"}).status_code == 302
        withdraw = f"needs/{need.pk}/withdraw/"
        assert other.client.post(f"{other.home}{withdraw}").status_code == 404
        assert partner.client.post(f"{partner.home}{withdraw}").status_code == 302
        assert "取り下げました" in text(partner.client.get(partner.home))
        while deliver_next():
            pass
    with municipality_context(here):
        assert Session.objects.get(pk=first.pk).is_cancelled
        assert Session.objects.get(pk=second.pk).place == "八幡神社"
        assert Need.objects.get(pk=need.pk).state == "withdrawn"
    with public_context():
        rows = SignUp.objects.values_list("status", "place").distinct()
        assert set(rows) == {("cancelled", first.place), ("signed_up", "八幡神社")}
    news = [mail.subject for mail in mailoutbox if mail.to == ["tantou@example.jp"]]
    assert [one for one in news if "公開" not in one] == [
        "団体が日程を中止しました：道の草刈り", "団体が日程を変更しました：道の草刈り",
        "困りごとが取り下げられました",
    ]  # fmt: skip
    told = [mail.body for mail in mailoutbox if mail.to == ["kuru1@example.jp"]]
    assert sum("大雨のため" in body for body in told) == sum("八幡神社" in b for b in told) == 1
