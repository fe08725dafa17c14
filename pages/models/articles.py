"""News of a municipality."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from common.clock import today
from pages.blocks import ArticleBody
from pages.models.mixins import MunicipalityPageMixin

ARTICLES_PER_PAGE = 20


class ArticleIndexPage(MunicipalityPageMixin, Page):
    """All news, newest first. There is one in each language."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ArticlePage"]
    max_count_per_parent = 1
    template = "pages/article_index_page.html"

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `articles`: a page of `ArticlePage`s, `?page=` says which."""
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.newest(self.locale_id).child_of(self)
        paginator = Paginator(articles, ARTICLES_PER_PAGE)
        context["articles"] = paginator.get_page(request.GET.get("page"))
        return context


class ArticlePage(MunicipalityPageMixin, Page):
    """One piece of news."""

    published_on = models.DateField(_("date"), default=today)
    lead = models.TextField(
        _("lead"),
        max_length=200,
        blank=True,
        help_text=_("One or two sentences, shown in lists."),
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("description of the picture"),
        max_length=200,
        blank=True,
        help_text=_(
            "What the picture shows, in one sentence. It is read aloud to people who cannot see it."
        ),
    )
    body = StreamField(ArticleBody(), verbose_name=_("content"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Picture")),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *MunicipalityPageMixin.override_translatable_fields,
        SynchronizedField("published_on", overridable=False),
        SynchronizedField("image"),
    ]
    parent_page_types = ["pages.ArticleIndexPage"]
    subpage_types: list[str] = []
    template = "pages/article_page.html"

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def clean(self) -> None:
        super().clean()
        if self.image_id and not self.image_alt.strip():
            raise ValidationError(
                {"image_alt": _("Describe the picture for people who cannot see it.")}
            )

    @classmethod
    def newest(cls, locale_id: int) -> Any:
        """Published news in one language, newest first."""
        return (
            cls.objects.live()
            .filter(locale_id=locale_id)
            .order_by("-published_on", "-first_published_at", "-pk")
        )

    def index_url(self, request: HttpRequest | None = None) -> str | None:
        """Address of the list this piece of news stands in; costs no query."""
        url = self.get_url(request)
        return url.removesuffix(f"{self.slug}/") if url else None
