"""A seventeen-year-old asks a guardian, who agrees by the link in the mail, on a phone; the child
writes in the room; the guardian sees what the child has joined, and withdraws. At the end a paper
at the counter. Real browser, mail server, worker and database."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from accounts.models import Resident, User
from identity.registry import obstacle_for
from tenants.models import Municipality
from tests.factories.accounts import signed_in_client
from tests.factories.guardians import make_guardian, make_minor
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform, first_link
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
CHILD, GUARDIAN = "misaki@example.jp", "megumi@example.jp"
# Where to leave pictures of the screens; nowhere unless asked.
PICTURES = os.environ.get("JOURNEY_PICTURES", "")


def test_a_guardian_agrees_sees_and_withdraws(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    def somebody(viewport: dict[str, int] = PHONE) -> Walker:
        walkers.append(set_out(browser, viewport))
        return walkers[-1]

    child, guardian, officer = somebody(), somebody(), somebody(DESKTOP)
    with platform.own_process():
        kesennuma = Municipality.objects.get(pk="042056")
        misaki = make_minor(user__email=CHILD, family_name="高橋", given_name="美咲")
        number = register_resident(misaki, kesennuma).number
        megumi = make_guardian(user__email=GUARDIAN, family_name="高橋", given_name="恵")
        taker = make_member(kesennuma, "registration_officer")
        brings_a_session(child, platform, misaki.user)
        carried = signed_in_client(taker, kesennuma, admin=True)
        bring(officer, platform.url("kesennuma.admin"), session_of(carried))
    the_child_asks(child, platform)
    the_guardian_agrees(guardian, megumi, platform)
    the_child_may_write(child, misaki, platform)
    the_guardian_sees_and_withdraws(guardian, platform)
    the_child_may_no_longer(child, misaki, platform)
    a_paper_is_taken_at_the_counter(officer, number, platform)
    the_child_may_write(child, misaki, platform)
    problems = [problem for walker in walkers for problem in walker.problems]
    assert not problems, "\n".join(problems)


def session_of(client: object) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)  # type: ignore[attr-defined]


def bring(walker: Walker, url: str, session: str) -> None:
    walker.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}]
    )


def brings_a_session(walker: Walker, platform: Platform, user: User) -> None:
    """As if signed in: how one signs in is another journey's."""
    bring(walker, platform.url(""), session_of(signed_in_client(user)))


def picture(walker: Walker, name: str) -> None:
    if PICTURES:
        walker.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def the_child_asks(child: Walker, platform: Platform) -> None:
    child.go(platform.url("", "/my/"))
    child.says("18歳未満の方が")
    picture(child, "01-my-page")
    child.press("保護者に同意をお願いする", role="link")
    picture(child, "02-ask")
    child.fill(email=CHILD)
    child.press("メールを送る")
    child.says("あなた自身のメールアドレスです")
    picture(child, "03-own-address")
    child.fill(email=GUARDIAN)
    child.press("メールを送る")
    child.says(f"{GUARDIAN}にメールを送りました")
    picture(child, "04-waiting")


def the_guardian_agrees(guardian: Walker, megumi: Resident, platform: Platform) -> None:
    link = first_link(platform.mailbox.wait_for(GUARDIAN, "/guardian/"))
    guardian.go(link)
    guardian.says("お子さまから同意のお願いが届いています")
    expect(guardian.page.locator("body")).not_to_contain_text("美咲")
    picture(guardian, "05-invited")
    with platform.own_process():
        brings_a_session(guardian, platform, megumi.user)
    guardian.go(link)
    guardian.says("高橋 美咲さんについての同意", "保護者の同意について（第1.0版）")
    guardian.press("保護者として同意する")
    guardian.says("入力内容をご確認ください")
    picture(guardian, "06-agree")
    guardian.page.get_by_label("父または母（親権者）").check()
    guardian.page.locator("[name=agree]").check()
    guardian.press("保護者として同意する")
    guardian.says("同意を記録しました", "高橋 美咲", "宮城県気仙沼市")
    picture(guardian, "07-children")
    guardian.go(link, status=404)
    platform.mailbox.wait_for(CHILD, "保護者の方が同意しました")


def the_child_may_write(child: Walker, misaki: Resident, platform: Platform) -> None:
    with platform.own_process():
        assert obstacle_for(misaki) == ""
    child.go(platform.url("", "/my/guardian/"))
    child.says("保護者の方が同意しました", "高橋 恵")
    picture(child, "08-agreed")
    child.go(platform.url("kesennuma", "/enter/?next=/rooms/hiroba/"))
    child.page.locator("[name=body]").last.fill("はじめまして。")
    child.press("投稿する")
    child.says("はじめまして。")


def the_guardian_sees_and_withdraws(guardian: Walker, platform: Platform) -> None:
    guardian.go(platform.url("", "/my/"))
    guardian.press("お子さま", role="link")
    guardian.says("高橋 美咲", "宮城県気仙沼市")
    expect(guardian.page.locator("body")).not_to_contain_text("はじめまして。")
    guardian.press("同意を取りやめる", role="link")
    guardian.says("すぐに効力が生じます")
    picture(guardian, "09-withdraw")
    guardian.press("同意を取りやめる")
    guardian.says("同意しているお子さまはいません")


def the_child_may_no_longer(child: Walker, misaki: Resident, platform: Platform) -> None:
    """In the session that could write a moment ago."""
    child.go(platform.url("kesennuma", "/rooms/hiroba/"))
    child.says("投稿するには保護者の方の同意が必要です", "はじめまして。")
    expect(child.page.locator("[name=body]")).to_have_count(0)
    picture(child, "10-room")
    with platform.own_process():
        assert obstacle_for(misaki) == "guardian_consent"


def a_paper_is_taken_at_the_counter(officer: Walker, number: str, platform: Platform) -> None:
    officer.go(platform.url("kesennuma.admin", "/admin/guardians/"))
    picture(officer, "11-counter")
    officer.fill(number=number)
    officer.press("探す")
    officer.says("高橋 美咲", "書面による同意の記録", "保護者が取りやめ")
    officer.press("同意を記録する")
    officer.says("必須")
    officer.fill(guardian_name="高橋 恵", kept_at="書庫2 青いファイル")
    officer.page.locator("[name=relation]").select_option(label="父または母（親権者）")
    officer.page.locator("[name=seen]").check()
    picture(officer, "12-paper")
    officer.press("同意を記録する")
    officer.says("同意があります", "書庫2 青いファイル")
    picture(officer, "13-holds")
