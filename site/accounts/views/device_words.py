"""A device in words its owner knows it by: スマートフォン（iPhone、Safari）."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import OpenSession

# Names of products are the same in every language.
_SYSTEMS = {
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "chromeos": "Chromebook",
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
}
_BROWSERS = {
    "edge": "Edge",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}


def device_in_words(session: OpenSession) -> str:
    """What kind of device, and what runs on it as far as it is known."""
    kinds = {
        "phone": _("Mobile telephone"),
        "tablet": _("Tablet"),
        "computer": _("Computer"),
    }
    kind = kinds.get(session.device, _("A device of a kind that is not known"))
    known = [_SYSTEMS.get(session.system, ""), _BROWSERS.get(session.browser, "")]
    names = pgettext("between names", ", ").join(name for name in known if name)
    return _("{kind} ({names})").format(kind=kind, names=names) if names else kind
