"""What the access table is asked about: two municipalities full of things, and who asks.

Both get the same things, so that everything of the one has a counterpart in the other. The
keys of 気仙沼市 begin where those of 飛騨市 never reach: an address of the one that finds
anything in the other has crossed over, and has not met a row of the same number by chance.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from PIL import Image as Picture
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)
from wagtail_localize.models import Translation, TranslationSource

from accounts.middleware import HOST_KEY, host_key
from accounts.models import OpenSession, Passkey, Resident, User
from activities.models import Session
from activities.operations.work_log import log_work, register_coordinator
from activities.queries import activity_index
from attendance.codes.feed import feed_token
from attendance.models import ParticipationRecord, SignUp, Voice, VoiceAnswer
from attendance.operations.calendar import renew_feed
from attendance.operations.check_in import check_in
from attendance.operations.ledger.objecting import object_to
from attendance.operations.sign_ups import sign_up
from attendance.operations.signing_up.drawing import commit
from attendance.operations.voices import write_voice
from attendance.rules.sign_up import Wish
from certificates.operations.issue import issue_activity_certificate
from certificates.queries import registration_certificate_of
from common import clock
from identity.operations.guardians import ask_guardian
from notifications.models import OutboxMessage
from organisations.models import Organisation
from organisations.operations.programmes import add_programme
from pages.models import ArticleIndexPage, ArticlePage
from portal.operations.listings import index_municipality
from surveys.enums import QuestionKind, Survey
from surveys.operations import GivenAnswer, keep_answers
from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import LocalGovernment, Municipality, NetworkRange, RequestBatch
from tenants.operations.operators import make_operator
from tenants.operations.requests import submit_request
from tenants.staff.models import Membership
from tenants.staff.operations import invite
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, pass_second_factor
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.community import make_post, make_room
from tests.factories.counter import make_entry
from tests.factories.earlier import fill_earlier
from tests.factories.guardians import make_consent
from tests.factories.identity import make_check
from tests.factories.needs import make_need
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.surveys import make_item
from tests.isolation.organisation_rows import fill_organisation
from tests.isolation.own_application_rows import fill_own_application
from tests.isolation.premium_rows import fill_premium
from tests.isolation.privacy_rows import fill_privacy
from themes.models import Theme

# On everything of 飛騨市 that anybody can read; nothing of 気仙沼市 may show it.
MARKER = "ヒダノシルシ"
WORD = "ケセンヌマノコトバ"  # and the other way round
_HIGH = 700_000
_YOUNG = clock.today() - timedelta(days=15 * 365)
_OUTSIDER = "131016"  # 千代田区, which has asked to take part


@dataclass
class World:
    """Both municipalities, the words that addresses are made of, and a session per actor."""

    here: Municipality
    there: Municipality
    values: dict[str, str] = field(default_factory=dict)  # of 気仙沼市, by the name in `{}`
    people: dict[str, User] = field(default_factory=dict)

    def host(self, kind: HostKind, municipality: Municipality | None = None) -> str:
        base = settings.BASE_DOMAIN
        match kind:
            case HostKind.PORTAL:
                return base
            case HostKind.OPERATOR:
                return f"operator.{base}"
            case HostKind.ADMIN:
                return f"{(municipality or self.here).slug}.admin.{base}"
        return f"{(municipality or self.here).slug}.{base}"

    def session(self, who: str, kind: HostKind, municipality: Municipality | None = None) -> str:
        """The cookie of a session that `who` began on that host."""
        user = self.people[who]
        of_municipality = kind in {HostKind.MUNICIPALITY, HostKind.ADMIN}
        owner = (municipality or self.here) if of_municipality else None
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                HOST_KEY: host_key(kind, owner),
            }
        )
        session.save()
        if kind in {HostKind.ADMIN, HostKind.OPERATOR}:
            pass_second_factor(session, user, owner)
            session.save()
        return str(session.session_key)


def make_world(here: Municipality, there: Municipality) -> World:
    """Fill both municipalities."""
    _raise_keys(here)
    world = World(here, there)
    resident, other = ResidentFactory(), ResidentFactory()
    elsewhere = _fill(there, other, MARKER)
    world.values = _fill(here, resident, WORD)
    _take_part(resident, there, UUID(elsewhere["session"]))
    world.values["national_certificate"] = str(issue_activity_certificate(resident).pk)
    world.values["feed"] = feed_token(renew_feed(resident).secret)
    world.values["none"] = "999999"
    world.values |= _of_a_guardian(resident)
    world.values |= _of_sign_ins(resident)
    operator = make_operator("operator@example.jp", "運営", "unei-tantou-2026")
    world.values |= _of_the_operator(here, operator)
    world.people = {
        "resident": resident.user,
        "other": other.user,
        "reader": make_member(here, Role.READER),
        "editor": make_member(here, Role.EDITOR),
        "administrator": make_member(here, Role.ADMINISTRATOR),
        "elsewhere": make_member(there, Role.ADMINISTRATOR),
        "operator": operator,
    }
    world.values["registrant"] = str(resident.pk)
    world.values["check"] = str(make_check(here, resident, world.people["administrator"]).pk)
    for place, staff in ((there, "elsewhere"), (here, "administrator")):
        entry = make_entry(place, world.people[staff])
        world.values["counter_entry"] = str(entry.pk)
        world.values |= fill_earlier(place, world.people[staff])
        _of_the_work_log(place, world.people[staff])
    with municipality_context(here):
        world.values["membership"] = str(Membership.objects.order_by("pk").first().pk)
    fill_organisation(there, other, MARKER)
    world.values |= fill_organisation(here, resident, WORD)
    fill_privacy(world)
    fill_own_application(world)
    fill_premium(world)
    connection.set_schema_to_public()
    return world


def _of_the_work_log(place: Municipality, coordinator: User) -> None:
    """What the one did elsewhere, and at what cost, is nobody's business here."""
    with municipality_context(place):
        register_coordinator(coordinator, 2026, "dedicated", 1)
        log_work(coordinator, clock.today(), Decimal(1), place.name, None, uuid4())


