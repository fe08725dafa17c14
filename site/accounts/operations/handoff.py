"""Moving a signed-in resident from the portal to a municipality's host.

1. The municipality's host leaves a secret in the browser and sends it to the portal with the
   secret's hash (`new_browser_secret`, `hash_of`).
2. The portal, where the resident is signed in, makes a code for that browser and that
   municipality (`issue`).
3. The municipality's host takes the code once and opens its own session (`redeem`).
4. Signing out on the portal ends all those sessions (`end_municipality_sessions`).

Attacks this answers:
- a code read from a log, a history or over a shoulder: it works once, for 60 seconds, and
  only in the browser that holds the secret;
- somebody sends a victim a link with their own code, to have the victim act in their account:
  the victim's browser holds no matching secret;
- a municipality's host passes a code on to another's: it is bound to one municipality;
- a database leak: only hashes are kept;
- a code tried wrongly is spent, so nobody tries twice.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction

from accounts.enums import SecurityEventKind
from accounts.models import Handoff, User
from accounts.operations.security_events import record
from accounts.rules.return_path import safe_path
from common import clock
from common.refusal import Refused
from tenants.models import Municipality

LIFETIME = timedelta(seconds=60)
CHAIN_KEY = "_sign_in"
_HASH = re.compile(r"[0-9a-f]{64}")

logger = logging.getLogger("accounts.handoff")


def new_browser_secret() -> str:
    """256 random bits, for a cookie."""
    return secrets.token_urlsafe(32)


def new_chain() -> str:
    """A name for one sign-in on the portal; its session keeps it under `CHAIN_KEY`."""
    return secrets.token_hex(16)


def hash_of(secret: str) -> str:
    """SHA-256 in hex. The secrets are random, so neither salt nor stretching is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(
    user: User, municipality: Municipality, browser_hash: str, return_path: str, chain: str
) -> str:
    """A code that signs `user` in at `municipality`, once, within 60 seconds.

    Raises Refused("browser_hash_invalid"). An unsafe return path becomes "/".
    """
    if not _HASH.fullmatch(browser_hash):
        raise Refused("browser_hash_invalid")
    code = secrets.token_urlsafe(32)
    Handoff.objects.create(
        code_hash=hash_of(code),
        browser_hash=browser_hash,
        municipality=municipality,
        user=user,
        return_path=safe_path(return_path) or "/",
        chain=chain,
        expires_at=clock.now() + LIFETIME,
    )
    return code


def redeem(
    code: str,
    municipality: Municipality,
    browser_secret: str,
    sign_in: Callable[[User, str], str],
) -> str:
    """Spend `code`, open a session with `sign_in`, and say the path to go on to.

    `sign_in` signs the user in on this host, as part of the chain it is given, and returns the
    new session's key; it runs in the transaction that spends the code, so that signing out on
    the portal at the same moment either finds the session or finds the code unspent and spends
    it.
    Raises Refused("handoff_refused", reason=…, return_path=…); the reason is kept as a
    `SecurityEvent` and logged, the code never.
    """
    with transaction.atomic():
        reason, handoff = _spend(code, municipality, browser_secret)
        if handoff is not None and not reason:
            handoff.session_key = sign_in(handoff.user, handoff.chain)
            handoff.save(update_fields=["session_key"])
            return handoff.return_path
    # Outside of the transaction: a refused code stays spent.
    logger.warning(
        "HandoffRefusal reason=%s municipality=%s handoff=%s",
        reason,
        municipality.code,
        handoff.pk if handoff else "-",
    )
    record(
        SecurityEventKind.HANDOFF_REFUSED,
        handoff.user if handoff else None,
        municipality,
        reason=reason,
    )
    is_ours = handoff is not None and handoff.municipality_id == municipality.pk
    raise Refused(
        "handoff_refused",
        reason=reason,
        return_path=handoff.return_path if handoff and is_ours else "/",
    )


def _spend(
    code: str, municipality: Municipality, browser_secret: str
) -> tuple[str, Handoff | None]:
    now = clock.now()
    code_hash = hash_of(code)
    # One statement decides who is first, however many requests bring the code.
    spent = Handoff.objects.filter(code_hash=code_hash, used_at__isnull=True).update(used_at=now)
    handoff = Handoff.objects.select_related("user").filter(code_hash=code_hash).first()
    if handoff is None:
        return "unknown", None
    if not spent:
        return "used", handoff
    if handoff.municipality_id != municipality.pk:
        return "other_municipality", handoff
    if now >= handoff.expires_at:
        return "expired", handoff
    if not hmac.compare_digest(hash_of(browser_secret), handoff.browser_hash):
        return "other_browser", handoff
    if not handoff.user.is_active:
        return "inactive", handoff
    return "", handoff


@transaction.atomic
def end_municipality_sessions(chain: str) -> int:
    """End every session that came from one sign-in on the portal; returns how many."""
    handoffs = Handoff.objects.filter(chain=chain)
    handoffs.filter(used_at__isnull=True).update(used_at=clock.now())
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = list(handoffs.exclude(session_key="").values_list("session_key", flat=True))
    for key in keys:
        store(key).delete()
    handoffs.delete()
    return len(keys)
