"""On a phone: what is held of me, a copy of it, and what 気仙沼市 sees."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from portal.views.my_data import SHOWN
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.community import make_post
from tests.factories.holdings import answer, took_part
from tests.factories.privacy import look_at
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.test_oversight import Tour, World
from tests.journeys.walking import PHONE, Walker, set_out

pytestmark = pytest.mark.journey
PDF, JSON = "PDFで取り出す", "JSONで取り出す"


class Home(World):
    """気仙沼市 with a resident who has done all sorts of things there."""

    def __init__(self, platform: Platform, mark: str) -> None:
        connection.set_schema_to_public()
        self.platform = platform
        self.place = Municipality.objects.get(pk=KESENNUMA)
        self.resident = ResidentFactory(
            user__email=f"yoshida-{mark}@example.jp",
            person=("𠮷田", f"葛子{mark}", "ヨシダ", "カツコ", "1000001", "131016", "千代田1番"),
            phone="09012345678",
            building="とても長い名前の建物ハイツグランドパレス千代田第二別館 1203号室",
        )
        self.registration = register_resident(self.resident, self.place)
        self.officer = make_member(self.place, "registration_officer", name="登録 花子")
        for one in range(SHOWN + 2):
            took_part(self.resident, self.place, activity_title=f"大谷海岸の清掃 第{one}回")
        make_post(self.place, self.resident, "はじめまして。\n海の近くで育ちました。")
        with municipality_context(self.place):
            answer(self.resident)
        connection.set_schema_to_public()
        look_at(self.registration, self.officer)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_my_data_is_seen_taken_along_and_compared(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool
) -> None:
    with platform.own_process():
        home = Home(platform, "一" if scripts else "二")
        client = signed_in_client(home.resident.user)
    walkers.append(set_out(browser, PHONE, java_script_enabled=scripts))
    home.let_in(walkers[0], client)
    mine = Tour(walkers[0], f"data-{'js' if scripts else 'plain'}", scripts)
    name = home.resident.name
    mine.open(platform.url("", "/my/"), name)
    mine.press("わたしのデータ", "保存されている情報", PDF, JSON, role="link")
    particulars = mine.page.locator(".details").filter(has_text=home.resident.address).first
    particulars.locator("> summary").click()
    expect(particulars.get_by_text(home.resident.address).first).to_be_visible()

    _confirm(home, mine)
    document = json.loads(_download(mine, JSON, ".json"))
    assert document["person"]["name"] == name
    pages = PdfReader(io.BytesIO(_download(mine, PDF, ".pdf"))).pages
    assert "𠮷田" in pages[0].extract_text()

    mine.press("宮城県気仙沼市に見えている情報", "09012345678", "さんま", "1回", role="link")
    mine.open(platform.url("", "/my/registrations/040002/"), "宮城県")
    mine.press("宮城県に見えている情報", "宮城県には伝わりません", role="link")
    assert not walkers[0].problems, "\n".join(walkers[0].problems)


def _confirm(home: Home, mine: Tour) -> None:
    """The session alone opens no copy: a code by mail first, and back to the buttons."""
    before = len(home.platform.mailbox.messages)
    mine.press(JSON, "確認コードを受け取る")
    mine.press("確認コードを受け取る", "コード")
    mail = home.platform.mailbox.wait_for(home.resident.user.email, "コード", before)
    mine.walker.fill(code=re.search(r"\d{4}-\d{4}", mail).group())  # type: ignore[union-attr]
    mine.page.get_by_role("main").get_by_role("button").first.click()
    mine.see("わたしのデータ", PDF)


def _download(mine: Tour, button: str, ending: str) -> bytes:
    with mine.page.expect_download() as download:
        mine.page.get_by_role("button", name=button).click()
    assert re.fullmatch(rf"furusato-my-data-\d{{8}}\{ending}", download.value.suggested_filename)
    return bytes(download.value.path().read_bytes())
