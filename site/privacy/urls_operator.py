"""Addresses on the operator's host."""

from django.urls import path

from privacy.views import operator_cases

app_name = "privacy_operator"
urlpatterns = [
    path("cases/", operator_cases.cases, name="cases"),
    path("cases/new/", operator_cases.new, name="case_new"),
    path("cases/<int:pk>/", operator_cases.case, name="case"),
    path("cases/<int:pk>/<slug:step>/", operator_cases.step, name="case_step"),
]
