"""`./run test`: the whole suite, on a database of its own."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from launcher import logins, programs, system
from launcher.clusters import throwaway
from launcher.refusals import LauncherRefused
from launcher.screen import say
from launcher.surroundings import ROOT, Surroundings

# A person who debugs wants one process.
_ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--collect-only", "--co")
_TWO_PROCESSES = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
JOURNEYS = ROOT / "tests" / "journeys"
WITH_PROVIDER = (ROOT / "tests" / "identity", ROOT / "tests" / "cases", JOURNEYS)


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """pytest's exit status."""
    system.ensure(system.PDF)
    if needs_browser(arguments):
        _ensure_browser()
        with contextlib.suppress(LauncherRefused):  # its tests say that they were left out
            system.ensure(system.POOLER)
    if needs_provider(arguments):
        system.ensure(system.PROVIDER)
    with throwaway(surroundings, "test", durable=False) as own:
        environment = logins.for_owner(own.for_children(own.given["DATABASE_URL"]))
        programs.compile_catalogues(environment)
        del environment["DJANGO_SETTINGS_MODULE"]  # pyproject names the suite's own settings
        return programs.run([sys.executable, "-m", "pytest", *_options(arguments)], environment)


def needs_browser(arguments: list[str]) -> bool:
    """Whether these pytest arguments can reach the journeys."""
    if any("not journey" in argument for argument in arguments):
        return False
    return _reaches(JOURNEYS, arguments)


def needs_provider(arguments: list[str]) -> bool:
    """Whether these pytest arguments can reach tests that start the OpenID provider."""
    return any(_reaches(folder, arguments) for folder in WITH_PROVIDER)


def _reaches(folder: Path, arguments: list[str]) -> bool:
    words = [argument.partition("::")[0] for argument in arguments if argument[:1] != "-"]
    paths = [
        (ROOT / word).resolve()
        for word in words
        if word.startswith("tests") or (ROOT / word).exists()
    ]
    return not paths or any(
        path == folder or path in folder.parents or folder in path.parents for path in paths
    )


def _ensure_browser() -> None:
    try:
        system.ensure(system.BROWSER)
    except LauncherRefused as refused:
        say("Without a browser: ./run test -m 'not journey'")
        raise refused


def _options(arguments: list[str]) -> list[str]:
    one = any(argument.startswith(_ONE_PROCESS) for argument in arguments)
    # tests/conftest.py says what goes together, and in which order.
    return arguments if one else [*_TWO_PROCESSES, *arguments]
