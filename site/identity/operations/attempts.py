"""Going to the provider and coming back.

1. `begin` keeps state, nonce and PKCE verifier on the server, under the account and the session.
2. `come_back` spends the attempt, whatever comes of it, hands the code in and keeps the proof.

Attacks this answers:
- a callback sent to a victim, with the attacker's code (login CSRF): its state is not of the
  victim's session;
- the same callback twice, by a reload, a back button or somebody who read the address: an
  attempt works once, for ten minutes; the row goes before the code is handed in;
- a code of one attempt put into another: nonce and verifier are the other's.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Resident, User
from accounts.rules.return_path import safe_path
from common import clock
from common.refusal import Refused
from identity.enums import Waiting
from identity.methods import Proof, digital_auth_app
from identity.methods.openid import Answer
from identity.models import Attempt, Verification, WaitingProof
from identity.operations.verify import ask_obstacles, card_is_anothers, keep_proof

LIFETIME = timedelta(minutes=10)
WAITING = timedelta(hours=1)

logger = logging.getLogger("identity.verification")


@dataclass(frozen=True)
class Back:
    """What an attempt that was spent says of where to go on, and in which language."""

    next_path: str = ""
    language: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of it: the proof that holds, or the reason why it waits."""

    back: Back
    verification: Verification | None = None
    waits_for: Waiting | None = None


def hash_of(secret: str) -> str:
    """SHA-256 in hex of 256 random bits: neither salt nor stretching is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(
    user: User,
    resident: Resident | None,
    session_key: str,
    redirect_uri: str,
    back: Back,
) -> str:
    """The address at the provider to send the browser to.

    Raises `Refused`: "not_offered", an obstacle's code, "provider_unavailable".
    """
    if not digital_auth_app.is_offered:
        raise Refused("not_offered")
    if resident is not None:
        ask_obstacles(resident)
    try:
        begun = digital_auth_app.begin(redirect_uri)
    except Refused as refusal:
        logger.warning("VerificationNotBegun reason=%s", refusal.data.get("reason"))
        raise
    now = clock.now()
    Attempt.objects.filter(user=user, expires_at__lte=now).delete()
    Attempt.objects.create(
        user=user,
        state_hash=hash_of(begun.state),
        session_hash=hash_of(session_key),
        secrets={"nonce": begun.nonce, "verifier": begun.verifier},
        next_path=safe_path(back.next_path) or "",
        language=back.language,
        expires_at=now + LIFETIME,
    )
    return begun.url


def spend(user: User, session_key: str, state: str) -> tuple[Back, dict[str, str]]:
    """Take the attempt that `state` is of: once. Raises `Refused("attempt_unknown")`."""
    rows = Attempt.objects.filter(
        user=user, state_hash=hash_of(state), session_hash=hash_of(session_key)
    )
    attempt = rows.first()
    # One statement decides who is first, however many requests bring the state.
    spent = bool(rows.delete()[0])
    if attempt is None or not spent or attempt.expires_at <= clock.now():
        logger.warning("VerificationRefusal reason=attempt_unknown")
        raise Refused("attempt_unknown")
    return Back(attempt.next_path, attempt.language), attempt.secrets


def come_back(
    user: User,
    resident: Resident | None,
    kept: tuple[Back, dict[str, str]],
    code: str,
    redirect_uri: str,
) -> Outcome:
    """Hand in the code and keep what it proves.

    Raises `Refused`: "proof_refused", "provider_unavailable", an obstacle's code.
    """
    back, secrets = kept
    try:
        # No transaction is open while the provider is asked.
        proof = digital_auth_app.prove(
            Answer(code, secrets["nonce"], secrets["verifier"], redirect_uri)
        )
        return _keep(user, resident, proof, back)
    except Refused as refusal:
        logger.warning(
            "VerificationRefusal reason=%s %s", refusal.code, refusal.data.get("reason", "")
        )
        raise


def _keep(user: User, resident: Resident | None, proof: Proof, back: Back) -> Outcome:
    if resident is None:
        # Nobody yet whose it could be: minors learn now what stands in the way.
        ask_obstacles(Resident(user_id=user.pk, birth_date=proof.attributes.birth_date))
        taken = card_is_anothers(None, proof)
        return _wait(user, proof, Waiting.MERGE if taken else Waiting.PROFILE, back)
    try:
        return Outcome(back, verification=keep_proof(resident, proof))
    except Refused as refusal:
        if refusal.code != "card_of_another_account":
            raise
        return _wait(user, proof, Waiting.MERGE, back)


def _wait(user: User, proof: Proof, waits_for: Waiting, back: Back) -> Outcome:
    WaitingProof.objects.update_or_create(
        user=user,
        defaults={
            "waits_for": waits_for,
            "proof": proof.as_json(),
            "expires_at": clock.now() + WAITING,
        },
    )
    return Outcome(back, waits_for=waits_for)
