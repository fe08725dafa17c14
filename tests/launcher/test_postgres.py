"""The embedded PostgreSQL: it starts, stops, and survives being killed."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import psycopg
import pytest

from launcher import leftovers, postgres
from launcher.clusters import running
from launcher.postgres import place_for
from launcher.processes import Supervisor
from launcher.refusals import LauncherRefused
from launcher.unprivileged import account_for_postgres


def test_what_is_written_before_a_kill_is_there_after_it(make_cluster, folder):
    cluster = make_cluster()
    cluster.prepare()
    supervisor = Supervisor(folder / "pids")
    supervisor.start(cluster.child(folder / "log"))
    try:
        supervisor.wait_until(cluster.answers, 30, "PostgreSQL")
        cluster.ensure_database()
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE kept (name text)")
            connection.execute("INSERT INTO kept VALUES ('髙橋𠮷郎')")
            (first,) = supervisor.children
            os.kill(first.pid, signal.SIGKILL)
            supervisor.wait_until(lambda: first.deaths > 0 and cluster.answers(), 30, "recovery")
        with cluster.connect() as connection:
            assert connection.execute("SELECT name FROM kept").fetchall() == [("髙橋𠮷郎",)]
    finally:
        supervisor.stop()
    assert not cluster.answers()


def test_a_server_left_by_a_killed_launcher_is_ended_first(make_cluster, folder):
    cluster = make_cluster()
    cluster.prepare()
    left = cluster.child(folder / "log")
    left.start()
    watcher = Supervisor(folder / "other-pids")
    watcher.wait_until(cluster.answers, 30, "PostgreSQL")
    with running(cluster, folder / "log", folder / "pids"):
        assert not left.is_alive()
        assert cluster.answers()
    assert not (cluster.data / "postmaster.pid").exists()


def test_the_application_is_no_superuser_and_letters_are_known(make_cluster, folder):
    cluster = make_cluster(durable=False, may_create_databases=True)
    with running(cluster, folder / "log", folder / "pids"), psycopg.connect(cluster.url) as found:
        rights = found.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, True, True, False)
        assert found.execute("SELECT lower('ÉÀ'), 'ひだ' ~ '^\\w+$'").fetchone() == ("éà", True)
        assert found.execute("SHOW listen_addresses").fetchone() == ("",)
        assert found.execute("SHOW fsync").fetchone() == ("off",)


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(make_cluster, folder):
    cluster = make_cluster()
    with running(cluster, folder / "log", folder / "pids"):
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    with running(cluster, folder / "log", folder / "pids"):
        assert cluster.answers()
    assert leftovers.fingerprint(os.getpid()) is not None


def test_the_socket_path_is_short_however_deep_the_checkout_is(make_cluster, folder):
    deep = folder.joinpath(*(["a-rather-long-folder-name"] * 5))
    cluster = make_cluster(home=deep / "postgres")
    near = make_cluster(home=folder / "postgres")
    assert len(os.fsencode(cluster.socket_dir / ".s.PGSQL.5432.lock")) <= 107
    assert near.socket_dir == folder / "postgres" / "run"
    odd = make_cluster(home=folder / "one, two" / "postgres")
    assert odd.socket_dir.parent == Path("/tmp"), "a comma would mean two hosts"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else")
def test_a_socket_folder_of_somebody_else_is_not_trusted(make_cluster, folder):
    cluster = make_cluster(home=folder.joinpath(*(["a-rather-long-folder-name"] * 5)))
    cluster.socket_dir.mkdir()
    try:
        os.chown(cluster.socket_dir, 12345, 12345)
        with pytest.raises(LauncherRefused, match="belongs to somebody else"):
            cluster.prepare()
    finally:
        shutil.rmtree(cluster.socket_dir)


def test_what_need_not_last_is_in_memory_while_there_is_room(folder, monkeypatch):
    account = account_for_postgres()
    memory = folder / "memory"
    memory.mkdir()
    monkeypatch.setattr(postgres, "MEMORY", memory)
    monkeypatch.setattr(postgres, "ROOM_IN_MEMORY", 0)
    assert place_for(folder, account) == folder / "postgres"
    place = place_for(folder, account, durable=False)
    assert place.parent == memory
    (place / "data").mkdir(parents=True)
    assert place_for(folder, account, durable=False) == place
    assert (place / "data").exists(), "the next run finds what the last one made"
    monkeypatch.setattr(postgres, "ROOM_IN_MEMORY", 2**60)
    assert place_for(folder, account, durable=False) == folder / "postgres"
    assert not place.exists(), "memory is given back"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL in place")
def test_a_folder_closed_to_the_account_sends_the_cluster_elsewhere(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    account = account_for_postgres()
    assert place_for(folder, account) == folder / "postgres"
    elsewhere = place_for(closed / "data", account)
    assert elsewhere.parent == Path("/var/lib")
    elsewhere.mkdir()
    try:
        assert place_for(closed / "data", account) == elsewhere
        assert elsewhere.exists()
        shutil.rmtree(closed / "data")
        place_for(closed / "data", account)
        assert not elsewhere.exists(), "whoever removes DATA_DIR begins anew"
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)
