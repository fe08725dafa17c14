"""The walls of what people took part in: theirs, and the municipality's."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    EVERY_ROW,
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

# Under the sign-up's own wall: who may see it may see what happened to it.
_OF_A_SIGN_UP = "EXISTS (SELECT FROM public.attendance_signup s WHERE s.id = sign_up_id)"

WALLS = [
    # Records are added, never changed (R8).
    Wall("attendance_participationrecord", select=_SEEN, insert=_OWN),
    Wall("attendance_signup", select=_SEEN, insert=_OWN, update=_THEIRS),
    # Written by the table's own trigger.
    Wall("attendance_signupevent", select=_OF_A_SIGN_UP, insert=_OF_A_SIGN_UP),
    # Published: the hash before, the result afterwards. Until then the seed stands encrypted.
    Wall("attendance_draw", select=EVERY_ROW, insert=OWN_MUNICIPALITY, update=OWN_MUNICIPALITY),
    # A calendar that asks has no session: the front desk looks up whose address it is.
    Wall(
        "attendance_calendarfeed",
        select=any_of(OWN_RESIDENT, OF_MERGED, AT_RECEPTION),
        insert=OWN_RESIDENT,
        delete=any_of(OWN_RESIDENT, OF_MERGED),
    ),
]
