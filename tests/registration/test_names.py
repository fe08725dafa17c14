"""Another name of a kind of registration shows wherever the kind is named (R29)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from certificates.enums import Layout
from certificates.operations.render import file_of, render
from certificates.queries import registration_certificate_of
from common import clock
from identity.operations.guardians import withdraw
from notifications.operations import deliver_next
from privacy.models import Export
from registration.enums import (
    ApplicationKind,
    EventKind,
    PremiumEnd,
    RegistrationKind,
    StandingStatus,
    StayEvidence,
)
from registration.models import NationalParameters, PremiumApplication, Registration
from registration.operations.nightly.letters import tell_of_end
from registration.operations.premium import (
    accept_stay,
    apply,
    approve,
    ask,
    lapse,
    refuse,
    refuse_stay,
    tell_stay,
)
from registration.operations.premium.letters import _SUBJECTS, tell
from registration.rules.moves import Move
from tenants.enums import HostKind
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.guardians import make_consent, make_minor
from tests.factories.premium import conditions, make_eligible, make_premium, make_verified
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client
from tests.isolation.access_table import HOSTS, ask as ask_for, questions
from tests.isolation.access_world import make_world

pytestmark = pytest.mark.django_db
LANGUAGES = ("ja", "en")
NEW = {
    "ja": {"basic": "なかま", "premium": "とくべつ"},
    "en": {"basic": "Friend", "premium": "Special"},
}
OLD = re.compile(r"ベーシック|プレミアム|\bbasic\b|\bpremium\b", re.IGNORECASE)
MINE = "/my/registrations/042056/"


@pytest.fixture(autouse=True)
def _other_names(db: None) -> None:
    first = NationalParameters.objects.get()
    first.pk, first.version, first.effective_from = None, "2", clock.today()
    first.basic_name, first.basic_name_en = NEW["ja"]["basic"], NEW["en"]["basic"]
    first.premium_name, first.premium_name_en = NEW["ja"]["premium"], NEW["en"]["premium"]
    first.save()


def old_names_in(text: str) -> list[str]:
    """What stands around each of them, outside of addresses, styles and attributes of a page."""
    shown = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", text)
    labels = re.findall(r'(?:alt|title|aria-label|placeholder|content)="([^"]*)"', shown)
    shown = html.unescape(" ".join([re.sub(r"<[^>]*>", " ", shown), *labels]))
    shown = re.sub(r"https?://\S+|/\S*/", " ", shown)
    return [shown[max(0, m.start() - 40) : m.end() + 40] for m in OLD.finditer(shown)]


def page(client: Any, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.get("Location"))
    text: str = answer.content.decode()
    assert old_names_in(text) == [], path
    return text


def in_language(path: str, language: str) -> str:
    return path if language == "ja" else f"/en{path}"


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.ADMINISTRATOR, name="登録 花子")


# Every page there is, asked by who sees the most of it


SEES_MOST = {
    HostKind.PORTAL: "resident",
    HostKind.MUNICIPALITY: "resident",
    HostKind.ADMIN: "administrator",
    HostKind.OPERATOR: "operator",
}
# Versions that were in force keep their names; of Wagtail's own words we know nothing.
TELLS_OF_THE_PAST = {"/parameters/", "/parameters/new/"}


@pytest.mark.parametrize("host", HOSTS)
def test_no_page_names_a_kind_by_itself(host, kesennuma, hida, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        world = make_world(kesennuma, hida)
        connection.set_schema_to_public()
        wrong = []
        for question in questions(host, world.values):
            if question.row.method != "GET" or question.row.is_prefix:
                continue
            if question.route in TELLS_OF_THE_PAST:
                continue
            for who in ("visitor", SEES_MOST[host]):
                session = world.session(who, host) if who != "visitor" else None
                for language in LANGUAGES:
                    path = in_language(question.path, language)
                    answer = ask_for(
                        question, world.host(host), session, path, **{"accept-language": language}
                    )
                    if answer.status_code < 300 and "html" in answer.get("Content-Type", ""):
                        found = old_names_in(answer.body.decode())
                        wrong += [f"{host} {who} {path}: {one}" for one in found]
    assert wrong == []
