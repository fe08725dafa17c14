"""What municipalities know about a resident follows the resident's profile."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Resident
from registration.operations import refresh_disclosure


@receiver(post_save, sender=Resident, dispatch_uid="registration.refresh_disclosure")
def profile_changed(sender: Any, instance: Resident, created: bool, **kwargs: Any) -> None:
    """A new address reaches every municipality the resident is registered with."""
    if not created and not kwargs.get("raw"):
        refresh_disclosure(instance)
