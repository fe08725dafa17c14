"""What becomes of the account itself when its owner closes it."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts.enums import SecurityEventKind
from accounts.models import ClaimCode, Passkey, RecoveryCode, Resident, User
from accounts.models.residents import EMPTY_PROFILE
from accounts.operations.open_sessions import end_all
from accounts.operations.security_events import record
from accounts.queries import resident_of
from common import clock
from tenants.actors import at_reception


@transaction.atomic
def profile_to_close(user: User) -> Resident:
    """The resident of `user`; an empty one where there is no profile, as what is held of somebody
    and the closing itself hang on it. Undone with the transaction if the closing is refused."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if resident := resident_of(user):
        return resident
    # Unlike `create` it tells nobody: a proof that waits for a profile is not to be kept.
    empty = Resident(user=user, language=get_language() or settings.LANGUAGE_CODE, **EMPTY_PROFILE)
    return Resident.objects.bulk_create([empty])[0]


@transaction.atomic
def end_account(resident: Resident) -> None:
    """From now on nobody signs in with this account, and its address is free for a new one.

    Called as the resident, by whoever closes it (`privacy.operations.closing`). Safe to repeat.
    The profile is emptied later, with everything else that is held.
    """
    user = resident.user
    end_all(user)
    Passkey.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    user.set_unusable_password()
    with at_reception():
        EmailAddress.objects.filter(user=user).delete()
        ClaimCode.objects.filter(resident=resident, used_at=None, ended_at=None).update(
            ended_at=clock.now()
        )
        User.objects.filter(pk=user.pk).update(
            is_active=False, email=None, name="", password=user.password
        )
    Resident.objects.filter(pk=resident.pk).update(closed_at=clock.now())
    record(SecurityEventKind.ACCOUNT_CLOSED, user)
