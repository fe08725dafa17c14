"""Recovery codes: for the day when neither the mailbox nor a passkey is at hand.

Used with the e-mail address of the account. The work is the same whether there is such an
account or not: one account looked for, one code tried to be spent.
"""

from __future__ import annotations

import secrets

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.enums import SecurityEventKind
from accounts.models import RecoveryCode, User
from accounts.operations.security_events import record
from accounts.rules.recovery import AMOUNT, DIGITS, is_code, written
from common import clock
from common.text import normalise_digits

_NOBODY = 0


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """New codes, to be shown this once; those made before are void."""
    digits = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _number in range(AMOUNT)]
    User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, code_hash=_hash(user.pk, code)) for code in digits]
    )
    record(SecurityEventKind.RECOVERY_CODES_MADE, user)
    return [written(code) for code in digits]


@transaction.atomic
def use_recovery_code(email: str, typed: str) -> User | None:
    """The account this code opens, or None; the code is spent and the owner told by mail."""
    digits = normalise_digits(typed)
    user = User.objects.with_email(email)
    account = user.pk if user else _NOBODY
    # One statement decides who is first, however many requests bring the code.
    spent = RecoveryCode.objects.filter(
        user_id=account, code_hash=_hash(account, digits), used_at__isnull=True
    ).update(used_at=clock.now())
    if user is None or not spent or not is_code(digits):
        return None
    left = RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
    get_adapter().send_notification_mail("account/email/recovery_code_used", user, {"left": left})
    record(SecurityEventKind.RECOVERY_CODE_USED, user, left=left)
    return user


def _hash(account: int, digits: str) -> str:
    return salted_hmac(
        "accounts.recovery_codes", f"{account}:{digits}", algorithm="sha256"
    ).hexdigest()
