"""Closed lists about partner organisations (関係団体)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    """Kinds of organisations that run activities, as the ministry's briefing lists them."""

    MUNICIPALITY = "municipality", _("Municipality itself")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood association")
    RMO = "rmo", _("Regional management organisation (RMO)")
    FIRE_CORPS = "fire_corps", _("Volunteer fire corps")
    PTA = "pta", _("PTA")
    NPO = "npo", _("Non-profit organisation (NPO)")
    TOWN_COMPANY = "town_company", _("Community development company")
    DMO = "dmo", _("Destination management organisation (DMO)")
    COMMERCE = "commerce", _("Chamber or society of commerce")
    TWO_BASE_LIVING = "two_base_living", _("Corporation that supports living in two areas")
    INTERMEDIARY = "intermediary", _("Intermediary support organisation")
    COMMON_WORK = "common_work", _("Joint work of the area (farmland, waterways, paths)")
    TRAVEL_AGENCY = "travel_agency", _("Travel agency")
    SCHOOL = "school", _("School or university")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other")


class Pattern(IntegerChoices):
    """How a municipality takes part in designating an organisation's projects (R17)."""

    EACH_PROJECT = 1, _("Pattern 1: each project is designated by the municipality")
    TRUSTED = 2, _("Pattern 2: projects of this organisation are designated in principle")


class MemberRole(TextChoices):
    """What somebody may do for an organisation: a manager also chooses the people."""

    MANAGER = "manager", _("Manager of the organisation")
    HELPER = "helper", _("Helper of the organisation")


class RequestOutcome(TextChoices):
    """What became of a request for a standing; "" while it waits."""

    __empty__ = _("Waiting for the municipality")
    GIVEN = "given", _("Recognised")
    REFUSED = "refused", _("Not recognised")
