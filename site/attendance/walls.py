"""The walls of what people took part in: theirs, and the municipality's."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
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
    Wall(
        "attendance_importbatch",
        select=OWN_MUNICIPALITY,
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    Wall("attendance_importedactivity", select=OWN_MUNICIPALITY, insert=OWN_MUNICIPALITY),
    Wall(
        "attendance_columnmemory",
        select=OWN_MUNICIPALITY,
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    # Of people who have no account: the municipality's alone, until a row has found its person.
    Wall(
        "attendance_earlierrecord",
        select=any_of(OWN_MUNICIPALITY, OWN_RESIDENT, OF_MERGED),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    # Issued by staff, looked up at the reception by whoever holds the paper.
    Wall(
        "attendance_earliercode",
        select=any_of(AT_RECEPTION, OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
]
