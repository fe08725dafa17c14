"""The walls of what people took part in: theirs, and the municipality's."""

from tenants.postgresql.walls import (
    BY_WORKER,
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


def _of_their_record(table: str, *columns: str) -> str:
    """What a row says of its record is so; and the record is one that whoever writes may see."""
    same = "".join(f" AND r.{column} = {table}.{column}" for column in columns)
    return (
        f"EXISTS (SELECT FROM public.attendance_participationrecord r"
        f" WHERE r.id = {table}.record_id{same})"
    )


# Nobody amends in a colleague's name; work in the background names who began it.
_IN_OWN_NAME = any_of("actor_id = (SELECT guard.account())", BY_WORKER)

WALLS = [
    # Records are added, never changed (R8).
    Wall("attendance_participationrecord", select=_SEEN, insert=_OWN),
    Wall(
        "attendance_amendment",
        select=_SEEN,
        insert=f"{OWN_MUNICIPALITY} AND ({_IN_OWN_NAME}) AND "
        + _of_their_record("attendance_amendment", "resident_id", "municipality_id"),
    ),
    # The participant objects, the municipality answers.
    Wall(
        "attendance_objection",
        select=_THEIRS,
        insert=f"{OWN_RESIDENT} AND " + _of_their_record("attendance_objection", "municipality_id"),
        update=OWN_MUNICIPALITY,
    ),
    # Written by the ledger's own trigger, never by a statement of somebody's.
    Wall("attendance_unsealed", insert="pg_trigger_depth() > 0"),
    # Anybody may check them.
    Wall("attendance_seal", select=EVERY_ROW),
    Wall("attendance_signup", select=_SEEN, insert=_OWN, update=_THEIRS),
]
