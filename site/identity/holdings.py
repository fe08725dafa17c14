"""What identity holds of a person: proofs, what they stood on, and guardians' consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.queries import read_as_each
from common import clock
from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person
from identity.enums import CheckStatus, InvitationOutcome
from identity.models import (
    Attempt,
    ComingOfAge,
    CounterCheck,
    GuardianConsent,
    GuardianInvitation,
    Verification,
    WaitingProof,
)

ACCOUNT_CLOSED = "closed"
_ON_THE_WAY = _("To check who you are, for the few minutes that this takes.")


def _proved(part: str) -> Field:
    """Of what a card says; nothing where that is not known any more."""
    labels = {
        "family_name": _("family name"),
        "given_name": _("given name"),
        "birth_date": _("date of birth"),
        "address": _("address"),
    }

    def read(row: Any) -> str:
        held = row.proof.get("attributes") if isinstance(row, WaitingProof) else row.attributes
        values: Mapping[str, str] = held or {}
        return values.get(part, "")

    return Field(part, labels[part], read)


_PROVED = tuple(map(_proved, ("family_name", "given_name", "birth_date", "address")))


def _proofs(person: Person) -> list[Verification]:
    rows = Verification.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _empty_proofs(person: Person) -> None:
    """That there was a proof stays, because premium registrations stood on it; whose, does not."""
    rows = Verification.objects.filter(resident_id__in=person.residents)
    rows.filter(ended_at=None).update(ended_at=clock.now(), end_reason=ACCOUNT_CLOSED)
    rows.update(attributes=None, subject_hash="")


def _attempts(person: Person) -> list[Attempt]:
    return read_as_each(person, lambda account, _resident: Attempt.objects.filter(user_id=account))


def _delete_attempts(person: Person) -> None:
    Attempt.objects.filter(user_id__in=person.accounts).delete()


def _waiting(person: Person) -> list[WaitingProof]:
    return read_as_each(
        person, lambda account, _resident: WaitingProof.objects.filter(user_id=account)
    )


def _delete_waiting(person: Person) -> None:
    WaitingProof.objects.filter(user_id__in=person.accounts).delete()


def _checks(person: Person) -> list[CounterCheck]:
    return read_as_each(
        person,
        lambda _account, resident: CounterCheck.objects.filter(resident_id=resident).select_related(
            PLACE_NAMED
        ),
    )


def _empty_checks(person: Person) -> None:
    rows = CounterCheck.objects.filter(resident_id__in=person.residents)
    rows.filter(status=CheckStatus.PROPOSED).update(status=CheckStatus.EXPIRED)
    rows.update(attributes=None, card_until=None)


def _invitations(person: Person) -> list[GuardianInvitation]:
    return read_as_each(
        person,
        lambda _account, resident: GuardianInvitation.objects.filter(
            Q(resident_id=resident) | Q(guardian_id=resident)
        ),
    )


def _empty_invitations(person: Person) -> None:
    own = Q(resident_id__in=person.residents)
    rows = GuardianInvitation.objects.filter(own | Q(guardian_id__in=person.residents))
    rows.filter(own, outcome="").update(outcome=InvitationOutcome.CANCELLED)
    rows.update(email="")


def _consents(person: Person) -> list[GuardianConsent]:
    return read_as_each(
        person,
        lambda _account, resident: GuardianConsent.objects.filter(
            Q(resident_id=resident) | Q(guardian_id=resident)
        ).select_related("terms", PLACE_NAMED),
    )


def _empty_consents(person: Person) -> None:
    """Of the row nothing else may change (see its migration), but for its end."""
    GuardianConsent.objects.filter(
        Q(resident_id__in=person.residents) | Q(guardian_id__in=person.residents)
    ).update(guardian_name="")


def _grown_up(person: Person) -> list[ComingOfAge]:
    return read_as_each(
        person, lambda _account, resident: ComingOfAge.objects.filter(resident_id=resident)
    )


def _forget_grown_up(person: Person) -> None:
    ComingOfAge.objects.filter(resident_id__in=person.residents).delete()


HOLDINGS = [
    Holding(
        table="identity_verification",
        title=_("Proofs of your identity"),
        why=_("So that registrations with conditions go to people who are who they say. What the "
              "card said is kept until you close your account."),
        rows=_proofs,
        fields=(
            "method", "assurance", *_PROVED, PLACE, "verified_at", "valid_until", "ended_at",
            "end_reason",
        ),
        erase=_empty_proofs,
    ),
    Holding(
        table="identity_attempt",
        title=_("Checks of your identity that have begun"),
        why=_ON_THE_WAY,
        rows=_attempts,
        fields=("expires_at",),
        erase=_delete_attempts,
    ),
    Holding(
        table="identity_waitingproof",
        title=_("Proofs that wait for your particulars"),
        why=_("To fill in your particulars, or to bring two accounts of yours together. For an "
              "hour at most."),
        rows=_waiting,
        fields=(
            Field("waits_for", _("waits for"), lambda row: row.get_waits_for_display()),
            *_PROVED, "expires_at",
        ),
        erase=_delete_waiting,
    ),
    Holding(
        table="identity_countercheck",
        title=_("Cards you showed at the counter"),
        why=_("So that two members of staff look at your card. What was read on it is deleted once "
              "both have."),
        rows=_checks,
        fields=(
            PLACE, "number", "card", "card_until", *_PROVED, "status", "proposed_at", "expires_at",
            "decided_at",
        ),
        erase=_empty_checks,
    ),
    Holding(
        table="identity_guardianinvitation",
        title=_("Invitations of guardians"),
        why=_("To ask a guardian whether they agree. The address is deleted once they have "
              "answered."),
        rows=_invitations,
        fields=("email", "created_at", "expires_at", "outcome"),
        erase=_empty_invitations,
    ),
    Holding(
        table="identity_guardianconsent",
        title=_("Consents of guardians"),
        why=_("To show that a guardian agreed, to which text and how. The name is kept until the "
              "account of either is closed."),
        rows=_consents,
        fields=(
            "guardian_name", "relation",
            Field("text", _("text agreed to"), lambda row: str(row.terms)),
            "method", "given_at", "guardian_verified_at", PLACE, "kept_at", "ended_at",
            "end_reason",
        ),
        erase=_empty_consents,
    ),
    Holding(
        table="identity_comingofage",
        title=_("That you came of age"),
        why=_("So that you are asked once whether you go on by yourself."),
        rows=_grown_up,
        fields=("confirmed_at",),
        erase=_forget_grown_up,
    ),
]  # fmt: skip
