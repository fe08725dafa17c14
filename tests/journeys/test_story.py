"""The main job in one walk: a municipality joins, a resident registers, helps, checks in and
holds a certificate. Real browser, mail server, worker and database; each function is one
chapter. 石巻市 joins; 気仙沼市, 飛騨市 and 宮城県 take part already."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy
import pytest
from PIL import Image
from playwright.sync_api import Browser, TimeoutError, expect
from pypdf import PdfReader

from accounts.models import Resident
from attendance.operations.check_in import check_in
from common import clock
from common.wareki import jdatetime
from tests.journeys.conftest import Platform, first_link
from tests.journeys.walking import DESKTOP, PHONE, Walker, enrol, set_out

pytestmark = pytest.mark.journey

CITY, SLUG, CODE = "宮城県石巻市", "ishinomaki", "042021"
OPERATOR, OFFICER = "operator@example.jp", "officer@city.example.jp"
COORDINATOR, MODERATOR = "coordinator@city.example.jp", "moderator@city.example.jp"
HANAKO, ICHIRO, OUTSIDER = "hanako@example.jp", "ichiro@example.jp", "midori@example.jp"
PASSWORD = "ishinomaki-no-umi-2026"
ACTIVITY = "北上川の岸辺の清掃"
LEAD = "川と海が出会うまち、石巻へようこそ。"


def test_the_story(
    browser: Browser, platform: Platform, walkers: list[Walker], tmp_path: Path
) -> None:
    def somebody(viewport: dict[str, int] = PHONE) -> Walker:
        walkers.append(set_out(browser, viewport))
        return walkers[-1]

    officer, operator, coordinator, visitor, hanako = (
        somebody(DESKTOP), somebody(DESKTOP), somebody(DESKTOP), somebody(), somebody()
    )  # fmt: skip
    a_municipality_joins(visitor, operator, platform)
    the_first_member_signs_in(officer, platform)
    the_introduction_is_edited(officer, platform, tmp_path)
    the_municipality_opens(operator, visitor, platform)
    the_survey_gets_an_own_item(officer, platform)
    a_coordinator_is_invited(officer, coordinator, platform)
    starts = an_activity_is_published(coordinator, visitor, platform)
    a_resident_registers(hanako, HANAKO, "花子", platform)
    my_page_shows_the_registration(hanako, platform)
    posters = [scanned(coordinator, platform, tmp_path, start) for start in starts]
    a_participation_is_recorded_once(hanako, posters, platform)
    she_took_part_on_two_days_before(posters, starts, platform)
    my_page_says_what_is_missing(hanako, platform)
    certificate = an_activity_certificate_is_made(hanako, platform, tmp_path)
    anybody_can_check_it(visitor, officer, certificate, platform)
    ichiro, outsider = somebody(), somebody()
    a_resident_registers(ichiro, ICHIRO, "一郎", platform)
    the_room_is_for_registrants(hanako, ichiro, outsider, platform)
    staff_hide_a_post(somebody(DESKTOP), ichiro, platform)
    every_screen_of_ours_is_looked_at(officer, platform)
    problems = [problem for walker in walkers for problem in walker.problems]
    assert not problems, "\n".join(problems)


def a_municipality_joins(visitor: Walker, operator: Walker, platform: Platform) -> None:
    """1: the public form, terms agreed; the operator approves; the worker sets it up."""
    platform.manage(
        "make_operator", OPERATOR, "--name", "運営担当", "--password-stdin", typed=PASSWORD
    )
    visitor.go(platform.url(""))
    visitor.press("利用申請をする", role="link")
    visitor.page.locator("[name=prefecture]").select_option(label="宮城県")
    visitor.press("次へ")
    visitor.page.locator("[name=local_government]").select_option(label="石巻市")
    visitor.fill(
        department="ふるさと住民係",
        contact_name="石巻 太郎",
        contact_email=OFFICER,
        contact_phone="０２２５－９５－１１１１",
    )
    visitor.press("申請する")
    visitor.says("入力内容をご確認ください")  # the terms are not agreed to yet (R28)
    expect(visitor.page.locator("[name=contact_name]")).to_have_value("石巻 太郎")
    visitor.page.locator("[name=agree]").check()
    visitor.press("申請する")
    visitor.says("申請を受け付けました")
    platform.mailbox.wait_for(OFFICER, CITY)

    operator.go(platform.url("operator"))
    operator.fill(username=OPERATOR, password=PASSWORD)
    operator.press("ログイン")
    enrol(operator)
    operator.go(platform.url("operator", "/requests/"))
    operator.press(CITY, role="link")
    operator.says("ふるさと住民係", "第1.0版")
    operator.press("承認して準備を始める")
    try:  # the caretaker may be at another's work, or its processor at another suite's
        operator.page.get_by_text("準備が完了しました").wait_for(timeout=240_000)
    except TimeoutError as error:
        shown = operator.page.locator("#progress").inner_text()
        raise AssertionError(f"{shown}\n{platform.log()}") from error
    operator.look()


def the_first_member_signs_in(officer: Walker, platform: Platform) -> None:
    invitation = first_link(platform.mailbox.wait_for(OFFICER, "/welcome/"))
    officer.go(invitation)
    officer.fill(name="石巻 太郎", password=PASSWORD)
    officer.press("始める")
    enrol(officer)
    officer.says("ページ", "登録時アンケート", "職員")


def the_introduction_is_edited(officer: Walker, platform: Platform, folder: Path) -> None:
    """2: blocks, a picture that must be described, preview, publish."""
    page = officer.page
    page.goto(platform.url(f"{SLUG}.admin", "/admin/pages/"))
    page.get_by_role("link", name=CITY[3:], exact=True).first.click()
    page.locator("[name=lead]").fill(LEAD)
    add_block(officer, "画像")
    page.get_by_role("button", name="画像を選択").last.click()
    page.get_by_role("tab", name="アップロード").click()
    picture = folder / "kawa.png"
    Image.new("RGB", (1600, 900), "teal").save(picture)
    page.locator(".modal [type=file]").set_input_files(picture)
    page.locator(".modal [name$=title]").fill("北上川")
    upload = page.locator(".modal").get_by_role("button", name="アップロード")
    upload.click()
    expect(page.locator(".modal")).to_contain_text("必須")  # a picture says what it shows
    page.locator(".modal [name$=description]").fill("夕日にかがやく北上川")
    upload.click()
    page.locator(".modal").wait_for(state="detached")
    add_block(officer, "基本情報")
    page.locator("[name$=value-heading]").last.fill("石巻市のあらまし")
    page.locator("[name$=value-label]").last.fill("人口")
    page.locator("[name$=value-value]").last.fill("約13万人")
    publish(officer)
    officer.says("必須")  # the picture's description is missing, and nothing is published
    page.locator("[name$=value-alt_text]").fill("夕日にかがやく北上川")
    page.get_by_role("button", name="プレビューの表示を切り替え").click()
    preview = page.frame_locator("iframe[title]").first
    expect(preview.locator("body")).to_contain_text(LEAD)
    publish(officer)
    page.get_by_text("公開されました").first.wait_for()


def the_municipality_opens(operator: Walker, visitor: Walker, platform: Platform) -> None:
    """2: its staff have prepared it; the operator publishes it, and visitors see it."""
    visitor.go(platform.url(SLUG))
    visitor.says("準備中")
    expect(visitor.page.locator("body")).not_to_contain_text(LEAD)
    operator.go(platform.url("operator", f"/municipalities/{CODE}/"))
    operator.press("今すぐ公開する", role="link")
    operator.press("今すぐ公開する")
    operator.says("自治体を公開しました")
    visitor.go(platform.url(SLUG))
    visitor.go(platform.url(SLUG, "/admin/"), status=404)
    visitor.go(platform.url(SLUG))
    visitor.says(LEAD, "石巻市のあらまし", "約13万人", "ふるさと住民係")
    expect(visitor.page.get_by_alt_text("夕日にかがやく北上川")).to_be_visible()


def add_block(walker: Walker, name: str) -> None:
    """Add a block at the end, and wait for it: until it is there, the last button that chooses
    a picture is another field's."""
    insert = walker.page.get_by_role("button", name="ブロックを挿入").last
    insert.wait_for()
    blocks = walker.page.locator("[data-streamfield-child]")
    before = blocks.count()
    insert.click()
    walker.page.get_by_role("option", name=name).click()
    blocks.nth(before).wait_for()


