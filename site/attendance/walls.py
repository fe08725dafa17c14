"""The walls of what people took part in: theirs, the municipality's, and a device's session."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
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
# What a partner organisation runs here, for its members in its workspace; an array, computed once.
_RUN_BY_US = "session_uuid = ANY (ARRAY(SELECT guard.run_sessions()))"
# Not of those who no longer come: why should it have their telephone number?
_COMES_TO_US = f"{_RUN_BY_US} AND status NOT IN ('withdrawn', 'declined', 'lapsed', 'cancelled')"
# What its member enters there, in their own name and at the municipality they act at.
_ENTERED_BY_US = f"{_RUN_BY_US} AND municipality_id = (SELECT guard.here())"
# And of nobody who has no place in the session.
_OF_WHO_COMES = (
    "municipality_id = (SELECT guard.here()) AND guard.comes_to_us(session_uuid, resident_id)"
)

# The phone that reads passes at a venue, and what it may see: of its own session who signed up,
# who came and what it read. Its row says which session that is.
_DEVICE = "(SELECT CASE WHEN guard.kind() = 'device' THEN guard.certificate()::uuid END)"
_OF_ITS_SESSION = (
    "(session_uuid, municipality_id) ="
    " (SELECT d.session_uuid, d.municipality_id FROM guard.session_of_device() d)"
)
_ITS_OWN = f"device_id = {_DEVICE} AND {_OF_ITS_SESSION}"
# A forged code names no municipality: who sent it is all that is known.
_SENT = any_of(
    f"{OWN_RESIDENT} AND source = (SELECT guard.resident()) AND device_id IS NULL", _ITS_OWN
)


def _of_their_record(table: str, *columns: str) -> str:
    """What a row says of its record is so; and the record is one that whoever writes may see."""
    same = "".join(f" AND r.{column} = {table}.{column}" for column in columns)
    return (
        f"EXISTS (SELECT FROM public.attendance_participationrecord r"
        f" WHERE r.id = {table}.record_id{same})"
    )


# Nobody amends in a colleague's name; work in the background names who began it.
_IN_OWN_NAME = any_of("actor_id = (SELECT guard.account())", BY_WORKER)

# A desk's phone and an organisation see of a record also whether it counts. Arrays, computed once.
_THEIR_SESSIONS = (
    "ARRAY(SELECT d.session_uuid FROM guard.session_of_device() d"
    " UNION ALL SELECT guard.run_sessions())"
)
_OF_WHAT_THEY_SEE = (
    "record_id = ANY (ARRAY(SELECT r.id FROM public.attendance_participationrecord r"
    f" WHERE r.session_uuid = ANY ({_THEIR_SESSIONS})))"
)

# So that neither counts as waiting what staff have decided.
_OF_SCANS_THEY_SEE = (
    "scan_id = ANY (ARRAY(SELECT r.id FROM public.attendance_scan r"
    f" WHERE r.session_uuid = ANY ({_THEIR_SESSIONS})))"
)

# Under the sign-up's own wall: who may see it may see what happened to it.
_OF_A_SIGN_UP = "EXISTS (SELECT FROM public.attendance_signup s WHERE s.id = sign_up_id)"

# What participants say in public: what they wrote, and who may read what nobody has decided on.
_WAITS = "state = 'waiting' AND decided_at IS NULL AND decided_by_id IS NULL"
_TOOK_PART = (
    "EXISTS (SELECT FROM public.attendance_participationrecord r"
    " WHERE r.session_uuid = attendance_voice.session_uuid"
    " AND r.municipality_id = attendance_voice.municipality_id)"
)
# On the site it is about. An organisation, too, reads what is public alone.
_PUBLIC_HERE = "state = 'published' AND municipality_id = (SELECT guard.here())"
_SAME_SESSION = (
    "v.session_uuid = attendance_voiceanswer.session_uuid"
    " AND v.municipality_id = attendance_voiceanswer.municipality_id"
)
_ITS_VOICE = "EXISTS (SELECT FROM public.attendance_voice v WHERE v.id = voice_id"
_TO_OWN_WORDS = (
    f"{_ITS_VOICE} AND (v.resident_id = (SELECT guard.resident())"
    f" OR {OF_MERGED.replace('resident_id IN', 'v.resident_id IN')}))"
)

WALLS = [
    # Records are added, never changed (R8).
    Wall(
        "attendance_participationrecord",
        select=any_of(_SEEN, _OF_ITS_SESSION, _RUN_BY_US),
        insert=any_of(
            _OWN,
            _OF_ITS_SESSION,
            f"recorded_by_id = (SELECT guard.account()) AND {_OF_WHO_COMES}",
        ),
    ),
    Wall(
        "attendance_signup",
        select=any_of(_SEEN, _OF_ITS_SESSION, _COMES_TO_US),
        insert=_OWN,
        update=_THEIRS,
    ),
    # A device is known by its secret before anybody knows whose it is.
    Wall(
        "attendance_scandevice",
        select=any_of(OWN_MUNICIPALITY, AT_RECEPTION, f"id = {_DEVICE}", _RUN_BY_US),
        insert=any_of(
            OWN_MUNICIPALITY,
            f"{_ENTERED_BY_US} AND created_by_id = (SELECT guard.account())"
            " AND organisation_id = (SELECT guard.organisation())",
        ),
        update=any_of(OWN_MUNICIPALITY, AT_RECEPTION, _ENTERED_BY_US),
    ),
    Wall(
        "attendance_scan",
        select=any_of(_THEIRS, _OF_ITS_SESSION, _RUN_BY_US),
        insert=_SENT,
    ),
    # What a reading came to is decided by staff.
    Wall(
        "attendance_scanreview",
        select=any_of(OWN_MUNICIPALITY, _OF_SCANS_THEY_SEE),
        insert=OWN_MUNICIPALITY,
    ),
    # Every code that is read is compared with these; they name nobody but a member of staff's
    # number.
    Wall("attendance_sessionkey", select=EVERY_ROW, insert=OWN_MUNICIPALITY),
    Wall(
        "attendance_sessionclosing",
        select=EVERY_ROW,
        insert=any_of(
            OWN_MUNICIPALITY, f"{_ENTERED_BY_US} AND closed_by_id = (SELECT guard.account())"
        ),
    ),
    Wall(
        "attendance_outcome",
        select=any_of(_THEIRS, _RUN_BY_US),
        insert=any_of(
            OWN_MUNICIPALITY,
            f"decided_by_id = (SELECT guard.account()) AND {_OF_WHO_COMES}",
        ),
    ),
    Wall(
        "attendance_participationreport",
        select=_THEIRS,
        insert=OWN_RESIDENT,
        update=_OWN,
    ),
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
    Wall(
        "attendance_amendment",
        select=any_of(_SEEN, _OF_WHAT_THEY_SEE),
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
    # Written by the table's own trigger.
    Wall("attendance_signupevent", select=_OF_A_SIGN_UP, insert=_OF_A_SIGN_UP),
    # Published: the hash before, the result afterwards. Until then the seed stands encrypted.
    Wall("attendance_draw", select=EVERY_ROW, insert=OWN_MUNICIPALITY, update=OWN_MUNICIPALITY),
    # Changed words are another row: neither author nor organisation can publish their own.
    Wall(
        "attendance_voice",
        select=any_of(_THEIRS, _PUBLIC_HERE),
        insert=f"{OWN_RESIDENT} AND {_WAITS} AND {_TOOK_PART}",
        update=OWN_MUNICIPALITY,
        delete=any_of(OWN_RESIDENT, OF_MERGED),
    ),
    Wall(
        "attendance_voiceanswer",
        select=any_of(OWN_MUNICIPALITY, _RUN_BY_US, _PUBLIC_HERE, _TO_OWN_WORDS),
        insert=f"{_ENTERED_BY_US} AND {_WAITS} AND written_by_id = (SELECT guard.account())"
        " AND organisation_id = (SELECT guard.organisation())"
        f" AND {_ITS_VOICE} AND {_SAME_SESSION})",
        update=OWN_MUNICIPALITY,
        delete=any_of(_ENTERED_BY_US, _TO_OWN_WORDS),
    ),
    # A calendar that asks has no session: the front desk looks up whose address it is.
    Wall(
        "attendance_calendarfeed",
        select=any_of(OWN_RESIDENT, OF_MERGED, AT_RECEPTION),
        insert=OWN_RESIDENT,
        delete=any_of(OWN_RESIDENT, OF_MERGED),
    ),
]
