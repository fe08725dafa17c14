"""`./run`: the whole platform on this machine, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack

from launcher import leftovers, locks, logins, logs, ports, programs, system
from launcher.clusters import development_cluster
from launcher.postgres import START_SECONDS
from launcher.processes import TICK_SECONDS, Child, Late, Supervisor
from launcher.refusals import LauncherRefused
from launcher.screen import say
from launcher.surroundings import MAIL_PORT_OFFSET, ROOT, Surroundings

HEALTHY_SECONDS = 120.0


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """Runs until a signal arrives; the children are stopped on the way out."""
    if arguments:
        raise LauncherRefused("./run start takes no arguments; see ./run help.", 2)
    began = time.monotonic()
    system.ensure(system.PDF)
    surroundings.make_data_dir()
    with ExitStack() as stack:
        _take(surroundings, stack)
        _clear_the_way(surroundings)
        platform = Supervisor(surroundings.data_dir / "pids")
        stack.callback(_stop, platform)
        environment = _start_database_and_mail(surroundings, platform)
        _prepare(surroundings, logins.for_owner(environment))
        _start_web_and_worker(surroundings, environment, platform)
        _wait_until_healthy(surroundings, platform)
        _start_scheduler(surroundings, logins.for_run_time(environment), platform)
        _print_addresses(surroundings, time.monotonic() - began)
        _watch(platform)
    return 0


def _take(surroundings: Surroundings, stack: ExitStack) -> None:
    try:
        stack.enter_context(locks.hold(surroundings.data_dir / "lock"))
    except locks.Taken as taken:
        raise LauncherRefused(
            f"Another ./run (process {taken.pid}) is at work on {surroundings.data_dir}."
            " Stop it, or set DATA_DIR and PORT to run a second platform."
        ) from None


def _clear_the_way(surroundings: Surroundings) -> None:
    pid_dir = surroundings.data_dir / "pids"
    stopped = leftovers.stop_leftovers(pid_dir, surroundings.data_dir)
    if stopped:
        say(f"An earlier ./run was killed; stopped what it left: {', '.join(stopped)}.")
    if not ports.is_free(surroundings.port):
        raise LauncherRefused(
            f"Port {surroundings.port} is in use by another program."
            f" Choose another: PORT={surroundings.port + 1} ./run"
        )


def _child(
    surroundings: Surroundings, name: str, environment: dict[str, str], *command: str
) -> Child:
    log = surroundings.data_dir / "logs" / f"{name}.log"
    logs.set_aside(log)
    return Child(name, [sys.executable, "-m", *command], environment, log, ROOT)


def _start_database_and_mail(surroundings: Surroundings, platform: Supervisor) -> dict[str, str]:
    """The environment of the product, with both addresses in it."""
    url = surroundings.given.get("DATABASE_URL")
    if not url:
        say("Starting PostgreSQL.")
        cluster = development_cluster(surroundings)
        cluster.prepare()
        log = surroundings.data_dir / "logs" / "postgres.log"
        logs.set_aside(log)
        platform.start(cluster.child(log))
        platform.wait_until(cluster.answers, START_SECONDS, "PostgreSQL")
        cluster.ensure_database()
        url = cluster.url
    environment = surroundings.for_children(url)
    if not environment.get("EMAIL_URL") and not surroundings.is_production:
        port = ports.free_port(surroundings.port + MAIL_PORT_OFFSET)
        environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        folder = str(surroundings.data_dir / "mail")
        mailbox = ("launcher.mailbox", str(port), folder)
        platform.start(_child(surroundings, "mail", environment, *mailbox))
    return environment


def _prepare(surroundings: Surroundings, environment: dict[str, str]) -> None:
    programs.compile_catalogues(environment)
    programs.collect_static(environment)
    say("Preparing the database (the first time this takes a few minutes).")
    demonstration = [] if surroundings.is_production else ["--demonstration"]
    command = [*programs.MANAGE, "prepare", *demonstration]
    programs.must(command, environment, "Preparing the database")
    programs.must([*programs.MANAGE, "check_isolation"], environment, "Checking isolation")


_CELERY = ("celery", "-A", "config.celery")
# Workers need not know of each other: the outbox's row locks share out the work.
_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def _start_web_and_worker(
    surroundings: Surroundings, environment: dict[str, str], platform: Supervisor
) -> None:
    worker = (*_CELERY, "worker", "-c", "2", "-n", "worker@%h", "--loglevel", "INFO", *_ALONE)
    # Sets up municipalities, which takes the owner's login; so it serves nobody else.
    caretaker = (
        *_CELERY, "worker", "-Q", "caretaker", "-P", "solo", "-n", "caretaker@%h",
        "--loglevel", "INFO", *_ALONE,
    )  # fmt: skip
    web = (
        "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(surroundings.port), "--workers", "2", "--blocking-threads", "4",
        "--respawn-failed-workers", "config.wsgi:application",
    )  # fmt: skip
    walled = logins.for_run_time(environment)
    platform.start(_child(surroundings, "worker", walled, *worker))
    platform.start(_child(surroundings, "web", walled, *web))
    platform.start(_child(surroundings, "caretaker", logins.for_owner(environment), *caretaker))
    say("Waiting until all parts are healthy.")


def _start_scheduler(
    surroundings: Surroundings, environment: dict[str, str], platform: Supervisor
) -> None:
    """Last, so that loading it does not keep the first page waiting."""
    schedule = str(surroundings.data_dir / "schedule")
    beat = (*_CELERY, "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile=")
    platform.start(_child(surroundings, "scheduler", environment, *beat))


def _wait_until_healthy(surroundings: Surroundings, platform: Supervisor) -> None:
    """Refuses if nothing answers; an unhealthy platform that answers says what it lacks."""
    port, host = surroundings.port, surroundings.base_domain
    address = f"http://{host}:{port}/healthz (logs: {surroundings.data_dir / 'logs'})"
    try:
        platform.wait_until(lambda: ports.health(port, host)[0] == 200, HEALTHY_SECONDS, address)
    except Late:
        status, answer = ports.health(port, host)
        if not answer:
            raise
        say(f"It runs, but is not healthy ({status}): {answer}. See {surroundings.data_dir}/logs.")


def _print_addresses(surroundings: Surroundings, seconds: float) -> None:
    host = f"{surroundings.base_domain}:{surroundings.port}"
    say(f"Started in {seconds:.0f} s.")
    print(f"\n  Portal     http://{host}/\n  Operator   http://operator.{host}/")
    accounts = surroundings.data_dir / "accounts.txt"
    if accounts.exists():
        print(accounts.read_text().rstrip())
    if not surroundings.given.get("EMAIL_URL"):
        print(f"\n  Mail is kept in {surroundings.data_dir / 'mail'} and shown here.")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def _watch(platform: Supervisor) -> None:
    followers = [logs.Follower(child.name, child.log) for child in platform.children]
    while True:
        platform.tend()
        for follower in followers:
            for line in follower.important_lines():
                say(line)
        time.sleep(TICK_SECONDS)


def _stop(platform: Supervisor) -> None:
    if platform.children:
        say("Stopping.")
    platform.stop()
