"""The walls of identity: a proof is the resident's own."""

from tenants.postgresql.walls import OWN_RESIDENT, Wall

WALLS = [
    Wall("identity_verification", select=OWN_RESIDENT, insert=OWN_RESIDENT, update=OWN_RESIDENT),
]
