"""A new municipality gets its languages, its site and its first pages."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from wagtail_localize.models import SegmentOverride, StringTranslation

from common.my_number import mask_my_numbers
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


@receiver(pre_save, sender=StringTranslation, dispatch_uid="pages.mask_in_translations")
@receiver(pre_save, sender=SegmentOverride, dispatch_uid="pages.mask_in_overrides")
def mask_in_translations(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Translations come past every form, one by one or as a file: no individual number (R10)."""
    name = "data" if sender is StringTranslation else "data_json"
    setattr(instance, name, mask_my_numbers(getattr(instance, name)))
