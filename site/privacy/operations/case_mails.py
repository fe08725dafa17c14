"""What the applicant and the office are told of a request. No mail says what it is about."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from notifications.operations import enqueue
from privacy.enums import CaseEventKind
from privacy.models import Case
from privacy.permissions import HANDLE_CASES, holders_of
from tenants.context import municipality_context
from tenants.hosts import admin_url, operator_url, portal_url

CASE_RECEIVED = "privacy.case_received"


def tell_applicant(case: Case, event: CaseEventKind) -> None:
    """The state after a step, in the language the person asked in."""
    if not case.contact_email:
        return
    with translation.override(case.language):
        EmailMessage(
            subject=translation.gettext("Your request %(number)s about your personal data")
            % {"number": case.number},
            body=render_to_string(
                "privacy/mail/case_step.txt",
                {
                    "case": case,
                    "event": event,
                    "url": portal_url(f"/my/requests/{case.pk}/") if case.resident_id else "",
                },
            ),
            to=[case.contact_email],
        ).send()


def tell_office(case: Case) -> None:
    """Have the worker tell who handles requests there: a resident cannot read who that is."""
    enqueue(CASE_RECEIVED, {"case": case.pk}, str(case.municipality_id or ""))


def mail_office(case: Case, event: CaseEventKind) -> None:
    """Mail who handles requests; called in the public schema, by the worker."""
    path = f"/admin/cases/{case.pk}/"
    if case.municipality is None:
        to = [settings.OPERATOR_EMAIL] if settings.OPERATOR_EMAIL else []
        url = operator_url(f"/cases/{case.pk}/")
    else:
        with municipality_context(case.municipality):
            to = [account.email for account in holders_of(HANDLE_CASES) if account.email]
        url = admin_url(case.municipality, path)
    with translation.override(settings.LANGUAGE_CODE):
        for address in to:
            EmailMessage(
                subject=translation.gettext("Request %(number)s about personal data")
                % {"number": case.number},
                body=render_to_string(
                    "privacy/mail/case_office.txt", {"case": case, "event": event, "url": url}
                ),
                to=[address],
            ).send()
