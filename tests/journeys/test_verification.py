"""A card is read on the way to a registration; another is shown at a counter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page

from identity.enums import Method
from identity.models import Verification
from launcher import logins
from tenants.models import Municipality
from tests.conftest import HIDA
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.identity.running import REDIRECT_PATH, Provider, free_port, running_provider
from tests.journeys.conftest import ROOT, Platform, _wait_until_up
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
# Where to keep pictures of every screen for somebody to look at; nowhere unless it is said.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def verifying(platform: Platform) -> Iterator[tuple[Platform, Provider]]:
    """A second web process of the product, which knows a real provider; on another site than
    ours, as it is in life: cookies that were not sent along from there would be missed."""
    port = free_port()
    with running_provider(f"http://localhost:{port}{REDIRECT_PATH}") as provider:
        abroad = provider.issuer.replace("//localhost", "//dap.localhost")
        environment = {
            **platform.environment,
            **provider.settings,
            "PORT": str(port),
            "IDENTITY_AUTHORIZATION_ENDPOINT": f"{abroad}/auth",
            "IDENTITY_TOKEN_ENDPOINT": f"{provider.issuer}/token",
            "IDENTITY_USERINFO_ENDPOINT": f"{provider.issuer}/me",
            "IDENTITY_JWKS_URI": f"{provider.issuer}/jwks",
            "IDENTITY_TIMEOUT_SECONDS": "2",
        }
        web = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
        web += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        web += ["--blocking-threads", "4", "--log-level", "warning", "config.wsgi:application"]
        log = platform.data_dir / "verifying.txt"
        with log.open("w") as stream:
            process = subprocess.Popen(
                web, cwd=ROOT, env=logins.for_run_time(environment), stdout=stream, stderr=stream
            )
            try:
                _wait_until_up(port, log)
                yield replace(platform, port=port, environment=environment), provider
            finally:
                process.terminate()
                process.wait(timeout=30)
        said = log.read_text()
        assert "code=" not in said and "eyJ" not in said, "no code and no token in the log"


def let_in(walker: Walker, client: Any, platform: Platform) -> None:
    """Give the browser the session that the test's client has."""
    host = client.defaults["HTTP_HOST"].partition(":")[0]
    walker.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": f"http://{host}:{platform.port}/",
            }
        ]
    )


