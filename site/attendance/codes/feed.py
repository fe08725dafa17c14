"""The address of a resident's calendar, for programs that have no session."""

from __future__ import annotations

from uuid import UUID

from common.tokens import sign, verify

_PURPOSE = "calendar"


def feed_token(secret: UUID) -> str:
    """The signed token of a resident's calendar: nobody makes one from the database alone."""
    return sign(_PURPOSE, secret.bytes)


def read_feed_token(token: str) -> UUID:
    """The secret in it. Raises `common.tokens.BadToken` for a forged or altered one."""
    return UUID(bytes=verify(_PURPOSE, token.upper()))
