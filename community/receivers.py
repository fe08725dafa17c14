"""A new municipality gets its first room, and its roles learn what they may do."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.registry import merge_part
from community.operations.defaults import make_first_room, make_permissions
from community.operations.merge import take_over
from tenants.signals import template_built

merge_part("community")(take_over)


@receiver(template_built, dispatch_uid="community.make_defaults")
def make_defaults(sender: Any, **kwargs: Any) -> None:
    make_first_room()
    make_permissions()
