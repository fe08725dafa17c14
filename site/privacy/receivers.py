"""Roles learn what they may do; the office learns of a request; what is agreed to is kept, and
newer versions are asked about."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Resident, User
from accounts.registry import merge_part, visit_gate
from accounts.signals import terms_accepted
from common import clock
from notifications.registry import handler
from privacy.enums import CaseEventKind, ConsentEnd
from privacy.models import Case
from privacy.operations.case_mails import CASE_RECEIVED, mail_office
from privacy.operations.consents import Given, end_all, keep, take_over
from privacy.operations.erasing import erase_all_again
from privacy.operations.known import places_remembered, take_over_places
from privacy.operations.permissions import make_permissions
from privacy.queries import to_agree_to
from privacy.registry import closing_part, holders_of_data, is_open_without_agreement
from tenants.actors import standing_in
from tenants.enums import HostKind
from tenants.hosts import portal_url
from tenants.models import Terms
from tenants.signals import municipality_restored, template_built

AGREED_ON = "agreed_on"
"""In a session: the day on which everything in force had been agreed to. Versions come into force
with a day, so until the next one nothing has to be asked."""

merge_part("privacy")(take_over)
merge_part("known places")(take_over_places)
holders_of_data("known places")(places_remembered)


@closing_part("consents")
def an_account_closes(resident: Resident) -> None:
    """With each erasure again: one that was being given at that moment, or came from a copy."""
    end_all(resident.user, ConsentEnd.CLOSED)


@receiver(terms_accepted, dispatch_uid="privacy.keep_terms")
def keep_terms(
    sender: Any, user: User, documents: list[Terms], on_paper_by: User | None, **kwargs: Any
) -> None:
    """At the reception, or at a counter: whoever agrees has just been given the account."""
    with standing_in(user.pk):
        keep(user, [Given(text) for text in documents], on_paper_by.pk if on_paper_by else None)


@visit_gate
def lead_to_new_versions(request: HttpRequest) -> str | None:
    """Whoever has not agreed to the terms in force does so first.

    Asked when a page is looked at: what is sent off was begun before, and is not lost.
    """
    match = request.resolver_match
    if request.method not in {"GET", "HEAD"} or (
        match and is_open_without_agreement(match.view_name)
    ):
        return None
    today = clock.today().isoformat()
    if request.session.get(AGREED_ON) == today:
        return None
    user = request.user
    # The hand-off to a municipality's host is the reception's, which reads no consents.
    with standing_in(user.pk):  # type: ignore[arg-type]
        missing = to_agree_to(user)  # type: ignore[arg-type]
    if not missing:
        request.session[AGREED_ON] = today
        return None
    path = reverse("privacy:agree", urlconf=settings.ROOT_URLCONF)
    query = {"next": request.get_full_path()}
    if request.host_kind == HostKind.PORTAL:  # type: ignore[attr-defined]
        return f"{path}?{urlencode(query)}"
    query["to"] = request.municipality.code  # type: ignore[attr-defined]
    return portal_url(f"{path}?{urlencode(query)}")


@receiver(template_built, dispatch_uid="privacy.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()


@receiver(municipality_restored, dispatch_uid="privacy.erase_all_again")
def erase_what_came_back(sender: Any, **kwargs: Any) -> None:
    """An archive holds people as they were, those too who have closed their account since."""
    erase_all_again()


@handler(CASE_RECEIVED)
def tell_who_handles(payload: dict[str, Any]) -> None:
    mail_office(Case.objects.get(pk=payload["case"]), CaseEventKind.RECEIVED)
