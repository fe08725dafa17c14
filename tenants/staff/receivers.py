"""A new municipality gets its roles and its first invitation; each sign-in begins anew."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from tenants.models import ParticipationRequest
from tenants.operations import staff_sessions
from tenants.signals import municipality_provisioned, template_built
from tenants.staff.operations import grant_permissions, invite
from tenants.staff.roles import Role


@receiver(template_built, dispatch_uid="staff.make_roles")
def make_roles(sender: Any, **kwargs: Any) -> None:
    """Groups for the roles, who may enter the admin and who may choose staff.

    Other apps give the roles their permissions in receivers of their own, which run later.
    """
    Group.objects.exclude(name__in=Role.values).delete()  # Wagtail's own Editors, Moderators
    Group.objects.bulk_create([Group(name=role) for role in Role.values], ignore_conflicts=True)
    grant_permissions()


@receiver(municipality_provisioned, dispatch_uid="staff.invite")
def invite_first_member(sender: Any, request: ParticipationRequest, **kwargs: Any) -> None:
    """Who asked to take part is its first administrator."""
    invite(request.contact_email, Role.ADMINISTRATOR)


@receiver(user_logged_in, dispatch_uid="staff.begin_session")
def begin_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """After a password on an admin host or the operator's: no second factor has been passed."""
    if getattr(request, "host_kind", None) in staff_sessions.STAFF_HOSTS:
        staff_sessions.begin(request.session)
