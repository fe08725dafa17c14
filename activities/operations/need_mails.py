"""What whoever told a need gets by mail, step by step."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from activities.models import Need
from tenants.context import current_municipality
from tenants.hosts import municipality_url


def tell(need: Need) -> None:
    """Write where the need stands to the address it was told with; nothing where there is none.

    Goes by the outbox, in the caller's transaction.
    """
    if not need.contact_email:
        return
    municipality = current_municipality()
    page = need.activity if need.activity and need.activity.live else None
    with translation.override(need.language):
        EmailMessage(
            subject=gettext("What you told us: %(title)s") % {"title": need.title},
            body=render_to_string(
                "activities/mail/need.txt",
                {
                    "need": need,
                    "municipality": municipality,
                    "activity_url": municipality_url(municipality, page.public_path)
                    if page
                    else "",
                    "needs_url": _where_it_stands(need),
                },
            ),
            to=[need.contact_email],
        ).send()


def _where_it_stands(need: Need) -> str:
    """Where whoever told it can look; "" for who telephoned and has no account."""
    if need.organisation_id:
        return municipality_url(current_municipality(), f"/workspace/{need.organisation_id}/")
    return municipality_url(current_municipality(), "/needs/") if need.resident_id else ""
