"""Applying for premium registration or its renewal, and what comes after: documents, questions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import resident_required
from common import clock
from common.file_names import clean_file_name
from common.refusal import Refused
from registration.enums import ApplicationKind, ApplicationStatus
from registration.forms.premium import AnswerForm, DocumentsForm
from registration.forms.refusals import premium_name, sentence_of
from registration.models import ApplicationDocument, PremiumApplication
from registration.operations import premium
from registration.operations.premium.documents import bytes_of
from registration.queries import Progress, progress_at
from registration.rules.moves import IllegalMove
from registration.rules.terms import first_term, next_end
from registration.views.my_registration import application_at, own_registration
from registration.views.next_steps import lacking
from registration.views.reasons import linked_sentences

_FORM_ERROR = 400
_REFUSED = 409


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Says what happens then, takes the documents that are asked for, and applies."""
    registration = own_registration(request, code)
    found = application_at(registration)
    if found and found.is_open and request.method != "POST":
        return redirect("registration:application", code)
    progress = progress_at(registration, request.resident)  # type: ignore[attr-defined]
    form, sentence = None, ""
    if progress.conditions.asks_documents:
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = DocumentsForm(*data)
    if request.method == "POST" and (form is None or form.is_valid() or form.taken):
        try:
            application = premium.apply(registration)
        except Refused as refusal:
            sentence = sentence_of(refusal)
            if refusal.code == "already_premium":  # also whoever sends the form a second time
                messages.info(request, sentence)
                return redirect("registration:mine", code)
            # Conditions may have changed under the resident's eyes.
            progress = progress_at(registration, request.resident)  # type: ignore[attr-defined]
        else:
            return _applied(request, code, application, form)
    context = _before(progress) | {"form": form, "sentence": sentence, "registration": registration}
    status = _REFUSED if sentence else _FORM_ERROR if form and form.errors else 200
    return render(request, "registration/mine/apply.html", context, status=status)


def _before(progress: Progress) -> dict[str, Any]:
    standing = progress.standing
    renews = standing if standing and standing.derived_from_id is None else None
    missing, premium_called = lacking(progress), premium_name()
    return {
        "place": progress.municipality,
        "premium": premium_called,
        "renews": renews,
        "until": next_end(renews.ends_on) if renews else first_term(clock.today())[1],
        "conditions": progress.conditions,
        "missing": linked_sentences(missing, premium_called),
    }


def _applied(
    request: HttpRequest, code: str, application: PremiumApplication, form: DocumentsForm | None
) -> HttpResponse:
    names = {"premium": premium_name(), "municipality": application.municipality.full_name}
    if application.status == ApplicationStatus.GRANTED:
        if application.kind == ApplicationKind.RENEWAL:
            text = _("Your %(premium)s registration with %(municipality)s has been renewed.")
        else:
            text = _("You have the %(premium)s registration with %(municipality)s now.")
        messages.success(request, text % names)
        return redirect("registration:mine", code)
    problems = [*_keep(application, form), *(form.errors.get("documents", []) if form else [])]
    messages.success(
        request,
        _("%(municipality)s has received your application for the %(premium)s registration.")
        % names,
    )
    for problem in problems:
        messages.warning(request, problem)
    return redirect("registration:application", code)


def _keep(application: PremiumApplication, form: DocumentsForm | None) -> list[str]:
    """Keep what can be taken, also where the form has a fault; why something was not."""
    problems = []
    for name, content in form.taken if form else ():
        try:
            premium.hand_in(application, name, content)
        except Refused as refusal:
            problems.append(f"{clean_file_name(name)}: {sentence_of(refusal)}")
    return problems


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, code: str) -> HttpResponse:
    """How the application stands: questions, answers, documents, and more of both."""
    found = _own_application(request, code)
    form = _form_for(found, request)
    sentence = ""
    if request.method == "POST":
        sentence = _handed_in(found, form)
        if not sentence and not (form and form.errors):
            messages.success(request, _("What you sent has been handed in."))
            return redirect("registration:application", code)
    decision, premium_called = found.decision, premium_name()
    return render(
        request,
        "registration/mine/application.html",
        {
            "application": found,
            "place": found.municipality,
            "premium": premium_called,
            "form": form,
            "sentence": sentence,
            "thread": found.messages.all(),
            "documents": found.documents.defer("content").order_by("pk"),
            "missing": (
                linked_sentences(decision.decision.unmet, premium_called) if decision else []
            ),
        },
        status=_REFUSED if sentence else _FORM_ERROR if form and form.errors else 200,
    )


def _form_for(found: PremiumApplication, request: HttpRequest) -> DocumentsForm | None:
    """An answer where one is asked for (or was, when the page was opened), else files alone."""
    if not found.is_open:
        return None
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    if found.status == ApplicationStatus.RETURNED or (data and "text" in request.POST):
        return AnswerForm(*data)
    return DocumentsForm(*data)


def _handed_in(found: PremiumApplication, form: DocumentsForm | None) -> str:
    """Keep files and answer; the sentence of a refusal. Faults of the form stand in the form."""
    if form is None:
        return sentence_of(Refused("application_decided"))
    is_valid = form.is_valid()
    if problems := _keep(found, form):
        return " ".join(problems)
    if not is_valid or not isinstance(form, AnswerForm):
        return ""
    try:
        premium.answer(found, form.cleaned_data["text"])
    except Refused as refusal:
        return sentence_of(refusal)
    except IllegalMove:
        return _("No answer is waited for at present. Your application is being looked at.")
    return ""


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once, then takes the application back."""
    found = _own_application(request, code)
    if request.method == "POST":
        try:
            premium.withdraw(found)
        except IllegalMove:
            messages.warning(request, sentence_of(Refused("application_decided")))
        else:
            messages.success(request, _("Your application has been withdrawn."))
        return redirect("registration:mine", code)
    if not found.is_open:
        return redirect("registration:application", code)
    return render(
        request,
        "registration/mine/withdraw.html",
        {"application": found, "place": found.municipality, "premium": premium_name()},
    )


@resident_required
@require_GET
def document(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A file I handed in, as a download; never opened under our address."""
    found = get_object_or_404(_own_documents(request, code), pk=pk)
    response = HttpResponse(bytes_of(found), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, clean_file_name(found.name))
    return response


@resident_required
@require_POST
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a file back before the decision. One that is gone already stays gone."""
    _own_application(request, code)
    if found := _own_documents(request, code).defer("content").filter(pk=pk).first():
        try:
            premium.take_back(found)
        except Refused as refusal:
            messages.warning(request, sentence_of(refusal))
            return redirect("registration:application", code)
    messages.success(request, _("The file has been removed."))
    return redirect("registration:application", code)


def _own_application(request: HttpRequest, code: str) -> PremiumApplication:
    registration = own_registration(request, code)
    found = application_at(registration)
    if found is None:
        raise Http404
    found.registration, found.municipality = registration, registration.municipality
    return found


def _own_documents(request: HttpRequest, code: str) -> Any:
    return ApplicationDocument.objects.filter(
        application__resident=request.resident,  # type: ignore[attr-defined]
        application__municipality_id=code,
    ).select_related("application__registration")
