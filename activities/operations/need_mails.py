"""What whoever told a need gets by mail, step by step; and the coordinators, of one withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from activities.enums import NeedState
from activities.models import Need
from notifications.operations import enqueue
from organisations.operations.letters import addresses_of_office
from tenants.context import current_municipality
from tenants.hosts import admin_url, municipality_url

NEED_WITHDRAWN = "activities.need_withdrawn"


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


def tell_office_later(need: Need) -> None:
    """Have the worker mail the coordinators that a need was withdrawn."""
    code = current_municipality().code
    enqueue(NEED_WITHDRAWN, {"need": need.pk}, code, dedupe_key=f"{code}:{need.pk}")


def tell_office(need_id: int) -> None:
    """Mail them, without a word of the need; by the worker, in the municipality's schema. Of one
    that is gone, nothing."""
    if not Need.objects.filter(pk=need_id, state=NeedState.WITHDRAWN).exists():
        return
    url = admin_url(current_municipality(), f"/admin/needs/{need_id}/")
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("A need was withdrawn")
        body = render_to_string("activities/mail/need_withdrawn.txt", {"url": url})
        for address in addresses_of_office():
            EmailMessage(subject=subject, body=body, to=[address]).send()
