"""Check-in where there is no network: the desk with a camera, and a resident's own phone."""

from __future__ import annotations

import http.client
import io
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from activities.rules.snapshot import SessionSnapshot
from attendance.codes import read_token, rotating_token
from attendance.models import ParticipationRecord, Scan, ScanDevice
from attendance.operations.check_in import check_in
from attendance.operations.devices import end_device, make_device
from attendance.operations.sign_ups import sign_up
from common import clock
from common.qr import qr_modules, qr_svg
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.codes import venue_token
from tests.factories.scans import pass_of
from tests.factories.staff import make_member
from tests.journeys.conftest import CHROMIUM, Platform
from tests.journeys.test_oversight import World
from tests.journeys.walking import DESKTOP, PATIENCE_MS, PHONE, Walker, set_out, until

pytestmark = pytest.mark.journey
HOUR = timedelta(hours=1)
FRAME = (1280, 720)
PERSISTENT = {
    "executable_path": CHROMIUM,
    "viewport": PHONE,
    "locale": "ja-JP",
    "timezone_id": "Asia/Tokyo",
}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


class Venue(World):
    """気仙沼市 with a session that is on now, and a device's link."""

    def __init__(self, platform: Platform, title: str) -> None:
        connection.set_schema_to_public()
        self.platform = platform
        self.place = Municipality.objects.get(pk=KESENNUMA)
        now = clock.now()
        times = {"starts_at": now - HOUR / 2, "ends_at": now + 3 * HOUR, "place": "内湾"}
        page = make_activity(self.place, title=title, sessions=[times])
        with municipality_context(self.place):
            self.session: SessionSnapshot = page.sessions.get().snapshot()
            self.link = make_device(self.place, self.session, "受付1", None).url
        connection.set_schema_to_public()

    @property
    def enrolment(self) -> str:
        """The link, on the port of this platform."""
        return self.platform.url("kesennuma", urlsplit(self.link).path)

    @property
    def desk(self) -> str:
        return self.platform.url("kesennuma", "/desk/")

    def expected(self, **names: str) -> Any:
        """Somebody who has signed up."""
        resident = ResidentFactory(**names)
        with time_machine.travel(self.session.starts_at - 24 * HOUR):
            sign_up(resident, self.place, self.session.session_uuid)
        return resident

    def records(self) -> int:
        connection.set_schema_to_public()
        rows = ParticipationRecord.objects.filter(session_uuid=self.session.session_uuid)
        return rows.count()

    def wait_for_records(self, wanted: int) -> None:
        ends_at = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < ends_at and self.records() != wanted:
            time.sleep(0.2)
        assert self.records() == wanted


def ready(page: Page) -> None:
    """The page's script has begun, and the worker has kept everything."""
    expect(page.locator("#desk[data-ready=yes]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")


def enrol(page: Page, venue: Venue) -> None:
    page.goto(venue.enrolment)
    page.get_by_role("button", name="この端末を使う").click()
    page.wait_for_url(venue.desk)
    ready(page)


def type_pass(page: Page, code: str) -> None:
    details = page.locator("details", has_text="カメラが使えないとき")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="この文字で記録する").click()


def part(page: Page, name: str) -> Any:
    return page.locator(f"[data-part='{name}']")


def own(page: Page, name: str) -> Any:
    """What a resident's phone shows: a text that is there and hidden does not count."""
    return page.locator(f"[data-own='{name}']")


def film(path: Path, *pictures: Image.Image) -> list[str]:
    """Chromium's arguments for a made-up camera that films the pictures one after the other, each
    for two seconds, again and again."""
    half, rate = (FRAME[0] // 2, FRAME[1] // 2), 5
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{FRAME[0]} H{FRAME[1]} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            picture.thumbnail((640, 640))
            frame = Image.new("RGB", FRAME, "white")
            corner = (FRAME[0] - picture.width) // 2, (FRAME[1] - picture.height) // 2
            frame.paste(picture, corner)
            y, cb, cr = frame.convert("YCbCr").split()
            planes = y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes()
            file.write((b"FRAME\n" + planes) * (2 * rate))
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]


