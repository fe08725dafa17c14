"""Whether a pooler in front of PostgreSQL mixes sessions up.

Role, search path and signed claims belong to a session. A pooler that hands sessions round
between statements or transactions (PgBouncer's modes `statement` and `transaction`) would give
one municipality's to another's request. Nothing tells a client which pooler it talks to, so it is
found out by what happens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import psycopg

_SETTING = "furusato.probe"
_ATTEMPTS = 3  # a pooler that takes its servers in turn shows itself at the second


def mixes_sessions(connect: Callable[[], psycopg.Connection]) -> bool:
    """Whether what one connection sets reaches another, or is gone while the other works.

    `connect` makes a new connection in autocommit. Raises `psycopg.Error` where it can't.
    """
    token = secrets.token_hex(8)
    with connect() as one, connect() as other:
        one.execute("SELECT set_config(%s, %s, false)", [_SETTING, token])
        try:
            for _attempt in range(_ATTEMPTS):
                with other.transaction():  # keeps the session that it was given
                    if _setting(other) == token or _setting(one) != token:
                        return True
        except psycopg.errors.ProtocolViolation:  # a pooler by statement refuses to begin one
            return True
    return False


def _setting(connection: psycopg.Connection) -> str | None:
    row = connection.execute("SELECT current_setting(%s, true)", [_SETTING]).fetchone()
    return row[0] if row else None
