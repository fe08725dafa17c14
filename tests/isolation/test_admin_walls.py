"""An editor of one municipality at the admin of another (hard case 1)."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.factories.accounts import signed_in_client
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db

# Open to everybody on purpose: signing in, a forgotten password, and what the sign-in page
# itself needs. They show nothing of the municipality but its name.
OPEN = ("admin/login/", "admin/logout/", "admin/password_reset/", "admin/jsi18n/", "admin/sprite/")
# Names of arguments and a value that some object of 飛騨市 has.
VALUES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def _addresses(resolver=None, prefix=""):
    """Every address of the admin host, arguments filled in where their kind is known."""
    for pattern in (resolver or get_resolver("config.urls_admin")).url_patterns:
        route = prefix + str(pattern.pattern).replace("^", "").replace("\\Z", "").replace("$", "")
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern, route)
        else:
            filled = _filled(route)
            if filled is not None:
                yield filled


def _filled(route):
    import re

    route = re.sub(r"<(?:(\w+):)?\w+>", lambda m: VALUES.get(m[1] or "str", "x"), route)
    return None if set(route) & set("(<[?*+\\") else route


ADDRESSES = sorted(set(_addresses()))


def test_the_walk_finds_the_admin():
    assert len(ADDRESSES) > 150
    for part in ("admin/pages/", "admin/images/", "admin/reports/", "admin/staff/", "admin/bulk/"):
        assert any(address.startswith(part) for address in ADDRESSES), part


def test_an_editor_elsewhere_is_refused_every_address(kesennuma, hida):
    administrator = make_member(kesennuma, "administrator")
    here = signed_in_client(administrator, kesennuma, admin=True)
    assert here.get("/admin/").status_code == 200, "at home the door is open"
    # A session begun on 飛騨市's host itself: only the role is missing.
    there = signed_in_client(administrator, hida, admin=True)
    let_in = []
    for address in ADDRESSES:
        if not address.startswith("admin/") or address.startswith(OPEN):
            continue
        answer = there.get(f"/{address}")
        if not _refused(answer):
            let_in.append((address, answer.status_code))
    assert let_in == []


def test_a_visitor_is_refused_every_address(kesennuma):
    visitor = Client(HTTP_HOST="kesennuma.admin.localhost")
    let_in = []
    for address in ADDRESSES:
        if not address.startswith("admin/") or address.startswith(OPEN):
            continue
        answer = visitor.get(f"/{address}")
        if not _refused(answer):
            let_in.append((address, answer.status_code))
    assert let_in == []


def _refused(answer):
    if answer.status_code in (403, 404, 405):
        return True
    return answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
