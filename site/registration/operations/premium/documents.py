"""Handing in documents with an application (R13)."""

from __future__ import annotations

import base64
import hashlib
from pathlib import PurePath

from django.db import transaction

from common.my_number import has_my_number
from common.refusal import Refused
from registration.enums import OPEN_APPLICATIONS
from registration.models import ApplicationDocument, PremiumApplication
from registration.operations.premium.common import in_their_name

MOST_BYTES = 5 * 1024 * 1024
MOST_DOCUMENTS = 10
_NAME_LENGTH = 120


def content_type_of(content: bytes) -> str:
    """The type by the first bytes, whatever the name says; "" for none of those taken."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}:
        return "image/heic"
    return ""


def checked(name: str, content: bytes) -> tuple[str, str]:
    """Name without path, and type, of a file that can be taken; raises as `hand_in` does."""
    name = PurePath(name.replace("\\", "/")).name
    if has_my_number(name):
        raise Refused("my_number")
    if not content or len(content) > MOST_BYTES:
        raise Refused("document_size", most=MOST_BYTES)
    content_type = content_type_of(content)
    if not content_type:
        raise Refused("document_type")
    return name, content_type


@transaction.atomic
def hand_in(application: PremiumApplication, name: str, content: bytes) -> ApplicationDocument:
    """Keep a file, encrypted, until the application is decided; the same bytes twice are one.

    PDF, JPEG, PNG or HEIC (what an iPhone makes), at most 5 MB, ten of them. Raises `Refused`:
    "my_number" (12 digits in the name), "document_type", "document_size" (most: bytes),
    "too_many_documents" (most), "application_decided".
    """
    name, content_type = checked(name, content)
    with in_their_name(application.registration):
        row = PremiumApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if row.status not in OPEN_APPLICATIONS:
            raise Refused("application_decided")
        digest = hashlib.sha256(content).hexdigest()
        held = ApplicationDocument.objects.filter(application=row)
        if found := held.filter(digest=digest).first():
            return found
        if held.count() >= MOST_DOCUMENTS:
            raise Refused("too_many_documents", most=MOST_DOCUMENTS)
        return ApplicationDocument.objects.create(
            application=row,
            name=name[-_NAME_LENGTH:],
            content_type=content_type,
            size=len(content),
            digest=digest,
            content=base64.b64encode(content).decode(),
        )


@transaction.atomic
def take_back(document: ApplicationDocument) -> None:
    """Delete a file before the decision; safe to repeat.

    Raises `Refused("application_decided")`.
    """
    with in_their_name(document.application.registration):
        row = PremiumApplication.objects.select_for_update(of=("self",)).get(
            pk=document.application_id
        )
        if row.status not in OPEN_APPLICATIONS:
            raise Refused("application_decided")
        ApplicationDocument.objects.filter(pk=document.pk, application=row).delete()


def bytes_of(document: ApplicationDocument) -> bytes:
    """The file as it was handed in."""
    return base64.b64decode(document.content)
