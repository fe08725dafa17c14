"""Addresses on a municipality's host."""

from django.urls import path

from community.views.rooms import room_list, room_view

app_name = "community"
urlpatterns = [
    path("rooms/", room_list, name="rooms"),
    path("rooms/<slug:slug>/", room_view, name="room"),
]