def _of_a_guardian(resident: Resident) -> dict[str, str]:
    """A child who asks, and a child `resident` has agreed for."""
    asking, child = ResidentFactory(birth_date=_YOUNG), ResidentFactory(birth_date=_YOUNG)
    ask_guardian(asking, "guardian@example.jp")
    mail = OutboxMessage.objects.filter(kind="mail").order_by("-pk").first()
    found = re.search(r"/guardian/([^/]+)/", mail.payload["body"])
    assert found
    consent = make_consent(child, resident)
    return {"guardian_token": found[1], "consent": str(consent.pk)}


def _of_sign_ins(resident: Resident) -> dict[str, str]:
    """A passkey, and a session on a device that is not before us."""
    passkey = Passkey.objects.create(
        user=resident.user,
        user_handle=b"handle",
        credential_id=b"credential",
        credential=b"",
        name="電話",
    )
    session = OpenSession.objects.create(
        user=resident.user, session_key="elsewhere", chain="1" * 32
    )
    return {"passkey": str(passkey.pk), "open_session": str(session.pk)}


def _of_the_operator(here: Municipality, operator: User) -> dict[str, str]:
    """What the operator's host is about."""
    request = submit_request(
        local_government=LocalGovernment.objects.get(pk=_OUTSIDER),
        department="企画課",
        contact_name="担当者",
        contact_email="staff@example.jp",
        contact_phone="03-0000-0000",
    )
    batch = RequestBatch.objects.create(
        uploaded_by=operator, file_name="request.xlsx", digest="0" * 64, row_count=1
    )
    # Where the tests' requests come from: any other range would close the admin host to them.
    network = NetworkRange.objects.create(
        municipality=here, cidr="127.0.0.0/8", created_by=operator
    )
    return {"request": str(request.pk), "batch": str(batch.pk), "range": str(network.pk)}


def _raise_keys(municipality: Municipality) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', schemaname, sequencename) FROM pg_sequences"
            " WHERE schemaname = %s",
            [municipality.schema_name],
        )
        # Not setval(), which a rollback would not take back.
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {_HIGH}")


