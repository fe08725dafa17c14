"""The operator's list of what happened around signing in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import SecurityEvent
from accounts.queries import events_on
from common import clock
from common.clock import TOKYO
from tests.factories.accounts import UserFactory, signed_in_client
from tests.factories.staff import staff_client
from tests.factories.tenants import operator_client
from tests.isolation.logins import DESK, logged_in_as

PAGE = "/events/"


@pytest.fixture
def desk(db) -> Client:
    return operator_client()


def event(kind: str = "signed_in", at: datetime | None = None, **fields) -> SecurityEvent:
    return SecurityEvent.objects.create(kind=kind, at=at or clock.now(), **fields)


def shown(client: Client, query: str = "") -> list[SecurityEvent]:
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return [row for row, _details in response.context["rows"]]


def test_todays_events_are_listed_newest_first_without_names(desk, kesennuma):
    user = UserFactory(email="dare-ka@example.jp")
    first = event(account=user, detail={"way": "passkey"}, at=clock.now() - timedelta(seconds=2))
    second = event(
        "handoff_refused",
        municipality=kesennuma,
        detail={"reason": "expired", "network": "0123456789ab"},
    )
    event(at=clock.now() - timedelta(days=1))
    response = desk.get(PAGE)
    page = response.content.decode()
    assert [row for row, _details in response.context["rows"]] == [second, first]
    assert "（パスキー）" in page or "(パスキー)" in page
    assert "気仙沼市" in page
    assert "理由: expired" in page
    assert "0123456789ab" in page
    assert "dare-ka" not in page
    assert "no-store" in response["Cache-Control"]


def test_a_day_is_one_of_japan(desk):
    day = date(2026, 10, 3)
    midnight = datetime(2026, 10, 3, tzinfo=TOKYO)
    inside = [event(at=midnight), event(at=midnight + timedelta(hours=23, minutes=59, seconds=59))]
    event(at=midnight - timedelta(seconds=1))
    event(at=midnight + timedelta(days=1))
    assert shown(desk, "?day=2026-10-03") == inside[::-1]
    assert list(events_on(day, kind="passkey_added")) == []


def test_kind_and_account_narrow_it_down(desk):
    mine, theirs = UserFactory(), UserFactory()
    old = event("passkey_added", clock.now() - timedelta(days=30), account=mine)
    new = event(account=mine)
    event(account=theirs)
    assert shown(desk, f"?account={mine.pk}") == [new, old]
    assert shown(desk, f"?account={mine.pk}&kind=passkey_added") == [old]
    assert shown(desk, f"?account={mine.pk}&day={clock.today()}") == [new]
    assert f"?account={mine.pk}" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "query", ["?day=yesterday", "?kind=nothing", "?account=x", f"?account={10**30}", "?account=-1"]
)
def test_what_cannot_be_read_is_said_and_shows_nothing(desk, query):
    event()
    response = desk.get(f"{PAGE}{query}")
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not response.context["rows"]


@pytest.mark.parametrize("query", ["?day=0001-01-01", "?day=9999-12-31", f"?account={2**63 - 1}"])
def test_the_ends_of_what_can_be_said_find_nothing(desk, query):
    assert shown(desk, query) == []


def test_it_is_paged_and_its_statements_do_not_grow(
    desk, kesennuma, hida, django_assert_num_queries
):
    for place in (kesennuma, hida) * 30:
        event(account=UserFactory(), municipality=place)
    with django_assert_num_queries(10):
        assert len(shown(desk)) == 50
    assert len(shown(desk, "?page=2")) == 10
    SecurityEvent.objects.filter(municipality=hida).delete()
    with django_assert_num_queries(10):
        assert len(shown(desk)) == 30


def test_it_is_nobody_elses_and_only_read(desk, kesennuma):
    assert desk.post(PAGE).status_code == 405
    assert Client(HTTP_HOST="operator.localhost").get(PAGE)["Location"].startswith("/sign-in/")
    assert signed_in_client(UserFactory()).get(PAGE).status_code == 404
    assert staff_client(kesennuma, "administrator").get(PAGE).status_code == 404


def test_under_the_operators_own_login_everybodys_are_read(own_database):
    connection.set_schema_to_public()
    user = UserFactory()
    event("passkey_added", account=user)
    client = operator_client()
    with logged_in_as(DESK):
        assert [row.account_id for row in shown(client, "?kind=passkey_added")] == [user.pk]
    connection.set_schema_to_public()
