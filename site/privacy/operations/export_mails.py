"""What colleagues are told of an export. No mail names a resident."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from privacy.models import Export
from privacy.permissions import APPROVE, holders_of
from privacy.rules.exports import APPROVAL_WITHIN
from tenants.hosts import admin_url


def _address_of(export: Export) -> str:
    return admin_url(export.municipality, f"/admin/registrants/exports/{export.pk}/")


def tell_approvers(export: Export) -> None:
    """An export waits: everybody but who asked who may approve it."""
    for colleague in holders_of(APPROVE).exclude(pk=export.requested_by_id):
        EmailMessage(
            subject=_("An export waits for your approval"),
            body=render_to_string(
                "privacy/mail/export_waits.txt",
                {
                    "export": export,
                    "requester": export.requester_name,
                    "days": APPROVAL_WITHIN.days,
                    "url": _address_of(export),
                },
            ),
            to=[colleague.email or ""],
        ).send()


def tell_requester(export: Export) -> None:
    """The file is ready, or the export was not approved. Who has left by now is told nothing."""
    requester = get_user_model().objects.filter(pk=export.requested_by_id).first()
    EmailMessage(
        subject=_("Your export has been decided on"),
        body=render_to_string(
            "privacy/mail/export_decided.txt", {"export": export, "url": _address_of(export)}
        ),
        to=[(requester and requester.email) or ""],
    ).send()
