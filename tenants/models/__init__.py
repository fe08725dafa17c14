from tenants.models.governments import LocalGovernment
from tenants.models.municipalities import Domain, Municipality
from tenants.models.requests import ParticipationRequest
from tenants.models.terms import Terms

__all__ = ["Domain", "LocalGovernment", "Municipality", "ParticipationRequest", "Terms"]
