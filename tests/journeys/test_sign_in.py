"""Signing in as residents do: a code from the mailbox, then a passkey, then what opens the account
and where it is open. Chromium's own virtual authenticator stands for the telephone's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Platform
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
EMAIL = "umiko@example.jp"


def code_for(walker: Walker, platform: Platform, button: str = "確認コードを受け取る") -> None:
    """Presses the button and types the code that comes by mail."""
    before = len(platform.mailbox.messages)
    walker.press(button)
    mail = platform.mailbox.wait_for(EMAIL, "コード", before)
    walker.fill(code=re.search(r"\d{4}-\d{4}", mail).group())  # type: ignore[union-attr]
    walker.press("次へ進む")


def a_device_that_can(walker: Walker) -> Any:
    """A telephone with a fingerprint: (session of the debugger, authenticator)."""
    debugger = walker.context.new_cdp_session(walker.page)
    debugger.send("WebAuthn.enable")
    made = debugger.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return debugger, made["authenticatorId"]


def ask_the_device(walker: Walker, button: str, until: str) -> None:
    """Presses the button; the device answers, and then the page goes on by itself."""
    walker.page.get_by_role("button", name=button, exact=True).click()
    walker.page.wait_for_url(until)
    walker.look()


def test_a_code_first_then_a_passkey(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    walkers.append(set_out(browser, PHONE))
    walker = walkers[0]
    debugger, authenticator = a_device_that_can(walker)
    walker.go(platform.url("", "/account/signup/"))
    walker.fill(email=EMAIL)
    walker.page.locator("[name=agrees_terms]").check()
    walker.page.locator("[name=agrees_privacy]").check()
    code_for(walker, platform)
    # Offered once, on a page of its own.
    walker.says("次回からかんたんにログインできます")
    walker.press("パスキーを追加する", role="link")
    walker.page.locator("[name=name]").fill("海子の電話")
    ask_the_device(walker, "この端末にパスキーを追加する", platform.url("", "/my/sign-in/"))
    walker.says("パスキーを追加しました", "海子の電話", "この端末")
    found = debugger.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert [one["rpId"] for one in found["credentials"]] == ["localhost"]
    assert "海子の電話" in platform.mailbox.wait_for(EMAIL, "パスキー")
    walker.press("ログアウト")
    # Nothing is typed.
    walker.go(platform.url("", "/account/login/?next=/my/sign-in/"))
    ask_the_device(walker, "パスキーでログインする", platform.url("", "/my/sign-in/"))
    walker.says("ログインと端末", "パスキー")
    # A second device is seen, and ended from here.
    walkers.append(set_out(browser, DESKTOP))
    other = walkers[1]
    other.go(platform.url("", "/account/login/?next=/my/sign-in/"))
    other.fill(email=EMAIL)
    code_for(other, platform)
    expect(other.page.locator("article", has_text="この端末")).to_have_count(1)
    walker.page.reload()
    walker.look()
    walker.press("このログインを終了する")
    walker.says("ログインを終了しました")
    other.page.reload()
    other.says("ログイン", "確認コードを受け取る")
    # Codes on paper, which the owner alone may make: the passkey shows that it is her.
    walker.context.clear_cookies()
    walker.go(platform.url("", "/account/login/?next=/my/sign-in/codes/"))
    ask_the_device(walker, "パスキーでログインする", platform.url("", "/my/sign-in/codes/"))
    walker.press("10個のコードを作る")
    code = walker.page.locator("code").first.inner_text()
    with walker.page.expect_download() as download:
        walker.page.get_by_role("button", name="コードをファイルに保存する").click()
    assert code in download.value.path().read_text(encoding="utf-8-sig")
    other.go(platform.url("", "/account/login/recovery/"))
    other.fill(email=EMAIL, code=code)
    other.press("ログイン")
    other.says("残りのコードは9個です")
    assert not walker.problems + other.problems, "\n".join(walker.problems + other.problems)


def test_a_device_that_refuses_says_so_and_the_code_still_works(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    walkers.append(set_out(browser, PHONE))
    walker = walkers[0]
    debugger, authenticator = a_device_that_can(walker)
    debugger.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    walker.go(platform.url("", "/account/login/"))
    walker.press("パスキーでログインする")
    walker.says("端末での操作が完了しませんでした")
    walker.look()
    expect(walker.page.get_by_role("button", name="確認コードを受け取る")).to_be_visible()
    assert not walker.problems, "\n".join(walker.problems)
