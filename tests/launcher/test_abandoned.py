"""Databases in memory: those that killed runs left go, those that somebody uses stay."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import abandoned, locks, postgres
from launcher.abandoned import note_owner, remove_abandoned
from launcher.clusters import running, throwaway
from launcher.surroundings import Surroundings

OURS = {os.geteuid()}


@pytest.fixture
def memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(abandoned, "YOUNG_SECONDS", -1.0)
    place = folder / "memory"
    place.mkdir()
    yield place


@pytest.fixture
def make_home(memory: Path) -> Callable[..., Path]:
    def make(name: str, pid: int | None = None) -> Path:
        home = memory / name
        (home / "data").mkdir(parents=True)
        (home / "run").mkdir()
        if pid is not None:
            (home / "data" / "postmaster.pid").write_text(f"{pid}\n{home / 'data'}\n")
        return home

    return make


@pytest.fixture
def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_a_killed_server_left_goes_at_once(memory, make_home, dead_pid, monkeypatch):
    monkeypatch.setattr(abandoned, "YOUNG_SECONDS", 3600.0)
    killed = make_home("furusato-killed", dead_pid)
    alive = make_home("furusato-alive", os.getpid())
    other = make_home("something-else", dead_pid)
    assert remove_abandoned(memory, OURS) == [killed]
    assert not killed.exists()
    assert alive.exists()
    assert other.exists()


def test_what_ended_well_goes_after_an_hour(memory, make_home, monkeypatch):
    home = make_home("furusato-ended")
    monkeypatch.setattr(abandoned, "YOUNG_SECONDS", 3600.0)
    assert remove_abandoned(memory, OURS) == []
    monkeypatch.setattr(abandoned, "YOUNG_SECONDS", -1.0)
    assert remove_abandoned(memory, OURS) == [home]


def test_a_checkout_finds_its_prepared_database_until_it_is_removed(folder, memory, make_home):
    home = make_home("furusato-prepared")
    checkout = folder / "test"
    checkout.mkdir()
    (checkout / "postgres.is-in").write_text(f"{home}\n")
    note_owner(home, checkout)
    assert remove_abandoned(memory, OURS) == []
    shutil.rmtree(checkout)
    assert remove_abandoned(memory, OURS) == [home]
    assert not checkout.exists()


def test_a_run_whose_server_is_being_started_again_keeps_it(folder, memory, make_home, dead_pid):
    home = make_home("furusato-crashed", dead_pid)
    note_owner(home, folder / "test")
    with locks.hold(folder / "test" / "lock"):
        assert remove_abandoned(memory, OURS) == []
    assert remove_abandoned(memory, OURS) == [home]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else")
def test_what_belongs_to_somebody_else_is_theirs(memory, make_home, dead_pid):
    home = make_home("furusato-theirs", dead_pid)
    os.chown(home, 12345, 12345)
    assert remove_abandoned(memory, OURS) == []
    assert home.exists()


def test_a_link_is_not_followed(folder, memory, dead_pid):
    target = folder / "precious"
    (target / "data").mkdir(parents=True)
    (target / "data" / "postmaster.pid").write_text(f"{dead_pid}\n")
    (memory / "furusato-link").symlink_to(target)
    assert remove_abandoned(memory, OURS) == []
    assert (target / "data" / "postmaster.pid").exists()


def test_a_note_leads_to_no_file_that_is_not_a_lock(folder, memory, make_home, dead_pid):
    """The account that owns a home could write where root is to open something."""
    precious = folder / "precious"
    precious.write_text("secret")
    home = make_home("furusato-trap", dead_pid)
    trap = folder / "trap"
    trap.mkdir()
    note_owner(home, trap)
    (trap / "lock").symlink_to(precious)
    assert remove_abandoned(memory, OURS) == []
    (trap / "lock").unlink()
    os.mkfifo(trap / "lock")
    assert remove_abandoned(memory, OURS) == [home]
    assert precious.read_text() == "secret"


def test_a_note_that_is_a_link_is_neither_read_nor_written(folder, memory, make_home, dead_pid):
    precious = folder / "precious"
    precious.write_text(f"{folder / 'gone'}\n")
    home = make_home("furusato-trap", dead_pid)
    (home / "belongs-to").symlink_to(precious)
    assert remove_abandoned(memory, OURS) == []
    note_owner(home, folder / "test")
    assert precious.read_text() == f"{folder / 'gone'}\n"
    assert (home / "belongs-to").read_text() == f"{folder / 'test'}\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of somebody else")
def test_a_note_of_another_account_is_not_believed(folder, memory, make_home, dead_pid):
    lock = folder / "test" / "lock"
    lock.parent.mkdir()
    lock.write_text("1")
    home = make_home("furusato-theirs", dead_pid)
    note_owner(home, lock.parent)
    os.chown(home / "belongs-to", 12345, 12345)
    assert remove_abandoned(memory, OURS) == []
    os.chown(home / "belongs-to", os.geteuid(), -1)
    assert remove_abandoned(memory, OURS) == [home]
    assert lock.read_text() == "1"


def test_a_server_that_answers_stays_though_its_number_is_unknown(
    make_cluster, folder, memory, monkeypatch
):
    cluster = make_cluster(home=memory / "furusato-far", durable=False)
    account = cluster.account
    with running(cluster, folder / "log", folder / "pids"):
        pid_file = cluster.data / "postmaster.pid"
        written = pid_file.read_text()
        pid_file.write_text("")
        assert remove_abandoned(memory, {account.uid if account else os.geteuid()}) == []
        pid_file.write_text(written)
        assert cluster.answers()


def test_a_run_begins_with_removing_and_says_whose_its_own_is(
    folder, memory, make_home, dead_pid, monkeypatch
):
    monkeypatch.setattr(postgres, "MEMORY", memory)
    monkeypatch.setattr(postgres, "ROOM_IN_MEMORY", 0)
    killed = make_home("furusato-killed", dead_pid)
    surroundings = Surroundings(folder / "data", 8000, "localhost", {})
    with throwaway(surroundings, "test", durable=False) as own:
        assert not killed.exists()
        assert own.given["DATABASE_URL"]
        (home,) = memory.iterdir()
        assert (home / "belongs-to").read_text() == f"{folder / 'data' / 'test'}\n"
    with throwaway(surroundings, "test", durable=False):
        assert [*memory.iterdir()] == [home]
