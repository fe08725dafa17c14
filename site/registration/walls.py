"""The walls of registrations: the resident's, and the municipality's."""

from tenants.postgresql.walls import (
    EVERY_ROW,
    OF_A_CHILD,
    OF_MERGED,
    OWN_MUNICIPALITY,
    OWN_RESIDENT,
    Wall,
    any_of,
)

_OWN = any_of(OWN_RESIDENT, OWN_MUNICIPALITY)
# When two accounts of one person become one, what the other had is taken over.
_THEIRS = any_of(OWN_RESIDENT, OWN_MUNICIPALITY, OF_MERGED)
_SEEN = any_of(_THEIRS, OF_A_CHILD)
# Under the registration's own wall: who may see it may see what happened to it.
_OF_A_REGISTRATION = (
    "EXISTS (SELECT FROM public.registration_registration r WHERE r.id = registration_id)"
)
_COUNTS = any_of("(SELECT guard.resident()) IS NOT NULL", OWN_MUNICIPALITY)

# Under the application's own wall.
_OF_AN_APPLICATION = (
    "EXISTS (SELECT FROM public.registration_premiumapplication a WHERE a.id = application_id)"
)
_OF_A_STANDING = (
    "EXISTS (SELECT FROM public.registration_premiumstanding s WHERE s.id = standing_id)"
)

WALLS = [
    # Written by the night's work, the owner's. A municipality reads its own figures; what others
    # may know of them is published elsewhere.
    Wall(
        "registration_populationcount",
        select="code = (SELECT guard.municipality())",
        operator=("select",),
    ),
    Wall("registration_releasewarning", select=any_of(OWN_RESIDENT, OF_MERGED)),
    Wall("registration_endnotice", select=any_of(OWN_RESIDENT, OF_MERGED)),
    # What a municipality asks for is public.
    Wall("registration_municipalconditions", select=EVERY_ROW, insert=OWN_MUNICIPALITY),
    # How a municipality names what people have done is public, like its conditions.
    Wall(
        "registration_relationsetting",
        select=EVERY_ROW,
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
    ),
    Wall("registration_premiumdecision", select=_THEIRS, insert=_OWN),
    Wall("registration_premiumstanding", select=_SEEN, insert=_OWN, update=_THEIRS),
    # How many places somebody has elsewhere is no municipality's business.
    Wall(
        "registration_premiumslot",
        select=any_of(OWN_RESIDENT, OF_MERGED),
        insert=OWN_RESIDENT,
        delete=any_of(OWN_RESIDENT, OF_MERGED),
    ),
    Wall("registration_premiumapplication", select=_THEIRS, insert=_OWN, update=_THEIRS),
    Wall("registration_applicationmessage", select=_OF_AN_APPLICATION, insert=_OF_AN_APPLICATION),
    Wall(
        "registration_applicationdocument",
        select=_OF_AN_APPLICATION,
        insert=_OF_AN_APPLICATION,
        delete=_OF_AN_APPLICATION,
    ),
    # What holds nationally everybody reads; the operator alone adds a version.
    Wall("registration_nationalparameters", select=EVERY_ROW, operator=("insert",)),
    Wall("registration_replay", operator=("select", "insert", "update")),
    Wall("registration_stay", select=_THEIRS, insert=_OWN, update=_THEIRS),
    Wall("registration_registration", select=_SEEN, insert=_OWN, update=_THEIRS),
    Wall("registration_registrationevent", select=_OF_A_REGISTRATION, insert=_OF_A_REGISTRATION),
    # The last number given out: residents take the next one, and learn nothing else from it.
    Wall("registration_registrationcounter", select=_COUNTS, insert=_COUNTS, update=_COUNTS),
]
