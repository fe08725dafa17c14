"""Mails to organisations and to those who answer for a municipality."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from organisations.enums import MemberRole
from organisations.models import Organisation, OrganisationMember
from tenants.actors import at_reception
from tenants.staff.roles import Role

_SUBJECTS = {
    "invited": gettext_noop("You are asked to act for %(organisation)s"),
    "taken_out": gettext_noop("You no longer act for %(organisation)s"),
    "standing_given": gettext_noop("%(municipality)s: %(organisation)s is recognised"),
    "standing_refused": gettext_noop("%(municipality)s: %(organisation)s is not recognised"),
    "standing_ended": gettext_noop("%(municipality)s: the recognition of %(organisation)s ends"),
    "standing_asked": gettext_noop("%(organisation)s asks to be recognised"),
}


def tell(addresses: Iterable[str], letter: str, **words: Any) -> None:
    """Send `letter`, in Japanese, to each address by itself: nobody learns the others'."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = translation.gettext(_SUBJECTS[letter]) % words
        body = render_to_string(f"organisations/mail/{letter}.txt", words)
        for address in addresses:
            EmailMessage(subject=subject, body=body, to=[address]).send()


def tell_managers(organisation: Organisation, letter: str, **words: Any) -> None:
    """Send `letter` to an organisation: to its managers, else to the address it gave."""
    tell(addresses_of(organisation), letter, organisation=organisation.name, **words)


def tell_account(account: int, letter: str, **words: Any) -> None:
    """Send `letter` to the address of an account, which is the reception's to read."""
    with at_reception():
        found = get_user_model().objects.filter(pk=account, is_active=True).first()
    if found is not None and found.email:
        tell([found.email], letter, **words)


def addresses_of(organisation: Organisation) -> list[str]:
    """Where an organisation is written to. Addresses of accounts are the reception's to read."""
    with at_reception():
        managers = OrganisationMember.objects.filter(
            organisation=organisation, role=MemberRole.MANAGER, ended_at=None
        )
        found = get_user_model().objects.filter(
            pk__in=list(managers.values_list("account_id", flat=True)), is_active=True
        )
        addresses = [account.email for account in found.order_by("pk") if account.email]
    return addresses or [address for address in [organisation.contact_email] if address]


def addresses_of_office() -> list[str]:
    """Who answers organisations at the active municipality: coordinators, else administrators.

    Read by the worker: neither a resident nor an organisation learns who that is.
    """
    accounts = get_user_model().objects.filter(is_active=True)
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        holders = accounts.filter(groups__name=role).order_by("pk").distinct()
        if addresses := [account.email for account in holders if account.email]:
            return addresses
    return []
