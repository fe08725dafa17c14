"""Decisions of many municipalities on one person at the same moment.

Each thread has a connection and a transaction of its own, so rows are really committed.
"""

from __future__ import annotations

import pytest
from django.db import connection

from common.refusal import Refused
from registration.models import PremiumApplication, PremiumSlot, PremiumStanding, Registration
from registration.operations import leave
from registration.operations.coregister import coregister_late
from registration.operations.premium import apply, approve, withdraw
from tenants.models import LocalGovernment, Municipality
from tests.factories.premium import (
    conditions,
    make_eligible,
    make_premium,
    make_verified,
    paper_municipality,
)
from tests.factories.staff import make_member
from tests.registration.test_register_at_once import at_once, registering

KESENNUMA, MIYAGI, HIDA = "042056", "040002", "212172"


@pytest.fixture
def committed(own_database):
    connection.set_schema_to_public()
    return make_verified(residence_id="271004")


def test_of_twenty_approvals_at_once_exactly_three_are_granted(committed):
    # One city in each of twenty prefectures that don't take part.
    codes = (
        LocalGovernment.objects.filter(kind="city")
        .exclude(prefecture__in=[MIYAGI, "210005", "270008"])
        .order_by("prefecture_id", "pk")
        .distinct("prefecture_id")
        .values_list("code", flat=True)[:20]
    )
    places = [paper_municipality(code) for code in codes]
    officer = make_member(Municipality.objects.get(pk=KESENNUMA), "registration_officer")
    waiting = []
    for place in places:
        conditions(place, asks_documents=True)
        waiting.append(apply(make_eligible(committed, place)))
    results = at_once(*[lambda one=one: approve(one, officer) for one in waiting])
    granted = [row for row in results if isinstance(row, PremiumApplication)]
    refused = [row for row in results if isinstance(row, Refused)]
    assert (len(granted), len(refused)) == (3, 17), results
    assert {row.code for row in refused} == {"limit_reached"}
    assert PremiumStanding.objects.running().filter(resident=committed).count() == 3
    assert sorted(PremiumSlot.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert PremiumApplication.objects.filter(status="submitted").count() == 17


def test_the_same_application_sent_at_once_is_granted_once(committed):
    registration = make_eligible(committed, Municipality.objects.get(pk=KESENNUMA))
    results = at_once(*[lambda: apply(registration).status] * 4)
    assert sorted(map(str, results)).count("granted") == 1, results
    assert PremiumStanding.objects.running().count() == 2, "the city's, and its prefecture's"
    assert PremiumSlot.objects.count() == 1


def test_approved_and_withdrawn_at_once_is_one_of_both(committed):
    place = Municipality.objects.get(pk=HIDA)
    officer = make_member(place, "registration_officer")
    conditions(place, asks_documents=True)
    application = apply(make_eligible(committed, place))
    at_once(lambda: approve(application, officer), lambda: withdraw(application))
    application.refresh_from_db()
    running = PremiumStanding.objects.running().filter(municipality=HIDA).exists()
    assert (application.status, running) in {("granted", True), ("withdrawn", False)}


def test_leaving_registering_and_joining_late_leave_nothing_half_done(committed):
    place = Municipality.objects.get(pk=KESENNUMA)
    Municipality.objects.filter(pk=MIYAGI).update(status="preparing")
    standing = make_premium(committed, place)
    Municipality.objects.filter(pk=MIYAGI).update(status="published")
    results = at_once(
        lambda: leave(standing.registration),
        registering(committed, KESENNUMA),
        coregister_late,
        coregister_late,
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    coregister_late()
    held = Registration.objects.filter(resident=committed, status="active")
    codes = sorted(str(code) for code in held.values_list("municipality_id", flat=True))
    assert codes in ([MIYAGI, KESENNUMA], [])
    running = PremiumStanding.objects.running().exclude(registration__status="active")
    assert not running.exists()
    numbers = list(Registration.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
