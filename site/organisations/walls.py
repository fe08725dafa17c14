"""The walls of organisations: of a municipality are those with a standing there."""

from tenants.postgresql.walls import OWN_MUNICIPALITY, Wall, any_of

# A standing is told to visitors of that municipality's site, who have no more than the place.
_HERE = "municipality_id = (SELECT guard.here())"
_ENTERED = "entered_by_id = (SELECT guard.municipality())"
_STANDING = (
    "EXISTS (SELECT FROM public.organisations_standing s"
    " WHERE s.organisation_id = organisations_organisation.id"
)
_KNOWN_HERE = any_of(_ENTERED, f"{_STANDING})")
# Whoever may see an organisation on a page may not change it.
_OURS = any_of(_ENTERED, f"{_STANDING} AND s.municipality_id = (SELECT guard.municipality()))")

# Under the organisation's own wall: whoever sees it sees what it does together elsewhere.
_OF_AN_ORGANISATION = (
    "EXISTS (SELECT FROM public.organisations_organisation o WHERE o.id = organisation_id)"
)

WALLS = [
    Wall("organisations_organisation", select=_KNOWN_HERE, insert=_ENTERED, update=_OURS),
    Wall(
        "organisations_standing",
        select=any_of(OWN_MUNICIPALITY, _HERE),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    Wall(
        "organisations_jointprogramme",
        select=_OF_AN_ORGANISATION,
        insert=f"{_ENTERED} AND {_OF_AN_ORGANISATION}",
    ),
]
