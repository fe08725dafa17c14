"""Celery: wakes up and moves forward what stands in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("furusato", task_cls="tenants.work:ActedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
