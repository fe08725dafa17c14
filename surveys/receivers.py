"""A new municipality's roles learn what they may do with surveys."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.registry import merge_part
from surveys.operations import make_permissions, take_over
from tenants.signals import template_built

merge_part("surveys")(take_over)


@receiver(template_built, dispatch_uid="surveys.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()
