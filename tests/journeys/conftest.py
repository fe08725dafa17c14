"""The whole product, running: web server, worker, mail server, browser, a database of its own.

Nothing is replaced: granian serves, Celery works through the outbox, aiosmtpd takes the
mail, Debian's Chromium looks at the pages.
"""

from __future__ import annotations

import email
import email.policy
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from launcher import logins
from tests.conftest import _use
from tests.journeys.walking import Walker

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
WAIT_SECONDS = 60
START_SECONDS = 180  # on a machine with other work


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """Every mail the product sent, as the mail server received it."""

    messages: list[email.message.EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 taken"

    def wait_for(self, to: str, containing: str = "", after: int = 0) -> str:
        """The text of the newest mail to `to`; waits for the worker to deliver it."""
        ends_at = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < ends_at:
            for message in reversed(self.messages[after:]):
                body = message.get_content()
                if to in message["To"] and containing in body:
                    return body
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to}; there are {[m['To'] for m in self.messages]}")


@dataclass
class Platform:
    """The running product: its port, its mail, its environment, its database's name."""

    port: int
    mailbox: Mailbox
    data_dir: Path
    environment: dict[str, str]
    database: str

    def url(self, host: str, path: str = "/") -> str:
        """`url("kesennuma", "/rooms/")`; the portal's host is the empty string."""
        name = f"{host}.localhost" if host else "localhost"
        return f"http://{name}:{self.port}{path}"

    def manage(self, *words: str, typed: str = "") -> str:
        """Run one of Django's commands against the product's database; what it printed."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def log(self) -> str:
        """The last that web, worker and caretaker said."""
        return (self.data_dir / "log.txt").read_text()[-4000:]

    @contextmanager
    def own_process(self) -> Iterator[None]:
        """Inside, the operations this test calls itself work on the product's database."""
        usual = connection.settings_dict["NAME"]
        _use(self.database)
        try:
            yield
        finally:
            _use(usual)


def first_link(text: str, pattern: str = r"https?://\S+") -> str:
    """The first address in a mail."""
    found = re.search(pattern, text)
    assert found, text
    return found.group()


@pytest.fixture(scope="session")
def platform(
    prepared_database: str,
    django_db_blocker: object,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[Platform]:
    """The product, for all journeys that leave it as people would."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        url = _copy_of(
            prepared_database,
            f"furusato_journey_{os.environ.get('TEST_DB_SUFFIX', '')}{worker_id}",
        )
    with running(url, tmp_path_factory.mktemp("platform")) as platform:
        yield platform


@contextmanager
def running(url: str, data_dir: Path) -> Iterator[Platform]:
    """Starts everything on free ports, with the database at `url`."""
    mailbox = Mailbox()
    smtp_port, port = _free_port(), _free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=smtp_port)
    controller.start()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "DJANGO_SETTINGS_MODULE": "journeys_settings",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    walled = logins.for_run_time(environment)
    programs = Path(sys.executable).parent
    web = [str(programs / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    web += ["--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    web += ["--log-level", "warning", "config.wsgi:application"]
    worker = [str(programs / "celery"), "-A", "config.celery", "worker", "-c", "1", "-B"]
    worker += ["--schedule", str(data_dir / "beat"), "--loglevel", "WARNING"]
    caretaker = [str(programs / "celery"), "-A", "config.celery", "worker", "-P", "solo"]
    caretaker += ["-Q", "caretaker", "-n", "caretaker@%h", "--loglevel", "WARNING"]
    log = (data_dir / "log.txt").open("w")
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=its_environment, stdout=log, stderr=log)
        for command, its_environment in (
            (web, walled),
            (worker, walled),
            (caretaker, environment),
        )
    ]
    try:
        _wait_until_up(port, data_dir / "log.txt")
        database = url.partition("?")[0].rsplit("/", 1)[1]
        yield Platform(port, mailbox, data_dir, environment, database)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        controller.stop()


def _copy_of(source: str, name: str) -> str:
    """Copies a database and gives the copy's address."""
    parameters = connection.get_connection_params()
    keys = {k: parameters[k] for k in ("host", "port", "user", "password") if k in parameters}
    with psycopg.connect(**keys, dbname="postgres", autocommit=True) as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    return _with_name(os.environ["DATABASE_URL"], name)


def _with_name(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def _wait_until_up(port: int, log: Path) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at:
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            if client.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"the product did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture
def walkers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Walker]]:
    """People to be added as they set out; what they see is kept where the test fails."""
    people: list[Walker] = []
    yield people
    failed = request.session.testsfailed
    for number, walker in enumerate(people):
        if failed and not walker.page.is_closed():
            walker.page.screenshot(path=tmp_path / f"{number}.png")
            (tmp_path / f"{number}.txt").write_text(walker.page.url)
        walker.context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with nothing of its own going out to the network."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop belongs to this thread, which is ours alone: Django may be asked.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()
