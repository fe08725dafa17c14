"""Many requests as one spreadsheet: checked, stored together, approved together (R1, R28)."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook

from common import clock
from common.refusal import Refused
from tenants import tasks
from tenants.enums import RequestStatus, TermsKind
from tenants.forms.bulk import check_rows, right_rows
from tenants.models import LocalGovernment, ParticipationRequest, RequestBatch, Terms
from tenants.operations.bulk import approve_batch, retry_batch, store_batch
from tenants.operations.operators import make_operator
from tenants.operations.requests import decline_request
from tenants.rules.bulk import COLUMNS, FIELDS, SheetRow, Upload
from tenants.staff.roles import Role
from tests.factories.accounts import UserFactory, signed_in_client
from tests.factories.staff import staff_client
from tests.factories.tenants import passed

PASSWORD = "correct horse battery"
MATSUSHIMA, SHICHIGAHAMA, SAPPORO, HIDA, KESENNUMA = (
    "044016", "044041", "011002", "212172", "042056",
)  # fmt: skip
HEADINGS = [column.heading for column in COLUMNS]
UPLOAD = "/requests/bulk/"


@pytest.fixture
def operator(db):
    return make_operator("operator@example.go.jp", "総務 太郎", PASSWORD)


@pytest.fixture
def host(operator):
    client = Client(HTTP_HOST="operator.localhost")
    client.post("/sign-in/", {"username": operator.email, "password": PASSWORD})
    return passed(client, operator)


def line(code=MATSUSHIMA, **changes):
    """The cells of one right row."""
    values = {
        "local_government": code,
        "department": "企画調整課",
        "contact_name": "髙橋 一郎",
        "contact_email": f"Kikaku@{code}.example.lg.jp",
        "contact_phone": "０２２－３５４－５７０１",
        "terms": "1.0",
        "agreed_on": "令和8年4月1日",
    }
    return [(values | changes)[name] for name in FIELDS]


def sheet(*lines, headings=HEADINGS):
    """The bytes of a spreadsheet with these rows, as they are given."""
    workbook = Workbook()
    for cells in (headings, *lines):
        workbook.active.append(list(cells))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def send(host, content, name="申請.xlsx", **more):
    return host.post(UPLOAD, {"sheet": SimpleUploadedFile(name, content), **more})


def token(answer):
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


def errors_of(answer):
    """(row number, heading) of every error on the result page."""
    return [
        (one.row.number, heading) for one in answer.context["wrong"] for heading, _ in one.errors
    ]


def sentence_about(answer):
    """The one error of the upload form."""
    (sentence,) = answer.context["form"].errors["sheet"]
    return sentence


def free_codes(number):
    codes = LocalGovernment.objects.filter(municipality=None).order_by("code")
    return list(codes.values_list("pk", flat=True)[:number])


def repacked(content, add=(), **replace):
    """`content` with parts of the zip replaced (`old=new` texts in every part) or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                data = old.read(part)
                for before, after in replace.get("texts", {}).items():
                    data = data.replace(before.encode(), after.encode())
                new.writestr(part.filename, data)
            for name, data in add:
                new.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def stored(operator):
    """A batch of three requests, as the upload stores it."""

    def make(*codes):
        rows = tuple(
            SheetRow(number, dict(zip(FIELDS, line(code), strict=True)))
            for number, code in enumerate(codes, start=2)
        )
        checked = check_rows(Upload("申請.xlsx", "", "", rows))
        made, is_new = store_batch(
            right_rows(checked),
            file_name="申請.xlsx",
            digest=f"{'-'.join(codes):64.64}",
            row_count=len(rows),
            operator=operator,
        )
        assert is_new
        return made

    return make


# The template


def test_the_template_can_be_filled_in_and_sent_back(host):
    answer = host.get("/requests/bulk/template/")
    assert answer["Content-Disposition"].startswith("attachment")
    workbook = load_workbook(io.BytesIO(answer.content))
    first, notes = workbook.worksheets
    assert [cell.value for cell in first[1]] == HEADINGS
    assert first.max_row == 1, "no example row that somebody could send in"
    assert [row[0].value for row in notes.iter_rows(min_row=2)] == HEADINGS
    examples = [row[1].value for row in notes.iter_rows(min_row=2)]
    assert examples[FIELDS.index("terms")] == "1.0"
    first.append(line())
    filled = io.BytesIO()
    workbook.save(filled)
    assert send(host, filled.getvalue()).status_code == 302