def publish(walker: Walker) -> None:
    walker.page.get_by_role("button", name="他のアクション").click()
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name="公開", exact=True).click()


def the_survey_gets_an_own_item(officer: Walker, platform: Platform) -> None:
    """3: one choice, required, after the questions asked everywhere."""
    page = officer.page
    page.goto(platform.url(f"{SLUG}.admin", "/admin/survey_items/new/"))
    page.locator("[name=text]").fill("石巻で好きな場所はどこですか。")
    page.locator("[name=kind]").select_option(label="１つ選択")
    page.locator("[name=choices]").fill("日和山\n月浦\n牡鹿半島")
    page.locator("[name=required]").check()
    page.get_by_role("button", name="作成").click()
    officer.says("石巻で好きな場所はどこですか。")


def a_coordinator_is_invited(officer: Walker, coordinator: Walker, platform: Platform) -> None:
    for email, role in ((COORDINATOR, "コーディネーター"), (MODERATOR, "ルーム管理")):
        officer.page.goto(platform.url(f"{SLUG}.admin", "/admin/staff/"))
        officer.page.locator("[name=email]").fill(email)
        officer.page.locator("[name=role]").select_option(label=role)
        officer.page.get_by_role("button", name="招待を送る").click()
        officer.says(email)
    coordinator.go(first_link(platform.mailbox.wait_for(COORDINATOR, "/welcome/")))
    coordinator.fill(name="牡鹿 さくら", password=PASSWORD)
    coordinator.press("始める")
    enrol(coordinator)


