"""The list among ten thousand, under the run-time login and its wall."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Resident, User
from common import clock
from registration.models import Registration
from registration.queries.registrants import registrants
from tenants.actors import staff
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.privacy import make_registrants
from tests.factories.staff import make_member
from tests.isolation.logins import at_run_time

MANY = 10_000


def crowd(municipality: Municipality, number: int) -> None:
    """So many registrants, written at once."""
    users = User.objects.bulk_create(
        User(email=f"crowd{one}@example.jp", password="!") for one in range(number)
    )
    names = {"family_name": "群衆", "given_name": "某", "birth_date": date(1990, 1, 1)}
    residents = Resident.objects.bulk_create(
        Resident(user=user, family_kana="グンシュウ", given_kana="ボウ", **names) for user in users
    )
    now = clock.now()
    Registration.objects.bulk_create(
        Registration(
            resident=resident,
            municipality=municipality,
            origin="direct",
            number=f"{municipality.code}-9{number:06}",
            kana="グンシュウ ボウ",
            address="1番",
            registered_at=now - timedelta(minutes=number),
            residence_name="東京都千代田区",
            **names,
        )
        for number, resident in enumerate(residents)
    )


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes_of(child)


@pytest.fixture
def many(own_database):
    """気仙沼市 with ten thousand registrants, 飛騨市 with three, and an officer of the former."""
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    crowd(here, MANY)
    make_registrants(there, 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_registration")
    return here, make_member(here, "registration_officer")


def test_a_page_is_read_from_an_index_and_nothing_is_decrypted(many):
    here, officer = many
    with at_run_time(staff(officer.pk, here.code), here):
        first = registrants(here)[:50]
        (plan,) = json.loads(first.explain(format="json", analyze=True))
        nodes = list(nodes_of(plan["Plan"]))
        assert "registration_by_municipality" in {node.get("Index Name") for node in nodes}
        assert not any(
            node["Node Type"] == "Seq Scan" and node["Relation Name"] == "registration_registration"
            for node in nodes
        )
        assert max(node["Actual Rows"] for node in nodes) < 200, "not all are read and sorted"
        assert registrants(here).count() == MANY
        with CaptureQueriesContext(connection) as asked:
            assert len(first) == 50
        (statement,) = [one["sql"] for one in asked if "registration_registration" in one["sql"]]
        for column in ("address", "birth_date", "phone", "postal_code", "email"):
            assert f'"{column}"' not in statement


def test_a_search_over_all_of_them_is_one_statement(many):
    here, officer = many
    with at_run_time(staff(officer.pk, here.code), here):
        with CaptureQueriesContext(connection) as asked:
            assert len(registrants(here, word="9000042")) == 0
            assert len(registrants(here, word=f"{here.code}-9000042")) == 1
            assert registrants(here, word="ぐんしゅう").count() == MANY
        assert len([one for one in asked if "registration_registration" in one["sql"]]) == 3


def test_the_stages_of_all_of_them_are_found_once_for_a_page(many):
    here, officer = many
    with at_run_time(staff(officer.pk, here.code), here):
        (plan,) = json.loads(registrants(here, stage=1)[:50].explain(format="json"))
        nodes = [
            node
            for node in nodes_of(plan["Plan"])
            if node.get("Alias") == "registration_registration"
        ]
        assert ["hashed SubPlan" in node.get("Filter", "") for node in nodes] == [True]
        assert len(registrants(here, stage=1)[:50]) == 50
        assert not registrants(here, stage=2).exists()
