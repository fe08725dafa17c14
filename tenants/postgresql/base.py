"""Our database backend: django-tenants', with a wall, and without constraints into public.

Role, search path and signed claims are set in one statement whenever the municipality or the
actor changes, before anything else may run (`DatabaseWrapper._handle_search_path`).

Each foreign key from a tenant table to a public one would add two triggers to the public
table: at 350 tenants `accounts_user` had 14,324 of them, an UPDATE took 9.1 ms instead of
0.35 ms and a DELETE failed. A test over the catalogue holds that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Field, Model
from django_tenants.postgresql_backend.base import ContentType
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from django_tenants.utils import get_public_schema_name
from psycopg_pool import ConnectionPool

from tenants.actors import Actor, ActorKind, current_actor
from tenants.postgresql import claims
from tenants.postgresql.claims import PARAMETER, RENEWAL_SECONDS, sign
from tenants.postgresql.names import code_of


def _is_public_only(app_label: str) -> bool:
    config = apps.get_app_config(app_label)
    return config.name in settings.SHARED_APPS and config.name not in settings.TENANT_APPS


class SchemaEditor(TenantDatabaseWrapper.SchemaEditorClass):  # type: ignore[misc, name-defined]
    """Leaves out constraints that would cross from a tenant's schema into public."""

    def _crosses(self, field: Field) -> bool:
        remote = getattr(field, "remote_field", None)
        return bool(
            remote
            and not isinstance(remote.model, str)
            and getattr(field, "db_constraint", False)
            and self.connection.schema_name != get_public_schema_name()
            and _is_public_only(remote.model._meta.app_label)
        )

    @contextmanager
    def _without_crossing(self, *fields: Field) -> Iterator[None]:
        muted = [field for field in fields if self._crosses(field)]
        for field in muted:
            field.db_constraint = False  # type: ignore[attr-defined]
        try:
            yield
        finally:
            for field in muted:
                field.db_constraint = True  # type: ignore[attr-defined]

    def execute(self, sql: Any, params: Any = ()) -> None:
        """As Django's; inside of `DatabaseWrapper.capturing` the statement is kept as well."""
        statement = (
            str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
        )
        if self.connection.captured is not None and not self.collect_sql:
            self.connection.captured.append(statement)
        super().execute(statement, None)

    def table_sql(self, model: type[Model]) -> Any:
        with self._without_crossing(*model._meta.local_fields):
            return super().table_sql(model)

    def add_field(self, model: type[Model], field: Field) -> None:
        with self._without_crossing(field):
            super().add_field(model, field)

    def remove_field(self, model: type[Model], field: Field) -> None:
        with self._without_crossing(field):
            super().remove_field(model, field)

    def _alter_field(
        self, model: type[Model], old_field: Field, new_field: Field, *args: Any, **kwargs: Any
    ) -> None:
        with self._without_crossing(old_field, new_field):
            super()._alter_field(model, old_field, new_field, *args, **kwargs)


_SET = (
    "SELECT set_config('role', %s, false), set_config('search_path', %s, false),"
    f" set_config('{PARAMETER}', %s, false)"
)
# What is prepared is planned once a connection: PostgreSQL would plan the first five times anew.
_RESET = (
    "CLOSE ALL; UNLISTEN *; RESET ALL; SELECT pg_advisory_unlock_all(),"
    " set_config('TimeZone', '{time_zone}', false), set_config('role', 'none', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false),"
    f" set_config('search_path', '', false), set_config('{PARAMETER}', '', false)"
)


def reset(time_zone: str, connection: psycopg.Connection) -> None:
    """Whoever borrows this connection finds no role, no path, no claims on it, nor anything
    else that was left: an open cursor, a lock, a clock that goes wrong. Raises psycopg's errors
    where it is dead; the pool then takes another."""
    was, connection.autocommit = connection.autocommit, True
    connection.execute(_RESET.format(time_zone=time_zone).encode())
    connection.autocommit = was


class _PreparedCursor(ServerBindingCursor):
    """Has the server keep the plan of each statement for as long as the connection lives."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": True})  # type: ignore[misc]

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        """Remembered, as psycopg does of statements that it does not prepare: for Django's log."""
        self._query = super()._convert_query(query, params)  # type: ignore[misc]
        return self._query


