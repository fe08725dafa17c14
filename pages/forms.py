"""Uploads: refused early, with a sentence that helps."""

from __future__ import annotations

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
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

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


class ImageForm(BaseImageForm):
    """Asks what the picture shows; kinds and sizes of files are Wagtail's settings."""

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
    """Wagtail limits the kind of a document, not its size."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        limit = settings.DOCUMENT_MAX_UPLOAD_SIZE
        if file and "file" in self.changed_data and file.size > limit:
            raise forms.ValidationError(
                _("This file is too big (%(size)s). The largest allowed is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
            )
        return file
