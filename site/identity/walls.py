"""The walls of identity: a proof is the resident's own.

Staff write one at the counter, and only there: of somebody registered here, of whom a colleague
has proposed it. They read none but the one they have just written. A guardian's
consent is of the child, of who gave it, and of the municipalities that may be asked at the counter
to end it.
"""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    BY_WORKER,
    OF_MERGED,
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

_GIVEN_BY_ME = "guardian_id = (SELECT guard.resident())"
# Nobody consents for a child who has not invited them.
_INVITED_ME = (
    "(invitation_id, resident_id) IN"
    " (SELECT i.id, i.resident_id FROM public.identity_guardianinvitation i"
    " WHERE i.guardian_id = (SELECT guard.resident()))"
)
_BY_INVITATION = f"{_GIVEN_BY_ME} AND {_INVITED_ME}"
_AT_COUNTER = (
    f"guardian_id IS NULL AND {OWN_MUNICIPALITY}"
    f" AND recorded_by_id = (SELECT guard.account()) AND {_REGISTERED_HERE}"
)
_ENDED_BY = any_of(_GIVEN_BY_ME, OWN_MUNICIPALITY, _REGISTERED_HERE, BY_WORKER)

WALLS = [
    Wall(
        "identity_verification",
        select=any_of(OWN_RESIDENT, OF_MERGED, _HOLDS_THE_CARD, _CONFIRMED_BY_ME),
        insert=any_of(OWN_RESIDENT, _AT_THE_COUNTER),
        update=any_of(OWN_RESIDENT, OF_MERGED, _HOLDS_THE_CARD),
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
    # The link in the mail is looked up by the reception, like every secret that lets somebody in.
    Wall(
        "identity_guardianinvitation",
        select=any_of(AT_RECEPTION, OWN_RESIDENT, _GIVEN_BY_ME, BY_WORKER),
        insert=OWN_RESIDENT,
        update=any_of(AT_RECEPTION, OWN_RESIDENT, BY_WORKER),
    ),
    # Ended, never changed: held by a trigger too.
    Wall(
        "identity_guardianconsent",
        select=any_of(OWN_RESIDENT, _ENDED_BY),
        insert=any_of(_BY_INVITATION, _AT_COUNTER),
        update=any_of(OWN_RESIDENT, _ENDED_BY),
    ),
    Wall(
        "identity_comingofage",
        select=any_of(OWN_RESIDENT, BY_WORKER),
        insert=BY_WORKER,
        update=OWN_RESIDENT,
    ),
]
