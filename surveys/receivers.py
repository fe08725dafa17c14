"""A new municipality's roles learn what they may do with surveys."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from surveys.operations import make_permissions
from tenants.signals import template_built


@receiver(template_built, dispatch_uid="surveys.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()
