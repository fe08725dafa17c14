"""Applications for premium registration in the municipality's admin: the queue, and deciding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from attendance.models import ParticipationRecord
from common import clock
from common.decision import Decision
from common.file_names import clean_file_name
from common.refusal import Refused
from privacy.enums import Particular, StaffPurpose
from privacy.operations.access import record_at_work
from registration.enums import OPEN_APPLICATIONS, ApplicationKind, ApplicationStatus
from registration.forms.review import KINDS, SECOND, QuestionForm, QueueFilterForm, RefusalForm
from registration.models import ApplicationDocument, PremiumApplication
from registration.operations import premium
from registration.operations.premium.documents import bytes_of
from registration.permissions import DECIDE, SET_CONDITIONS
from registration.queries import parameters_on
from registration.rules.engine import decide, from_json
from registration.rules.facts import Facts
from registration.rules.moves import IllegalMove, Move, may_move
from registration.views.reasons import sentences, why_not
from registration.views.staff_refusals import sentence_for
from registration.views.staff_registrants import permitted, place_of_request

PER_PAGE = 50
# What the page of an application shows, and what the resident reads was shown.
SHOWN = (
    Particular.NAME,
    Particular.NUMBER,
    Particular.KIND,
    Particular.RESIDENCE,
    Particular.PARTICIPATIONS,
)
# What the queue reads of a row: nothing that would have to be decrypted.
_LISTED = (
    "kind",
    "status",
    "submitted_at",
    "registration__family_name",
    "registration__given_name",
    "registration__residence_name",
)
_DOCUMENTS_ALONE = {"documents_checked"}


def premium_name() -> str:
    """The name in force, in the reader's language."""
    return parameters_on().name_of("premium", get_language() or "ja")


def kind_of(row: PremiumApplication) -> str:
    """First time or renewal, in the reader's language."""
    return str(KINDS[ApplicationKind(row.kind)])


