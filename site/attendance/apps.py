from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    """Sign-ups, check-in and the participation ledger."""

    name = "attendance"
    verbose_name = _("Attendance")

    def ready(self) -> None:
        from attendance import checks, receivers  # noqa: F401 - plug into Django and activities
