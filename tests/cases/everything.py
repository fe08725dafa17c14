"""Two people with a row in every table that holds something of a person, at two municipalities."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import time_machine
from allauth.account.models import EmailAddress, EmailConfirmation

from accounts.enums import Channel, SecurityEventKind
from accounts.models import (
    ClaimCode,
    CounterEntry,
    Handoff,
    ImportedAccount,
    OpenSession,
    Passkey,
    RecoveryCode,
    Resident,
    User,
)
from accounts.operations.acceptances import accept_terms
from accounts.operations.merge import merge
from accounts.operations.security_events import record
from accounts.queries import documents_in_force
from activities.models import ActivityReport, Session, ThanksNote
from activities.operations.needs import tell_need
from activities.operations.projects import submit_project
from attendance.models import EarlierRecord, Outcome, ParticipationReport, VoiceAnswer
from attendance.operations.calendar import renew_feed
from attendance.operations.check_in import check_in
from attendance.operations.earlier.deciding import give_to
from attendance.operations.ledger.amend import correct
from attendance.operations.ledger.objecting import answer, object_to
from attendance.operations.sign_ups import sign_up
from attendance.operations.voices import hide_voice, write_voice
from attendance.rules.sign_up import Companion, Wish
from certificates.enums import Layout
from certificates.models import Certificate, CertificateFile
from certificates.operations.issue import issue_activity_certificate
from common import clock
from community.models import Post
from identity.models import Attempt, ComingOfAge, GuardianInvitation, WaitingProof
from notifications.models import OutboxMessage
from organisations.models import StandingRequest
from privacy.enums import CaseDecision
from privacy.models import AccountClosing
from privacy.operations.cases import check_identity, decide, finish, write_note
from privacy.operations.exports import fetch_file
from registration.enums import DecisionOccasion
from registration.models import (
    ApplicationMessage,
    EndNotice,
    PremiumApplication,
    Registration,
    ReleaseWarning,
    Stay,
)
from registration.operations.premium import gather, hand_in
from registration.operations.premium.common import By
from registration.operations.premium.deciding import keep
from registration.operations.premium.granting import grant
from registration.rules.engine import decide as judge
from surveys.enums import QuestionKind, Survey
from surveys.operations import GivenAnswer, keep_answers
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.cases.scanning import Needles
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.codes import venue_token
from tests.factories.community import make_post
from tests.factories.earlier import row, take
from tests.factories.guardians import make_consent, make_guardian, verify
from tests.factories.identity import make_check
from tests.factories.members import make_organisation_member
from tests.factories.needs import make_need
from tests.factories.organisations import make_organisation
from tests.factories.packages import part
from tests.factories.premium import took_part_thrice
from tests.factories.privacy import a_case, export, look_at
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.surveys import make_item

# Names, numbers and addresses that stand nowhere else, so that they can be looked for.
JURIA = {
    "person": (
        "鬼龍院", "珠璃亜", "キリュウイン", "ジュリア", "9880994", "042056", "字梶ヶ浦393番地7"
    ),
    "building": "コーポ磯千鳥905号",
    "phone": "07013572468",
    "birth_date": date(1971, 2, 23),
    "languages": ["ja"],
}  # fmt: skip
GOROSAKU = {
    "person": (
        "五百旗頭", "五郎作", "イオキベ", "ゴロサク", "5094995", "212172", "古川町袈裟丸818番2"
    ),
    "building": "メゾン雪椿603号",
    "phone": "08024681357",
    "birth_date": date(1969, 11, 13),
}  # fmt: skip


@dataclass
class Everything:
    """`juria` has a second account that became part of hers; `gorosaku` is the other."""

    juria: Resident
    gorosaku: Resident
    merged: Resident
    places: list[Municipality]
    posts: dict[str, Post] = field(default_factory=dict)  # of juria's threads, by municipality

    def needles_of(self, resident: Resident) -> Needles:
        """All that names `resident`, of the accounts that became part of theirs too."""
        everyone = [resident, self.merged] if resident == self.juria else [resident]
        person = JURIA if resident == self.juria else GOROSAKU
        family, given, family_kana, given_kana, postal_code, _code, line = person["person"]  # type: ignore[misc]
        words = {
            family, given, family_kana, given_kana, postal_code, line, person["building"],
            person["phone"], person["birth_date"].isoformat(),  # type: ignore[attr-defined]
            *(_MAILBOXES[one.user_id] for one in everyone),
        }  # fmt: skip
        return Needles(
            words=tuple(map(str, words)),
            accounts=tuple(one.user_id for one in everyone),
            residents=tuple(one.pk for one in everyone),
        )


_MAILBOXES: dict[int, str] = {}


def build(here: Municipality, there: Municipality) -> Everything:
    """Everything of both people, written and committed as the product does."""
    with public_context():
        places = [here, there]
        sessions = {place.pk: _a_session(place) for place in places}
        officers = {
            place.pk: [make_member(place, Role.ADMINISTRATOR) for _one in range(2)]
            for place in places
        }
        juria, second, gorosaku = (
            _somebody("juria", JURIA), _somebody("mukashi-no-juria", JURIA),
            _somebody("gorosaku", GOROSAKU),
        )  # fmt: skip
        made = Everything(juria, gorosaku, second, places)
        for person in (juria, second, gorosaku):
            _fill_shared(person, here, officers[here.pk])
            for place in places:
                _fill(made, person, place, officers[place.pk], sessions[place.pk])
        # Somebody answers, so that the place of the post is needed.
        for place in places:
            make_post(place, gorosaku, "楽しみですね。", parent=made.posts[place.pk])
        merge(juria, second)
        addresses = [_MAILBOXES[one.user_id] for one in (juria, gorosaku)]
        _deliver_all_but(addresses)
        for one in (juria, gorosaku, second):
            one.refresh_from_db()
        return made


def _somebody(mailbox: str, person: dict[str, Any]) -> Resident:
    made: Resident = ResidentFactory(user__email=f"{mailbox}@mail.example.jp", **person)
    _MAILBOXES[made.user_id] = f"{mailbox}@mail.example.jp"
    return made


def _a_session(place: Municipality) -> UUID:
    page = make_activity(
        place, slug=f"seisou-{place.slug}", components=[part("一時保育", "childcare")]
    )
    with municipality_context(place):
        found: Session = page.sessions.get()
    return found.uuid


def _fill(
    made: Everything, person: Resident, place: Municipality, staff: list[User], session: UUID
) -> None:
    """At one municipality: registered, took part, certified, wrote, answered, was looked at."""
    officer, colleague = staff
    registration = register_resident(person, place)
    _take_part(person, place, session, officer)
    about = {"resident": person, "municipality": place, "session_uuid": session}
    Outcome.objects.create(outcome="attended", decided_by=officer, decided_at=clock.now(), **about)
    ParticipationReport.objects.create(
        activity_title="助言", text=f"{person.name}が{person.phone}で助言", status="returned",
        reason=f"{person.family_name}様へ", handed_in_at=clock.now(), **about,
    )  # fmt: skip
    _on_a_list(person, place, officer)
    issue_activity_certificate(person, place)
    for certificate in Certificate.objects.filter(resident=person, municipality=place):
        CertificateFile.objects.create(certificate=certificate, layout=Layout.A4, content=b"%PDF-")
    _of_premium(person, registration, officer)
    item = make_item(place)
    several = make_item(place, "どんな魚を食べますか。", kind=QuestionKind.SEVERAL_CHOICES)
    with municipality_context(place):
        keep_answers(
            person.pk,
            Survey.REGISTRATION,
            [
                GivenAnswer(item.kind, item.text, f"{person.name}はさんまが好き", item=item),
                GivenAnswer(several.kind, several.text, ["さんま", "さめ"], item=several),
            ],
        )
    make_need(
        place, resident=person, title=f"{person.name}の畑", wanted=f"{person.address}の草刈り",
        contact_name=person.name, contact_phone=person.phone,
        contact_email=_MAILBOXES[person.user_id],
    )  # fmt: skip
    post = make_post(place, person, f"{person.name}です。{person.phone}までお電話ください。")
    make_post(place, person, f"{person.family_name}の電話は{person.phone}", hidden="電話番号のため")
    if person == made.juria:
        made.posts[place.pk] = post
    look_at(registration, officer, note="留守番電話")
    with_them = export(
        place, officer, selection=[registration.pk], selected_by=f"氏名: {person.name}"
    )
    case = a_case(person, place, subject=f"{person.name}の住所", wanted=person.address)
    with municipality_context(place):
        fetch_file(with_them.pk, officer)
        write_note(case.pk, colleague, "書庫を確認中")
        check_identity(case.pk, officer, "電話で確認")
        decide(case.pk, officer, CaseDecision.PARTLY, f"{person.family_name}様の住所のみ")
        finish(case.pk, officer, f"{person.address}に直しました")
    a_case(person, place, subject=f"{person.name}の記録")
    _of_an_organisation(person, place)
    check = make_check(place, person, officer)
    check.attributes = _on_the_card(person)
    check.save()


def _of_premium(person: Resident, registration: Registration, officer: User) -> None:
    """Premium, a stay, and an application for renewal with everything that belongs to it."""
    took_part_thrice(person, registration.municipality)
    facts = gather(registration)
    decision = keep(registration, DecisionOccasion.APPLICATION, facts, judge(facts))
    with public_context():
        standing = grant(registration, decision, By(person.user_id))
        about = {
            "registration": registration,
            "resident": person,
            "municipality": registration.municipality,
        }
        today = clock.today()
        EndNotice.objects.create(
            standing=standing, resident=person, ends_on=standing.ends_on, days=60, told_on=today
        )
        ReleaseWarning.objects.get_or_create(
            resident=person, seen_on=today, days=60,
            defaults={"told_on": today, "release_on": today},
        )  # fmt: skip
        Stay.objects.create(
            first_day=clock.today(), last_day=clock.today(), evidence="receipt",
            note=f"{person.name}が{person.address}から", **about,
        )  # fmt: skip
        application = PremiumApplication.objects.create(
            kind="renewal", reason=f"{person.name}さんへ", **about
        )
        hand_in(application, f"{person.family_name}.pdf", f"%PDF-{person.phone}".encode())
        ApplicationMessage.objects.create(
            application=application, author=officer, by_staff=True, text=f"{person.name}さんですか"
        )
        ApplicationMessage.objects.create(
            application=application, author=person.user, by_staff=False, text=person.phone
        )


def _take_part(person: Resident, place: Municipality, session: UUID, staff: User) -> None:
    with municipality_context(place):
        found = Session.objects.get(uuid=session)
        starts_at, (care,) = found.starts_at, found.page.package
    sign_up(person, place, session, replace(_with_family(person), components={care.id: 1}))
    with time_machine.travel(starts_at):
        record = check_in(person, venue_token(place.code, session)).record
    objection = object_to(person, record, f"{person.name}です。二時間いました。{person.phone}")
    answer(objection, staff, accepted=True, text=f"{person.family_name}様、直しました。")
    correct(record, Decimal(2), staff, "終了が遅れた")
    voice = write_voice(
        person, place, session, f"{person.name}です。電話は{person.phone}", person.name
    )
    hide_voice(voice, staff, f"{person.family_name}様の電話番号のため")
    VoiceAnswer.objects.create(
        voice=voice, organisation=make_organisation(place, name=f"{place.name}の会"),
        municipality=place, organiser=f"{place.name}の会", session_uuid=session,
        text=f"{person.name}様、またどうぞ。",
        written_by=person.user, written_at=clock.now(),
    )  # fmt: skip


def _on_a_list(person: Resident, place: Municipality, officer: User) -> None:
    """On a list from before the platform; staff decide where two accounts agree with it."""
    day = clock.today() - timedelta(days=30)
    cells = row(
        活動名=f"浜の清掃 {person.user_id}",
        活動日=day.isoformat(),
        参加者氏名=person.name,
        フリガナ=person.kana,
        生年月日=person.birth_date.isoformat(),
        電話番号=person.phone,
    )
    taken = take(place, officer, [cells])
    if taken.doubtful:
        give_to(place, EarlierRecord.objects.get(batch=taken.batch).pk, person.pk, officer)


def _with_family(person: Resident) -> Wish:
    return Wish(
        companions=(Companion(f"{person.family_name}の連れ", "child"),),
        guardian_name=f"{person.family_name}の親",
        guardian_phone=person.phone,
    )


def _fill_shared(person: Resident, place: Municipality, staff: list[User]) -> None:
    """What there is of a person once: ways to sign in, proofs, guardians, a request to us."""
    a_case(person, None, subject=f"{person.name}のアカウント")
    renew_feed(person)
    _of_signing_in(person, place)
    _of_the_counter(person, place, staff[0])
    _of_guardians(person)
    _of_a_verification(person)


def _of_signing_in(person: Resident, place: Municipality) -> None:
    user, now = person.user, clock.now()
    signed_in_client(user)
    signed_in_client(user, place)
    Passkey.objects.create(
        user=user, user_handle=b"0", credential_id=uuid4().bytes, credential=b"0", name="電話の鍵"
    )
    RecoveryCode.objects.create(user=user, code_hash="0" * 64)
    Handoff.objects.create(
        code_hash=uuid4().hex, browser_hash="0" * 64, municipality=place, user=user,
        chain="0" * 32, expires_at=now,
        session_key=OpenSession.objects.filter(user=user, municipality=place).get().session_key,
    )  # fmt: skip
    record(SecurityEventKind.SESSION_ENDED, user, place, device="phone")
    for address in EmailAddress.objects.filter(user=user):
        EmailConfirmation.objects.create(email_address=address, key=uuid4().hex)
    accept_terms(user, documents_in_force())
    # As after a restored backup, in which the account was open.
    AccountClosing.objects.create(
        resident=person, closed_at=now, erased_at=now, backups_until=now.date()
    )


def _of_the_counter(person: Resident, place: Municipality, officer: User) -> None:
    now = clock.now()
    CounterEntry.objects.create(
        resident=person, municipality=place, entered_by=officer, channel=Channel.COUNTER,
        paper_kept_at="綴り3の12", registration_number=f"{place.code}-{person.user_id:06d}", at=now,
    )  # fmt: skip
    ClaimCode.objects.create(
        resident=person, municipality=place, nonce=uuid4().hex, code_hash=uuid4().hex,
        issued_by=officer, issued_at=now, expires_at=now + timedelta(days=365),
    )  # fmt: skip
    ImportedAccount.objects.create(
        source="ファンクラブ名簿", key=str(person.user_id), resident=person, imported_at=now
    )


def _of_guardians(person: Resident) -> None:
    """As a guardian, and as somebody who has had one; an invitation that nobody has answered."""
    now = clock.now()
    child: Resident = ResidentFactory()
    make_consent(child, person)
    make_consent(person, make_guardian())
    GuardianInvitation.objects.create(
        resident=person, email=f"haha{person.user_id}@mail.example.jp", token_hash=uuid4().hex,
        created_at=now, expires_at=now + timedelta(days=14),
    )  # fmt: skip
    ComingOfAge.objects.create(resident=person)


def _of_an_organisation(person: Resident, place: Municipality) -> None:
    """Asked in, asking for it, and handing in for it."""
    organisation = make_organisation(place, name=f"{place.name}第{person.user_id}町内会")
    make_organisation_member(organisation, resident=person)
    StandingRequest.objects.create(
        organisation=organisation, municipality=place, plan="清掃", requested_by=person.user,
        requested_at=clock.now(),
    )  # fmt: skip
    page = make_activity(place, organisation=organisation, slug=f"kai-{person.user_id}")
    draft = make_activity(
        place, organisation=organisation, slug=f"an-{person.user_id}", publish=False
    )
    with municipality_context(place):
        submit_project(draft, organisation, person.user)
        ActivityReport.objects.create(
            session=page.sessions.get(), people=3, done="清掃", hours=3, handed_in_by=person.user,
            handed_in_at=clock.now(),
        )  # fmt: skip
        ThanksNote.objects.create(
            session=page.sessions.get(), text="ありがとうございました。", written_by=person.user,
            written_at=clock.now(),
        )  # fmt: skip
        tell_need(
            {
                "title": "参道の草刈り", "wanted": "人手が足りません。", "place": "八幡神社",
                "contact_name": person.name, "contact_phone": person.phone,
                "contact_email": _MAILBOXES[person.user_id],
            },
            uuid4(), resident=person, organisation=organisation,
        )  # fmt: skip


def _of_a_verification(person: Resident) -> None:
    """A proof; and what lasts for minutes, and is there when the account is closed meanwhile."""
    verify(person)
    Attempt.objects.create(
        user=person.user, state_hash=uuid4().hex, session_hash="", secrets={"nonce": "0"},
        expires_at=clock.now() + timedelta(minutes=10), language="ja",
    )  # fmt: skip
    WaitingProof.objects.create(
        user=person.user, waits_for="profile", proof={"attributes": _on_the_card(person)},
        expires_at=clock.now() + timedelta(minutes=10),
    )  # fmt: skip


def _on_the_card(person: Resident) -> dict[str, str]:
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date.isoformat(),
        "address": person.address,
    }


def _deliver_all_but(addresses: list[str]) -> None:
    """The worker has been by: what the mails to everybody else said is forgotten."""
    kept = [
        mail.pk
        for mail in OutboxMessage.objects.all()
        if mail.payload.get("to", [""])[0] in addresses
    ]
    OutboxMessage.objects.exclude(pk__in=kept).update(payload={}, delivered_at=clock.now())