# Sending in


def test_two_hundred_right_rows_are_one_batch(host, operator, mailoutbox):
    codes = free_codes(200)
    answer = send(host, sheet(*map(line, codes)))
    batch = RequestBatch.objects.get()
    assert answer["Location"] == f"/requests/batches/{batch.pk}/"
    assert (batch.uploaded_by, batch.file_name, batch.row_count) == (operator, "申請.xlsx", 200)
    requests = ParticipationRequest.objects.filter(batch=batch)
    assert set(requests.values_list("local_government_id", flat=True)) == set(codes)
    assert set(requests.values_list("status", flat=True)) == {RequestStatus.SUBMITTED}
    assert len(mailoutbox) == 200
    page = host.get(answer["Location"]).content.decode()
    assert "200件を承認して準備を始める" in page
    assert "総務 太郎" in page


def test_a_row_is_kept_as_the_public_form_keeps_it(host, mailoutbox):
    send(host, sheet(line(contact_name="髙橋　一郎", local_government="０４４０１６")))
    made = ParticipationRequest.objects.get(local_government=MATSUSHIMA)
    assert made.contact_name == "髙橋 一郎"
    assert made.contact_email == "kikaku@044016.example.lg.jp"
    assert made.contact_phone == "0223545701"
    assert made.terms == Terms.objects.in_force(TermsKind.MUNICIPALITY)
    assert made.agreed_at.astimezone(clock.TOKYO).date() == date(2026, 4, 1)
    (mail,) = mailoutbox
    assert mail.to == ["kikaku@044016.example.lg.jp"]
    assert "宮城県松島町" in mail.body


def test_the_mails_are_in_japanese_whatever_the_language_at_work(stored, mailoutbox):
    with translation.override("en"):
        stored(MATSUSHIMA)
    (mail,) = mailoutbox
    assert mail.subject == "利用申請を受け付けました"


@pytest.mark.parametrize(
    "day",
    [
        "2026-04-01",
        "2026/4/1",
        "２０２６年４月１日",
        "R8.4.1",
        "令和８年４月１日",
        datetime(2026, 4, 1),
    ],
)
def test_days_are_read_as_people_and_programs_write_them(host, day):
    assert send(host, sheet(line(agreed_on=day))).status_code == 302


def test_numbers_are_read_where_they_can_mean_one_thing(host):
    cells = line(SHICHIGAHAMA, terms=1, contact_phone=223545701)
    assert send(host, sheet(cells)).status_code == 302
    made = ParticipationRequest.objects.get(local_government=SHICHIGAHAMA)
    assert (made.contact_phone, made.terms.version) == ("0223545701", "1.0")


def test_a_code_that_lost_its_zero_is_not_guessed(host):
    """12220 is 流山市 without its check digit or 三笠市 without its zero."""
    answer = send(host, sheet(line(12220)))
    assert errors_of(answer) == [(2, "地方公共団体コード")]
    assert "先頭の0" in answer.content.decode()


def test_today_can_be_the_day_of_agreement(host):
    send(host, sheet(line(agreed_on=clock.today())))
    assert ParticipationRequest.objects.get(local_government=MATSUSHIMA).agreed_at <= clock.now()


def test_columns_are_found_by_heading_and_empty_rows_are_nothing(host):
    turned = [cells[::-1] for cells in (HEADINGS, line(), [""] * len(FIELDS), line(SAPPORO))]
    answer = send(host, sheet(*([*cells, "備考"] for cells in turned[1:]), headings=turned[0]))
    assert answer.status_code == 302
    assert RequestBatch.objects.get().requests.count() == 2


