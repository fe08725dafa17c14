"""The survey's place in the municipality's admin."""

from wagtail import hooks

from surveys.viewsets import SurveyGroup


@hooks.register("register_admin_viewset")
def register_surveys() -> SurveyGroup:
    return SurveyGroup()
