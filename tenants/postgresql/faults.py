"""What may not be found in the catalogue: a sentence and a query for each fault of the wall.

Asked by `tenants.operations.isolation`, which says what the names in the queries stand for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A query whose rows are faults, and the sentence each of them makes."""

    sentence: str
    query: str


# Everything but PostgreSQL's own schemas: what is nowhere declared is looked at as well.
CHECKS = [
    # Tables, and what reads tables with the rights of somebody else
    Check(
        "The table public.{0} does not have row security both enabled and forced.",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1",
    ),
    Check(
        "The table public.{0} has no wall: no app declares it.",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND relname <> ALL (%(tables)s::text[]) ORDER BY 1",
    ),
    Check(
        "The wall of public.{0} is declared, but there is no such table.",
        "SELECT name FROM unnest(%(tables)s::text[]) AS name WHERE name NOT IN"
        " (SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1",
    ),
    Check(
        "The table {0}.{1} holds people's data and does not ask where one is.",
        "SELECT nspname, name FROM pg_namespace n CROSS JOIN unnest(%(personal)s::text[]) AS name"
        " LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = name"
        " LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = %(here)s"
        " WHERE nspname ~ '^m\\d{6}$' AND (c.oid IS NULL OR NOT relrowsecurity OR p.oid IS NULL"
        " OR pg_get_expr(polqual, polrelid) IS DISTINCT FROM '(( SELECT guard.here() AS here) = '"
        " || quote_literal(substr(nspname, 2)) || '::text)') ORDER BY 1, 2",
    ),
    Check(
        "The policy {2} on {0}.{1} is not ours.",
        "SELECT nspname, relname, polname FROM pg_policy JOIN pg_class c ON c.oid = polrelid"
        " JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname ~ '^m\\d{6}$' AND NOT (polname = %(here)s AND relname = ANY (%(personal)s))"
        " ORDER BY 1, 2, 3",
    ),
    Check(
        "The view {0} reads with its owner's rights: it has no security_invoker.",
        "SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind = 'v' AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        " AND NOT coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'"
        " ORDER BY 1",
    ),
    Check(
        "The {0} {1} keeps rows that no policy is asked about.",
        "SELECT CASE relkind WHEN 'm' THEN 'materialised view' ELSE 'foreign table' END,"
        " c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('m', 'f') AND nspname !~ '^pg_' ORDER BY 2",
    ),
    Check(
        "The rule {0} on {1} acts with the rights of the table's owner.",
        "SELECT rulename, c.oid::regclass FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class"
        " WHERE relkind IN ('r', 'p') ORDER BY 1",
    ),
    # Functions
    Check(
        "The function {0} is SECURITY DEFINER and not on the list of those that may be.",
        "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
        " WHERE prosecdef AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        " AND nspname || '.' || proname <> ALL (%(definers)s) ORDER BY 1",
    ),
    Check(
        "The function {0} does not do what guard.sql says.",
        "SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = to_regnamespace('guard')"
        " AND strpos(%(guard)s, CASE WHEN prosqlbody IS NULL THEN prosrc"
        " ELSE 'guard.' || proname || '() RETURNS ' || format_type(prorettype, NULL)"
        " || E'\nLANGUAGE sql STABLE PARALLEL SAFE ' || pg_get_function_sqlbody(p.oid) || ';'"
        " END) = 0 ORDER BY 1",
    ),
    Check(
        # Invoker's or definer's: policies believe them all. A parsed body has found its names.
        "The function {0} looks for names where its caller says.",
        "SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = to_regnamespace('guard')"
        " AND (prosecdef OR prosqlbody IS NULL)"
        " AND NOT coalesce(proconfig, '{}') && ARRAY['search_path=pg_catalog, pg_temp']"
        " ORDER BY 1",
    ),
    Check(
        "{0} may call the function {1}.",
        "SELECT coalesce(rolname, 'Everybody (PUBLIC)'), p.oid::regprocedure FROM pg_proc p"
        " CROSS JOIN aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE pronamespace = to_regnamespace('guard') AND a.grantee <> proowner"
        " AND rolname IS DISTINCT FROM %(app)s ORDER BY 2",
    ),
    # Roles and logins
    Check(
        "There is no login {0}.",
        "SELECT name FROM unnest(ARRAY[%(run)s, %(desk)s]::text[]) AS name"
        " WHERE name NOT IN (SELECT rolname FROM pg_roles WHERE rolcanlogin)",
    ),
    Check(
        "The role {0} is {1}.",
        "SELECT rolname, word FROM pg_roles CROSS JOIN LATERAL (VALUES"
        " (rolsuper, 'superuser'), (rolbypassrls, 'BYPASSRLS'), (rolcreaterole, 'CREATEROLE'),"
        " (rolcreatedb, 'CREATEDB'), (rolreplication, 'REPLICATION'),"
        " (rolinherit AND rolname = ANY (%(logins)s), 'INHERIT, and a run-time login'),"
        " (rolcanlogin AND rolname <> ALL (%(logins)s), 'LOGIN, and works for others'))"
        " AS has(it, word)"
        " WHERE it AND (rolname ~ %(ours)s OR rolname = ANY (%(logins)s)) ORDER BY 1, 2",
    ),
    Check(
        "The role {0} owns something: {1}.",
        "SELECT rolname, CASE WHEN dbid IN (0, here.oid) THEN"
        " pg_describe_object(classid, objid, objsubid) ELSE 'in another database' END"
        " FROM pg_shdepend d JOIN pg_roles r ON r.oid = refobjid"
        " JOIN pg_database here ON here.datname = current_database()"
        " WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o'"
        " AND (rolname ~ %(ours)s OR rolname = ANY (%(logins)s)) ORDER BY 1, 2",
    ),
    Check(
        "Whoever signs in as {0} begins with a setting of its own: {1}.",
        "SELECT rolname, unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles r"
        " ON r.oid = setrole WHERE rolname ~ %(ours)s OR rolname = ANY (%(logins)s) ORDER BY 1, 2",
    ),
    # Rights come down from …_app; logins become, one at a time, and inherit nothing.
    Check(
        "The role {0} is a member of {1} (inherits: {2}, may become it: {3}, may pass it on: {4}).",
        "SELECT m.rolname, g.rolname, inherit_option, set_option, admin_option"
        " FROM pg_auth_members a JOIN pg_roles m ON m.oid = member JOIN pg_roles g"
        " ON g.oid = roleid WHERE (m.rolname ~ %(ours)s OR m.rolname = ANY (%(logins)s))"
        " AND NOT CASE"
        " WHEN admin_option THEN false"
        " WHEN m.rolname = %(run)s THEN set_option AND NOT inherit_option"
        " AND (g.rolname = %(app)s OR g.rolname ~ %(municipal)s)"
        " WHEN m.rolname = %(desk)s THEN set_option AND NOT inherit_option"
        " AND g.rolname = %(operator)s"
        " WHEN m.rolname ~ %(municipal)s OR m.rolname = %(operator)s THEN"
        " NOT set_option AND g.rolname = %(app)s"
        " ELSE false END ORDER BY 1, 2",
    ),
    Check(
        "{0}, which is no role of ours, is a member of {1}.",
        "SELECT m.rolname, g.rolname FROM pg_auth_members JOIN pg_roles m ON m.oid = member"
        " JOIN pg_roles g ON g.oid = roleid WHERE g.rolname ~ %(ours)s"
        " AND m.rolname !~ %(ours)s AND m.rolname <> %(owner)s"
        " AND m.rolname <> ALL (%(logins)s) ORDER BY 1, 2",
    ),
    # Rights: where, which, and nobody's who is everybody
    Check(
        "The role {0} has rights where it has no business: {1}.",
        "SELECT rolname, pg_describe_object(classid, d.objid, objsubid) FROM pg_shdepend d"
        " JOIN pg_roles r ON r.oid = refobjid"
        " JOIN pg_database here ON here.datname = current_database()"
        " LEFT JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = d.objid"
        " LEFT JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = d.objid"
        " LEFT JOIN pg_default_acl f ON classid = 'pg_default_acl'::regclass AND f.oid = d.objid"
        " LEFT JOIN pg_namespace n ON n.oid = coalesce(relnamespace, pronamespace,"
        " defaclnamespace, CASE classid WHEN 'pg_namespace'::regclass THEN d.objid END)"
        " WHERE refclassid = 'pg_authid'::regclass AND deptype = 'a' AND dbid IN (0, here.oid)"
        " AND classid <> 'pg_auth_members'::regclass"
        " AND NOT (classid = 'pg_database'::regclass AND d.objid <> here.oid)"
        " AND rolname ~ %(ours)s AND NOT CASE"
        " WHEN rolname ~ %(municipal)s THEN"
        " coalesce(nspname = substring(rolname FROM %(municipal)s), false)"
        " WHEN rolname = %(app)s THEN coalesce(nspname IN ('public', 'guard'), false)"
        " WHEN rolname = %(operator)s THEN coalesce(nspname = 'public', false)"
        " ELSE classid = 'pg_database'::regclass END ORDER BY 1, 2",
    ),
    Check(
        "{0} may {1} on {2}.",
        "SELECT coalesce(rolname, 'Everybody (PUBLIC)'), string_agg(privilege_type, ', '"
        " ORDER BY privilege_type), c.oid::regclass FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = relnamespace CROSS JOIN aclexplode(relacl) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND a.grantee <> relowner"
        " AND (a.grantee = 0 OR is_grantable OR relkind = 'S' OR nspname = 'guard'"
        " OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))"
        " GROUP BY 1, 3 ORDER BY 3, 1",
    ),
    Check(
        "{0} may {1} on the column {2} of {3}: rights are given on whole tables.",
        "SELECT coalesce(rolname, 'Everybody (PUBLIC)'), privilege_type, attname,"
        " attrelid::regclass FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " JOIN pg_namespace n ON n.oid = relnamespace CROSS JOIN aclexplode(attacl) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE attacl IS NOT NULL AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        " AND a.grantee <> relowner ORDER BY 4, 3",
    ),
    Check(
        "{0} may {1} in the schema {2}.",
        "SELECT coalesce(rolname, 'Everybody (PUBLIC)'), privilege_type, nspname"
        " FROM pg_namespace CROSS JOIN aclexplode(nspacl) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND a.grantee <> nspowner"
        " AND (a.grantee = 0 OR is_grantable OR privilege_type <> 'USAGE') ORDER BY 3, 1",
    ),
    Check(
        "{0} may {1} on the database {2}.",
        "SELECT coalesce(rolname, 'Everybody (PUBLIC)'), privilege_type, datname"
        " FROM pg_database CROSS JOIN aclexplode(coalesce(datacl, acldefault('d', datdba))) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE datname = current_database()"
        " AND a.grantee <> datdba"
        " AND (a.grantee = 0 OR (rolname ~ %(ours)s AND privilege_type <> 'CONNECT')) ORDER BY 1",
    ),
    Check(
        "What {0} makes in {1} is given to {2}: {3}.",
        "SELECT defaclrole::regrole, coalesce(nspname, 'any schema'),"
        " coalesce(rolname, 'everybody (PUBLIC)'), string_agg(privilege_type, ', '"
        " ORDER BY privilege_type) FROM pg_default_acl f"
        " LEFT JOIN pg_namespace n ON n.oid = defaclnamespace CROSS JOIN aclexplode(defaclacl) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> defaclrole"
        " AND NOT (coalesce(substring(rolname FROM %(municipal)s) = nspname, false)"
        " AND defaclobjtype = 'r' AND NOT is_grantable"
        " AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))"
        " GROUP BY 1, 2, 3 ORDER BY 2, 3",
    ),
]
