"""Another name of a kind of registration shows wherever the kind is named (R29)."""

from __future__ import annotations

import html
import re
from io import BytesIO
from typing import Any

import polib
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from pypdf import PdfReader

from certificates.enums import Layout
from certificates.operations.render import file_of, render
from certificates.queries import registration_certificate_of
from common import clock
from common.catalogues import PROJECT, catalogues
from registration.enums import PremiumEnd, StayEvidence
from registration.models import NationalParameters, PremiumApplication
from registration.operations.nightly.letters import tell_of_end
from registration.operations.premium import (
    answer,
    apply,
    approve,
    ask,
    lapse,
    refuse,
    refuse_stay,
    tell_stay,
)
from registration.operations.premium.letters import _SUBJECTS, tell
from registration.queries import standing_at
from tenants.enums import HostKind
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.premium import conditions, make_eligible, make_premium, make_verified
from tests.factories.privacy import export
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.access_table import HOSTS, questions
from tests.isolation.access_table import ask as ask_for
from tests.isolation.access_world import make_world
from tests.privacy.test_spreadsheets import read_csv

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


@pytest.fixture
def desk(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


# What is written in the code


def test_no_text_carries_a_name():
    wrong = []
    for catalogue in catalogues():
        if "wagtail_words" in catalogue.parts:
            continue
        for entry in polib.pofile(str(catalogue)):
            said = [entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()]
            text = re.sub(r"%\(\w+\)s", " ", " ".join(said))
            wrong += [f"{catalogue.parents[3].name}: {one}" for one in old_names_in(text)]
    assert wrong == []


def test_no_template_carries_a_name():
    wrong = []
    for path in PROJECT.rglob("templates/**/*.*"):
        if not path.relative_to(PROJECT).parts[0].startswith("."):
            text = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text("utf-8"))
            wrong += [f"{path.relative_to(PROJECT)}: {one}" for one in old_names_in(text)]
    assert wrong == []


# Every page there is, asked by who sees the most of it


SEES_MOST = {
    HostKind.PORTAL: "resident",
    HostKind.MUNICIPALITY: "resident",
    HostKind.ADMIN: "administrator",
    HostKind.OPERATOR: "operator",
}
# Versions that were in force keep their names.
TELLS_OF_THE_PAST = "/parameters/"


@pytest.mark.parametrize("host", HOSTS)
def test_no_page_names_a_kind_by_itself(host, kesennuma, hida, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        world = make_world(kesennuma, hida)
        connection.set_schema_to_public()
        wrong = []
        for question in questions(host, world.values):
            if question.row.method != "GET" or question.row.is_prefix:
                continue
            if question.route == TELLS_OF_THE_PAST:
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


# One person's way


@pytest.mark.parametrize("language", LANGUAGES)
def test_registering(language, kesennuma):
    path = in_language("/register/042056/", language)
    page(Client(HTTP_HOST=settings.BASE_DOMAIN), path)
    resident = ResidentFactory(
        residence=None, country="FR", address_line="1 rue Basse, Lyon", postal_code=""
    )
    browser = signed_in_client(resident.user)
    assert NEW[language]["premium"] in page(browser, path)
    register_resident(resident, kesennuma)
    assert NEW[language]["basic"] in page(browser, f"{path}done/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_basic_to_premium_and_back(language, kesennuma, officer, desk, mailoutbox):
    conditions(kesennuma, asks_documents=True, long_stay_days=10)
    resident = make_verified(language=language)
    registration = make_eligible(resident, kesennuma)
    browser = signed_in_client(resident.user)
    new = NEW[language]

    def seen(*words: str) -> None:
        for path in ("/my/", MINE, f"{MINE}stays/", "/my/data/", "/my/certificates/",
                     "/my/certificates/registration/042056/"):  # fmt: skip
            page(browser, in_language(path, language))
        shown = page(browser, in_language(MINE, language))
        assert all(word in shown for word in words)

    seen(new["basic"], new["premium"])
    for end in (refuse, approve):
        assert new["premium"] in page(browser, in_language(f"{MINE}apply/", language))
        application = apply(registration)
        page(browser, in_language(f"{MINE}application/", language))
        ask(application, officer, "領収書をお送りください。")
        seen(new["premium"])
        answer(application, "送りました。")
        _at_work(desk, application)
        if end is refuse:
            refuse(application, officer, "書類が足りません。")
        else:
            approve(application, officer)
            approve(application, make_member(kesennuma, Role.ADMINISTRATOR))
        application.refresh_from_db()
        _at_work(desk, application)
        seen(new["premium"])
    standing = standing_at(registration)
    stay = tell_stay(registration, clock.today(), clock.today(), StayEvidence.RECEIPT)
    refuse_stay(stay, officer, "読めません。")
    certificate = registration_certificate_of(resident, kesennuma.code)
    assert new["premium"] in page(browser, in_language(f"/v/{certificate.code}/", language))
    for layout in Layout:
        render(certificate.pk, layout)
        text = PdfReader(BytesIO(file_of(certificate, layout))).pages[0].extract_text()
        assert "とくべつ" in text and old_names_in(text) == []  # certificates are in Japanese
    lapse(standing, PremiumEnd.CITY_ENDED)
    seen(new["basic"])
    of_hers = f"/admin/registrants/{registration.pk}/"
    page(desk, of_hers)
    desk.post(of_hers, {"purpose": "enquiry", "note": "電話でのお尋ね"})
    registrant = page(desk, of_hers)
    assert "とくべつ登録の終了" in registrant and "もとになる市区町村" in registrant
    written = [mail.subject + mail.body for mail in mailoutbox]
    assert len(written) > 5
    assert [old_names_in(text) for text in written if old_names_in(text)] == []


def _at_work(desk: Any, application: PremiumApplication) -> None:
    assert "とくべつ" in page(desk, f"/admin/premium/{application.pk}/")
    for path in ("/admin/", "/admin/premium/", "/admin/premium/?state=granted",
                 "/admin/premium/conditions/", "/admin/registrants/"):  # fmt: skip
        page(desk, path)
    if application.status in ("granted", "refused"):
        assert "とくべつ" in page(desk, f"/admin/premium/{application.pk}/letter/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter(language, kesennuma, mailoutbox):
    resident = make_verified(language=language)
    standing = make_premium(resident, kesennuma)
    registration = standing.registration
    for letter in _SUBJECTS:
        tell(registration, letter, standing=standing, reason="", unmet=[])
    tell_of_end(
        {
            "resident": str(resident.pk),
            "standing": standing.pk,
            "ends_on": standing.ends_on.isoformat(),
        }
    )
    written = [mail.subject + mail.body for mail in mailoutbox]
    assert len(written) > len(_SUBJECTS)
    assert [old_names_in(text) for text in written if old_names_in(text)] == []
    about = [text for text in written if NEW[language]["premium"] in text]
    assert len(about) == len(written) - 2, "two are about being registered"


def test_the_exported_file(kesennuma, officer):
    make_premium(make_verified(), kesennuma)
    register_resident(ResidentFactory(), kesennuma)
    made = export(kesennuma, officer, particulars=["name", "kind"])
    desk = signed_in_client(officer, kesennuma, admin=True)
    rows = read_csv(desk.post(f"/admin/registrants/exports/{made.pk}/file/").content)
    assert sorted(row[1] for row in rows[1:]) == ["とくべつ", "なかま"]