# Errors


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("local_government", "", "必須"),
        ("local_government", "044017", "検査数字"),  # wrong check digit
        ("local_government", "04401", "検査数字"),
        ("local_government", "041017", "ありません"),  # 仙台市青葉区 is no municipality
        ("local_government", KESENNUMA, "参加しています"),
        ("department", "　", "必須"),
        ("department", "課" * 81, "80"),
        ("contact_name", "\u200b", "必須"),
        ("contact_email", "kikaku", "メール"),
        ("contact_email", f"{'a' * 250}@example.jp", "254"),
        ("contact_phone", "12345", "電話番号"),
        ("terms", "9.9", "規約"),
        ("agreed_on", "昨日", "2026/4/1"),
        ("agreed_on", "2026-02-30", "2026/4/1"),
        ("agreed_on", clock.today() + timedelta(days=2), "先の日付"),
        ("agreed_on", "2026-03-31", "適用"),  # version 1.0 is in force from 1 April
    ],
)
def test_an_error_is_named_by_row_and_column_and_nothing_is_stored(
    host, kesennuma, mailoutbox, field, value, word
):
    answer = send(host, sheet(line(SAPPORO), line(**{field: value})))
    heading = HEADINGS[FIELDS.index(field)]
    assert answer.status_code == 200
    assert errors_of(answer) == [(3, heading)]
    ((_, sentence),) = answer.context["wrong"][0].errors
    assert word in sentence
    page = answer.content.decode()
    assert "3行目" in page
    assert heading in page
    assert not RequestBatch.objects.exists()
    assert not ParticipationRequest.objects.filter(local_government=SAPPORO).exists()
    assert len(mailoutbox) == 0


def test_an_open_request_is_an_error_and_a_declined_one_is_not(host, operator, stored):
    made = stored(MATSUSHIMA, SAPPORO)
    decline_request(made.requests.get(local_government=SAPPORO).pk, operator, "印がありません。")
    answer = send(host, sheet(line(MATSUSHIMA), line(SAPPORO)))
    assert errors_of(answer) == [(2, "地方公共団体コード")]


def test_a_code_twice_in_the_sheet_is_wrong_in_every_row(host):
    answer = send(host, sheet(line(), line(SAPPORO), line("０４４０１６", department="総務課")))
    assert errors_of(answer) == [(2, "地方公共団体コード"), (4, "地方公共団体コード")]
    assert "同じコードが4行目にも" in answer.content.decode()


def test_with_a_prefecture_chosen_rows_of_others_are_wrong(host):
    rows = sheet(line(MATSUSHIMA), line(SAPPORO), line("040002"))
    ParticipationRequest.objects.filter(local_government="040002").delete()
    answer = send(host, rows, prefecture="040002")
    assert (3, "地方公共団体コード") in errors_of(answer)
    assert "北海道札幌市は、選んだ都道府県の自治体ではありません" in answer.content.decode()
    assert 2 not in [number for number, _ in errors_of(answer)]


def test_cells_with_formulas_and_errors_are_not_read(host):
    """A cell that only looks like a formula is text: it says nothing but itself."""
    workbook = Workbook()
    workbook.active.append(HEADINGS)
    workbook.active.append(line(department='=HYPERLINK("http://evil.example","x")'))
    workbook.active.append(line(SAPPORO, contact_name="#N/A"))
    workbook.active.append(line(SHICHIGAHAMA, department="=text"))
    workbook.active.cell(4, 2).data_type = "s"
    assert workbook.active["B2"].data_type == "f"
    assert workbook.active["C3"].data_type == "e"
    content = io.BytesIO()
    workbook.save(content)
    answer = send(host, content.getvalue())
    assert errors_of(answer) == [(2, "部署名"), (3, "担当者の氏名")]
    assert "数式" in answer.content.decode()


# Taking the right rows, the sheet of errors


def test_the_operator_may_take_the_right_rows_only(host, mailoutbox):
    content = sheet(line(), line(SAPPORO, contact_phone="1"), line(SHICHIGAHAMA))
    answer = send(host, content)
    assert "正しい2行だけを受け付ける" in answer.content.decode()
    sealed = token(answer)
    taken = host.post("/requests/bulk/take/", {"token": sealed})
    batch = RequestBatch.objects.get()
    assert taken["Location"] == f"/requests/batches/{batch.pk}/"
    assert (batch.row_count, batch.requests.count(), len(mailoutbox)) == (3, 2, 2)
    assert "誤りのあった1行は除きました" in host.get(taken["Location"]).content.decode()
    for again in (host.post("/requests/bulk/take/", {"token": sealed}), send(host, content)):
        assert again["Location"] == f"/requests/batches/{batch.pk}/"
    assert RequestBatch.objects.count() == 1
    assert len(mailoutbox) == 2


