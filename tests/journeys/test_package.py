"""An applicant books a package of three parts on a phone; the calendar and the coordinator's sums
follow (A16.3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.factories.packages import BED, CAR, CARE
from tests.journeys.conftest import Platform
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
SHOP = "直売所の店番（滞在つき）"


@pytest.fixture
def town(browser: Browser, platform: Platform, walkers: list[Walker]) -> Town:
    return Town(browser, platform, walkers)


def test_a_bed_childcare_and_a_car_are_booked_with_the_place(town: Town) -> None:
    officer, visitor = town.officer(), town.stranger()
    first, second = town.person("藍"), town.person("紅")
    [session] = town.activity(SHOP, {"capacity": 5}, is_paid=True, components=[BED, CARE, CAR])
    # Opened while everything is free, sent when one part is not.
    second.walker.go(town.url(f"/sessions/{session}/sign-up/"))
    from_the_calendar(first, town)
    first.walker.press("申し込む", "link")
    choose(first, 寝台=2, 一時保育=1, カーシェア=1)
    first.walker.press("申し込む")
    first.walker.says(
        "申込みを受け付けました", "ゲストハウスの寝台 × 2", "一時保育 × 1", "カーシェア × 1"
    )
    assert "一時保育 × 1" in town.mail(first, "ゲストハウスの寝台 × 2")
    first.walker.go(town.portal("/my/sign-ups/"))
    first.walker.says("カーシェア × 1")
    choose(second, 寝台=1, 一時保育=1)
    second.walker.press("申し込む")
    second.walker.says("「一時保育」は、この日程では満員です")
    expect(second.walker.page.get_by_label("ゲストハウスの寝台")).to_have_value("1")
    choose(second, 一時保育=0)
    second.walker.press("申し込む")
    second.walker.says("申込みを受け付けました", "ゲストハウスの寝台 × 1")
    visitor.go(town.url("/activities/?view=calendar&work=paid"))
    to_the_month_of(visitor)
    visitor.says("ゲストハウスの寝台：満員", "一時保育：満員", "カーシェア：残り1")
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    sums = officer.page.locator("table", has_text="一緒に予約されたものの合計")
    for name, number in (("ゲストハウスの寝台", "3"), ("一時保育", "1"), ("カーシェア", "1")):
        row = sums.locator("tr", has_text=name)
        expect(row.locator("td").first).to_have_text(number)
    town.nothing_went_wrong()


def from_the_calendar(who: Person, town: Town) -> None:
    """From the list over the month's days to the date."""
    walker = who.walker
    walker.go(town.url("/activities/?work=paid"))
    walker.press("日程と空きをカレンダーで見る", "link")
    to_the_month_of(walker)
    walker.says("空きあり", "ゲストハウスの寝台：残り3")
    walker.press(SHOP, "link")
    walker.says("一緒に予約できるもの", "1泊3,000円")


def to_the_month_of(walker: Walker) -> None:
    """The date is in a week, which may be another month."""
    if not walker.page.get_by_role("link", name=SHOP).count():
        walker.press("次の月", "link")


def choose(who: Person, **numbers: int) -> None:
    for name, number in numbers.items():
        who.walker.page.get_by_label(name).select_option(str(number))
