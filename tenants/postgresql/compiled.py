"""A query that every request makes: put into SQL once a process, planned once a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from tenants.postgresql.connection import connection

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Given:
    """Where one of the values goes, by its place among them."""

    index: int


class CompiledQuery(Generic[M]):
    """A queryset whose SQL is made once a process, and asked again with other values.

    Django makes the SQL of a query each time it is asked; where wide tables are joined that
    takes longer than the database needs for the answer, and only the values change.
    `build` gives the queryset for some sample values, no two alike, each of which the statement
    has to take (`ValueError` where it does not); what else it takes stays as it is.
    `select_related`, `only` and annotations are honoured, prefetching is not.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *sample: Any) -> None:
        self._build = build
        self._sample = sample
        self._made: tuple[str, list[Any], Any] | None = None

    def first(self, *values: Any) -> M | None:
        """The first row for `values`, in the order of the queryset; None where there is none."""
        return next(iter(self.all(*values)), None)

    def all(self, *values: Any) -> list[M]:
        """The rows for `values`, in the order of the queryset."""
        if self._made is None:
            self._made = self._make()
        sql, takes, made = self._made
        given = [values[one.index] if isinstance(one, _Given) else one for one in takes]
        with connection.prepared() as cursor:
            cursor.execute(sql, given)
            rows = cursor.fetchall()
        compiler = made.query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.select, compiler.col_count = made.select, made.col_count
        compiler.annotation_col_map = made.annotation_col_map
        return [self._object(made, row) for row in compiler.results_iter([rows])]

    def _make(self) -> tuple[str, list[Any], Any]:
        compiler = self._build(*self._sample).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        takes = [self._given(one) for one in params]
        if {one.index for one in takes if isinstance(one, _Given)} != set(range(len(self._sample))):
            raise ValueError(f"the statement does not take what it should: {sql}")
        return sql, takes, compiler

    def _given(self, value: Any) -> Any:
        for index, one in enumerate(self._sample):
            if type(one) is type(value) and one == value:  # 0 is not False
                return _Given(index)
        return value

    def _object(self, made: Any, row: Any) -> M:
        start, *_rest, end = made.klass_info["select_fields"]
        names = [column[0].target.attname for column in made.select[start : end + 1]]
        found: M = made.klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[start : end + 1])
        # The types are of a later Django, which takes one more.
        populators = get_related_populators(made.klass_info, made.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for related in populators:
            related.populate(row, found)
        for name, column in made.annotation_col_map.items():
            setattr(found, name, row[column])
        return found
