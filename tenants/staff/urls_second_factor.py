"""The second step of sign-in: the same addresses on admin hosts and on the operator's."""

from django.urls import path

from tenants.views import confirm, second_factor

app_name = "second_factor"
urlpatterns = [
    path("second-factor/", second_factor.challenge_page, name="challenge"),
    path("second-factor/add/", second_factor.add, name="add"),
    path("second-factor/confirm/", confirm.confirm, name="confirm"),
    path("second-factor/list/", second_factor.list_factors, name="list"),
    path("second-factor/<int:factor_id>/remove/", second_factor.remove, name="remove"),
    path("still-here/", second_factor.still_here, name="still_here"),
]
