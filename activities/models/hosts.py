"""The host of activities (ヌシ): who awaits people there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Q, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from activities.registry import words_about
from pages.blocks import ArticleBody
from pages.models.mixins import MunicipalityPageMixin


class HostPage(MunicipalityPageMixin, Page):
    """Who awaits people at activities: name as shown, portrait, what they do."""

    introduction = models.TextField(
        _("introduction"),
        max_length=200,
        help_text=_("One or two sentences, also shown on the host's activities."),
    )
    body = StreamField(ArticleBody(), verbose_name=_("what they do"), blank=True)
    portrait = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    portrait_alt = models.CharField(
        _("description of the portrait"),
        max_length=200,
        blank=True,
        help_text=_(
            "What the picture shows, in one sentence. It is read aloud to people who cannot see it."
        ),
    )

    content_panels = [
        FieldPanel("title", heading=_("Name as it is shown"), classname="title"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel("portrait"), FieldPanel("portrait_alt")], heading=_("Portrait")
        ),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *MunicipalityPageMixin.override_translatable_fields,
        SynchronizedField("portrait"),
    ]
    parent_page_types = ["activities.ActivityIndexPage"]
    subpage_types: list[str] = []
    template = "activities/host_page.html"

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def clean(self) -> None:
        super().clean()
        if self.portrait_id and not self.portrait_alt.strip():
            raise ValidationError(
                {"portrait_alt": _("Describe the picture for people who cannot see it.")}
            )

    @classmethod
    def shown_for(cls, host_id: int, locale_id: int) -> HostPage | None:
        """A published host in a language, else as it was written; one query."""
        key = cls.objects.filter(pk=host_id).values("translation_key")
        return (
            cls.objects.live()
            .filter(translation_key__in=key)
            .filter(Q(locale=locale_id) | Q(pk=host_id))
            .order_by(Case(When(locale=locale_id, then=0), default=1))
            .first()
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `activities` (a list of `listing.ListedActivity`), soonest to come first, and what
        those say who took part (`registry.words_about`)."""
        from activities.models.listing import activities_of_host, sessions_of_host

        context = super().get_context(request, *args, **kwargs)
        context["activities"] = activities_of_host(self)
        context["words"] = words_about(request, sessions_of_host(self))
        return context