def test_where_no_row_is_right_there_is_nothing_to_take(host):
    answer = send(host, sheet(line(contact_phone="1")))
    assert "formaction" not in answer.content.decode()
    taken = host.post("/requests/bulk/take/", {"token": token(answer)})
    assert taken.status_code == 200
    assert errors_of(taken) == [(2, "電話番号")]
    assert not RequestBatch.objects.exists()


def test_rows_are_judged_again_when_they_are_taken(host, stored):
    answer = send(host, sheet(line(), line(SAPPORO, contact_phone="1")))
    stored(MATSUSHIMA)
    taken = host.post("/requests/bulk/take/", {"token": token(answer)})
    assert errors_of(taken) == [(2, "地方公共団体コード"), (3, "電話番号")]
    assert RequestBatch.objects.count() == 1


def test_a_result_is_of_one_operator_and_for_a_while(host, monkeypatch):
    sealed = token(send(host, sheet(line(), line(SAPPORO, contact_phone="1"))))
    other = make_operator("other@example.go.jp", "総務 次郎", PASSWORD)
    client = Client(HTTP_HOST="operator.localhost")
    client.post("/sign-in/", {"username": other.email, "password": PASSWORD})
    passed(client, other)
    for path in ("take", "errors"):
        for who, value in ((client, sealed), (host, sealed[:-1]), (host, "")):
            answer = who.post(f"/requests/bulk/{path}/", {"token": value})
            assert answer["Location"] == UPLOAD
    assert "もう一度送ってください" in host.get(UPLOAD).content.decode()
    monkeypatch.setattr("tenants.views.bulk._TOKEN_LIFE", -1)
    assert host.post("/requests/bulk/take/", {"token": sealed})["Location"] == UPLOAD
    assert not RequestBatch.objects.exists()


def test_the_sheet_of_errors_runs_nothing_and_can_be_sent_in_again(host):
    signs = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "＠x"]
    workbook = Workbook()
    workbook.active.append(HEADINGS)
    for code, sign in zip(free_codes(len(signs)), signs, strict=True):
        workbook.active.append(line(code, department=sign, contact_phone="1"))
        workbook.active.cell(workbook.active.max_row, 2).data_type = "s"
    content = io.BytesIO()
    workbook.save(content)
    sealed = token(send(host, content.getvalue()))
    answer = host.post("/requests/bulk/errors/", {"token": sealed})
    back = load_workbook(io.BytesIO(answer.content))
    rows = list(back.active.iter_rows(min_row=2))
    assert [cell.value for cell in back.active[1]] == [*HEADINGS, "エラー"]
    for row, sign in zip(rows, signs, strict=True):
        assert {cell.data_type for cell in row} == {"s"}
        assert row[1].value == f"'{sign.strip()}"
        assert row[7].value.startswith("電話番号：")
    for row in rows:
        row[4].value = "022-354-5701"
    corrected = io.BytesIO()
    back.save(corrected)
    assert send(host, corrected.getvalue()).status_code == 302
    departments = RequestBatch.objects.get().requests.values_list("department", flat=True)
    assert "=1+1" in set(departments)


# Files that are no such spreadsheet


def old_excel():
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)


def word_document():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        )
        packed.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


def with_macros():
    return repacked(sheet(line()), add=[("xl/vbaProject.bin", b"x")])


def macro_kind():
    plain, kind = "spreadsheetml.sheet.main", "vnd.ms-excel.sheet.macroEnabled.main"
    return repacked(sheet(line()), texts={plain: kind})


def bomb():
    return repacked(sheet(line()), add=[("xl/big.xml", bytes(21_000_000))])


def with_entity():
    texts = {
        "<worksheet": '<!DOCTYPE x [<!ENTITY e "課">]><worksheet',
        "企画調整課": "&e;",
    }
    return repacked(sheet(line()), texts=texts)


