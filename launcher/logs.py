"""The lines of the log files that a person at the keyboard wants to see at once."""

from __future__ import annotations

import re
from pathlib import Path

KEEP_BYTES = 20_000_000
_IMPORTANT = re.compile(r"\b(ERROR|CRITICAL)\b|^mail to |^[A-Za-z_.]+(Error|Exception): ")
# A unique violation is an ERROR to PostgreSQL and everyday life to us.
_IMPORTANT_POSTGRES = re.compile(r"\b(PANIC|could not (?!receive|send))\b")


def is_important(name: str, line: str) -> bool:
    """Whether a line of the child `name` belongs on the screen."""
    pattern = _IMPORTANT_POSTGRES if name == "postgres" else _IMPORTANT
    return bool(pattern.search(line))


def set_aside(log: Path) -> None:
    """Keep a log that has grown large as one older file, and begin anew."""
    if log.exists() and log.stat().st_size > KEEP_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))


class Follower:
    """Reads what is appended to a log file from now on."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0
        self._rest = ""

    def important_lines(self) -> list[str]:
        """Complete new lines that matter, each with the child's name."""
        try:
            with self._log.open("rb") as file:
                file.seek(self._position)
                appended = file.read()
        except OSError:
            return []
        self._position += len(appended)
        *lines, self._rest = (self._rest + appended.decode(errors="replace")).split("\n")
        return [f"[{self.name}] {line}" for line in lines if is_important(self.name, line)]
