"""A database that is out of order is told from a mistake of ours, and said in a page of its own."""

from __future__ import annotations

import errno
import logging
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InternalError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from psycopg_pool import PoolTimeout

from config.outages import outage
from tenants import middleware

PORTAL = "localhost"


def told(by: type[DatabaseError], cause: Exception) -> DatabaseError:
    """The error as Django hands it on."""
    error = by("personal words")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        told(OperationalError, psycopg.errors.DiskFull()),
        told(OperationalError, psycopg.errors.TooManyConnections()),
        told(OperationalError, psycopg.errors.AdminShutdown()),
        told(OperationalError, psycopg.errors.CannotConnectNow()),
        told(InternalError, psycopg.errors.ReadOnlySqlTransaction()),
        told(OperationalError, psycopg.OperationalError("connection refused")),
        told(OperationalError, PoolTimeout("personal words")),
        psycopg.errors.IoError(),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=lambda error: type(error.__cause__ or error).__name__,
)
def test_what_is_out_of_order(error: Exception) -> None:
    what = outage(error)
    assert what is not None
    assert "personal" not in what


@pytest.mark.parametrize(
    "error",
    [
        told(ProgrammingError, psycopg.errors.UndefinedColumn()),
        told(ProgrammingError, psycopg.errors.InsufficientPrivilege()),
        told(DatabaseError, psycopg.errors.UniqueViolation()),
        told(OperationalError, psycopg.errors.DeadlockDetected()),
        told(OperationalError, psycopg.errors.StatementTooComplex()),
        told(InternalError, psycopg.errors.InFailedSqlTransaction()),
        told(DatabaseError, psycopg.InterfaceError("the cursor is closed")),
        ProgrammingError("Cannot open a new connection in an atomic block."),
        FileNotFoundError(errno.ENOENT, "no such file"),
        RuntimeError("our fault"),
        None,
    ],
    ids=lambda error: type(getattr(error, "__cause__", None) or error).__name__,
)
def test_what_is_a_fault_of_ours(error: Exception | None) -> None:
    assert outage(error) is None


def full(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN RAISE 'no space' USING ERRCODE = '53100', DETAIL = '佐藤'; END $$"
        )
    return HttpResponse()


class Urls:
    urlpatterns = [path("full/", full), path("en/full/", full)]
    handler500 = "config.errors.server_error"
    handler404 = "config.errors.not_found"


@pytest.fixture
def visitor(kesennuma: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setitem(middleware._URLCONFS, "portal", Urls)
    return Client(raise_request_exception=False, headers={"host": PORTAL})


@pytest.mark.parametrize(
    ("where", "heading"),
    [
        ("/full/", "ただいま手続きができません"),
        ("/en/full/", "This does not work at the moment"),
    ],
)
def test_a_page_says_so_in_the_language_of_the_address(
    visitor: Client, where: str, heading: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visitor.get(where, headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert f"<h1>{heading}</h1>" in answer.content.decode()
    assert int(answer["Retry-After"]) > 0
    (said,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert (said.name, said.exc_info) == ("config.errors", None)
    assert said.getMessage().endswith("DiskFull 53100: no space")


@pytest.mark.parametrize("takes", ["*/*", "application/json"])
def test_a_script_is_told_in_json(visitor: Client, takes: str) -> None:
    answer = visitor.get("/full/", headers={"accept": takes})
    assert (answer.status_code, answer.json()) == (503, {"error": "out_of_order"})
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("where", "heading"), [("/", "ただいま手続きができません"), ("/en/", "This does not work")]
)
def test_without_any_database_the_page_comes_all_the_same(
    kesennuma: Any, monkeypatch: pytest.MonkeyPatch, where: str, heading: str
) -> None:
    """Already the host cannot be looked up: nothing of the request is known but its address."""
    monkeypatch.setattr(
        middleware.HostMiddleware, "_resolve", staticmethod(lambda host: _refused())
    )

    def none(*args: Any) -> None:
        raise AssertionError("the page asks the database")

    client = Client(raise_request_exception=False, headers={"host": "kesennuma.localhost"})
    with connection.execute_wrapper(none):
        answer = client.get(where)
    assert answer.status_code == 503
    assert heading in answer.content.decode()
    assert answer["Content-Security-Policy"]


def _refused() -> None:
    raise OperationalError from psycopg.OperationalError("connection refused")
