"""An organisation enters itself, is recognised, and announces an activity from a phone; the
municipality designates it, a resident comes along, the report reaches the municipality."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from accounts.models import Resident
from activities.models import Session
from common import clock
from common.wareki import jdate
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform, first_link
from tests.journeys.test_counter import carry
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
ORGANISATION, TITLE = "鹿折浜通り自治会", "鹿折の花だん作り"
EXAMPLE = "地区の清掃活動"
# What an officer of eighty has to get through on a phone to announce an activity; one press of
# these is a mistake.
MOST_SCREENS, MOST_FIELDS, MOST_TO_FILL, MOST_PRESSES = 3, 5, 3, 4
READ = "async a => [...new Uint8Array(await (await fetch(a)).arrayBuffer())]"


def test_from_entering_an_organisation_to_its_report(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    officer, chair, helper = (
        set_out(browser, DESKTOP), set_out(browser, PHONE), set_out(browser, PHONE)
    )  # fmt: skip
    walkers += [officer, chair, helper]
    with platform.own_process():
        connection.set_schema_to_public()
        place = Municipality.objects.get(pk=KESENNUMA)
        # Designates, and answers organisations: both are the administrator's.
        staff = make_member(place, Role.ADMINISTRATOR, name="団体 係長")
        client = signed_in_client(staff, place, admin=True)
        carry(officer, client, platform.url("kesennuma.admin"))
        manager = a_resident(chair, "kaicho@example.jp", "会長", "09011112222", platform, place)
        comes = a_resident(helper, "tetsudai@example.jp", "手伝", "09033334444", platform, place)
    it_enters_itself(chair, platform)
    it_is_recognised(officer, platform)
    an_activity_is_announced(chair, platform, manager)
    it_is_designated(officer, platform, manager)
    somebody_comes_along(helper, platform)
    who_has_signed_up(chair, platform, comes)
    its_date_is_moved(chair, platform, place, comes)
    a_need_is_told_and_withdrawn(chair, platform)
    the_day_has_come(platform, place)
    the_check_in_is_run(browser, chair, platform, comes, walkers)
    somebody_wrote_on_the_list(chair, platform, place)
    the_day_has_passed(platform, place)
    the_report_is_handed_in(chair, officer, platform)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def a_resident(
    walker: Walker, email: str, name: str, phone: str, platform: Platform, place: Municipality
) -> Resident:
    """Somebody who has signed in on the portal and on the municipality's host."""
    resident: Resident = ResidentFactory(given_name=name, phone=phone, user__email=email)
    carry(walker, signed_in_client(resident.user), platform.url(""))
    carry(walker, signed_in_client(resident.user, place), platform.url("kesennuma"))
    return resident


def it_enters_itself(chair: Walker, platform: Platform) -> None:
    """Without a corporate number, as most have none."""
    chair.go(platform.url("", "/my/organisations/"))
    chair.press("団体を登録する", "link")
    chair.fill(name=ORGANISATION, kana="シシオリハマドオリジチカイ", contact_phone="0226-22-0001")
    chair.page.locator("[name=kind]").select_option(label="自治会・町内会")
    chair.press("次へ進む")
    chair.page.locator("[name=municipality]").select_option(label="宮城県気仙沼市")
    chair.fill(plan="花だん作りと夏祭り")
    chair.press("申請を送る")
    chair.says("宮城県気仙沼市に申請しました", "自治体の決定待ち")


def it_is_recognised(officer: Walker, platform: Platform) -> None:
    officer.go(platform.url("kesennuma.admin", "/admin/organisations/"))
    officer.press(ORGANISATION, "link")
    officer.says("花だん作りと夏祭り")
    officer.page.locator("[name=answer][value='1']").check()
    officer.press("団体に回答する")
    officer.says("パターン1")


def an_activity_is_announced(chair: Walker, platform: Platform, manager: Resident) -> None:
    """On a phone: from the workspace over a template and one short form back to it. What somebody
    of eighty does in five minutes is counted in screens, fields and presses: clocks of test
    machines say nothing."""
    page = chair.page
    mail = platform.mailbox.wait_for(manager.user.email, "承認しました")
    chair.go(first_link(mail, r"http\S+/workspace/\S*"))
    home, screens, presses = page.url, [page.url], 0
    for name in ("活動を募集する", f"このひな型を使う {EXAMPLE}"):
        chair.press(name, "link")
        screens.append(page.url)
        presses += 1
    fields = page.locator("form.form :is(input, select, textarea):visible")
    assert fields.count() <= MOST_FIELDS
    for name in ("title", "begins", "ends"):
        expect(page.locator(f"[name={name}]")).not_to_have_value("")
    filled = {"title": TITLE, "day": f"{clock.today() + timedelta(days=14):%Y-%m-%d}",
              "place": "鹿折公民館"}  # fmt: skip
    chair.press("提出する")
    presses += 1
    chair.says("入力内容をご確認ください")  # a press too early loses nothing
    chair.fill(**filled)
    assert len(filled) <= MOST_TO_FILL
    chair.press("提出する")
    presses += 1
    assert page.url == home
    assert len(screens) <= MOST_SCREENS
    assert presses <= MOST_PRESSES
    chair.says("自治体に提出しました", "自治体の決定待ち")


