"""Uploads: refused early, with a sentence that helps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageFile
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from common.file_names import clean_file_name
from common.refusal import Refused
from pages.rules.documents import refuse_what_it_is_not

_strict = Lock()


@contextmanager
def _strictly() -> Iterator[None]:
    """Has Pillow refuse torn files: WeasyPrint tells it, for the whole process, to take them."""
    with _strict:
        lenient = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


class PictureField(WagtailImageField):
    """Opens the whole picture, not only its head.

    A file torn off half-way would otherwise be taken, and break every page that shows it.
    """

    def to_python(self, data: Any) -> Any:
        if data is not None:
            data.name = clean_file_name(data.name or "")
        try:
            file = super().to_python(data)
            if file is not None:
                file.seek(0)
                with _strictly(), Image.open(file) as picture:
                    picture.load()
                file.seek(0)
        except (OSError, SyntaxError, ValueError):
            raise forms.ValidationError(
                self.error_messages["invalid_image"], code="invalid_image"
            ) from None
        return file


def take_pictures_only() -> None:
    """The picture of a member of staff is held to the same list as any; safe to repeat."""
    given = AvatarPreferencesForm.base_fields["avatar"]
    AvatarPreferencesForm.base_fields["avatar"] = PictureField(
        label=given.label, required=given.required
    )


class ImageForm(BaseImageForm):
    """Asks what the picture shows; kinds and sizes of files are Wagtail's settings."""

    def clean_title(self) -> str:
        return clean_title(self.cleaned_data["title"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PictureField(
                label=given.label,
                help_text=given.help_text,
                required=given.required,
                widget=given.widget,
            )
        if "description" in self.fields:
            description = self.fields["description"]
            description.required = True
            description.label = gettext_lazy("Description of the picture")
            description.help_text = gettext_lazy(
                "What the picture shows, in one sentence. It is read aloud to people who cannot"
                " see it."
            )


class DocumentForm(BaseDocumentForm):
    """Wagtail looks at the ending of a document's name; here also at its size and content."""

    def clean_title(self) -> str:
        return clean_title(self.cleaned_data["title"])

    def _post_clean(self) -> None:
        """One reason a file: the model would complain of the ending that a refused one lacks."""
        ours = self.errors.get("file")
        super()._post_clean()
        if ours:
            self.errors["file"] = ours

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not file or "file" not in self.changed_data:
            return file
        limit = settings.DOCUMENT_MAX_UPLOAD_SIZE
        if file.size > limit:
            raise forms.ValidationError(
                _("This file is too big (%(size)s). The largest allowed is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
            )
        file.name = clean_file_name(file.name)
        extension = file.name.rpartition(".")[2].lower()
        if extension not in settings.WAGTAILDOCS_EXTENSIONS:
            return file  # the model names the endings that there are
        file.seek(0)
        try:
            refuse_what_it_is_not(extension, file.read())
        except Refused as refused:
            raise forms.ValidationError(refusal_sentence(refused)) from None
        file.seek(0)
        return file


def refusal_sentence(refused: Refused) -> str:
    """Why a document is not taken, and what to do."""
    sentences = {
        "has_macros": _(
            "This file contains macros or programs. Please save it without them and try once more."
        ),
        "locked": _(
            "This file is locked with a password or in an old format. Please save it anew, without"
            " a password."
        ),
        "unpacks_too_big": _("This file is too big once unpacked. Please make it smaller."),
    }
    return sentences.get(
        refused.code,
        _(
            "What is in this file is not what its name says. Please open it in the program it was"
            " made with, save it again, and try once more."
        ),
    )


def clean_title(title: str) -> str:
    """A title is often the file's name: without signs that turn or hide what follows."""
    return "".join(sign for sign in title if unicodedata.category(sign) not in {"Cc", "Cf"})
