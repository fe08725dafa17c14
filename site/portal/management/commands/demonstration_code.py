"""`manage.py demonstration_code EMAIL`: what an authenticator app would show at this moment."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from tenants.enums import FactorKind
from tenants.models import SecondFactor
from tenants.operations.second_factors import STEP_SECONDS, code_at, present_step


class Command(BaseCommand):
    help = "Prints the present sign-in code of an account of the demonstration, and of no other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("Not in production: whoever reads a code here could sign in.")
        factor = SecondFactor.objects.filter(
            user__email=options["email"].strip().lower(),
            kind=FactorKind.APP,
            is_demonstration=True,
        ).first()
        if factor is None:
            raise CommandError(f"{options['email']} is no account of the demonstration.")
        if factor.last_step >= present_step():
            # Each code is taken once; the next one comes within half a minute.
            time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 1)
        self.stdout.write(code_at(factor.secret, present_step()))
