"""Two accounts of one person become one.

The caller has made sure that it is one person: by the same My Number card (identity), or by the
code on paper and the date of birth, brought by whoever is signed in (claim).
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import ClaimCode, Resident, User
from accounts.models.residents import EMPTY_PROFILE
from accounts.operations.locking import lock_accounts
from accounts.registry import merge_parts
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception, standing_in
from tenants.context import public_context
from tenants.hosts import portal_url


@transaction.atomic
def merge(kept: Resident, other: Resident) -> Resident:
    """Let `kept` be the person's account from now on, and take over what `other` has.

    Every app takes over its own (`accounts.registry.merge_part`). The ledger stays as it is
    written; it is read together (`attendance.queries`). The other account can't sign in any
    more, its profile is emptied, its address is told and free again. Safe to repeat. A caller that
    locks or writes rows of either first has called `lock_accounts` with both. Raises
    `Refused("account_closed")` where either is closed or has become part of a third.
    """
    with public_context():
        kept, other = lock_accounts(kept, other)
        if kept.pk in {other.pk, other.merged_into_id}:
            return kept
        if any(one.closed_at or one.merged_into_id for one in (kept, other)):
            raise Refused("account_closed")
        _point_to(kept, other)
        with standing_in(kept.user_id, kept.pk):
            for part in merge_parts():
                part(kept, other)
        _close(other)
    return kept


def _point_to(kept: Resident, other: Resident) -> None:
    """No chains: whoever had become part of `other` is part of `kept` now."""
    with standing_in(other.user_id, other.pk):
        earlier = list(Resident.objects.filter(merged_into=other))
    for one in (other, *earlier):
        with standing_in(one.user_id, one.pk):
            Resident.objects.filter(pk=one.pk).update(merged_into=kept)
    other.merged_into = kept


def _close(other: Resident) -> None:
    """What names the person goes from the other row, which the ledger goes on pointing to."""
    user, email = other.user, other.user.email
    with standing_in(other.user_id, other.pk):
        if email:
            _tell(other, email)
        Resident.objects.filter(pk=other.pk).update(closed_at=clock.now(), **EMPTY_PROFILE)
    with at_reception():
        EmailAddress.objects.filter(user=user).delete()
        ClaimCode.objects.filter(resident=other, used_at=None, ended_at=None).update(
            ended_at=clock.now()
        )
        User.objects.filter(pk=user.pk).update(is_active=False, email=None, name="")


def _tell(other: Resident, email: str) -> None:
    with translation.override(other.language):
        EmailMessage(
            subject=translation.gettext("Your two accounts have become one"),
            body=render_to_string(
                "accounts/mail/merged.txt",
                {"resident": other, "email": email, "url": portal_url("/my/")},
            ),
            to=[email],
        ).send()
