"""What accounts hold of a person: the account, the ways into it, and what happened around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    ClaimCode,
    CounterEntry,
    Handoff,
    ImportedAccount,
    OpenSession,
    Passkey,
    RecoveryCode,
    Resident,
    SecurityEvent,
    User,
)
from accounts.models.residents import EMPTY_PROFILE
from accounts.queries import read_as_each
from accounts.rules.countries import JAPAN
from common import clock
from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person
from tenants.actors import at_reception

_MADE = Field("made_at", _("added at"), lambda row: row.created_at)
_USED = Field("used_at", _("used at"), lambda row: row.used_at)
_WAY = Field("way", _("signed in with"), lambda row: row.get_way_display())
_IN_USE = _("To let you in, and nobody else. Until you take it back or close your account.")
_SIGNED_IN = _("So that you stay signed in, and can see where. Until you sign out.")


def _of_accounts(
    rows: Callable[[], QuerySet[Any]], by: str = "user_id"
) -> Callable[[Person], list[Model]]:
    """Reads rows that only the reception may look at, or whose merged accounts nobody is."""

    def read(person: Person) -> list[Model]:
        with at_reception():
            return list(rows().filter(**{f"{by}__in": person.accounts}))

    return read


def _delete(model: type[Model], by: str = "user_id") -> Callable[[Person], None]:
    def erase(person: Person) -> None:
        model._default_manager.filter(**{f"{by}__in": person.accounts}).delete()

    return erase


def _empty_accounts(person: Person) -> None:
    """The rows stay: records name who wrote them by the account's number."""
    rows = User.objects.filter(pk__in=person.accounts)
    rows.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).update(password=make_password(None))
    rows.update(email=None, name="", is_active=False, last_login=None, passkey_offered_at=None)


def _profiles(person: Person) -> list[Resident]:
    return list(
        Resident.objects.filter(pk__in=person.residents).select_related("residence__prefecture")
    )


def _empty_profiles(person: Person) -> None:
    Resident.objects.filter(pk__in=person.residents).update(**EMPTY_PROFILE, country=JAPAN)


def _end_sessions(person: Person) -> None:
    """On every host, with Django's own rows, which name nobody that SQL could look for."""
    for model in (OpenSession, Handoff):
        rows = model._default_manager.filter(user_id__in=person.accounts)
        Session.objects.filter(session_key__in=rows.values("session_key")).delete()
        rows.delete()


def _events(person: Person) -> list[SecurityEvent]:
    return read_as_each(
        person,
        lambda account, _resident: SecurityEvent.objects.filter(account_id=account).select_related(
            PLACE_NAMED
        ),
    )


def _entries(person: Person) -> list[CounterEntry]:
    return read_as_each(
        person, lambda _account, resident: CounterEntry.objects.filter(resident_id=resident)
    )


def _codes(person: Person) -> list[ClaimCode]:
    codes = ClaimCode.objects.filter(resident_id__in=person.residents)
    with at_reception():
        return list(codes.select_related(PLACE_NAMED))


def _end_codes(person: Person) -> None:
    """What opened the account opens it no more; a used one still says that it was."""
    ClaimCode.objects.filter(resident_id__in=person.residents, used_at=None, ended_at=None).update(
        ended_at=clock.now()
    )


def _imports(person: Person) -> list[ImportedAccount]:
    return read_as_each(
        person, lambda _account, resident: ImportedAccount.objects.filter(resident_id=resident)
    )


