"""The way to registration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock

from tenants.context import current_municipality
from tenants.hosts import portal_url


def registration_url() -> str:
    """Address on the portal where one registers with the current municipality."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    known = {code for code, _name in settings.INTERFACE_LANGUAGES}
    prefix = f"/{language}" if language in known - {settings.LANGUAGE_CODE} else ""
    return portal_url(f"{prefix}/register/{current_municipality().code}/")


class CallToRegisterBlock(StructBlock):
    """Invites to register; the button leads to this municipality's form on the portal."""

    heading = CharBlock(label=_("Heading"), max_length=60)
    text = TextBlock(label=_("Text"), max_length=400, required=False)
    button = CharBlock(label=_("Words on the button"), max_length=30)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["registration_url"] = registration_url()
        return context

    class Meta:
        label = _("Call to register")
        icon = "user"
        template = "pages/blocks/call_to_register.html"
        description = _("A button that leads to registration with your municipality.")
