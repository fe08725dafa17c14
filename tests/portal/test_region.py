"""Beyond one municipality: the prefecture's list, urgent calls nearby, joint programmes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Session
from activities.operations.change_session import cancel_session
from attendance.models import ParticipationRecord
from attendance.operations.check_in import check_in
from common import clock
from notifications.operations import deliver_next
from organisations.enums import Pattern
from organisations.models import JointProgramme
from organisations.operations.programmes import add_programme
from organisations.operations.standings import give_standing
from portal.models import ActivityListing
from registration.queries import progress_of
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.activities.test_admin import form_of
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db


def stand(organisation, municipality):
    give_standing(
        organisation,
        municipality,
        pattern=Pattern.EACH_PROJECT,
        valid_from=date(2026, 4, 1),
        decided_by=None,
    )


def deliver():
    while deliver_next():
        pass


def get(municipality, path="/"):
    host = municipality_host(municipality) if municipality else "localhost"
    answer = Client().get(path, headers={"host": host})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_prefecture_lists_what_its_cities_plan(kesennuma, hida, miyagi):
    make_activity(kesennuma, title="気仙沼の清掃")
    make_activity(kesennuma, title="収穫の仕事", is_paid=True)
    make_activity(hida, title="飛騨の朝市")
    make_activity(miyagi, title="県の催し")
    deliver()
    calendar = "日程と空きをカレンダーで見る"
    assert calendar in get(miyagi, "/activities/")
    assert calendar not in get(miyagi, "/activities/?work=paid"), "it has no date of the cities"
    html = get(miyagi, "/activities/")
    for title in ("県の催し", "気仙沼の清掃", "収穫の仕事", "県内の市町村の活動"):
        assert title in html, title
    assert "飛騨の朝市" not in html
    assert html.count("県の催し</a>") == 1
    assert "気仙沼の清掃" not in get(miyagi, "/activities/?work=paid")
    assert "県内の市町村の活動" not in get(kesennuma, "/activities/")


def test_the_prefecture_turns_the_pages_of_its_cities(kesennuma, miyagi, monkeypatch):
    monkeypatch.setattr("portal.receivers.CITIES_PER_PAGE", 1)
    for title in ("一つ目", "二つ目"):
        make_activity(kesennuma, title=title)
    deliver()
    shown = [get(miyagi, f"/activities/?cities={number}") for number in (1, 2)]
    assert "cities=2" in shown[0]
    assert [("一つ目" in html, "二つ目" in html) for html in shown] in (
        [(True, False), (False, True)], [(False, True), (True, False)],
    )  # fmt: skip


def test_an_urgent_call_reaches_the_whole_prefecture_and_no_other(kesennuma, hida, miyagi):
    make_activity(kesennuma, title="泥出し", is_urgent=True)
    make_activity(kesennuma, title="ふだんの清掃")
    deliver()
    assert "緊急：県内で" in get(miyagi)
    assert "泥出し" in get(miyagi)
    assert "ふだんの清掃" not in get(miyagi)
    assert "泥出し" not in get(hida)
    assert "緊急：県内で" not in get(kesennuma)
    portal = get(None, "/activities/")
    assert portal.index("泥出し") < portal.index("ふだんの清掃")
    assert "ふだんの清掃" not in get(None, "/activities/?only_urgent=on")


def test_the_front_page_of_a_neighbour_stays_within_its_bound(kesennuma, miyagi):
    make_activity(miyagi, title="県の催し")
    for number in range(5):
        make_activity(kesennuma, title=f"泥出し{number}", is_urgent=True)
    deliver()
    get(miyagi)
    with CaptureQueriesContext(connection) as captured:
        assert get(miyagi).count("泥出し") == 3
    assert len(captured) <= 12, [one["sql"][:90] for one in captured]


def test_the_portal_is_narrowed_by_kind_of_work(kesennuma, hida):
    make_activity(kesennuma, title="収穫の仕事", is_paid=True, category="farming")
    make_activity(hida, title="遠隔の助言", is_remote=True, category="advice")
    deliver()
    for query, expected in (
        ("work=paid", (True, False)), ("work=volunteer", (False, True)),
        ("only_remote=on", (False, True)), ("category=farming", (True, False)),
    ):  # fmt: skip
        html = get(None, f"/activities/?{query}")
        assert ("収穫の仕事" in html, "遠隔の助言" in html) == expected, query


def test_a_cancelled_date_leaves_the_index(kesennuma):
    page = make_activity(kesennuma)
    deliver()
    assert ActivityListing.objects.count() == 1
    with municipality_context(kesennuma):
        cancel_session(Session.objects.get(page=page.pk), "台風のため", None)
    deliver()
    assert not ActivityListing.objects.exists()


@pytest.fixture
def tour(kesennuma, hida):
    """A programme of one organisation, designated in one municipality alone."""
    organisation = make_organisation(kesennuma, name="帰る旅の会")
    stand(organisation, hida)
    programme = add_programme(organisation, "帰る旅", kesennuma)
    both = {"organisation": organisation, "joint_programme": programme}
    return (
        make_activity(kesennuma, title="気仙沼の旅", **both),
        make_activity(hida, title="飛騨の旅", designated=False, **both),
    )


def test_a_joint_programme_shows_the_dates_elsewhere(kesennuma, hida, tour):
    here, there = tour
    make_activity(hida, title="飛騨の朝市")
    deliver()
    html = get(kesennuma, f"/activities/{here.slug}/")
    assert "帰る旅：ほかの市町村での日程" in html
    assert f"http://hida.localhost:8000/activities/{there.slug}/" in html
    assert "飛騨の旅" in html
    assert "飛騨の朝市" not in html
    assert "気仙沼の旅" in get(hida, f"/activities/{there.slug}/")
    # Designation stays each municipality's own.
    rows = ActivityListing.objects.exclude(joint_programme=None)
    assert dict(rows.values_list("title", "designated")) == {"気仙沼の旅": True, "飛騨の旅": False}
    with municipality_context(hida):
        assert not Session.objects.public().get(page=there.pk).snapshot().is_designated


def test_each_participation_is_credited_where_it_took_place(kesennuma, hida, tour):
    """With the designation of that municipality, and counted for it alone."""
    resident = ResidentFactory()
    for place in (kesennuma, hida):
        register_resident(resident, place)
    takes_part(resident, dict(zip((kesennuma, hida), tour, strict=True)))
    rows = ParticipationRecord.objects.filter(resident=resident)
    assert {row.municipality: (row.activity_title, row.designated) for row in rows} == {
        kesennuma: ("気仙沼の旅", True),
        hida: ("飛騨の旅", False),
    }
    with time_machine.travel(clock.now() + timedelta(days=8)):
        progress = {one.municipality: one for one in progress_of(resident)}
    assert (progress[kesennuma].have, progress[hida].have) == (1, 0)
    (there,) = progress[hida].records
    assert (there.record.municipality, there.reason) == (hida, "not_designated")


def test_a_programme_goes_through_every_municipality_there_is(kesennuma, hida, miyagi, gifu):
    organisation = make_organisation(kesennuma, name="帰る旅の会")
    for place in (hida, miyagi, gifu):
        stand(organisation, place)
    programme = add_programme(organisation, "帰る旅", kesennuma)
    designated = {kesennuma: True, hida: False, miyagi: False, gifu: True}
    pages = {
        place: make_activity(
            place,
            title=f"{place.full_name}の旅",
            designated=counts,
            organisation=organisation,
            joint_programme=programme,
            sessions=[session_values(clock.today() + timedelta(days=7 + number))],
        )
        for number, (place, counts) in enumerate(designated.items())
    }
    deliver()
    for here, page in pages.items():
        html = get(here, f"/activities/{page.slug}/")
        for there, other in pages.items():
            address = f"http://{municipality_host(there)}:8000/activities/{other.slug}/"
            assert (address in html) is (there != here), (here, there)
    resident = ResidentFactory()
    takes_part(resident, pages)
    rows = ParticipationRecord.objects.filter(resident=resident)
    assert {row.municipality: row.designated for row in rows} == designated


def takes_part(resident, pages):
    """Reads the code of each page's date, on that day."""
    for place, page in pages.items():
        with municipality_context(place):
            session = Session.objects.get(page=page.pk)
        with time_machine.travel(session.starts_at):
            assert check_in(resident, venue_token(place.code, session.uuid)).is_new


