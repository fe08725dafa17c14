"""Staff take up an invitation, set the second factor up, and sign in with a code and a passkey."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.operations.second_factors import code_at, present_step
from tenants.staff.operations import invite
from tenants.staff.roles import Role
from tests.conftest import HIDA
from tests.journeys.conftest import Platform, first_link
from tests.journeys.walking import DESKTOP, PHONE, Walker, code_of, enrol, set_out

pytestmark = pytest.mark.journey

OFFICER, COLLEAGUE = "takayama@city.example.jp", "furukawa@city.example.jp"
PASSWORD = "hida-no-yama-2026"
HOST = "hida.admin"
# Where to leave pictures of the screens, for whoever wants to look at them.
PICTURES = os.environ.get("JOURNEY_PICTURES", "")


def test_staff_sign_in(browser: Browser, platform: Platform, walkers: list[Walker]) -> None:
    with platform.own_process(), municipality_context(Municipality.objects.get(pk=HIDA)):
        invite(OFFICER, Role.ADMINISTRATOR)
        invite(COLLEAGUE, Role.ADMINISTRATOR)
    officer, colleague = set_out(browser, DESKTOP), set_out(browser, PHONE)
    walkers += [officer, colleague]
    the_invitation_leads_to_enrolment(officer, platform)
    step = present_step()
    secret = enrol(officer, step)
    officer.says("ページ", "職員")
    the_code_signs_in(officer, secret, step, platform)
    a_passkey_is_added_and_signs_in(officer, platform)
    on_a_telephone_without_scripts(browser, walkers, platform)
    a_colleague_resets_what_was_lost(officer, colleague, platform)
    problems = [problem for walker in walkers for problem in walker.problems]
    assert not problems, "\n".join(problems)


def picture(walker: Walker, name: str) -> None:
    if PICTURES:
        walker.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def invitation_of(email: str, platform: Platform) -> str:
    """The address in the mail; this process, which has sent it, knows another port."""
    path = urlsplit(first_link(platform.mailbox.wait_for(email, "/welcome/"))).path
    return platform.url(HOST, path)


def the_invitation_leads_to_enrolment(officer: Walker, platform: Platform) -> None:
    officer.go(invitation_of(OFFICER, platform))
    officer.fill(name="高山 太郎", password=PASSWORD)
    officer.press("始める")
    officer.says("2段階認証の設定", "認証アプリを使う方法")
    officer.page.goto(platform.url(HOST, "/admin/"))
    expect(officer.page).to_have_url(re.compile(r"/second-factor/add/\?next="))
    picture(officer, "add-desktop")
    officer.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    officer.look()
    picture(officer, "add-phone")
    officer.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    officer.fill(code="12345")
    officer.press("確認して進む")
    officer.says("確認コードが正しくないか")
    picture(officer, "add-wrong")


def signs_in(walker: Walker, email: str, platform: Platform) -> None:
    walker.context.clear_cookies()
    walker.go(platform.url(HOST, "/admin/"))
    picture(walker, "sign-in")
    walker.fill(username=email, password=PASSWORD)
    walker.press("ログイン")
    walker.says("ログインの確認")


def the_code_signs_in(officer: Walker, secret: str, used: int, platform: Platform) -> None:
    signs_in(officer, OFFICER, platform)
    picture(officer, "challenge")
    officer.fill(code=code_at(secret, used))
    officer.press("ログイン")
    officer.says("使用済み")  # it was used to enrol a moment ago
    officer.fill(code=code_of(secret, 1))
    officer.press("ログイン")
    officer.says("ページ", "職員")


def a_passkey_is_added_and_signs_in(officer: Walker, platform: Platform) -> None:
    debugger: Any = officer.context.new_cdp_session(officer.page)
    debugger.send("WebAuthn.enable")
    debugger.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    officer.go(platform.url(HOST, "/second-factor/list/"))
    picture(officer, "list-one")
    officer.press("端末の追加", role="link")
    officer.page.locator("#id_passkey_label").fill("執務室のパソコン")
    officer.page.get_by_role("button", name="パスキーを作る").click()
    officer.says("執務室のパソコン", "認証アプリ")
    officer.look()
    picture(officer, "list-two")
    signs_in(officer, OFFICER, platform)
    picture(officer, "challenge-passkey")
    officer.page.get_by_role("button", name="パスキーを使う").click()
    officer.says("ページ", "職員")


def on_a_telephone_without_scripts(
    browser: Browser, walkers: list[Walker], platform: Platform
) -> None:
    """An old browser that runs nothing: the code is enough."""
    colleague = set_out(browser, PHONE, java_script_enabled=False)
    walkers.append(colleague)
    page = colleague.page
    page.goto(invitation_of(COLLEAGUE, platform))
    colleague.fill(name="古川 花子", password=PASSWORD)
    page.get_by_role("button", name="始める").click()
    expect(page.get_by_role("button", name="パスキーを作る")).to_be_hidden()
    secret = page.locator("[data-key]").inner_text().replace(" ", "")
    colleague.fill(code=code_of(secret))
    page.get_by_role("button", name="確認して進む").click()
    expect(page).to_have_url(platform.url(HOST, "/admin/"))


def a_colleague_resets_what_was_lost(
    officer: Walker, colleague: Walker, platform: Platform
) -> None:
    officer.go(platform.url(HOST, "/admin/staff/"))
    picture(officer, "staff")
    officer.page.get_by_role("button", name="古川 花子さんの2段階認証をリセットする").click()
    officer.says("リセットしました", "2段階認証の変更の記録")
    picture(officer, "staff-reset")
    platform.mailbox.wait_for(COLLEAGUE, "2段階認証がリセットされ")
    colleague.page.goto("about:blank")  # what the page before still asks is not waited for
    colleague.go(platform.url(HOST, "/admin/"))
    colleague.fill(username=COLLEAGUE, password=PASSWORD)
    colleague.press("ログイン")
    colleague.says("2段階認証の設定")
    enrol(colleague)