def _fill(municipality: Municipality, resident: Resident, word: str) -> dict[str, str]:
    """One of everything; the words of an address that name it."""
    register_resident(resident, municipality)
    activity = make_activity(
        municipality,
        title=f"{word}の清掃",
        summary=f"{word}を一緒に清掃しましょう。",
        slug=f"seisou-{municipality.slug}",
        sessions=[session_values(place=f"{word}広場")],
    )
    organisation = make_organisation(municipality, name=f"{word}協議会")
    add_programme(organisation, f"{word}の旅", municipality)
    draft = make_activity(
        municipality, title=f"{word}の下書き", slug=f"draft-{municipality.slug}", publish=False
    )
    room = make_room(municipality, f"{word}の部屋", slug=f"room-{municipality.slug}")
    post = make_post(municipality, resident, f"{word}から、はじめまして。", room=room)
    need = make_need(municipality, resident=resident, title=f"{word}の困りごと")
    item = make_item(municipality, f"{word}は好きですか。")
    session = _only_session(municipality, activity)
    record = _take_part(resident, municipality, session.uuid)
    objection = object_to(resident, record, "二時間いました")
    voice = _say_a_word(resident, municipality, session.uuid, word, organisation)
    commit(municipality, session.uuid, None)
    activity_certificate = issue_activity_certificate(resident, municipality)
    registration_certificate = registration_certificate_of(resident, municipality.code)
    assert registration_certificate is not None
    with municipality_context(municipality):
        index_municipality()
        answer = GivenAnswer(QuestionKind.SHORT_TEXT, item.text, f"{word}が好きです。", item=item)
        keep_answers(resident.pk, Survey.REGISTRATION, [answer])
        values = _fill_cms(municipality, word)
        invitation = invite(f"new@{municipality.slug}.example.jp", Role.READER)
    mail = OutboxMessage.objects.filter(kind="mail").order_by("-pk").first()
    found = re.search(r"/welcome/([^/]+)/", mail.payload["body"])
    assert found
    return values | {
        "code": municipality.code,
        "schema": municipality.schema_name,
        "activity": str(activity.pk),
        "activity_path": activity_path(municipality, activity),
        "draft": str(draft.pk),
        "draft_path": activity_path(municipality, draft),
        "revision": str(activity.latest_revision_id),
        "session": str(session.uuid),
        "record": str(record.pk),
        "signed_up": str(SignUp.objects.get(resident=resident, session_uuid=session.uuid).pk),
        "objection": str(objection.pk),
        "voice": str(voice.pk),
        "sign_up": str(SignUp.objects.get(resident=resident, session_uuid=session.uuid).pk),
        "draft_session": str(_only_session(municipality, draft).uuid),
        "token": venue_token(municipality.code, session.uuid),
        "room": str(room.pk),
        "room_slug": room.slug,
        "post": str(post.pk),
        "item": str(item.pk),
        "need": str(need.pk),
        "invitation": str(invitation.pk),
        "invitation_token": found[1],
        "organisation": str(organisation.pk),
        "certificate": str(registration_certificate.pk),
        "certificate_code": registration_certificate.code,
        "activity_certificate": str(activity_certificate.pk),
        "activity_certificate_code": activity_certificate.code,
        "resident": str(resident.pk),
        "account": str(resident.user.pk),
    }


def _take_part(
    resident: Resident, municipality: Municipality, session_uuid: UUID
) -> ParticipationRecord:
    with municipality_context(municipality):
        starts_at = Session.objects.get(uuid=session_uuid).starts_at
    # The guardian is asked of minors; of others it is left unread.
    sign_up(resident, municipality, session_uuid, Wish((), "保護者", "0226226600"))
    with time_machine.travel(starts_at):
        return check_in(resident, venue_token(municipality.code, session_uuid)).record


