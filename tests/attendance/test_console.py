"""Staff run the check-in of a session: phones, codes, reviews, outcomes, the confirmed list."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from activities.models import ActivityPage
from attendance.models import (
    Outcome,
    ParticipationRecord,
    ParticipationReport,
    Scan,
    ScanDevice,
    ScanReview,
    SessionClosing,
    SessionKey,
    SignUp,
)
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from common.refusal import Refused
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.scans import DURING, a_device, a_session, desk_client, entry, pass_of, send
from tests.factories.staff import make_member

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def long_days(settings):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 100_000, 100_000


@pytest.fixture
def session(kesennuma, hida):
    a_session(hida)
    return a_session(kesennuma)


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.ADMINISTRATOR)


@pytest.fixture
def office(kesennuma, officer, session):
    """Sends one action of the page."""
    path = f"/admin/sessions/{session.session_uuid}/check-in/"

    def act(action: str = "", at=DURING, **data):
        with time_machine.travel(at, tick=False):
            client = signed_in_client(officer, kesennuma, admin=True)
            return client.post(path, {"action": action, **data}) if action else client.get(path)

    return act


@pytest.fixture
def own_page():
    """The history that a participant reads."""

    def read(resident):
        return signed_in_client(resident.user).get("/my/history/").content.decode()

    return read


def test_a_link_makes_one_phone_a_device_and_leaves_the_address(kesennuma, office) -> None:
    page = office("device", label="受付 1号機").content.decode()
    link = re.search(r"http://kesennuma\.localhost[^<]*/desk/[^<]+/", page)[0]
    path = urlsplit(link).path
    phone = Client(HTTP_HOST=municipality_host(kesennuma))
    other = Client(HTTP_HOST=municipality_host(kesennuma))
    with time_machine.travel(DURING):
        assert phone.get(path).status_code == 200
        assert not ScanDevice.objects.get().enrolled_at, "looking at a link uses nothing up"
        answer = phone.post(path)
        assert answer["Location"] == "/desk/"
        assert phone.cookies["desk"]["httponly"] and not phone.cookies["desk"]["domain"]
        assert phone.get("/desk/").status_code == 200
    with time_machine.travel(DURING + HOUR):
        assert other.post(path).status_code == 409
        assert other.get("/desk/").status_code == 401
        assert phone.get("/desk/data/").status_code == 200
    assert path.split("/")[2] not in office().content.decode()
    device = ScanDevice.objects.get()
    office("end_device", device=str(device.pk), at=DURING + HOUR)
    with time_machine.travel(DURING + HOUR):
        assert phone.get("/desk/data/").status_code == 401


def test_a_device_ends_by_itself_a_week_after_the_window(kesennuma, session) -> None:
    with time_machine.travel(DURING):
        _device, cookie = a_device(kesennuma, session)
    end = DURING.replace(hour=14, minute=0) + timedelta(days=7)
    for at, status in ((end - HOUR, 200), (end + HOUR, 401)):
        with time_machine.travel(at):
            assert desk_client(kesennuma, cookie).get("/desk/data/").status_code == status


def test_a_withdrawn_code_no_longer_counts_and_the_new_one_does(kesennuma, session, office) -> None:
    old = venue_token(kesennuma.code, session.session_uuid)
    for _twice in range(2):
        assert office("withdraw", number="1", reason="写真が広まった").status_code == 302
    assert SessionKey.objects.get().number == 2
    with time_machine.travel(DURING):
        with pytest.raises(Refused, match="key_revoked"):
            check_in(ResidentFactory(), old)
        assert check_in(ResidentFactory(), venue_token(kesennuma.code, session.session_uuid)).is_new
    assert sorted(Scan.objects.values_list("classification", flat=True)) == [
        "counted",
        "key_revoked",
    ]


@pytest.mark.parametrize(("decision", "records"), [("accepted", 1), ("left", 0)])
def test_a_late_reading_is_decided_once(
    kesennuma, session, office, officer, decision, records
) -> None:
    resident = ResidentFactory()
    late = DURING + 6 * HOUR
    with time_machine.travel(late), pytest.raises(Refused, match="too_late"):
        check_in(resident, venue_token(kesennuma.code, session.session_uuid))
    scan = Scan.objects.get()
    for choice in (decision, "left"):
        office("review", at=late, scan=str(scan.pk), decision=choice, reason="片付けまで参加")
    review = ScanReview.objects.get()
    assert (review.decision, review.decided_by) == (decision, officer)
    assert ParticipationRecord.objects.count() == records


def test_what_is_read_after_the_list_was_confirmed_goes_to_review(
    kesennuma, session, office
) -> None:
    with time_machine.travel(DURING - 2 * HOUR / 4):
        _device, cookie = a_device(kesennuma, session)
    after = DURING + 3 * HOUR
    office("close", at=DURING)
    assert not SessionClosing.objects.exists(), "the session is not over"
    office("close", at=after)
    assert SessionClosing.objects.count() == 1
    with time_machine.travel(after + HOUR, tick=False):
        queued = [entry(pass_of(ResidentFactory()), DURING, 1)]
        answer = send(desk_client(kesennuma, cookie), "/desk/scans/", queued, after + HOUR)
    assert answer.json()["answers"][0]["reason"] == "list_closed"
    assert "担当者" in office(at=after).content.decode()


def test_numbers_that_have_not_arrived_stand_with_their_phone(
    kesennuma, hida, session, office
) -> None:
    """1 and 4 to 6 of the one phone, nothing of the other."""
    with time_machine.travel(DURING - HOUR / 2):
        phones = [a_device(kesennuma, session, label) for label in ("受付1", "受付2")]
    assert missing_of(office()) == {"受付1": "–", "受付2": "–"}
    with time_machine.travel(DURING):
        for (_device, cookie), numbers in zip(phones, ((2, 3, 7), (1, 2)), strict=True):
            scans = [entry(pass_of(ResidentFactory()), DURING, number) for number in numbers]
            send(desk_client(kesennuma, cookie), "/desk/scans/", scans, DURING)
    assert missing_of(office()) == {"受付1": "1 4～6", "受付2": "–"}
    with time_machine.travel(DURING):
        late = [entry(pass_of(ResidentFactory()), DURING, number) for number in (1, 4, 5, 6)]
        send(desk_client(kesennuma, phones[0][1]), "/desk/scans/", late, DURING)
    assert missing_of(office())["受付1"] == "–"


def missing_of(page) -> dict[str, str]:
    """What the column 未着の番号 says of each phone."""
    html = page.content.decode()
    assert '<th scope="col">未着の番号</th>' in html
    rows = re.findall(
        r'<tr><th scope="row">(受付\d)</th>.*?<td data-label="未着の番号">([^<]*)</td>', html, re.S
    )
    return {label: " ".join(text.split()) for label, text in rows}


def test_what_is_odd_is_on_the_page_for_somebody_to_look_at(
    kesennuma, hida, session, office
) -> None:
    def listed() -> str:
        return (
            office().content.decode().partition("確認をお勧めする記録</h2>")[2].partition("<h2")[0]
        )

    assert "ありません" in listed()
    token, other = venue_token(kesennuma.code, session.session_uuid), a_session(hida, slug="other")
    browser = uuid4()
    with time_machine.travel(DURING, tick=False):
        people = [ResidentFactory() for _n in range(12)]
        for person in people:
            check_in(person, token, browser=browser)
        check_in(people[0], venue_token(hida.code, other.session_uuid))
    words = listed()
    for sentence in (
        "1台の端末から", "数秒の間に", "同じ時間帯に別の自治体での記録があります。",
    ):  # fmt: skip
        assert sentence in words
    assert words.count("9時40分") >= 2 * len(people)
    assert ParticipationRecord.objects.filter(municipality=kesennuma).count() == len(people)


def test_the_organiser_says_what_became_of_sign_ups(kesennuma, session, office, officer) -> None:
    people = [ResidentFactory() for _n in range(3)]
    with time_machine.travel(DURING - timedelta(days=1)):
        places = [sign_up(person, kesennuma, session.session_uuid) for person in people]
    for place, outcome in zip(places, ("attended", "excused", "absent"), strict=True):
        office("outcome", sign_up=str(place.pk), outcome=outcome, hours="2.5")
    late = office("outcome", sign_up=str(places[2].pk), outcome="attended", hours="999.99")
    assert "時間数は0から24までです。" in late.content.decode()
    office("outcome", sign_up=str(places[0].pk), outcome="absent")
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.method, record.hours) == (people[0], "organiser", 2.5)
    assert sorted(Outcome.objects.values_list("outcome", flat=True)) == [
        "absent",
        "attended",
        "excused",
    ]


def test_the_paper_list_is_entered_at_once_and_says_so(
    kesennuma, session, office, officer, own_page
) -> None:
    people = [ResidentFactory() for _n in range(4)]
    with time_machine.travel(DURING - timedelta(days=1)):
        places = [sign_up(person, kesennuma, session.session_uuid) for person in people]
    assert "紙の名簿" not in office(at=DURING - 2 * HOUR).content.decode(), "nobody came yet"
    keys = [str(place.pk) for place in places]
    office("outcome", sign_up=keys[3], outcome="attended")
    wrong = office("paper", came=keys[:2], **{f"hours_{keys[1]}": "-1"}).content.decode()
    assert not ParticipationRecord.objects.filter(method="paper_list").exists()
    assert f'value="{keys[0]}" checked' in wrong
    assert 'value="-1"' in wrong
    wrong = office("paper", came=keys[:2], **{f"hours_{keys[1]}": "24.25"}).content.decode()
    assert "時間数は0から24までです。" in wrong
    assert f'value="{keys[0]}" checked' in wrong, "a slip loses no ticks"
    assert not ParticipationRecord.objects.filter(method="paper_list").exists()
    for _twice in range(2):
        office("paper", came=keys[:2], **{f"hours_{keys[1]}": "1.5"})
    rows = ParticipationRecord.objects.filter(method="paper_list").order_by("pk")
    assert {(row.resident, row.hours, row.recorded_by) for row in rows} == {
        (people[0], 3, officer),
        (people[1], 1.5, officer),
    }
    page = office().content.decode()
    assert f'name="came" value="{keys[2]}"' in page
    for key in (keys[0], keys[1], keys[3]):
        assert f'name="came" value="{key}"' not in page
    for nobody in ([], ["x"], ["9" * 40]):
        assert "参加した方に印を付けてください。" in office("paper", came=nobody).content.decode()
    assert "紙の名簿" in own_page(people[0])
    assert "担当者による確認" in own_page(people[3])


def test_nobody_ticks_a_list_of_another_session_or_from_afar(kesennuma, session, office) -> None:
    other = a_session(kesennuma, slug="another")
    with time_machine.travel(DURING - timedelta(days=1)):
        place = sign_up(ResidentFactory(), kesennuma, session.session_uuid)
        foreign = sign_up(ResidentFactory(), kesennuma, other.session_uuid)
    office("paper", came=[str(place.pk), str(foreign.pk)])
    assert not ParticipationRecord.objects.exists(), "all or nobody"
    with municipality_context(kesennuma):
        ActivityPage.objects.filter(sessions__uuid=session.session_uuid).update(is_remote=True)
    office("paper", came=[str(place.pk)])
    assert not ParticipationRecord.objects.exists()
    assert 'value="paper"' not in office().content.decode()


def test_another_session_s_entries_are_out_of_reach(kesennuma, session, office) -> None:
    other = a_session(kesennuma, slug="another")
    with time_machine.travel(DURING - timedelta(days=1)):
        place = sign_up(ResidentFactory(), kesennuma, other.session_uuid)
    office("outcome", sign_up=str(place.pk), outcome="attended")
    assert not ParticipationRecord.objects.exists()
    assert SignUp.objects.count() == 1


def test_a_report_counts_when_somebody_has_accepted_it(kesennuma, office, session) -> None:
    from tests.factories.activities import Session

    with municipality_context(kesennuma):
        page = Session.objects.get(uuid=session.session_uuid).page
        page.is_remote = True
        page.save()
    resident = ResidentFactory()
    path = f"/my/reports/{kesennuma.code}/{session.session_uuid}/"
    with time_machine.travel(DURING):
        client = signed_in_client(resident.user)
        assert client.post(path, {"text": "SNSで3回紹介しました。"}).status_code == 302
        report = ParticipationReport.objects.get()
        office("report", report=str(report.pk), accept="no", reason="")
        office("report", report=str(report.pk), accept="no", reason="日付を書いてください")
        assert "日付を書いてください" in client.get(path).content.decode()
        assert client.post(path, {"text": "20日、21日、22日に紹介しました。"}).status_code == 302
        office("report", report=str(report.pk), accept="yes", reason="")
        assert client.post(path, {"text": "もう一度"}).status_code == 409
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.method) == (resident, "report")


def test_a_report_on_an_activity_at_a_place_is_refused(kesennuma, session) -> None:
    path = f"/my/reports/{kesennuma.code}/{session.session_uuid}/"
    with time_machine.travel(DURING):
        answer = signed_in_client(ResidentFactory().user).post(path, {"text": "家から"})
    assert answer.status_code == 409
    assert not ParticipationReport.objects.exists()
