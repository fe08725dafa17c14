"""The rows of each shared table that a municipality's staff may read, change and delete.

Said a second time and in other words than the walls say it: by who the rows are of, not by what
the database is told. A shared table that is missing here fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission

from accounts.models import (
    ClaimAttempt,
    Handoff,
    ImportedAccount,
    Resident,
    TermsAcceptance,
    User,
)
from certificates.enums import Layout
from certificates.models import Certificate, CertificateFile
from common import clock
from identity.models import Verification
from organisations.models import Organisation
from tenants.context import public_context
from tenants.enums import HostKind
from tenants.models import (
    MunicipalityChange,
    NetworkRange,
    ParticipationRequest,
    Terms,
)
from tenants.operations.notes import add_note
from tenants.staff.models import DirectPermission, Invitation
from tests.isolation.access_world import World

ALL, NONE = "true", "false"
DENIED = ""  # no right to the command at all, on any row
_HERE = "municipality_id = '{code}'"
_MINE = "user_id = {account}"


@dataclass(frozen=True)
class Rows:
    """SQL conditions, with `{code}`, `{schema}` and `{account}` of the staff who ask."""

    read: str
    change: str = DENIED
    delete: str = DENIED

    @property
    def own(self) -> str:
        """What may be written, or, where nothing may, what may be read."""
        return self.change or self.read


_REFERENCE = Rows(read=ALL)
_RECORDED = Rows(read=_HERE)
_KEPT = Rows(read=_HERE, change=_HERE)
_RECEPTIONS = Rows(read=NONE, change=NONE, delete=NONE)
_OPERATORS = Rows(read=DENIED)
_KNOWN = (
    "(entered_by_id = '{code}' OR id IN (SELECT organisation_id FROM public.organisations_standing"
    f" WHERE {_HERE}))"
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
    "tenants_networkrange": _KEPT,
    "attendance_signup": _KEPT,
    "certificates_certificate": _KEPT,
    "registration_registration": _KEPT,
    "registration_registrationcounter": _KEPT,
    "organisations_standing": _KEPT,
    "organisations_organisation": Rows(read=_KNOWN, change=_KNOWN),
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
    "accounts_termsacceptance": Rows(read=_MINE),
    "accounts_counterentry": _RECORDED,
    "accounts_claimcode": _KEPT,
    "accounts_claimattempt": Rows(read=NONE, delete=NONE),
    "accounts_importedaccount": _OPERATORS,
    "account_emailaddress": Rows(read=_MINE, change=_MINE, delete=_MINE),
    "account_emailconfirmation": _RECEPTIONS,
    "mfa_authenticator": Rows(read=_MINE, change=_MINE, delete=_MINE),
    "accounts_handoff": _RECEPTIONS,
    "django_session": _RECEPTIONS,
    "identity_verification": Rows(read=NONE, change=NONE),
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
        terms = Terms.objects.first()
        TermsAcceptance.objects.bulk_create(
            [TermsAcceptance(user=user, terms=terms) for user in User.objects.all()],
            ignore_conflicts=True,
        )
        Authenticator.objects.bulk_create(
            [
                Authenticator(user=user, type=Authenticator.Type.TOTP, data={})
                for user in User.objects.all()
            ]
        )
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
        _of_the_operator(operator)
    for who, kind in (("resident", HostKind.PORTAL), ("administrator", HostKind.ADMIN)):
        world.session(who, kind)


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
