"""Defaults of a new municipality."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from tenants.signals import template_built
from themes.operations import let_staff_choose_the_look


@receiver(template_built, dispatch_uid="themes.permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    """Runs after the roles are made: `tenants.staff` stands before this app in the settings."""
    let_staff_choose_the_look()
