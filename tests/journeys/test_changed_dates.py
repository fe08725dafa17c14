"""Staff move one date and call off another: whoever signed up reads it in a mail, in their own
calendar and on the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar, Event
from playwright.sync_api import Browser, expect

from common import clock
from tenants.staff.roles import Role
from tests.journeys.conftest import Platform
from tests.journeys.town import Person, Town, fetched
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
TITLE, ELSEWHERE = "唐桑の遊歩道の草刈り", "唐桑 御崎の駐車場"
REASON = "大雨警報が出ているため"


def test_a_moved_and_a_cancelled_date_reach_who_signed_up(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    town = Town(browser, platform, walkers)
    officer, who = town.officer(Role.COORDINATOR), town.person("凪")
    day = clock.today() + timedelta(days=9)
    moved, called_off = town.activity(TITLE, {"day": day}, {"day": day + timedelta(days=1)})
    for session in (moved, called_off):
        who.walker.go(town.url(f"/sessions/{session}/sign-up/"))
        who.walker.press("申し込む")
        who.walker.says("申込みを受け付けました")
    feed = an_address_for_the_calendar(who, town)
    before = events(feed)
    assert {one["status"] for one in before.values()} == {"CONFIRMED"}
    new = datetime.combine(day + timedelta(days=3), datetime.min.time(), clock.TOKYO)
    new += timedelta(hours=13)
    is_moved(officer, moved, new, town)
    mail = town.mail(who, "日時または場所が変わりました")
    assert ELSEWHERE in mail
    assert "13時" in mail
    is_called_off(officer, called_off, town)
    assert TITLE in town.mail(who, REASON)
    after = events(feed)
    assert after[moved].start == new
    assert after[moved]["location"] == ELSEWHERE
    assert after[moved]["status"] == "CONFIRMED"
    assert after[called_off]["status"] == "CANCELLED"
    for session in (moved, called_off):  # or a calendar would keep what it has
        assert after[session]["sequence"] > before[session]["sequence"]
    the_pages_say_so(who, moved, called_off, town)
    town.nothing_went_wrong()


def an_address_for_the_calendar(who: Person, town: Town) -> str:
    """A new address ends the one before it."""
    who.walker.go(town.portal("/my/sign-ups/"))
    who.walker.press("アドレスを作る")
    who.walker.says("変更も反映されます")
    return who.walker.page.locator("main code").inner_text()


def events(feed: str) -> dict[UUID, Event]:
    """What a calendar reads at the address."""
    found = Calendar.from_ical(fetched(feed)).walk("VEVENT")
    return {UUID(str(one["uid"]).partition("@")[0]): one for one in found}  # type: ignore[misc]


def is_moved(officer: Walker, session: UUID, new: datetime, town: Town) -> None:
    """An end before the beginning is refused, and what was entered stays."""
    officer.go(town.admin(f"/admin/activity-sessions/{session}/"))
    starts, ends = f"{new:%Y-%m-%dT%H:%M}", f"{new + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    officer.fill(starts_at=ends, ends_at=starts, place=ELSEWHERE)
    officer.press("この日程を変更する")
    officer.says("終了は、開始より後の日時にしてください")
    expect(officer.page.locator("[name=place]")).to_have_value(ELSEWHERE)
    officer.fill(starts_at=starts, ends_at=ends)
    officer.press("この日程を変更する")
    officer.says("日程を変更しました")


def is_called_off(officer: Walker, session: UUID, town: Town) -> None:
    officer.go(town.admin(f"/admin/activity-sessions/{session}/"))
    officer.fill(reason=REASON)
    officer.press("この日程を中止する")
    officer.says("日程を中止しました")


def the_pages_say_so(who: Person, moved: UUID, called_off: UUID, town: Town) -> None:
    walker = who.walker
    walker.go(town.portal("/my/sign-ups/"))
    expect(walker.page.locator("article", has_text=TITLE)).to_contain_text(ELSEWHERE)
    walker.says("中止になりました", REASON)
    walker.find_activity(town.url("/activities/"), TITLE)
    card = walker.page.locator(f"#session-{moved}")
    expect(card).to_contain_text("日程が変わりました。変更前：")
    expect(card).to_contain_text(ELSEWHERE)
    expect(card).to_contain_text("申込み済みです")
    card = walker.page.locator(f"#session-{called_off}")
    expect(card).to_contain_text("この日程は中止になりました")
    expect(card.get_by_role("link", name="申し込む")).to_have_count(0)
