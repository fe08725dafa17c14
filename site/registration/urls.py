"""Addresses on the portal."""

from django.urls import path

from registration import views

app_name = "registration"
urlpatterns = [
    path("register/<str:code>/", views.start, name="start"),
    path("register/<str:code>/done/", views.done, name="done"),
    path("register/<str:code>/leave/", views.leave_view, name="leave"),
]
