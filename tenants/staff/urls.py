"""Addresses on the admin host."""

from django.urls import path

from tenants.staff import views

app_name = "staff"
urlpatterns = [path("welcome/<str:token>/", views.welcome, name="welcome")]
