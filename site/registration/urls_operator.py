"""Addresses on the operator's host."""

from django.urls import path

from registration.views import operator_parameters as views

app_name = "registration_operator"
urlpatterns = [
    path("parameters/", views.versions, name="parameters"),
    path("parameters/new/", views.new, name="new"),
    path("parameters/previews/<int:pk>/", views.preview, name="preview"),
    path("parameters/previews/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("replays/", views.replays, name="replays"),
]
