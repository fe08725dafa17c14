"""Roles learn what they may do; minors wait for their guardians; a proof that came before the
profile is kept with it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Resident
from accounts.operations.merge import merge
from accounts.registry import merge_part
from identity.operations import guardian_permissions, permissions
from identity.operations.closing import end_identity
from identity.operations.taking_over import take_over
from identity.operations.waiting import keep_waiting_proof
from identity.queries import obstacle_to_verification
from identity.registry import register_merge, register_obstacle
from privacy.registry import closing_part
from tenants.signals import template_built

register_obstacle(obstacle_to_verification)
merge_part("identity")(take_over)
closing_part("identity")(end_identity)
register_merge(merge)


@receiver(template_built, dispatch_uid="identity.permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    permissions.make_permissions()
    guardian_permissions.make_permissions()


@receiver(post_save, sender=Resident, dispatch_uid="identity.keep_waiting_proof")
def keep_with_profile(
    sender: Any, instance: Resident, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        keep_waiting_proof(instance)
