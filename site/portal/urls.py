"""Addresses on the portal."""

from django.urls import path

from portal.views import children, my_data, my_page, pages, seen_by

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("activities/", pages.activities, name="activities"),
    path("municipalities/", pages.municipalities, name="municipalities"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("my/", my_page.my_page, name="my_page"),
    path("my/history/", my_page.history, name="history"),
    path("my/children/", children.children, name="children"),
    path("my/data/", my_data.my_data, name="my_data"),
    path("my/data/json/", my_data.as_json, name="my_data_json"),
    path("my/data/pdf/", my_data.as_pdf, name="my_data_pdf"),
    path("my/data/municipalities/<str:code>/", seen_by.seen_by, name="seen_by"),
]
