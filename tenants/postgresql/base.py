"""Our database backend: django-tenants', without constraints from a tenant to public.

Each foreign key from a tenant table to a public one would add two triggers to the public
table: at 350 tenants `accounts_user` had 14,324 of them, an UPDATE took 9.1 ms instead of
0.35 ms and a DELETE failed. A test over the catalogue holds that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from django_tenants.postgresql_backend.base import ContentType
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from django_tenants.utils import get_public_schema_name


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


class DatabaseWrapper(TenantDatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    captured: list[str] | None = None

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
