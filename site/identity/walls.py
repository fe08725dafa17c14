"""The walls of identity: a proof is the resident's own.

Staff write one at the counter, and only there: of somebody registered here, of whom a colleague
has proposed it. They read none but the one they have just written.
"""

from tenants.postgresql.walls import (
    BY_WORKER,
    OWN_ACCOUNT,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)

_BY_STAFF = "(SELECT guard.kind()) = 'staff'"
_HOLDS_THE_CARD = (
    "(SELECT guard.kind()) = 'bearer' AND subject_hash <> ''"
    " AND subject_hash = (SELECT guard.certificate())"
)
_CHECKS_HERE = f"{_BY_STAFF} AND {OWN_MUNICIPALITY}"
_CONFIRMED_BY_ME = f"{_CHECKS_HERE} AND confirmed_by_id = (SELECT guard.account())"
_PROPOSED_BY_ME = f"{_CHECKS_HERE} AND proposed_by_id = (SELECT guard.account())"
_REGISTERED_HERE = (
    "resident_id IN (SELECT r.resident_id FROM public.registration_registration r"
    " WHERE r.municipality_id = (SELECT guard.municipality()) AND r.status = 'active')"
)
_PROPOSED_BY_A_COLLEAGUE = (
    "(resident_id, checked_by_id) IN (SELECT c.resident_id, c.proposed_by_id"
    " FROM public.identity_countercheck c WHERE c.status = 'proposed'"
    " AND c.proposed_by_id <> (SELECT guard.account()))"
)
_AT_THE_COUNTER = (
    f"{_CONFIRMED_BY_ME} AND method = 'counter' AND {_REGISTERED_HERE}"
    f" AND {_PROPOSED_BY_A_COLLEAGUE}"
)
_OVER = f"{BY_WORKER} AND expires_at <= now()"
_OWN_OR_OVER = any_of(OWN_ACCOUNT, _OVER)

WALLS = [
    Wall(
        "identity_verification",
        select=any_of(OWN_RESIDENT, _HOLDS_THE_CARD, _CONFIRMED_BY_ME),
        insert=any_of(OWN_RESIDENT, _AT_THE_COUNTER),
        update=any_of(OWN_RESIDENT, _HOLDS_THE_CARD),
    ),
    Wall("identity_attempt", select=_OWN_OR_OVER, insert=OWN_ACCOUNT, delete=_OWN_OR_OVER),
    Wall(
        "identity_waitingproof",
        select=_OWN_OR_OVER,
        insert=OWN_ACCOUNT,
        update=OWN_ACCOUNT,
        delete=_OWN_OR_OVER,
    ),
    Wall(
        "identity_countercheck",
        select=any_of(_CHECKS_HERE, OWN_RESIDENT, _OVER),
        insert=f"{_PROPOSED_BY_ME} AND {_REGISTERED_HERE}",
        update=any_of(_CHECKS_HERE, _OVER),
    ),
]
