"""The walls of organisations: of a municipality are those with a standing there, of a resident
those they act for, of an organisation's workspace itself."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    OWN_MUNICIPALITY,
    Wall,
    any_of,
)

# A standing is told to visitors of that municipality's site, who have no more than the place.
_HERE = "municipality_id = (SELECT guard.here())"
_ENTERED = "entered_by_id = (SELECT guard.municipality())"
_SIGNED_UP = "signed_up_by_id = (SELECT guard.account())"
_STANDING = (
    "EXISTS (SELECT FROM public.organisations_standing s"
    " WHERE s.organisation_id = organisations_organisation.id"
)
_KNOWN_HERE = any_of(_ENTERED, f"{_STANDING})")
# Whoever may see an organisation on a page may not change it.
_OURS = any_of(_ENTERED, f"{_STANDING} AND s.municipality_id = (SELECT guard.municipality()))")
_ASKS_HERE = (
    "EXISTS (SELECT FROM public.organisations_standingrequest r"
    " WHERE r.organisation_id = organisations_organisation.id"
    " AND r.municipality_id = (SELECT guard.municipality()))"
)

_ACTING = "organisation_id = (SELECT guard.organisation())"
# Which organisations the account acts for, asked of the database's owner: the walls of members
# and of standings would otherwise ask each other for ever.
_MINE = "ARRAY(SELECT guard.organisations())"
_ACTS_FOR = f"organisation_id = ANY ({_MINE})"
_OWN_MEMBERSHIP = "account_id = (SELECT guard.account())"
_OF_MERGED = (
    "account_id IN (SELECT r.user_id FROM public.accounts_resident r"
    " WHERE r.merged_into_id = (SELECT guard.resident()))"
)
# Of the municipality's own partners, and of those who ask to be.
_PARTNERS = (
    "organisation_id IN (SELECT s.organisation_id FROM public.organisations_standing s"
    " WHERE s.municipality_id = (SELECT guard.municipality())"
    " UNION ALL SELECT r.organisation_id FROM public.organisations_standingrequest r"
    " WHERE r.municipality_id = (SELECT guard.municipality()))"
)
_BY_INVITATION = (
    "(invitation_id, organisation_id) IN"
    " (SELECT i.id, i.organisation_id FROM public.organisations_memberinvitation i"
    " WHERE i.accepted_by_id = (SELECT guard.account()))"
)
_AS_FOUNDER = (
    "invitation_id IS NULL AND organisation_id IN (SELECT o.id"
    " FROM public.organisations_organisation o"
    " WHERE o.signed_up_by_id = (SELECT guard.account()))"
)
_INVITED_BY_ME = "invited_by_id = (SELECT guard.account())"
_INVITES = any_of(
    f"{_ACTING} AND municipality_id IS NULL AND {_INVITED_BY_ME}",
    f"{OWN_MUNICIPALITY} AND {_INVITED_BY_ME}",
)

# Under the organisation's own wall: whoever sees it sees what it does together elsewhere.
_OF_AN_ORGANISATION = (
    "EXISTS (SELECT FROM public.organisations_organisation o WHERE o.id = organisation_id)"
)

WALLS = [
    Wall(
        "organisations_organisation",
        select=any_of(
            _KNOWN_HERE,
            _ASKS_HERE,
            _SIGNED_UP,
            f"id = ANY ({_MINE})",
            "id = (SELECT guard.organisation())",
        ),
        insert=any_of(_ENTERED, f"{_SIGNED_UP} AND entered_by_id IS NULL"),
        # Who answers a request locks the organisation's row.
        update=any_of(_OURS, _ASKS_HERE),
    ),
    Wall(
        "organisations_standing",
        select=any_of(OWN_MUNICIPALITY, _HERE, _ACTS_FOR),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    Wall(
        "organisations_jointprogramme",
        select=_OF_AN_ORGANISATION,
        insert=f"{_ENTERED} AND {_OF_AN_ORGANISATION}",
    ),
    Wall(
        "organisations_standingrequest",
        select=any_of(OWN_MUNICIPALITY, _ACTS_FOR, "requested_by_id = (SELECT guard.account())"),
        insert=f"{_ACTS_FOR} AND requested_by_id = (SELECT guard.account()) AND outcome = ''",
        update=OWN_MUNICIPALITY,
    ),
    Wall(
        "organisations_organisationmember",
        select=any_of(_OWN_MEMBERSHIP, _ACTING, _OF_MERGED, AT_RECEPTION, _PARTNERS),
        insert=f"{_OWN_MEMBERSHIP} AND ({any_of(_BY_INVITATION, _AS_FOUNDER)})",
        # Only to end it, or to hand it to the account that the person uses now: a trigger.
        update=any_of(_OWN_MEMBERSHIP, _ACTING, _OF_MERGED),
    ),
    # The link in the mail is looked up by the reception, like every secret that lets somebody in.
    Wall(
        "organisations_memberinvitation",
        select=any_of(
            AT_RECEPTION,
            _ACTING,
            OWN_MUNICIPALITY,
            "accepted_by_id = (SELECT guard.account())",
        ),
        insert=_INVITES,
        update=any_of(AT_RECEPTION, _ACTING, OWN_MUNICIPALITY),
    ),
    # An organisation reads which sessions are its own, and claims none.
    Wall(
        "organisations_runsession",
        select=any_of(f"{_ACTING} AND {_HERE}", OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
        delete=OWN_MUNICIPALITY,
    ),
]
