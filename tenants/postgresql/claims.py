"""What a connection claims to be, signed so that no injected SQL can claim otherwise.

PostgreSQL lets whoever reaches a connection set any parameter and any role the login may take.
So policies ask neither for the role nor for a plain parameter: they ask functions of the schema
`guard`, which check this signature (HMAC-SHA256) and its time. The key stands where no run-time
role can read it.
"""

from __future__ import annotations

import hashlib
import hmac
import time

from tenants.actors import Actor

LIFETIME_SECONDS = 900
# Long requests and long tasks: signed anew well before the time is over.
RENEWAL_SECONDS = 300
PARAMETER = "guard.claims"
_SEPARATOR = ";"

# The database reads a clock of its own: tests that travel in time leave this one alone.
clock = time.time


def sign(actor: Actor, here: str, key: bytes, now: float | None = None) -> str:
    """`kind;municipality;account;resident;holds;here;expires!mac`.

    `holds` is what the actor comes with: a certificate's code, the number of a device, or, of an
    organisation's member, `12@042056`, the organisation and where it acts.
    `here` is the code of the municipality whose schema is active, "" in the shared one.
    """
    expires = int(clock() if now is None else now) + LIFETIME_SECONDS
    fields = (
        actor.kind.value,
        actor.municipality,
        "" if actor.account is None else str(actor.account),
        "" if actor.resident is None else str(actor.resident),
        _held(actor),
        here,
        str(expires),
    )
    if any(_SEPARATOR in field or "!" in field for field in fields):
        raise ValueError("a claim holds a separator")
    says = _SEPARATOR.join(fields)
    return f"{says}!{hmac.new(key, says.encode(), hashlib.sha256).hexdigest()}"


def _held(actor: Actor) -> str:
    if actor.device is not None:
        return str(actor.device)
    if actor.organisation is None:
        return actor.certificate
    number, municipality = actor.organisation
    return f"{number}@{municipality}"
