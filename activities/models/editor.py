"""How the editor of an activity is laid out: one screen, from top to bottom."""

from __future__ import annotations

from django.forms import RadioSelect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel

from activities.panels import (
    AddDatesPanel,
    DesignationPanel,
    HiddenPanel,
    SessionsPanel,
    StaffLinksPanel,
)

CONTENT_PANELS = [
    # Not TitleFieldPanel: the address is not made from the title (see `ActivityPage.full_clean`).
    FieldPanel("title", heading=_("Name of the activity"), classname="title"),
    MultiFieldPanel(
        [
            FieldPanel("summary"),
            FieldPanel("category"),
            FieldPanel("organisation"),
            # Hosts are written in Japanese; a translation shows its language's, if there is one.
            PageChooserPanel("host", "activities.HostPage"),
            FieldPanel("body"),
        ],
        heading=_("What people do"),
    ),
    SessionsPanel(
        "sessions",
        panels=[
            HiddenPanel("session_uuid"),
            FieldRowPanel(
                [
                    FieldPanel("starts_at", required_on_save=True),
                    FieldPanel("ends_at", required_on_save=True),
                ]
            ),
            FieldPanel("place", required_on_save=True),
            FieldPanel("meeting_point"),
            FieldRowPanel([FieldPanel("capacity"), FieldPanel("hours")]),
            FieldRowPanel([FieldPanel("mode"), FieldPanel("apply_until")]),
            FieldPanel("answer_hours"),
            FieldPanel("note"),
        ],
        heading=pgettext_lazy("activity", "Sessions"),
        label=pgettext_lazy("activity", "Session"),
        help_text=_(
            "Each date people can sign up for is a session. A session has its own poster with"
            " the QR code that people read at the venue."
        ),
    ),
    AddDatesPanel(heading=_("Dates by a rule")),
    FieldPanel("components"),
    StaffLinksPanel(heading=_("For the day: poster and lists")),
    MultiFieldPanel(
        [
            FieldPanel("lack_of_hands", widget=RadioSelect),
            FieldPanel("lack_of_hands_reason"),
            FieldPanel("public_benefit", widget=RadioSelect),
            FieldPanel("public_benefit_reason"),
            FieldPanel(
                "designated_from",
                help_text=_(
                    "Leave empty: from today. Enter an earlier day only if it was decided then:"
                    " what was recorded from that day on counts too, and the participants are told."
                ),
            ),
            DesignationPanel(heading=_("Decisions so far")),
        ],
        heading=_("Designation: does it count as an activity of the scheme?"),
        help_text=_(
            "An activity counts for residents only if the municipality designates it. Answer"
            " both questions and write why. If both answers are yes, it counts from the day you"
            " publish. Without answers it is published too, but does not count."
        ),
    ),
    MultiFieldPanel(
        [
            FieldPanel("belongings"),
            FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
            FieldRowPanel([FieldPanel("costs"), FieldPanel("cost_amount")]),
            FieldRowPanel([FieldPanel("insurance"), FieldPanel("insurance_note")]),
            FieldPanel("safety_notes"),
            FieldPanel("languages"),
            FieldPanel("travel"),
            FieldRowPanel([FieldPanel("stay"), FieldPanel("stay_hours")]),
        ],
        heading=_("For those who come"),
    ),
    MultiFieldPanel(
        [FieldPanel("is_remote"), FieldPanel("online_url")],
        heading=_("Taking part from afar"),
    ),
    MultiFieldPanel([FieldPanel("changing_code_only")], heading=_("Check-in")),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("is_paid"), FieldPanel("pay")]),
            FieldRowPanel([FieldPanel("currency_name"), FieldPanel("currency_url")]),
        ],
        heading=_("Paid or voluntary"),
    ),
    MultiFieldPanel(
        [FieldPanel("is_urgent"), FieldPanel("counts_notice"), FieldPanel("joint_programme")],
        heading=_("How it is announced"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("contact_name"),
            FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
        ],
        heading=_("Contact"),
    ),
    MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Picture")),
    FieldPanel("is_template"),
]

PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("seo_title"), FieldPanel("search_description")],
        heading=_("For search engines"),
    )
]