class DatabaseWrapper(TenantDatabaseWrapper):
    """`settings_dict["WALL"]` holds PREFIX (of the roles' names), KEY (bytes, signs claims) and
    LOGINS ({"operator": {"USER": …, "PASSWORD": …}}, where that is another login)."""

    SchemaEditorClass = SchemaEditor
    captured: list[str] | None = None
    _applied: tuple[Any, ...] | None = None
    _setting_search_path: bool
    alias: str
    _login: str = ""

    @contextmanager
    def capturing(self) -> Iterator[list[str]]:
        """The statements that schema editors run inside, values put in, in their order."""
        statements: list[str] = []
        self.captured = statements
        try:
            yield statements
        finally:
            self.captured = None

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """As in django-tenants, but keeps the cache of content types.

        There it is emptied, because ids may differ from schema to schema; ours are shared.
        """
        known = ContentType.objects._cache  # type: ignore[attr-defined]
        ContentType.objects._cache = {}  # type: ignore[attr-defined]
        try:
            super().set_tenant(tenant, include_public)
        finally:
            ContentType.objects._cache = known  # type: ignore[attr-defined]

    def role_of(self, schema: str) -> str:
        """The role that works in `schema`, its name as PostgreSQL knows it."""
        prefix = self.settings_dict["WALL"]["PREFIX"]
        return f"{prefix}_app" if schema == get_public_schema_name() else f"{prefix}_{schema}"

    def _wanted(self) -> tuple[Any, ...]:
        """What the connection must be set to: compared first, so it costs no statement twice."""
        if not self.schema_name:
            raise ImproperlyConfigured("no schema is chosen")
        actor = current_actor()
        round_of_claims = int(claims.clock()) // RENEWAL_SECONDS if actor else 0
        return (actor, self.schema_name, self.include_public_schema, round_of_claims)

    def _role_and_claims(self, actor: Actor | None) -> tuple[str, str]:
        """Without an actor the bare login, which has no rights of its own at run time."""
        wall = self.settings_dict["WALL"]
        if actor is None or actor.kind is ActorKind.OWNER or not wall["KEY"]:
            return "none", ""
        is_shared = self.schema_name == get_public_schema_name()
        here = "" if is_shared else code_of(str(self.schema_name))
        role = self.role_of(str(self.schema_name))
        if actor.at_operator_host and is_shared:
            role = f"{wall['PREFIX']}_operator"
        return role, sign(actor, here, wall["KEY"])

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set role, search path and claims, if they are not what they have to be.

        Unlike django-tenants' this lets no error pass: a statement never runs under what was
        set for another.
        """
        if self._setting_search_path:
            return
        wanted = self._wanted()
        if wanted == self._applied:
            return
        role, says = self._role_and_claims(wanted[0])
        path = ",".join(f'"{schema}"' for schema in self._get_cursor_search_paths())
        self._applied = None
        self._setting_search_path = True
        # The claims are sent beside the statement, not in it: `pg_stat_activity` and the log show
        # a login the statements of all its connections, and would give them away.
        try:
            cursor = ServerBindingCursor(self.connection)  # type: ignore[call-arg]
            with self._prepare_cursor(cursor) as on:
                on.execute(_SET, [role, path, says])
            self._applied = wanted
        finally:
            self._setting_search_path = False

    def _cursor(self, name: str | None = None) -> Any:
        self._take_the_login()
        return super()._cursor(name)

    def prepared(self) -> Any:
        """A cursor for statements that come again and again: planned once a connection.

        A wall with its conditions takes longer to plan than to pass. PostgreSQL plans anew by
        itself where the role or the search path is another than it was planned for.
        """
        self._take_the_login()
        self.ensure_connection()
        self._handle_search_path()  # who acts is set, as before every statement
        return self._prepare_cursor(_PreparedCursor(self.connection))  # type: ignore[call-arg]

    def _take_the_login(self) -> None:
        """The operator's statements have a login of their own: what the others may become by
        `SET ROLE` does not include the operator's role."""
        actor = current_actor()
        login = "operator" if actor is not None and actor.at_operator_host else ""
        if login not in self.settings_dict["WALL"]["LOGINS"]:
            login = ""
        if login == self._login:
            return
        if self.connection is not None:
            if self.in_atomic_block:
                raise RuntimeError("the login can't change inside of a transaction")
            self.close()
        self._login = login

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        login = self.settings_dict["WALL"]["LOGINS"].get(self._login, {})
        own = {"user": login.get("USER"), "password": login.get("PASSWORD")}
        return {**parameters, **{key: value for key, value in own.items() if value}}

    @property
    def pool(self) -> ConnectionPool | None:
        """Django's, one for each login. A connection is emptied of what the last borrower set as
        the next takes it: that shows at once whether it still lives, so it is one way to the
        server instead of two, and no thread of the pool's own takes turns with those that answer.
        """
        usual = self.alias
        try:
            self.alias = f"{usual}:{self._login}" if self._login else usual
            found = super().pool
        finally:
            self.alias = usual
        if found is not None:
            found._check = partial(reset, self.timezone_name)
        return found

    def forget_what_is_set(self) -> None:
        """Set everything anew with the next statement: somebody has set a search path by hand."""
        self._applied = None

    def close(self) -> None:
        self._applied = None
        super().close()

    def rollback(self) -> None:
        """What was set inside a transaction is undone with it."""
        self._applied = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        """As `rollback`. Going back needs no role, and inside a failed transaction nothing but
        going back can be done: so nothing is set before."""
        self._setting_search_path = True
        try:
            super().savepoint_rollback(sid)
        finally:
            self._setting_search_path = False
            self._applied = None
