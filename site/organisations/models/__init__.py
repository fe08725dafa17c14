from organisations.models.organisations import Organisation
from organisations.models.standings import Standing

__all__ = ["Organisation", "Standing"]
