from registration.models.applications import (
    ApplicationDocument,
    ApplicationMessage,
    PremiumApplication,
    Stay,
)
from registration.models.conditions import MunicipalConditions
from registration.models.decisions import PremiumDecision
from registration.models.nightly import EndNotice, PopulationCount, ReleaseWarning
from registration.models.parameters import NationalParameters
from registration.models.premium import PremiumSlot, PremiumStanding
from registration.models.registrations import Registration, RegistrationCounter, RegistrationEvent
from registration.models.relation import RelationSetting
from registration.models.replays import Replay

__all__ = [
    "ApplicationDocument",
    "ApplicationMessage",
    "EndNotice",
    "MunicipalConditions",
    "NationalParameters",
    "PopulationCount",
    "PremiumApplication",
    "PremiumDecision",
    "PremiumSlot",
    "PremiumStanding",
    "Registration",
    "RegistrationCounter",
    "RegistrationEvent",
    "RelationSetting",
    "Replay",
    "ReleaseWarning",
    "Stay",
]
