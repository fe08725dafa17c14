"""Agreeing, and taking it back (R28). Rows are only added and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Resident, User
from common.refusal import Refused
from privacy.enums import ConsentEnd, ConsentPurpose
from privacy.models import Consent
from privacy.models.consents import PER_MUNICIPALITY, purpose_of
from privacy.queries import has_consent, texts_in_force
from tenants.models import Municipality, Terms

# Given and taken back by themselves. Terms and privacy notice end with the account, disclosure
# ends with the registration.
OPTIONAL = (ConsentPurpose.MAILING, ConsentPurpose.ORGANISATIONS)


@dataclass(frozen=True)
class Given:
    """The version of a text that somebody agrees to, and for which municipality."""

    text: Terms
    municipality: Municipality | None = None

    @property
    def key(self) -> tuple[str, str]:
        """As `Consent.key`."""
        return purpose_of(self.text), self.municipality.code if self.municipality else ""


@transaction.atomic(savepoint=False)
def keep(user: User, given: Iterable[Given], on_paper_by: int | None = None) -> None:
    """Keep that `user` agreed to these versions now.

    Safe to repeat, and from two places at once: what runs in this version already keeps its
    time; another version that runs ends. `on_paper_by` is the account of the member of staff who
    holds the signed paper.
    """
    wanted = {one.key: one for one in given}
    outdated = []
    for consent in Consent.objects.of(user.pk).running().locked():
        if consent.key in wanted:
            if consent.text_id == wanted[consent.key].text.pk:
                del wanted[consent.key]
            else:
                outdated.append(consent.pk)
    if outdated:
        Consent.objects.filter(pk__in=outdated).end(ConsentEnd.NEW_VERSION)
    if wanted:
        _add(
            Consent(
                user=user,
                purpose=purpose,
                municipality=one.municipality,
                text=one.text,
                on_paper_by_id=on_paper_by,
            )
            for (purpose, _code), one in wanted.items()
        )


def _add(consents: Iterable[Consent]) -> None:
    # Who agrees twice at the same moment agrees once: of each purpose one may run.
    Consent.objects.bulk_create(consents, ignore_conflicts=True)


@transaction.atomic
def give(
    user: User,
    purpose: ConsentPurpose,
    municipality: Municipality | None = None,
    on_paper_by: int | None = None,
) -> None:
    """Keep that `user` agrees to what is optional, in the version of today. Safe to repeat.

    A consent that runs keeps the version it was given under. Raises `Refused("not_optional")`,
    and `Refused("not_disclosed")` where a municipality that knows nothing of `user` is to write.
    """
    _check_optional(purpose)
    if has_consent(user, purpose, municipality):
        return
    if purpose in PER_MUNICIPALITY:
        # As registering and leaving do: whoever leaves at this moment gets no news afterwards.
        Resident.objects.select_for_update(of=("self",), no_key=True).get(user=user)
        if not (municipality and has_consent(user, ConsentPurpose.DISCLOSURE, municipality)):
            raise Refused("not_disclosed")
    text = texts_in_force([purpose])[purpose]
    keep(user, [Given(text, municipality)], on_paper_by)


@transaction.atomic
def withdraw(user: User, purpose: ConsentPurpose, municipality: Municipality | None = None) -> bool:
    """Take back what is optional, from now on; False where nothing ran. Safe to repeat.

    Raises `Refused("not_optional")`: of the others one is left with the registration or the
    account.
    """
    _check_optional(purpose)
    rows = Consent.objects.of(user.pk).filter(purpose=purpose, municipality=municipality)
    return bool(rows.end(ConsentEnd.WITHDRAWN))


def _check_optional(purpose: ConsentPurpose) -> None:
    if purpose not in OPTIONAL:
        raise Refused("not_optional", purpose=purpose)


def end_at(user: User, municipalities: Iterable[Municipality]) -> int:
    """End everything agreed to for municipalities that were left; how many consents did."""
    rows = Consent.objects.of(user.pk).filter(municipality__in=list(municipalities))
    return rows.end(ConsentEnd.LEFT)


def end_all(user: User, reason: ConsentEnd) -> int:
    """End whatever runs, as when an account is closed; the rows stay. How many did."""
    return Consent.objects.of(user.pk).end(reason)


@transaction.atomic
def take_over(kept: Resident, other: Resident) -> None:
    """Two accounts of one person become one: what the other had agreed to holds for the kept.

    Where both had agreed, what the kept one agreed to stands. On the other everything ends.
    """
    held = {consent.key for consent in Consent.objects.of(kept.user_id).running()}
    theirs = list(Consent.objects.of(other.user_id).running().locked())
    Consent.objects.filter(pk__in=[consent.pk for consent in theirs]).end(ConsentEnd.MERGED)
    _add(
        Consent(
            user_id=kept.user_id,
            purpose=consent.purpose,
            municipality_id=consent.municipality_id,
            text_id=consent.text_id,
            on_paper_by_id=consent.on_paper_by_id,
        )
        for consent in theirs
        if consent.key not in held
    )
