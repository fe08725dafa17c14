"""The wall of the index: everybody reads it, each municipality writes its own."""

from tenants.postgresql.walls import EVERY_ROW, OWN_MUNICIPALITY, Wall

WALLS = [
    Wall(
        "portal_activitylisting",
        select=EVERY_ROW,
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
        delete=OWN_MUNICIPALITY,
    )
]
