"""Children are started again when they die, and all are stopped when the launcher is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import leftovers
from launcher.processes import Child, Supervisor
from launcher.refusals import LauncherRefused

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(60)"


def _sleeper(tmp_path: Path, name: str = "sleeper", code: str = SLEEP) -> Child:
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    return Child(name, command, environment, tmp_path / f"{name}.log", tmp_path)


def test_a_killed_child_comes_back_with_a_new_pid_on_record(tmp_path):
    supervisor = Supervisor(tmp_path / "pids")
    child = _sleeper(tmp_path)
    supervisor.start(child)
    try:
        first = child.pid
        os.kill(first, signal.SIGKILL)
        supervisor.wait_until(lambda: child.pid != first and child.is_alive(), 10, "the child")
        assert f'"pid": {child.pid}' in (tmp_path / "pids" / "sleeper.pid").read_text()
    finally:
        supervisor.stop()
    assert not list((tmp_path / "pids").iterdir())


def test_a_child_that_keeps_dying_is_reported_with_the_end_of_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr("launcher.processes.LONGEST_PAUSE_SECONDS", 0.05)
    supervisor = Supervisor(tmp_path / "pids")
    supervisor.start(_sleeper(tmp_path, "broken", "raise SystemExit('no such module')"))
    with pytest.raises(LauncherRefused, match="(?s)broken does not start.*no such module"):
        supervisor.wait_until(lambda: False, 10, "the child")
    supervisor.stop()


def test_what_a_child_itself_started_ends_with_it(tmp_path):
    code = (
        "import subprocess, sys, time;"
        f"print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True);"
        "time.sleep(60)"
    )
    child = _sleeper(tmp_path, "parent", code)
    child.start()
    grandchild = int(_first_line(child.log))
    os.kill(child.pid, signal.SIGKILL)
    child.stop()
    _wait_until_gone(grandchild)


def test_sigterm_stops_every_child(tmp_path):
    script = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from launcher.processes import Child, Stopped, Supervisor, stop_on_signals
folder = Path({str(tmp_path)!r})
supervisor = Supervisor(folder / "pids")
try:
    with stop_on_signals():
        for name in ("one", "two"):
            supervisor.start(
                Child(name, [sys.executable, "-c", {SLEEP!r}], {{}}, folder / name, folder)
            )
        print(*[child.pid for child in supervisor.children], flush=True)
        while True:
            supervisor.tend()
            time.sleep(0.05)
except Stopped:
    supervisor.stop()
    raise SystemExit(130)
"""
    launcher = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    pids = [int(word) for word in launcher.stdout.readline().split()]
    launcher.terminate()
    assert launcher.wait(15) == 130
    launcher.stdout.close()
    for pid in pids:
        _wait_until_gone(pid)


def test_leftovers_of_a_killed_launcher_are_stopped(tmp_path):
    child = _sleeper(tmp_path, "web")
    leftovers.record(tmp_path / "pids", "web", child.start())
    assert leftovers.stop_leftovers(tmp_path / "pids", tmp_path) == ["web"]
    assert not child.is_alive()
    assert not list((tmp_path / "pids").iterdir())


def test_a_pid_file_of_an_unrelated_process_kills_nothing(tmp_path):
    stranger = _sleeper(tmp_path, "stranger")
    pid = stranger.start()
    try:
        leftovers.record(tmp_path / "pids", "web", pid)
        record = tmp_path / "pids" / "web.pid"
        known = leftovers.fingerprint(pid)
        assert known is not None
        # As if the number had been used again since: the same pid, started at another moment.
        record.write_text(record.read_text().replace(str(known.started), str(known.started - 1)))
        elsewhere = tmp_path / "another-data-dir"
        assert leftovers.stop_leftovers(tmp_path / "pids", elsewhere) == []
        assert stranger.is_alive()
        assert not record.exists()
    finally:
        stranger.stop()


def _first_line(log: Path) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if "\n" in log.read_text():
            return log.read_text().splitlines()[0]
        time.sleep(0.05)
    raise AssertionError(f"{log} stays empty")


def _wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while leftovers.fingerprint(pid) is not None:
        assert time.monotonic() < deadline, f"{pid} still runs"
        time.sleep(0.05)
