"""The admin under its content security policy: every screen works, and nothing is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from pages.models import ArticleIndexPage, HomePage
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.test_story import add_block, fill_admin, publish
from tests.journeys.walking import Walker
from tests.journeys.watching import Watched, signed_in, watched

pytestmark = pytest.mark.journey

SCREENS = """
    pages/ activities/ organisations/ survey_items/ survey_items/new/ survey_preview/
    survey_answers/ community_posts/ community_posts/write/ community_rooms/ community_rooms/new/
    certificates/ staff/ staff/networks/ images/ images/add/ documents/ documents/multiple/add/
    redirects/ redirects/add/ redirects/import/ reports/site-history/ reports/aging-pages/
    collections/ collections/add/ account/ localize/reports/translations/
""".split()


def test_no_screen_of_the_admin_is_refused_anything(
    browser: Browser, platform: Platform, walkers: list[Walker], tmp_path: Path
) -> None:
    with platform.own_process():
        city = Municipality.objects.get(slug="kesennuma")
        staff = make_member(city, Role.ADMINISTRATOR, email="csp@example.jp", name="安全 守")
        one = watched(browser)
        walkers.append(one.walker)
        signed_in(one, platform, staff, city, admin=True)
        with municipality_context(city):
            home = HomePage.objects.get(locale__language_code="ja").pk
            news = ArticleIndexPage.objects.get(locale__language_code="ja").pk
    admin = partial(platform.url, "kesennuma.admin")
    for path in SCREENS:
        one.open(admin(f"/admin/{path}"))
    a_page_is_written(one, admin(f"/admin/pages/add/pages/articlepage/{news}/"), tmp_path)
    an_activity_is_written(one, admin)
    a_page_is_translated(one, admin, home)
    for path in (
        f"pages/{home}/",
        f"pages/{home}/edit/",
        f"pages/{home}/edit/preview/",
        f"pages/{home}/history/",
        f"pages/{home}/copy/",
        f"pages/{home}/usage/",
        f"pages/{news}/delete/",
        f"pages/{news}/unpublish/",
        f"pages/{news}/move/",
    ):
        one.open(admin(f"/admin/{path}"))
    one.open(admin("/admin/login/"))
    seen = [*one.refused, *one.dialogs, *one.without_policy]
    assert not seen, "\n".join(seen)
    # The listener does hear: what no screen does is refused, and told.
    one.open(admin("/admin/"))
    one.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')")
    one.page.wait_for_timeout(300)
    assert any("style-src" in text for text in one.refused)


def a_page_is_written(one: Watched, address: str, folder: Path) -> None:
    page = one.page
    one.open(address)
    page.locator("[name=title]").fill("港の朝市")
    fill_admin(one.walker, "published_on", "2026-10-01")
    page.locator("[name=published_on]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.mouse.click(640, 2)
    page.get_by_role("button", name="画像を選択").first.click()
    page.get_by_role("tab", name="アップロード").click()
    picture = folder / "asaichi.png"
    Image.new("RGB", (800, 600), "orange").save(picture)
    page.locator(".modal [type=file]").set_input_files(picture)
    page.locator(".modal [name$=title]").fill("朝市")
    page.locator(".modal [name$=description]").fill("魚がならぶ朝市")
    page.locator(".modal").get_by_role("button", name="アップロード").click()
    page.locator(".modal").wait_for(state="detached")
    page.locator("[name=image_alt]").fill("魚がならぶ朝市")
    add_block(one.walker, "文章")
    editor = page.locator("[contenteditable=true]").last
    editor.click()
    page.keyboard.type("朝市は毎週日曜日です。")
    page.keyboard.press("Control+A")
    page.get_by_role("button", name="リンク").last.click()
    page.locator(".modal").get_by_role("link", name="外部リンク").click()
    page.locator(".modal [name$=url]").fill("https://www.example.jp/")
    page.locator(".modal").get_by_role("button", name="リンクを挿入").click()
    page.locator(".modal").wait_for(state="detached")
    add_block(one.walker, "画像")
    page.get_by_role("button", name="プレビューの表示を切り替え").click()
    expect(page.frame_locator("iframe[title]").first.locator("body")).to_contain_text("朝市")
    page.wait_for_load_state("networkidle")
    for side in ("ステータス", "チェック"):
        button = page.get_by_role("button", name=re.compile(side))
        if button.count():
            button.first.click()
            page.wait_for_timeout(500)
    page.locator("[data-streamfield-child]").last.get_by_role("button", name="削除").first.click()
    publish(one.walker)
    page.get_by_text("公開されました").first.wait_for()


def an_activity_is_written(one: Watched, admin: Callable[[str], str]) -> None:
    page = one.page
    one.open(admin("/admin/activities/"))
    page.get_by_role("link", name="活動 を追加").click()
    page.locator("[name=title]").fill("流木あつめ")
    for number in range(2):
        page.get_by_role("button", name="日程を追加").click()
        fill_admin(one.walker, f"sessions-{number}-starts_at", "2026-12-01 09:00")
        page.locator(f"[name=sessions-{number}-ends_at]").click()
        expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
        page.mouse.click(640, 2)
    page.wait_for_load_state("networkidle")


def a_page_is_translated(one: Watched, admin: Callable[[str], str], home: int) -> None:
    page = one.page
    one.open(admin(f"/admin/localize/submit/page/{home}/"))
    page.locator("[type=checkbox]:visible").first.check()
    page.locator("form [type=submit]").last.click()
    page.wait_for_load_state("networkidle")
