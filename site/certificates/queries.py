"""What can be asked of certificates."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Resident
from certificates.enums import CertificateKind, CertificateStatus
from certificates.models import Certificate
from tenants.actors import acting, bearer
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"


def certificates_of(resident: Resident) -> QuerySet[Certificate]:
    """All certificates of a resident, newest first."""
    return Certificate.objects.filter(resident=resident).select_related(_GOVERNMENT)


def registration_certificate_of(resident: Resident, code: str) -> Certificate | None:
    """The valid registration certificate with the municipality of this code."""
    return (
        certificates_of(resident)
        .filter(
            kind=CertificateKind.REGISTRATION,
            municipality_id=code,
            status=CertificateStatus.ISSUED,
        )
        .first()
    )


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate whose QR code this is."""
    with acting(bearer(code.upper())):
        return Certificate.objects.filter(code=code.upper()).select_related(_GOVERNMENT).first()


def certificates_issued_for(municipality: Municipality) -> QuerySet[Certificate]:
    """Certificates that speak of this municipality alone; its staff may revoke them."""
    return Certificate.objects.filter(municipality=municipality).select_related("registration")
