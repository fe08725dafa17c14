"""An activity: what it is, who runs it, when it takes place."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import StreamField
from wagtail.models import Workflow
from wagtail_localize.fields import SynchronizedField

from activities.enums import Answer, Category
from activities.models.components import components_in, in_words_of, labelled
from activities.models.daily_views import count_view
from activities.models.editor import CONTENT_PANELS, PROMOTE_PANELS
from activities.models.hosts import HostPage
from activities.models.recruitment import Recruitment
from activities.models.sessions import ROWS_OWN, Session
from activities.models.workflow import ActivityPermissions, waits_for_designation
from activities.page_forms import ActivityPageForm
from activities.registry import (
    components_booked,
    removal_refusals,
    sister_sessions,
    words_about,
)
from activities.rules.components import BelowBooked, Component, below_booked
from activities.rules.snapshot import SessionSnapshot
from activities.signals import session_moved
from organisations.models import Organisation
from pages.blocks import ArticleBody
from pages.models.mixins import MunicipalityPageMixin
from tenants.context import current_municipality

DESIGNATION_FIELDS = [
    "lack_of_hands",
    "lack_of_hands_reason",
    "public_benefit",
    "public_benefit_reason",
    "designated_from",
]


class ActivityPage(MunicipalityPageMixin, Recruitment):
    """An activity that helps the area (担い手活動), with one or more sessions.

    It counts for residents only while designated: the answers here are the form, and what
    was decided, by whom and when stands in `Designation`, written when the page is published.
    """

    sessions: Any  # the other side of `Session.page`; modelcluster lets it be assigned

    summary = models.TextField(
        _("summary"),
        max_length=200,
        help_text=_("One or two sentences, shown in lists: what will people do, and for whom?"),
    )
    body = StreamField(
        ArticleBody(), verbose_name=pgettext_lazy("activity", "description"), blank=True
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
    category = models.CharField(
        _("kind of activity"),
        max_length=24,
        choices=Category.choices,
        default=Category.FESTIVAL,
    )
    # Organisations live in the shared schema and are never deleted; DO_NOTHING keeps Django
    # from looking for activities in a schema that has none.
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organiser"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        help_text=_("Leave empty if the municipality itself runs the activity."),
    )
    belongings = models.TextField(
        _("what to bring"),
        max_length=500,
        blank=True,
        help_text=_("Clothes, tools, lunch… Leave empty if nothing is needed."),
    )
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("telephone number"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    lack_of_hands = models.CharField(
        _("Does it answer a lack of hands?"),
        max_length=3,
        choices=Answer.choices,
        blank=True,
    )
    lack_of_hands_reason = models.TextField(_("reason (lack of hands)"), blank=True)
    public_benefit = models.CharField(
        _("Is its public benefit enough for its content and hours?"),
        max_length=3,
        choices=Answer.choices,
        blank=True,
    )
    public_benefit_reason = models.TextField(_("reason (public benefit)"), blank=True)
    designated_from = models.DateField(
        _("counts from"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty: from the day you publish. Enter an earlier day only if the"
            " municipality decided then."
        ),
    )

    content_panels = CONTENT_PANELS
    promote_panels = PROMOTE_PANELS
    base_form_class = ActivityPageForm
    override_translatable_fields = [
        *MunicipalityPageMixin.override_translatable_fields,
        *Recruitment.synchronised_fields,
        SynchronizedField("image"),
        *(
            SynchronizedField(name, overridable=False)
            for name in (*DESIGNATION_FIELDS, "contact_name", "contact_phone", "contact_email")
        ),
    ]
    # A copy is another project: the municipality decides on it anew (R17).
    exclude_fields_in_copy = [*DESIGNATION_FIELDS, "is_urgent", "is_template", "from_need"]
    parent_page_types = ["activities.ActivityIndexPage"]
    subpage_types: list[str] = []
    template = "activities/activity_page.html"

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def clean(self) -> None:
        super().clean()
        if self.image_id and not self.image_alt.strip():
            raise ValidationError(
                {"image_alt": _("Describe the picture for people who cannot see it.")}
            )

        if self.minimum_age and self.maximum_age and self.maximum_age < self.minimum_age:
            raise ValidationError({"maximum_age": _("The maximum age is below the minimum age.")})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._name_address()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; keeps each session what it is (see `Session`), and tells of those moved."""
        self._name_address()
        with transaction.atomic():
            moved = self._settle_sessions() if kwargs.get("update_fields") is None else []
            super().save(*args, **kwargs)
            for session, before in moved:
                session_moved.send(sender=Session, session=session, before=before, page=self)

    def _name_address(self) -> None:
        if not self.slug:
            # A Japanese title makes an address of hundreds of signs, which breaks in mails.
            self.slug: str = secrets.token_hex(5)

    def _settle_sessions(self) -> list[tuple[Session, SessionSnapshot]]:
        """Returns the published ones that get other times or another place, as they were."""
        sessions: Any = self.sessions
        if not self.is_source:
            sessions.set([])  # a translation shows those of its source
            self.is_urgent = self.source.is_urgent  # which copying for translation leaves out
            return []
        wanted = list(sessions.all())
        stored = {row.uuid: row for row in self.stored_sessions().select_related("page")}
        uuid_of = {row.pk: row.uuid for row in stored.values()}
        kept = {uuid_of.get(session.pk, session.uuid) for session in wanted}
        gone = {uuid: row for uuid, row in stored.items() if uuid not in kept}
        # Publishing an old draft must not take a session away from those who signed up.
        wanted += [gone[guarded] for guarded in removal_refusals(gone)]
        strangers = set(
            Session.objects.filter(uuid__in=[session.uuid for session in wanted])
            .exclude(page=self.pk)
            .values_list("uuid", flat=True)
        )
        moved = []
        for session in wanted:
            if session.pk in uuid_of:
                session.uuid = uuid_of[session.pk]  # a copied draft still has its model's
            elif session.uuid in stored:
                session.pk = stored[session.uuid].pk  # published from a draft that had no row yet
            elif session.uuid in strangers:
                session.uuid = uuid.uuid4()  # a copied page
            if row := stored.get(session.uuid):
                if self._settle_row(session, row):
                    moved.append((session, row.snapshot()))
            else:
                session.forget_history()  # of what a copied page's session was
        sessions.set(wanted)
        return moved

    def _settle_row(self, session: Session, row: Session) -> bool:
        """Carry over what is the row's own; whether a session that people know of is moved."""
        for name in ROWS_OWN:
            setattr(session, name, getattr(row, name))
        moved = row.page.live and not row.is_over and session.is_elsewhere(row)
        if moved:
            session.remember_times(row)
        return moved

    def get_workflow(self) -> Workflow | None:
        """That of its designation, while it waits for it: it begins with an organisation alone
        (`operations.projects`), and no other page or part of the site has a say in it."""
        return self.current_workflow_state.workflow if waits_for_designation(self) else None

    @property
    def has_workflow(self) -> bool:
        return self.get_workflow() is not None

    def permissions_for_user(self, user: Any) -> ActivityPermissions:
        return ActivityPermissions(user, self)

    @property
    def is_source(self) -> bool:
        """Whether it is in the language activities are written in; the others are translations."""
        return self.locale.language_code == settings.LANGUAGE_CODE

    def stored_sessions(self) -> models.QuerySet[Session]:
        """Its rows in the database, past a draft's."""
        return Session.objects.filter(page=self.pk)

    def booked_beyond(self, components: Any) -> list[BelowBooked]:
        """What is wrong with a package of these `components` (the field's value), because people
        have booked it on dates to come: compared with the row in the database, past a draft's."""
        row = ActivityPage.objects.only("components").filter(pk=self.pk).first()
        if row is None or not row.package:
            return []
        coming = self.stored_sessions().planned().upcoming()  # type: ignore[attr-defined]
        booked = components_booked(coming.values_list("uuid", flat=True))
        return below_booked(row.package, components_in(components or []), list(booked.values()))

    @property
    def source(self) -> ActivityPage:
        """The page in the source language; itself if there is none."""
        if self.is_source:
            return self
        return (
            ActivityPage.objects.filter(
                translation_key=self.translation_key,
                locale__language_code=settings.LANGUAGE_CODE,
            ).first()
            or self
        )

    def package_in(self, language: str | None) -> list[Component]:
        """Its package in the words of its translation into `language`, where there is one."""
        package = self.package
        if not package or language in {None, self.locale.language_code}:
            return package
        translated = ActivityPage.objects.live().filter(
            translation_key=self.translation_key, locale__language_code=language
        )
        page = translated.only("components").first()
        return in_words_of(package, page.package) if page else package

    @property
    def public_path(self) -> str:
        """Path on the municipality's public host."""
        parts = self.get_url_parts()
        return parts[2] if parts else ""

    @property
    def organiser_name(self) -> str:
        """Who runs it: the organisation, else the municipality."""
        return self.organisation.name if self.organisation else current_municipality().full_name

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What visitors get, counted (`models.DailyViews`); previews come another way."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        count_view(self.pk, request)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `sessions` and `past_sessions` (lists of `listing.ShownSession`), whether any of
        them counts and whose word that is, and the dates of a joint programme elsewhere
        (`registry.SisterSession`)."""
        from activities.models.listing import shown_sessions

        source = self.source
        context = super().get_context(request, *args, **kwargs)
        shown = shown_sessions(self, request)
        context["package"] = labelled(in_words_of(source.package, self.package))
        context["sessions"] = [one for one in shown if not one.session.is_over]
        context["past_sessions"] = [one for one in shown if one.session.is_over]
        context["counts"] = any(one.counts for one in shown)
        # R21: what recruits before the system opens says that it counts all the same.
        context["before_release"] = not current_municipality().is_published
        if source.host_id:
            context["host"] = HostPage.shown_for(source.host_id, self.locale_id)
        if source.from_need:
            context["from_need"], context["need"] = True, source.needs.first()
        if self.joint_programme_id:
            context["sisters"] = sister_sessions(request, self.joint_programme)
        context["words"] = words_about(request, [one.session.uuid for one in shown])
        if context["counts"]:
            context["designation"] = self.source.designations.order_by("-pk").first()
        return context
