"""Certificates of very many registrations at once, after the night's work on them."""

from __future__ import annotations

from certificates.enums import CertificateStatus
from certificates.models import Certificate
from certificates.operations.issue import issue_registration_certificate
from common import clock
from notifications.operations import enqueue_each
from registration.models import Registration
from tenants.postgresql.connection import connection

ISSUE_ANEW = "certificates.issue_anew"
_ASK = f"""
    WITH anew AS (
        SELECT '{ISSUE_ANEW}' AS kind, municipality_id AS municipality_code,
               jsonb_build_object('registration', id) AS payload
        FROM public.registration_registration
        WHERE id = ANY(%(registrations)s) AND status = 'active'
    )
    {enqueue_each("anew")}
"""


def end_certificates_of(registrations: list[int]) -> int:
    """As `issue.end_certificates`; how many ended."""
    issued = Certificate.objects.filter(
        registration__in=registrations, status=CertificateStatus.ISSUED
    )
    return issued.order_by().update(status=CertificateStatus.ENDED, ended_at=clock.now())


def ask_to_issue_anew(registrations: list[int]) -> None:
    """Have a worker look, one by one, whether the certificate says something else by now."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"registrations": registrations, "now": clock.now()})


def issue_anew(registration: int) -> None:
    """A new certificate if it says something new; none for a registration that has ended."""
    row = Registration.objects.filter(pk=registration).first()
    if row and row.is_active:
        issue_registration_certificate(row)
