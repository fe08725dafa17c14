"""Libraries and programs of the operating system that pip can't bring."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from launcher.refusals import LauncherRefused
from launcher.screen import say


@dataclass(frozen=True)
class Need:
    """A package of Debian, what it is for, and how to see that it is there."""

    package: str
    purpose: str
    is_there: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    def loads() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


PDF = [
    Need("libpango-1.0-0", "certificates", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "certificates", _library("libpangoft2-1.0.so.0")),
    # Without it a certificate takes 10 to 100 times as long.
    Need("libharfbuzz-subset0", "certificates", _library("libharfbuzz-subset.so.0")),
]
BROWSER = [
    Need("chromium", "browser tests", _program("chromium", "chromium-browser", "google-chrome")),
    Need("poppler-utils", "tests that look at a PDF", _program("pdftoppm")),
]
POOLER = [Need("pgbouncer", "the tests behind a pooler", _program("/usr/sbin/pgbouncer"))]
# A real OpenID provider is a program for Node; npm brings its packages (tests/identity/provider).
PROVIDER = [
    Need("nodejs", "the tests of identity verification", _program("node", "nodejs")),
    Need("npm", "the tests of identity verification", _program("npm")),
]
CATALOGUES = [Need("gettext", "the check for missing translations", _program("xgettext"))]


def missing(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if not need.is_there()]


def ensure(needs: Sequence[Need]) -> None:
    """Install what is missing where we may; else refuse with one line to copy."""
    lacking = missing(needs)
    if not lacking:
        return
    names = [need.package for need in lacking]
    purposes = ", ".join(dict.fromkeys(need.purpose for need in lacking))
    by_hand = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LauncherRefused(f"Missing for {purposes}. Please run:\n  sudo {by_hand}")
    say(f"Installing for {purposes}: {' '.join(names)}")
    _apt("update", "-q")
    if _apt("install", "-y", "-q", "--no-install-recommends", *names) or missing(needs):
        raise LauncherRefused(f"Could not install them. Please run:\n  {by_hand}")


def _apt(*arguments: str) -> int:
    done = subprocess.run(
        ["apt-get", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(done.stdout[-1500:] + done.stderr[-1500:])
    return done.returncode
