"""Who gets a place, and how they learn of it: by lot, by approval, as a family with a minor, from
the waiting list."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Browser, Locator, expect

from attendance.models import SignUp
from attendance.operations.signing_up.promoting import lapse_due
from common import clock
from tests.factories.guardians import make_consent, make_minor
from tests.journeys.conftest import Platform, first_link
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
BY_LOT, BY_APPROVAL = "大島の椿油しぼり", "森の間伐の手伝い"
FOR_FAMILIES, FOR_ONE = "浜のかに観察会", "防潮堤の花の水やり"
REASON = "チェーンソーの経験が必要な作業のため"


@pytest.fixture
def town(browser: Browser, platform: Platform, walkers: list[Walker]) -> Town:
    return Town(browser, platform, walkers)


def to_the_form(who: Person, title: str, session: UUID, town: Town, link: str = "申し込む") -> None:
    """From the list over the activity to the form of one date."""
    walker = who.walker
    walker.find_activity(town.url("/activities/"), title)
    walker.page.locator(f"#session-{session}").get_by_role("link", name=link).click()
    walker.look()


def own_card(who: Person, title: str, town: Town) -> Locator:
    """What their own page of the portal says of a sign-up."""
    who.walker.go(town.portal("/my/sign-ups/"))
    return who.walker.page.locator("article", has_text=title)


# By lot


def test_places_by_lot_are_drawn_told_and_can_be_checked(town: Town) -> None:
    officer, visitor = town.officer(), town.stranger()
    people = [town.person("椿"), town.person("楓")]
    until = clock.now() + timedelta(days=1)
    [session] = town.activity(BY_LOT, {"capacity": 1, "mode": "lottery", "apply_until": until})
    committed = the_seed_is_committed_to(visitor, session, town)
    tickets = [applied(one, session, town) for one in people]
    drawn_at_the_desk(officer, session, town)
    order = result_checked_by_anybody(visitor, session, committed, people, town)
    assert sorted(order) == sorted(tickets)
    winner, loser = sorted(people, key=lambda one: order.index(tickets[people.index(one)]))
    assert "当選されました" in town.mail(winner, order[0])
    assert "順番は2番目でした" in town.mail(loser, order[1])
    expect(own_card(winner, BY_LOT, town)).to_contain_text("申込み済みです")
    expect(own_card(loser, BY_LOT, town)).to_contain_text("キャンセル待ち中です")
    expect(own_card(loser, BY_LOT, town)).to_contain_text("現在1番目です")
    town.nothing_went_wrong()


def the_seed_is_committed_to(visitor: Walker, session: UUID, town: Town) -> str:
    """Its hash stands there before anybody has applied; the seed itself does not."""
    visitor.find_activity(town.url("/activities/"), BY_LOT)
    visitor.press("抽選の方法と結果", "link")
    visitor.says("シードのハッシュ値")
    codes = visitor.page.locator("main dl code")
    expect(codes).to_have_count(1)
    return codes.inner_text()


def applied(who: Person, session: UUID, town: Town) -> str:
    """The number their lot has."""
    to_the_form(who, BY_LOT, session, town)
    who.walker.says("抽選")
    who.walker.press("応募する")
    who.walker.says("応募を受け付けました", "応募済みです", "抽選番号")
    town.mail(who, "応募を受け付けました")
    return who.walker.page.locator("main dl code").inner_text()


def drawn_at_the_desk(officer: Walker, session: UUID, town: Town) -> None:
    """Not before the end of sign-up."""
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    officer.says("過ぎると自動で行われます")
    expect(officer.page.get_by_role("button", name="いま抽選する")).to_have_count(0)
    town.change(session, apply_until=clock.now() - timedelta(minutes=1))
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    officer.press("いま抽選する")
    officer.says("抽選を行い、全員に知らせました", "結果は公開されています")


def result_checked_by_anybody(
    visitor: Walker, session: UUID, committed: str, people: list[Person], town: Town
) -> list[str]:
    """With hash and HMAC of any computer; the tickets in the order drawn."""
    visitor.go(town.url(f"/sessions/{session}/draw/"))
    shown, seed = visitor.page.locator("main dl code").all_inner_texts()
    assert shown == committed == hashlib.sha256(seed.encode()).hexdigest()
    rows = visitor.page.locator("main tbody tr")
    tickets = rows.locator("code").all_inner_texts()
    expect(rows.nth(0)).to_contain_text("当選")
    expect(rows.nth(1)).to_contain_text("キャンセル待ち")

    def rank(ticket: str) -> str:
        return hmac.new(seed.encode(), ticket.encode(), hashlib.sha256).hexdigest()

    assert tickets == sorted(tickets, key=rank)
    for one in people:
        expect(visitor.page.locator("main")).not_to_contain_text(one.resident.name)
    return tickets


# By approval


def test_staff_approve_one_and_decline_another_with_a_reason(town: Town) -> None:
    officer = town.officer()
    skilled, keen = town.person("樹"), town.person("森")
    [session] = town.activity(BY_APPROVAL, {"capacity": 2, "mode": "approval"})
    for one in (skilled, keen):
        to_the_form(one, BY_APPROVAL, session, town)
        one.walker.press("応募する")
        one.walker.says("応募を受け付けました", "応募済みです")
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    officer.says(skilled.resident.name, keen.resident.name)
    officer.press(f"{skilled.resident.name}さんを承認する")
    officer.says("承認し、申込者に知らせました")
    officer.press(f"{keen.resident.name}さんを断る")  # not without a reason
    officer.says("理由を入力してください")
    officer.page.get_by_label("理由（申込者に知らせます）").fill(REASON)
    officer.press(f"{keen.resident.name}さんを断る")
    officer.says("お断りし、理由を申込者に知らせました", REASON)
    town.mail(skilled, "この活動へのご参加が承認されました")
    assert f"理由：{REASON}" in town.mail(keen, BY_APPROVAL)
    expect(own_card(skilled, BY_APPROVAL, town)).to_contain_text("申込み済みです")
    keen.walker.go(town.portal("/my/sign-ups/"))
    keen.walker.says("承認されませんでした", f"理由：{REASON}")
    keen.walker.go(town.url(f"/sessions/{session}/sign-up/"))
    keen.walker.says("この活動への参加は承認されませんでした", REASON)
    expect(keen.walker.page.get_by_role("button", name="応募する")).to_have_count(0)
    town.nothing_went_wrong()


# A family with a minor


def gives_back(who: Person) -> None:
    """Asked once more: the place goes to the next."""
    who.walker.unfold("申込みを取り消す")
    who.walker.press("この申込みを取り消す", exact=False)


def test_a_family_with_a_minor_gets_all_places_or_waits_for_all(town: Town) -> None:
    officer, has_one = town.officer(), town.person("海")
    with town.platform.own_process():
        connection.set_schema_to_public()
        child = make_minor(given_name="渚", phone="09070001111")
        make_consent(child)
    family = town.person("渚", child)
    [session] = town.activity(FOR_FAMILIES, {"capacity": 3})
    to_the_form(has_one, FOR_FAMILIES, session, town)
    has_one.walker.press("申し込む")
    has_one.walker.says("申込みを受け付けました")
    one_place_too_few(family, session, town)
    gives_back(has_one)
    has_one.walker.says("申込みを取り消しました")
    mail = town.mail(family, "までにご回答ください")
    assert "2" in mail
    card = own_card(family, FOR_FAMILIES, town)
    expect(card).to_contain_text("磯 一郎")
    family.walker.press("参加する")
    expect(card).to_contain_text("申込み済みです")
    the_guardian_can_be_reached(officer, session, town)
    town.nothing_went_wrong()


def one_place_too_few(family: Person, session: UUID, town: Town) -> None:
    """Said with the number that is left; nothing entered is lost, and the line is offered."""
    walker, page = family.walker, family.walker.page
    to_the_form(family, FOR_FAMILIES, session, town)
    page.locator("summary", has_text="家族や友人と参加する").click()
    walker.fill(name_1="磯 一郎", name_2="磯 二葉")
    page.locator("[name=age_1]").select_option(index=1)
    walker.press("申し込む")
    # The guardian's contact, and how old the second is, were left out.
    walker.says("入力内容をご確認ください", "この方の年代を選んでください")
    page.locator("[name=age_2]").select_option(index=1)
    walker.fill(guardian_name="磯 花子", guardian_phone="090-7000-2222")
    walker.press("申し込む")
    walker.says("空きは2名分です", "キャンセル待ちに登録できます（1番目になります）")
    expect(page.get_by_role("button", name="人数を減らして申し込む")).to_be_visible()
    kept = {"name_1": "磯 一郎", "name_2": "磯 二葉", "guardian_name": "磯 花子"}
    for name, value in kept.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    walker.press("キャンセル待ちに登録する")
    walker.says("キャンセル待ち中です", "キャンセル待ちの順番", "磯 二葉")


def the_guardian_can_be_reached(officer: Walker, session: UUID, town: Town) -> None:
    """Numbers are not shown unasked; the guardian's comes with the child's."""
    page = officer.page
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    officer.says("同行者を含めて3名が参加予定です", "渚")
    expect(page.locator("body")).not_to_contain_text("0907000")
    officer.press("申込みと参加者", "link")
    officer.press("記録して開く")
    officer.says("09070001111")
    officer.go(town.admin(f"/admin/sessions/{session}/sign-ups/"))
    officer.says("磯 花子", "09070002222", "磯 一郎")


# The waiting list


def test_a_place_given_back_goes_down_the_line(town: Town) -> None:
    first, second, third = (town.person(name) for name in ("一葉", "双葉", "三葉"))
    [session] = town.activity(FOR_ONE, {"capacity": 1, "answer_hours": 24})
    to_the_form(first, FOR_ONE, session, town)
    first.walker.press("申し込む")
    for number, one in enumerate((second, third), start=1):
        to_the_form(one, FOR_ONE, session, town, "キャンセル待ちについて")
        one.walker.says(f"{number}番目になります")
        one.walker.press("キャンセル待ちに登録する")
        one.walker.says("キャンセル待ち中です")
        one.walker.press(FOR_ONE, "link")
        one.walker.press("申込みの状況を見る", "link")
        one.walker.says("キャンセル待ち中です")
    first.walker.go(town.url(f"/sessions/{session}/sign-up/"))
    gives_back(first)
    mail = town.mail(second, "までにご回答ください")
    answered_too_late(second, first_link(mail, r"http\S+/my/sign-ups/\S*"), session, town)
    mail = town.mail(third, "までにご回答ください")
    third.walker.go(first_link(mail, r"http\S+/my/sign-ups/\S*"))
    third.walker.says("空きが出ました", "までにご回答ください")
    third.walker.press("参加する")
    expect(own_card(third, FOR_ONE, town)).to_contain_text("申込み済みです")
    second.walker.go(town.portal("/my/sign-ups/"))
    second.walker.says("期限までに回答がありませんでした")
    town.nothing_went_wrong()


def answered_too_late(who: Person, link: str, session: UUID, town: Town) -> None:
    """The page is still open when the time to answer ends; the place goes on."""
    walker = who.walker
    walker.go(link)
    walker.says("空きが出ました", "までにご回答ください")
    with town.platform.own_process():
        connection.set_schema_to_public()
        row = SignUp.objects.filter(session_uuid=session, resident=who.resident)
        row.update(answer_by=clock.now() - timedelta(minutes=1))
    late = walker.page.get_by_role("button", name="参加する")
    walker.press("参加する")
    # The caretaker may have been at it in between.
    expect(walker.page.get_by_role("alert")).to_contain_text(
        re.compile("空きは次の方へ回りました|今の状況をご確認ください")
    )
    expect(late).to_have_count(0)
    with town.platform.own_process():
        connection.set_schema_to_public()
        lapse_due()
    town.mail(who, FOR_ONE)
