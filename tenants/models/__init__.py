from tenants.models.batches import RequestBatch
from tenants.models.governments import LocalGovernment
from tenants.models.municipalities import Domain, Municipality, MunicipalityChange
from tenants.models.networks import NetworkRange
from tenants.models.requests import ParticipationRequest, RequestNote
from tenants.models.second_factors import SecondFactor, SecondFactorEvent
from tenants.models.terms import Terms

__all__ = [
    "Domain",
    "LocalGovernment",
    "Municipality",
    "MunicipalityChange",
    "NetworkRange",
    "ParticipationRequest",
    "RequestBatch",
    "RequestNote",
    "SecondFactor",
    "SecondFactorEvent",
    "Terms",
]
