"""A new municipality gets its languages, its site and its first pages."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from pages.operations import make_default_pages, make_permissions
from tenants.models import Municipality, ParticipationRequest
from tenants.signals import municipality_provisioned


@receiver(municipality_provisioned, dispatch_uid="pages.make_defaults")
def make_defaults(
    sender: Any, municipality: Municipality, request: ParticipationRequest, **kwargs: Any
) -> None:
    """Front page, news, languages, and what each role may do with them."""
    make_default_pages(municipality, request)
    make_permissions()
