"""Somebody new stands in front of a poster: reads it, makes an account, and comes back to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from attendance.models import ParticipationRecord
from common import clock
from tests.journeys.conftest import Platform
from tests.journeys.test_story import an_account, code_in, particulars
from tests.journeys.test_workspace import READ
from tests.journeys.town import Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
TITLE, EMAIL = "松林の下草刈り", "hajimete@example.jp"


def test_who_is_new_signs_up_from_the_poster_and_is_recorded_with_one_tap(
    browser: Browser, platform: Platform, walkers: list[Walker], tmp_path: Path
) -> None:
    town = Town(browser, platform, walkers)
    [session] = town.activity(TITLE)
    began = clock.now() - timedelta(minutes=30)
    town.change(session, starts_at=began, ends_at=began + timedelta(hours=3))
    officer, newcomer = town.officer(), town.stranger()
    officer.page.goto(town.admin(f"/admin/sessions/{session}/check-in/"))
    poster = officer.page.evaluate(READ, f"/admin/sessions/{session}/poster/")
    address = code_in(bytes(poster), tmp_path)

    newcomer.go(address)
    expect(newcomer.page.get_by_role("heading", name="ログイン", exact=True)).to_be_visible()
    newcomer.press("アカウントを作る", "link")
    an_account(newcomer, EMAIL, platform)
    particulars(newcomer, "はじめ")
    # Nobody has to find the poster again.
    assert newcomer.page.url.lower().startswith(address.lower())
    newcomer.says(TITLE, "𠮷田 はじめ")
    with platform.own_process():
        assert not ParticipationRecord.objects.filter(session_uuid=session).exists()
    newcomer.press("参加を記録する")
    newcomer.says("参加を記録しました")
    with platform.own_process():
        record = ParticipationRecord.objects.get(session_uuid=session)
        assert (record.resident.user.email, record.method) == (EMAIL, "venue_code")
        assert (record.municipality_id, record.designated) == (town.place.code, True)
    newcomer.go(town.portal("/my/history/"))
    newcomer.says(TITLE)
    town.nothing_went_wrong()
