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
    `select_related`, `only` and annotations are honoured, prefetching and keys of several columns
    are not.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *sample: Any) -> None:
        self._build = build
        self._sample = sample
        self._made: _Made | None = None

    def first(self, *values: Any) -> M | None:
        """The first row for `values`, in the order of the queryset; None where there is none."""
        return next(iter(self.all(*values)), None)

    def all(self, *values: Any) -> list[M]:
        """The rows for `values`, in the order of the queryset."""
        made = self._made
        if made is None:
            made = self._made = self._make()
        given = [values[one.index] if isinstance(one, _Given) else one for one in made.takes]
        with connection.prepared() as cursor:
            cursor.execute(made.sql, given)
            rows = cursor.fetchall()
        compiler = made.query.get_compiler(DEFAULT_DB_ALIAS)
        return [made.object_of(row) for row in compiler.apply_converters(rows, made.converters)]

    def _make(self) -> _Made:
        compiler = self._build(*self._sample).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        takes = [self._given(one) for one in params]
        if {one.index for one in takes if isinstance(one, _Given)} != set(range(len(self._sample))):
            raise ValueError(f"the statement does not take what it should: {sql}")
        return _made(compiler, sql, takes)

    def _given(self, value: Any) -> Any:
        for index, one in enumerate(self._sample):
            if type(one) is type(value) and one == value:  # 0 is not False
                return _Given(index)
        return value


@dataclass(frozen=True)
class _Made:
    """What is known of the query once it stands in SQL, and how its rows become objects."""

    sql: str
    takes: list[Any]
    query: Any
    converters: dict[int, Any]
    model: type[Model]
    columns: slice
    names: list[str]
    populators: list[Any]
    annotations: dict[str, int]

    def object_of(self, row: Any) -> Any:
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
        for related in self.populators:
            related.populate(row, found)
        for name, column in self.annotations.items():
            setattr(found, name, row[column])
        return found


def _made(compiler: Any, sql: str, takes: list[Any]) -> _Made:
    info, select = compiler.klass_info, compiler.select
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    return _Made(
        sql=sql,
        takes=takes,
        query=compiler.query,
        converters=compiler.get_converters([one[0] for one in select[: compiler.col_count]]),
        model=info["model"],
        columns=columns,
        names=[one[0].target.attname for one in select[columns]],
        # The types are of a later Django, which takes one more.
        populators=get_related_populators(info, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
        annotations=compiler.annotation_col_map,
    )
