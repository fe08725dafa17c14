"""What `./run` says before it starts anything, and which options it passes on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import clusters, locks, logs, ports, system
from launcher.commands import suite
from launcher.refusals import LauncherRefused
from launcher.surroundings import Surroundings

ROOT = Path(__file__).resolve().parents[2]


def _launch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "launcher", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_named_with_a_way_out(tmp_path, monkeypatch):
    from launcher.commands import start

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        surroundings = Surroundings.read({"PORT": str(port), "DATA_DIR": str(tmp_path)})
        with pytest.raises(LauncherRefused, match=f"Port {port} is in use.*PORT={port + 1} ./run"):
            start._clear_the_way(surroundings)
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_two_launchers_on_one_folder_are_refused(tmp_path):
    from contextlib import ExitStack

    from launcher.commands import start

    surroundings = Surroundings.read({"DATA_DIR": str(tmp_path)})
    with locks.hold(tmp_path / "lock"), ExitStack() as stack:
        with pytest.raises(LauncherRefused, match=rf"process {os.getpid()}\) is at work"):
            start._take(surroundings, stack)
    with locks.hold(tmp_path / "lock"):
        pass


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port):
    done = _launch("help", PORT=port)
    assert done.returncode == 1
    assert f"PORT is {port!r}" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_points_to_help():
    done = _launch("strat")
    assert done.returncode == 2
    assert "./run help" in done.stderr


def test_help_names_every_command_and_setting():
    text = _launch("help").stdout
    for word in (
        "./run test",
        "./run check",
        "./run manage",
        "./run bench",
        "PORT",
        "DATA_DIR",
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "EMAIL_URL",
        "BASE_DOMAIN",
        "SECRET_KEY",
    ):
        assert word in text


def test_the_development_key_is_made_once_and_read_by_nobody_else(tmp_path):
    surroundings = Surroundings.read({"DATA_DIR": str(tmp_path / "data")})
    first = surroundings.for_children("postgres://")["SECRET_KEY"]
    assert surroundings.for_children("postgres://")["SECRET_KEY"] == first
    assert len(first) > 50
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_production_gets_no_key_of_ours(tmp_path):
    given = {"DATA_DIR": str(tmp_path), "ENVIRONMENT": "production"}
    assert "SECRET_KEY" not in Surroundings.read(given).for_children("postgres://")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["-x"], True),
        (["-m", "not journey"], False),
        (["tests/launcher"], False),
        (["tests"], True),
        (["tests/launcher", "tests/journeys"], True),
    ],
)
def test_the_browser_is_asked_for_only_where_journeys_run(arguments, expected):
    assert suite.needs_browser(arguments) is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["-m", "not journey"], True),
        (["tests/launcher"], False),
        (["tests/identity/test_counter.py::test_x"], True),
        (["tests/cases"], True),
    ],
)
def test_node_is_asked_for_only_where_the_openid_provider_runs(arguments, expected):
    assert suite.needs_provider(arguments) is expected


def test_whoever_debugs_gets_one_process():
    assert suite._options(["--pdb"]) == ["--pdb"]
    assert suite._options(["-k", "x"]) == [*suite._TWO_PROCESSES, "-k", "x"]


def test_without_rights_one_line_to_copy_names_what_is_missing(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    lacking = system.Need("libnowhere0", "nothing at all", system._library("libnowhere.so.0"))
    present = system.Need("libc6", "everything", system._library("libc.so.6"))
    with pytest.raises(LauncherRefused, match="install .* libnowhere0$"):
        system.ensure([lacking, present])
    system.ensure([present])


def test_only_important_new_lines_reach_the_screen(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("2026-11-23 ERROR old\n")
    follower = logs.Follower("web", log)
    with log.open("a") as file:
        file.write("2026-11-23 INFO fine\n2026-11-23 ERROR new\nValueError: odd\nhalf a line ERR")
    assert follower.important_lines() == ["[web] 2026-11-23 ERROR new", "[web] ValueError: odd"]
    with log.open("a") as file:
        file.write("OR at last ERROR\n")
    assert follower.important_lines() == ["[web] half a line ERROR at last ERROR"]
    assert not logs.is_important("postgres", "ERROR:  duplicate key value")


def test_test_runs_at_the_same_time_get_a_cluster_each(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "SLOTS", 2)
    with clusters._free_slot(tmp_path / "test") as first:
        with clusters._free_slot(tmp_path / "test") as second:
            assert (first.name, second.name) == ("test", "test-2")
            with pytest.raises(LauncherRefused, match="2 runs are at work"):
                with clusters._free_slot(tmp_path / "test"):
                    pass
    with clusters._free_slot(tmp_path / "test") as again:
        assert again == first


def test_settings_of_the_shell_do_not_leak_into_tests(tmp_path):
    given = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://x/y",
        "DEBUG": "1",
        "ENVIRONMENT": "production",
        "BASE_DOMAIN": "furusato.example",
        "HOME": "/here",
    }
    with clusters.throwaway(Surroundings.read(given), "test", durable=False) as own:
        environment = own.for_children(own.given["DATABASE_URL"])
    assert environment["HOME"] == "/here"
    assert environment["DATABASE_URL"] == "postgres://x/y"
    assert environment["BASE_DOMAIN"] == "localhost"
    assert not {"DEBUG", "ENVIRONMENT"} & environment.keys()


def test_a_program_in_the_foreground_gets_the_signals_and_its_status_is_ours(tmp_path):
    script = (
        "import sys; from launcher import programs;"
        "code = 'import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7));"
        "print(1, flush=True); time.sleep(30)';"
        "sys.exit(programs.run([sys.executable, '-c', code], {}))"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "1\n"
    launcher.send_signal(2)
    launcher.terminate()
    assert launcher.wait(10) == 7
    launcher.stdout.close()