def an_activity_is_published(
    coordinator: Walker, visitor: Walker, platform: Platform
) -> list[datetime]:
    """4: an activity with a session today, and two that are over; both answers of R18."""
    now = clock.now().astimezone(clock.TOKYO).replace(second=0, microsecond=0)
    starts = [now - timedelta(minutes=30), now - timedelta(days=8), now - timedelta(days=15)]
    page = coordinator.page
    page.goto(platform.url(f"{SLUG}.admin", "/admin/activities/"))
    page.get_by_role("link", name="活動 を追加").click()
    page.locator("[name=title]").fill(ACTIVITY)
    page.locator("[name=summary]").fill("川辺を歩きながら、ごみを拾います。")
    page.locator("[name=category]").select_option(label="清掃・美化")
    for number, start in enumerate(starts):
        page.get_by_role("button", name="日程を追加").click()
        fill_session(coordinator, number, start)
    page.locator("[name=lack_of_hands][value=yes]").check()
    page.locator("[name=lack_of_hands_reason]").fill("地区の高齢化で、清掃の人手が足りません。")
    page.locator("[name=public_benefit][value=yes]").check()
    page.locator("[name=public_benefit_reason]").fill("だれもが使う川辺を、2時間かけて清掃します。")
    fill_admin(coordinator, "designated_from", f"{starts[-1]:%Y-%m-%d}")
    page.locator("[name=belongings]").fill("軍手、長ぐつ")
    page.locator("[name=contact_name]").fill("石巻市 ふるさと住民係")
    page.locator("[name=contact_phone]").fill("0225-95-1111")
    publish(coordinator)
    page.get_by_text("公開されました").first.wait_for()
    visitor.find_activity(platform.url(SLUG, "/activities/"), ACTIVITY)
    visitor.says("軍手、長ぐつ", "20人", "0225-95-1111", "実績")
    found_on_the_portal(visitor, platform, starts[0])
    return starts


def fill_session(coordinator: Walker, number: int, start: datetime) -> None:
    for name, value in {
        "starts_at": f"{start:%Y-%m-%d %H:%M}",
        "ends_at": f"{start + timedelta(hours=2):%Y-%m-%d %H:%M}",
        "place": "石井閘門前",
        "capacity": "20",
    }.items():
        fill_admin(coordinator, f"sessions-{number}-{name}", value)


