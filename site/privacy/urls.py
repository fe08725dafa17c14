"""Addresses on the portal."""

from django.urls import path

from privacy.views import access, agree, cases, closing, consents

app_name = "privacy"
urlpatterns = [
    path("my/consents/", consents.consents, name="consents"),
    path("my/agree/", agree.agree, name="agree"),
    path("my/access/", access.looks, name="access"),
    path("my/close/", closing.close, name="close"),
    path("closed/", closing.closed, name="closed"),
    path("my/requests/", cases.cases, name="cases"),
    path("my/requests/new/<slug:kind>/", cases.new_case, name="case_new"),
    path("my/requests/<int:pk>/", cases.case, name="case"),
]
