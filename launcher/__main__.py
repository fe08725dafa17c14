"""`python -m launcher COMMAND …`: what `./run` executes once the environment is there."""

from __future__ import annotations

import importlib
import sys

from launcher.processes import Stopped, stop_on_signals
from launcher.refusals import LauncherRefused
from launcher.screen import say
from launcher.surroundings import Surroundings

COMMANDS = {
    "start": "start",
    "test": "suite",
    "manage": "manage",
    "check": "checks",
    "bench": "bench",
    "help": "guide",
    "-h": "guide",
    "--help": "guide",
}


def main(arguments: list[str]) -> int:
    """Exit status of the command; 130 when it was interrupted."""
    name, *rest = arguments or ["start"]
    if name not in COMMANDS:
        say(f"./run knows no command {name!r}. `./run help` lists them.")
        return 2
    command = importlib.import_module(f"launcher.commands.{COMMANDS[name]}")
    try:
        with stop_on_signals():
            return int(command.execute(Surroundings.read(), rest))
    except LauncherRefused as refused:
        say(str(refused))
        return refused.status
    except Stopped:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
