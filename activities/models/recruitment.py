"""What people want to know before they come: costs, insurance, age, languages, the way there."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from activities.enums import Insurance
from activities.models.components import PACKAGE_BLOCKS, components_in
from activities.rules.components import Component
from organisations.models import JointProgramme


class Recruitment(Page):
    """The part of an activity's page that recruits; every field may stay empty."""

    costs = models.TextField(
        _("costs"),
        max_length=500,
        blank=True,
        help_text=_("What people pay themselves, for example lunch or materials."),
    )
    cost_amount = models.PositiveIntegerField(
        _("amount a person (yen)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_000_000)],
        help_text=_("0 if it is free. Leave empty if it cannot be said in one number."),
    )
    insurance = models.CharField(
        _("insurance"), max_length=12, choices=Insurance.choices, blank=True
    )
    insurance_note = models.CharField(_("note on the insurance"), max_length=200, blank=True)
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text=_("Leave empty if everyone can take part."),
    )
    maximum_age = models.PositiveSmallIntegerField(
        _("maximum age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text=_("Leave empty if everyone can take part."),
    )
    languages = models.CharField(
        _("languages spoken there"),
        max_length=100,
        blank=True,
        help_text=_("For example: Japanese, some English."),
    )
    travel = models.TextField(
        _("the way there"),
        max_length=500,
        blank=True,
        help_text=_("Station, bus, parking; whether somebody fetches people."),
    )
    safety_notes = models.TextField(_("for your safety"), max_length=1000, blank=True)
    stay = models.TextField(
        _("lodging in return for work"),
        max_length=500,
        blank=True,
        help_text=_("Where people stay, and what they do for it. Leave empty if there is none."),
    )
    stay_hours = models.DecimalField(
        _("hours of work for the lodging"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Per stay, for example 5."),
    )
    is_paid = models.BooleanField(
        _("paid work"),
        default=False,
        help_text=_("People are paid. It is shown on the page, and counts only if designated."),
    )
    pay = models.CharField(
        _("pay"), max_length=200, blank=True, help_text=_("For example: 1,100 yen an hour.")
    )
    currency_name = models.CharField(
        _("thanks (local currency and the like)"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "What people get on the spot, by the name they know it by. The scheme forbids gifts"
            " that are sent to people."
        ),
    )
    currency_url = models.URLField(
        _("address of the website about it"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Begins with https://. The page links to it and loads nothing from it."),
    )
    is_remote = models.BooleanField(
        _("remote"),
        default=False,
        help_text=_("People take part from where they are, e.g. by video."),
    )
    online_url = models.URLField(
        _("address of the online meeting"),
        max_length=500,
        blank=True,
        help_text=_("Shown only to people who have a place."),
    )
    changing_code_only = models.BooleanField(
        _("more than a poster is needed"),
        default=False,
        db_default=False,
        help_text=_(
            "A photograph of a poster can be passed on. Tick this, and only the code that changes"
            " on the organiser's phone, passes and the list on paper record participation."
        ),
    )
    # Each part has an id of its own that stays through drafts, publication and translation:
    # sign-ups name by it what they booked.
    components = StreamField(
        PACKAGE_BLOCKS,
        verbose_name=_("what can be booked along"),
        blank=True,
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        max_num=12,
        help_text=_(
            "Lodging, childcare, a car and so on, booked together with the place. They are for"
            " people who come: goods that are sent to people's homes may not be offered. Money is"
            " never taken here."
        ),
    )
    is_urgent = models.BooleanField(
        _("urgent"),
        default=False,
        help_text=_(
            "For disasters and the like. As soon as you publish, it stands first in all lists"
            " of the prefecture, and people who agreed to news from the municipality or the"
            " prefecture are told by mail at once, one time."
        ),
    )
    counts_notice = models.BooleanField(
        _("show the notice that taking part counts"),
        default=False,
        help_text=_(
            "The scheme's official sentence, shown with the dates on which the designation is"
            " in force, and with no others."
        ),
    )
    # Shared by several municipalities' pages, never deleted; as `organisation` below.
    joint_programme = models.ForeignKey(
        JointProgramme,
        verbose_name=_("joint programme"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        help_text=_(
            "One programme of the organiser in several municipalities: the page then shows the"
            " dates in the others. Designation stays each municipality's own."
        ),
    )
    is_template = models.BooleanField(
        _("keep as a template"),
        default=False,
        help_text=_("It can then be chosen when a new activity is made from a template."),
    )
    # Its page thanks whoever told the need (`models.Need`); pages without one ask for none.
    from_need = models.BooleanField(default=False, db_default=False, editable=False)
    host = models.ForeignKey(
        "activities.HostPage",
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who awaits people there. Hosts have pages of their own below the list."),
    )

    class Meta:
        abstract = True

    # Who translates a page changes its words, not what is asked of people.
    synchronised_fields = [
        SynchronizedField(name, overridable=False)
        for name in (
            "cost_amount", "insurance", "minimum_age", "maximum_age", "stay_hours", "is_paid",
            "currency_url", "is_remote", "online_url", "changing_code_only", "is_urgent",
            "counts_notice", "joint_programme", "is_template", "host",
        )
    ]  # fmt: skip

    @property
    def package(self) -> list[Component]:
        """What can be booked along with a place, in the editor's order."""
        return components_in(self.components)

    @property
    def online_link(self) -> str:
        """The address of the online meeting where a browser may follow it; else "".

        The editor's form takes no other; a row that came past it may carry a script.
        """
        is_web = self.online_url.lower().startswith(("https://", "http://"))
        return self.online_url if is_web else ""

    @property
    def currency_link(self) -> str:
        """The address of the website about the thanks where it is one; else "", as above."""
        return self.currency_url if self.currency_url.lower().startswith("https://") else ""

    @property
    def plain_stay_hours(self) -> str:
        """`5`, `2.5`: without zeros that say nothing."""
        return f"{self.stay_hours.normalize():f}" if self.stay_hours is not None else ""
