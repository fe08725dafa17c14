"""People who work for a municipality."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.models import Membership
from tests.factories.accounts import UserFactory, signed_in_client


def make_member(municipality: Municipality, role: str, **fields: object) -> User:
    """An account that holds `role` at `municipality`."""
    user: User = UserFactory(**fields)
    with municipality_context(municipality):
        Membership.objects.create(user=user, group=Group.objects.get(name=role))
    return user


def staff_client(municipality: Municipality, role: str) -> Client:
    """A client signed in on the admin host of `municipality` as a new member with `role`."""
    return signed_in_client(make_member(municipality, role), municipality, admin=True)
