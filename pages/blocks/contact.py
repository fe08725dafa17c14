"""Whom to ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, EmailBlock, RegexBlock, StructBlock

# Also full-width digits and dashes, as people type them.
TELEPHONE = r"^[0-9０-９+＋()（）\-‐－ー 　]{6,20}$"


class ContactBlock(StructBlock):
    """The office that answers questions. Number and address stay the same in every language."""

    heading = CharBlock(label=_("Heading"), max_length=60)
    office = CharBlock(
        label=_("Office"), max_length=100, help_text=_("Name of the section in charge.")
    )
    phone = RegexBlock(
        label=_("Telephone"),
        regex=TELEPHONE,
        required=False,
        error_messages={"invalid": _("Enter a telephone number, for example 0226-22-6600.")},
    )
    email = EmailBlock(label=_("E-mail address"), required=False)
    hours = CharBlock(
        label=_("Hours"),
        max_length=100,
        required=False,
        help_text=_("For example: weekdays 8:30 to 17:15"),
    )

    class Meta:
        label = _("Contact")
        icon = "mail"
        template = "pages/blocks/contact.html"
        description = _("The office that answers questions.")