@require_safe
@permitted(DECIDE)
def queue(request: HttpRequest) -> HttpResponse:
    """Name and municipality of residence, what for and since when; the oldest first."""
    place = place_of_request(request)
    filters = QueueFilterForm(request.GET)
    chosen = filters.chosen()
    page = Paginator(_chosen(request, chosen), PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    mine = PremiumApplication.objects.at(place).for_second(request.user).count()
    return render(
        request,
        "registration/admin/applications.html",
        {
            "page_title": _("Applications for %s registration") % premium_name(),
            "header_icon": "tasks",
            "filters": filters,
            "filtered": bool(chosen),
            "page": page,
            "rows": [(row, kind_of(row), (now - row.submitted_at).days) for row in page],
            "for_me": mine,
            "may_set_conditions": request.user.has_perm(SET_CONDITIONS),
        },
    )


def _chosen(request: HttpRequest, chosen: dict[str, Any]) -> Any:
    rows = PremiumApplication.objects.at(place_of_request(request))
    match chosen.get("state", ""):
        case "":
            rows = rows.waiting()
        case state if state == SECOND:
            rows = rows.for_second(request.user)
        case state:
            rows = rows.filter(status=state)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if days := chosen.get("days"):
        rows = rows.older_than(days)
    return rows.only(*_LISTED)


def application_or_404(request: HttpRequest, pk: int) -> PremiumApplication:
    """Of this municipality; another's is not found."""
    rows = PremiumApplication.objects.at(place_of_request(request))
    found = get_object_or_404(
        rows.select_related("registration__municipality__local_government", "decision"), pk=pk
    )
    found.registration.municipality = place_of_request(request)
    return found


@require_safe
@permitted(DECIDE)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The engine's reasons beside documents and messages; a recorded look."""
    return _shown(request, application_or_404(request, pk))


def _shown(
    request: HttpRequest,
    row: PremiumApplication,
    question: QuestionForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    place = place_of_request(request)
    record_at_work(place, row.registration.resident_id, request.user, StaffPurpose.PREMIUM, SHOWN)
    facts, decision = read_decision(row)
    said = list(row.messages.all())
    names = names_of([row.first_by_id, row.decided_by_id, *(one.author_id for one in said)])
    is_open = row.status in OPEN_APPLICATIONS
    missing = {condition.code for condition in decision.unmet} - _DOCUMENTS_ALONE
    is_own = row.status == ApplicationStatus.PROPOSED and row.first_by_id == request.user.pk
    may_grant = may_move(row.status, Move.GRANT)
    called = premium_name()
    context = {
        "page_title": _("Application of %s") % row.registration.name,
        "header_icon": "tasks",
        "application": row,
        "registration": row.registration,
        "kind": kind_of(row),
        "premium": called,
        "is_open": is_open,
        "decided_on": None if is_open or row.decision is None else row.decision.at,
        "sentences": sentences(decision, called),
        "records": records_read(row, facts, decision),
        "said": [(one, names.get(one.author_id, "") if one.by_staff else "") for one in said],
        "documents": row.documents.defer("content").order_by("uploaded_at", "pk"),
        "first_by": names.get(row.first_by_id, ""),
        "decided_by": names.get(row.decided_by_id, ""),
        "is_own_proposal": is_own,
        "lacks": may_grant and bool(missing),
        "may_approve": may_grant and not missing and not is_own,
        "may_ask": may_move(row.status, Move.ASK),
        "may_refuse": may_move(row.status, Move.REFUSE),
        "question": question or QuestionForm(),
        "refusal": refusal or RefusalForm(),
    }
    return render(request, "registration/admin/application.html", context)


def read_decision(row: PremiumApplication) -> tuple[Facts, Decision]:
    """As it was decided, or as it would be decided now but for the documents."""
    if row.decision is not None and row.status not in OPEN_APPLICATIONS:
        return from_json(row.decision.facts), row.decision.decision
    facts = premium.gather(row.registration)
    return facts, decide(facts)


def records_read(
    row: PremiumApplication, facts: Facts, decision: Decision
) -> list[tuple[Any, str, str]]:
    """Day, activity and why it does not count, of every participation that was read here.

    A city's that a prefecture counts stands without its title: the prefecture has only the day.
    """
    enough = next(one for one in decision.conditions if one.code == "enough_participations")
    reasons = {item["session"]: item["reason"] for item in enough.data["not_counted"]}
    read = {*enough.evidence, *reasons}
    own = ParticipationRecord.objects.filter(
        resident_id=row.registration.resident_id,
        municipality=row.municipality_id,
        session_uuid__in=[UUID(session) for session in read],
    )
    titles = {str(one.session_uuid): one.activity_title for one in own}
    return [
        (taken.day, titles.get(taken.session, ""), why_not(reasons.get(taken.session, "")))
        for taken in sorted(facts.participations, key=lambda taken: taken.day)
        if taken.session in read
    ]


def names_of(accounts: Iterable[int | None]) -> dict[int | None, str]:
    """Names of members of staff or of operators, as far as the reader may know them."""
    found = User.objects.in_bulk([key for key in set(accounts) if key is not None])
    return {key: user.get_full_name() for key, user in found.items()}


@require_POST
@permitted(DECIDE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant, or propose where a colleague has to confirm."""
    row = application_or_404(request, pk)
    done = _take(request, lambda: premium.approve(row, request.user))  # type: ignore[arg-type]
    if done is not None and done.status == ApplicationStatus.PROPOSED:
        messages.success(request, _("Kept. Another member of staff has to confirm it."))
    elif done is not None:
        messages.success(request, _("It has been granted. The resident is told by mail."))
    return redirect("registration_premium_application", pk)


@require_POST
@permitted(DECIDE)
@sensitive_post_parameters()
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with a question."""
    row = application_or_404(request, pk)
    form = QuestionForm(request.POST)
    if form.is_valid() and _take(
        request,
        lambda: premium.ask(row, request.user, form.cleaned_data["text"]),  # type: ignore[arg-type]
    ):
        messages.success(request, _("The question has been sent to the resident."))
        return redirect("registration_premium_application", pk)
    return _shown(request, application_or_404(request, pk), question=form)


@require_POST
@permitted(DECIDE)
@sensitive_post_parameters()
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse with a reason that the resident reads."""
    row = application_or_404(request, pk)
    form = RefusalForm(request.POST)
    if form.is_valid() and _take(
        request,
        lambda: premium.refuse(row, request.user, form.cleaned_data["reason"]),  # type: ignore[arg-type]
    ):
        messages.success(request, _("It has been refused. The resident is told by mail."))
        return redirect("registration_premium_application", pk)
    return _shown(request, application_or_404(request, pk), refusal=form)


def _take(
    request: HttpRequest, step: Callable[[], PremiumApplication]
) -> PremiumApplication | None:
    """Do it, or say why not."""
    try:
        return step()
    except (Refused, IllegalMove) as refusal:
        messages.error(request, sentence_for(refusal))
        return None


@require_safe
@permitted(DECIDE)
def document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """A file that was handed in, to save and never to open in the admin's page; recorded."""
    row = application_or_404(request, pk)
    found = get_object_or_404(ApplicationDocument, pk=document_pk, application=row)
    record_at_work(
        place_of_request(request),
        row.registration.resident_id,
        request.user,
        StaffPurpose.PREMIUM,
        [Particular.DOCUMENTS],
    )
    response = HttpResponse(bytes_of(found), content_type=found.content_type)
    name = clean_file_name(found.name)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(DECIDE)
def many(request: HttpRequest) -> HttpResponse:
    """Approve at once what the engine is sure of; who is left out stands there with the reason."""
    place = place_of_request(request)
    if request.method == "POST":
        chosen = {int(key) for key in request.POST.getlist("application") if key.isdecimal()}
        approved = premium.approve_sure(place, request.user, only=chosen)  # type: ignore[arg-type]
        if approved < len(chosen):
            messages.warning(
                request,
                _("%(approved)s of %(chosen)s have been granted; the others wait on.")
                % {"approved": approved, "chosen": len(chosen)},
            )
        elif chosen:
            messages.success(request, _("%(approved)s have been granted.") % {"approved": approved})
        else:
            messages.error(request, _("Please choose at least one application."))
        return redirect("registration_premium_many")
    rows = PremiumApplication.objects.at(place).waiting()
    oldest = list(
        rows.select_related("registration__municipality__local_government__prefecture")[:PER_PAGE]
    )
    judged = [(row, premium.why_unsure(row, request.user)) for row in oldest]  # type: ignore[arg-type]
    return render(
        request,
        "registration/admin/applications_many.html",
        {
            "page_title": _("Approve many at once"),
            "header_icon": "tasks",
            "sure": [(row, kind_of(row)) for row, why in judged if not why],
            "left_out": [(row, _left_out(why)) for row, why in judged if why],
            "shown": len(oldest),
            "total": rows.count(),
        },
    )


def _left_out(code: str) -> str:
    match code:
        case "own_proposal":
            return _("You proposed it yourself.")
        case "four_eyes":
            return _("Nobody has proposed it yet.")
        case "documents":
            return _("Somebody has to look at the documents.")
        case "conditions_unmet":
            return _("Not every condition is met.")
    raise KeyError(code)
