"""An organisation runs the check-in of its own session from its workspace."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from activities.models import ActivityPage, Session
from activities.operations.change_session import cancel_session
from attendance.models import Outcome, ParticipationRecord, ScanDevice, SessionClosing
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from attendance.rules.sign_up import Companion, Wish
from organisations.operations.people import remove_member
from organisations.operations.standings import end_standing
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.scans import DURING, a_device, a_session, desk_client

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(kesennuma, hida):
    """A session of an organisation, its manager, and what they do on the page."""
    organisation = make_organisation(kesennuma)
    session = a_session(kesennuma, organisation=organisation)
    a_session(hida, organisation=organisation)
    member = make_organisation_member(organisation)
    path = f"/workspace/{organisation.pk}/sessions/{session.session_uuid}/check-in/"

    def act(action: str = "", at=DURING, account=None, **data):
        with time_machine.travel(at, tick=False):
            client = signed_in_client(account or member.account, kesennuma)
            return client.post(path, {"action": action, **data}) if action else client.get(path)

    return SimpleNamespace(
        organisation=organisation, session=session, member=member, path=path, act=act
    )


def someone_signs_up(municipality, session, **fields):
    wish = fields.pop("wish", Wish())
    with time_machine.travel(DURING - DAY):
        return sign_up(ResidentFactory(**fields), municipality, session.session_uuid, wish)


def test_a_phone_becomes_a_device_shows_the_changing_code_and_is_ended(kesennuma, desk) -> None:
    page = desk.act("device", label="受付").content.decode()
    link = urlsplit(re.search(r"http://kesennuma\.localhost[^<\"]*/desk/[^<\"]+/", page)[0]).path
    phone = Client(HTTP_HOST=municipality_host(kesennuma))
    with time_machine.travel(DURING):
        assert phone.post(link)["Location"] == "/desk/"
        assert phone.get("/desk/code/").status_code == 200
    device = ScanDevice.objects.get()
    assert device.created_by == desk.member.account
    assert link.split("/")[2] not in desk.act().content.decode(), "a link is shown once"
    desk.act("end_device", device=str(device.pk))
    with time_machine.travel(DURING):
        assert phone.get("/desk/data/").status_code == 401


def a_phone(municipality, desk) -> Client:
    """A device that was made by a link of the workspace."""
    page = desk.act("device", label="受付").content.decode()
    link = urlsplit(re.search(r"http://kesennuma\.localhost[^<\"]*/desk/[^<\"]+/", page)[0]).path
    phone = Client(HTTP_HOST=municipality_host(municipality))
    with time_machine.travel(DURING, tick=False):
        phone.post(link)
    return phone


@pytest.mark.parametrize("end", ["member", "standing", "page"])
def test_a_phone_ends_with_what_its_maker_may(kesennuma, desk, end) -> None:
    stays = make_organisation_member(desk.organisation)
    phone, at = a_phone(kesennuma, desk), DURING
    with time_machine.travel(at, tick=False):
        assert phone.get("/desk/data/").status_code == 200
    if end == "member":
        remove_member(desk.member.pk, desk.organisation, stays.account)
    elif end == "standing":
        end_standing(desk.organisation, kesennuma, DURING.date())
        at = DURING + DAY
    else:
        other = make_organisation(kesennuma, name="別の会")
        with municipality_context(kesennuma):
            ActivityPage.objects.filter(organisation=desk.organisation).update(organisation=other)
    with time_machine.travel(at, tick=False):
        for path in ("/desk/data/", "/desk/", "/desk/code/"):
            assert phone.get(path).status_code == 401


def test_what_it_read_is_still_taken_where_the_page_is_public_no_more(kesennuma, desk) -> None:
    phone = a_phone(kesennuma, desk)
    with municipality_context(kesennuma):
        ActivityPage.objects.filter(organisation=desk.organisation).update(live=False)
    with time_machine.travel(DURING, tick=False):
        assert phone.get("/desk/data/").status_code == 410


def test_looking_at_its_maker_takes_one_query_more(
    kesennuma, desk, django_assert_num_queries
) -> None:
    phone = a_phone(kesennuma, desk)
    with time_machine.travel(DURING, tick=False):
        _device, cookie = a_device(kesennuma, desk.session)
        of_staff = desk_client(kesennuma, cookie)
        for client in (of_staff, phone):
            client.get("/desk/count/")
        with CaptureQueriesContext(connection) as queries:
            of_staff.get("/desk/count/")
        with django_assert_num_queries(len(queries) + 1):
            phone.get("/desk/count/")


def test_a_link_is_made_from_seven_days_before(kesennuma, desk) -> None:
    begins = DURING.replace(hour=9, minute=0)
    early = begins - timedelta(days=7, minutes=1)
    for page in (desk.act(at=early), desk.act("device", at=early, label="受付")):
        assert page.status_code == (200 if page.request["REQUEST_METHOD"] == "GET" else 302)
        assert not ScanDevice.objects.exists()
    assert "7日前の令和8年11月16日" in desk.act(at=early).content.decode()
    assert "端末用のリンクを作る" not in desk.act(at=early).content.decode()
    assert "端末用のリンクを作る" in desk.act(at=begins - timedelta(days=7)).content.decode()
    desk.act("device", at=begins - timedelta(days=7), label="受付")
    assert ScanDevice.objects.get().organisation == desk.organisation


def test_hours_are_those_of_the_session_at_most(kesennuma, desk) -> None:
    place = someone_signs_up(kesennuma, desk.session)
    for sent in (
        {"action": "outcome", "sign_up": str(place.pk), "outcome": "attended", "hours": "999.99"},
        {"action": "paper", "came": str(place.pk), f"hours_{place.pk}": "3.25"},
    ):
        refused = desk.act(**sent)
        assert refused.status_code == 400
        assert "時間数は0から3までです。" in refused.content.decode()
    assert not ParticipationRecord.objects.exists()
    assert not Outcome.objects.exists()


def test_a_device_of_another_session_is_not_ended(kesennuma, desk) -> None:
    other = a_session(kesennuma, slug="another", organisation=desk.organisation)
    with time_machine.travel(DURING):
        device, _cookie = a_device(kesennuma, other)
    desk.act("end_device", device=str(device.pk))
    assert ScanDevice.objects.get().revoked_at is None
    assert desk.act("end_device", device="nonsense").status_code == 400


def test_the_counter_the_digits_and_the_poster_are_on_the_page(kesennuma, desk) -> None:
    someone_signs_up(kesennuma, desk.session)
    before = desk.act().content.decode()
    with time_machine.travel(DURING):
        check_in(ResidentFactory(), venue_token(kesennuma.code, desk.session.session_uuid))
        client = signed_in_client(desk.member.account, kesennuma)
        counted = client.get(f"{desk.path}count/").content.decode()
    assert re.findall(r"figures__value\">(\d+)", before) == ["1", "0"]
    assert re.findall(r"figures__value\">(\d+)", counted) == ["1", "1", "1"]
    assert re.search(r"desk__digits\">\d{6}<", before)
    assert "poster.pdf" in before


def test_of_a_cancelled_date_no_code_is_told(kesennuma, desk) -> None:
    someone_signs_up(kesennuma, desk.session)
    with municipality_context(kesennuma), time_machine.travel(DURING - HOUR):
        cancel_session(Session.objects.get(uuid=desk.session.session_uuid), "大雨のため", None)
    page = desk.act().content.decode()
    assert "この日程は中止になりました。" in page
    for words in ("desk__digits", "端末用のリンク", "poster.pdf", "まだ申込みはありません"):
        assert words not in page, words


def test_people_are_entered_from_the_list_and_the_list_is_confirmed(kesennuma, desk) -> None:
    """As the page's own forms send it: who came by the list on paper, who did not as an outcome."""
    places = [someone_signs_up(kesennuma, desk.session) for _n in range(3)]
    first, second, third = (str(place.pk) for place in places)
    page = desk.act().content.decode()
    assert f'name="came" value="{first}"' in page
    assert f'name="hours_{second}"' in page
    desk.act("paper", at=DURING - HOUR, came=first)
    assert not ParticipationRecord.objects.exists(), "it has not begun"
    for _twice in range(2):
        desk.act("paper", came=first)
        desk.act("paper", came=second, **{f"hours_{second}": "1.5"})
        desk.act("outcome", sign_up=third, outcome="absent")
    records = ParticipationRecord.objects.order_by("pk")
    assert [(one.method, one.hours, one.recorded_by) for one in records] == [
        ("paper_list", 3, desk.member.account), ("paper_list", 1.5, desk.member.account)
    ]  # fmt: skip
    assert Outcome.objects.filter(outcome="absent").exists()
    desk.act("close")
    assert not SessionClosing.objects.exists(), "it is not over"
    page = desk.act("close", at=DURING + 4 * HOUR)
    assert page.status_code == 302
    assert SessionClosing.objects.get().attended == 2
    assert "/report/" in desk.act(at=DURING + 4 * HOUR).content.decode()


