"""What certificates hold of a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from certificates.enums import CertificateStatus
from certificates.models import Certificate, CertificateFile
from common import clock
from common.holdings import PLACE_NAMED, Field, Holding, Person


def _certificates(person: Person) -> list[Certificate]:
    rows = Certificate.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED, "registration"))


def _empty_certificates(person: Person) -> None:
    """The row stays, so that whoever checks the paper learns that it is good no more."""
    rows = Certificate.objects.filter(resident_id__in=person.residents)
    rows.filter(status=CertificateStatus.ISSUED).update(
        status=CertificateStatus.ENDED, ended_at=clock.now()
    )
    rows.update(payload={}, reason="")


def _files(person: Person) -> list[CertificateFile]:
    rows = CertificateFile.objects.filter(certificate__resident_id__in=person.residents)
    return list(rows.select_related("certificate__registration").defer("content"))


def _delete_files(person: Person) -> None:
    CertificateFile.objects.filter(certificate__resident_id__in=person.residents).delete()


def _participations(row: Any) -> list[str]:
    """Of an activity certificate: day and title of each, as it lists them."""
    return [f"{one['date']} {one['title']}" for one in row.payload.get("rows", ())]


HOLDINGS = [
    Holding(
        table="certificates_certificate",
        title=_("Your certificates"),
        why=_("So that you can show them, and others can check them. What they say is kept until "
              "you close your account."),
        rows=_certificates,
        fields=(
            "kind", Field("number", _("Number"), lambda row: row.number), "municipality",
            Field("name", _("name"), lambda row: row.payload.get("name", "")),
            Field("kana", _("furigana"), lambda row: row.payload.get("kana", "")),
            Field("participations", _("Participations"), _participations),
            "status", "issued_at", "ended_at", "reason",
        ),
        erase=_empty_certificates,
    ),
    Holding(
        table="certificates_certificatefile",
        title=_("Your certificates as PDF"),
        why=_("So that you need not wait for them a second time. They can be made anew."),
        rows=_files,
        fields=(
            Field("number", _("Number"), lambda row: row.certificate.number),
            Field("layout", _("size"), lambda row: row.get_layout_display()),
            Field("made_at", _("made at"), lambda row: row.rendered_at),
        ),
        erase=_delete_files,
    ),
]  # fmt: skip
