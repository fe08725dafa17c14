"""The walls of what people took part in: theirs, and the municipality's."""

from tenants.postgresql.walls import OWN_MUNICIPALITY, OWN_RESIDENT, Wall, any_of

_OWN = any_of(OWN_RESIDENT, OWN_MUNICIPALITY)

WALLS = [
    # Records are added, never changed (R8).
    Wall("attendance_participationrecord", select=_OWN, insert=_OWN),
    Wall("attendance_signup", select=_OWN, insert=_OWN, update=_OWN),
]
