"""Whoever took part says a word of the host on a phone; an officer reads it first; everybody finds
it on the host's page; the author takes it back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from common import clock
from tenants.staff.roles import Role
from tests.activities.test_hosts import make_host
from tests.factories.holdings import took_part
from tests.journeys.conftest import Platform
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
TITLE, HOST = "舞根の森の下草刈り", "舞根の畠山さん"
WORDS = "はじめての鎌でしたが、ていねいに教えていただきました。"


def test_a_word_of_the_host_is_written_read_shown_and_taken_back(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    town = Town(browser, platform, walkers)
    officer, who, stranger = town.officer(Role.COORDINATOR), town.person("渚"), town.stranger()
    with platform.own_process():
        connection.set_schema_to_public()
        host = make_host(town.place, HOST)
    (session,) = town.activity(TITLE, {"day": clock.today() - timedelta(days=2)}, host=host)
    has_taken_part(who, session, town)
    page = town.url(f"/activities/{host.slug}/")
    writes(who, town)
    stranger.go(page)
    expect(stranger.page.locator("body")).not_to_contain_text(WORDS)
    is_hidden_first(officer, who, town)
    is_published(officer, town)
    for walker, address in ((stranger, page), (who.walker, page)):
        walker.go(address)
        walker.says("参加した人の声", WORDS, "なぎ")
    expect(stranger.page.locator("body")).not_to_contain_text(who.resident.family_name)
    takes_it_back(who, town)
    stranger.go(page)
    expect(stranger.page.locator("body")).not_to_contain_text(WORDS)
    town.nothing_went_wrong()


def has_taken_part(who: Person, session: UUID, town: Town) -> None:
    with town.platform.own_process():
        connection.set_schema_to_public()
        took_part(
            who.resident, town.place, session_uuid=session, activity_title=TITLE,
            at=clock.now() - timedelta(days=2),
        )  # fmt: skip


def writes(who: Person, town: Town) -> None:
    """Too long a text is refused, and stays."""
    walker = who.walker
    walker.go(town.portal("/my/history/"))
    walker.press(f"感想を書く {TITLE}", "link", exact=False)
    walker.fill(text=WORDS * 20, signed_as="なぎ")
    walker.press("送る")
    walker.says("400文字までに短くしてください")
    expect(walker.page.locator("[name=text]")).to_have_value(WORDS * 20)
    walker.fill(text=WORDS)
    walker.press("送る")
    walker.says("自治体が公開前に確認しています", "ありがとうございます")


def is_hidden_first(officer: Walker, who: Person, town: Town) -> None:
    """Without a reason it is not; the author reads it in a mail and on their page."""
    officer.go(town.admin("/admin/voices/"))
    officer.press(WORDS, "link")
    officer.press("公開しない")
    officer.says("理由を入力してください")
    officer.fill(reason="確認のため、少しお待ちください")
    officer.press("公開しない")
    assert TITLE in town.mail(who, "確認のため、少しお待ちください")
    who.walker.go(town.portal("/my/history/"))
    who.walker.press(f"書いた感想を見る・直す {TITLE}", "link", exact=False)
    who.walker.says("公開されていません", "確認のため、少しお待ちください")


def is_published(officer: Walker, town: Town) -> None:
    officer.go(town.admin("/admin/voices/?all=1"))
    officer.press(WORDS, "link")
    officer.press("公開する")
    officer.says("保存しました")


def takes_it_back(who: Person, town: Town) -> None:
    who.walker.go(town.portal("/my/history/"))
    who.walker.press(f"書いた感想を見る・直す {TITLE}", "link", exact=False)
    who.walker.says("公開されています")
    who.walker.press("取り下げる")
    who.walker.says("取り下げました", "感想を書く")
