"""Inviting staff and taking up an invitation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from tenants.context import current_municipality
from tenants.hosts import admin_url
from tenants.operations.second_factors import forget_factors
from tenants.staff.models import Invitation, Membership
from tenants.staff.roles import Role

INVITATION_DAYS = 14


def grant_permissions() -> None:
    """Every role may enter the admin of the active municipality; administrators choose staff."""
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for group in Group.objects.filter(name__in=Role.values):
        group.permissions.add(enter)
    administrators = Group.objects.get(name=Role.ADMINISTRATOR)
    administrators.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="staff",
            codename__in=["add_invitation", "delete_invitation", "delete_membership"],
        )
    )


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
    user = users.with_email(invitation.email)
    if user is None:
        user = users.create_user(email=invitation.email, password=password, name=name)
    elif not user.check_password(password):
        raise Refused("wrong_password")
    Membership.objects.get_or_create(user=user, group=invitation.group)
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    return user


@transaction.atomic
def withdraw_invitation(invitation_id: int) -> None:
    """End an invitation that has not been taken up; nothing happens where there is none."""
    Invitation.objects.filter(pk=invitation_id, accepted_at=None).delete()


@transaction.atomic
def remove_member(membership_id: int) -> None:
    """Take a role from somebody; nothing happens where it is gone already.

    Raises `Refused("last_administrator")`: nobody could let anybody in any more.
    """
    # Locks all administrators, so that two of them removing each other leave one.
    administrators = set(
        Membership.objects.select_for_update(of=("self",))
        .filter(group__name=Role.ADMINISTRATOR)
        .values_list("pk", flat=True)
    )
    if administrators == {membership_id}:
        raise Refused("last_administrator")
    membership = Membership.objects.select_related("user").filter(pk=membership_id).first()
    if membership is None:
        return
    membership.delete()
    if not Membership.objects.filter(user=membership.user).exists():
        # Who comes back is invited anew, and enrols anew.
        forget_factors(membership.user, current_municipality())
