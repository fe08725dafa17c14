"""A new municipality gets its languages, its site and its first pages."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from pages.operations import introduce, make_first_pages, make_permissions
from tenants.models import Municipality, ParticipationRequest
from tenants.signals import municipality_provisioned, template_built


@receiver(template_built, dispatch_uid="pages.make_defaults")
def make_defaults(sender: Any, **kwargs: Any) -> None:
    """Front page, news, languages, and what each role may do with them."""
    make_first_pages()
    make_permissions()


@receiver(municipality_provisioned, dispatch_uid="pages.introduce")
def introduce_municipality(
    sender: Any, municipality: Municipality, request: ParticipationRequest, **kwargs: Any
) -> None:
    """The first pages say whose they are."""
    introduce(municipality, request)