def test_readings_and_codes_are_decided_by_staff_alone(desk) -> None:
    for action in ("withdraw", "review", "report", "nothing"):
        assert desk.act(action).status_code == 404


def test_whoever_is_out_or_elsewhere_finds_no_check_in(kesennuma, hida, desk) -> None:
    theirs = make_organisation_member(make_organisation(kesennuma, name="別の会"))
    helper = make_organisation_member(desk.organisation)
    assert desk.act(account=helper.account).status_code == 200
    with time_machine.travel(DURING):
        for account, place in ((theirs.account, kesennuma), (desk.member.account, hida)):
            client = signed_in_client(account, place)
            assert client.get(desk.path).status_code == 404
            assert client.post(desk.path, {"action": "device", "label": "x"}).status_code == 404
        own_number = desk.path.replace(
            f"/{desk.organisation.pk}/", f"/{theirs.organisation_id}/", 1
        )
        client = signed_in_client(theirs.account, kesennuma)
        assert client.post(own_number, {"action": "close"}).status_code == 404
    remove_member(helper.pk, desk.organisation, desk.member.account)
    assert desk.act(account=helper.account).status_code == 404
    end_standing(desk.organisation, kesennuma, DURING.date())
    assert desk.act().status_code == 200
    assert desk.act(at=DURING + DAY).status_code == 404


