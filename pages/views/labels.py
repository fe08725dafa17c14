"""Names that Wagtail's and wagtail-localize's forms and models have in English only.

Django makes them of the names in the code, so that no catalogue reaches them, and no setting
puts another form in place: they are set on the classes, once, before the first screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.contrib.redirects.forms import ConfirmImportForm
from wagtail.models import Locale
from wagtail_localize.models import LocaleSynchronization, Translation
from wagtail_localize.views.report import TranslationsReportFilterSet

from tenants.staff.roles import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LINK_TEXT = {"link_text": _("Link text")}
_FORMS: dict[Any, dict[str, _StrPromise]] = {
    choosers.ExternalLinkChooserForm: _LINK_TEXT,
    choosers.AnchorLinkChooserForm: _LINK_TEXT,
    choosers.EmailLinkChooserForm: {
        **_LINK_TEXT,
        "email_address": _("E-mail address"),
        "subject": _("Subject"),
        "body": _("Body"),
    },
    choosers.PhoneLinkChooserForm: {**_LINK_TEXT, "phone_number": _("Phone number")},
    ConfirmImportForm: {"permanent": _("Permanent")},
    DefaultPageForm: {"include_descendants": _("Include the pages below")},
}
_MODELS: dict[type[Model], tuple[_StrPromise, _StrPromise]] = {
    Locale: (_("language"), _("languages")),
    Translation: (_("translation"), _("translations")),
}
_FILTERS = {"source_locale": _("Source language"), "target_locale": _("Target language")}


def set_labels() -> None:
    """Give the forms, filters and models names that are translated; safe to repeat."""
    for form, labels in _FORMS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label
    for name, label in _FILTERS.items():
        TranslationsReportFilterSet.base_filters[name].label = label
    for restriction in (PageViewRestrictionForm, CollectionViewRestrictionForm):
        restriction.base_fields["groups"].label_from_instance = role_name
    for model, (one, many) in _MODELS.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, many
    LocaleSynchronization._meta.get_field("sync_from").verbose_name = _("copy from")


def role_name(group: Group) -> str:
    """What a role is called; its group is named in English for the code."""
    return str(dict(Role.choices).get(group.name, group.name))
