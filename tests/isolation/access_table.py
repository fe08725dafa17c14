"""Reading the table of access, walking the resolver, asking one address as one actor.

The table itself is `access.txt`, and says at its top how to read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from tenants.enums import HostKind

TABLE = Path(__file__).with_name("access.txt")
HOSTS = {
    HostKind.PORTAL: "config.urls_portal",
    HostKind.MUNICIPALITY: "config.urls_municipality",
    HostKind.ADMIN: "config.urls_admin",
    HostKind.OPERATOR: "config.urls_operator",
}
ACTORS = ["visitor", "resident", "other", "reader", "administrator", "elsewhere", "operator"]
COLUMNS = [*ACTORS, "there"]
# Where people are sent to sign in, which the table calls `sign-in`.
SIGN_IN = {
    HostKind.PORTAL: {"/account/login/"},
    HostKind.MUNICIPALITY: {"/enter/"},
    HostKind.ADMIN: {"/admin/login/", "/enter/"},
    HostKind.OPERATOR: {"/sign-in/"},
}
# Other places of redirects that have a name in the table: Wagtail's way to say "you may not"
# to a person, and the particulars that whoever has no profile is asked for.
PLACES = {"/admin/": "home", "/my/profile/": "profile"}
_client = Client(raise_request_exception=False)  # one: each loads all middleware anew
_REDIRECTS = {301, 302, 303, 307, 308}
PREFIX = "**"

# Arguments of Wagtail's routes and the object that is asked for: by the first parts of the
# route where it needs them, else by the argument's name alone.
ARGUMENTS = {
    ("pk", "/admin/api/main/documents"): "{document}",
    ("pk", "/admin/api/main/images"): "{image}",
    ("pk", "/admin/api/main/pages"): "{activity}",
    ("pk", "/admin/collections"): "{collection}",
    ("pk", "/admin/community_rooms"): "{room}",
    ("pk", "/admin/documents"): "{document}",
    ("pk", "/admin/images"): "{image}",
    ("pk", "/admin/locales"): "{locale}",
    ("pk", "/admin/localize"): "{item}",
    ("pk", "/admin/pages"): "{activity}",
    ("pk", "/admin/settings"): "{theme}",
    ("pk", "/admin/sites"): "{site}",
    ("pk", "/admin/survey_items"): "{item}",
    ("pk", "/admin/workflows"): "{none}",
    ("app_label", "/admin/bulk"): "wagtailcore",
    ("model_name", "/admin/bulk"): "page",
    ("action", "/admin/bulk"): "delete",
    ("app_label", "/admin/localize"): "surveys",
    ("model_name", "/admin/localize"): "surveyitem",
    ("app_label", "/admin/editing-sessions"): "wagtailcore",
    ("model_name", "/admin/editing-sessions"): "page",
    ("app_label", "/admin/workflows"): "wagtailcore",
    ("model_name", "/admin/workflows"): "groupapprovaltask",
    ("app_name", "/admin/tag-autocomplete"): "wagtailimages",
    ("model_name", "/admin/tag-autocomplete"): "image",
    ("app_name", "/admin/settings"): "themes",
    ("model_name", "/admin/settings"): "theme",
    ("app_label", "/admin/pages"): "activities",
    ("model_name", "/admin/pages"): "activitypage",
    ("action_name", "/admin/api"): "delete",
    ("action_name", "/admin/pages"): "approve",
}
ARGUMENTS_BY_NAME = {
    "collection_id": "{collection}",
    "content_type_app_name": "activities",
    "content_type_model_name": "activitypage",
    "destination_id": "{home}",
    "doc_id": "{document}",
    "document_id": "{document}",
    "filter_spec": "width-100",
    "image_id": "{image}",
    "mode": "live",
    "object_id": "{activity}",
    "overridable_segment_id": "{none}",
    "page_id": "{activity}",
    "page_pk": "{activity}",
    "page_to_move_id": "{activity}",
    "parent_page_id": "{activity}",
    "redirect_id": "{redirect}",
    "pk": "{account}",
    "revision_id": "{revision}",
    "revision_id_a": "{revision}",
    "revision_id_b": "{revision}",
    "session_id": "{none}",
    "string_segment_id": "{segment}",
    "task_id": "{none}",
    "task_state_id": "{none}",
    "translation_id": "{translation}",
    "translation_source_id": "{source}",
    "uploaded_file_id": "{none}",
    "workflow_pk": "{none}",
    "workflow_state_id": "{none}",
}
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True)
class Row:
    """One line of the table: a route or a prefix, how to ask, what each actor gets."""

    host: HostKind
    route: str
    method: str
    example: str
    line: int
    expected: dict[str, frozenset[str]] = field(hash=False, compare=False)

    @property
    def is_prefix(self) -> bool:
        return self.route.endswith(PREFIX)

    def covers(self, route: str) -> bool:
        if self.is_prefix:
            return route.startswith(self.route.removesuffix(PREFIX))
        return route == self.route


@dataclass(frozen=True)
class Question:
    """One address of one host, with its row."""

    row: Row
    route: str
    path: str

    @property
    def names_an_object(self) -> bool:
        """Whether the address holds for one municipality only."""
        return "{" in example_of(self.row, self.route)


def rows() -> list[Row]:
    """The table as it is written. Raises `ValueError` for a line that cannot be read."""
    found: list[Row] = []
    host: HostKind | None = None
    for number, text in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        line = text.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            host = HostKind(line.strip("[]"))
            continue
        cells = line.split()
        if host is None or len(cells) != 3 + len(COLUMNS):
            raise ValueError(f"{TABLE.name}:{number}: {COLUMNS}, method, route, example: {line}")
        *outcomes, method, route, example = cells
        expected = {
            column: frozenset(outcome.split("|"))
            for column, outcome in zip(COLUMNS, outcomes, strict=True)
        }
        found.append(Row(host, route, method, example, number, expected))
    return found


def routes(host: HostKind) -> list[str]:
    """Every route of a host as the table writes it, in the resolver's order, each once."""
    return list(dict.fromkeys(_walk(get_resolver(HOSTS[host]), "/")))


