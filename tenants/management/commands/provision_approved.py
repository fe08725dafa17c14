"""`manage.py provision_approved`: set up every approved request that waits."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from tenants.operations.provision import provision_next


class Command(BaseCommand):
    help = "Sets up the municipalities whose requests are approved, one after the other."

    def handle(self, *args: Any, **options: Any) -> None:
        while request := provision_next():
            if request.error:
                raise CommandError(f"{request.local_government}: {request.error}")
            self.stdout.write(f"  {request.local_government}")
