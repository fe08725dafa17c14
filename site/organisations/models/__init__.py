from organisations.models.members import MemberInvitation, OrganisationMember
from organisations.models.organisations import Organisation
from organisations.models.programmes import JointProgramme
from organisations.models.requests import StandingRequest
from organisations.models.runs import RunSession
from organisations.models.standings import Standing

__all__ = [
    "JointProgramme",
    "MemberInvitation",
    "Organisation",
    "OrganisationMember",
    "RunSession",
    "Standing",
    "StandingRequest",
]
