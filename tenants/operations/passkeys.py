"""Passkeys of staff: the two halves of making one and of using one (WebAuthn).

Attacks this answers: a page elsewhere that passes a sign-in on (the browser signs the origin, and
only the host's own, letter for letter, is taken); an answer recorded and sent again (each signs a
challenge that is used once); a copied key (its count of signatures goes back).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from common.refusal import Refused
from tenants.hosts import origin_of
from tenants.models import SecondFactor

# What a browser sends may be damaged in every way there is.
_DAMAGED = (ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError)


def _server(host: str) -> Fido2Server:
    origin = origin_of(host)
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=host),
        verify_origin=lambda given: given == origin,
    )


def begin_registration(
    user: Any, host: str, known: Sequence[SecondFactor]
) -> tuple[dict[str, Any], Any]:
    """Options for the browser, and what `finish_registration` has to be given with the answer."""
    options, state = _server(host).register_begin(
        user=PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=str(user), display_name=user.get_full_name()
        ),
        credentials=_credentials(known),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _plain(options), _plain(state)


def finish_registration(host: str, state: Any, answer: str) -> dict[str, Any]:
    """The fields of a `SecondFactor`. Raises `Refused("passkey_wrong")`."""
    try:
        made = _server(host).register_complete(state, json.loads(answer))
        credential = made.credential_data
        if credential is None:
            raise ValueError("no credential")
    except _DAMAGED:
        raise Refused("passkey_wrong") from None
    return {
        "rp_id": host,
        "credential_id": websafe_encode(credential.credential_id),
        "credential": websafe_encode(bytes(credential)),
        "sign_count": made.counter,
    }


def begin_use(host: str, known: Sequence[SecondFactor]) -> tuple[dict[str, Any], Any]:
    """Options for the browser, and what `finish_use` has to be given with the answer."""
    options, state = _server(host).authenticate_begin(
        credentials=_credentials(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _plain(options), _plain(state)


def finish_use(
    host: str, state: Any, answer: str, known: Sequence[SecondFactor]
) -> tuple[SecondFactor, int]:
    """Which of `known` has answered, and its count of signatures. Raises
    `Refused("passkey_wrong")`."""
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        used = _server(host).authenticate_complete(state, _credentials(known), response)
        wanted = websafe_encode(used.credential_id)
        count = response.response.authenticator_data.counter
    except _DAMAGED:
        raise Refused("passkey_wrong") from None
    (factor,) = (one for one in known if one.credential_id == wanted)
    if (count or factor.sign_count) and count <= factor.sign_count:
        raise Refused("passkey_wrong")
    return factor, count


def _credentials(known: Sequence[SecondFactor]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(one.credential)) for one in known]


def _plain(value: Any) -> Any:
    """What JSON can say, for the page and for the session."""
    return json.loads(json.dumps(dict(value)))
