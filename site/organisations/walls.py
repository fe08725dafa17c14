"""The walls of organisations: of a municipality are those with a standing there."""

from tenants.postgresql.walls import OWN_MUNICIPALITY, Wall, any_of

# A standing is told to visitors of that municipality's site, who have no more than the place.
_HERE = "municipality_id = (SELECT guard.here())"
_KNOWN_HERE = any_of(
    "entered_by_id = (SELECT guard.municipality())",
    "EXISTS (SELECT FROM public.organisations_standing s WHERE s.organisation_id ="
    " organisations_organisation.id)",
)

WALLS = [
    Wall(
        "organisations_organisation",
        select=_KNOWN_HERE,
        insert="entered_by_id = (SELECT guard.municipality())",
        update=_KNOWN_HERE,
    ),
    Wall(
        "organisations_standing",
        select=any_of(OWN_MUNICIPALITY, _HERE),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
]
