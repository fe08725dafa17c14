"""The walls of what is recorded about looking, exporting and asking."""

from tenants.postgresql.walls import (
    BY_WORKER,
    EVERY_ROW,
    OF_MERGED,
    OWN_ACCOUNT,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)


def all_of(*conditions: str) -> str:
    return " AND ".join(f"({condition})" for condition in conditions)


# Nobody writes a line in another's name; the worker writes what the clock did.
_BY_ONESELF = any_of("actor_id = (SELECT guard.account())", BY_WORKER)
_OF_A_FILE = any_of("requester_id = (SELECT guard.account())", BY_WORKER)
# What is asked of the platform itself is the operator's; the worker reminds of it.
_OF_THE_PLATFORM = "municipality_id IS NULL AND (SELECT guard.kind()) IN ('operator', 'worker')"
_HANDLED = any_of(OWN_MUNICIPALITY, _OF_THE_PLATFORM)
_CASE = "EXISTS (SELECT FROM public.privacy_case c WHERE c.id = case_id"
# Residents enter requests and read how they stand; they change nothing afterwards.
_ASKED = all_of(OWN_RESIDENT, "status = 'received'", "channel = 'portal'")
_BY_RESIDENT = "(SELECT guard.resident()) IS NOT NULL"
# Of another account of the same person, which was brought together with this one.
_OF_MERGED_ACCOUNT = (
    "user_id IN (SELECT r.user_id FROM public.accounts_resident r"
    " WHERE r.merged_into_id = (SELECT guard.resident()))"
)

WALLS = [
    # Written by whoever leaves something; a municipality finds what it holds in its own schema.
    Wall("privacy_knownto", select=any_of(OWN_RESIDENT, OF_MERGED), insert=OWN_RESIDENT),
    # Given and ended by oneself alone: at sign-up and at the counter staff stand in for the
    # account. A municipality sees what was agreed to for it. Never changed: held by a trigger.
    Wall(
        "privacy_consent",
        select=any_of(OWN_ACCOUNT, OWN_MUNICIPALITY, _OF_MERGED_ACCOUNT),
        insert=all_of(OWN_ACCOUNT, "ended_at IS NULL"),
        update=any_of(OWN_ACCOUNT, _OF_MERGED_ACCOUNT),
    ),
    Wall(
        "privacy_accessrecord",
        select=any_of(OWN_RESIDENT, OWN_MUNICIPALITY),
        insert=all_of(OWN_MUNICIPALITY, "actor_id = (SELECT guard.account())"),
    ),
    Wall(
        "privacy_export",
        select=OWN_MUNICIPALITY,
        insert=all_of(OWN_MUNICIPALITY, "requested_by_id = (SELECT guard.account())"),
        update=OWN_MUNICIPALITY,
    ),
    Wall(
        "privacy_exportfile",
        select=all_of(OWN_MUNICIPALITY, _OF_A_FILE),
        insert=all_of(OWN_MUNICIPALITY, _OF_A_FILE),
        delete=all_of(OWN_MUNICIPALITY, BY_WORKER),
    ),
    Wall(
        "privacy_exportsubject",
        select=any_of(OWN_RESIDENT, OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
    ),
    Wall(
        "privacy_exportrecord",
        select=any_of(
            OWN_MUNICIPALITY,
            "EXISTS (SELECT FROM public.privacy_exportsubject s"
            " WHERE s.export_id = privacy_exportrecord.export_id"
            " AND s.resident_id = (SELECT guard.resident()))",
        ),
        insert=all_of(OWN_MUNICIPALITY, _BY_ONESELF),
    ),
    Wall(
        "privacy_case",
        select=any_of(OWN_RESIDENT, _HANDLED),
        insert=any_of(_ASKED, _HANDLED),
        update=_HANDLED,
    ),
    # Under the request's own wall.
    Wall(
        "privacy_caseevent",
        select=f"{_CASE}) AND NOT (internal AND {_BY_RESIDENT})",
        insert=all_of(
            _BY_ONESELF,
            any_of(
                f"{_CASE} AND ({any_of('c.' + OWN_MUNICIPALITY, 'c.' + _OF_THE_PLATFORM)}))",
                f"{_CASE}) AND {_BY_RESIDENT} AND kind = 'received' AND NOT internal",
            ),
        ),
    ),
    # One's own, once; the caretaker goes on with it. The operator counts what still waits.
    Wall(
        "privacy_accountclosing",
        select=OWN_RESIDENT,
        insert=all_of(OWN_RESIDENT, "erased_at IS NULL"),
        operator=("select",),
    ),
    Wall("privacy_caseterm", select=EVERY_ROW, insert=OWN_MUNICIPALITY, update=OWN_MUNICIPALITY),
]
