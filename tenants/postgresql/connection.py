"""Django's connection with the type it really has: ours, with schemas."""

from __future__ import annotations

from typing import cast

from django.db import connection as django_connection

from tenants.postgresql.base import DatabaseWrapper

connection = cast(DatabaseWrapper, django_connection)
