"""Puts every encrypted value under the first of FIELD_KEYS. Interrupted, it goes on."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import BaseCommand

from common.fields import encrypted_fields
from common.rekey import renew


class Command(BaseCommand):
    help = (
        "Puts every encrypted value under the first of FIELD_KEYS. Start all processes with the "
        "new key in front first; drop the old key once this says that it is done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # Only tables of the shared schema have such fields (tests/common/test_fields.py).
        for model in apps.get_models():
            if encrypted_fields(model):
                done = 0
                for done in renew(model):
                    self.stdout.write(f"{model._meta.label}: {done}", ending="\r")
                self.stdout.write(f"{model._meta.label}: {done} rows changed")
