"""Addresses on the operator's host."""

from django.urls import path

from tenants.views import operator

app_name = "tenants_operator"
urlpatterns = [
    path("", operator.home, name="home"),
    path("sign-in/", operator.SignInView.as_view(), name="sign_in"),
    path("sign-out/", operator.SignOutView.as_view(), name="sign_out"),
    path("requests/", operator.requests, name="requests"),
    path("requests/<int:request_id>/", operator.request_detail, name="request"),
    path("requests/<int:request_id>/approve/", operator.approve, name="approve"),
    path("requests/<int:request_id>/decline/", operator.decline, name="decline"),
    path("requests/<int:request_id>/retry/", operator.retry, name="retry"),
]
