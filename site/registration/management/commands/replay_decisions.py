"""Decides every stored decision again, from what it was read from, under its own version (R29)."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from registration.models import PremiumDecision
from registration.operations.replay import replayed
from tenants.actors import OWNER, acting
from tenants.context import public_context


class Command(BaseCommand):
    help = (
        "Decides every stored decision on premium registration again and compares. Reads only. "
        "Ends with an error if any differs. To be run by the owner of the database, who sees all."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(OWNER), public_context():
            self._replay()

    def _replay(self) -> None:
        count = differing = 0
        for row, differences in replayed(PremiumDecision.objects.order_by("pk")):
            count += 1
            if differences:
                differing += 1
                self.stdout.write(f"{row.pk}: {', '.join(differences)}")
        said = f"{count} decisions replayed, {differing} differ"
        if differing:
            raise CommandError(said)
        self.stdout.write(said)
