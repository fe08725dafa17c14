"""A resident who never agreed is asked, goes on, and takes news and consents in hand, on a phone;
with scripts and without."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser

from privacy.enums import ConsentPurpose
from privacy.queries import has_consent, to_agree_to, wants_mail_from
from privacy.receivers import AGREED_ON
from registration.operations import register
from tenants.models import Municipality
from tests.conftest import HIDA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.journeys.conftest import Platform
from tests.journeys.walking import PHONE, Walker, set_out

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("PICTURES", "")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_resident_agrees_and_takes_back(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool
) -> None:
    with platform.own_process():
        connection.set_schema_to_public()
        hida = Municipality.objects.get(pk=HIDA)
        mark = "js" if scripts else "plain"
        resident: Any = ResidentFactory(user__email=f"doui-{mark}@example.jp", agrees=False)
        register(resident, hida, wants_mail=True)
        client = signed_in_client(resident.user)
        session = client.session
        del session[AGREED_ON]
        session.save()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    walker = set_out(browser, PHONE, java_script_enabled=scripts)
    walkers.append(walker)
    walker.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": cookie,
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

    def press(name: str, role: str = "button") -> None:
        main = walker.page.get_by_role("main")
        main.get_by_role(role, name=name, exact=False).first.click()  # type: ignore[arg-type]

    walker.page.goto(platform.url("", "/my/history/"))
    see("1-asked", "進む前に、同意をお願いします", "同意しない場合")
    press("同意して進む")
    see("2-boxes", "文書を読み、同意する場合はチェックを付けてください。")
    for box in walker.page.get_by_role("checkbox").all():
        box.check()
    press("同意して進む")
    see("3-on", "同意を記録しました。")
    assert walker.page.url.endswith("/my/history/")
    walker.page.goto(platform.url("", "/my/"))
    press("同意の確認と変更", "link")
    see("4-page", "岐阜県飛騨市", "自治体からのお知らせ", "同意しています")
    walker.page.locator('a[href^="?change=mailing-212172"]').click()
    see("5-question", "この同意を取りやめますか")
    press("同意を取りやめる")
    see("6-taken-back", "取りやめました：岐阜県飛騨市 自治体からのお知らせ", "終わった同意")
    walker.page.locator('a[href^="?change=organisations"]').click()
    press("同意する")
    see("7-agreed", "同意しました：関係団体への情報提供")
    with platform.own_process():
        connection.set_schema_to_public()
        assert to_agree_to(resident.user) == []
        assert not wants_mail_from(resident.user, hida)
        assert has_consent(resident.user, ConsentPurpose.ORGANISATIONS)
