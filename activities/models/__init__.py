from activities.models.activities import ActivityPage
from activities.models.calls import UrgentCall
from activities.models.coordinators import Coordinator, OtherCosts, WorkEntry
from activities.models.daily_views import DailyViews
from activities.models.designations import Designation
from activities.models.hosts import HostPage
from activities.models.indexes import ActivityIndexPage
from activities.models.needs import Need
from activities.models.reports import ActivityReport, ProjectSettings
from activities.models.sessions import Session
from activities.models.thanks import ThanksNote
from activities.models.workflow import DesignationTask, DesignationTaskState

__all__ = [
    "ActivityIndexPage",
    "ActivityPage",
    "ActivityReport",
    "Coordinator",
    "DailyViews",
    "Designation",
    "DesignationTask",
    "DesignationTaskState",
    "HostPage",
    "Need",
    "OtherCosts",
    "ProjectSettings",
    "Session",
    "ThanksNote",
    "UrgentCall",
    "WorkEntry",
]
