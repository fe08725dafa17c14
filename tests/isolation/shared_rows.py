"""The rows of each shared table that a municipality's staff may read, change and delete.

Said a second time and in other words than the walls say it: by who the rows are of, not by what
the database is told. A shared table that is missing here fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.auth.models import Group, Permission

from accounts.models import (
    AttemptCount,
    ClaimAttempt,
    Handoff,
    ImportedAccount,
    OpenSession,
    Passkey,
    RecoveryCode,
    Resident,
    SecurityEvent,
    User,
)
from attendance.models import (
    CalendarFeed,
    Objection,
    Outcome,
    ParticipationRecord,
    ParticipationReport,
    Scan,
    ScanDevice,
    ScanReview,
    SessionClosing,
    SessionKey,
)
from attendance.operations.ledger.amend import void
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.signing_up.drawing import commit
from certificates.enums import Layout
from certificates.models import Certificate, CertificateFile
from common import clock
from identity.enums import ConsentMethod, InvitationOutcome, Relation
from identity.models import (
    Attempt,
    ComingOfAge,
    CounterCheck,
    GuardianConsent,
    GuardianInvitation,
    Verification,
    WaitingProof,
)
from organisations.enums import MemberRole
from organisations.models import Organisation, RunSession, StandingRequest
from organisations.operations.people import invite_member
from privacy.models import AccountClosing, KnownTo
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    EndNotice,
    PremiumApplication,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
    RelationSetting,
    ReleaseWarning,
    Stay,
)
from registration.operations.nightly.population import count_population
from tenants.context import public_context
from tenants.enums import HostKind
from tenants.models import (
    Municipality,
    MunicipalityChange,
    NetworkRange,
    ParticipationRequest,
    SecondFactorEvent,
    Terms,
)
from tenants.operations.notes import add_note
from tenants.staff.models import DirectPermission, Invitation
from tests.factories.accounts import ResidentFactory
from tests.factories.members import make_organisation_member
from tests.factories.premium import conditions
from tests.factories.registration import register_resident
from tests.isolation.access_world import World

ALL, NONE = "true", "false"
DENIED = ""  # no right to the command at all, on any row
_HERE = "municipality_id = '{code}'"
# Most proofs have no municipality: neither yes nor no would be said of them with `=`.
_CONFIRMED_BY_ME = f"({_HERE}) IS TRUE AND (confirmed_by_id = {{account}}) IS TRUE"
_MINE = "user_id = {account}"


@dataclass(frozen=True)
class Rows:
    """SQL conditions, with `{code}`, `{schema}` and `{account}` of the staff who ask."""

    read: str
    change: str = DENIED
    delete: str = DENIED
    put: str = DENIED  # what may be added, where that is less than what may be read

    @property
    def own(self) -> str:
        """What may be written, or, where nothing may, what may be read."""
        return self.change or self.put or self.read


_REFERENCE = Rows(read=ALL)
_RECORDED = Rows(read=_HERE)
_KEPT = Rows(read=_HERE, change=_HERE)
_RECEPTIONS = Rows(read=NONE, change=NONE, delete=NONE)
_OPERATORS = Rows(read=DENIED)
_PARTNERS = (
    f"(SELECT organisation_id FROM public.organisations_standing WHERE {_HERE}"
    f" UNION SELECT organisation_id FROM public.organisations_standingrequest WHERE {_HERE})"
)
_KNOWN = f"((entered_by_id = '{{code}}') IS TRUE OR id IN {_PARTNERS})"

_OF_KNOWN = f"organisation_id IN (SELECT id FROM public.organisations_organisation WHERE {_KNOWN})"

_OF_AN_APPLICATION = (
    f"application_id IN (SELECT id FROM public.registration_premiumapplication WHERE {_HERE})"
)

_OF_A_RECORD = f"record_id IN (SELECT id FROM public.attendance_participationrecord WHERE {_HERE})"

_CHILDREN_HERE = (
    f"({_HERE} OR resident_id IN (SELECT resident_id FROM public.registration_registration"
    f" WHERE {_HERE} AND status = 'active'))"
)

ROWS = {
    "django_migrations": _REFERENCE,
    "django_content_type": _REFERENCE,
    "tenants_localgovernment": _REFERENCE,
    "tenants_domain": _REFERENCE,
    "tenants_terms": _REFERENCE,
    "tenants_municipality": _REFERENCE,
    "auth_group": _REFERENCE,
    "auth_permission": _REFERENCE,
    "auth_group_permissions": _REFERENCE,
    "registration_nationalparameters": _REFERENCE,
    "portal_activitylisting": Rows(read=ALL, change=_HERE, delete=_HERE),
    "tenants_municipalitychange": _RECORDED,
    "attendance_participationrecord": _RECORDED,
    "privacy_accessrecord": _RECORDED,
    "privacy_exportrecord": _RECORDED,
    "privacy_exportsubject": _RECORDED,
    "privacy_consent": Rows(read=f"({_HERE} OR {_MINE})", change=_MINE),
    "privacy_export": _KEPT,
    # Of an export's file the database shows each only their own; the worker deletes it.
    "privacy_exportfile": Rows(read=f"{_HERE} AND requester_id = {{account}}", delete=NONE),
    "privacy_case": _KEPT,
    "privacy_caseevent": Rows(
        read=f"case_id IN (SELECT id FROM public.privacy_case WHERE {_HERE})"
    ),
    "privacy_accountclosing": Rows(read=NONE),
    "privacy_knownto": Rows(read=NONE),
    "privacy_caseterm": Rows(read=ALL, change=_HERE),
    "tenants_networkrange": _KEPT,
    "tenants_secondfactor": _RECEPTIONS,
    "tenants_secondfactorevent": _RECORDED,
    "attendance_amendment": _RECORDED,
    # Participants object, staff answer.
    "attendance_objection": Rows(read=_OF_A_RECORD, change=_OF_A_RECORD),
    # Participants write, an organisation answers, staff decide what is shown.
    "attendance_voice": Rows(read=_HERE, change=_HERE, delete=NONE),
    "attendance_voiceanswer": Rows(read=_HERE, change=_HERE, delete=NONE),
    "attendance_unsealed": _OPERATORS,
    "attendance_seal": _REFERENCE,
    "attendance_signup": _KEPT,
    "attendance_scandevice": _KEPT,
    # Readings come from devices and from people's own phones; staff write none.
    "attendance_scan": Rows(read=_HERE, put=NONE),
    "attendance_scanreview": _RECORDED,
    "attendance_sessionkey": Rows(read=ALL, put=_HERE),
    "attendance_sessionclosing": Rows(read=ALL, put=_HERE),
    "attendance_outcome": _RECORDED,
    "attendance_participationreport": _KEPT,
    "attendance_importbatch": _KEPT,
    "attendance_importedactivity": _RECORDED,
    "attendance_columnmemory": _KEPT,
    "attendance_earlierrecord": _KEPT,
    "attendance_earliercode": _KEPT,
    "attendance_signupevent": Rows(
        read=f"sign_up_id IN (SELECT id FROM public.attendance_signup WHERE {_HERE})"
    ),
    # The result of a draw is everybody's to check.
    "attendance_draw": Rows(read=ALL, change=_HERE),
    "attendance_calendarfeed": Rows(read=NONE, delete=NONE),
    "certificates_certificate": _KEPT,
    "registration_registration": _KEPT,
    "registration_registrationcounter": _KEPT,
    "registration_populationcount": Rows(read="code = '{code}'"),
    "registration_releasewarning": Rows(read=NONE),
    "registration_endnotice": Rows(read=NONE),
    "registration_municipalconditions": Rows(read=ALL, put=_HERE),
    "registration_relationsetting": Rows(read=ALL, change=_HERE),
    "registration_replay": _OPERATORS,
    "registration_premiumdecision": _RECORDED,
    "registration_premiumstanding": _KEPT,
    "registration_premiumslot": Rows(read=NONE, delete=NONE),
    "registration_premiumapplication": _KEPT,
    "registration_applicationmessage": Rows(read=_OF_AN_APPLICATION),
    "registration_applicationdocument": Rows(read=_OF_AN_APPLICATION, delete=_OF_AN_APPLICATION),
    "registration_stay": _KEPT,
    "organisations_standing": _KEPT,
    "organisations_organisation": Rows(read=_KNOWN, change=_KNOWN),
    # As the organisation: what it does together elsewhere is no secret where it works.
    "organisations_jointprogramme": Rows(read=_OF_KNOWN, put="entered_by_id = '{code}'"),
    "organisations_organisationmember": Rows(
        read=f"(organisation_id IN {_PARTNERS} OR account_id = {{account}})",
        change="account_id = {account}",
    ),
    "organisations_memberinvitation": Rows(read=f"({_HERE}) IS TRUE", change=f"({_HERE}) IS TRUE"),
    "organisations_standingrequest": _KEPT,
    "organisations_runsession": Rows(read=_HERE, change=_HERE, delete=_HERE),
    "registration_registrationevent": Rows(
        read=f"registration_id IN (SELECT id FROM public.registration_registration WHERE {_HERE})"
    ),
    "certificates_certificatefile": Rows(
        read=f"certificate_id IN (SELECT id FROM public.certificates_certificate WHERE {_HERE})"
    ),
    "accounts_user": Rows(
        read="id IN (SELECT user_id FROM {schema}.staff_membership)", change="id = {account}"
    ),
    "accounts_resident": Rows(read=_MINE, change=_MINE),
    "accounts_counterentry": _RECORDED,
    "accounts_claimcode": _KEPT,
    "accounts_claimattempt": Rows(read=NONE, delete=NONE),
    "accounts_importedaccount": Rows(read=NONE),
    "account_emailaddress": Rows(read=_MINE, change=_MINE, delete=_MINE),
    "account_emailconfirmation": _RECEPTIONS,
    "accounts_passkey": Rows(read=_MINE, change=_MINE, delete=_MINE),
    "accounts_recoverycode": Rows(read=_MINE, change=NONE, delete=_MINE),
    "accounts_opensession": _RECEPTIONS,
    "accounts_attemptcount": _RECEPTIONS,
    "accounts_securityevent": Rows(read="account_id = {account}", delete=NONE),
    "accounts_handoff": _RECEPTIONS,
    "django_session": _RECEPTIONS,
    "identity_guardianconsent": Rows(read=_CHILDREN_HERE, change=_CHILDREN_HERE),
    "identity_guardianinvitation": Rows(read=NONE, change=NONE),
    "identity_comingofage": Rows(read=NONE, change=NONE),
    "identity_verification": Rows(read=_CONFIRMED_BY_ME, change=NONE),
    "identity_attempt": Rows(read=_MINE, delete=_MINE),
    "identity_waitingproof": Rows(read=_MINE, change=_MINE, delete=_MINE),
    "identity_countercheck": _KEPT,
    "notifications_outboxmessage": Rows(read=NONE, change=NONE),
    "tenants_participationrequest": Rows(read=NONE),
    "tenants_requestnote": _OPERATORS,
    "tenants_requestbatch": _OPERATORS,
    "staff_membership": _OPERATORS,
    "staff_directpermission": _OPERATORS,
    "staff_invitation": _OPERATORS,
}


def fill_the_rest(world: World) -> None:
    """What `make_world` leaves empty of the shared tables, for both municipalities."""
    operator = world.people["operator"]
    with public_context():
        for municipality in (world.here, world.there):
            MunicipalityChange.objects.create(
                municipality=municipality, from_status="preparing", to_status="published"
            )
            NetworkRange.objects.create(
                municipality=municipality, cidr="10.0.0.0/8", created_by=operator
            )
            SecondFactorEvent.objects.create(
                municipality=municipality, person=operator, event="added"
            )
            Handoff.objects.create(
                code_hash=f"{municipality.code:0>64}",
                browser_hash="0" * 64,
                municipality=municipality,
                user=operator,
                chain="0" * 32,
                expires_at=clock.now(),
            )
            Organisation.objects.create(
                name=f"{municipality.name}観光協会", kind="npo", entered_by=municipality
            )
            commit(municipality, uuid4(), None)
            RelationSetting.objects.create(municipality=municipality)
        for resident in Resident.objects.all():
            CalendarFeed.objects.get_or_create(
                resident=resident, defaults={"created_at": clock.now()}
            )
        AccountClosing.objects.create(
            resident=ResidentFactory(), closed_at=clock.now(), backups_until=clock.today()
        )
        known = (
            KnownTo(resident=one, municipality=place)
            for one in Resident.objects.all()
            for place in (world.here, world.there)
        )
        KnownTo.objects.bulk_create(known, ignore_conflicts=True)
        ClaimAttempt.objects.create(client="0" * 64, at=clock.now())
        ImportedAccount.objects.bulk_create(
            ImportedAccount(source="list", key=str(n), resident=one, imported_at=clock.now())
            for n, one in enumerate(Resident.objects.all())
        )
        for certificate in Certificate.objects.all():
            CertificateFile.objects.create(
                certificate=certificate, layout=Layout.values[0], content=b"%PDF-"
            )
        for number, address in enumerate(EmailAddress.objects.all()):
            EmailConfirmation.objects.create(email_address=address, key=f"key-{number}")
        _of_the_ledger()
        _of_sign_ins(world)
        now = clock.now()
        for resident in Resident.objects.all():
            Verification.objects.create(
                resident=resident,
                method="counter",
                assurance="level_2",
                attributes={},
                verified_at=now,
                valid_until=now,
            )
        _of_guardians(world)
        for user in User.objects.all():
            _on_the_way_to_a_proof(user, now)
        administrators = {
            world.here: world.people["administrator"],
            world.there: world.people["elsewhere"],
        }
        for municipality, staff in administrators.items():
            Verification.objects.filter(resident__registrations__municipality=municipality).update(
                municipality=municipality, checked_by=operator, confirmed_by=staff
            )
        for registration in Registration.objects.all():
            CounterCheck.objects.get_or_create(
                municipality=registration.municipality,
                resident=registration.resident,
                defaults={
                    "number": registration.number,
                    "card": "my_number_card",
                    "attributes": {},
                    "proposed_by": administrators.get(registration.municipality, operator),
                    "proposed_at": now,
                    "expires_at": now,
                },
            )
        _of_organisations(administrators)
        _of_the_operator(operator)
        _of_premium(operator)
        _of_venues(operator)
    for who, kind in (("resident", HostKind.PORTAL), ("administrator", HostKind.ADMIN)):
        world.session(who, kind)


def _of_venues(officer: User) -> None:
    """Of every record a reading that was reviewed, a device, and what the organiser said."""
    now = clock.now()
    for number, record in enumerate(ParticipationRecord.objects.order_by("pk")):
        about = {"municipality": record.municipality, "session_uuid": record.session_uuid}
        ScanDevice.objects.create(
            label="受付", link_hash=f"{number:0>64}", created_at=now, ends_at=now, **about
        )
        scan = Scan.objects.create(
            uuid=uuid4(), source=record.resident_id, resident=record.resident, way="venue_code",
            made_at=now, received_at=now, classification="late", **about,
        )  # fmt: skip
        ScanReview.objects.create(
            scan=scan, municipality=record.municipality, decision="left", reason="不在",
            decided_by=officer, decided_at=now,
        )  # fmt: skip
        SessionKey.objects.get_or_create(
            number=2, defaults={"reason": "写真", "made_at": now}, **about
        )
        SessionClosing.objects.get_or_create(defaults={"attended": 1, "closed_at": now}, **about)
        Outcome.objects.create(
            resident=record.resident, outcome="absent", decided_by=officer, decided_at=now, **about
        )
        ParticipationReport.objects.create(
            resident=record.resident, activity_title="助言", text="?", handed_in_at=now, **about
        )  # fmt: skip


def _of_organisations(administrators: dict[Municipality, User]) -> None:
    """At each municipality an organisation that asks, with a member, and a session that it runs;
    staff who have asked a manager in."""
    for municipality, officer in administrators.items():
        organisation = Organisation.objects.create(name=f"{municipality.name}の会", kind="npo")
        member = make_organisation_member(organisation)
        StandingRequest.objects.create(
            organisation=organisation, municipality=municipality, plan="清掃",
            requested_by=member.account, requested_at=clock.now(),
        )  # fmt: skip
        invite_member(organisation, "m@example.jp", MemberRole.MANAGER, officer, municipality)
        RunSession.objects.create(
            session_uuid=uuid4(), municipality=municipality, organisation=organisation
        )


def _of_premium(officer: User) -> None:
    """Of every registration a decision, a standing with its slot, an application and a stay."""
    for number, registration in enumerate(Registration.objects.order_by("pk"), start=1):
        about = {
            "registration": registration,
            "resident": registration.resident,
            "municipality": registration.municipality,
        }
        decision = PremiumDecision.objects.create(
            occasion="application", at=clock.now(), rules_version="1", parameters_version="1",
            conditions_version=0, facts={}, outcome={"conditions": []}, allowed=True, **about,
        )  # fmt: skip
        today = clock.today()
        standing = PremiumStanding.objects.create(
            starts_on=today, ends_on=today, decision=decision, **about
        )
        PremiumSlot.objects.create(standing=standing, resident=registration.resident, number=number)
        application, _made = PremiumApplication.objects.get_or_create(
            registration=registration, status="submitted", defaults={"kind": "new", **about}
        )
        ApplicationMessage.objects.create(
            application=application, author=officer, by_staff=True, text="?"
        )
        ApplicationDocument.objects.create(
            application=application, name="a.pdf", content_type="application/pdf", size=1,
            digest="0" * 64, content="JQ==",
        )  # fmt: skip
        Stay.objects.create(first_day=today, last_day=today, evidence="staff", **about)
        EndNotice.objects.create(
            standing=standing, resident=registration.resident, ends_on=today, days=7, told_on=today
        )
    for municipality in Municipality.objects.all():
        conditions(municipality)
    for resident in Resident.objects.all():
        ReleaseWarning.objects.create(
            resident=resident, seen_on=today, days=7, told_on=today, release_on=today
        )
    count_population(today)


def _of_guardians(world: World) -> None:
    """A paper taken at each counter; a consent by invitation; a young adult who was asked."""
    terms, now = Terms.objects.get(kind="guardian"), clock.now()
    about = {"terms": terms, "relation": Relation.PARENT, "given_at": now}
    residents = {"here": world.people["resident"].resident, "there": world.people["other"].resident}
    for which, taker in (("here", "administrator"), ("there", "elsewhere")):
        GuardianConsent.objects.create(
            resident=residents[which],
            method=ConsentMethod.COUNTER,
            municipality=world.here if which == "here" else world.there,
            recorded_by=world.people[taker],
            **about,
        )
        ComingOfAge.objects.create(resident=residents[which])
    guardian = ResidentFactory()
    for number, municipality in enumerate((world.here, world.there)):
        child = ResidentFactory()
        register_resident(child, municipality)
        invitation = GuardianInvitation.objects.create(
            resident=child,
            guardian=guardian,
            email="guardian@example.jp",
            token_hash=f"{number:0>64}",
            created_at=now,
            expires_at=now,
            outcome=InvitationOutcome.AGREED,
        )
        GuardianConsent.objects.create(
            resident=child,
            guardian=guardian,
            invitation=invitation,
            guardian_verified_at=now,
            method=ConsentMethod.INVITATION,
            **about,
        )


def _of_sign_ins(world: World) -> None:
    """A passkey, a recovery code and an event of everybody; a session at each municipality."""
    for number, user in enumerate(User.objects.order_by("pk")):
        Passkey.objects.create(
            user=user, user_handle=b"0", credential_id=bytes([number]), credential=b"0", name="鍵"
        )
        RecoveryCode.objects.create(user=user, code_hash="0" * 64)
        SecurityEvent.objects.create(kind="signed_in", account=user)
        for municipality in (world.here, world.there):
            OpenSession.objects.create(
                user=user,
                session_key=f"{municipality.code}{number}",
                municipality=municipality,
                chain="0" * 32,
            )
    AttemptCount.objects.create(key="0" * 64, count=1, ends_at=clock.now())


def _on_the_way_to_a_proof(user: User, now: datetime) -> None:
    Attempt.objects.create(
        user=user, state_hash=f"{user.pk:0>64}", session_hash="", secrets={}, expires_at=now
    )
    WaitingProof.objects.create(user=user, waits_for="profile", proof={}, expires_at=now)


def _of_the_operator(operator: User) -> None:
    """Rows of the shared schema's own staff tables, and notes on a request."""
    request = ParticipationRequest.objects.first()
    assert request is not None
    add_note(request.pk, operator, "電話で確認しました。")
    group = Group.objects.first()
    assert group is not None
    DirectPermission.objects.create(user=operator, permission=Permission.objects.first())
    Invitation.objects.create(
        email="new@example.jp", group=group, token_hash="0" * 64, expires_at=clock.now()
    )


def _of_the_ledger() -> None:
    """Something put right and objected to at each; sealed, but for what waits for its seal."""
    for municipality in Municipality.objects.all():
        record = ParticipationRecord.objects.filter(municipality=municipality).first()
        if record is not None:
            Objection.objects.get_or_create(
                record=record, resident=record.resident, municipality=municipality,
                defaults={"text": "参加していません", "created_at": clock.now()},
            )  # fmt: skip
    seal_new_rows()
    for objection in Objection.objects.all():
        void(objection.record, None, "別の人の記録でした")