def it_is_designated(officer: Walker, platform: Platform, manager: Resident) -> None:
    """Both questions of R18, asked by the workflow; with twice yes it is public at once."""
    before = len(platform.mailbox.messages)
    officer.go(platform.url("kesennuma.admin", "/admin/projects/"))
    officer.look()
    officer.press(TITLE, "link")
    officer.page.locator("footer [aria-expanded]").last.click()
    officer.page.get_by_role("button", name="指定して公開する").click()
    modal = officer.page.locator(".modal-content")
    answer = modal.get_by_role("button", name="指定して公開する")
    modal.locator("[name=lack_of_hands][value=yes]").check()
    answer.click()  # one question is not enough, and nothing entered is lost
    expect(modal.locator(".error-message").first).to_be_visible()
    expect(modal.locator("[name=lack_of_hands][value=yes]")).to_be_checked()
    modal.locator("[name=public_benefit][value=yes]").check()
    modal.locator("[name=lack_of_hands_reason]").fill("植える人が足りません。")
    modal.locator("[name=public_benefit_reason]").fill("だれもが通る道です。")
    answer.click()
    officer.says("更新")
    platform.mailbox.wait_for(manager.user.email, "活動を指定しました", before)


def somebody_comes_along(helper: Walker, platform: Platform) -> None:
    """The public page says whose word it is that this counts."""
    helper.find_activity(platform.url("kesennuma", "/activities/"), TITLE)
    helper.says(ORGANISATION, "担い手活動の実績になります", "自治体の指定", "宮城県気仙沼市",
                "担い手不足に応え、公益性が十分にある活動です")  # fmt: skip
    # Since when, too: it was decided today.
    told = helper.page.locator("dt", has_text="自治体の指定").locator(
        "xpath=following-sibling::dd[1]"
    )
    expect(told).to_contain_text(f"宮城県気仙沼市（{jdate(clock.today())}）")
    expect(helper.page.locator("body")).not_to_contain_text("団体 係長")
    helper.page.locator("[id^=session-]").get_by_role("link", name="申し込む").click()
    helper.look()
    helper.press("申し込む")
    helper.says("申込みを受け付けました")


def who_has_signed_up(chair: Walker, platform: Platform, comes: Resident) -> None:
    """What an organiser needs and no more, on the screen and on paper; the poster."""
    page = chair.page
    chair.go(platform.url("kesennuma", "/workspace/"))
    poster = page.get_by_role("link", name="ポスター").first.get_attribute("href")
    page.get_by_role("link", name="申し込んだ人").first.click()  # of its date
    chair.says(comes.name, "090", "3333")
    expect(page.locator("body")).not_to_contain_text("tetsudai@example.jp")
    page.emulate_media(media="print")
    expect(page.get_by_role("rowheader", name=comes.name)).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    page.emulate_media(media="screen")
    sheet = PdfReader(io.BytesIO(bytes(page.evaluate(READ, poster))))
    assert TITLE in sheet.pages[0].extract_text()


def its_date_is_moved(
    chair: Walker, platform: Platform, place: Municipality, comes: Resident
) -> None:
    """By an hour, after a look at how many are told; nothing happens before. A cancellation too is
    shown first, and left."""
    with platform.own_process(), municipality_context(place):
        session = Session.objects.get(page__title=TITLE)
    begins, ends = (
        (at + timedelta(hours=1)).astimezone(clock.TOKYO)
        for at in (session.starts_at, session.ends_at)
    )
    before = len(platform.mailbox.messages)
    chair.go(platform.url("kesennuma", "/workspace/"))
    chair.page.get_by_role("link", name="日程の変更・中止").first.click()
    chair.look()
    chair.press("中止の確認へ進む")
    chair.says("入力内容をご確認ください")
    chair.fill(reason="大雨の予報のため")
    chair.press("中止の確認へ進む")
    chair.says("申し込んだ1人に", "大雨の予報のため", "元に戻すことはできません")
    chair.press("入力し直す")
    chair.fill(starts_at=f"{begins:%Y-%m-%dT%H:%M}", ends_at=f"{ends:%Y-%m-%dT%H:%M}")
    chair.press("変更の確認へ進む")
    chair.says("申し込んだ1人に", "変更前", "変更後")
    chair.press("この日程を変更する")
    chair.says("日程を変更しました")
    platform.mailbox.wait_for(comes.user.email, TITLE, before)


