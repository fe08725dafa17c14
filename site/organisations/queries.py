"""What can be asked of partner organisations."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from organisations.models import JointProgramme, Organisation, Standing
from tenants.models import Municipality


def standing_on(
    organisation: Organisation, municipality: Municipality, day: date
) -> Standing | None:
    """The standing of an organisation at a municipality in force on `day`."""
    return Standing.objects.at(municipality).filter(organisation=organisation).on(day).first()


def organisations_of(municipality: Municipality, day: date) -> QuerySet[Organisation]:
    """Organisations with a standing at this municipality in force on `day`."""
    standings = Standing.objects.at(municipality).on(day)
    return Organisation.objects.filter(pk__in=standings.values("organisation"))


def standings_in_force(municipality: Municipality, day: date) -> QuerySet[Standing]:
    """A municipality's standings in force on `day`, by the organisation's name."""
    return (
        Standing.objects.at(municipality)
        .on(day)
        .select_related("organisation")
        .order_by("organisation__kana", "organisation__name")
    )


def programmes_of(municipality: Municipality, day: date) -> QuerySet[JointProgramme]:
    """Joint programmes of the organisations with a standing at this municipality on `day`."""
    return JointProgramme.objects.filter(
        organisation__in=organisations_of(municipality, day)
    ).select_related("organisation")
