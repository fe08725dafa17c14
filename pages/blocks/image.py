"""A picture that says what it shows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock


class ImageBlock(StructBlock):
    """A picture with its description.

    The description is what a person hears who cannot see the picture. It belongs to the place
    where the picture stands and is translated with the page; a translation may also show
    another picture.
    """

    image = ImageChooserBlock(label=_("Picture"))
    alt_text = CharBlock(
        label=_("Description of the picture"),
        help_text=_(
            "What the picture shows, in one sentence. It is read aloud to people who cannot see it."
        ),
        max_length=200,
    )
    caption = CharBlock(
        label=_("Caption"),
        help_text=_("Shown below the picture. May stay empty."),
        max_length=200,
        required=False,
    )

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "pages/blocks/image.html"
        description = _("A picture with a description for people who cannot see it.")
