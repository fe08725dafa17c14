"""Addresses on the portal."""

from django.urls import re_path

from registration.views import registering as views

app_name = "registration"
# Six digits and nothing else: a null character would reach the database, which refuses it.
_PLACE = r"^register/(?P<code>[0-9]{6})/"
urlpatterns = [
    re_path(_PLACE + "$", views.start, name="start"),
    re_path(_PLACE + "done/$", views.done, name="done"),
    re_path(_PLACE + "leave/$", views.leave_view, name="leave"),
]