def test_dates_elsewhere_cost_two_queries_however_many(kesennuma, hida, tour):
    here, _there = tour

    def queries():
        deliver()
        get(kesennuma, f"/activities/{here.slug}/")
        with CaptureQueriesContext(connection) as captured:
            get(kesennuma, f"/activities/{here.slug}/")
        return len(captured)

    few = queries()
    programme = JointProgramme.objects.get()
    for number in range(5):
        make_activity(hida, title=f"旅{number}", joint_programme=programme)
    assert queries() == few


def test_staff_enter_the_programme_in_both_and_choose_it(kesennuma, hida):
    organisation = make_organisation(kesennuma, name="帰る旅の会")
    stand(organisation, hida)
    other = make_organisation(kesennuma, name="別の会")
    data = {"programme": "1", "organisation": organisation.pk, "name": "帰る旅"}
    for place in (kesennuma, hida):
        answer = staff_client(place, Role.COORDINATOR).post("/admin/organisations/", data)
        assert answer.status_code == 302, answer.content.decode()
    programme = JointProgramme.objects.get()
    client = staff_client(hida, Role.COORDINATOR)
    assert "帰る旅" in client.get("/admin/organisations/").content.decode()
    elsewhere = {**data, "organisation": other.pk}
    assert client.post("/admin/organisations/", elsewhere).status_code == 200
    page = make_activity(kesennuma, organisation=other)
    with municipality_context(kesennuma):
        session = page.stored_sessions().get()
    chosen = form_of(
        {"id": str(session.pk), "session_uuid": str(session.uuid)},
        initial=1,
        organisation=str(other.pk),
        joint_programme=str(programme.pk),
    )
    client = staff_client(kesennuma, Role.COORDINATOR)
    url = f"/admin/pages/{page.pk}/edit/"
    assert "主催者に「帰る旅の会」を選んでください" in client.post(url, chosen).content.decode()
    right = chosen | {"organisation": str(organisation.pk)}
    assert client.post(url, right).status_code == 302
