"""What registrations hold of a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    EndNotice,
    PremiumApplication,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
    RegistrationEvent,
    ReleaseWarning,
    Stay,
)


def _registrations(person: Person) -> list[Registration]:
    rows = Registration.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _empty_registrations(person: Person) -> None:
    """Kind, number and days stay: of them the municipality's totals are made."""
    Registration.objects.filter(resident_id__in=person.residents).update(
        family_name="",
        given_name="",
        kana="",
        birth_date=None,
        postal_code="",
        address="",
        residence_name="",
        email="",
        phone="",
    )


def _events(person: Person) -> list[RegistrationEvent]:
    rows = RegistrationEvent.objects.filter(registration__resident_id__in=person.residents)
    return list(rows.select_related("registration"))


def _empty_events(person: Person) -> None:
    """What happened stays; why may say something about the person."""
    RegistrationEvent.objects.filter(registration__resident_id__in=person.residents).update(
        reason=""
    )


def _warnings(person: Person) -> list[ReleaseWarning]:
    return list(ReleaseWarning.objects.filter(resident_id__in=person.residents))


def _delete_warnings(person: Person) -> None:
    ReleaseWarning.objects.filter(resident_id__in=person.residents).delete()


def _notices(person: Person) -> list[EndNotice]:
    return list(EndNotice.objects.filter(resident_id__in=person.residents))


def _delete_notices(person: Person) -> None:
    EndNotice.objects.filter(resident_id__in=person.residents).delete()


def _decisions(person: Person) -> list[PremiumDecision]:
    rows = PremiumDecision.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED).order_by("at"))


def _standings(person: Person) -> list[PremiumStanding]:
    rows = PremiumStanding.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED).order_by("pk"))


def _slots(person: Person) -> list[PremiumSlot]:
    rows = PremiumSlot.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(f"standing__{PLACE_NAMED}").order_by("number"))


def _free_slots(person: Person) -> None:
    PremiumSlot.objects.filter(resident_id__in=person.residents).delete()


def _applications(person: Person) -> list[PremiumApplication]:
    rows = PremiumApplication.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED).order_by("pk"))


def _empty_applications(person: Person) -> None:
    """That and how it was decided stays with the decision; why may say something about somebody."""
    PremiumApplication.objects.filter(resident_id__in=person.residents).update(reason="")


def _messages(person: Person) -> list[ApplicationMessage]:
    return list(
        ApplicationMessage.objects.filter(application__resident_id__in=person.residents)
        .select_related(f"application__{PLACE_NAMED}")
        .order_by("at", "pk")
    )


def _empty_messages(person: Person) -> None:
    """The database lets a message be emptied, and changed in no other way."""
    ApplicationMessage.objects.filter(application__resident_id__in=person.residents).update(text="")


def _documents(person: Person) -> list[ApplicationDocument]:
    return list(
        ApplicationDocument.objects.filter(application__resident_id__in=person.residents)
        .select_related(f"application__{PLACE_NAMED}")
        .defer("content")
        .order_by("pk")
    )


def _delete_documents(person: Person) -> None:
    ApplicationDocument.objects.filter(application__resident_id__in=person.residents).delete()


def _stays(person: Person) -> list[Stay]:
    rows = Stay.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED).order_by("first_day"))


def _empty_stays(person: Person) -> None:
    Stay.objects.filter(resident_id__in=person.residents).update(note="", reason="")


_APPLIED_AT = Field("municipality", _("municipality"), lambda row: row.application.municipality)


