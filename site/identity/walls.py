"""The walls of identity: a proof is the resident's own."""

from tenants.postgresql.walls import OF_MERGED, OWN_RESIDENT, Wall, any_of

# When two accounts of one person become one, the proof stays with the person.
_THEIRS = any_of(OWN_RESIDENT, OF_MERGED)

WALLS = [
    Wall("identity_verification", select=_THEIRS, insert=OWN_RESIDENT, update=_THEIRS),
]