class Pictures:
    def __init__(self, name: str, page: Page) -> None:
        self.name, self.page, self.number = name, page, 0

    def take(self) -> None:
        self.number += 1
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            path = f"{PICTURES}/{self.name}-{self.number:02}.png"
            self.page.screenshot(path=path, full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_card_fills_the_profile_on_the_way_to_a_registration(
    browser: Browser,
    verifying: tuple[Platform, Provider],
    walkers: list[Walker],
    scripts: bool,
) -> None:
    platform, provider = verifying
    person, name = ("hanako", "佐藤") if scripts else ("ichiro", "鈴木")
    with platform.own_process():
        connection.set_schema_to_public()
        client = signed_in_client(UserFactory(email=f"{person}-card@example.jp"))
    walker = set_out(browser, PHONE, java_script_enabled=scripts)
    walkers.append(walker)
    let_in(walker, client, platform)
    page, pictures = walker.page, Pictures(f"verify-{person}", walker.page)
    look = walker.look if scripts else lambda: None

    def see(*texts: str) -> None:
        page.wait_for_load_state()
        walker.says(*texts)
        look()
        pictures.take()

    # On the way to registering the particulars are asked for, and a card may give them.
    page.goto(platform.url("", f"/register/{HIDA}/"))
    see("マイナンバーカードをお持ちの方は")
    page.get_by_role("link", name="本人確認をする").first.click()
    see("必要なもの", "カードをお持ちでない方、海外にお住まいの方", "12桁の番号")
    # The provider is away: a page says so, and the way to the form is still there.
    provider.misbehave("down")
    page.get_by_role("button", name="アプリで本人確認をする").click()
    page.get_by_role("button", name=name).click()
    see("現在、本人確認のサービスを利用できません")
    provider.misbehave("")
    page.get_by_role("link", name="もう一度始める").click()
    see("必要なもの")
    page.get_by_role("button", name="アプリで本人確認をする").click()
    assert "dap.localhost" in page.url
    page.get_by_role("button", name=name).click()
    see("カードを読み取りました", "確認済みの内容", "確認済み")
    assert page.locator("[name=family_name]").input_value() == name
    assert page.locator("[name=address_line]").input_value()
    walker.fill(family_kana="さとう", given_kana="はなこ", postal_code="988-0017")
    page.locator("[name=address_line]").fill("南町1丁目2番3号")
    page.get_by_role("button", name="保存して進む").click()
    page.wait_for_url(f"**/register/{HIDA}/")
    see("登録する")
    with platform.own_process():
        (made,) = Verification.objects.filter(resident__user__email=f"{person}-card@example.jp")
        assert made.method == Method.DIGITAL_AUTH_APP
        assert made.proved.family_name == name
    # Own edits stand beside what was proved.
    page.goto(platform.url("", "/my/profile/"))
    page.locator("[name=family_name]").fill("齋藤")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    see("ご自身の登録内容：齋藤", "未確認")
    page.goto(platform.url("", "/my/identity/"))
    see("本人確認が済んでいます", "有効期限")
    # The same card in another account.
    with platform.own_process():
        connection.set_schema_to_public()
        second = ResidentFactory(user__email=f"second-{person}@example.jp")
        client = signed_in_client(second.user)
    walker.context.clear_cookies()
    let_in(walker, client, platform)
    page.goto(platform.url("", "/my/identity/"))
    page.get_by_role("button", name="アプリで本人確認をする").click()
    page.get_by_role("button", name=name).click()
    see("このカードは、すでに別のアカウント", f"{person[0]}•••@example.jp")
    assert walker.problems == []


def test_two_members_of_staff_look_at_a_card(
    browser: Browser, verifying: tuple[Platform, Provider], walkers: list[Walker]
) -> None:
    platform, _provider = verifying
    with platform.own_process():
        connection.set_schema_to_public()
        place = Municipality.objects.get(pk=HIDA)
        resident = ResidentFactory(
            user__email="card-counter@example.jp",
            person=("田中", "勘太郎", "タナカ", "カンタロウ", "9880017", "042056", "南町1丁目"),
        )
        register_resident(resident, place)
        clients = [
            signed_in_client(
                make_member(place, "registration_officer", name=name), place, admin=True
            )
            for name in ("登録 花子", "登録 次郎")
        ]
    desks = []
    for client in clients:
        walkers.append(set_out(browser, DESKTOP))
        let_in(walkers[-1], client, platform)
        desks.append(walkers[-1])
    counter = platform.url("hida.admin", "/admin/identity/")
    first, second = desks
    pictures = Pictures("counter", first.page)
    first.go(counter)
    first.page.get_by_label("登録番号または名前").fill("たなか")
    first.press("登録者をさがす")
    pictures.take()
    first.press("田中 勘太郎さんのカードを確認する", role="link")
    first.fill(card_until="2033-04-02")
    first.page.get_by_label("カードの顔写真は").check()
    pictures.take()
    first.page.get_by_role("button", name="保存して、二人目の確認を待つ").click()
    first.says("もう一人の職員の確認が必要です")
    first.page.wait_for_timeout(500)
    first.look()
    pictures.take()
    second.go(counter)
    second.page.get_by_role("link", name="二人目の確認をする").click()
    second.page.wait_for_load_state()
    second.look()
    pictures.page = second.page
    pictures.take()
    second.page.get_by_role("button", name="カードを確認しました（確定する）").click()
    second.says("本人確認が完了しました")
    second.page.wait_for_timeout(500)  # Wagtail's messages fade in
    second.look()
    pictures.take()
    assert platform.mailbox.wait_for("card-counter@example.jp", "職員2名")
    with platform.own_process():
        (made,) = Verification.objects.filter(resident_id=resident.pk)
        assert made.method == Method.COUNTER
        assert made.checked_by_id != made.confirmed_by_id
    assert [walker.problems for walker in desks] == [[], []]
