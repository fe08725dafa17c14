"""`./run check`: everything that can be said about the code without running its tests."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from launcher import programs, system
from launcher.clusters import throwaway
from launcher.surroundings import ROOT, Surroundings

_CODE = [*programs.SOURCES, "launcher", "benchmarks"]


def steps() -> dict[str, list[str]]:
    """Name of each step and its command."""
    python = [sys.executable, "-m"]
    return {
        "ruff": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "types": [*python, "mypy", *_CODE],
        "imports": [str(_script("lint-imports"))],
        "templates": [*python, "djlint", "--lint", "--quiet", *programs.SOURCES],
        "migrations": [*programs.MANAGE, "makemigrations", "--check", "--dry-run"],
        "catalogues": [*python, "common.catalogues", "--check"],
        "translations": [*python, "launcher.messages"],
        "system": [*programs.MANAGE, "check", "--fail-level", "WARNING"],
    }


def _script(name: str) -> object:
    return ROOT / ".venv" / "bin" / name


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """All steps, or those named; 1 if any failed."""
    chosen = {name: command for name, command in steps().items() if _is_chosen(name, arguments)}
    if "translations" in chosen:
        system.ensure(system.CATALOGUES)
    with throwaway(surroundings, "check", durable=False) as own:
        environment = own.for_children(own.given["DATABASE_URL"])
        failed = [
            name for name, command in chosen.items() if not _passes(name, command, environment)
        ]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def _is_chosen(name: str, arguments: list[str]) -> bool:
    return not arguments or name in arguments


def _passes(name: str, command: list[str], environment: Mapping[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - began
    print(f"{name:<16} {'failed' if done.returncode else 'ok':<7} {seconds:5.1f} s", flush=True)
    if done.returncode:
        print("".join(f"    {line}\n" for line in done.stdout.splitlines()), flush=True)
    return done.returncode == 0
