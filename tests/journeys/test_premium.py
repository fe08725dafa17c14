"""On a phone: what is missing for premium, two applications, a question, a renewal, a lapse."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser

from common import clock
from common.wareki import jdate
from registration.models import PremiumApplication, Registration
from registration.operations import premium
from registration.queries import standing_at
from registration.rules.terms import next_end, renewal_opens_on
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import signed_in_client
from tests.factories.premium import conditions, make_eligible, make_verified, took_part_thrice
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.walking import PHONE, Walker, set_out

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("PICTURES", "")
MIYAGI = "040002"


class Home:
    """A resident of Tokyo with three participations each at 気仙沼市 and 飛騨市."""

    def __init__(self, mark: str) -> None:
        connection.set_schema_to_public()
        self.here = Municipality.objects.get(pk=KESENNUMA)
        self.there = Municipality.objects.get(pk=HIDA)
        self.resident: Any = make_verified(user__email=f"premium-{mark}@example.jp")
        self.first = make_eligible(self.resident, self.here)
        self.second = make_eligible(self.resident, self.there)
        self.officer = make_member(self.there, Role.ADMINISTRATOR)
        conditions(
            self.there,
            asks_documents=True,
            documents_wanted="在職証明書（勤め先で発行したもの）",
            long_stay_days=10,
        )
        client = signed_in_client(self.resident.user)
        self.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def application(self) -> PremiumApplication:
        return PremiumApplication.objects.filter(registration=self.second).latest("pk")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_resident_becomes_premium_and_basic_again(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool, tmp_path: Path
) -> None:
    with platform.own_process():
        home = Home("js" if scripts else "plain")
    walker = set_out(browser, PHONE, java_script_enabled=scripts)
    walkers.append(walker)
    walker.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": home.cookie,
                "url": f"http://{settings.BASE_DOMAIN}:{platform.port}/",
            }
        ]
    )

    def see(name: str, *texts: str) -> None:
        walker.says(*texts)
        if scripts:
            walker.look()
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            walker.page.screenshot(path=f"{PICTURES}/{name}-{scripts}.png", full_page=True)

    def go(path: str) -> None:
        walker.page.goto(platform.url("", path))

    def press(name: str, role: Any = "button") -> None:
        walker.page.get_by_role("main").get_by_role(role, name=name, exact=True).first.click()

    _what_is_missing(go, see)
    _granted_at_once(go, see, press)
    _with_documents(walker, platform, home, go, see, press, tmp_path)
    _renewed_and_lapsed(platform, home, go, see)
    assert walker.problems == []


def _what_is_missing(go: Any, see: Any) -> None:
    go("/my/")
    see("1-my-page", "あと3回", "プレミアム登録を申請できます。")
    go(f"/my/registrations/{MIYAGI}/")
    see("2-missing", "プレミアム登録に必要なこと", "あと3回、参加してください。", "次にすること")


def _granted_at_once(go: Any, see: Any, press: Any) -> None:
    go(f"/my/registrations/{KESENNUMA}/")
    see("3-ready", "ベーシック登録", "プレミアム登録を申請できます。")
    press("申請する", "link")
    see("4-apply", "必要なことがすべてそろっています")
    press("申請する")
    see("5-granted", "プレミアム登録が認定されました", jdate(clock.today()), "更新に必要なこと")
    go(f"/my/registrations/{MIYAGI}/")
    see("6-derived", "宮城県気仙沼市での登録によるものです", "市区町村の登録が続く間")


def _with_documents(
    walker: Walker, platform: Platform, home: Home, go: Any, see: Any, press: Any, folder: Path
) -> None:
    good, bad = folder / "在職証明.PDF", folder / "メモ.TXT"
    good.write_bytes(b"%PDF-1.7\n%%EOF")
    bad.write_text("memo")
    go(f"/my/registrations/{HIDA}/apply/")
    see("7-documents", "在職証明書（勤め先で発行したもの）", "マイナンバーカードの画像")
    walker.page.set_input_files("[name=documents]", [str(bad)])
    press("申請する")
    walker.says("この種類のファイルは受け取れません")
    walker.page.set_input_files("[name=documents]", [str(good)])
    press("申請する")
    see("8-applied", "申請を受け付けました", "在職証明.PDF", "申請を取り下げる")
    walker.page.locator('form[action$="/remove/"] button').click()
    walker.says("ファイルを削除しました", "提出したファイルはありません")
    walker.page.set_input_files("[name=documents]", [str(good)])
    press("送信する")
    walker.says("送信した内容を提出しました", "在職証明.PDF")
    with platform.own_process():
        connection.set_schema_to_public()
        premium.ask(home.application(), home.officer, "勤め先の住所を教えてください。")
    go(f"/my/registrations/{HIDA}/application/")
    see("9-question", "勤め先の住所を教えてください。", "質問に回答する")
    press("送信する")
    see("10-mistake", "回答を入力してください", "在職証明.PDF")
    walker.fill(text="飛騨市古川町の製材所です。")
    press("送信する")
    see("11-answered", "送信した内容を提出しました", "飛騨市古川町の製材所です。")
    with platform.own_process():
        connection.set_schema_to_public()
        premium.approve(home.application(), home.officer)
    go(f"/my/registrations/{HIDA}/")
    see("12-premium", "プレミアム登録の認定", "滞在を届け出る")
    press("滞在を届け出る", "link")
    see("13-stays", "認定された滞在日数")
    day = (clock.today() - timedelta(days=2)).isoformat()
    walker.fill(first_day=day, last_day=day)
    walker.page.get_by_role("radio").first.check()
    press("届け出る")
    walker.says("滞在を届け出ました", "確認待ち")


def _renewed_and_lapsed(platform: Platform, home: Home, go: Any, see: Any) -> None:
    with platform.own_process():
        connection.set_schema_to_public()
        first, second = (_standing(row) for row in (home.first, home.second))
        renewed_until = next_end(first.ends_on)
        with time_machine.travel(clock.now() + (renewal_opens_on(first.ends_on) - clock.today())):
            took_part_thrice(home.resident, home.here)
            assert premium.renew(first).allowed
        with time_machine.travel(clock.now() + timedelta(days=370)):
            assert premium.lapse(second)
    go(f"/my/registrations/{KESENNUMA}/")
    see("14-renewed", jdate(renewed_until), "プレミアム登録の更新")
    go(f"/my/registrations/{HIDA}/")
    see("15-lapsed", "ベーシック登録", "プレミアム登録の終了", "更新されませんでした。")
    go(f"/my/certificates/registration/{KESENNUMA}/")
    see("16-certificate", "プレミアム登録")
    go("/my/")
    see("17-my-page", f"プレミアム登録は{jdate(renewed_until)}まで")


def _standing(registration: Registration) -> Any:
    standing = standing_at(registration)
    assert standing is not None
    return standing
