"""The coordinators' work log, and the yearly summary for the special grant."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from activities.models import Coordinator, OtherCosts, WorkEntry
from activities.operations.work_log import (
    keep_other_costs,
    log_work,
    register_coordinator,
    remove_work,
)
from activities.queries.work_log import yearly_summary
from activities.rules.special_grant import fiscal_year
from common import clock
from common.refusal import Refused
from tenants.context import municipality_context
from tenants.staff.models import Membership
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
LOG = "/admin/work-log/"
YEAR = fiscal_year(clock.today())
SUMMARY = f"{LOG}{YEAR}/"


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def entry(**changes):
    return {
        "day": str(clock.today()), "hours": "2.5", "what": "町内会と打ち合わせ", "activity": "",
        "client_key": str(uuid4()),
    } | changes  # fmt: skip


def works(user, hours="1", day=None, what="相談", key=None):
    return log_work(user, day or clock.today(), Decimal(hours), what, None, key or uuid4())


def test_an_entry_is_written_once_and_stays_in_its_municipality(hida, kesennuma):
    page = make_activity(hida, title="雪かき")
    theirs = make_activity(kesennuma, title="清掃")
    user = make_member(hida, Role.COORDINATOR, name="飛騨 太郎")
    client = signed_in_client(user, hida, admin=True)
    sent = entry(activity=str(page.pk))
    for _again in range(2):
        assert client.post(LOG, sent).status_code == 302
    html = text(client.get(LOG))
    for words in ("町内会と打ち合わせ", "飛騨 太郎", "雪かき"):
        assert words in html
    assert "清掃</option>" not in html
    assert client.post(LOG, entry(activity=str(theirs.pk + 9999))).status_code == 200
    with municipality_context(hida):
        assert WorkEntry.objects.get().hours == Decimal("2.5")
    assert "町内会と打ち合わせ" not in text(staff_client(kesennuma, Role.COORDINATOR).get(LOG))
    assert staff_client(hida, Role.READER).get(LOG).status_code == 302


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"day": str(clock.today() + timedelta(days=1))}, "まだ来ていません"),
        ({"hours": "0"}, "0.25"),
        ({"hours": "25"}, "24"),
        ({"what": ""}, "この項目は"),
        ({"client_key": "x"}, "町内会と打ち合わせ"),
    ],
)
def test_what_is_wrong_is_said(hida, wrong, words):
    client = staff_client(hida, Role.COORDINATOR)
    assert words in text(client.post(LOG, entry(**wrong)))
    with municipality_context(hida):
        assert not WorkEntry.objects.exists()


def test_a_day_has_24_hours_and_an_entry_is_its_writer_s(hida):
    one, other = (make_member(hida, Role.COORDINATOR) for _one in range(2))
    with municipality_context(hida):
        works(one, "20")
        with pytest.raises(Refused, match="too_many_hours"):
            works(one, "4.25")
        works(one, "4")
        key = uuid4()
        mine = works(other, key=key)
        with pytest.raises(Refused, match="already_sent"):
            works(one, key=key, day=clock.today() - timedelta(days=1))
        remove_work(mine.pk, one)
        assert WorkEntry.objects.filter(pk=mine.pk).exists()
        for _again in range(2):
            remove_work(mine.pk, other)
        assert not WorkEntry.objects.filter(pk=mine.pk).exists()


def test_an_entry_is_taken_back_by_its_button(hida):
    user = make_member(hida, Role.COORDINATOR)
    client = signed_in_client(user, hida, admin=True)
    client.post(LOG, entry())
    with municipality_context(hida):
        pk = WorkEntry.objects.get().pk
    assert client.post(LOG, {"remove": str(pk)}).status_code == 302
    assert client.post(LOG, {"remove": "²"}).status_code == 200
    with municipality_context(hida):
        assert not WorkEntry.objects.exists()


def test_the_summary_applies_caps_ceiling_rate_and_correction(hida, kesennuma):
    full, part, guest = (
        make_member(hida, Role.COORDINATOR, name=n) for n in ("専任", "兼任", "応援")
    )
    with municipality_context(hida):
        register_coordinator(full, YEAR, "dedicated", 1)
        register_coordinator(full, YEAR, "dedicated", 6_200_000)
        register_coordinator(part, YEAR, "concurrent", 500_000)
        register_coordinator(part, YEAR - 1, "dedicated", 9_000_000)
        keep_other_costs(YEAR, 12_000_000, Decimal("0.5"))
        works(full, "7.5")
        works(guest, "2")
        found = yearly_summary(YEAR)
        claims = {one.name: (one.hours, one.claim) for one in found.people}
        assert claims == {
            "専任": (Decimal("7.5"), 5_000_000), "兼任": (0, 400_000), "応援": (Decimal(2), 0),
        }  # fmt: skip
        assert (found.other.claim, found.claim, found.hours) == (
            2_500_000, 7_900_000, Decimal("9.5"),
        )  # fmt: skip
    with municipality_context(kesennuma):
        assert yearly_summary(YEAR).claim == 0
    html = text(staff_client(hida, Role.ADMINISTRATOR).get(SUMMARY))
    for words in ("7,900,000", "5,000,000", "応援", "登録なし"):
        assert words in html


def test_the_administrator_keeps_register_and_costs(hida, kesennuma):
    coordinator = make_member(hida, Role.COORDINATOR, name="専任 花子")
    stranger = make_member(kesennuma, Role.COORDINATOR)
    client = staff_client(hida, Role.ADMINISTRATOR)
    sent = {"user": str(coordinator.pk), "kind": "dedicated", "cost": "4800000"}
    for _again in range(2):
        assert client.post(SUMMARY, sent).status_code == 302
    assert (
        client.post(SUMMARY, {"other": "1", "cost": "8000000", "correction": "1"}).status_code
        == 302
    )
    assert "8,800,000" in text(client.get(SUMMARY))
    wrong = client.post(SUMMARY, sent | {"user": str(stranger.pk)})
    assert wrong.status_code == 200
    bad = text(client.post(SUMMARY, {"other": "1", "cost": "-1", "correction": "1.2"}))
    assert "8,800,000" in bad, "the figures kept are shown, not those refused"
    with municipality_context(hida):
        row = Coordinator.objects.get()
        assert OtherCosts.objects.get().cost == 8_000_000
    assert client.post(SUMMARY, {"remove": str(row.pk)}).status_code == 302
    with municipality_context(hida):
        assert not Coordinator.objects.exists()
    for role in (Role.COORDINATOR, Role.READER):
        other = staff_client(hida, role)
        for path in (SUMMARY, f"{SUMMARY}summary.csv", f"{SUMMARY}summary.xlsx"):
            assert other.get(path).status_code == 302
    assert client.get(f"{LOG}{YEAR + 1}/").status_code == 404
    assert client.get(f"{LOG}2025/").status_code == 404


def test_whoever_has_left_keeps_the_name_in_the_figures(hida):
    user = make_member(hida, Role.COORDINATOR, name="去年の担当")
    with municipality_context(hida):
        register_coordinator(user, YEAR, "dedicated", 100)
        works(user)
        Membership.objects.filter(user=user).delete()
    assert "去年の担当" in text(staff_client(hida, Role.ADMINISTRATOR).get(SUMMARY))
    assert "去年の担当" in text(staff_client(hida, Role.COORDINATOR).get(LOG))


def test_no_cell_of_the_files_is_run(hida):
    evil = make_member(hida, Role.COORDINATOR, name="=HYPERLINK(1)")
    with municipality_context(hida):
        register_coordinator(evil, YEAR, "dedicated", 4_000_000)
    client = staff_client(hida, Role.ADMINISTRATOR)
    answer = client.get(f"{SUMMARY}summary.csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[-1][-1] == "4000000"
    sheet = load_workbook(io.BytesIO(client.get(f"{SUMMARY}summary.xlsx").content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1][1] == "'=HYPERLINK(1)"
    assert cells[-1][-1] == 4_000_000


def test_the_summary_asks_a_bounded_number_of_questions(hida):
    with municipality_context(hida):

        def asked():
            with CaptureQueriesContext(connection) as queries:
                yearly_summary(YEAR)
            return len(queries)

        for _more in range(2):
            works(make_member(hida, Role.COORDINATOR))
            register_coordinator(make_member(hida, Role.COORDINATOR), YEAR, "dedicated", 1)
            assert asked() == 3