def torn():
    content = sheet(*map(line, free_codes(50)))
    return content[: len(content) // 2]


def far_row():
    return repacked(sheet(line()), texts={'<row r="2"': '<row r="999999999999"'})


def test_texts_are_read_where_excel_keeps_them(host):
    """openpyxl writes texts into the sheet; Excel into a table of their own."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    cells = [*HEADINGS, *line()]
    texts = {
        f't="inlineStr"><is><t>{text}</t></is></c>': f't="s"><v>{index}</v></c>'
        for index, text in enumerate(cells)
    }
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = "".join(f"<si><t>{text}</t></si>" for text in cells)
    content = repacked(
        sheet(line()),
        texts=texts | {"</Types>": override},
        add=[("xl/sharedStrings.xml", f'<sst xmlns="{space}">{table}</sst>')],
    )
    assert b"inlineStr" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert send(host, content).status_code == 302


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: "地方公共団体コード,部署名\n".encode(), "Excelの表"),
        (old_excel, "古い形式"),
        (word_document, "Excelの表"),
        (with_macros, "マクロ"),
        (macro_kind, "マクロ"),
        (bomb, "展開"),
        (with_entity, "読み取れません"),
        (torn, "Excelの表"),
        (far_row, "入力された行がありません"),
        (lambda: sheet(), "入力された行がありません"),
        (lambda: sheet(headings=[]), "見出し"),
        (lambda: sheet(line(), headings=["x", *HEADINGS[1:]]), "地方公共団体コード"),
        (lambda: sheet(line(), headings=[*HEADINGS, "部署名"]), "部署名"),
        (lambda: sheet(*(["1"] * 7 for _ in range(2001))), "2000行"),
        (lambda: bytes(3 * 1024 * 1024), "大きすぎます"),
        (lambda: b"", "空"),
    ],
)
def test_other_files_are_refused_with_a_plain_sentence(host, make, word):
    answer = send(host, make())
    assert answer.status_code == 200
    assert word in sentence_about(answer)
    assert not RequestBatch.objects.exists()


def test_the_name_of_the_file_decides_nothing(host):
    assert send(host, sheet(line()), name="申請.csv").status_code == 302


def test_without_a_file_the_field_is_named(host):
    assert "sheet" in host.post(UPLOAD).context["form"].errors


# The same file again, and others at the same moment


def test_the_same_file_twice_is_one_batch(host, mailoutbox):
    content = sheet(line(), line(SAPPORO))
    first, second = (send(host, content)["Location"] for _ in range(2))
    assert first == second
    assert RequestBatch.objects.count() == 1
    assert len(mailoutbox) == 2
    assert "すでに受け付けています" in host.get(second).content.decode()


def test_the_same_file_twice_at_the_same_moment_is_one_batch(own_database):
    operator = make_operator("operator@example.go.jp", "総務 太郎", PASSWORD)
    row = SheetRow(2, dict(zip(FIELDS, line(), strict=True)))
    fields = right_rows(check_rows(Upload("x", "x", "", (row,))))
    begin, answers = threading.Barrier(2), []

    def send_in():
        try:
            begin.wait(10)
            answers.append(
                store_batch(fields, file_name="x", digest="x", row_count=1, operator=operator)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(is_new for _, is_new in answers) == [False, True]
    assert len({batch.pk for batch, _ in answers}) == 1
    assert ParticipationRequest.objects.filter(local_government=MATSUSHIMA).count() == 1


def test_all_or_nothing_when_somebody_asks_in_between(stored, operator, mailoutbox):
    stored(SAPPORO)
    rows = [
        {
            "local_government": LocalGovernment.objects.get(pk=code),
            "department": "課",
            "contact_name": "名",
            "contact_email": "a@example.jp",
            "contact_phone": "0",
            "terms": Terms.objects.in_force(TermsKind.MUNICIPALITY),
            "agreed_on": date(2026, 4, 1),
        }
        for code in (MATSUSHIMA, SAPPORO)
    ]
    with pytest.raises(Refused, match="already_requested"):
        store_batch(rows, file_name="x", digest="x", row_count=2, operator=operator)
    assert RequestBatch.objects.count() == 1
    assert len(mailoutbox) == 1
    assert not ParticipationRequest.objects.filter(local_government=MATSUSHIMA).exists()


# Approving together


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr(tasks, "wake", lambda: calls.append(1))
    return calls


def test_one_button_approves_all_and_twice_changes_nothing(
    host, operator, stored, woken, django_capture_on_commit_callbacks
):
    batch = stored(MATSUSHIMA, SAPPORO, SHICHIGAHAMA)
    declined = batch.requests.get(local_government=SAPPORO)
    decline_request(declined.pk, operator, "印がありません。")
    with django_capture_on_commit_callbacks(execute=True):
        host.post(f"/requests/batches/{batch.pk}/approve/")
    batch.refresh_from_db()
    assert batch.approved_by == operator
    statuses = dict(batch.requests.values_list("local_government_id", "status"))
    assert statuses == {
        MATSUSHIMA: RequestStatus.APPROVED,
        SAPPORO: RequestStatus.DECLINED,
        SHICHIGAHAMA: RequestStatus.APPROVED,
    }
    assert len(woken) == 1
    before = list(batch.requests.order_by("pk").values())
    other = make_operator("other@example.go.jp", "総務 次郎", PASSWORD)
    assert approve_batch(batch.pk, other) == 0
    assert list(batch.requests.order_by("pk").values()) == before
    assert RequestBatch.objects.get(pk=batch.pk).approved_by == operator
    assert {one["decided_by_id"] for one in before} == {operator.pk}


def test_the_page_shows_how_far_it_is(host, stored):
    batch = stored(*free_codes(5))
    assert "hx-get" not in host.get(f"/requests/batches/{batch.pk}/").content.decode()
    first, second, third, fourth, _ = batch.requests.order_by("pk")
    for request, fields in (
        (first, {"status": RequestStatus.PROVISIONED, "provisioned_at": clock.now()}),
        (second, {"status": RequestStatus.APPROVED}),
        (third, {"status": RequestStatus.APPROVED, "error": "ValueError: 例", "attempts": 2}),
        (fourth, {"status": RequestStatus.DECLINED}),
    ):
        ParticipationRequest.objects.filter(pk=request.pk).update(**fields)
    answer = host.get(f"/requests/batches/{batch.pk}/")
    found = answer.context["batch"]
    assert [found.total, found.submitted, found.waiting, found.failed] == [5, 1, 1, 1]
    assert [found.set_up, found.declined] == [1, 1]
    page = answer.content.decode()
    assert 'hx-trigger="every 3s"' in page
    assert '<progress class="progress__bar" value="1" max="5"' in page
    assert "5件中 <strong>1</strong>件" in page
    assert "ValueError: 例" in page
    assert "今すぐもう一度試す" in page


def test_what_failed_is_tried_again_one_or_all(
    host, stored, woken, django_capture_on_commit_callbacks
):
    batch = stored(MATSUSHIMA, SAPPORO, SHICHIGAHAMA)
    later = clock.now() + timedelta(hours=1)
    batch.requests.update(status=RequestStatus.APPROVED, error="例", retry_at=later)
    batch.requests.filter(local_government=SHICHIGAHAMA).update(status=RequestStatus.PROVISIONED)
    one = batch.requests.get(local_government=SAPPORO)
    with django_capture_on_commit_callbacks(execute=True):
        host.post(f"/requests/batches/{batch.pk}/retry/", {"request": one.pk})
    assert [r.local_government_id for r in batch.requests.filter(retry_at=None)] == [SAPPORO]
    host.post(f"/requests/batches/{batch.pk}/retry/")
    left = batch.requests.exclude(retry_at=None)
    assert [request.local_government_id for request in left] == [SHICHIGAHAMA]
    assert len(woken) == 1
    assert retry_batch(batch.pk, request_id=0) == 0


def test_the_worker_sets_up_an_approved_batch(host, stored, operator):
    batch = stored(MATSUSHIMA)
    approve_batch(batch.pk, operator)
    tasks.provision_approved()
    answer = host.get(f"/requests/batches/{batch.pk}/")
    assert (answer.context["batch"].set_up, answer.context["batch"].total) == (1, 1)
    page = answer.content.decode()
    assert "hx-get" not in page, "what is done needs no watching"
    assert "準備完了" in page


# Queries


@contextmanager
def _counted(assertion, numbers):
    with assertion(60) as captured:
        yield
    numbers.append(len(captured))


def test_checking_takes_three_queries_however_many_rows(db, django_assert_num_queries):
    codes = free_codes(200)
    for number in (1, 200):
        rows = tuple(
            SheetRow(index, dict(zip(FIELDS, line(code), strict=True)))
            for index, code in enumerate(codes[:number])
        )
        with django_assert_num_queries(3):
            checked = check_rows(Upload("x", "x", "", rows))
        assert len(right_rows(checked)) == number


def test_pages_take_the_same_number_of_queries_for_few_and_many(
    host, stored, django_assert_max_num_queries
):
    few, many = stored(*free_codes(2)), stored(*free_codes(202)[2:])
    for batch in (few, many):
        batch.requests.update(status=RequestStatus.APPROVED, error="例")
    numbers: list[int] = []
    for batch in (few, many):
        with _counted(django_assert_max_num_queries, numbers):
            assert host.get(f"/requests/batches/{batch.pk}/").status_code == 200
    assert numbers[0] == numbers[1]
    page = host.get(f"/requests/batches/{many.pk}/").content.decode()
    assert page.count('name="request"') == 20, "a page of failures, not all of them"
    wrong = [
        sheet(*(line(code, contact_phone="1") for code in free_codes(number)))
        for number in (1, 200)
    ]
    numbers.clear()
    for content in wrong:
        with _counted(django_assert_max_num_queries, numbers):
            assert send(host, content).status_code == 200
    assert numbers[0] == numbers[1]


# Who may


def _pages(batch):
    return [
        ("get", UPLOAD),
        ("post", UPLOAD),
        ("get", "/requests/bulk/template/"),
        ("post", "/requests/bulk/take/"),
        ("post", "/requests/bulk/errors/"),
        ("get", f"/requests/batches/{batch.pk}/"),
        ("post", f"/requests/batches/{batch.pk}/approve/"),
        ("post", f"/requests/batches/{batch.pk}/retry/"),
    ]


def test_visitors_are_sent_to_the_sign_in(stored):
    client = Client(HTTP_HOST="operator.localhost")
    batch = stored(MATSUSHIMA)
    for method, path in _pages(batch):
        answer = getattr(client, method)(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/sign-in/?next="), path
    assert batch.requests.get().status == RequestStatus.SUBMITTED


def test_people_of_municipalities_and_residents_get_nowhere(kesennuma, operator, host, stored):
    batch = stored(MATSUSHIMA)
    others = [
        signed_in_client(UserFactory()),
        signed_in_client(UserFactory(), kesennuma),
        *(staff_client(kesennuma, role) for role in Role.values),
    ]
    for client in others:
        for method, path in _pages(batch):
            assert getattr(client, method)(path).status_code in {302, 404}, path
            there = getattr(client, method)(path, HTTP_HOST="operator.localhost")
            assert there.status_code in {302, 403}, path
    operator.memberships.all().delete()
    for method, path in _pages(batch):
        assert getattr(host, method)(path).status_code == 403, path
    assert batch.requests.get().status == RequestStatus.SUBMITTED


def test_what_is_not_there_is_404(host):
    assert host.get("/requests/batches/999999/").status_code == 404
    for action in ("approve", "retry"):
        assert host.post(f"/requests/batches/999999/{action}/").status_code == 404


def test_a_request_named_by_nonsense_is_404(host, stored):
    batch = stored(MATSUSHIMA)
    for value in ("x", "１", "9" * 40):
        assert (
            host.post(f"/requests/batches/{batch.pk}/retry/", {"request": value}).status_code == 404
        )


def test_the_home_page_leads_here_and_batches_are_listed(host, stored):
    batch = stored(MATSUSHIMA)
    assert UPLOAD in host.get("/").content.decode()
    assert f"/requests/batches/{batch.pk}/" in host.get(UPLOAD).content.decode()