def _walk(resolver: Any, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        # Anchors say nothing about which address it is, and an included regex has its own.
        own = str(pattern.pattern).replace("\\Z", "").replace("^", "").replace("$", "")
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, prefix + own)
        else:
            yield prefix + own


def rows_for(route: str, table: list[Row]) -> list[Row]:
    """The rows of a route: its own, else those of the longest prefix that covers it."""
    covering = [row for row in table if row.covers(route)]
    exact = [row for row in covering if not row.is_prefix]
    longest = max((len(row.route) for row in covering), default=0)
    return exact or [row for row in covering if len(row.route) == longest]


def line_for(route: str) -> str:
    """A line to begin a missing row with."""
    example = _ARGUMENT.sub(lambda match: "{%s}" % (match[1] or match[2]), route)
    return f"{' '.join('?' * len(COLUMNS))}  GET  {route}  {'=' if example == route else example}"


def example_of(row: Row, route: str) -> str:
    """The address to ask for, before the names in it are filled in.

    Raises `KeyError` with a sentence for an argument that nobody has said a value for.
    """
    if row.example == "=":
        return route
    if row.example != "*":
        return row.example

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        for (argument, prefix), given in ARGUMENTS.items():
            if argument == name and route.startswith(prefix):
                return given
        if name not in ARGUMENTS_BY_NAME:
            raise KeyError(f"{route}: give `{name}` a value in ARGUMENTS of {__name__}")
        return ARGUMENTS_BY_NAME[name]

    return _ARGUMENT.sub(value, route).replace("\\", "")


def questions(host: HostKind, values: dict[str, str]) -> list[Question]:
    """What to ask on `host`: every route by each of its rows."""
    table = [row for row in rows() if row.host == host]
    return [
        Question(row, route, example_of(row, route).format(**values))
        for route in routes(host)
        for row in rows_for(route, table)
    ]


def ask(
    question: Question, host: str, session: str | None = None, path: str | None = None, **more: str
) -> Any:
    """The answer, as if nothing had happened before, and so that nothing has afterwards.

    Whatever a route is asked with, one that takes only POST gets a POST.
    """
    headers = {"host": host} | more
    _client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
    with transaction.atomic():
        answer = _client.generic(question.row.method, path or question.path, headers=headers)
        if answer.status_code == 405 and question.row.is_prefix:
            answer = _client.post(path or question.path, headers=headers)
        # Files are read while their schema is active and the rows are there.
        answer.body = answer.getvalue()
        transaction.set_rollback(True)
    return answer


def outcome(answer: Any, host: HostKind) -> str:
    """The status in the table's words."""
    if answer.status_code not in _REDIRECTS:
        return str(answer.status_code)
    where = re.sub("^/en/", "/", urlsplit(answer["Location"]).path)
    return "sign-in" if where in SIGN_IN[host] else PLACES.get(where, str(answer.status_code))
