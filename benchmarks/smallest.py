"""The smallest Django view that does one SELECT and one INSERT: what check-in is measured against.

No middleware, no template, no wall: Django's own backend and pool on the same database, served
by the same server. Started by `benchmarks.server` in a process of its own.
"""

from __future__ import annotations

import os

import environ
from django.conf import settings

_database = environ.Env.db_url_config(os.environ["DATABASE_URL"])

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {
                **_database,
                "ENGINE": "django.db.backends.postgresql",
                "OPTIONS": {**_database.get("OPTIONS", {}), "pool": {"max_size": 8}},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIDDLEWARE=[],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
    )

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    """What is read and what is written."""

    number = models.BigIntegerField(unique=True)

    class Meta:
        app_label = "benchmarks"
        db_table = "bench_smallest"

    def __str__(self) -> str:
        return str(self.number)


def read_and_write(request: HttpRequest, number: int) -> HttpResponse:
    """One SELECT that finds nothing, one INSERT, each in a transaction of its own."""
    if not Row._default_manager.filter(number=number).exists():
        Row._default_manager.create(number=number)
    return HttpResponse("ok")


urlpatterns = [path("<int:number>/", read_and_write)]
