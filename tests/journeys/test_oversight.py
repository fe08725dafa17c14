"""Staff look at a registrant and export; the resident sees it on a phone and asks for more."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, expect

from common import clock
from privacy.models import AccessRecord, Case, Export
from tenants.models import Municipality
from tests.conftest import HIDA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.tenants import operator_client
from tests.journeys.conftest import Platform
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out
from tests.privacy.test_exports import ask_for

pytestmark = pytest.mark.journey
# Where to keep pictures of every screen for somebody to look at; nowhere unless it is said.
PICTURES = os.environ.get("PICTURES", "")


class World:
    """飛騨市 with a resident, an officer and a colleague, each with a session."""

    def __init__(self, platform: Platform, mark: str) -> None:
        connection.set_schema_to_public()
        self.place = Municipality.objects.get(pk=HIDA)
        self.resident = ResidentFactory(
            user__email=f"misaki-{mark}@example.jp",
            person=("高橋", f"美咲{mark}", "タカハシ", "ミサキ", "9880017", "042056", "南町1丁目"),
            phone="09012345678",
        )
        self.registration = register_resident(self.resident, self.place)
        self.officer = make_member(self.place, "registration_officer", name="登録 花子")
        self.colleague = make_member(self.place, "administrator", name="課長 太郎")
        self.platform = platform

    def let_in(self, walker: Walker, client: Any) -> None:
        """Give the browser the session that the test's client has."""
        host = client.defaults["HTTP_HOST"].partition(":")[0]
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        walker.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": cookie,
                    "url": f"http://{host}:{self.platform.port}/",
                }
            ]
        )