def _say_a_word(
    resident: Resident, municipality: Municipality, session: UUID, word: str, by: Organisation
) -> Voice:
    """A participant's words, public, with an answer that waits."""
    voice = write_voice(resident, municipality, session, f"{word}はよいところでした。", word)
    Voice.objects.filter(pk=voice.pk).update(state="published", decided_at=clock.now())
    VoiceAnswer.objects.create(
        voice=voice, organisation=by, organiser=by.name, municipality=municipality,
        session_uuid=session, text=f"{word}でまたどうぞ。", written_by=resident.user,
        written_at=clock.now(),
    )  # fmt: skip
    return voice


def _only_session(municipality: Municipality, page: Any) -> Any:
    with municipality_context(municipality):
        return page.sessions.get()


def activity_path(municipality: Municipality, page: Any) -> str:
    """Path of a page on the municipality's host."""
    with municipality_context(municipality):
        parent = activity_index()
        assert parent is not None
        return f"/{parent.slug}/{page.slug}/"


def _fill_cms(municipality: Municipality, word: str) -> dict[str, str]:
    """Articles, files, languages: what Wagtail keeps in the active schema."""
    news = ArticleIndexPage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    article = _article(news, f"{word}のお知らせ", f"news-{municipality.slug}")
    closed = _article(news, f"{word}の内輪", f"closed-{municipality.slug}")
    lock = PageViewRestriction.objects.create(
        page=closed, restriction_type="password", password="himitsu"
    )
    root = Collection.get_first_root_node()
    collection = root.add_child(name=f"{word}の書類")
    private = root.add_child(name=f"{word}の内部書類")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    shared = root.add_child(name=f"{word}の回覧")
    collection_lock = CollectionViewRestriction.objects.create(
        collection=shared, restriction_type="password", password="himitsu"
    )
    document = Document.objects.create(
        title=f"{word}要項", file=ContentFile(b"text", name="youkou.txt"), collection=collection
    )
    secret = Document.objects.create(
        title=f"{word}名簿", file=ContentFile(b"names", name="meibo.txt"), collection=private
    )
    circular = Document.objects.create(
        title=f"{word}回覧", file=ContentFile(b"notes", name="kairan.txt"), collection=shared
    )
    stream = io.BytesIO()
    Picture.new("RGB", (320, 240), "teal").save(stream, "PNG")
    stream.seek(0)
    image = Image.objects.create(
        title=f"{word}の海", description=f"{word}の海", file=ImageFile(stream, name="umi.png")
    )
    theme = Theme.objects.create()
    redirect = Redirect.objects.create(
        old_path=f"/furui-{municipality.slug}", redirect_link=f"/news-{municipality.slug}/"
    )
    source, _made = TranslationSource.update_or_create_from_instance(article)
    english = Locale.objects.get(language_code="en")
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target(publish=False)
    segment = source.stringsegment_set.first()
    assert segment is not None
    return {
        "article": str(article.pk),
        "article_path": f"/{news.slug}/{article.slug}/",
        "closed": str(closed.pk),
        "closed_path": f"/{news.slug}/{closed.slug}/",
        "lock": str(lock.pk),
        "collection": str(collection.pk),
        "collection_lock": str(collection_lock.pk),
        "document": str(document.pk),
        "document_path": f"/documents/{document.pk}/{document.filename}",
        "secret_path": f"/documents/{secret.pk}/{secret.filename}",
        "circular_path": f"/documents/{circular.pk}/{circular.filename}",
        "image": str(image.pk),
        "rendition_path": image.get_rendition("width-100").url,
        "original_path": image.file.url,
        "redirect": str(redirect.pk),
        "redirect_path": f"{redirect.old_path}/",
        "source": str(source.pk),
        "translation": str(translation.pk),
        "segment": str(segment.pk),
        "locale": str(english.pk),
        "theme": str(theme.pk),
        "site": str(Site.objects.get().pk),
        "home": str(Page.objects.get(depth=2, locale__language_code="ja").pk),
    }


def _article(parent: ArticleIndexPage, title: str, slug: str) -> ArticlePage:
    article = ArticlePage(title=title, slug=slug, locale=parent.locale)
    parent.add_child(instance=article)
    article.save_revision().publish()
    parent.refresh_from_db()
    return article
