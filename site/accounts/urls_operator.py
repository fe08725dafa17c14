"""Addresses on the operator's host."""

from django.urls import path

from accounts.views import operator_events

app_name = "accounts_operator"
urlpatterns = [path("events/", operator_events.events, name="events")]
