"""The screens by which staff take a list over (R20)."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from itertools import cycle

import pytest
from openpyxl import load_workbook

from attendance.enums import EarlierStatus
from attendance.models import EarlierRecord, ImportBatch, ParticipationRecord
from attendance.rules.earlier_columns import COLUMNS, guess
from attendance.rules.earlier_sheets import error_workbook, read_table, sample_workbook
from common.refusal import Refused
from privacy.models import AccessRecord
from tenants.staff.roles import Role
from tests.factories.earlier import HEADINGS, csv_file, hanako, of_taro, row, take, xlsx_file
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
START = "/admin/earlier/"
STATED = {
    "activity0-lack_of_hands": "yes",
    "activity0-lack_of_hands_reason": "人手が足りません。",
    "activity0-public_benefit": "yes",
    "activity0-public_benefit_reason": "だれもが使う海辺です。",
    "activity0-effective_from": "2026-04-01",
}


@pytest.fixture
def client(kesennuma):
    return staff_client(kesennuma, Role.REGISTRATION_OFFICER)


def hidden(answer) -> dict[str, str]:
    """The fields that a page brings along, and what is chosen in its selects."""
    page = answer.content.decode()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    for name, options in re.findall(r'<select name="([\w-]+)".*?>(.*?)</select>', page, re.S):
        if chosen := re.search(r'value="([^"]*)" selected', options):
            found.append((name, chosen[1]))
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def send(client, content: bytes, name: str = "実績.csv"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(START, {"sheet": file})


def result_of(client, content: bytes):
    return client.post(f"{START}columns/", hidden(send(client, content)))


@pytest.mark.parametrize(
    "content",
    [
        csv_file([row()]),
        csv_file([row()], encoding="cp932"),
        csv_file([row()], encoding="utf-16"),
        xlsx_file([row()]),
        xlsx_file([("", "", *row())], ("", "番号", *HEADINGS)),
        xlsx_file([(*row()[:2], date(2026, 4, 12), *row()[3:])]),
    ],
)
def test_a_list_in_any_format_and_encoding(content):
    table = read_table(content)
    places = guess(table.headings)
    ((number, texts),) = table.rows
    assert number == 2
    assert texts[places["name"]] == "藤原 花子"
    assert len(places) == len(HEADINGS)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "no_headings"), (b"\x00\x01\x02", "not_a_list"), (b"PK\x03\x04", "not_a_spreadsheet"),
     (bytes.fromhex("d0cf11e0a1b11ae1"), "old_or_locked"), (csv_file([]), "no_rows"),
     (csv_file([row()] * 5001), "too_many_rows"), (b"%PDF-1.4\xa0\x00", "not_a_list")],
)  # fmt: skip
def test_other_files_are_refused(content, code):
    with pytest.raises(Refused) as refused:
        read_table(content)
    assert refused.value.code == code


def test_a_formula_is_named_and_never_run():
    content = xlsx_file([(*row()[:5], '=HYPERLINK("http://example.jp")', *row()[6:])])
    ((_number, texts),) = read_table(content).rows
    assert texts[5].startswith("\x01")
    table = read_table(csv_file([row(参加者氏名="=1+1")]))
    sheet = load_workbook(io.BytesIO(error_workbook(table, [""]))).active
    assert sheet.cell(2, 6).value == "'=1+1"
    assert read_table(error_workbook(table, [""])).rows[0][1] == table.rows[0][1]


def test_the_sample_form_has_all_columns_and_an_example_that_is_not_taken(client):
    answer = client.get(f"{START}sample/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert "記入例" in sheet.cell(2, 1).value
    with pytest.raises(Refused, match="no_rows"):
        read_table(sample_workbook())


def test_a_list_is_sent_in_looked_at_and_taken_over(client, kesennuma):
    resident = hanako()
    register_resident(resident, kesennuma)
    content = csv_file([row(), of_taro(), row(活動日="R8.3.31")], encoding="cp932")
    mapper = send(client, content)
    page = mapper.content.decode()
    assert mapper.status_code == 200
    assert "フリガナ（ふじわら はなこ）" in page
    result = client.post(f"{START}columns/", hidden(mapper))
    page = result.content.decode()
    assert "4行目" in page and "令和8年4月1日" in page
    assert EarlierRecord.objects.count() == ImportBatch.objects.count() == 0
    answer = client.post(f"{START}take/", hidden(result) | STATED)
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"{START}{batch.pk}/"
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.designated) == (resident, True)
    assert EarlierRecord.objects.get(status=EarlierStatus.WAITING).row_number == 3
    detail = client.get(answer["Location"]).content.decode()
    assert "山田 太郎" in detail and "藤原" not in detail
    again = client.post(f"{START}take/", hidden(result) | STATED)
    assert again["Location"] == START
    assert ImportBatch.objects.count() == 1


def test_swapped_columns_go_through_the_mapper_which_remembers(client, kesennuma):
    headings = ("いつ", "何を", "誰が", "何時間", "でんわ")
    content = csv_file([("R8.4.12", "清掃", "藤原花子", "3", PHONE := "09012345678")], headings)
    first = hidden(send(client, content))
    assert not first["name"]
    refused = client.post(f"{START}columns/", first)
    assert "列を選んでください" in refused.content.decode()
    chosen = {"held_on": "0", "activity": "1", "name": "2", "hours": "3", "phone": "4"}
    result = client.post(f"{START}columns/", first | chosen)
    client.post(f"{START}take/", hidden(result))
    one = EarlierRecord.objects.get()
    assert one.person is not None and one.person.phone == PHONE
    assert not one.designated, "nobody has said that it counts"
    again = hidden(send(client, content))
    assert {name: again[name] for name in chosen} == chosen


def test_the_error_sheet_is_the_list_with_reasons(client):
    content = csv_file([row(活動日="R8.3.31"), row(電話番号="")])
    answer = client.post(f"{START}errors/", hidden(result_of(client, content)))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "エラー"]
    assert "活動日：" in sheet.cell(2, 10).value
    assert not sheet.cell(3, 10).value


# What can be wrong in a list: the cells, and the sentences of the error sheet.
WRONG = [
    (
        {"活動日": "R8.3.31"},
        "活動日：実績の対象は令和8年4月1日以降の参加です。それより前の参加は取り込めません。",
    ),
    (
        {"活動日": "いつか"},
        "活動日：日付は、2026/4/1 または 令和8年4月1日 のように入力してください。",
    ),
    ({"活動名": ""}, "活動名：空欄です。入力してください。"),
    ({"終了時刻": "8:59"}, "終了時刻：終了は、開始より後の日時にしてください。"),
    ({"開始時刻": "朝"}, "開始時刻：時刻は9:00や9時30分のように入力してください。"),
    ({"フリガナ": "山田"}, "フリガナ：ふりがなは、カタカナかひらがなで入力してください。"),
    ({"生年月日": "R8.5.1"}, "生年月日：生年月日が活動日より後になっています。"),
    ({"電話番号": ""}, "生年月日：生年月日か電話番号を入力してください。"),
    ({"電話番号": "226600"}, "電話番号：電話番号は市外局番から入力してください。"),
    (
        {"活動名": "", "フリガナ": "山田"},
        "活動名：空欄です。入力してください。\n"
        "フリガナ：ふりがなは、カタカナかひらがなで入力してください。",
    ),
]


def test_five_thousand_rows_with_forty_faults(client):
    """Forty are named in the error sheet, each with its cells and reasons; the rest is in."""
    at = [7 + 125 * n for n in range(40)]
    faults = dict(zip(at, cycle(WRONG), strict=False))
    rows = []
    for n in range(5000):
        changes, _told = faults.get(n, ({}, ""))
        rows.append(of_taro(n, **({"活動日": f"R8.4.{1 + n % 28}"} | changes)))
    result = hidden(result_of(client, csv_file(rows)))
    assert EarlierRecord.objects.count() == 0, "judging writes nothing"
    answer = client.post(f"{START}errors/", result)
    sheet = load_workbook(io.BytesIO(answer.content), read_only=True).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == (*HEADINGS, "エラー")
    assert len(lines) == 5001
    found = {n: line for n, line in enumerate(lines[1:]) if line[9]}
    assert {n: line[9] for n, line in found.items()} == {n: faults[n][1] for n in at}
    assert [[text or "" for text in line[:9]] for line in found.values()] == [
        list(rows[n]) for n in at
    ]
    client.post(f"{START}take/", result | STATED)
    assert EarlierRecord.objects.filter(status=EarlierStatus.WAITING).count() == 4960


def test_half_an_answer_about_an_activity_is_not_taken(client):
    result = hidden(result_of(client, csv_file([row()])))
    answer = client.post(f"{START}take/", result | {"activity0-lack_of_hands": "yes"})
    assert answer.status_code == 200
    assert EarlierRecord.objects.count() == 0


def test_the_page_of_somebody_else_is_not_taken(client, kesennuma, hida):
    result = hidden(result_of(client, csv_file([row()])))
    for place in (kesennuma, hida):
        other = staff_client(place, Role.ADMINISTRATOR)
        assert other.post(f"{START}take/", result)["Location"] == START
    assert client.post(f"{START}take/", result | {"token": "x"})["Location"] == START
    assert EarlierRecord.objects.count() == 0


def test_both_sides_are_shown_and_that_staff_looked_is_on_record(client, kesennuma):
    resident = hanako(phone="0226226600")
    register_resident(resident, kesennuma)
    officer = make_member(kesennuma, Role.ADMINISTRATOR)
    take(kesennuma, officer, [row()])
    one = EarlierRecord.objects.get()
    page = client.get(f"{START}rows/{one.pk}/").content.decode()
    assert "09012345678" in page and "0226226600" in page
    assert AccessRecord.objects.get().resident_id == resident.pk
    client.post(f"{START}rows/{one.pk}/", {"to": str(resident.pk)})
    assert ParticipationRecord.objects.get().resident == resident
    assert "藤原" not in client.get(f"{START}rows/{one.pk}/").content.decode()


def test_a_letter_with_a_code(client, kesennuma):
    take(kesennuma, make_member(kesennuma, Role.ADMINISTRATOR), [row()])
    one = EarlierRecord.objects.get()
    address = f"{START}rows/{one.pk}/"
    assert client.post(address, {"code": "1"})["Location"] == f"{address}letter/"
    page = client.get(f"{address}letter/").content.decode()
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    other = staff_client(kesennuma, Role.ADMINISTRATOR).get(f"{address}letter/").content.decode()
    assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", other)


def test_taking_back_needs_a_reason_and_staff_can_filter(client, kesennuma):
    batch = take(kesennuma, make_member(kesennuma, Role.ADMINISTRATOR), [row(), of_taro()]).batch
    address = f"{START}{batch.pk}/"
    assert client.post(f"{address}undo/", {"reason": ""}).status_code == 200
    assert client.get(f"{address}?state=recorded").content.decode().count("行目</a>") == 0
    assert client.get(f"{START}rows/?state=waiting").content.decode().count("行目</a>") == 2
    client.post(f"{address}undo/", {"reason": "別の年度の名簿でした"})
    assert set(EarlierRecord.objects.values_list("status", flat=True)) == {"undone"}
    assert "別の年度の名簿でした" in client.get(address).content.decode()


def test_nobody_else_gets_there(kesennuma, hida):
    batch = take(kesennuma, make_member(kesennuma, Role.ADMINISTRATOR), [row()]).batch
    coordinator = staff_client(kesennuma, Role.COORDINATOR)
    assert coordinator.get(START).status_code == 302
    elsewhere = staff_client(hida, Role.ADMINISTRATOR)
    one = EarlierRecord.objects.get()
    for address in (
        f"{START}{batch.pk}/",
        f"{START}rows/{one.pk}/",
        f"{START}rows/{one.pk}/letter/",
    ):
        assert elsewhere.get(address).status_code == 404
    assert elsewhere.post(f"{START}{batch.pk}/undo/", {"reason": "x"}).status_code == 404
