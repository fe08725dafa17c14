"""A municipality's life: who leads it where, and what residents and staff then see (R1)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.operations.handoff import hash_of, new_browser_secret
from common import clock
from common.refusal import Refused
from notifications.operations import deliver_next
from pages.models import HomePage
from portal.forms import ActivityFilter
from portal.queries import municipalities_by_prefecture, upcoming_listings
from registration.models import Registration
from registration.operations import leave, register
from tenants import tasks
from tenants.context import municipality_context
from tenants.models import Municipality, MunicipalityChange
from tenants.operations import life
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client
from tests.factories.tenants import operator_client, with_status

pytestmark = pytest.mark.django_db
NOT_PUBLISHED = ["preparing", "suspended", "closed"]


@pytest.fixture(autouse=True)
def _all_published(kesennuma, hida, miyagi, gifu):
    Municipality.objects.update(status="published")


@pytest.fixture
def operator():
    return operator_client().operator


def _history(municipality):
    return list(
        MunicipalityChange.objects.filter(municipality=municipality)
        .order_by("pk")
        .values_list("from_status", "to_status", "reason")
    )


def test_a_whole_life_leaves_its_history_and_touches_no_other(operator, kesennuma, hida):
    with_status(kesennuma, "preparing")
    life.publish(kesennuma.code, operator, "")
    life.suspend(kesennuma.code, operator, "災害対応のため")
    life.resume(kesennuma.code, operator)
    life.close(kesennuma.code, operator, "参加終了の申出")
    assert _history(kesennuma) == [
        ("preparing", "published", ""),
        ("published", "suspended", "災害対応のため"),
        ("suspended", "published", ""),
        ("published", "closed", "参加終了の申出"),
    ]
    assert set(kesennuma.changes.values_list("changed_by", flat=True)) == {operator.pk}
    assert Municipality.objects.get(pk=hida.pk).status == "published"
    assert _history(hida) == []


def test_the_same_step_twice_is_one_step(operator, kesennuma):
    with_status(kesennuma, "preparing")
    for _ in range(2):
        assert life.publish(kesennuma.code, operator).is_published
    assert len(_history(kesennuma)) == 1


def test_a_step_that_does_not_lead_on_is_refused(operator, kesennuma):
    with_status(kesennuma, "closed")
    for step in (life.publish, life.suspend, life.resume):
        with pytest.raises(Refused) as refusal:
            step(kesennuma.code, operator, "x")
        assert refusal.value.code == "status_allows"
        assert refusal.value.data["status"] == "closed"
    assert Municipality.objects.get(pk=kesennuma.pk).status == "closed"
    assert _history(kesennuma) == []


@pytest.mark.parametrize("change", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_history(operator, kesennuma, change):
    life.suspend(kesennuma.code, operator, "理由")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(change.format("tenants_municipalitychange"))
    assert len(_history(kesennuma)) == 1


def test_the_clock_publishes_whose_time_has_come_and_nobody_else(operator, kesennuma, hida, gifu):
    now = clock.now()
    with_status(kesennuma, "preparing")
    with_status(hida, "preparing")
    with_status(gifu, "suspended", publish_at=now - timedelta(days=1))
    with clock.as_of(now - timedelta(hours=1)):
        life.schedule_publication(kesennuma.code, operator, now - timedelta(minutes=1))
        life.schedule_publication(hida.code, operator, now + timedelta(minutes=1))
    for _ in range(2):
        tasks.publish_due()
    found = Municipality.objects.in_bulk([kesennuma.pk, hida.pk, gifu.pk])
    assert found[kesennuma.pk].is_published
    assert found[kesennuma.pk].publish_at is None
    assert found[hida.pk].status == "preparing"
    assert found[gifu.pk].status == "suspended"
    scheduled, published = kesennuma.changes.order_by("pk")
    assert (scheduled.changed_by, scheduled.publish_at) == (operator, now - timedelta(minutes=1))
    assert published.changed_by is None
    assert _history(hida) == [("preparing", "preparing", "")]


def test_a_time_taken_back_publishes_nothing(operator, kesennuma):
    with_status(kesennuma, "preparing")
    life.schedule_publication(kesennuma.code, operator, clock.now() + timedelta(hours=1))
    for _ in range(2):
        life.cancel_publication(kesennuma.code, operator)
    with clock.as_of(clock.now() + timedelta(days=1)):
        assert life.publish_due() == []
    assert len(_history(kesennuma)) == 2


def test_a_time_in_the_past_is_refused(operator, kesennuma):
    with_status(kesennuma, "preparing")
    with pytest.raises(Refused) as refusal:
        life.schedule_publication(kesennuma.code, operator, clock.now())
    assert refusal.value.code == "time_lies_ahead"


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        ("preparing", 200, "宮城県気仙沼市のサイトは準備中です"),
        ("suspended", 200, "宮城県気仙沼市のサイトは、現在停止しています"),
        ("closed", 410, "宮城県気仙沼市のサイトは終了しました"),
    ],
)
def test_the_public_host_says_so_at_every_address(kesennuma, hida, status, code, words):
    with_status(kesennuma, status)
    make_activity(kesennuma, title="海辺の草刈り")
    client = Client(HTTP_HOST="kesennuma.localhost")
    for path in ("/", "/activities/", "/enter/", "/documents/1/a.pdf", "/no/such/page"):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == code, path
        assert words in page
        assert "海辺の草刈り" not in page
        assert answer["X-Robots-Tag"] == "noindex"
        assert "Content-Security-Policy" in answer
        assert "no-store" in answer["Cache-Control"]
    assert client.post("/rooms/", {"text": "x"}).status_code == code
    english = client.get("/en/").content.decode()
    assert 'lang="en"' in english
    assert "The site of" in english
    assert 'href="http://localhost:8000/en/"' in english
    assert Client(HTTP_HOST="hida.localhost").get("/").status_code == 200
    assert words not in Client(HTTP_HOST="hida.localhost").get("/").content.decode()


@pytest.mark.parametrize("status", ["preparing", "suspended"])
def test_staff_enter_and_see_the_real_pages_while_visitors_cannot(kesennuma, hida, status):
    client = staff_client(with_status(kesennuma, status), "editor")
    assert client.get("/admin/").status_code == 200
    with municipality_context(kesennuma):
        home = HomePage.objects.get(locale__language_code="ja")
        home.lead = "海と生きる。"
        home.save_revision()
    draft = client.get(f"/admin/pages/{home.pk}/view_draft/")
    assert draft.status_code == 200
    assert "海と生きる。" in draft.content.decode()
    assert "http://kesennuma.localhost:8000/" in draft.content.decode()
    public = Client(HTTP_HOST="kesennuma.localhost").get("/").content.decode()
    assert "海と生きる。" not in public


def test_the_admin_of_a_closed_municipality_is_an_unknown_host(kesennuma, hida):
    member = make_member(kesennuma, "administrator")
    client = signed_in_client(member, kesennuma, admin=True)
    assert client.get("/admin/").status_code == 200
    with_status(kesennuma, "closed")
    closed = client.get("/admin/")
    unknown = Client(HTTP_HOST="unknown.admin.localhost").get("/admin/")
    assert closed.status_code == 404
    assert closed.content == unknown.content
    assert Client(HTTP_HOST="hida.admin.localhost").get("/admin/login/").status_code == 200


@pytest.mark.parametrize("status", NOT_PUBLISHED)
def test_the_portal_knows_published_municipalities_only(kesennuma, hida, status):
    make_activity(kesennuma, title="海辺の草刈り")
    make_activity(hida, title="棚田の手入れ")
    while deliver_next():
        pass
    assert {row.title for row in upcoming_listings()} == {"海辺の草刈り", "棚田の手入れ"}
    with_status(kesennuma, status)
    portal = Client(HTTP_HOST="localhost")
    for path in ("/", "/municipalities/", "/activities/", "/municipalities/?word=気仙沼"):
        page = portal.get(path).content.decode()
        assert ">気仙沼市<" not in page, path
        assert "海辺の草刈り" not in page, path
    assert "飛騨市" in portal.get("/municipalities/").content.decode()
    assert "棚田の手入れ" in portal.get("/activities/").content.decode()
    assert portal.get("/register/042056/").status_code == 404
    assert portal.get("/register/212172/").status_code == 200


@pytest.mark.parametrize("status", NOT_PUBLISHED)
def test_a_prefecture_without_anybody_published_is_no_filter(kesennuma, miyagi, hida, status):
    names = [name for _code, name in ActivityFilter().fields["prefecture"].choices]
    assert {"宮城県", "岐阜県"} <= set(names)
    with_status(kesennuma, status)
    with_status(miyagi, status)
    names = [name for _code, name in ActivityFilter().fields["prefecture"].choices]
    assert "宮城県" not in names
    assert "岐阜県" in names
    assert [prefecture.name for prefecture, _places in municipalities_by_prefecture()] == ["岐阜県"]


@pytest.mark.parametrize("status", NOT_PUBLISHED)
def test_nobody_registers_with_one_that_is_not_published(kesennuma, hida, status):
    resident = ResidentFactory()
    with pytest.raises(Refused) as refusal:
        register(resident, with_status(kesennuma, status))
    assert refusal.value.code == "not_published"
    assert not Registration.objects.filter(resident=resident).exists()
    register(resident, hida)
    assert Registration.objects.filter(resident=resident).count() == 2
    answer = signed_in_client(resident.user).post("/register/042056/", {"consent": "on"})
    assert answer.status_code == 404


@pytest.mark.parametrize("status", NOT_PUBLISHED)
def test_a_prefecture_that_is_not_published_is_not_registered_with(kesennuma, miyagi, status):
    with_status(miyagi, status)
    assert [row.municipality for row in register(ResidentFactory(), kesennuma)] == [kesennuma]
    with_status(miyagi, "published")
    both = [row.municipality for row in register(ResidentFactory(), kesennuma)]
    assert both == [kesennuma, miyagi]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_registrations_stay_and_can_be_left(kesennuma, hida, status):
    resident = ResidentFactory()
    registration = register_resident(resident, kesennuma)
    register_resident(resident, hida)
    with_status(kesennuma, status)
    client = signed_in_client(resident.user)
    assert "気仙沼市" in client.get("/my/").content.decode()
    assert client.get("/register/042056/leave/").status_code == 200
    leave(registration)
    assert Registration.objects.filter(resident=resident, status="active").count() == 2


@pytest.mark.parametrize("status", NOT_PUBLISHED)
def test_nobody_is_handed_over_to_one_that_is_not_published(kesennuma, hida, status):
    with_status(kesennuma, status)
    client = signed_in_client(ResidentFactory().user)
    browser = hash_of(new_browser_secret())
    asked = [client.get("/handoff/", {"to": to, "browser": browser, "next": "/"}).status_code
             for to in ("042056", "212172")]  # fmt: skip
    assert asked == [404, 302]


def test_finding_a_public_host_costs_no_query_more(kesennuma, django_assert_num_queries):
    with_status(kesennuma, "preparing")
    client = Client(HTTP_HOST="kesennuma.localhost")
    client.get("/")
    Municipality.objects.count()  # the request's actor has gone, and the database is told so
    with django_assert_num_queries(1) as captured:
        from tenants.middleware import HostMiddleware

        HostMiddleware._resolve("kesennuma.localhost")
    assert "networkrange" not in str(captured.captured_queries)
