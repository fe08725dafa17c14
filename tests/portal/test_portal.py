"""The portal: its index follows the municipalities' pages; my page is one's own."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from common import clock
from notifications.operations import deliver_next
from portal.models import ActivityListing
from portal.queries import prefectures_taking_part
from portal.views import pages
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory, sign_in
from tests.factories.activities import make_activity, session_values
from tests.factories.registration import register_resident

PORTAL = {"host": "localhost"}


def _deliver() -> None:
    while deliver_next():
        pass


def test_what_is_published_is_listed_and_what_is_withdrawn_is_not(
    kesennuma: Municipality, hida: Municipality, client: Client
) -> None:
    page = make_activity(kesennuma, title="海辺の草刈り")
    make_activity(hida, title="棚田の手入れ")
    _deliver()
    assert set(ActivityListing.objects.values_list("title", "prefecture_code")) == {
        ("海辺の草刈り", "040002"),
        ("棚田の手入れ", "210005"),
    }
    shown = client.get("/activities/?prefecture=040002", headers=PORTAL).content.decode()
    assert "海辺の草刈り" in shown
    assert "棚田の手入れ" not in shown
    with municipality_context(kesennuma):
        page.unpublish()
    _deliver()
    assert list(ActivityListing.objects.values_list("title", flat=True)) == ["棚田の手入れ"]


def test_a_word_finds_its_other_spellings(kesennuma: Municipality, client: Client) -> None:
    make_activity(kesennuma, title="海辺の草刈り")
    make_activity(kesennuma, title="みなとまつりの運営")
    _deliver()
    shown = client.get("/activities/", {"word": "草刈"}, headers=PORTAL).content.decode()
    assert "海辺の草刈り" in shown
    assert "みなとまつりの運営" not in shown


def test_a_date_leaves_out_what_is_later(kesennuma: Municipality, client: Client) -> None:
    day = clock.today() + timedelta(days=30)
    make_activity(kesennuma, title="来月の清掃", sessions=[session_values(day)])
    _deliver()
    before = (day - timedelta(days=1)).isoformat()
    shown = client.get("/activities/", {"last_day": before}, headers=PORTAL).content.decode()
    assert "来月の清掃" not in shown


def test_my_page_shows_ones_own_registrations_with_what_is_missing(
    kesennuma: Municipality, hida: Municipality, client: Client
) -> None:
    resident, other = ResidentFactory(), ResidentFactory()
    register_resident(resident, kesennuma)
    register_resident(other, hida)
    sign_in(client, resident.user)
    shown = client.get("/my/", headers=PORTAL).content.decode()
    assert "宮城県気仙沼市" in shown
    assert "飛騨市" not in shown
    assert "あと3回" in shown
    assert "本人確認" in shown


def test_the_front_page_names_prefectures_alone_once_the_nation_takes_part(
    kesennuma, hida, miyagi, gifu, client, monkeypatch, django_assert_num_queries
):
    few = client.get("/", headers={"host": "localhost"}).content.decode()
    assert "http://kesennuma.localhost:8000/" in few
    monkeypatch.setattr(pages, "NAMED_ON_HOME", 3)
    page = client.get("/", headers={"host": "localhost"}).content.decode()
    assert "http://kesennuma.localhost:8000/" not in page
    assert "/municipalities/?word=%E5%AE%AE%E5%9F%8E%E7%9C%8C" in page
    list(prefectures_taking_part())  # the request's actor has gone, and the database is told so
    with django_assert_num_queries(1):
        assert [one.code for one in prefectures_taking_part()] == ["040002", "210005"]
