"""The demonstration shows each sort of activity there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.models import ActivityPage
from portal.demonstration.municipalities import cases, fill
from tenants.context import municipality_context

pytestmark = pytest.mark.django_db


def filled(municipality):
    (case,) = [one for one in cases() if one["code"] == municipality.code]
    with municipality_context(municipality):
        fill(municipality, case)
        return {page.title: page for page in ActivityPage.objects.all()}


def dates(municipality, page):
    with municipality_context(municipality):
        return list(page.stored_sessions())


def test_urgent_recurring_and_remote_ones_are_there(kesennuma, hida):
    here, there = filled(kesennuma), filled(hida)
    assert [title for title, page in here.items() if page.is_urgent] == ["大雨のあとの泥出し"]
    market, online = there["朝市の荷下ろし（毎週）"], there["英語の案内文の手直し（オンライン）"]
    starts = [one.starts_at for one in dates(hida, market)]
    assert len(starts) > 10
    assert {later - one for one, later in zip(starts, starts[1:], strict=False)} == {
        timedelta(weeks=1)
    }
    assert online.is_remote
    assert online.online_url


def test_every_case_says_only_what_a_page_has():
    known = {field.name for field in ActivityPage._meta.get_fields()}
    activities = [one for case in cases() for one in case["activity"]]
    assert all(set(one.get("page", {})) <= known for one in activities)
    assert any(one.get("more_days") for one in activities)
    assert any(one.get("paid") and "pay" in one.get("page", {}) for one in activities)
