"""On a phone: somebody who is registered at two municipalities closes the account. Everything ends,
what names them goes, and with the same address they are a new person; with scripts and without."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from accounts.models import Resident
from certificates.models import Certificate
from privacy.models import AccountClosing
from privacy.receivers import AGREED_ON
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.community import make_post
from tests.factories.registration import register_resident
from tests.journeys.conftest import WAIT_SECONDS, Platform
from tests.journeys.test_oversight import Tour, World
from tests.journeys.walking import PHONE, Walker, set_out

pytestmark = pytest.mark.journey
POST, CODE = "はじめまして。海の近くで育ちました。", "確認コードを受け取る"
NARROW = PHONE | {"width": 360}


class Home(World):
    """Somebody at 気仙沼市, which takes 宮城県 along, and at 飛騨市; a neighbour reads the room."""

    def __init__(self, platform: Platform, mark: str) -> None:
        connection.set_schema_to_public()
        self.platform = platform
        self.place, hida = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
        self.email = f"owari-{mark}@example.jp"
        self.resident: Resident = ResidentFactory(
            user__email=self.email,
            person=("及川", "静子", "オイカワ", "シズコ", "9880017", "042056", "南町1丁目2番3号"),
        )
        self.registration = register_resident(self.resident, self.place)
        register_resident(self.resident, hida)
        make_post(self.place, self.resident, POST)
        self.neighbour: Resident = ResidentFactory(
            user__email=f"tonari-{mark}@example.jp", agrees=False
        )
        register_resident(self.neighbour, self.place)
        connection.set_schema_to_public()

    @property
    def certificate(self) -> str:
        code = Certificate.objects.get(registration=self.registration).code
        return self.platform.url("", f"/v/{code}")

    def wait_until_erased(self) -> None:
        ends_at = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < ends_at:
            with self.platform.own_process():
                connection.set_schema_to_public()
                closing = AccountClosing.objects.filter(pk=self.resident.pk).first()
            if closing and closing.erased_at:
                return
            time.sleep(0.3)
        raise AssertionError(f"not erased: {closing and closing.error}\n{self.platform.log()}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_resident_closes_the_account_and_comes_back_as_somebody_new(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool
) -> None:
    mark = "js" if scripts else "plain"
    with platform.own_process():
        home = Home(platform, mark)
        client = signed_in_client(home.resident.user)
        reader = signed_in_client(home.neighbour.user, home.place)
        certificate = home.certificate
        asked = signed_in_client(home.neighbour.user)
        session = asked.session
        del session[AGREED_ON]
        session.save()
    for visitor in (client, reader):
        walkers.append(set_out(browser, NARROW, java_script_enabled=scripts))
        home.let_in(walkers[-1], visitor)
    mine = Tour(walkers[0], f"closing-{mark}", scripts)
    room = Tour(walkers[1], f"closing-room-{mark}", scripts)
    room.open(platform.url("kesennuma", "/rooms/hiroba/"), POST)

    # Whoever does not agree to the terms may still look at their data, take it, and leave.
    home.let_in(walkers[1], asked)
    room.open(platform.url("", "/my/"), "進む前に、同意をお願いします")
    room.press("わたしのデータ", "保存されている情報", role="link")
    room.open(platform.url("", "/my/close/"), CODE)

    mine.open(certificate, "有効")
    for path in (
        "consents/",
        "data/",
        "data/municipalities/042056/",
        "data/municipalities/040002/",
    ):
        mine.open(platform.url("", f"/my/{path}"))
    mine.open(platform.url("", "/my/"), "静子")
    _close(home, mine)

    home.wait_until_erased()
    room.open(platform.url("kesennuma", "/rooms/hiroba/"), "退会した方の投稿です。")
    expect(room.page.get_by_text(POST)).to_have_count(0)
    mine.open(certificate, "この証明書は無効になりました。", "消去されています")
    mine.open(platform.url("", "/my/"), "ログイン")
    _come_back(home, mine)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def _type_the_code(home: Home, mine: Tour, button: str, *then: str) -> None:
    before = len(home.platform.mailbox.messages)
    mine.press(button, "コード")
    mail = home.platform.mailbox.wait_for(home.email, "コード", before)
    mine.walker.fill(code=re.search(r"\d{4}-\d{4}", mail).group())  # type: ignore[union-attr]
    mine.press("次へ進む", *then)


def _close(home: Home, mine: Tour) -> None:
    """The session alone closes nothing: a code by mail first."""
    mine.press("アカウントを閉じる", CODE, role="link")
    _type_the_code(home, mine, CODE, "終わるもの", "残るものと、その理由")
    mine.page.locator("[name=understood]").check()
    before = len(home.platform.mailbox.messages)
    mine.press("アカウントを完全に閉じる", "アカウントを閉じました")
    assert mine.page.url == home.platform.url("", "/closed/")
    mail = home.platform.mailbox.wait_for(home.email, "ご希望のとおり", before)
    assert "及川 静子" in mail


def _come_back(home: Home, mine: Tour) -> None:
    """Nobody is known by the address any more; it signs up like any other."""
    mine.open(home.platform.url("", "/account/login/"))
    mine.walker.fill(email=home.email)
    _type_the_code(home, mine, CODE)
    assert "/account/login/new/" in mine.page.url
    mine.open(home.platform.url("", "/account/signup/"))
    mine.walker.fill(email=home.email)
    for box in ("agrees_terms", "agrees_privacy"):
        mine.page.locator(f"[name={box}]").check()
    _type_the_code(home, mine, CODE)
    mine.open(home.platform.url("", "/my/profile/"), "生年月日")
    assert mine.page.locator("[name=family_name]").input_value() == ""
