"""Every form of the platform, found by asking every address, and filled in by hand.

The addresses are those of the table of access: a new one is in it, or its test fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from common.fields import encrypted_fields
from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import Municipality
from tests.isolation.access_table import questions
from tests.isolation.access_world import World

WHO = [
    (HostKind.PORTAL, None),
    (HostKind.PORTAL, "resident"),
    (HostKind.PORTAL, "newcomer"),
    (HostKind.MUNICIPALITY, "resident"),
    (HostKind.ADMIN, None),
    (HostKind.ADMIN, "administrator"),
    (HostKind.OPERATOR, None),
    (HostKind.OPERATOR, "operator"),
]
# Addresses beyond the table's: with something chosen, or of another kind of page.
MORE = {
    (HostKind.PORTAL, None): ["/participate/?prefecture=130001"],
    (HostKind.PORTAL, "newcomer"): ["/register/042056/", "/my/profile/"],
    (HostKind.ADMIN, "administrator"): [
        "/admin/pages/{home}/edit/",
        "/admin/pages/{article}/edit/",
        "/admin/pages/add/pages/articlepage/{news}/",
        "/admin/pages/add/activities/activitypage/{activities}/",
    ],
}
_TYPED = {"text", "search", "tel", "url", "email", ""}


@dataclass
class Form:
    """A form on a page: where it goes, what stands in it, which of it is typed."""

    host: str
    page: str
    action: str
    method: str
    values: dict[str, Any]
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


_client = Client(raise_request_exception=False)  # one: each loads all middleware anew


def client_for(world: World, kind: HostKind, who: str | None) -> Client:
    """The one client, as `who` on a host of that kind, as if nothing had happened before."""
    _client.headers = {"host": world.host(kind)}
    _client.defaults["HTTP_HOST"] = world.host(kind)
    _client.cookies = SimpleCookie()
    if who:
        _client.cookies[settings.SESSION_COOKIE_NAME] = world.session(who, kind)
    return _client


def pages(world: World, kind: HostKind, who: str | None) -> Iterator[tuple[str, Any]]:
    """Every address of a host that is there to be read, with the answer; nothing is left behind."""
    seen = set()
    asked = [question.path for question in questions(kind, world.values)]
    for path in [*asked, *(more.format(**world.values) for more in MORE.get((kind, who), ()))]:
        if path in seen:
            continue
        seen.add(path)
        with transaction.atomic():
            answer = client_for(world, kind, who).get(path)
            answer.body = answer.getvalue()
            transaction.set_rollback(True)
        yield path, answer


def forms(world: World, kind: HostKind, who: str | None) -> Iterator[Form]:
    """Every form with something to type, each once."""
    seen = set()
    for path, answer in pages(world, kind, who):
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        for tag in BeautifulSoup(answer.body, "html.parser").find_all("form"):
            form = _read(tag, world.host(kind), path)
            mark = (form.action.partition("?")[0], tuple(sorted(form.values)), tuple(form.files))
            if (form.typed or form.files) and mark not in seen:
                seen.add(mark)
                yield form


def _read(tag: Tag, host: str, path: str) -> Form:
    action = str(tag.get("action") or path)
    form = Form(
        host, path, path if action.startswith("#") else action, str(tag.get("method", "get")), {}
    )
    for one in tag.find_all(["input", "textarea", "select"]):
        name = str(one.get("name") or "")
        if name and "__prefix__" not in name and not one.has_attr("disabled"):
            _add(form, name, one)
    for one in tag.select("[data-block]"):  # a page's content, which Wagtail's script fills in
        form.values[f"{one['id']}-count"] = "0"
    return form


def _add(form: Form, name: str, one: Tag) -> None:
    kind = "" if one.name == "input" and not one.get("type") else str(one.get("type", one.name))
    match kind:
        case "textarea":
            form.values[name] = one.text
            form.typed.append(name)
        case "select":
            chosen = one.find("option", selected=True) or one.find("option")
            form.values[name] = str(chosen.get("value", "")) if chosen else ""
        case "checkbox" | "radio":
            if one.has_attr("checked") or name not in form.values:
                form.values[name] = str(one.get("value", "on"))
        case "file":
            form.files.append(name)
        case "submit" | "button":
            pass
        case _:
            form.values[name] = str(one.get("value", ""))
            if kind in _TYPED:
                form.typed.append(name)


def kept() -> Iterator[tuple[str, str]]:
    """All the database keeps, table by table: as a dump has it, and what is encrypted in it."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                yield table, b"".join(bytes(part) for part in copy).decode()
    for session in Session.objects.all():
        yield "sessions", json.dumps(session.get_decoded(), ensure_ascii=False)
    yield from _decrypted()
    for municipality in Municipality.objects.all():
        with municipality_context(municipality):
            yield from _decrypted(municipality.schema_name)


def _decrypted(schema: str = "public") -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        names = [one.attname for one in encrypted_fields(model)]
        if names and (schema == "public") == (model._meta.app_label in _shared()):
            yield f"{schema}: {model._meta.label}", repr(list(model.objects.values_list(*names)))


def _shared() -> set[str]:
    return {name.rsplit(".", 1)[-1] for name in settings.SHARED_APPS}
