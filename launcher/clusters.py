"""Which cluster a command works on, and for how long it runs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from launcher import abandoned, locks, postgres
from launcher.postgres import START_SECONDS, Cluster, binaries_for, place_for
from launcher.processes import Supervisor
from launcher.refusals import LauncherRefused
from launcher.surroundings import Surroundings
from launcher.unprivileged import account_for_postgres

# What must not leak from a developer's shell into tests and figures.
_SETTINGS = {
    "BASE_DOMAIN", "CACHE_URL", "CELERY_BROKER_URL", "DEBUG", "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL", "ENVIRONMENT", "PUBLIC_PORT", "PUBLIC_SCHEME", "SECRET_KEY", "TOKEN_KEYS",
}  # fmt: skip
# Test runs at the same time on one checkout each get a cluster of their own.
SLOTS = 8


def development_cluster(surroundings: Surroundings) -> Cluster:
    """The one that holds the demonstration data."""
    account = account_for_postgres()
    return Cluster(place_for(surroundings.data_dir, account), account, binaries_for(account))


@contextlib.contextmanager
def running(cluster: Cluster, log: Path, pid_dir: Path) -> Iterator[Cluster]:
    """The cluster, started for the length of the block. The caller holds its lock."""
    cluster.prepare()
    supervisor = Supervisor(pid_dir)
    try:
        supervisor.start(cluster.child(log))
        # After a crash the old backends hold the shared memory for a moment: the server ends
        # and is started again until they have gone.
        supervisor.wait_until(cluster.answers, START_SECONDS, "PostgreSQL")
        cluster.ensure_database()
        yield cluster
    finally:
        supervisor.stop()


@contextlib.contextmanager
def throwaway(surroundings: Surroundings, purpose: str, *, durable: bool) -> Iterator[Surroundings]:
    """Surroundings of their own, with DATABASE_URL set, for tests, checks and benchmarks.

    A DATABASE_URL from outside is used as it is.
    """
    account = account_for_postgres()
    surroundings.make_data_dir()
    with _free_slot(surroundings.data_dir / purpose) as folder:
        given = {k: v for k, v in surroundings.given.items() if k not in _SETTINGS}
        own = Surroundings(folder / "data", surroundings.port, "localhost", given)
        own.make_data_dir()
        if surroundings.given.get("DATABASE_URL"):
            yield own
            return
        owners = {os.geteuid(), account.uid if account else os.geteuid()}
        abandoned.remove_abandoned(postgres.MEMORY, owners)
        cluster = Cluster(
            place_for(folder, account, durable=durable), account, binaries_for(account),
            durable=durable, may_create_databases=True,
        )  # fmt: skip
        with running(cluster, folder / "postgres.log", folder / "pids"):
            abandoned.note_owner(cluster.home, folder)
            yield replace(own, given={**given, "DATABASE_URL": cluster.url})


@contextlib.contextmanager
def _free_slot(first: Path) -> Iterator[Path]:
    for number in range(1, SLOTS + 1):
        folder = first if number == 1 else first.with_name(f"{first.name}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locks.hold(folder / "lock"))
            except locks.Taken:
                continue
            yield folder
            return
    raise LauncherRefused(f"{SLOTS} runs are at work on {first} already.")


@contextlib.contextmanager
def borrowed(surroundings: Surroundings) -> Iterator[str]:
    """DATABASE_URL of the running platform; if it does not run, of its database alone."""
    if surroundings.given.get("DATABASE_URL"):
        yield surroundings.given["DATABASE_URL"]
        return
    cluster = development_cluster(surroundings)
    data_dir = surroundings.data_dir
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with locks.hold(data_dir / "lock"):
                with running(cluster, data_dir / "logs" / "postgres.log", data_dir / "pids"):
                    yield cluster.url
                return
        except locks.Taken:
            if cluster.answers():
                yield cluster.url
                return
        time.sleep(0.3)
    raise LauncherRefused("Another ./run holds the database but it does not answer.")
