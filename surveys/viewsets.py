"""The survey in the municipality's admin: own items, how it looks, what was answered."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from pages.columns import YesNoColumn
from surveys.enums import Survey
from surveys.forms import RegistrationSurveyForm
from surveys.models import SurveyItem
from surveys.queries import tallies, written_answers

WRITTEN_ANSWERS_PER_PAGE = 50


class SurveyItemViewSet(ModelViewSet):
    """Editors make, change, order and stop items."""

    model = SurveyItem
    name = "survey_items"
    icon = "form"
    menu_label = _("Own items")
    list_display = [
        "text",
        "kind",
        YesNoColumn("required", label=_("must be answered")),
        YesNoColumn("is_active", label=_("in use")),
    ]
    ordering = ["sort_order", "pk"]
    copy_view_enabled = False
    panels = [
        FieldPanel("text"),
        FieldPanel("help_text"),
        FieldPanel("kind"),
        FieldPanel("choices"),
        FieldPanel("required"),
        FieldPanel("is_active"),
        MultiFieldPanel(
            [FieldPanel("text_en"), FieldPanel("help_text_en"), FieldPanel("choices_en")],
            heading=_("In English"),
        ),
    ]


class _OnePage(ViewSet):
    """One page of the admin, for who has `permission`."""

    permission = ""

    def page(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def guarded(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return self.page(request)

    def get_urlpatterns(self) -> list[Any]:
        return [path("", self.guarded, name="index")]

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        permission = self.permission

        class GuardedMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return request.user.has_perm(permission)

        return GuardedMenuItem


class PreviewViewSet(_OnePage):
    """The whole survey as residents see it: common questions, then the items in use."""

    name = "survey_preview"
    icon = "view"
    menu_label = _("Preview")
    permission = "surveys.view_surveyitem"

    def page(self, request: HttpRequest) -> HttpResponse:
        form = RegistrationSurveyForm(items=SurveyItem.objects.asked())
        return render(request, "surveys/admin/preview.html", {"form": form})


class AnswersViewSet(_OnePage):
    """How often each choice was given, and what people wrote. Without names."""

    name = "survey_answers"
    icon = "list-ul"
    menu_label = _("Answers")
    permission = "surveys.view_answer"

    def page(self, request: HttpRequest) -> HttpResponse:
        written = Paginator(written_answers(Survey.REGISTRATION), WRITTEN_ANSWERS_PER_PAGE)
        return render(
            request,
            "surveys/admin/answers.html",
            {
                "tallies": tallies(Survey.REGISTRATION),
                "written": written.get_page(request.GET.get("p")),
            },
        )


class SurveyGroup(ViewSetGroup):
    """One place in the menu for all of it."""

    menu_label = _("Registration survey")
    menu_icon = "form"
    menu_order = 320
    items = (SurveyItemViewSet, PreviewViewSet, AnswersViewSet)
