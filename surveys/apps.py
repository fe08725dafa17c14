from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Questions, answers and the registration survey."""

    name = "surveys"
    verbose_name = _("Surveys")
