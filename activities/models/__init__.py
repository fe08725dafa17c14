from activities.models.activities import ActivityPage
from activities.models.calls import UrgentCall
from activities.models.designations import Designation
from activities.models.indexes import ActivityIndexPage
from activities.models.reviews import ActivityReport, ProjectReview, ProjectSettings
from activities.models.sessions import Session

__all__ = [
    "ActivityIndexPage",
    "ActivityPage",
    "ActivityReport",
    "Designation",
    "ProjectReview",
    "ProjectSettings",
    "Session",
    "UrgentCall",
]
