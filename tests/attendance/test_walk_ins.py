"""Somebody on the list on paper who had not signed up is entered by number and name."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from attendance.models import ParticipationRecord
from attendance.operations.ledger.amend import void
from attendance.operations.outcomes import close_session
from attendance.operations.scans.overview import entered_elsewhere
from attendance.operations.walk_ins import enter_walk_in
from attendance.rules.earlier_people import Known
from attendance.rules.on_paper import is_number, who_wrote
from attendance.views.sentences import sentence_for
from common.clock import TOKYO
from common.refusal import Refused
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.scans import DURING, a_session
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBER = "042056-000123"


@pytest.mark.parametrize(("written", "agrees"), [
    ("042056-000123", True), ("042056000123", True), ("０４２０５６－０００１２３", True),
    ("123", True), ("000123", True), (" 123 ", True),
    ("124", False), ("1230", False), ("042057-000123", False), ("56-000123", False),
    ("", False), ("-", False), ("0", False), ("x123", False),
])  # fmt: skip
def test_a_number_is_read_however_it_is_written(written, agrees):
    assert is_number(written, NUMBER) is agrees


@pytest.mark.parametrize(("name", "agrees"), [
    ("小野寺 ハル", True), ("小野寺ハル", True), ("小野寺　ハル", True), ("おのでら はる", True),
    ("オノデラハル", True), ("小野寺", False), ("ハル", False), ("小野寺 ナツ", False), ("", False),
])  # fmt: skip
def test_the_whole_name_is_asked_for(name, agrees):
    known = Known(uuid4(), "小野寺 ハル", "オノデラ ハル", None, "", NUMBER)
    other = Known(uuid4(), "小野寺 ハル", "", None, "", "042056-000124")
    day = date(2026, 11, 22)
    assert who_wrote("123", name, day, [known, other]) == (known.resident if agrees else None)
    assert who_wrote("123", name, day, []) is None


@pytest.mark.parametrize(("registered", "had_it"), [("22 23:59", True), ("23 00:00", False)])
def test_who_had_no_number_on_that_day_wrote_none(registered, had_it):
    since = datetime.strptime(f"2026-11-{registered}", "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO)
    known = Known(uuid4(), "小野寺 ハル", "", None, "", NUMBER, since)
    found = who_wrote("123", "小野寺 ハル", date(2026, 11, 22), [known])
    assert found == (known.resident if had_it else None)


@pytest.fixture
def desk(kesennuma, hida):
    """A session of an organisation here and one there, and a registrant of each municipality."""
    organisation = make_organisation(kesennuma)
    session = a_session(kesennuma, organisation=organisation)
    member = make_organisation_member(organisation)
    path = f"/workspace/{organisation.pk}/sessions/{session.session_uuid}/check-in/"
    with time_machine.travel(DURING - 9 * DAY):
        people = [ResidentFactory(user__email=f"kita{n}@example.jp") for n in range(2)]
        here, there = map(register_resident, people, (kesennuma, hida))

    def enter(number, name, at=DURING, account=None, **data):
        with time_machine.travel(at, tick=False):
            client = signed_in_client(account or member.account, kesennuma)
            return client.post(path, {"action": "walk_in", "number": number, "name": name, **data})

    return SimpleNamespace(
        organisation=organisation, session=session, member=member, path=path, enter=enter,
        here=here, there=there,
    )  # fmt: skip


def test_number_and_name_record_once_and_the_person_is_told(kesennuma, desk, mailoutbox):
    before = len(mailoutbox)
    running = desk.here.number.rpartition("-")[2]
    for number, name in ((desk.here.number, desk.here.name), (running, desk.here.kana)):
        sent = desk.enter(number, name, hours="1.5")
        assert (sent.status_code, sent["Location"]) == (302, f"{desk.path}#main")
        with time_machine.travel(DURING, tick=False):
            told = sent.client.get(desk.path).content.decode()
        assert f"登録番号 {number} の方の参加を記録しました（すでに記録されていた場合は" in told
        assert desk.here.name not in told
    record = ParticipationRecord.objects.get()
    assert (record.resident_id, record.method) == (desk.here.resident_id, "paper_list")
    assert (record.recorded_by, record.hours) == (desk.member.account, 1.5)
    assert record.municipality_id == kesennuma.code
    (mail,) = mailoutbox[before:]
    assert mail.to == ["kita0@example.jp"]
    for word in (desk.organisation.name, record.activity_title, "紙の名簿", "/my/history/"):
        assert word in mail.body, word
    with time_machine.travel(DURING, tick=False):
        page = signed_in_client(desk.member.account, kesennuma).get(desk.path).content.decode()
    assert "申込みのない方を入力する" in page
    for word in (desk.here.number, desk.here.name, desk.here.family_name, "kita0@"):
        assert word not in page, "who was entered is shown to nobody"


def test_in_english_too(kesennuma, desk, mailoutbox):
    resident = desk.here.resident
    resident.language = "en"
    resident.save()
    before = len(mailoutbox)
    with time_machine.travel(DURING, tick=False):
        client = signed_in_client(desk.member.account, kesennuma)
        sent = {"action": "walk_in", "number": desk.here.number, "name": "別の 名前"}
        page = client.post(f"/en{desk.path}", sent)
        assert "It could not be recorded with this number and name." in page.content.decode()
        client.post(f"/en{desk.path}", sent | {"name": desk.here.name})
    (mail,) = mailoutbox[before:]
    assert mail.subject.startswith("Your participation was entered")
    assert "from the list on paper" in mail.body


def test_whatever_does_not_agree_is_one_sentence_and_nothing_entered_is_lost(hida, desk):
    stranger = make_organisation_member(desk.organisation).account.resident
    pages = {}
    for case, (number, name) in {
        "name": (desk.here.number, "別の 名前"),
        "number": ("999999", desk.here.name),
        "elsewhere": (desk.there.number, desk.there.name),
        "unregistered": ("1", stranger.name),
        "family name": (desk.here.number, desk.here.family_name),
    }.items():
        answer = desk.enter(number, name)
        assert answer.status_code == 400, case
        page = answer.content.decode()
        assert f'value="{number}"' in page
        assert f'value="{name}"' in page
        pages[case] = page.replace(number, "N").replace(name, "W")
    for page in pages.values():
        assert "この番号と名前では記録できませんでした" in page
        assert page.count("error-summary__list") == 1
    assert not ParticipationRecord.objects.exists()
    with translation.override("en"):
        assert "letter by letter" in sentence_for(Refused("not_on_record"))


def test_what_staff_have_voided_is_not_brought_back(kesennuma, desk):
    desk.enter(desk.here.number, desk.here.name)
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        void(ParticipationRecord.objects.get(), officer, "人違い")
    assert desk.enter(desk.here.number, desk.here.name).status_code == 400
    assert not ParticipationRecord.objects.counted().exists()


@pytest.mark.parametrize(("case", "says"), [("early", 302), ("hours", 400), ("empty", 400)])
def test_what_cannot_be_is_refused(desk, case, says):
    data = {"early": {"at": DURING - 3 * HOUR}, "hours": {"hours": "9"}, "empty": {}}[case]
    number = "" if case == "empty" else desk.here.number
    assert desk.enter(number, desk.here.name, **data).status_code == says
    assert not ParticipationRecord.objects.exists()


def test_who_guesses_is_stopped_and_so_are_the_colleagues(kesennuma, desk):
    for n in range(20):
        assert desk.enter(str(9000 + n), desk.here.name).status_code == 400
    page = desk.enter(desk.here.number, desk.here.name).content.decode()
    assert "入力の間違いが続いた" in page
    assert desk.here.name in page
    assert not ParticipationRecord.objects.exists()
    for _colleague in range(2):
        account = make_organisation_member(desk.organisation).account
        for n in range(20):
            desk.enter(str(9000 + n), desk.here.name, account=account)
    fresh = make_organisation_member(desk.organisation).account
    assert desk.enter(desk.here.number, desk.here.name, account=fresh).status_code == 400
    assert desk.enter(
        desk.here.number, desk.here.name, account=fresh, at=DURING + 25 * HOUR
    ).status_code == 302  # fmt: skip
    assert ParticipationRecord.objects.count() == 1


def test_who_goes_on_after_that_stops_nobody_else(kesennuma, desk):
    for n in range(61):
        assert desk.enter(str(9000 + n), desk.here.name).status_code == 400
    colleague = make_organisation_member(desk.organisation).account
    assert desk.enter(desk.here.number, desk.here.name, account=colleague).status_code == 302


def test_what_succeeds_is_not_counted(kesennuma, desk):
    for _again in range(25):
        assert desk.enter(desk.here.number, desk.here.name).status_code == 302


@pytest.mark.parametrize(("late", "closed", "recorded"), [
    (13 * DAY, False, True), (15 * DAY, False, False), (5 * HOUR, True, False),
])  # fmt: skip
def test_an_organisation_enters_while_the_list_is_open(kesennuma, desk, late, closed, recorded):
    officer = make_member(kesennuma, "coordinator")
    if closed:
        with time_machine.travel(DURING + 4 * HOUR, tick=False), municipality_context(kesennuma):
            close_session(kesennuma, desk.session.session_uuid, desk.member.account)
    sent = desk.enter(desk.here.number, desk.here.name, at=DURING + late)
    assert ParticipationRecord.objects.exists() is recorded
    if not recorded:
        again = signed_in_client(desk.member.account, kesennuma)
        with time_machine.travel(DURING + late, tick=False):
            shown = again.get(desk.path).content.decode()
        assert "確定しているか" in sent.content.decode() + shown or sent.status_code == 302
    # Staff enter whoever is missing also afterwards.
    with time_machine.travel(DURING + late, tick=False), municipality_context(kesennuma):
        enter_walk_in(
            kesennuma, desk.session.session_uuid, desk.here.number, desk.here.name, officer
        )
    assert ParticipationRecord.objects.count() == 1


def test_who_registered_afterwards_is_not_entered(kesennuma, desk):
    late = DURING + 10 * DAY
    with time_machine.travel(late):
        known = register_resident(ResidentFactory(), kesennuma)
    assert desk.enter(known.number, known.name, at=late + HOUR).status_code == 400
    assert not ParticipationRecord.objects.exists()


def test_two_lists_at_the_same_time_are_worth_a_look(kesennuma, desk):
    second = a_session(kesennuma, organisation=desk.organisation, title="別の清掃", slug="betsu")
    uuids = [desk.session.session_uuid, second.session_uuid]
    with time_machine.travel(DURING, tick=False), municipality_context(kesennuma):
        for uuid in uuids:
            assert not entered_elsewhere(kesennuma, uuid)
            enter_walk_in(kesennuma, uuid, desk.here.number, desk.here.name, desk.member.account)
        found = [entered_elsewhere(kesennuma, uuid).get() for uuid in uuids]
    assert [one.session_uuid for one in found] == uuids
    with time_machine.travel(DURING, tick=False):
        client = signed_in_client(make_member(kesennuma, "coordinator"), kesennuma, admin=True)
        page = client.get(f"/admin/sessions/{uuids[0]}/check-in/").content.decode()
    assert "同じ時間の別の日程" in page


def test_staff_enter_it_on_their_screen(kesennuma, desk):
    officer = make_member(kesennuma, "coordinator")
    path = f"/admin/sessions/{desk.session.session_uuid}/check-in/"
    with time_machine.travel(DURING, tick=False):
        client = signed_in_client(officer, kesennuma, admin=True)
        page = client.get(path).content.decode()
        assert "申込みのない方を入力する" in page
        ids = re.findall(r' id="([^"]+)"', page.partition("</header>")[2])
        assert len(ids) == len(set(ids)), "each label finds its own field"
        wrong = {"action": "walk_in", "number": desk.here.number, "name": "別の 名前"}
        assert "この番号と名前では" in client.post(path, wrong).content.decode()
        sent = client.post(path, wrong | {"name": desk.here.name})
        assert sent.status_code == 302
        said = f"登録番号 {desk.here.number} の方の参加を記録しました"
        assert said in client.get(path).content.decode()
    assert ParticipationRecord.objects.get().recorded_by == officer


def test_nobody_else_s_session(kesennuma, hida, desk):
    other = make_organisation(kesennuma, name="別の会")
    stranger = make_organisation_member(other).account
    assert desk.enter(desk.here.number, desk.here.name, account=stranger).status_code == 404
    with time_machine.travel(DURING, tick=False):
        for place in (kesennuma, hida):
            with municipality_context(place), pytest.raises(Refused) as refused:
                enter_walk_in(
                    place, desk.session.session_uuid, desk.here.number, desk.here.name,
                    stranger, organisation=other,
                )  # fmt: skip
            assert refused.value.code == "session_gone"
    assert not ParticipationRecord.objects.exists()


def test_the_printed_lists_have_lines_to_write_on(kesennuma, desk):
    with time_machine.travel(DURING, tick=False):
        listed = signed_in_client(desk.member.account, kesennuma).get(
            desk.path.replace("check-in/", "sign-ups/")
        )
        client = signed_in_client(make_member(kesennuma, "coordinator"), kesennuma, admin=True)
        printed = client.get(f"/admin/sessions/{desk.session.session_uuid}/sign-ups/print/")
    for page in (listed, printed):
        assert page.status_code == 200
        html = page.content.decode()
        assert "申込みなしで参加する方" in html
        assert "登録番号" in html
