"""Addresses on a municipality's host."""

from django.urls import path

from activities.views.needs import new_need, own_needs

app_name = "activities"
urlpatterns = [
    path("needs/", own_needs, name="needs"),
    path("needs/new/", new_need, name="new_need"),
]
