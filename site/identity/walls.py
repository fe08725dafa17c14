"""The walls of identity: a proof is the resident's own; a consent is of the child, of who gave it,
and of the municipalities that may be asked at the counter to end it."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    BY_WORKER,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)

_GIVEN_BY_ME = "guardian_id = (SELECT guard.resident())"
# Where a child is registered, staff can be handed a paper, or told that it no longer holds.
_REGISTERED_HERE = (
    "resident_id IN (SELECT r.resident_id FROM public.registration_registration r"
    " WHERE r.municipality_id = (SELECT guard.municipality()) AND r.status = 'active')"
)
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
    Wall("identity_verification", select=OWN_RESIDENT, insert=OWN_RESIDENT, update=OWN_RESIDENT),
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
