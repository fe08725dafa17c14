"""Model fields whose values stand encrypted in the database (see `common.encryption`).

Nothing can be looked up or sorted by them: equal values differ in the database. Only `isnull`
is left. An empty text stays empty.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from common.encryption import decrypt, encrypt

if TYPE_CHECKING:
    # What may be written to the field, and what is read. A date that is not known any more (a
    # closed account's) is stored as an empty text and read as None; nobody asks for it.
    _Text = models.TextField[str, str]
    _Date = models.TextField[date | str | None, date]
    _Json = models.TextField[Any, Any]
else:
    _Text = _Date = _Json = models.TextField


class Encrypted:
    """Encrypts on the way into the database and decrypts on the way out."""

    model: type[models.Model]
    attname: str
    null: bool

    @property
    def place(self) -> str:
        """What the values are bound to: `accounts.resident.phone`."""
        return f"{self.model._meta.label_lower}.{self.attname}"

    def to_text(self, value: Any) -> str:
        return str(value)

    def of_text(self, text: str) -> Any:
        return text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return self.of_text(decrypt(value, self.place)) if value else self.of_text("")

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "resolve_expression") or (value is None and self.null):
            return value
        text = "" if value is None else self.to_text(value)
        return encrypt(text, self.place) if text else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} is encrypted: nothing can be looked up by it.")
        return super().get_lookup(lookup_name)  # type: ignore[misc]


class EncryptedTextField(Encrypted, _Text):
    """Text; `max_length` is checked by forms and `full_clean`, not by the database."""


class EncryptedDateField(Encrypted, _Date):
    """A `datetime.date`, or None."""

    def to_text(self, value: Any) -> str:
        if value == "":
            return ""
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()

    def of_text(self, text: str) -> Any:
        return date.fromisoformat(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)

    def formfield(self, **kwargs: Any) -> Any:
        return models.DateField().formfield(**kwargs)


class EncryptedJSONField(Encrypted, _Json):
    """What JSON can say: dicts, lists, texts, numbers, true, false, null."""

    if TYPE_CHECKING:  # what django-stubs reads, and would take from TextField
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def of_text(self, text: str) -> Any:
        return json.loads(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value


def encrypted_fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Encrypted)]
