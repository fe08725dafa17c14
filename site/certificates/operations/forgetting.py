"""Names in certificates that are valid no longer, of people who left."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Func, JSONField, QuerySet, Value

from certificates.enums import CertificateKind, CertificateStatus
from certificates.models import Certificate, CertificateFile
from tenants.models import Municipality

_EMPTY = {"name": "", "kana": ""}


def empty_certificates(certificates: QuerySet[Certificate]) -> int:
    """Take the name out of what these say, and delete the PDFs; returns of how many.

    The code in the QR still answers what became of the certificate.
    """
    CertificateFile.objects.filter(certificate__in=certificates).delete()
    nameless = Func(
        F("payload"),
        Value(_EMPTY, JSONField()),
        template="%(expressions)s",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    return certificates.order_by().update(payload=nameless)


def forget_registrants(municipality: Municipality, resident_ids: Iterable[UUID]) -> None:
    """Of people who left a municipality: the certificates of their registrations with it."""
    empty_certificates(
        Certificate.objects.filter(
            municipality=municipality,
            resident_id__in=list(resident_ids),
            kind=CertificateKind.REGISTRATION,
        ).exclude(status=CertificateStatus.ISSUED)
    )
