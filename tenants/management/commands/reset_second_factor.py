"""`manage.py reset_second_factor EMAIL [--municipality CODE]`: for whoever lost every device."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser

from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.operations.second_factors import reset_factors


class Command(BaseCommand):
    help = (
        "Takes the second factors of an operator away, or with --municipality those of a member "
        "of its staff, where no other administrator is left. The sessions on that host end, and "
        "the person gets a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--municipality", metavar="CODE", help="six digits; else the operator")

    def handle(self, *args: Any, **options: Any) -> None:
        person = get_user_model().objects.with_email(options["email"])
        if person is None:
            raise CommandError(f"There is no account {options['email']}.")
        code = options["municipality"]
        if not code:
            with public_context():
                reset_factors(person, None, None)
            self.stdout.write(f"{person.email} enrols anew on the operator's host.")
            return
        municipality = Municipality.objects.filter(pk=code).first()
        if municipality is None:
            raise CommandError(f"No municipality {code} takes part.")
        with municipality_context(municipality):
            reset_factors(person, municipality, None)
        self.stdout.write(f"{person.email} enrols anew at {municipality.full_name}.")