def drawn(text: str) -> Image.Image:
    """A code as a telephone shows it, of the modules that the page of the pass draws."""
    sides = qr_modules(text, "M")
    picture = Image.new("L", (sides, sides), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-", qr_svg(text, "M")):
        left, top = int(x), int(y)
        draw.rectangle((left, top, left + int(width) - 1, top + int(height) - 1), fill=0)
    whole = 640 // sides
    return picture.resize((sides * whole, sides * whole), Image.Resampling.NEAREST).convert("RGB")


@pytest.fixture
def profile(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Opens a browser that keeps what it has when it is closed, as a phone does."""
    opened: list[BrowserContext] = []

    def open_it(camera: Sequence[str] = (), **options: Any) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"), **PERSISTENT, args=[*QUIET, *camera], **options
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        context.close()


def test_a_camera_reads_the_real_pass_and_the_real_poster(
    browser: Browser, platform: Platform, walkers: list[Walker], tmp_path: Path
) -> None:
    with platform.own_process():
        venue = Venue(platform, "流木あつめ")
        resident = venue.expected()
        client = signed_in_client(resident.user)
        staff = make_member(venue.place, "administrator", name="課長 太郎")
        office = signed_in_client(staff, venue.place, admin=True)
    walkers.append(set_out(browser, PHONE, device_scale_factor=2))
    venue.let_in(walkers[0], client)
    walkers[0].go(platform.url("", "/my/pass/"))
    shot = walkers[0].page.locator("svg.qr").screenshot()
    films = film(tmp_path / "pass.y4m", Image.open(io.BytesIO(shot)).convert("RGB"))
    camera = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *films])
    desk = set_out(camera, PHONE)
    walkers.append(desk)
    try:
        enrol(desk.page, venue)
        desk.look()
        desk.page.get_by_role("button", name="カメラを使う").click()
        result = part(desk.page, "result")
        expect(result).to_contain_text("読み取りました。")
        expect(result).to_contain_text(resident.name)
        assert result.get_attribute("data-kind") == "good"
        with platform.own_process():
            venue.wait_for_records(1)
        expect(part(desk.page, "waiting")).to_have_text("0")
        desk.look()
        _the_poster_leads_to_the_check_in(browser, platform, venue, office, tmp_path)
        assert not desk.problems, "\n".join(desk.problems)
        assert not walkers[0].problems, "\n".join(walkers[0].problems)
    finally:
        walkers.remove(desk)
        camera.close()


def _the_poster_leads_to_the_check_in(
    browser: Browser, platform: Platform, venue: Venue, office: Any, folder: Path
) -> None:
    """What the desk's own camera reads of the printed poster, held up whole in front of it, is the
    address of the check-in, which opens."""
    uuid = venue.session.session_uuid
    printed = http.client.HTTPConnection("127.0.0.1", platform.port)
    cookie = office.cookies[settings.SESSION_COOKIE_NAME].value
    sent = {
        "Host": f"kesennuma.admin.localhost:{platform.port}",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
    }
    printed.request("GET", f"/admin/sessions/{uuid}/poster/", headers=sent)
    (folder / "poster.pdf").write_bytes(printed.getresponse().read())
    drawing = ["pdftoppm", "-r", "100", "-png", "-singlefile"]
    subprocess.run([*drawing, folder / "poster.pdf", folder / "poster"], check=True)
    poster = Image.open(folder / "poster.png").convert("RGB")
    films = film(folder / "poster.y4m", poster)
    camera = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *films])
    try:
        # The policy of the page would keep a test's own script out.
        page = camera.new_context(bypass_csp=True).new_page()
        page.goto(platform.url("kesennuma", "/desk/offline/"))
        read = page.evaluate(_WATCH)
        assert read.startswith(platform.url("", "/c/").upper())
        with platform.own_process():
            assert read.rsplit("/", 1)[1] == venue_token(venue.place.code, uuid)
        answer = page.goto(read)
        assert answer is not None and answer.status == http.client.OK
        expect(page.get_by_role("heading", name="ログイン", exact=True)).to_be_visible()
    finally:
        camera.close()


# The first that the camera sees, through the code that the desk runs.
_WATCH = """async () => {
    const { makeDetector, watch } = await import("/static/attendance/camera.js");
    const detector = makeDetector("/static/attendance/vendor/zxing_reader.wasm");
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    let found;
    const seen = new Promise(done => { found = done; });
    const stop = await watch(video, detector, found);
    const text = await seen;
    stop();
    return text;
}"""


def test_ten_passes_without_a_network_survive_a_browser_that_dies(
    profile: Any, platform: Platform, tmp_path: Path
) -> None:
    """Filmed one after the other; what is typed besides does not count."""
    with platform.own_process():
        venue = Venue(platform, "浜の草刈り")
        known = venue.expected()
        passes = [pass_of(known, clock.now())]
        passes += [pass_of(ResidentFactory(), clock.now()) for _n in range(9)]
        over = pass_of(ResidentFactory(), clock.now() - timedelta(days=4))
    context = profile()
    enrol(context.pages[0], venue)
    context.close()  # which brings its cookies to the disk

    films = film(tmp_path / "passes.y4m", *[drawn(code) for code in passes])
    context = profile(films, offline=True)
    page = context.pages[0]
    page.goto(venue.desk)
    ready(page)
    expect(page.get_by_role("heading", name="浜の草刈り")).to_be_visible()
    page.get_by_role("button", name="カメラを使う").click()
    until(page, _SCANNED, passes)
    page.get_by_role("button", name="カメラを止める").click()
    expect(page.locator("video")).to_be_hidden()
    # The film begins anew: somebody may have been in front of the camera twice.
    scanned = int(part(page, "waiting").inner_text())
    assert scanned >= len(passes)
    expect(part(page, "list")).to_contain_text(known.name)
    type_pass(page, "これはパスではない")
    expect(part(page, "result")).to_contain_text("参加者のパスではありません")
    type_pass(page, passes[0][:-8] + "AAAAAAAA")
    expect(part(page, "result")).to_contain_text("使えないパスです")
    type_pass(page, over)
    expect(part(page, "result")).to_contain_text("有効期限切れ")
    type_pass(page, passes[0])
    expect(part(page, "result")).to_contain_text("もう記録済みです")
    everything = scanned + 3
    expect(part(page, "waiting")).to_have_text(str(everything))
    _kill(page)

    context = profile(offline=True)
    page = context.pages[0]
    page.goto(venue.desk)
    ready(page)
    expect(part(page, "waiting")).to_have_text(str(everything))
    with platform.own_process():
        assert venue.records() == 0
    context.set_offline(False)
    expect(part(page, "waiting")).to_have_text("0")
    expect(part(page, "sent")).to_have_text(str(everything))
    with platform.own_process():
        assert venue.records() == 10
        scans = Scan.objects.filter(session_uuid=venue.session.session_uuid)
        assert sorted(scans.values_list("sequence", flat=True)) == list(range(1, everything + 1))
        device = ScanDevice.objects.get(session_uuid=venue.session.session_uuid)
        end_device(
            venue.place, device.session_uuid, device.pk, make_member(venue.place, "administrator")
        )
    # A device that staff have ended keeps no names, also where there is no network afterwards.
    page.reload()
    expect(part(page, "ended")).to_contain_text("この端末での受付は終わりました")
    context.set_offline(True)
    page.reload()
    expect(part(page, "ended")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(known.name)
    kept = page.evaluate(_ALL_THAT_IS_KEPT)
    assert known.name not in kept
    assert passes[0] not in kept


# Whether each of these is among the readings that wait on the device.
_SCANNED = """async codes => {
    const db = await new Promise(done => {
        const asked = indexedDB.open("desk");
        asked.onsuccess = () => done(asked.result);
    });
    const scans = await new Promise(done => {
        const asked = db.transaction("scans").objectStore("scans").getAll();
        asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return codes.every(code => scans.some(scan => scan.code === code));
}"""


def _kill(page: Page) -> None:
    """The browser ends as if its battery had been taken out."""
    try:
        page.context.new_cdp_session(page).send("Browser.crash")
    except Exception as error:  # whatever Playwright calls a browser that is gone
        assert "closed" in str(error), error


_ALL_THAT_IS_KEPT = """async () => {
    const texts = [];
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise(done => {
            const asked = indexedDB.open(name);
            asked.onsuccess = () => done(asked.result);
        });
        for (const store of db.objectStoreNames) {
            texts.push(JSON.stringify(await new Promise(done => {
                const asked = db.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => done(asked.result);
            })));
        }
        db.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            texts.push(request.url);
            if (/wasm|svg/.test(request.url)) continue;
            texts.push(await (await cache.match(request)).text());
        }
    }
    return texts.join("\\n");
}"""


def test_answers_that_are_lost_and_a_wrong_clock_lose_and_double_nothing(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "林の手入れ")
        codes = [pass_of(ResidentFactory(), clock.now()) for _n in range(5)] * 82
    walkers.append(set_out(browser))
    page, context = walkers[0].page, walkers[0].context
    enrol(page, venue)
    context.set_offline(True)
    wrong = clock.now() + 2 * HOUR
    page.evaluate(_QUEUE, [codes, int(wrong.timestamp() * 1000)])
    times = iter(range(1000))

    def network(route: Any) -> None:
        match next(times):
            case 0:  # it arrives, and the answer does not
                _arrive(platform, route.request)
                route.abort()
            case 1:
                route.fulfill(status=500, body="")
            case _:
                route.continue_()

    context.route("**/desk/scans/", network)
    context.clock.set_fixed_time(wrong)
    page.reload()
    ready(page)
    expect(part(page, "waiting")).to_have_text("410")
    context.set_offline(False)
    expect(part(page, "waiting")).to_have_text("0", timeout=60_000)
    assert next(times) == 5  # lost, failed, and three batches
    with platform.own_process():
        assert venue.records() == 5
        scans = Scan.objects.filter(session_uuid=venue.session.session_uuid)
        assert scans.count() == 410
        assert scans.filter(clock_off=True).count() == 410
        assert sorted(scans.values_list("sequence", flat=True)) == list(range(1, 411))


def _arrive(platform: Platform, request: Any) -> None:
    """Bring a request to the server beside the browser, which does not hear of it."""
    line = http.client.HTTPConnection("127.0.0.1", platform.port)
    headers = {**request.all_headers(), "Host": urlsplit(request.url).netloc}
    line.request(request.method, urlsplit(request.url).path, request.post_data, headers)
    assert line.getresponse().status == http.client.OK


# Readings as the device writes them.
_QUEUE = """async ([codes, from]) => {
    const db = await new Promise(done => {
        const asked = indexedDB.open("desk");
        asked.onsuccess = () => done(asked.result);
    });
    const of = (store, key) => new Promise(done => {
        const asked = db.transaction(store).objectStore(store).get(key);
        asked.onsuccess = () => done(asked.result);
    });
    const source = await of("kept", "device");
    await new Promise(done => {
        const all = db.transaction(["scans", "kept"], "readwrite");
        codes.forEach((code, n) => all.objectStore("scans").put({
            uuid: crypto.randomUUID(), seq: n + 1, at: from + n, code, source,
            handle: "", word: "read", counts: true,
        }));
        all.objectStore("kept").put(codes.length, `number ${source}`);
        all.oncomplete = done;
    });
    db.close();
}"""


def test_the_changing_code_made_without_a_network_is_taken(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "苗うえ")
        resident = ResidentFactory()
    walkers.append(set_out(browser))
    page = walkers[0].page
    enrol(page, venue)
    page.goto(venue.enrolment)
    expect(page.locator("#unsent")).to_be_hidden()
    page.goto(venue.desk)
    ready(page)
    walkers[0].context.set_offline(True)
    page.reload()
    ready(page)
    page.get_by_role("button", name="変わるコードを表示する").click()
    expect(part(page, "qr").locator("svg")).to_be_visible()
    token = str(part(page, "qr").get_attribute("data-code")).rsplit("/", 1)[1]
    walkers[0].look()
    with platform.own_process():
        uuid = venue.session.session_uuid
        shown = read_token(token).shown_at
        assert shown is not None
        number = read_token(token).key_number
        assert token == rotating_token(venue.place.code, uuid, number, shown)
        assert check_in(resident, token).is_new
    assert not walkers[0].problems, "\n".join(walkers[0].problems)


def test_a_code_opened_without_a_network_is_kept_and_sent(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "ごみ拾い")
        resident = ResidentFactory()
        client = signed_in_client(resident.user)
        token = venue_token(venue.place.code, venue.session.session_uuid)
    walkers.append(set_out(browser))
    venue.let_in(walkers[0], client)
    page = walkers[0].page
    walkers[0].go(platform.url("", "/my/"))
    _all_workers(page)
    page.goto(platform.url("", f"/C/{token}"))
    walkers[0].context.set_offline(True)
    page.get_by_role("button", name="参加を記録する").click()  # the network went in between
    expect(own(page, "saved")).to_be_visible()
    for _time in range(2):  # opened again, it is still one reading
        page.goto(platform.url("", f"/C/{token}"))
        expect(page.get_by_role("heading", name="通信できません")).to_be_visible()
        saved = "この端末に保存しました。つながったら自動で送ります。"
        expect(own(page, "saved").get_by_text(saved)).to_be_visible()
        expect(page.locator("#own li")).to_contain_text("送信待ち")
    walkers[0].look()
    with platform.own_process():
        assert venue.records() == 0
    walkers[0].context.set_offline(False)
    with platform.own_process():
        venue.wait_for_records(1)
    expect(page.locator("#own")).to_contain_text("記録しました")
    assert resident.family_name not in page.evaluate(_ALL_THAT_IS_KEPT)
    assert not walkers[0].problems, "\n".join(walkers[0].problems)


def test_the_pass_works_without_a_network_until_it_is_over_or_one_signs_out(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "畑しごと")
        resident = ResidentFactory()
        client = signed_in_client(resident.user)
        token = venue_token(venue.place.code, venue.session.session_uuid)
    walkers.append(set_out(browser))
    one = walkers[0]
    venue.let_in(one, client)
    page, address = one.page, platform.url("", "/my/pass/")
    one.go(address)
    expect(page.locator("html[data-pass-kept=yes]")).to_be_attached()
    _all_workers(page)
    one.context.set_offline(True)
    page.goto(address)
    expect(page.locator("svg.qr")).to_be_visible()
    one.look()
    kept = page.evaluate(_ALL_THAT_IS_KEPT)
    assert resident.family_name not in kept
    assert "<svg" in kept
    page.goto(platform.url("", f"/C/{token}"))
    expect(own(page, "saved")).to_be_visible()

    # Signing out deletes the pass, not what was read.
    one.context.route("**/c/scans/", lambda route: route.abort())
    one.context.set_offline(False)
    page.goto(platform.url("", "/my/"))
    page.locator("header summary").click()
    page.get_by_role("button", name="ログアウト").first.click()
    page.locator("[data-forgets]").first.wait_for(state="attached")
    # The page's script runs after the page is there.
    until(page, "async () => !(await indexedDB.databases()).some((one) => one.name === 'pass')")
    one.context.set_offline(True)
    page.goto(address)
    expect(own(page, "none")).to_be_visible()
    expect(own(page, "pass")).to_be_hidden()
    assert "<svg" not in page.evaluate(_ALL_THAT_IS_KEPT).replace("svg.qr", "")

    # Another person on this phone does not send it as theirs by signing in.
    one.context.unroute("**/c/scans/")
    with platform.own_process():
        other = signed_in_client(ResidentFactory().user)
    one.context.clear_cookies()
    venue.let_in(one, other)
    one.context.set_offline(False)
    # The page of the pass loads itself anew where there is a network again.
    expect(page.locator("html[data-pass-kept=yes]")).to_be_attached()
    page.goto(platform.url("", "/my/"))
    expect(page.locator("#own")).to_contain_text("ほかの方が読み取ったものかもしれません")
    with platform.own_process():
        assert venue.records() == 0
    page.get_by_role("button", name="自分が読み取ったので送る").click()
    with platform.own_process():
        venue.wait_for_records(1)

    # After 72 hours it says that it is over.
    page.goto(address)
    expect(page.locator("html[data-pass-kept=yes]")).to_be_attached()
    one.context.set_offline(True)
    one.context.clock.set_fixed_time(clock.now() + timedelta(hours=73))
    page.goto(address)
    expect(own(page, "over")).to_be_visible()
    expect(page.locator("svg.qr")).to_have_count(0)


def _all_workers(page: Page) -> None:
    """Of small and capital letters, and of the pass."""
    until(
        page,
        """async () => (await navigator.serviceWorker.getRegistrations())
            .filter(one => one.active).length === 3""",
    )


def test_staff_hand_out_a_phone_watch_the_counter_and_end_it(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "ホタルの里づくり")
        code = pass_of(venue.expected(), clock.now())
        staff = make_member(venue.place, "administrator", name="課長 太郎")
        office = signed_in_client(staff, venue.place, admin=True)
    walkers += [set_out(browser, DESKTOP), set_out(browser)]
    desk, phone = walkers
    venue.let_in(desk, office)
    uuid = venue.session.session_uuid
    desk.go(platform.url("kesennuma.admin", f"/admin/sessions/{uuid}/check-in/"))
    desk.fill(label="受付2")
    desk.page.locator("form:has([name=label]) button").click()
    expect(desk.page.locator("svg.qr")).to_be_visible()
    desk.look()
    link = desk.page.locator("code").inner_text()
    expect(desk.page.locator("tr", has_text="受付2")).to_contain_text("課長 太郎")

    phone.go(link)
    phone.press("この端末を使う")
    ready(phone.page)
    type_pass(phone.page, code)
    expect(part(phone.page, "came")).to_have_text("1")
    # Without anybody loading it anew.
    expect(desk.page.locator("#count dd").nth(1)).to_have_text("1")

    desk.page.goto(desk.page.url)
    row = desk.page.locator("tr", has_text="受付2")
    expect(row).to_contain_text("1 (")
    row.get_by_role("button").click()
    desk.look()
    expect(desk.page.locator("tr", has_text="受付2").get_by_role("button")).to_have_count(0)
    phone.page.reload()
    expect(part(phone.page, "ended")).to_contain_text("この端末での受付は終わりました")
    phone.look()
    assert not desk.problems + phone.problems, "\n".join(desk.problems + phone.problems)


def test_the_desk_without_scripts_shows_digits_and_the_changing_code(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(platform, "花だんの手入れ")
    walkers.append(set_out(browser, java_script_enabled=False))
    page = walkers[0].page
    page.goto(venue.enrolment)
    page.get_by_role("button", name="この端末を使う").click()
    expect(page.locator(".desk__digits").first).to_have_text(re.compile(r"^\d{6}$"))
    page.get_by_role("link", name="変わるコードを表示する").click()
    expect(page.locator("svg.qr")).to_be_visible()
