"""Addresses on the operator's host."""

from django.urls import path, re_path

from tenants.views import bulk, operator, operator_municipalities, operator_notes

app_name = "tenants_operator"
_PLACE = r"^municipalities/(?P<code>[0-9]{6})/"
urlpatterns = [
    path("", operator.home, name="home"),
    path("sign-in/", operator.SignInView.as_view(), name="sign_in"),
    path("sign-out/", operator.SignOutView.as_view(), name="sign_out"),
    path("requests/", operator.requests, name="requests"),
    path("requests/<int:request_id>/", operator.request_detail, name="request"),
    path("requests/<int:request_id>/approve/", operator.approve, name="approve"),
    path("requests/<int:request_id>/decline/", operator.decline, name="decline"),
    path("requests/<int:request_id>/retry/", operator.retry, name="retry"),
    path("requests/<int:request_id>/note/", operator_notes.write_note, name="write_note"),
    path("municipalities/", operator_municipalities.municipalities, name="municipalities"),
    re_path(_PLACE + "$", operator_municipalities.municipality, name="municipality"),
    re_path(_PLACE + "schedule/$", operator_municipalities.schedule, name="schedule"),
    re_path(_PLACE + "networks/$", operator_municipalities.add_network, name="add_network"),
    re_path(
        _PLACE + "networks/(?P<range_id>[0-9]{1,9})/remove/$",
        operator_municipalities.remove_network,
        name="remove_network",
    ),
    re_path(_PLACE + "(?P<step>[a-z]+)/$", operator_municipalities.take_step, name="take_step"),
    path("requests/bulk/", bulk.upload, name="bulk"),
    path("requests/bulk/template/", bulk.template, name="bulk_template"),
    path("requests/bulk/take/", bulk.take, name="bulk_take"),
    path("requests/bulk/errors/", bulk.errors, name="bulk_errors"),
    path("requests/batches/<int:batch_id>/", bulk.batch, name="batch"),
    path("requests/batches/<int:batch_id>/approve/", bulk.approve, name="batch_approve"),
    path("requests/batches/<int:batch_id>/retry/", bulk.retry, name="batch_retry"),
]
