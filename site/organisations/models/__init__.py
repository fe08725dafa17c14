from organisations.models.organisations import Organisation
from organisations.models.programmes import JointProgramme
from organisations.models.standings import Standing

__all__ = ["JointProgramme", "Organisation", "Standing"]
