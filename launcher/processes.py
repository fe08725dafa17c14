"""Children that are watched: started, started again when they die, stopped in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher import leftovers
from launcher.refusals import LauncherRefused
from launcher.screen import say
from launcher.unprivileged import Account

TICK_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
# A child that ran this long and dies is started again at once.
STEADY_SECONDS = 30.0


@dataclass
class Child:
    """One long-running program. It has a session of its own, so Ctrl-C reaches only `./run`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    directory: Path
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None
    patience_seconds: float = 10.0
    deaths: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _started_at: float = field(default=0.0, init=False)
    _start_again_at: float = field(default=0.0, init=False)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> int:
        """Its output is appended to the log file itself: it outlives a killed `./run`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(self.account.for_popen() if self.account else {}),
            )
        self._started_at = time.monotonic()
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask, wait, insist; then end what the child itself left in its session."""
        if self._process is None:
            return
        if self.is_alive():
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(self.patience_seconds)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not stop within {self.patience_seconds:.0f} s: killed.")
        self._end_session()
        self._process.wait()

    def _end_session(self) -> None:
        """Orphans of a killed parent would keep the port."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def tend(self) -> bool:
        """Start it again when it has died and its pause is over. True if it was started."""
        if self.is_alive():
            return False
        now = time.monotonic()
        if not self._start_again_at:
            self._note_death(now)
        if now < self._start_again_at:
            return False
        self._start_again_at = 0.0
        self.start()
        return True

    def _note_death(self, now: float) -> None:
        assert self._process is not None
        self._end_session()
        if now - self._started_at > STEADY_SECONDS:
            self.deaths = 0
        self.deaths += 1
        pause = min(0.5 * 2 ** (self.deaths - 1), LONGEST_PAUSE_SECONDS)
        self._start_again_at = now + pause
        say(
            f"{self.name} ended ({_manner(self._process.returncode)});"
            f" it starts again in {pause:g} s. Its log: {self.log}"
        )


def _manner(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


class Late(LauncherRefused):
    """Everything runs, but what was waited for did not come about."""


class Supervisor:
    """Children in the order they start; the last started stops first.

    The pid of each is written to `pid_dir`, so that the next `./run` finds them if this one
    is killed without a chance to stop them.
    """

    def __init__(self, pid_dir: Path) -> None:
        self.pid_dir = pid_dir
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        leftovers.record(self.pid_dir, child.name, child.start())

    def tend(self) -> None:
        """One look at every child."""
        for child in self.children:
            if child.tend():
                assert child.pid is not None
                leftovers.record(self.pid_dir, child.name, child.pid)

    def wait_until(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Tend the children until `ready()`; refuse after `seconds` or five deaths of one."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.tend()
            for child in self.children:
                if child.deaths >= 5:
                    raise LauncherRefused(f"{child.name} does not start.\n{_last_lines(child.log)}")
            if time.monotonic() > deadline:
                raise Late(f"Waited {seconds:.0f} s for {what}; see the logs.")
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Stop all, in the reverse order of their start; a second call does nothing."""
        while self.children:
            child = self.children.pop()
            child.stop()
            leftovers.forget(self.pid_dir, child.name)


def _last_lines(log: Path, count: int = 15) -> str:
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in lines)])


class Stopped(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived: unwind, stopping everything on the way."""


@contextlib.contextmanager
def stop_on_signals() -> Iterator[None]:
    """The first signal unwinds; further ones are ignored while the children are stopping."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def unwind(number: int, frame: object) -> None:
        for kind in kinds:
            signal.signal(kind, signal.SIG_IGN)
        raise Stopped

    before = {kind: signal.signal(kind, unwind) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