def test_the_list_says_decades_and_no_date_of_birth(kesennuma, desk) -> None:
    born = DURING.date().replace(year=DURING.year - 70)
    family = Wish(companions=(Companion("連れ", "child"),))
    place = someone_signs_up(kesennuma, desk.session, birth_date=born, wish=family)
    listed = desk.path.replace("check-in/", "sign-ups/")
    with time_machine.travel(DURING):
        client = signed_in_client(desk.member.account, kesennuma)
        page = client.get(listed).content.decode()
        sheet = client.get(f"{listed.rstrip('/')}.xlsx")
    assert "70代" in page
    assert str(born.year) not in page
    cells = list(load_workbook(io.BytesIO(sheet.content)).active.values)
    assert cells[0][:4] == ("名前", "年代", "電話番号", "同行者")
    assert cells[1][:2] == (place.name, "70代")
    assert cells[1][3] == 1


def test_the_page_asks_no_more_for_three_people_than_for_one(
    kesennuma, desk, django_assert_num_queries
) -> None:
    someone_signs_up(kesennuma, desk.session)
    with time_machine.travel(DURING):
        a_device(kesennuma, desk.session)
        client = signed_in_client(desk.member.account, kesennuma)
        client.get(desk.path)
        with CaptureQueriesContext(connection) as page:
            client.get(desk.path)
        of_one = len(page)
    for _twice in range(2):
        someone_signs_up(kesennuma, desk.session)
    with time_machine.travel(DURING):
        a_device(kesennuma, desk.session, "受付2")
        client.get(desk.path)
        with django_assert_num_queries(of_one):
            client.get(desk.path)
