"""Two municipalities with pages, and residents who are signed in: what benchmarks visit.

Pages are published as editors publish them. Accounts and sessions are written in bulk: a
thousand passwords and sign-ins are not what is measured.
"""

from __future__ import annotations

import io
import secrets
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session as StoredSession
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client
from django.utils.crypto import get_random_string
from wagtail.images.models import Image
from wagtail.models import Page

from accounts.middleware import HOST_KEY, host_key
from accounts.models import Resident, User
from accounts.operations.sign_ins import as_kept
from accounts.queries import documents_in_force
from activities.models import ActivityIndexPage, ActivityPage, Session
from activities.queries import activity_index
from common import clock
from organisations.enums import OrganisationKind, Pattern
from organisations.models import Organisation
from organisations.operations.standings import give_standing
from pages.models import ArticleIndexPage, ArticlePage, HomePage
from portal.demonstration.scenery import landscape
from privacy.models import Consent
from privacy.models.consents import purpose_of
from tenants.context import municipality_context
from tenants.enums import HostKind, MunicipalityStatus, RequestStatus, TermsKind
from tenants.hosts import municipality_host
from tenants.models import LocalGovernment, Municipality, ParticipationRequest, Terms
from tenants.operations.provision import provision

KESENNUMA, HIDA = "042056", "212172"
FIRST_DAY = date(2026, 4, 1)
_CSRF_LENGTH = 32  # of the secret; it is accepted in a form as it stands in the cookie


@dataclass(frozen=True)
class World:
    """One of the municipalities, with a session that takes place now, and the residents."""

    municipality: Municipality
    host: str
    session_uuid: UUID
    residents: list[Resident]


def make_world(*, articles: int, activities: int, residents: int = 0) -> World:
    """Fill a database; so much stands in each of the two municipalities.

    There must be one activity at least.
    """
    print("Preparing a database; this takes about a minute.", file=sys.stderr, flush=True)
    call_command("prepare", stdout=sys.stderr)
    places = [_take_part(code) for code in (KESENNUMA, HIDA)]
    for place in places:
        _write_pages(place, articles, activities)
    with municipality_context(places[0]):
        running = Session.objects.filter(starts_at__lte=clock.now()).earliest("pk")
    return World(
        municipality=places[0],
        host=municipality_host(places[0]),
        session_uuid=running.uuid,
        residents=_make_residents(residents),
    )


def activities_path(municipality: Municipality) -> str:
    """Path of the list of activities on the municipality's host."""
    with municipality_context(municipality):
        parts = _index().get_url_parts()
        return parts[2] if parts else ""


def signed_in_cookies(residents: list[Resident]) -> list[tuple[str, str]]:
    """For each resident a session on the portal: Cookie header and token for forms."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows, cookies = [], []
    for resident in residents:
        key, csrf = get_random_string(32).lower(), get_random_string(_CSRF_LENGTH)
        data = {
            SESSION_KEY: str(resident.user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: resident.user.get_session_auth_hash(),
            HOST_KEY: host_key(HostKind.PORTAL),
            **as_kept(key),  # a session in use, not one that has just begun
        }
        rows.append(
            StoredSession(
                session_key=key,
                session_data=store.encode(data),
                expire_date=clock.now() + timedelta(days=1),
            )
        )
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={csrf}"
        cookies.append((cookie, csrf))
    StoredSession.objects.bulk_create(rows)
    return cookies


def test_client_of(resident: Resident) -> Client:
    """A client in this process, signed in on the portal."""
    client = Client()
    client.cookies.load(signed_in_cookies([resident])[0][0])
    return client


def _index() -> ActivityIndexPage:
    index = activity_index()
    if index is None:
        raise LookupError("the municipality has no list of activities")
    return index


def _take_part(code: str) -> Municipality:
    if there := Municipality.objects.filter(pk=code).first():
        return there
    request = ParticipationRequest.objects.create(
        local_government=LocalGovernment.objects.get(pk=code),
        department="企画課",
        contact_name="担当者",
        contact_email=f"staff-{code}@example.jp",
        contact_phone="00-0000-0000",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
        status=RequestStatus.APPROVED,
    )
    municipality = provision(request)
    municipality.status = MunicipalityStatus.PUBLISHED
    municipality.save(update_fields=["status"])
    return municipality


def _write_pages(municipality: Municipality, articles: int, activities: int) -> None:
    # Trusted, so that a check-in asks for the standing too (R17).
    organisation = Organisation.objects.create(
        name=f"{municipality.name}まちづくり協議会", kind=OrganisationKind.RMO
    )
    give_standing(
        organisation,
        municipality,
        pattern=Pattern.TRUSTED,
        valid_from=FIRST_DAY,
        decided_by=None,
    )
    with municipality_context(municipality):
        _show_picture(HomePage.objects.get())
        news = ArticleIndexPage.objects.get()
        for number in range(articles):
            _publish(news, ArticlePage(title=f"お知らせ{number}", lead="海辺の市を開きます。"))
        for number in range(activities):
            page = ActivityPage(
                title=f"海辺の清掃{number}",
                summary="海辺のごみを一緒に拾いましょう。",
                organisation=organisation,
                designated_from=FIRST_DAY,
            )
            page.sessions = _sessions()
            _publish(_index(), page)


def _show_picture(home: HomePage) -> None:
    file = ImageFile(io.BytesIO(landscape("blue", 1)), name="fukei.png")
    home.hero_image = Image.objects.create(title="海", description="海", file=file)
    home.hero_image_alt = "朝の海"
    home.save_revision().publish()


def _sessions() -> list[Session]:
    """One that has just begun, one in a week."""
    begun = clock.now() - timedelta(minutes=10)
    return [
        Session(starts_at=start, ends_at=start + timedelta(hours=3), place="内湾地区 ムカエル")
        for start in (begun, begun + timedelta(days=7))
    ]


def _publish(parent: Page, page: Page) -> None:
    page.locale, page.slug, page.live = parent.locale, secrets.token_hex(5), False
    parent.add_child(instance=page)
    page.save_revision().publish()


def _make_residents(count: int) -> list[Resident]:
    users = User.objects.bulk_create(
        User(email=f"resident{number}@example.jp", password=make_password(None))
        for number in range(count)
    )
    Consent.objects.bulk_create(
        Consent(user=user, purpose=purpose_of(text), text=text)
        for text in documents_in_force()
        for user in users
    )
    return Resident.objects.bulk_create(
        Resident(
            user=user,
            family_name="佐藤",
            given_name="花子",
            family_kana="サトウ",
            given_kana="ハナコ",
            birth_date=date(1988, 4, 2),
            postal_code="9880017",
            residence_id=KESENNUMA,
            address_line="南町1丁目2番3号",
        )
        for user in users
    )
