"""Documents: a closed list of kinds, judged by content; given out under a clean name."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from wagtail.documents.models import Document

from common.refusal import Refused
from pages.rules.documents import refuse_what_it_is_not
from tenants.context import municipality_context
from tenants.staff.roles import Role

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def office(kind: str, *, kinds: bytes = b"<Types/>", **more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", kinds)
        packed.writestr(MAIN[kind], b"<document/>")
        for name, content in more.items():
            packed.writestr(name, content)
    return stream.getvalue()


def spreadsheet() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


GOOD = [
    ("pdf", PDF),
    ("docx", office("docx")),
    ("pptx", office("pptx")),
    ("xlsx", spreadsheet()),
    ("csv", "氏名,住所\r\n佐藤,気仙沼市\r\n".encode("cp932")),
    ("csv", "\ufeff氏名,住所\n".encode()),
    ("txt", "1 < 2 です。a<b も。".encode()),
]
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
BAD = [
    ("pdf", HTML, "not_what_it_says"),
    ("pdf", b"\n" + PDF, "not_what_it_says"),
    ("pdf", HTML + PDF, "not_what_it_says"),
    ("pdf", b"%PDF-1.7 torn off", "not_what_it_says"),
    ("pdf", b"", "not_what_it_says"),
    ("docx", HTML, "not_what_it_says"),
    ("docx", PDF, "not_what_it_says"),
    ("docx", office("xlsx"), "not_what_it_says"),
    ("xlsx", office("docx"), "not_what_it_says"),
    ("docx", b"MZ" + office("docx"), "not_what_it_says"),
    ("docx", office("docx")[:-30], "not_what_it_says"),
    ("xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "locked"),
    ("docx", office("docx", **{"word/vbaProject.bin": b"x"}), "has_macros"),
    ("xlsx", office("xlsx", **{"xl/macrosheets/sheet1.xml": b"x"}), "has_macros"),
    ("docx", office("docx", **{"word/activeX/activeX1.bin": b"x"}), "has_macros"),
    ("pptx", office("pptx", **{"ppt/embeddings/run.exe": b"x"}), "has_macros"),
    (
        "docx",
        office("docx", kinds=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        "has_macros",
    ),
    ("docx", office("docx", **{"word/big.xml": b"\0" * 201_000_000}), "unpacks_too_big"),
    ("txt", HTML, "not_what_it_says"),
    ("txt", b"  <svg onload=alert(1)>", "not_what_it_says"),
    ("csv", b"a,b\n<script>alert(1)</script>,c", "not_what_it_says"),
    ("txt", b"a\0b", "not_what_it_says"),
    ("txt", "文".encode("utf-16"), "not_what_it_says"),
    ("txt", b"\x89PNG\r\n\x1a\n", "not_what_it_says"),
    ("svg", b"<svg/>", "not_what_it_says"),
    ("html", HTML, "not_what_it_says"),
    ("js", b"alert(1)", "not_what_it_says"),
]


@pytest.mark.parametrize(("kind", "content"), GOOD)
def test_what_a_file_says_it_is_is_taken(kind, content):
    refuse_what_it_is_not(kind, content)


@pytest.mark.parametrize(("kind", "content", "code"), BAD)
def test_what_a_file_is_not_is_refused(kind, content, code):
    with pytest.raises(Refused) as refused:
        refuse_what_it_is_not(kind, content)
    assert refused.value.code == code


def send(client: Any, name: str, content: bytes, title: str = "要項") -> Any:
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client.post("/admin/documents/add/", {"title": title, "collection": 1, "file": file})


@pytest.mark.django_db
def test_a_good_document_is_kept_under_a_clean_name_and_given_as_a_download(
    staff, visit, kesennuma
):
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    answer = send(client, "要項\u202efdp.\u200bpdf", PDF, title="要\u202e項")
    assert answer.status_code == 302
    with municipality_context(kesennuma):
        document = Document.objects.get()
    assert document.title == "要項"
    assert document.filename == "要項fdp.pdf"
    given = visit(kesennuma, f"/documents/{document.pk}/{document.filename}")
    assert given["Content-Disposition"].startswith("attachment; filename")
    assert given["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", HTML, "ファイルの名前"),
        ("a.docx", office("docx", **{"word/vbaProject.bin": b"x"}), "マクロ"),
        ("a.svg", b"<svg onload='alert(1)'/>", "svg"),
        ("a.pdf.html", HTML, "html"),
        ("a.js", b"alert(1)", "js"),
        ("a.xlsm", b"x", "xlsm"),
    ],
)
@pytest.mark.parametrize("where", ["/admin/documents/add/", "/admin/documents/multiple/add/"])
def test_a_document_that_is_something_else_is_refused_with_a_sentence(
    staff, kesennuma, where, name, content, sentence
):
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    if "multiple" in where:
        files = {"files[]": SimpleUploadedFile(name, content), "title": "x"}
        answer = client.post(where, files, headers={"x-requested-with": "XMLHttpRequest"})
        said = answer.json()
        assert said["success"] is False
        assert sentence in said["error_message"]
    else:
        answer = send(client, name, content)
        assert sentence in str(answer.context["form"].errors["file"])
    with municipality_context(kesennuma):
        assert not Document.objects.exists()
