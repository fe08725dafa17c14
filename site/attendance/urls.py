"""Addresses on the portal."""

from django.urls import path, re_path

from attendance.views import my_sign_ups
from attendance.views.check_in import check_in_view

app_name = "attendance"
urlpatterns = [
    # The poster's QR is in capitals, which keeps it small; people who type it may not be.
    re_path(r"^[cC]/(?P<token>[A-Za-z2-7]{20,100})/?$", check_in_view, name="check_in"),
    path("my/sign-ups/", my_sign_ups.my_sign_ups, name="my_sign_ups"),
    path("my/sign-ups/calendar/", my_sign_ups.calendar_address, name="calendar_address"),
    path("my/sign-ups/<int:pk>/", my_sign_ups.answer, name="answer"),
    path("my/sign-ups/<int:pk>/calendar.ics", my_sign_ups.calendar_entry, name="calendar_entry"),
    path("calendar/<str:token>.ics", my_sign_ups.calendar_feed, name="calendar_feed"),
]