def a_need_is_told_and_withdrawn(chair: Walker, platform: Platform) -> None:
    chair.press("困りごとを伝える", "link")
    chair.fill(title="水やり", wanted="花だんの水やりの人手が足りません。", place="浜通り")
    chair.press("この困りごとを知らせる")
    chair.says("受け付けました")
    chair.page.locator("summary", has_text="取り下げる 水やり").click()
    chair.press("この困りごとを取り下げる 水やり")
    chair.says("取り下げました")


def the_day_has_come(platform: Platform, place: Municipality) -> None:
    """It began a moment ago."""
    it_is_moved(platform, place, clock.now() - timedelta(minutes=1))


def the_day_has_passed(platform: Platform, place: Municipality) -> None:
    it_is_moved(platform, place, clock.now() - timedelta(hours=4))


def it_is_moved(platform: Platform, place: Municipality, starts_at: datetime) -> None:
    with platform.own_process(), municipality_context(place):
        Session.objects.filter(page__title=TITLE).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
        )


def the_check_in_is_run(
    browser: Browser, chair: Walker, platform: Platform, comes: Resident, walkers: list[Walker]
) -> None:
    """It comes first in the workspace; a second phone becomes the desk and shows the changing
    code; whoever is on the list is entered by a press; the phone is ended."""
    page = chair.page
    chair.go(platform.url("kesennuma", "/workspace/"))
    chair.says("今日の受付")
    chair.press(f"当日の受付 {TITLE}", "link")
    chair.says("当日の6桁の番号", "受付")
    chair.press("端末用のリンクを作る")
    chair.says("このリンクを端末で開いてください")
    link = page.get_by_role("link", name="いま使っているスマートフォンを端末にする").get_attribute(
        "href"
    )
    assert link is not None
    phone = set_out(browser, PHONE)
    walkers.append(phone)
    phone.go(link)
    phone.press("この端末を使う")
    expect(phone.page.locator("[data-part=title]")).to_have_text(TITLE)
    phone.press("変わるコードを表示する")
    expect(phone.page.locator("[data-part=qr] svg")).to_be_visible()
    chair.go(page.url)
    chair.press(f"参加を記録する {comes.name}")
    chair.says("完了しました")
    # The counter is asked anew by itself, as on staff's screen.
    with page.expect_response("**/check-in/count/") as heard:
        expect(page.locator("#count .figures__value").nth(1)).to_have_text("1")
    assert heard.value.ok
    phone.context.close()
    chair.press("使用を終える 受付")
    chair.says("に終了しました")


def somebody_wrote_on_the_list(chair: Walker, platform: Platform, place: Municipality) -> None:
    """Without having signed up: by number and name, and not by either alone."""
    with platform.own_process():
        known = register_resident(ResidentFactory(user__email="tobiiri@example.jp"), place)
    before = len(platform.mailbox.messages)
    chair.fill(number=known.number, name="別の 名前")
    chair.press("参加を記録する")
    chair.says("この番号と名前では記録できませんでした")
    chair.fill(name=known.name)
    chair.press("参加を記録する")
    chair.says(f"登録番号 {known.number} の方の参加を記録しました")
    expect(chair.page.locator(".messages")).to_be_in_viewport()
    expect(chair.page.locator("#count .figures__value").nth(1)).to_have_text("2")
    expect(chair.page.locator("body")).not_to_contain_text(known.name)
    platform.mailbox.wait_for("tobiiri@example.jp", "紙の名簿", before)


def the_report_is_handed_in(chair: Walker, officer: Walker, platform: Platform) -> None:
    """And is in front of the municipality without anybody sending it."""
    chair.go(platform.url("kesennuma", "/workspace/"))
    chair.says("活動報告が未提出です")
    chair.press(f"活動報告を提出する {TITLE}", "link")
    chair.press("活動報告を提出する")
    chair.says("入力内容をご確認ください")
    chair.fill(people="8", done="苗を200本植えました。")
    chair.press("活動報告を提出する")
    chair.says("活動報告を自治体に提出しました")
    officer.go(platform.url("kesennuma.admin", "/admin/projects/"))
    officer.says("苗を200本植えました。")
