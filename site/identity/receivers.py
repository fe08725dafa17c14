"""A new municipality's roles learn what they may do; minors wait for their guardians."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from identity.operations.guardian_permissions import make_permissions
from identity.queries import obstacle_to_verification
from identity.registry import register_obstacle
from tenants.signals import template_built

register_obstacle(obstacle_to_verification)


@receiver(template_built, dispatch_uid="identity.guardian_permissions")
def give_guardian_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()
