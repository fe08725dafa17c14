"""Addresses on the portal."""

from django.urls import path, re_path

from attendance.views import ledger, my_sign_ups
from attendance.views.check_in import check_in_view, digits_view, own_scans
from attendance.views.earlier_claims import earlier
from attendance.views.offline import own_shell, own_worker, pass_shell
from attendance.views.passes import my_pass, my_pass_data
from attendance.views.reports import my_report
from attendance.views.voices import my_voice

app_name = "attendance"
urlpatterns = [
    # The poster's QR is in capitals, which keeps it small; people who type it may not be.
    re_path(r"^[cC]/(?P<token>[A-Za-z2-7]{20,100})/?$", check_in_view, name="check_in"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/seals.json", ledger.ledger_json, name="ledger_json"),
    path("my/history/<int:pk>/objection/", ledger.objection, name="objection"),
    path("c/", digits_view, name="digits"),
    path("c/scans/", own_scans, name="own_scans"),
    # A worker's place says which pages it may stand for.
    re_path(r"^[cC]/worker\.js$", own_worker, name="own_worker"),
    path("c/offline/", own_shell, name="own_shell"),
    path("my/pass/worker.js", own_worker, name="pass_worker"),
    path("my/pass/offline/", pass_shell, name="pass_shell"),
    path("my/pass/", my_pass, name="my_pass"),
    path("my/pass/data/", my_pass_data, name="my_pass_data"),
    path("my/reports/<str:code>/<uuid:session_uuid>/", my_report, name="my_report"),
    path("my/voices/<str:code>/<uuid:session_uuid>/", my_voice, name="my_voice"),
    path("my/earlier/", earlier, name="earlier"),
    path("my/sign-ups/", my_sign_ups.my_sign_ups, name="my_sign_ups"),
    path("my/sign-ups/calendar/", my_sign_ups.calendar_address, name="calendar_address"),
    path("my/sign-ups/<int:pk>/", my_sign_ups.answer, name="answer"),
    path("my/sign-ups/<int:pk>/calendar.ics", my_sign_ups.calendar_entry, name="calendar_entry"),
    path("calendar/<str:token>.ics", my_sign_ups.calendar_feed, name="calendar_feed"),
]
