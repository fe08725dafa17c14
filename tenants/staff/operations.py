"""Inviting staff and taking up an invitation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from tenants.context import current_municipality
from tenants.hosts import admin_url
from tenants.staff.models import Invitation, Membership

INVITATION_DAYS = 14


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(email: str, role: str) -> Invitation:
    """Invite `email` to take `role` in the active municipality; a mail carries the link.

    Inviting the same address again makes a new link and ends the old one.
    """
    municipality = current_municipality()
    token = secrets.token_urlsafe(32)
    group = Group.objects.get(name=role)
    Invitation.objects.filter(email__iexact=email, accepted_at=None).delete()
    invitation = Invitation.objects.create(
        email=email,
        group=group,
        token_hash=_hash(token),
        expires_at=clock.now() + timedelta(days=INVITATION_DAYS),
    )
    EmailMessage(
        subject=_("Invitation to the admin site of %(municipality)s")
        % {"municipality": municipality.full_name},
        body=render_to_string(
            "staff/invitation.txt",
            {
                "municipality": municipality,
                "url": admin_url(municipality, f"/welcome/{token}/"),
                "days": INVITATION_DAYS,
            },
        ),
        to=[email],
    ).send()
    return invitation


def open_invitation(token: str) -> Invitation:
    """The invitation that `token` opens. Raises `Refused("invitation_invalid")`."""
    invitation = Invitation.objects.filter(
        token_hash=_hash(token), accepted_at=None, expires_at__gt=clock.now()
    ).first()
    if invitation is None:
        raise Refused("invitation_invalid")
    return invitation


@transaction.atomic
def accept_invitation(token: str, name: str, password: str) -> Any:
    """Make the invited account, or add the role to the one there is; return the user.

    Somebody who already has an account must know its password: otherwise a forwarded mail
    would be a way to take over an account. Raises `Refused("invitation_invalid")` or
    `Refused("wrong_password")`.
    """
    invitation = open_invitation(token)
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    users = get_user_model().objects
    user = users.filter(email__iexact=invitation.email).first()
    if user is None:
        user = users.create_user(email=invitation.email, password=password, name=name)
    elif not user.check_password(password):
        raise Refused("wrong_password")
    Membership.objects.get_or_create(user=user, group=invitation.group)
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    return user