HOLDINGS = [
    Holding(
        table="registration_registration",
        title=_("Your registrations"),
        why=_("So that the municipality knows who is registered with it. Your particulars are kept "
              "until you close your account; kind, number and days stay for its totals."),
        rows=_registrations,
        fields=(
            "municipality", "number", "kind", "origin", "status", "registered_at", "ended_at",
            "family_name", "given_name", "kana", "birth_date", "postal_code", "address",
            "residence_name", "email", "phone", "lives_here",
        ),
        erase=_empty_registrations,
    ),
    Holding(
        table="registration_registrationevent",
        title=_("What happened to your registrations"),
        why=_("To show when a registration began, changed and ended. The reason is kept until you "
              "close your account."),
        rows=_events,
        fields=(
            Field("number", _("registration number"), lambda row: row.registration.number),
            "kind", "at", "reason", "on_behalf",
        ),
        erase=_empty_events,
    ),
    Holding(
        table="registration_releasewarning",
        title=_("Warnings that your registrations will end"),
        why=_("So that each warning is sent once. Deleted when you close your account."),
        rows=_warnings,
        fields=("seen_on", "days", "told_on", "release_on"),
        erase=_delete_warnings,
    ),
    Holding(
        table="registration_endnotice",
        title=_("Reminders that the term of a registration will end"),
        why=_("So that each reminder is sent once. Deleted when you close your account."),
        rows=_notices,
        fields=("ends_on", "days", "told_on"),
        erase=_delete_notices,
    ),
    Holding(
        table="registration_premiumdecision",
        title=_("Decisions on the kind of your registrations"),
        why=_("Every decision is kept with what it was read from, so that it can be checked years "
              "later. It has no name, no date of birth and no address in it."),
        rows=_decisions,
        fields=(
            PLACE, Field("at", _("when"), lambda row: row.at), "occasion", "allowed",
            "rules_version", "parameters_version", "conditions_version", "outcome",
        ),
        kept=_("A public body has to be able to show how it decided. After you close your account "
               "a number stands in your place that leads to nobody."),
    ),
    Holding(
        table="registration_premiumstanding",
        title=_("Terms of your registrations"),
        why=_("To know since when and until when a registration with conditions holds."),
        rows=_standings,
        fields=(PLACE, "status", "starts_on", "ends_on", "ended_at", "over_limit",
                "long_stay"),
        kept=_("The municipality's totals are made of the days. After you close your account a "
               "number stands in your place that leads to nobody."),
    ),
    Holding(
        table="registration_premiumslot",
        title=_("Which of your registrations count towards the limit"),
        why=_("So that there are never more than the limit. Deleted as soon as one ends, and when "
              "you close your account."),
        rows=_slots,
        fields=(
            Field("municipality", _("municipality"), lambda row: row.standing.municipality),
            Field("number", _("number"), lambda row: row.number),
        ),
        erase=_free_slots,
    ),
    Holding(
        table="registration_premiumapplication",
        title=_("Your applications for a kind of registration"),
        why=_("To decide on them. The reason is kept until you close your account."),
        rows=_applications,
        fields=(PLACE, "kind", "status", "submitted_at", "decided_at", "reason"),
        erase=_empty_applications,
    ),
    Holding(
        table="registration_applicationmessage",
        title=_("Questions about your applications, and your answers"),
        why=_("To settle what is open before a decision. The words are kept until you close your "
              "account."),
        rows=_messages,
        fields=(
            _APPLIED_AT,
            Field("at", _("when"), lambda row: row.at),
            Field("by_staff", _("from the municipality"), lambda row: row.by_staff),
            "text",
        ),
        erase=_empty_messages,
    ),
    Holding(
        table="registration_applicationdocument",
        title=_("Documents you handed in"),
        why=_("For an officer to check them. Deleted as soon as the application is decided or "
              "withdrawn, and when you close your account."),
        rows=_documents,
        fields=(_APPLIED_AT, "name", "size",
                Field("uploaded_at", _("handed in at"), lambda row: row.uploaded_at)),
        erase=_delete_documents,
    ),
    Holding(
        table="registration_stay",
        title=_("Stays you told of"),
        why=_("To recognise a long stay. Note and reason are kept until you close "
              "your account."),
        rows=_stays,
        fields=(PLACE, "first_day", "last_day", "evidence", "note", "status", "reason"),
        erase=_empty_stays,
    ),
]  # fmt: skip
