"""A municipality's uploads, exchanged as a whole, together with a transaction.

Files know no transactions, so the old folder is moved aside and the new one to its place as the
last thing before the commit, and the transaction writes into a comment on the schema that it
was this exchange. Whoever finds an old folder aside later knows by that whether to put it back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg import sql

from common.refusal import Refused
from tenants.postgresql.connection import connection

# Any number, the same in every process; with the municipality's code it is its lock.
LOCK = 7_406
_STAGE, _ASIDE = ".restore-", ".replaced-"


def folder_of(schema: str) -> Path:
    """Where the uploads of a municipality are, whether there are any or not."""
    return Path(settings.MEDIA_ROOT) / (settings.MULTITENANT_RELATIVE_MEDIA_ROOT % schema)


@contextmanager
def stage() -> Iterator[Path]:
    """A folder beside the municipalities', for the owner alone, gone after the block.

    Those that a killed process left behind are removed first: nobody holds their lock.
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{_STAGE}*"):
        with _locked(left) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_STAGE, dir=root))
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether the folder was nobody's; it is ours for the block. The system frees it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


class Exchange:
    """Puts `new` in the place of a municipality's folder; see `exchanging`."""

    def __init__(self, schema: str, new: Path, token: str) -> None:
        self._schema, self._new, self._token = schema, new, token
        self._folder = folder_of(schema)
        self._aside = self._folder.with_name(f"{_ASIDE}{schema}-{token}")

    def take_place(self, cursor: Any) -> None:
        """The last thing before the commit."""
        cursor.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                sql.Identifier(self._schema), sql.Literal(_comment(self._token))
            )
        )
        self._new.mkdir(exist_ok=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.replace(self._aside)
        self._new.replace(self._folder)

    def put_back(self) -> None:
        """As if nothing had been."""
        if self._aside.exists():
            _put_back(self._aside, self._folder)

    def forget(self) -> None:
        """Remove what was replaced."""
        shutil.rmtree(self._aside, ignore_errors=True)


@contextmanager
def exchanging(schema: str, new: Path) -> Iterator[Exchange]:
    """Around a transaction: what took place stays if the block ends well, else it is undone."""
    # The folder's name ends in random letters, so it names this exchange and no other.
    exchange = Exchange(schema, new, new.parent.name.removeprefix(_STAGE))
    try:
        yield exchange
    except BaseException:
        exchange.put_back()
        raise
    exchange.forget()


@contextmanager
def alone(code: str, schema: str) -> Iterator[None]:
    """One export or restoration of a municipality at a time. Raises `Refused("busy", code)`.

    A session's lock, so that the exchange is inside; it ends with the process.
    """
    key = [LOCK, int(code)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        if cursor.fetchone() != (True,):
            raise Refused("busy", code=code)
        try:
            settle(cursor, schema)
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def settle(cursor: Any, schema: str) -> None:
    """End what a process that was killed in the moment of the exchange left undone."""
    folder = folder_of(schema)
    for aside in folder.parent.glob(f"{_ASIDE}{schema}-*"):
        cursor.execute(
            "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [f'"{schema}"']
        )
        (comment,) = cursor.fetchone()
        if comment == _comment(aside.name.removeprefix(f"{_ASIDE}{schema}-")):
            shutil.rmtree(aside, ignore_errors=True)
        else:
            _put_back(aside, folder)


def _put_back(aside: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    aside.replace(folder)


def _comment(token: str) -> str:
    return f"restored {token}"
