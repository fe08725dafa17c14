"""Addresses on a municipality's host."""

from django.urls import path

from attendance.views.sign_ups import draw_result, sign_up_view

app_name = "attendance"
urlpatterns = [
    path("sessions/<uuid:session_uuid>/sign-up/", sign_up_view, name="sign_up"),
    path("sessions/<uuid:session_uuid>/draw/", draw_result, name="draw"),
]
