"""A new municipality gets its first room, and its roles learn what they may do."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from community.operations.defaults import make_first_room, make_permissions
from tenants.signals import template_built


@receiver(template_built, dispatch_uid="community.make_defaults")
def make_defaults(sender: Any, **kwargs: Any) -> None:
    make_first_room()
    make_permissions()
