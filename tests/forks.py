"""Processes that a test kills: forked from its own, which has everything loaded already."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

from django.db import connection

_FORK = multiprocessing.get_context("fork")


class Forked:
    """Another process that does `work(say, *arguments)`; what it says, `hear` gives in turn.

    It sees the settings and the database of this test, by connections of its own.
    """

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:
        connection.close()
        self._heard, said = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=work, args=(said.send, *arguments), daemon=True)
        self._process.start()
        said.close()

    def hear(self) -> Any:
        """What it says next. Raises `EOFError` if it ended without a word."""
        return self._heard.recv()

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        self._process.join()
        self._heard.close()
