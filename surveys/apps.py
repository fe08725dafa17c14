from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Questions, answers and the registration survey."""

    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from registration.steps import register_step
        from surveys import receivers  # noqa: F401 - connects the receivers
        from surveys.steps import SurveyStep

        register_step(SurveyStep())
