"""Staff set conditions and decide with four eyes; the resident answers on a phone, is premium."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from common import clock
from common.wareki import jdate
from privacy.models import AccessRecord
from registration.models import MunicipalConditions, PremiumApplication
from registration.operations import premium
from registration.rules.terms import first_term
from tests.factories.accounts import signed_in_client
from tests.factories.guardians import verify
from tests.factories.premium import took_part_thrice
from tests.journeys.conftest import Platform
from tests.journeys.test_oversight import Tour, World
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
QUEUE = "/admin/premium/"
WANTED = "在職証明書（勤め先で発行したもの）"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_an_application_is_asked_about_and_granted_by_two(
    browser: Browser, platform: Platform, walkers: list[Walker], scripts: bool
) -> None:
    with platform.own_process():
        world = World(platform, "五" if scripts else "六")
        clients = {
            "officer": signed_in_client(world.officer, world.place, admin=True),
            "head": signed_in_client(world.colleague, world.place, admin=True),
            "applicant": signed_in_client(world.resident.user),
        }
    tours = {}
    for name, client in clients.items():
        size = PHONE if name == "applicant" else DESKTOP
        walkers.append(set_out(browser, size, java_script_enabled=scripts))
        world.let_in(walkers[-1], client)
        tours[name] = Tour(walkers[-1], f"{name}-{'js' if scripts else 'plain'}", scripts)
    officer, head, mine = tours["officer"], tours["head"], tours["applicant"]

    _ask_for_documents(world, head, officer)
    application = _applied(world)
    _question_and_answer(world, application, officer, mine)
    _decided_by_two(world, application, officer, head)
    _premium(world, mine)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def _ask_for_documents(world: World, head: Tour, officer: Tour) -> None:
    """The administrator tries conditions out, and sets them; the officer reads them."""
    page, path = head.page, world.platform.url("hida.admin", f"{QUEUE}conditions/")
    head.open(path, "プレミアム登録の条件")
    page.locator("[name=needed_participations]").fill("2")
    head.press("何が変わるかを確かめる", "年3回以上")
    page.locator("[name=needed_participations]").fill("3")
    page.locator("[name=asks_documents]").check()
    page.locator("[name=documents_wanted]").fill(WANTED)
    page.locator("[name=four_eyes]").check()
    head.press("何が変わるかを確かめる", "この条件で何が変わるか", "まだ何も設定されていません")
    expect(page.locator("[name=documents_wanted]")).to_have_value(WANTED)
    head.press("保存する", WANTED, "2人の職員が決定する")
    with world.platform.own_process():
        newest = MunicipalConditions.objects.newest_of(world.place)
        assert (newest.asks_documents, newest.four_eyes) == (True, True)
    officer.open(path, WANTED, "2人の職員が決定する")
    expect(officer.page.locator("[name=documents_wanted]")).to_have_count(0)


def _applied(world: World) -> PremiumApplication:
    """Somebody who meets every condition has applied with a file."""
    with world.platform.own_process():
        connection.set_schema_to_public()
        verify(world.resident, valid_until=clock.now() + timedelta(days=3650))
        took_part_thrice(world.resident, world.place)
        application = premium.apply(world.registration)
        premium.hand_in(application, "在職証明.PDF", b"%PDF-1.7\n%%EOF")
    assert application.status == "submitted"
    return application


def _question_and_answer(
    world: World, application: PremiumApplication, officer: Tour, mine: Tour
) -> None:
    page, name = officer.page, world.registration.name
    officer.open(world.platform.url("hida.admin", QUEUE), name, "宮城県気仙沼市")
    assert "南町1丁目" not in page.content()
    officer.press(name, "在職証明.PDF", "浜の清掃", "満たしています", role="link")
    with world.platform.own_process():
        record = AccessRecord.objects.get(resident=world.resident)
        assert (record.purpose, record.note) == ("premium", "")
    with page.expect_download():
        page.get_by_role("link", name="在職証明.PDF").click()
    officer.press("質問を送る", "質問を書いてください。")
    page.locator("[name=text]").fill("勤め先の住所を教えてください。")
    officer.press("質問を送る", "本人に質問を送りました。", "勤め先の住所を教えてください。")
    world.platform.mailbox.wait_for(world.resident.user.email, "飛騨市")

    place = f"/my/registrations/{world.place.code}/application/"
    mine.open(world.platform.url("", place), "勤め先の住所を教えてください。", "在職証明.PDF")
    mine.page.locator("[name=text]").fill("飛騨市古川町の製材所です。")
    mine.press("送信する", "送信した内容を提出しました", "飛騨市古川町の製材所です。")
    mine.open(world.platform.url("", "/my/access/"), "登録の申請の審査のため", "登録担当")
    officer.open(
        world.platform.url("hida.admin", f"{QUEUE}{application.pk}/"), "飛騨市古川町の製材所です。"
    )


def _decided_by_two(
    world: World, application: PremiumApplication, officer: Tour, head: Tour
) -> None:
    name = world.registration.name
    officer.press("書類を確認したので承認する", "別の職員の確認が必要です。")
    expect(officer.page.get_by_role("button", name="確定して承認する")).to_have_count(0)
    head.open(world.platform.url("hida.admin", "/admin/"), "決定を待つ申請")
    head.open(world.platform.url("hida.admin", f"{QUEUE}?state=second"), name)
    many = world.platform.url("hida.admin", f"{QUEUE}many/")
    officer.open(many, "対象にならない申請", name)
    head.open(many, name, "選んだ申請を承認する")
    head.press(name, "登録 花子", "確定して承認する", role="link")
    head.press("確定して承認する", "承認しました。本人にメールでお知らせします。", "課長 太郎")
    head.press("印刷用のお知らせ", "南町1丁目", world.registration.number, role="link")
    head.open(many, "まとめて承認")
    assert name not in head.page.content()
    with world.platform.own_process():
        application.refresh_from_db()
        assert application.status == "granted"
        assert (application.first_by, application.decided_by) == (world.officer, world.colleague)
        assert not application.documents.exists()


def _premium(world: World, mine: Tour) -> None:
    until = jdate(first_term(clock.today())[1])
    world.platform.mailbox.wait_for(world.resident.user.email, "プレミアム登録")
    path = f"/my/registrations/{world.place.code}/"
    mine.open(world.platform.url("", path), until, "プレミアム登録の認定")
    mine.open(world.platform.url("", "/my/"), f"プレミアム登録は{until}まで")
