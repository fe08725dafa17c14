"""Puts every encrypted value under the first of FIELD_KEYS. Interrupted, it goes on."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand
from django.db import models

from common.fields import encrypted_fields
from common.rekey import renew
from tenants.context import municipality_context
from tenants.models import Municipality


class Command(BaseCommand):
    help = (
        "Puts every encrypted value under the first of FIELD_KEYS, in the shared schema and in "
        "every municipality's. Start all processes with the new key in front first; drop the old "
        "key once this says that it is done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        of_municipalities = []
        for model in apps.get_models():
            if not encrypted_fields(model):
                continue
            if _is_shared(model):
                self._renew(model, model._meta.label)
            else:
                of_municipalities.append(model)
        for place in Municipality.objects.order_by("pk"):
            with municipality_context(place):
                for model in of_municipalities:
                    self._renew(model, f"{place.code} {model._meta.label}")

    def _renew(self, model: type[models.Model], name: str) -> None:
        done = 0
        for done in renew(model):
            self.stdout.write(f"{name}: {done}", ending="\r")
        self.stdout.write(f"{name}: {done} rows changed")


def _is_shared(model: type[models.Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name in settings.SHARED_APPS