HOLDINGS = [
    Holding(
        table="accounts_user",
        title=_("Your account"),
        why=_("To sign you in and to write to you. Until you close your account."),
        rows=_of_accounts(User.objects.all, "pk"),
        fields=("email", "date_joined", "last_login"),
        erase=_empty_accounts,
    ),
    Holding(
        table="accounts_resident",
        title=_("Your particulars"),
        why=_("To fill in registrations and sign-ups for you. Until you close your account."),
        rows=_profiles,
        fields=(
            "family_name", "given_name", "family_kana", "given_kana", "birth_date", "country",
            "postal_code", Field("address", _("Address"), lambda row: row.address),
            "phone", "languages", "interests", "persona", "language", "created_at", "updated_at",
            "seen_on",
        ),
        erase=_empty_profiles,
    ),
    Holding(
        table="account_emailaddress",
        title=_("Your e-mail addresses"),
        why=_("To sign you in and to write to you. Until you close your account."),
        rows=_of_accounts(EmailAddress.objects.all),
        fields=(
            Field("email", _("e-mail address"), lambda row: row.email),
            Field("verified", _("confirmed"), lambda row: row.verified),
            Field("primary", _("in use"), lambda row: row.primary),
        ),
        erase=_delete(EmailAddress),
    ),
    Holding(
        table="account_emailconfirmation",
        title=_("Confirmations of e-mail addresses"),
        why=_("To know that an address is yours. Until you close your account."),
        rows=_of_accounts(EmailConfirmation.objects.all, "email_address__user_id"),
        fields=(
            Field("made_at", _("added at"), lambda row: row.created),
            Field("sent_at", _("sent at"), lambda row: row.sent),
        ),
        erase=_delete(EmailConfirmation, "email_address__user_id"),
    ),
    Holding(
        table="accounts_passkey",
        title=_("Your passkeys"),
        why=_IN_USE,
        rows=_of_accounts(Passkey.objects.all),
        fields=(
            "name", _MADE, Field("last_used_at", _("used last"), lambda row: row.last_used_at),
        ),
        erase=_delete(Passkey),
    ),
    Holding(
        table="accounts_recoverycode",
        title=_("Your recovery codes"),
        why=_IN_USE,
        rows=_of_accounts(RecoveryCode.objects.all),
        fields=(_MADE, _USED),
        erase=_delete(RecoveryCode),
    ),
    Holding(
        table="accounts_opensession",
        title=_("Where you are signed in"),
        why=_SIGNED_IN,
        rows=_of_accounts(lambda: OpenSession.objects.select_related(PLACE_NAMED)),
        fields=(
            PLACE,
            _WAY,
            Field("device", _("kind of device"), lambda row: row.device),
            Field("system", _("system"), lambda row: row.system),
            Field("browser", _("browser"), lambda row: row.browser),
            Field("started_at", _("signed in at"), lambda row: row.started_at),
            Field("seen_at", _("seen last"), lambda row: row.seen_at),
        ),
        erase=_end_sessions,
    ),
    Holding(
        table="accounts_handoff",
        title=_("Ways from the portal to a municipality's site"),
        why=_SIGNED_IN,
        rows=_of_accounts(lambda: Handoff.objects.select_related(PLACE_NAMED)),
        fields=(PLACE, _MADE, _USED),
        erase=_end_sessions,
    ),
    Holding(
        table="accounts_securityevent",
        title=_("What happened around your sign-ins"),
        why=_("So that you, and we, notice misuse of your account. For about a year."),
        rows=_events,
        fields=(
            "kind", "at", PLACE, Field("way", _("signed in with"), lambda row: row.way),
            Field("device", _("kind of device"), lambda row: row.detail.get("device", "")),
        ),
        kept=_("Misuse is found out afterwards too. No name and no address is in it, and it is "
               "deleted by itself."),
    ),
    Holding(
        table="accounts_counterentry",
        title=_("Your entry at the counter"),
        why=_("To show who entered you, when, and where your signed paper is. As long as the "
              "municipality keeps the paper."),
        rows=_entries,
        fields=("municipality", "channel", "paper_kept_at", "registration_number", "at"),
        kept=_("The municipality has to show that it was asked. The paper itself is kept by its "
               "own rules."),
    ),
    Holding(
        table="accounts_claimcode",
        title=_("Codes on paper for your account"),
        why=_("To hand over to you the account that was entered at the counter. Used once."),
        rows=_codes,
        fields=(PLACE, "issued_at", "expires_at", "used_at", "ended_at"),
        erase=_end_codes,
    ),
    Holding(
        table="accounts_importedaccount",
        title=_("Where your account came from"),
        why=_("So that a list that is read in twice does not enter you twice."),
        rows=_imports,
        fields=(
            "source", Field("line", _("key in the list"), lambda row: row.key), "imported_at",
        ),
        kept=_("Without it the same list, read in again, would enter you again. It names a list "
               "and a line in it, not you."),
    ),
]  # fmt: skip
