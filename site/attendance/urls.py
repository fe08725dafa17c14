"""Addresses on the portal."""

from django.urls import path, re_path

from attendance.views import ledger
from attendance.views.check_in import check_in_view

app_name = "attendance"
urlpatterns = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/seals.json", ledger.ledger_json, name="ledger_json"),
    path("my/history/<int:pk>/objection/", ledger.objection, name="objection"),
    # The poster's QR is in capitals, which keeps it small; people who type it may not be.
    re_path(r"^[cC]/(?P<token>[A-Za-z2-7]{20,100})/?$", check_in_view, name="check_in"),
]
