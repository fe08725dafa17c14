"""Addresses on the portal."""

from django.urls import path, re_path

from registration.views import my_application, my_registration, my_standing
from registration.views import registering as views

app_name = "registration"
# Six digits and nothing else: a null character would reach the database, which refuses it.
_PLACE = r"^register/(?P<code>[0-9]{6})/"
_MINE = r"^my/registrations/(?P<code>[0-9]{6})/"
urlpatterns = [
    re_path(_PLACE + "$", views.start, name="start"),
    re_path(_PLACE + "done/$", views.done, name="done"),
    re_path(_PLACE + "leave/$", views.leave_view, name="leave"),
    path("my/registrations/choose/", my_standing.choose, name="choose"),
    re_path(_MINE + "$", my_registration.my_registration, name="mine"),
    re_path(_MINE + "apply/$", my_application.apply, name="apply"),
    re_path(_MINE + "application/$", my_application.application, name="application"),
    re_path(_MINE + "application/withdraw/$", my_application.withdraw, name="withdraw"),
    re_path(_MINE + "documents/(?P<pk>[0-9]{1,15})/$", my_application.document, name="document"),
    re_path(
        _MINE + "documents/(?P<pk>[0-9]{1,15})/remove/$",
        my_application.remove,
        name="remove_document",
    ),
    re_path(_MINE + "stays/$", my_standing.stays, name="stays"),
]
