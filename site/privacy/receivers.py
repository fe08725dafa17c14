"""Roles learn what they may do; the office learns of a request."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from notifications.registry import handler
from privacy.enums import CaseEventKind
from privacy.models import Case
from privacy.operations.case_mails import CASE_RECEIVED, mail_office
from privacy.operations.erasing import erase_all_again
from privacy.operations.permissions import make_permissions
from tenants.signals import municipality_restored, template_built


@receiver(template_built, dispatch_uid="privacy.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()


@receiver(municipality_restored, dispatch_uid="privacy.erase_all_again")
def erase_what_came_back(sender: Any, **kwargs: Any) -> None:
    """An archive holds people as they were, those too who have closed their account since."""
    erase_all_again()


@handler(CASE_RECEIVED)
def tell_who_handles(payload: dict[str, Any]) -> None:
    mail_office(Case.objects.get(pk=payload["case"]), CaseEventKind.RECEIVED)
