"""Who runs the platform."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from tenants.context import public_context
from tenants.permissions import REVIEW
from tenants.staff.models import Membership
from tenants.staff.roles import OPERATOR_GROUP


@transaction.atomic
def make_operator(email: str, name: str, password: str) -> Any:
    """Make the account, or the one there is, an operator; return the user.

    The group and its permission stand in the public schema and count on the operator's host
    only. Repeating it sets name and password anew.
    """
    with public_context():
        users = get_user_model().objects
        user = users.with_email(email)
        if user is None:
            user = users.create_user(email=email, password=password, name=name)
        else:
            user.name = name
            user.set_password(password)
            user.save(update_fields=["name", "password"])
        group, _made = Group.objects.get_or_create(name=OPERATOR_GROUP)
        label, codename = REVIEW.split(".")
        group.permissions.add(
            Permission.objects.get(content_type__app_label=label, codename=codename)
        )
        Membership.objects.get_or_create(user=user, group=group)
        return user
