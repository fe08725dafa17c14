"""The platform in a plain browser: without scripts, in the dark, with letters twice as large."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Platform
from tests.journeys.walking import PHONE, Walker, set_out

pytestmark = pytest.mark.journey
EMAIL = "shizuka@example.jp"
PUBLIC = ["/", "/activities/", "/municipalities/", "/about/", "/participate/", "/account/signup/"]
PUBLIC += ["/account/login/", "/account/login/password/", "/account/login/recovery/"]


def test_a_resident_registers_without_javascript(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    walkers.append(set_out(browser, java_script_enabled=False))
    page = walkers[0].page

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    page.goto(platform.url("kesennuma"))
    page.get_by_role("main").get_by_role("link", name=re.compile("登録する")).first.click()
    page.get_by_role("link", name="はじめる").click()
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=agrees_terms]").check()
    page.locator("[name=agrees_privacy]").check()
    press("確認コードを受け取る")
    code = re.search(r"\d{4}-\d{4}", platform.mailbox.wait_for(EMAIL, "コード"))
    assert code
    page.locator("[name=code]").fill(code.group())
    press("次へ進む")
    for name, value in {
        "family_name": "静",
        "given_name": "しずか",
        "family_kana": "しずか",
        "given_kana": "しずか",
        "birth_date_year": "1950",
        "birth_date_month": "1",
        "birth_date_day": "31",
        "postal_code": "9880017",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    press("郵便番号から住所を入力")
    expect(page.locator("[name=address_line]")).to_have_value("南町")
    page.locator("[name=address_line]").fill("南町1丁目2番3号")
    press("保存して進む")
    expect(page.get_by_text("気仙沼市にお住まいの方も登録できます")).to_be_visible()
    page.get_by_label("ふるさと納税をしている").check()
    page.locator("[name=agree]").check()
    press("登録する")
    expect(page.locator("body")).to_contain_text("宮城県気仙沼市に登録しました")
    page.locator("header summary").click()  # the menu opens without a script
    page.get_by_role("link", name="マイページ").first.click()
    expect(page.locator("h1")).to_contain_text("静 しずか")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_page_can_be_read(
    browser: Browser, platform: Platform, walkers: list[Walker], scheme: str
) -> None:
    walkers.append(set_out(browser, color_scheme=scheme))
    for path in PUBLIC:
        walkers[0].go(platform.url("", path))
    for path in ("/", "/activities/", "/news/", "/rooms/"):
        walkers[0].go(platform.url("hida", path))
    assert not walkers[0].problems, "\n".join(walkers[0].problems)


def test_letters_twice_as_large_stay_on_the_page(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    """As on a phone set to large letters (WCAG 1.4.4): half the width for the same words."""
    walkers.append(set_out(browser, {"width": PHONE["width"], "height": PHONE["height"]}))
    for path in PUBLIC:
        walkers[0].page.goto(platform.url("", path))
        walkers[0].page.evaluate("document.documentElement.style.fontSize = '200%'")
        walkers[0].look()
    assert not walkers[0].problems, "\n".join(walkers[0].problems)
