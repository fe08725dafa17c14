"""The front page, on which a municipality introduces itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail_localize.fields import SynchronizedField

from pages.blocks import IntroductionBody
from pages.models.articles import ArticlePage
from pages.models.mixins import MunicipalityPageMixin
from pages.registry import front_page_sections

NEWEST_ARTICLES = 4


class HomePage(MunicipalityPageMixin, Page):
    """The municipality's front page and introduction (自治体紹介), one in each language."""

    lead = models.TextField(
        _("lead"),
        max_length=400,
        blank=True,
        help_text=_("Two or three sentences that say what your municipality is like."),
    )
    hero_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("large picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the top of the page. Landscape format, 1,600 pixels wide or more."),
    )
    hero_image_alt = models.CharField(
        _("description of the picture"),
        max_length=200,
        blank=True,
        help_text=_(
            "What the picture shows, in one sentence. It is read aloud to people who cannot see it."
        ),
    )
    body = StreamField(IntroductionBody(), verbose_name=_("content"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("hero_image"), FieldPanel("hero_image_alt")],
            heading=_("Large picture"),
        ),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *MunicipalityPageMixin.override_translatable_fields,
        SynchronizedField("hero_image"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1  # translations are copies, which this does not count
    template = "pages/home_page.html"

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def clean(self) -> None:
        super().clean()
        if self.hero_image_id and not self.hero_image_alt.strip():
            raise ValidationError(
                {"hero_image_alt": _("Describe the picture for people who cannot see it.")}
            )

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """A page that is not translated yet is shown in Japanese, at the address asked for.

        Who reads in English keeps the English frame around it, marked as Japanese inside.
        """
        try:
            return super().route(request, path_components)
        except Http404:
            default = Locale.get_default()
            if self.locale_id == default.pk:
                raise
            source = self.get_translation_or_none(default)
            if source is None or not source.live:
                raise
            return source.route(request, path_components)

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """As Wagtail's, without asking for ancestors: above a front page is the root alone."""
        if self.alias_of_id:
            return super().get_view_restrictions()
        root = self.path[: self.steplen]
        return PageViewRestriction.objects.filter(page__path__in=[root, self.path])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `sections` (from `pages.registry`), `articles` (the newest) and their index."""
        context = super().get_context(request, *args, **kwargs)
        articles = list(ArticlePage.newest(self.locale_id)[:NEWEST_ARTICLES])
        context["sections"] = front_page_sections(request, self)
        context["articles"] = articles
        context["article_index_url"] = (
            ArticlePage.index_url(articles[0], request) if articles else None
        )
        return context
