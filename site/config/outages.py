"""Which errors say that the database, or the disk, cannot do its work just now.

Everything else that goes wrong is a fault of ours and stays one: nobody is told to come back
later about a mistake in a statement.
"""

from __future__ import annotations

import errno

import psycopg
from django.db import DatabaseError, OperationalError

# SQLSTATE: connection gone, out of resources (53100 a full disk, 53300 connections), ended by an
# operator or a crash, an error of the system underneath.
_CLASSES = {"08", "53", "57", "58"}
_READ_ONLY = "25006"  # a standby, or a server that was told to write no more
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def outage(error: BaseException | None) -> str | None:
    """What is out of order, in a line for the log that holds nothing of anybody; None where
    `error` is none of it.

    Without a SQLSTATE an `OperationalError` comes from the driver or the pool: no server answers,
    the connection was cut, none became free in time.
    """
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"{type(error).__name__} {errno.errorcode[error.errno]}"
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    state = cause.sqlstate or ""
    if not (state[:2] in _CLASSES or state == _READ_ONLY):
        if state or not isinstance(error, OperationalError | psycopg.OperationalError):
            return None
    # The server's first line names files and limits; DETAIL and CONTEXT may quote a row.
    said = cause.diag.message_primary or "no answer"
    return f"{type(cause).__name__} {state or '-'}: {said}"
