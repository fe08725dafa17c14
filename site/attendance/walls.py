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

WALLS = [
    # Records are added, never changed (R8).
    Wall("attendance_participationrecord", select=_SEEN, insert=_OWN),
    Wall("attendance_signup", select=_SEEN, insert=_OWN, update=_THEIRS),
]
