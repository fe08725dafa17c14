"""Passkeys: registering one, and signing in with it (WebAuthn).

Attacks this answers:
- a page on a municipality's host asks the device for the portal's passkey, which a browser
  allows below the same domain: the origin must be the portal's to the letter;
- a page in a frame: `crossOrigin` is refused;
- an answer recorded and sent again: each challenge is good once, for five minutes, in one session;
- a device lying unlocked on a table: the device must have asked for PIN, finger or face;
- a copied key: its counter must go on;
- a key that is somebody else's already: key ids are unique.
fido2 checks the signature, the challenge and the flags.
"""

from __future__ import annotations

import secrets
import struct
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.enums import SecurityEventKind
from accounts.models import Passkey, User
from accounts.operations.security_events import record
from common import clock
from common.refusal import Refused
from tenants.hosts import portal_url

CHALLENGE_SECONDS = 5 * 60
MAX_PASSKEYS = 20
_HANDLE_BYTES = 32
_VERIFIED = UserVerificationRequirement.REQUIRED
# What comes from a browser may be anything: whatever it breaks, it is no passkey.
_DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
)


def _server() -> Fido2Server:
    party = PublicKeyCredentialRpEntity(
        id=settings.BASE_DOMAIN, name=gettext("Hometown Resident Registration")
    )
    # Not fido2's own check, which takes every host below the domain.
    return Fido2Server(party, verify_origin=lambda origin: origin == portal_url(""))


def begin_registration(user: User) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked, as JSON, and the state that the session keeps meanwhile."""
    known = list(Passkey.objects.filter(user=user))
    handle = bytes(known[0].user_handle) if known else secrets.token_bytes(_HANDLE_BYTES)
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=handle, name=user.email or str(user), display_name=user.email or str(user)
        ),
        credentials=[_credential(passkey) for passkey in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(options), {**_stamped(state), "handle": handle.hex(), "account": user.pk}


@transaction.atomic
def finish_registration(user: User, state: Any, answer: Any, name: str) -> Passkey:
    """Keep the passkey that the browser made.

    Raises Refused("passkey_invalid"), Refused("passkey_known"), Refused("too_many_passkeys").
    """
    asked = _fresh(state)
    if asked.get("account") != user.pk:
        raise Refused("passkey_invalid")
    try:
        response = RegistrationResponse.from_dict(answer)
        _same_site(response.response.client_data)
        made = _server().register_complete(asked, response)
    except _DAMAGED as error:
        raise Refused("passkey_invalid") from error
    credential = made.credential_data
    if credential is None:
        raise Refused("passkey_invalid")
    User.objects.select_for_update().get(pk=user.pk)
    if Passkey.objects.filter(user=user).count() >= MAX_PASSKEYS:
        raise Refused("too_many_passkeys")
    passkey = Passkey(
        user=user,
        user_handle=bytes.fromhex(asked["handle"]),
        credential_id=credential.credential_id,
        credential=bytes(credential),
        counter=made.counter,
        name=name,
    )
    try:
        with transaction.atomic():
            passkey.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("passkey_known") from error
    get_adapter().send_notification_mail("account/email/passkey_added", user, {"name": name})
    record(SecurityEventKind.PASSKEY_ADDED, user)
    return passkey


def begin_sign_in() -> tuple[dict[str, Any], dict[str, Any]]:
    """As `begin_registration`. No account is named: the device knows which passkeys it has."""
    options, state = _server().authenticate_begin(user_verification=_VERIFIED)
    return dict(options), _stamped(state)


@transaction.atomic
def finish_sign_in(state: Any, answer: Any) -> User:
    """The account that the passkey opens. Raises Refused("passkey_invalid")."""
    asked = _fresh(state)
    try:
        response = AuthenticationResponse.from_dict(answer)
        _same_site(response.response.client_data)
        passkey = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(credential_id=response.raw_id)
            .first()
        )
        if passkey is None:
            raise Refused("passkey_invalid")
        _server().authenticate_complete(asked, [_credential(passkey)], response)
    except _DAMAGED as error:
        raise Refused("passkey_invalid") from error
    handle = response.response.user_handle
    if handle is None or bytes(handle) != bytes(passkey.user_handle):
        raise Refused("passkey_invalid")
    counter = response.response.authenticator_data.counter
    if (counter or passkey.counter) and counter <= passkey.counter:
        raise Refused("passkey_invalid")
    passkey.counter, passkey.last_used_at = counter, clock.now()
    passkey.save(update_fields=["counter", "last_used_at"])
    return passkey.user


def rename_passkey(user: User, passkey_id: Any, name: str) -> None:
    """Raises Refused("not_found")."""
    if not Passkey.objects.filter(user=user, pk=passkey_id).update(name=name):
        raise Refused("not_found")


@transaction.atomic
def remove_passkey(user: User, passkey_id: Any) -> None:
    """The device can no longer sign in. Raises Refused("not_found")."""
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise Refused("not_found")
    passkey.delete()
    get_adapter().send_notification_mail(
        "account/email/passkey_removed", user, {"name": passkey.name}
    )
    record(SecurityEventKind.PASSKEY_REMOVED, user)


def put_off_passkey(user: User) -> None:
    """It was offered: not again by itself."""
    User.objects.filter(pk=user.pk, passkey_offered_at__isnull=True).update(
        passkey_offered_at=clock.now()
    )


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _stamped(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "at": clock.now().timestamp()}


def _fresh(state: Any) -> dict[str, Any]:
    if not isinstance(state, dict):
        raise Refused("passkey_invalid")
    if clock.now().timestamp() - state.get("at", 0) > CHALLENGE_SECONDS:
        raise Refused("passkey_invalid")
    return state


def _same_site(client_data: Any) -> None:
    if client_data.cross_origin:
        raise ValueError("asked from within a frame of another site")
