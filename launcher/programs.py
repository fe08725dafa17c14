"""Programs of the product that run once and end."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from launcher.refusals import LauncherRefused
from launcher.screen import say
from launcher.surroundings import ROOT

MANAGE = [sys.executable, "manage.py"]
SOURCES = ("tenants", "pages", "activities", "surveys", "community", "themes", "site")


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """In the foreground, as if it had been called itself. Returns its exit status.

    Ctrl-C is its own affair (a shell clears the line, pytest prints its summary): the
    terminal sends it to both of us, and we wait. Other signals are passed on.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment))
    handlers: dict[int, Any] = {
        signal.SIGINT: lambda number, frame: None,
        signal.SIGTERM: lambda number, frame: process.send_signal(number),
        signal.SIGHUP: lambda number, frame: process.send_signal(number),
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        status = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def must(command: Sequence[str], environment: Mapping[str, str], what: str) -> None:
    """Run it with its output on standard error; refuse if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=sys.stderr,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise LauncherRefused(f"{what} failed (exit status {done.returncode}).", done.returncode)


def compile_catalogues(environment: Mapping[str, str]) -> None:
    """Translations, where a .po is newer than what was compiled from it."""
    if any(_is_stale(catalogue) for catalogue in _files("locale", "*.po")):
        must([sys.executable, "-m", "common.catalogues"], environment, "Compiling translations")


def _is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < catalogue.stat().st_mtime_ns


def collect_static(environment: Mapping[str, str]) -> None:
    """CSS, pictures and scripts, when ours or a package's have changed."""
    stamp = Path(environment["DATA_DIR"]) / "static" / ".sources"
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in _files("static", "*"):
        known = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {known.st_size} {known.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("Collecting static files.")
    command = [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]
    must(command, environment, "Collecting static files")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


def _files(folder: str, pattern: str) -> Iterator[Path]:
    """Files in every app's `folder`, in a stable order."""
    for source in SOURCES:
        for found in sorted((ROOT / source).glob(f"**/{folder}")):
            yield from sorted(path for path in found.rglob(pattern) if path.is_file())
