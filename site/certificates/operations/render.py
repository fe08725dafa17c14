"""From a certificate to its PDF, in the worker."""

from __future__ import annotations

import logging
from datetime import date
from decimal import Decimal

from django.utils import translation

from attendance.enums import CheckInMethod
from certificates.enums import CertificateKind, Layout
from certificates.models import Certificate, CertificateFile
from certificates.rendering.documents import (
    ActivityCertificate,
    ActivityRow,
    RegistrationCertificate,
    render_activity_certificate,
    render_registration_certificate,
)
from certificates.rendering.glyphs import missing_characters, with_geta
from common.clock import TOKYO
from common.wareki import jdate, jdate_short
from notifications.operations import enqueue
from registration.queries import parameters_on
from tenants.hosts import portal_url

logger = logging.getLogger(__name__)
RENDER_CERTIFICATE = "render_certificate"


def file_of(certificate: Certificate, layout: Layout) -> bytes | None:
    """The PDF, if the worker has made it; otherwise the worker is asked to."""
    name = kind_name_of(certificate)
    file = CertificateFile.objects.filter(
        certificate=certificate, layout=layout, kind_name=name
    ).first()
    if file:
        return bytes(file.content)
    enqueue(
        RENDER_CERTIFICATE,
        {"certificate": certificate.pk, "code": certificate.code, "layout": layout.value},
        dedupe_key=f"{certificate.pk}:{layout.value}:{name}",
    )
    return None


def kind_name_of(certificate: Certificate) -> str:
    """What its kind of registration is called today, as the document says it; "" of an activity
    certificate. The names are provisional: a change shows on every PDF (R29)."""
    if certificate.kind != CertificateKind.REGISTRATION:
        return ""
    return parameters_on().name_of(certificate.payload["kind"])


def unprintable(certificate: Certificate) -> str:
    """Letters of the name that no font of ours has, each once; "" where it can be printed."""
    return missing_characters(certificate.payload["name"] + certificate.payload.get("kana", ""))


def render(certificate_id: int, layout: str) -> None:
    """Make one PDF and keep it; made twice after a crash, it is kept once.

    One that cannot be printed is not tried again and again: its owner is told on asking. One that
    was emptied since is not made at all.
    """
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.is_erased:
        return
    name = kind_name_of(certificate)
    if CertificateFile.objects.filter(
        certificate=certificate, layout=layout, kind_name=name
    ).exists():
        return
    if missing := unprintable(certificate):
        logger.warning("certificate %s cannot be printed: %d letters", certificate_id, len(missing))
        return
    with translation.override("ja"):  # the documents are Japanese records
        content = _draw(certificate, layout, name)
    CertificateFile.objects.bulk_create(
        [CertificateFile(certificate=certificate, layout=layout, kind_name=name, content=content)],
        ignore_conflicts=True,
    )


def premium_until(certificate: Certificate) -> str:
    """The last day of premium that a certificate speaks of, in words; "" of a basic one."""
    until = certificate.payload.get("premium_until")
    return jdate(date.fromisoformat(until)) if until else ""


def verify_url(certificate: Certificate) -> str:
    """The public page behind the QR code, in capitals for a small code."""
    return portal_url(f"/v/{certificate.code}").upper()


def _draw(certificate: Certificate, layout: str, kind_name: str) -> bytes:
    issued_on = jdate(certificate.issued_at.astimezone(TOKYO).date())
    says = certificate.payload
    if certificate.kind == CertificateKind.REGISTRATION:
        return render_registration_certificate(
            RegistrationCertificate(
                municipality=says["municipality"],
                prefecture=says["prefecture"],
                resident_name=says["name"],
                resident_kana=says["kana"],
                number=says["number"],
                registered_on=jdate(date.fromisoformat(says["registered_on"])),
                kind=kind_name,
                long_stay=says.get("long_stay", False),
                premium_until=premium_until(certificate),
                verify_url=verify_url(certificate),
                issued_on=issued_on,
            ),
            layout="card" if layout == Layout.CARD else "a4",
        )
    rows = says["rows"]
    return render_activity_certificate(
        ActivityCertificate(
            resident_name=says["name"],
            rows=tuple(
                ActivityRow(
                    municipality=row["municipality"],
                    activity_title=with_geta(row["title"]),
                    date=jdate_short(date.fromisoformat(row["date"])),
                    hours=plain_hours(row["hours"]),
                    place=with_geta(row["place"]),
                    organiser=with_geta(row["organiser"]),
                    designated=row["designated"],
                    # Certificates issued before this was written do not say it.
                    method=how_recorded(row.get("method", "")),
                )
                for row in rows
            ),
            total_count=len(rows),
            total_hours=total_hours(certificate),
            number=certificate.number,
            verify_url=verify_url(certificate),
            issued_on=issued_on,
        )
    )


def how_recorded(method: str) -> str:
    """How a participation was recorded, in words; "" where the certificate does not say."""
    return str(CheckInMethod(method).label) if method else ""


def plain_hours(hours: str) -> str:
    """Hours without trailing zeros or an exponent: 3, 2.5."""
    return f"{Decimal(hours):f}"


def total_hours(certificate: Certificate) -> str:
    """All hours an activity certificate speaks of."""
    total = sum((Decimal(row["hours"]) for row in certificate.payload["rows"]), Decimal())
    return f"{total.normalize():f}"
