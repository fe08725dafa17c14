"""Who delivers which kind of outbox message: apps above register here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

Deliver = Callable[[dict[str, Any]], None]
_handlers: dict[str, Deliver] = {}
_patience: dict[str, timedelta] = {}


def handler(kind: str, patience: timedelta | None = None) -> Callable[[Deliver], Deliver]:
    """Register the function that delivers messages of `kind`.

    It gets the payload, runs in the municipality's schema if the message names one, and must
    be idempotent: after a crash it is called again. What could not be delivered is forgotten
    after `patience`; None: never.
    """

    def register(function: Deliver) -> Deliver:
        if kind in _handlers:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = function
        if patience is not None:
            _patience[kind] = patience
        return function

    return register


def handler_of(kind: str) -> Deliver:
    """The function that delivers `kind`. Raises `KeyError`."""
    return _handlers[kind]


def patience_with(kind: str) -> timedelta | None:
    """How long a message of `kind` is tried; None: for ever."""
    return _patience.get(kind)
