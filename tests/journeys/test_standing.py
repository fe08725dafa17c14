"""Pattern 2: an organisation the municipality trusts publishes by itself; one project is excepted;
the trust ends, what was done counts on and what comes does not."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from playwright.sync_api import Browser, Locator, expect

from activities.models import ActivityPage, Session
from attendance.models import ParticipationRecord
from common import clock
from organisations.models import Standing
from tenants.context import municipality_context
from tests.factories.codes import venue_token
from tests.journeys.conftest import Platform, first_link
from tests.journeys.test_story import publish
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
ORGANISATION = "本吉里山の会"
DONE, EXCEPTED, TO_COME = "里山の下草刈り", "会員の芋煮会", "里山の道しるべ作り"
NOT_NEEDED, ENDED = "会員だけの集まりのため", "会の活動を終えるため"
COUNTS, IN_PRINCIPLE = "この活動は担い手活動の実績になります", "自治体が原則として指定しています"


def test_a_trusted_organisation_until_it_is_trusted_no_more(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    town = Town(browser, platform, walkers)
    officer, visitor = town.officer(), town.stranger()
    leader, helper = town.person("会長"), town.person("里子")
    it_is_trusted(officer, town)
    its_manager_comes_by_mail(officer, leader, town)
    for number, title in enumerate((DONE, EXCEPTED, TO_COME), start=12):
        published_by_itself(leader, title, number, town)
        public_page(visitor, title, town)
        visitor.says(COUNTS, IN_PRINCIPLE, ORGANISATION)
    excepted(officer, town)
    public_page(visitor, EXCEPTED, town)
    does_not_count(visitor)
    takes_part_today(helper, DONE, town)
    expect(own_row(helper, DONE, town)).to_contain_text("指定された活動")
    trusted_no_more(officer, town)
    mail = town.mail(leader, ENDED)
    assert ORGANISATION in mail
    public_page(visitor, TO_COME, town)
    does_not_count(visitor)
    the_last_day_is_over(town)
    takes_part_today(helper, TO_COME, town)
    expect(own_row(helper, TO_COME, town)).to_contain_text("指定なし")
    expect(own_row(helper, DONE, town)).to_contain_text("指定された活動")
    leader.walker.go(town.url("/workspace/"))
    leader.walker.says("この自治体で承認された団体を担当していません")
    in_the_ledger(helper, town)
    town.nothing_went_wrong()


def it_is_trusted(officer: Walker, town: Town) -> None:
    """Entered by staff, who choose pattern 2."""
    officer.go(town.admin("/admin/organisations/"))
    page = officer.page
    form = page.locator("form", has=page.get_by_role("button", name="この団体を登録する"))
    form.locator("[name=name]").fill(ORGANISATION)
    form.locator("[name=kana]").fill("モトヨシサトヤマノカイ")
    form.locator("[name=kind]").select_option(label="NPO")
    form.locator("[name=pattern][value='2']").check()
    form.locator("[name=contact_phone]").fill("0226-42-0001")
    officer.press("この団体を登録する")
    officer.says(f"{ORGANISATION}を登録しました")
    row = page.get_by_role("row", name=re.compile(ORGANISATION))
    expect(row).to_contain_text("パターン2")


def its_manager_comes_by_mail(officer: Walker, leader: Person, town: Town) -> None:
    officer.press(ORGANISATION, "link")
    officer.fill(email=leader.email)
    officer.press("責任者として招待する")
    officer.says("招待のメールを送りました")
    mail = town.mail(leader, ORGANISATION)
    leader.walker.go(first_link(mail, r"http\S+/organisations/invitation/\S*"))
    leader.walker.press("引き受ける")
    leader.walker.says(ORGANISATION, "責任者")


def published_by_itself(leader: Person, title: str, days: int, town: Town) -> None:
    """Public at once, without anybody of the municipality."""
    walker = leader.walker
    walker.go(town.url("/workspace/"))
    walker.press("活動を募集する", "link")
    walker.press("ひな型を使わずに書く", "link")
    walker.fill(
        title=title,
        summary="里山をみんなで手入れします。",
        day=f"{clock.today() + timedelta(days=days):%Y-%m-%d}",
        place="本吉町 里山入口",
    )
    walker.page.locator("[name=category]").select_option(label="清掃・美化")
    walker.press("提出する")
    walker.says("活動を公開しました", title)


def public_page(visitor: Walker, title: str, town: Town) -> None:
    visitor.find_activity(town.url("/activities/"), title)


def does_not_count(visitor: Walker) -> None:
    for words in (COUNTS, IN_PRINCIPLE, "実績になります"):
        expect(visitor.page.locator("main")).not_to_contain_text(words)


def excepted(officer: Walker, town: Town) -> None:
    """By one no in the editor of the page, with its reason."""
    with town.platform.own_process(), municipality_context(town.place):
        number = ActivityPage.objects.get(title=EXCEPTED).pk
    page = officer.page
    officer.page.goto(town.admin(f"/admin/pages/{number}/edit/"))
    page.locator("[name=lack_of_hands][value=yes]").check()
    page.locator("[name=lack_of_hands_reason]").fill("人手は足りていません。")
    page.locator("[name=public_benefit][value=no]").check()
    page.locator("[name=public_benefit_reason]").fill(NOT_NEEDED)
    publish(officer)
    page.get_by_text("公開されました").first.wait_for()


def takes_part_today(helper: Person, title: str, town: Town) -> None:
    """The day has come; the code is read at the venue."""
    midnight = datetime.combine(clock.today(), time(), clock.TOKYO)
    began = max(clock.now() - timedelta(minutes=20), midnight)
    with town.platform.own_process(), municipality_context(town.place):
        session = Session.objects.get(page__title=title).uuid
    town.change(session, starts_at=began, ends_at=began + timedelta(hours=2))
    with town.platform.own_process():
        connection.set_schema_to_public()
        token = venue_token(town.place.code, session)
    helper.walker.go(town.portal(f"/c/{token}/"))
    helper.walker.says(title)
    helper.walker.press("参加を記録する")
    helper.walker.says("参加を記録しました")


def own_row(who: Person, title: str, town: Town) -> Locator:
    who.walker.go(town.portal("/my/history/"))
    return who.walker.page.get_by_role("row", name=re.compile(title))


def trusted_no_more(officer: Walker, town: Town) -> None:
    """From tomorrow on: a day that is over cannot be taken away."""
    officer.go(town.admin("/admin/organisations/"))
    officer.press(ORGANISATION, "link")
    officer.page.locator("[name=change][value=end]").check()
    officer.fill(day=f"{clock.today() - timedelta(days=1):%Y-%m-%d}", reason=ENDED)
    officer.press("変更を保存する")
    expect(officer.page.locator("[name=reason]")).to_have_value(ENDED)
    officer.fill(day=f"{clock.today():%Y-%m-%d}")
    officer.press("変更を保存する")
    officer.says("変更を保存しました", ENDED)


def the_last_day_is_over(town: Town) -> None:
    with town.platform.own_process():
        connection.set_schema_to_public()
        yesterday = clock.today() - timedelta(days=1)
        Standing.objects.filter(organisation__name=ORGANISATION).update(
            valid_from=yesterday, valid_to=yesterday
        )


def in_the_ledger(helper: Person, town: Town) -> None:
    """Each record says by what it counts, as it was on its day."""
    with town.platform.own_process():
        connection.set_schema_to_public()
        rows = ParticipationRecord.objects.filter(resident=helper.resident)
        found = {row.activity_title: row for row in rows}
    assert found[DONE].designation_basis.startswith("pattern=2;")
    assert (found[TO_COME].designated, found[TO_COME].designation_basis) == (False, "")
