"""The walls of this app's shared tables, and of Django's that have no app of ours."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    OWN_MUNICIPALITY,
    Wall,
    any_of,
    reference,
)

_READ = ("select",)
_WRITE = ("select", "insert", "update")

WALLS = [
    *reference(
        "django_migrations",
        "django_content_type",
        "tenants_localgovernment",
        "tenants_domain",
        "tenants_terms",
        # Of the operators alone; every municipality's own stand in its schema.
        "auth_group",
        "auth_permission",
        "auth_group_permissions",
    ),
    Wall("tenants_municipality", select="true", operator=("update",)),
    Wall(
        "tenants_municipalitychange",
        select=OWN_MUNICIPALITY,
        operator=("select", "insert"),
    ),
    # Read before it is known who comes: from where may the admin be reached?
    Wall(
        "tenants_networkrange",
        select=any_of(AT_RECEPTION, OWN_MUNICIPALITY),
        insert=OWN_MUNICIPALITY,
        update=OWN_MUNICIPALITY,
        operator=_WRITE,
    ),
    Wall(
        "tenants_participationrequest",
        select=AT_RECEPTION,
        insert=AT_RECEPTION,
        operator=_WRITE,
    ),
    Wall("tenants_requestnote", operator=_WRITE),
    Wall("tenants_requestbatch", operator=_WRITE),
    Wall("staff_membership", operator=_READ),
    Wall("staff_directpermission", operator=_READ),
    Wall("staff_invitation"),
]