class Tour:
    """One person's way, a picture of each screen on it."""

    def __init__(self, walker: Walker, name: str, looks: bool = True) -> None:
        self.walker, self.page, self.name, self.number = walker, walker.page, name, 0
        self.looks = looks

    def see(self, *texts: str) -> None:
        self.page.wait_for_load_state()
        self.walker.says(*texts)
        if self.looks:
            self.page.wait_for_timeout(500)  # Wagtail's messages fade in
            self.walker.look()
        self.number += 1
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(
                path=f"{PICTURES}/{self.name}-{self.number:02}.png", full_page=True
            )

    def open(self, url: str, *texts: str) -> None:
        self.page.goto(url)
        self.see(*texts)

    def press(self, name: str, *texts: str, role: Any = "button") -> None:
        self.page.get_by_role("main").get_by_role(role, name=name, exact=True).first.click()
        self.see(*texts)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_staff_look_export_and_answer(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool
) -> None:
    with platform.own_process():
        world = World(platform, "一" if scripts else "二")
        clients = {
            "desk": signed_in_client(world.officer, world.place, admin=True),
            "second": signed_in_client(world.colleague, world.place, admin=True),
            "mine": signed_in_client(world.resident.user),
        }
    tours = {}
    for name, client in clients.items():
        size = PHONE if name == "mine" else DESKTOP
        walkers.append(set_out(browser, size, java_script_enabled=scripts))
        world.let_in(walkers[-1], client)
        tours[name] = Tour(walkers[-1], f"{name}-{'js' if scripts else 'plain'}", scripts)
    desk, second, mine = tours["desk"], tours["second"], tours["mine"]
    name = world.registration.name

    _look(world, desk, name)
    mine.open(platform.url("", "/my/access/"), "岐阜県飛騨市", "登録担当", "留守番電話への返事")
    _export(world, desk, second)
    mine.open(platform.url("", "/my/access/"), "あなたの情報を含むファイルが取り出されました")
    _ask(world, mine, desk)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def _look(world: World, desk: Tour, name: str) -> None:
    """With the keyboard alone."""
    page = desk.page
    desk.open(world.platform.url("hida.admin", "/admin/registrants/"), name, "宮城県気仙沼市")
    assert "09012345678" not in page.content()
    page.get_by_role("link", name=f"{name}さんの情報を開く").focus()
    page.keyboard.press("Enter")
    desk.see("目的を入力すると")
    desk.press("記録して開く", "目的を選んでください。")
    page.get_by_label("目的", exact=False).first.focus()
    for key in ("ArrowDown", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("留守番電話への返事")
    page.keyboard.press("Enter")
    desk.see("09012345678", "南町1丁目")
    page.reload()
    desk.see("09012345678")
    with world.platform.own_process():
        record = AccessRecord.objects.get(resident=world.resident)
        assert (record.purpose, record.note) == ("contact", "留守番電話への返事")


def _export(world: World, desk: Tour, second: Tour) -> None:
    page = desk.page
    with world.platform.own_process():
        ask_for(world.place, world.officer, 1_000)  # the day's share is used up
    desk.open(world.platform.url("hida.admin", "/admin/registrants/"))
    desk.press("この人たちの情報を書き出す", "一人で書き出せます", role="link")
    page.get_by_label("住所").check()
    page.locator("[name=purpose]").select_option(label="お知らせの送付")
    desk.press("書き出す", "目的を具体的に書いてください。")
    page.locator("[name=note]").fill("秋の便り")
    desk.press("書き出す", "別の職員の承認待ち")
    second.open(page.url, "承認しますか", "秋の便り")
    second.press("承認する", "承認しました。")
    with world.platform.own_process():
        number = int(page.url.rstrip("/").rpartition("/")[2])
        for _second in range(60):
            page.wait_for_timeout(500)
            if Export.objects.get(pk=number).status == "ready":
                break
    page.reload()
    desk.see("ファイルを取り出せます")
    with page.expect_download() as started:
        page.get_by_role("button", name="ファイルを取り出す").click()
    assert world.registration.name in Path(started.value.path()).read_text("utf-8-sig")
    second.open(world.platform.url("hida.admin", "/admin/registrants/exports/"), "お知らせの送付")
    second.open(world.platform.url("hida.admin", "/admin/registrants/records/"), "登録 花子")


def _ask(world: World, mine: Tour, desk: Tour) -> None:
    mine.open(world.platform.url("", "/my/requests/"), "請求はまだありません。")
    mine.press("情報を訂正してほしい", "どこに請求しますか", role="link")
    mine.page.get_by_label("どの情報についての請求ですか", exact=False).fill("活動の記録")
    mine.press("請求を送る", "請求先を選んでください。")
    expect(mine.page.locator("[name=subject]")).to_have_value("活動の記録")
    mine.page.get_by_label("岐阜県飛騨市").check()
    mine.page.get_by_label("正しい内容", exact=False).fill("11月3日にも参加しました")
    mine.press("請求を送る", "請求を受け付けました。", "までに決定します。")
    address = mine.page.url
    with world.platform.own_process():
        case = Case.objects.get(resident=world.resident)
    world.platform.mailbox.wait_for(world.officer.email, case.number)
    desk.open(world.platform.url("hida.admin", "/admin/cases/"), case.number, "未決定の請求")
    desk.press(case.number, "11月3日にも参加しました", role="link")
    for step, fill, button in (
        ("担当者を決める", {}, "担当者を決める"),
        ("本人確認を記録する", {"text": "電話で生年月日を確認"}, "本人確認を記録する"),
        ("決定を記録する", {"text": "出席簿で確認しました。"}, "決定を記録する"),
        ("対応の完了を記録する", {"text": "記録を直しました。"}, "対応の完了を記録する"),
    ):
        desk.press(step, role="link")
        for field, value in fill.items():
            desk.page.locator(f"[name={field}]").fill(value)
        if step == "決定を記録する":
            desk.page.get_by_label("応じます", exact=True).check()
        desk.press(button, "記録しました。")
    mine.open(
        address, "完了：応じます", "本人確認済み", "記録を直しました。", "出席簿で確認しました。"
    )
    world.platform.mailbox.wait_for(world.resident.user.email, "完了しました")
    with world.platform.own_process():
        Case.objects.create(
            municipality=world.place,
            kind="disclosure",
            channel="letter",
            applicant_name="遅れ 待子",
            subject="すべて",
            received_on=clock.today() - timedelta(days=40),
            created_at=clock.now(),
            deadline=clock.today() - timedelta(days=10),
        )
    desk.open(world.platform.url("hida.admin", "/admin/cases/"), "期限切れ", "遅れ 待子")
    desk.open(world.platform.url("hida.admin", "/admin/cases/new/"), "受付方法")
    desk.open(world.platform.url("hida.admin", "/admin/cases/term/"), "決定までの日数")


def test_the_operator_s_own_requests(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        client = operator_client()
        Case.objects.create(
            kind="disclosure",
            channel="letter",
            applicant_name="遅れ 待子",
            subject="すべて",
            received_on=clock.today() - timedelta(days=40),
            created_at=clock.now(),
            deadline=clock.today() - timedelta(days=10),
        )
        world = World(platform, "三")
    walkers.append(set_out(browser, DESKTOP))
    world.let_in(walkers[0], client)
    tour = Tour(walkers[0], "operator")
    tour.open(platform.url("operator", "/cases/"), "期限切れ", "遅れ 待子")
    tour.page.get_by_role("row").nth(1).get_by_role("link").click()
    tour.see("遅れ 待子")
    tour.press("本人確認を記録する", role="link")
    tour.page.locator("[name=text]").fill("郵送された写しを確認")
    tour.press("本人確認を記録する", "記録しました。")
    assert not walkers[0].problems, "\n".join(walkers[0].problems)
