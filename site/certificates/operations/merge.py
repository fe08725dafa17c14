"""Two accounts of one person become one: what becomes of the certificates."""

from __future__ import annotations

from accounts.models import Resident
from certificates.enums import CertificateKind, CertificateStatus
from certificates.models import Certificate
from certificates.operations.issue import end_certificates, issue_registration_certificate
from registration.queries import registrations_of


def take_over(kept: Resident, other: Resident) -> None:
    """Certificates of `other` become those of `kept` and stay valid.

    One whose registration ended with the merge ends too: the registration that stays has its
    own, made anew where it says another name than before.
    """
    Certificate.objects.filter(resident=other).update(resident=kept)
    for certificate in Certificate.objects.filter(
        resident=kept, kind=CertificateKind.REGISTRATION, status=CertificateStatus.ISSUED
    ).select_related("registration"):
        if certificate.registration and not certificate.registration.is_active:
            end_certificates(certificate.registration)
    for registration in registrations_of(kept):
        issue_registration_certificate(registration)
