"""Addresses on the portal."""

from django.urls import path, re_path

from attendance.views.check_in import check_in_view
from attendance.views.earlier_claims import earlier

app_name = "attendance"
urlpatterns = [
    # The poster's QR is in capitals, which keeps it small; people who type it may not be.
    re_path(r"^[cC]/(?P<token>[A-Za-z2-7]{20,100})/?$", check_in_view, name="check_in"),
    path("my/earlier/", earlier, name="earlier"),
]