def fill_admin(walker: Walker, name: str, value: str) -> None:
    """Fill a field of Wagtail's; a click beside it closes the calendar that opens for it."""
    walker.page.locator(f"[name={name}]").fill(value)
    calendars = walker.page.locator(".xdsoft_datetimepicker:visible")
    walker.page.wait_for_timeout(150)  # it opens a little after the field has the focus
    if calendars.count():
        walker.page.mouse.click(DESKTOP["width"] // 2, 2)
        expect(calendars).to_have_count(0)


def found_on_the_portal(visitor: Walker, platform: Platform, start: datetime) -> None:
    """In the list over all municipalities, where the worker puts it; by word, place and date."""
    visitor.page.goto(platform.url("", "/activities/?word=清掃"))
    for _try in range(60):
        if visitor.page.get_by_role("link", name=ACTIVITY).count():
            break
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    visitor.look()
    for query, is_found in (
        ("word=清掃&prefecture=040002", True),
        ("prefecture=210005", False),
        (f"first_day={start:%Y-%m-%d}&last_day={start:%Y-%m-%d}", True),
        (f"first_day={start + timedelta(days=2):%Y-%m-%d}", False),
        ("word=スキー", False),
    ):
        visitor.go(platform.url("", f"/activities/?{query}"))
        links = visitor.page.get_by_role("link", name=ACTIVITY)
        expect(links).to_have_count(1 if is_found else 0)


def an_account(walker: Walker, email: str, platform: Platform) -> None:
    """Signs up on the page in front of us; the address is confirmed by a code from a mail."""
    walker.page.locator("[name=agrees_terms]").check()
    walker.page.locator("[name=agrees_privacy]").check()
    with_a_code(walker, email, platform)


def with_a_code(walker: Walker, email: str, platform: Platform) -> None:
    """Fills in the address on the page in front of us, and the code that then comes by mail."""
    walker.fill(email=email)
    before = len(platform.mailbox.messages)
    walker.press("確認コードを受け取る")
    mail = platform.mailbox.wait_for(email, "コード", before)
    walker.fill(code=re.search(r"\d{4}-\d{4}", mail).group())  # type: ignore[union-attr]
    walker.press("次へ進む")


def particulars(walker: Walker, given_name: str) -> None:
    """Name, furigana, date of birth, postal code; the address is filled in from the code."""
    walker.fill(
        family_name="𠮷田",
        given_name=given_name,
        family_kana="よしだ",
        given_kana="ﾊﾅｺ",
        birth_date_year="六三",
        birth_date_month="4",
        birth_date_day="2",
        postal_code="１００ー０００１",
    )
    walker.page.locator("[name=birth_date_era]").select_option(label="昭和")
    walker.press("郵便番号から住所を入力")
    expect(walker.page.locator("[name=address_line]")).to_have_value("千代田")
    walker.says("東京都千代田区")
    walker.page.locator("[name=address_line]").fill("千代田1番1号")
    walker.press("保存して進む")
    walker.says("日付")  # 六三 is no year we read
    expect(walker.page.locator("[name=family_name]")).to_have_value("𠮷田")
    walker.fill(birth_date_year="６３")
    walker.press("保存して進む")


def a_resident_registers(walker: Walker, email: str, given_name: str, platform: Platform) -> None:
    """5: account, particulars, at most three screens; the prefecture in the same step (R5)."""
    walker.go(platform.url(SLUG))
    walker.page.get_by_role("main").get_by_role("link", name=re.compile("登録する")).first.click()
    walker.look()
    walker.says(CITY, "宮城県")
    walker.press("はじめる", role="link")
    an_account(walker, email, platform)
    particulars(walker, given_name)
    walker.says("アンケート", "石巻で好きな場所はどこですか。")
    walker.page.get_by_label("ふるさと納税をしている").check()
    walker.press("登録する")
    walker.says("入力内容をご確認ください", "石巻で好きな場所はどこですか。")
    expect(walker.page.get_by_label("ふるさと納税をしている")).to_be_checked()
    walker.page.get_by_label("日和山").check()
    walker.page.locator("[name=agree]").check()
    walker.press("登録する")
    walker.says(f"{CITY}に登録しました", f"{CODE}-0000", "宮城県", "040002-0000")
    walker.go(platform.url("", f"/register/{CODE}/"))
    walker.says("登録しました")  # asked again, it is the same registration
    assert "040002-0000" in platform.mailbox.wait_for(email, f"{CODE}-0000")


def my_page_shows_the_registration(walker: Walker, platform: Platform) -> None:
    """6: the registration certificate on the phone and as PDF, A4 and card."""
    walker.go(platform.url("", "/my/"))
    walker.says("𠮷田 花子", CITY, "宮城県", "あと3回")
    walker.page.get_by_role("link", name="登録証を表示する").last.click()
    walker.look()
    walker.says("𠮷田 花子", "ヨシダ ハナコ", CITY, f"{CODE}-0000")
    for name, millimetres in (("PDF（A4）", (210, 297)), ("PDF（カード）", (85.6, 54))):
        pages = PdfReader(io.BytesIO(download(walker, name))).pages
        size = pages[0].mediabox
        assert (float(size.width), float(size.height)) == pytest.approx(
            [side / 25.4 * 72 for side in millimetres], abs=1
        )
        assert "𠮷田 花子" in pages[0].extract_text()


def download(walker: Walker, name: str) -> bytes:
    """The PDF behind the first link of this name, once the worker has made it."""
    address = walker.page.get_by_role("link", name=name, exact=True).first.get_attribute("href")
    found = walker.page.evaluate(
        """async address => {
            for (let attempt = 0; attempt < 60; attempt++) {
                const answer = await fetch(address);
                if (answer.headers.get("Content-Type") === "application/pdf")
                    return [...new Uint8Array(await answer.arrayBuffer())];
                await new Promise(resolve => setTimeout(resolve, 500));
            }
        }""",
        address,
    )
    assert found, address
    return bytes(found)


def code_in(pdf: bytes, folder: Path) -> str:
    """What the QR code printed on the first page of a PDF says."""
    (folder / "sheet.pdf").write_bytes(pdf)
    # A camera moves until it reads; OpenCV finds about one code in a hundred at no one distance.
    for dots_per_inch in ("200", "150", "300", "120"):
        command = ["pdftoppm", "-png", "-r", dots_per_inch, "-singlefile", "sheet.pdf", "sheet"]
        subprocess.run(command, cwd=folder, check=True)
        picture = numpy.array(Image.open(folder / "sheet.png").convert("L"))
        text, _points, _straight = cv2.QRCodeDetector().detectAndDecode(picture)
        if text:
            return str(text)
    raise AssertionError("no code that can be read")


def scanned(coordinator: Walker, platform: Platform, folder: Path, start: datetime) -> str:
    """7: the poster of one session is printed; a phone reads the address on it."""
    page = coordinator.page
    page.goto(platform.url(f"{SLUG}.admin", "/admin/activities/"))
    page.get_by_role("link", name=ACTIVITY).first.click()
    page.get_by_text("過去の日程").first.click()
    row = page.locator("p", has_text=jdatetime(start)).filter(has_text="受付用ポスター").last
    address = row.get_by_role("link", name="受付用ポスター（PDF）").get_attribute("href")
    poster = page.evaluate(
        "async address => [...new Uint8Array(await (await fetch(address)).arrayBuffer())]", address
    )
    assert ACTIVITY in PdfReader(io.BytesIO(bytes(poster))).pages[0].extract_text()
    return code_in(bytes(poster), folder)


def a_participation_is_recorded_once(
    walker: Walker, posters: list[str], platform: Platform
) -> None:
    """7: once, however often it is read; early, late, altered: refused in a plain sentence."""
    today, before, _earlier = posters
    walker.context.clear_cookies()
    walker.go(today)  # who is not signed in comes back to the code
    with_a_code(walker, HANAKO, platform)
    walker.says(ACTIVITY, "𠮷田 花子")
    walker.press("参加を記録する")
    walker.says("参加を記録しました")
    walker.go(today)
    walker.press("参加を記録する")
    walker.says("すでに記録されています")
    walker.go(before, status=200)
    walker.press("参加を記録する")
    walker.says("記録されませんでした", "受付の時間")
    letter = "A" if today[-8] != "A" else "B"
    walker.go(today[:-8] + letter + today[-7:], status=409)
    walker.says("このコードは正しくありません")
    walker.go(platform.url("", "/my/history/"))
    expect(walker.page.get_by_role("row", name=re.compile(ACTIVITY))).to_have_count(1)


def she_took_part_on_two_days_before(
    posters: list[str], starts: list[datetime], platform: Platform
) -> None:
    """The same operation as behind the button, at the time it would have been pressed."""
    with platform.own_process():
        hanako = Resident.objects.get(user__email=HANAKO)
        for address, start in zip(posters[1:], starts[1:], strict=True):
            token = address.rstrip("/").rsplit("/", 1)[1]
            with clock.as_of(start + timedelta(minutes=5)):
                assert check_in(hanako, token).is_new


def my_page_says_what_is_missing(walker: Walker, platform: Platform) -> None:
    """8: three times on three days; what is still missing for premium, and why."""
    walker.go(platform.url("", "/my/"))
    card = walker.page.locator("article", has_text=CITY).first
    expect(card).to_contain_text("必要な回数の活動に参加しています")
    expect(card).to_contain_text("マイナンバーカードによる本人確認をしてください")
    card.get_by_role("link", name="この登録の内容と手続きを見る").click()
    walker.says("プレミアム登録に必要なこと", "いま3回です")
    walker.look()


def an_activity_certificate_is_made(walker: Walker, platform: Platform, folder: Path) -> str:
    """9: the PDF in Japanese, every glyph there; gives the address its QR code says."""
    walker.go(platform.url("", "/my/certificates/"))
    walker.page.locator("[name=municipality]").select_option(label=CITY)
    walker.press("証明書を作る")
    walker.says("証明書を作りました")
    pdf = download(walker, "PDF（A4）")
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "𠮷田 花子" in text
    assert text.count(ACTIVITY) == 3
    return code_in(pdf, folder)


def anybody_can_check_it(
    visitor: Walker, officer: Walker, certificate: str, platform: Platform
) -> None:
    """9: valid, for whom (name shortened); not known; revoked."""
    visitor.go(certificate)
    visitor.says("この証明書は有効です", CITY, "3回", "𠮷田 ＊＊")
    expect(visitor.page.locator("body")).not_to_contain_text("花子")
    visitor.go(certificate[:-4] + "ZZZZ", status=404)
    visitor.says("この証明書は確認できません")
    officer.page.goto(platform.url(f"{SLUG}.admin", "/admin/certificates/?word=𠮷田"))
    row = officer.page.get_by_role("row", name=re.compile("活動証明書"))
    row.get_by_role("link", name="取り消す").click()
    officer.page.locator("[name=reason]").fill("参加者の取り違えがありました。")
    officer.page.get_by_role("button", name="取り消す").click()
    officer.says("証明書を取り消しました")
    visitor.go(certificate)
    visitor.says("この証明書は取り消されました")
    expect(visitor.page.locator("body")).not_to_contain_text("取り違え")


def the_room_is_for_registrants(
    hanako: Walker, ichiro: Walker, outsider: Walker, platform: Platform
) -> None:
    """10: she posts, another registrant answers, somebody not registered is refused."""
    room = platform.url(SLUG, "/rooms/hiroba/")
    hanako.go(room)
    hanako.press("ログイン", role="link")
    hanako.page.locator("[name=body]").last.fill("<b>川辺の清掃</b>、お疲れさまでした。")
    hanako.press("投稿する")
    hanako.says("<b>川辺の清掃</b>、お疲れさまでした。")
    ichiro.go(room)
    ichiro.press("ログイン", role="link")
    ichiro.page.get_by_text("返信する").first.click()
    ichiro.page.locator("[name=body]").first.fill("また来月お会いしましょう。")
    ichiro.press("返信する")
    hanako.go(room)
    hanako.says("また来月お会いしましょう。", "𠮷田 ＊＊")
    outsider.go(platform.url("", "/account/signup/"))
    an_account(outsider, OUTSIDER, platform)
    outsider.go(platform.url("", "/my/profile/?next=/my/"))
    particulars(outsider, "みどり")
    outsider.go(room)
    outsider.page.get_by_role("link", name="ログイン").last.click()
    outsider.says("登録している方の場所です")
    expect(outsider.page.locator("body")).not_to_contain_text("お疲れさま")


def staff_hide_a_post(moderator: Walker, reader: Walker, platform: Platform) -> None:
    """10: and say why; the words are gone from the room."""
    moderator.go(first_link(platform.mailbox.wait_for(MODERATOR, "/welcome/")))
    moderator.fill(name="女川 海", password=PASSWORD)
    moderator.press("始める")
    enrol(moderator)
    moderator.page.goto(platform.url(f"{SLUG}.admin", "/admin/community_posts/"))
    row = moderator.page.get_by_role("row", name=re.compile("また来月"))
    row.get_by_role("link", name="非表示にする").click()
    moderator.page.locator("[name=reason]").fill("個人の予定にふれるため")
    moderator.page.get_by_role("button", name="この投稿を非表示にする").click()
    moderator.says("非表示にしました")
    reader.go(platform.url(SLUG, "/rooms/hiroba/"))
    reader.says("個人の予定にふれるため")
    expect(reader.page.locator("body")).not_to_contain_text("また来月")


def every_screen_of_ours_is_looked_at(officer: Walker, platform: Platform) -> None:
    """What we added to Wagtail's admin, now that there is something on each screen."""
    for path in (
        "activities/",
        "activity-templates/",
        "organisations/",
        "projects/",
        "objections/",
        "earlier/",
        "earlier/rows/",
        "survey_items/",
        "survey_preview/",
        "survey_answers/",
        "community_posts/",
        "community_posts/write/",
        "community_rooms/",
        "certificates/",
        "staff/",
        "staff/networks/",
    ):
        officer.go(platform.url(f"{SLUG}.admin", f"/admin/{path}"))
