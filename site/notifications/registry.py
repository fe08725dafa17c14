"""Who delivers which kind of outbox message: apps above register here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Deliver = Callable[[dict[str, Any]], None]
_handlers: dict[str, Deliver] = {}


def handler(kind: str) -> Callable[[Deliver], Deliver]:
    """Register the function that delivers messages of `kind`.

    It gets the payload, runs in the municipality's schema if the message names one, and must
    be idempotent: after a crash it is called again.
    """

    def register(function: Deliver) -> Deliver:
        if kind in _handlers:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = function
        return function

    return register


def handler_of(kind: str) -> Deliver:
    """The function that delivers `kind`. Raises `KeyError`."""
    return _handlers[kind]
