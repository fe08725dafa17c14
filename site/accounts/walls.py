"""The walls of accounts and sessions: the reception's, and everybody's own."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    BY_WORKER,
    OWN_ACCOUNT,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)

_OWN_ROW = "id = (SELECT guard.account())"
_OWN = any_of(AT_RECEPTION, OWN_ACCOUNT)
_OWN_EVENT = "account_id = (SELECT guard.account())"
# Whatever the setting says, an event of the last year stays.
_OLD_EVENT = f"{BY_WORKER} AND at < now() - interval '365 days'"

WALLS = [
    Wall(
        "accounts_user",
        select=any_of(AT_RECEPTION, _OWN_ROW, "id IN (SELECT guard.colleagues())"),
        insert=AT_RECEPTION,
        update=any_of(AT_RECEPTION, _OWN_ROW),
        # Who decided on a request is an operator: theirs are the shared schema's memberships.
        operator=("select",),
    ),
    # Whoever had a second account reads which rows were brought together with theirs.
    Wall(
        "accounts_resident",
        select=any_of(_OWN, "merged_into_id = (SELECT guard.resident())"),
        insert=OWN_ACCOUNT,
        update=OWN_ACCOUNT,
    ),
    Wall(
        "accounts_counterentry",
        select=any_of(OWN_RESIDENT, OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
    ),
    # Issued by the municipality's staff, spent at the reception by whoever holds the paper.
    Wall(
        "accounts_claimcode",
        select=any_of(AT_RECEPTION, OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
        update=any_of(AT_RECEPTION, OWN_MUNICIPALITY),
    ),
    Wall("accounts_claimattempt", select=AT_RECEPTION, insert=AT_RECEPTION, delete=AT_RECEPTION),
    # Written by the owner's command alone.
    Wall("accounts_importedaccount", select=OWN_RESIDENT),
    Wall(
        "accounts_handoff",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        update=AT_RECEPTION,
        delete=AT_RECEPTION,
    ),
    Wall(
        "django_session",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        update=AT_RECEPTION,
        delete=AT_RECEPTION,
    ),
    Wall("account_emailaddress", select=_OWN, insert=_OWN, update=_OWN, delete=_OWN),
    Wall(
        "account_emailconfirmation",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        update=AT_RECEPTION,
        delete=AT_RECEPTION,
    ),
    Wall("accounts_passkey", select=_OWN, insert=OWN_ACCOUNT, update=_OWN, delete=OWN_ACCOUNT),
    Wall(
        "accounts_recoverycode",
        select=_OWN,
        insert=OWN_ACCOUNT,
        update=AT_RECEPTION,
        delete=OWN_ACCOUNT,
    ),
    # With the keys of sessions in it: not even the owner of the account reads it as themselves.
    Wall(
        "accounts_opensession",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        update=AT_RECEPTION,
        delete=AT_RECEPTION,
    ),
    Wall(
        "accounts_attemptcount",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        update=AT_RECEPTION,
        delete=AT_RECEPTION,
        operator=("select", "insert", "update"),  # those who sign in on the operator's host
    ),
    Wall(
        "accounts_securityevent",
        select=any_of(_OWN_EVENT, _OLD_EVENT),
        insert=AT_RECEPTION,
        delete=_OLD_EVENT,
        operator=("select", "insert"),
    ),
]
