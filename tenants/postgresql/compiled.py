"""A query that every request makes: put into SQL once a process, planned once a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from tenants.postgresql.connection import connection

M = TypeVar("M", bound=Model)


class CompiledQuery(Generic[M]):
    """A queryset whose SQL is made once a process, and asked again with other values.

    Django makes the SQL of a query each time it is asked; where wide tables are joined that
    takes longer than the database needs for the answer, and only the values change.
    `build` gives the queryset for some sample values; the statement has to take those and no
    others, in their order (`ValueError` where it does not). `select_related` is honoured,
    annotations, deferred fields and prefetching are not.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *sample: Any) -> None:
        self._build = build
        self._sample = sample
        self._made: tuple[str, Any] | None = None

    def first(self, *values: Any) -> M | None:
        """The first row for `values`, in the order of the queryset; None where there is none."""
        if self._made is None:
            self._made = self._make()
        sql, made = self._made
        with connection.prepared() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        if row is None:
            return None
        compiler = made.query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.select, compiler.col_count = made.select, made.col_count
        (values_of_row,) = compiler.results_iter([[row]])
        return self._object(made, values_of_row)

    def _make(self) -> tuple[str, Any]:
        query = self._build(*self._sample)[:1].query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if tuple(params) != self._sample:
            raise ValueError(f"the statement takes {len(params)} values: {sql}")
        return sql, compiler

    def _object(self, made: Any, row: Any) -> M:
        start, *_rest, end = made.klass_info["select_fields"]
        names = [column[0].target.attname for column in made.select[start : end + 1]]
        found: M = made.klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[start : end + 1])
        # The types are of a later Django, which takes one more.
        populators = get_related_populators(made.klass_info, made.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for related in populators:
            related.populate(row, found)
        return found
