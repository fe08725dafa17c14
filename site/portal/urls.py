"""Addresses on the portal."""

from django.urls import path

from portal.views import children, my_page, pages

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
]
