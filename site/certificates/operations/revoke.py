"""Taking a certificate back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Resident
from attendance.models import ParticipationRecord
from certificates.enums import CertificateKind, CertificateStatus
from certificates.models import Certificate
from common import clock
from common.refusal import Refused


@transaction.atomic
def revoke(certificate: Certificate, reason: str, actor: Any) -> Certificate:
    """Revoke a certificate; its public page says so from now on. Twice changes nothing.

    Raises `Refused("reason_missing")`.
    """
    if not reason.strip():
        raise Refused("reason_missing")
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.status != CertificateStatus.REVOKED:
        certificate.status = CertificateStatus.REVOKED
        certificate.ended_at = clock.now()
        certificate.revoked_by = actor
        certificate.reason = reason.strip()
        certificate.save(update_fields=["status", "ended_at", "revoked_by", "reason"])
    return certificate


def end_certificates_with(resident: Resident, record: ParticipationRecord) -> int:
    """Certificates of activities that name a participation which has been amended say what is no
    longer so: they are revoked. Whoever wants one asks anew. Returns how many."""
    naming = Certificate.objects.filter(
        resident=resident,
        kind=CertificateKind.ACTIVITY,
        status=CertificateStatus.ISSUED,
        payload__rows__contains=[{"session": str(record.session_uuid)}],
    )
    return naming.update(
        status=CertificateStatus.REVOKED,
        ended_at=clock.now(),
        reason=gettext_noop("A participation in it was put right."),
    )
