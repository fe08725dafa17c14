"""The walls of this app's shared tables, and of Django's that have no app of ours."""

from tenants.postgresql.walls import (
    AT_RECEPTION,
    OWN_MUNICIPALITY,
    Wall,
    any_of,
    reference,
)

# The front desk of the host that one is on, as the signed claims say.
_RECEPTION_HERE = f"{AT_RECEPTION} AND municipality_id = (SELECT guard.here())"
_OPERATORS_OWN = "municipality_id IS NULL"
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
    # Of staff the desk of their admin host alone, of operators the operator's host alone.
    Wall(
        "tenants_secondfactor",
        select=_RECEPTION_HERE,
        insert=_RECEPTION_HERE,
        update=_RECEPTION_HERE,
        delete=_RECEPTION_HERE,
        operator=(*_WRITE, "delete"),
        operator_rows=_OPERATORS_OWN,
    ),
    Wall(
        "tenants_secondfactorevent",
        select=any_of(OWN_MUNICIPALITY, _RECEPTION_HERE),
        insert=any_of(OWN_MUNICIPALITY, _RECEPTION_HERE),
        operator=("select", "insert"),
        operator_rows=_OPERATORS_OWN,
    ),
    Wall("staff_membership", operator=_READ),
    Wall("staff_directpermission", operator=_READ),
    Wall("staff_invitation"),
]
