"""Certificates: one valid at a time, shown to their owner, checked by anybody."""

from __future__ import annotations

from io import BytesIO

from django.test import Client
from pypdf import PdfReader

from attendance.enums import CheckInMethod
from attendance.operations.ledger.record import record_participation
from certificates.holdings import HOLDINGS
from certificates.models import Certificate, CertificateFile
from certificates.operations.issue import (
    issue_activity_certificate,
    issue_registration_certificate,
)
from certificates.operations.render import render
from certificates.operations.revoke import revoke
from common.holdings import Person
from notifications.operations import deliver_next
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory, sign_in
from tests.factories.registration import register_resident
from tests.factories.scans import a_session

PORTAL = {"host": "localhost"}


def _certificate(municipality: Municipality) -> Certificate:
    registration = register_resident(ResidentFactory(), municipality)
    return issue_registration_certificate(registration)


def test_registering_issues_and_asking_again_gives_the_same(
    kesennuma: Municipality, hida: Municipality
) -> None:
    first = _certificate(kesennuma)
    assert issue_registration_certificate(first.registration) == first
    assert _certificate(hida) != first


def test_the_public_page_says_valid_then_revoked_and_unknown(
    kesennuma: Municipality, client: Client
) -> None:
    certificate = _certificate(kesennuma)
    path = f"/v/{certificate.code}/"
    valid = client.get(path, headers=PORTAL).content.decode()
    assert "この証明書は有効です" in valid
    assert certificate.payload["name"] not in valid
    revoke(certificate, "誤って発行", certificate.resident.user)
    assert "取り消されました" in client.get(path, headers=PORTAL).content.decode()
    unknown = client.get("/v/AAAAAAAAAAAAAAAAAAAAAAAA/", headers=PORTAL)
    assert unknown.status_code == 404
    assert "確認できません" in unknown.content.decode()


def test_the_pdf_comes_from_the_worker_and_only_to_its_owner(
    kesennuma: Municipality, client: Client
) -> None:
    certificate = _certificate(kesennuma)
    path = f"/my/certificates/{certificate.code}/a4.pdf"
    sign_in(client, certificate.resident.user)
    assert client.get(path, headers=PORTAL).status_code == 202
    while deliver_next():
        pass
    ready = client.get(path, headers=PORTAL)
    assert ready.status_code == 200
    assert ready.content.startswith(b"%PDF")
    sign_in(client, ResidentFactory().user)
    assert client.get(path, headers=PORTAL).status_code == 404


def test_what_was_entered_afterwards_is_marked_on_the_printed_certificate(
    kesennuma: Municipality, hida: Municipality
) -> None:
    """Beside how the others were recorded (R20)."""
    resident = ResidentFactory()
    for place, method in ((kesennuma, "imported"), (hida, "venue_code")):
        record_participation(resident, place, a_session(place), CheckInMethod(method))
    for municipality, marks in ((None, 1), (kesennuma, 1), (hida, 0)):
        certificate = issue_activity_certificate(resident, municipality)
        render(certificate.pk, "a4")
        file = CertificateFile.objects.get(certificate=certificate)
        (page,) = PdfReader(BytesIO(bytes(file.content))).pages
        text = "".join(page.extract_text().split())
        assert text.count("事後入力") == marks
        assert ("会場の二次元コード" in text) is (municipality != kesennuma)


def test_who_has_a_name_no_font_has_is_told_instead_of_waiting(
    kesennuma: Municipality, client: Client
) -> None:
    registration = register_resident(ResidentFactory(given_name="สมชาย"), kesennuma)
    certificate = issue_registration_certificate(registration)
    render(certificate.pk, "a4")  # asked for by a worker, it ends there
    assert not CertificateFile.objects.filter(certificate=certificate).exists()
    sign_in(client, certificate.resident.user)
    answer = client.get(f"/my/certificates/{certificate.code}/a4.pdf", headers=PORTAL)
    assert answer.status_code == 422
    assert "ส" in answer.content.decode()
    shown = client.get(f"/my/certificates/registration/{kesennuma.code}/", headers=PORTAL)
    assert "สมชาย" in shown.content.decode()


def test_an_erased_certificate_is_checked_as_no_longer_valid_and_names_nobody(
    kesennuma: Municipality, client: Client
) -> None:
    certificate, other = _certificate(kesennuma), _certificate(kesennuma)
    CertificateFile.objects.create(certificate=certificate, layout="a4", content=b"%PDF-")
    person = Person((certificate.resident.user_id,), (certificate.resident_id,))
    for holding in HOLDINGS:
        assert holding.erase
        holding.erase(person)
    erased = client.get(f"/v/{certificate.code}/", headers=PORTAL)
    assert erased.status_code == 200
    page = erased.content.decode()
    assert "この証明書は無効になりました。" in page
    assert "＊＊" not in page
    for value in (certificate.number, *certificate.payload.values()):
        assert str(value) not in page.partition("<main")[2] or value in {"basic", ""}
    assert (
        "この証明書は有効です" in client.get(f"/v/{other.code}/", headers=PORTAL).content.decode()
    )
    render(certificate.pk, "a4")  # asked for just before, it is not made any more
    assert not CertificateFile.objects.filter(certificate=certificate).exists()
    # Staff find it by its number still: the registration's.
    certificate.refresh_from_db()
    assert certificate.number == certificate.registration.number
