"""Making an account, and what opens it: the address, and a password for who wants one."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.enums import SecurityEventKind
from accounts.models import User
from accounts.operations.acceptances import accept_terms
from accounts.operations.open_sessions import end_others
from accounts.operations.security_events import record
from tenants.actors import at_reception
from tenants.models import Terms


@transaction.atomic
def make_account(email: str, documents: Iterable[Terms]) -> User:
    """The account of an address that was proven by a code; made if there is none (R28).

    Two browsers at once find one account: the address is unique.
    """
    user = User.objects.with_email(email)
    if user is None:
        user = User(email=email.strip().lower())
        user.set_unusable_password()
        User.objects.bulk_create([user], ignore_conflicts=True)
        user = User.objects.get(email=user.email)
    accept_terms(user, documents)
    prove_address(user)
    return user


@transaction.atomic
def prove_address(user: User) -> None:
    """Keep that whoever signs in reads the mails of the account's address.

    A password set before anybody had proven that may be a stranger's, who made the account with
    somebody else's address and waits: it goes.
    """
    address = EmailAddress.objects.filter(user=user, email=user.email).first()
    if address is not None and address.verified:
        return
    if address is not None and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def set_password(user: User, password: str, session_key: str) -> None:
    """Set a password, tell the owner by mail, and end every other sign-in."""
    user.set_password(password)
    with at_reception():
        user.save(update_fields=["password"])
    get_adapter().send_notification_mail("account/email/password_changed", user)
    end_others(user, session_key)
    record(SecurityEventKind.PASSWORD_SET, user)
