"""A new municipality's roles learn what they may do with surveys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.registry import merge_part
from registration.signals import emptied
from surveys.operations import delete_texts, make_permissions, take_over
from tenants.signals import template_built

merge_part("surveys")(take_over)


@receiver(emptied, dispatch_uid="surveys.delete_texts")
def forget_what_they_wrote(sender: Any, resident_ids: Iterable[UUID], **kwargs: Any) -> None:
    delete_texts(resident_ids)


@receiver(template_built, dispatch_uid="surveys.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()
