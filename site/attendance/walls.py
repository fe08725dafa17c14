"""The walls of what people took part in: theirs, and the municipality's."""

from tenants.postgresql.walls import (
    OF_A_CHILD,
    OF_MERGED,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)

_OWN = any_of(OWN_RESIDENT, OWN_MUNICIPALITY)
# Two accounts of one person that became one are read together: records are never rewritten.
_THEIRS = any_of(OWN_RESIDENT, OWN_MUNICIPALITY, OF_MERGED)
_SEEN = any_of(_THEIRS, OF_A_CHILD)
# What a partner organisation runs here, for its members in its workspace; an array, computed once.
_RUN_BY_US = (
    "session_uuid = ANY (ARRAY(SELECT r.session_uuid FROM public.organisations_runsession r"
    " WHERE r.organisation_id = (SELECT guard.organisation())))"
)
# Not of those who no longer come: why should it have their telephone number?
_COMES_TO_US = f"{_RUN_BY_US} AND status NOT IN ('withdrawn', 'declined', 'lapsed')"

WALLS = [
    # Records are added, never changed (R8).
    Wall("attendance_participationrecord", select=any_of(_SEEN, _RUN_BY_US), insert=_OWN),
    Wall("attendance_signup", select=any_of(_SEEN, _COMES_TO_US), insert=_OWN, update=_THEIRS),
]
