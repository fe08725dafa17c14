"""Panels of the editor of an activity."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel

from activities.enums import Answer
from activities.page_forms import SessionForm
from activities.registry import links_for
from activities.rules.sessions import coming_and_past


class SessionsPanel(InlinePanel):
    """The sessions, edited with `SessionForm`."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        built = formset.get("form", WagtailAdminModelForm)
        meta = getattr(built, "Meta", None)
        formset["form"] = type(
            "SessionInlineForm", (SessionForm,), {"Meta": meta} if meta is not None else {}
        )
        return options


class HiddenPanel(FieldPanel):
    """A field that the form carries and nobody sees."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return True

        def classes(self) -> list[str]:
            return [*self.panel.classes(), "w-hidden"]


class StaffLinksPanel(Panel):
    """What staff can open for each published session, e.g. the poster with its code."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "activities/panels/staff_links.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.live)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            both = coming_and_past(self.instance.stored_sessions().select_related("page"))
            context["coming"], context["past"] = (
                [(session, links_for(session)) for session in sessions] for sessions in both
            )
            return context


class AddDatesPanel(Panel):
    """The way to the form that adds dates by a rule; once the page is stored."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "activities/panels/add_dates.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.is_source)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            # The date that a template proposes has none, and the editor saves nothing without.
            context["lacks_place"] = any(not one.place for one in self.instance.sessions.all())
            return context


class DesignationPanel(Panel):
    """Who designated the activity, when and on what ground: the record, not the form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "activities/panels/designation.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["designations"] = self.instance.designations.select_related(
                "designated_by"
            ).order_by("-pk")
            context["yes_no"] = f"{Answer.YES.label},{Answer.NO.label}"
            return context
