"""From a code on paper to an account of one's own."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import ClaimAttempt, ClaimCode, Resident, User
from accounts.operations.claim_codes import code_named
from accounts.operations.locking import lock_accounts
from accounts.operations.merge import merge
from accounts.operations.profile import ProfileData, follow_email, save_profile
from accounts.queries import resident_of
from accounts.rules import attempts
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception, standing_in

_KEPT_FOR = timedelta(days=1)
_WRONG = "claim_wrong"


def check_code(written: str, birth_date: date, client: str) -> ClaimCode:
    """The open code `written` (see `accounts.rules.claim_codes.read`) of who was born then.

    `client` is the network address that asks. Raises `Refused("claim_wrong")`, the same for an
    unknown, used or ended code and for another date of birth: nobody learns that a code exists.
    Raises `Refused("too_many_attempts")` after five wrong ones in an hour from an address, and
    `Refused("busy")` while very many come from everywhere. Called outside of a transaction: an
    attempt must be on record before it is judged, or several at once would all pass.
    """
    with at_reception():
        attempt = _record_attempt(_anonymous(client))
        code = code_named(written)
        if code is None or code.resident.birth_date != birth_date:
            raise Refused(_WRONG)
        attempt.delete()
    return code


def _record_attempt(client: str) -> ClaimAttempt:
    now = clock.now()
    ClaimAttempt.objects.filter(at__lt=now - _KEPT_FOR).delete()
    attempt = ClaimAttempt.objects.create(client=client, at=now)
    recent = ClaimAttempt.objects.filter(at__gt=now - attempts.WINDOW).exclude(pk=attempt.pk)
    last = recent.order_by("-at").values_list("at", flat=True).first()
    problem = attempts.problem_with(
        attempts.Attempts(
            own=recent.filter(client=client).count(),
            everybodys=recent.count(),
            since_last=now - last if last else None,
        )
    )
    if problem:
        attempt.delete()
        raise Refused(problem)
    return attempt


def _anonymous(client: str) -> str:
    """A keyed hash of the address; of IPv6 the network, as one household has it whole."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        network = "unknown"
    else:
        network = str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), False))
    return hmac.new(
        settings.TOKEN_KEYS[0][1], b"claim attempt" + network.encode(), hashlib.sha256
    ).hexdigest()


def is_address_free(email: str) -> bool:
    """Whether no account has this e-mail address."""
    with at_reception():
        address = email.strip().lower()
        return (
            User.objects.with_email(address) is None
            and not EmailAddress.objects.filter(email=address).exists()
        )


@transaction.atomic
def take_account(code_id: int, email: str) -> User:
    """Make the account the person's own: `email`, which they have confirmed, signs in from now on.

    Raises `Refused("claim_wrong")` where the code has been used or ended meanwhile, and
    `Refused("email_taken")`.
    """
    on_paper = _of(code_id)
    lock_accounts(on_paper)
    with at_reception():
        _spend(code_id)
        user = User.objects.get(pk=on_paper.user_id)
        if not is_address_free(email):
            raise Refused("email_taken")
        user.email = email.strip().lower()
        user.save(update_fields=["email"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    follow_email(user)
    return user


@transaction.atomic
def join_account(code_id: int, user: User) -> Resident:
    """Bring what was entered at the counter into the account of `user`, who is signed in.

    Without a profile of their own the one on paper becomes it. Raises `Refused("claim_wrong")`
    as above and where a profile was made meanwhile, and `Refused("another_person")` where the
    account's date of birth is another.
    """
    on_paper = _of(code_id)
    with at_reception():
        own = resident_of(user)
    # As stored now: what was read before the locks may have been changed meanwhile.
    on_paper, *found = lock_accounts(on_paper, *([own] if own else []))
    with at_reception():
        _spend(code_id)
    if found:
        own = found[0]
        # Of a closed account nothing is left to compare; the merge refuses it.
        if not own.closed_at and own.birth_date != on_paper.birth_date:
            raise Refused("another_person")
    else:
        with standing_in(user.pk):
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if resident_of(user) is not None:  # at this very moment, in another window
                raise Refused(_WRONG)
            own = save_profile(user, _as_data(on_paper))
    return merge(own, on_paper)


def _of(code_id: int) -> Resident:
    """Whose code it is, to be locked before the code: who closes the account ends it last."""
    with at_reception():
        code = (
            ClaimCode.objects.select_related("resident__user", "resident__residence")
            .filter(pk=code_id)
            .first()
        )
    if code is None:
        raise Refused(_WRONG)
    return code.resident


def _spend(code_id: int) -> None:
    code = (
        ClaimCode.objects.select_for_update(of=("self",))
        .filter(pk=code_id, used_at=None, ended_at=None, expires_at__gt=clock.now())
        .filter(resident__closed_at=None)
        .first()
    )
    if code is None:
        raise Refused(_WRONG)
    code.used_at = clock.now()
    code.save(update_fields=["used_at"])


def _as_data(resident: Resident) -> ProfileData:
    return {name: getattr(resident, name) for name in ProfileData.__annotations__}  # type: ignore[return-value]
