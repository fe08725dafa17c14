"""A coordinator recruits from a template with dates by a rule; a place is given back, offered to
who waits, and taken; a date is called off, and who signed up is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from accounts.models import Resident
from activities.models import Session
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform, first_link
from tests.journeys.test_counter import carry
from tests.journeys.test_story import publish
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
TITLE = "内湾の岸壁の清掃"
REASON = "台風が近づいているため"


@dataclass
class Dates:
    """The two sessions that the rule made."""

    first: UUID
    second: UUID


def test_from_a_template_to_a_place_that_another_gave_back(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    coordinator, aoi, ren = (
        set_out(browser, DESKTOP), set_out(browser, PHONE), set_out(browser, PHONE)
    )  # fmt: skip
    walkers += [coordinator, aoi, ren]
    with platform.own_process():
        connection.set_schema_to_public()
        place = Municipality.objects.get(pk=KESENNUMA)
        officer = make_member(place, Role.COORDINATOR, name="募集 三郎")
        carry(
            coordinator,
            signed_in_client(officer, place, admin=True),
            platform.url("kesennuma.admin"),
        )
        people = [a_resident(walker, name, platform, place)
                  for walker, name in ((aoi, "葵"), (ren, "蓮"))]  # fmt: skip
    recruited(coordinator, platform)
    dates = the_dates(platform, place)
    signed_up_and_waiting(aoi, ren, dates, platform, people)
    the_place_goes_on(aoi, ren, dates, platform, people[1])
    a_date_is_called_off(coordinator, aoi, dates, platform, people[0])
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def a_resident(walker: Walker, name: str, platform: Platform, place: Municipality) -> Resident:
    """Somebody who has signed in on the portal and on the municipality's host."""
    resident: Resident = ResidentFactory(
        given_name=name, phone="09055556666", user__email=f"recruited-{ord(name)}@example.jp"
    )
    carry(walker, signed_in_client(resident.user), platform.url(""))
    carry(walker, signed_in_client(resident.user, place), platform.url("kesennuma"))
    return resident


def recruited(coordinator: Walker, platform: Platform) -> None:
    """Template, dates by a rule with a preview, both answers of R18, published."""
    page = coordinator.page
    coordinator.go(platform.url("kesennuma.admin", "/admin/activity-templates/"))
    page.get_by_role("button", name="このひな型を使う 地区の清掃活動").first.click()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=sessions-0-place]").fill("内湾地区")  # of the date the template proposes
    page.get_by_role("button", name="下書きを保存", exact=True).click()
    page.get_by_text("更新が完了しました").first.wait_for()
    coordinator.press("くり返しの日程を追加", "link")
    first = clock.today() + timedelta(days=10)
    coordinator.fill(
        first=f"{first:%Y-%m-%d}",
        until=f"{first + timedelta(days=7):%Y-%m-%d}",
        start="09:00",
        end="11:00",
        place="気仙沼市内湾",
        capacity="1",
    )
    page.locator("[name=frequency]").select_option(label="毎週")
    coordinator.press("日程を確かめる")
    coordinator.says("追加される日程")
    coordinator.press("これらの日程を追加する")
    coordinator.says("2件の日程を下書きに追加しました")
    page.locator("[name=lack_of_hands][value=yes]").check()
    page.locator("[name=lack_of_hands_reason]").fill("清掃の人手が足りません。")
    page.locator("[name=public_benefit][value=yes]").check()
    page.locator("[name=public_benefit_reason]").fill("だれもが歩く岸壁です。")
    coordinator.fill(contact_name="気仙沼市 地域づくり係", contact_phone="0226-22-6600")
    publish(coordinator)
    page.get_by_text("公開されました").first.wait_for()


def the_dates(platform: Platform, place: Municipality) -> Dates:
    with platform.own_process(), municipality_context(place):
        found = Session.objects.filter(page__title=TITLE, capacity=1).order_by("starts_at")
        return Dates(*found.values_list("uuid", flat=True))


def sign_up(walker: Walker, session: UUID, platform: Platform, link: str) -> None:
    """From the list over the activity to the form of one date."""
    walker.find_activity(platform.url("kesennuma", "/activities/"), TITLE)
    walker.says("担い手活動の実績になります")
    walker.page.locator(f"#session-{session}").get_by_role("link", name=link).click()
    walker.look()


def signed_up_and_waiting(
    aoi: Walker, ren: Walker, dates: Dates, platform: Platform, people: list[Resident]
) -> None:
    """One place: the first has it, the second is first in line."""
    for session in (dates.first, dates.second):
        sign_up(aoi, session, platform, "申し込む")
        aoi.press("申し込む")
        aoi.says("申込みを受け付けました")
    platform.mailbox.wait_for(people[0].user.email, TITLE)
    sign_up(ren, dates.first, platform, "キャンセル待ちについて")
    ren.says("定員に達している")
    ren.press("キャンセル待ちに登録する")
    ren.says("キャンセル待ち中です", "キャンセル待ちの順番")


def the_place_goes_on(
    aoi: Walker, ren: Walker, dates: Dates, platform: Platform, waits: Resident
) -> None:
    """Given back by the one, offered by mail to the other, who takes it on the portal."""
    aoi.go(platform.url("kesennuma", f"/sessions/{dates.first}/sign-up/"))
    aoi.unfold("申込みを取り消す")
    aoi.press("この申込みを取り消す", exact=False)
    aoi.says("申込みを取り消しました")
    mail = platform.mailbox.wait_for(waits.user.email, "までにご回答ください")
    ren.go(first_link(mail, r"http\S+/my/sign-ups/\S*"))
    ren.says("空きが出ました", "ご回答ください")
    ren.press("参加する")
    expect(ren.page.locator("article", has_text=TITLE)).to_contain_text("申込み済みです")


def a_date_is_called_off(
    coordinator: Walker, aoi: Walker, dates: Dates, platform: Platform, who: Resident
) -> None:
    """With a reason that the page shows and the mail says."""
    coordinator.go(platform.url("kesennuma.admin", f"/admin/sessions/{dates.second}/sign-ups/"))
    coordinator.says(who.name)
    expect(coordinator.page.locator("body")).not_to_contain_text("5555")  # no numbers unasked
    coordinator.go(platform.url("kesennuma.admin", f"/admin/activity-sessions/{dates.second}/"))
    coordinator.press("この日程を中止する")  # not without a reason
    coordinator.fill(reason=REASON)
    coordinator.press("この日程を中止する")
    coordinator.says("日程を中止しました")
    assert TITLE in platform.mailbox.wait_for(who.user.email, REASON)
    aoi.go(platform.url("", "/my/sign-ups/"))
    aoi.says("中止")
    aoi.find_activity(platform.url("kesennuma", "/activities/"), TITLE)
    card = aoi.page.locator(f"#session-{dates.second}")
    expect(card).to_contain_text("この日程は中止になりました")
    expect(card).to_contain_text(REASON)
