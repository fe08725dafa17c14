"""What waits on a coordinator's desk: needs, applications for places, a draw, words of thanks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Resident, User
from activities.enums import NeedState, SignUpMode
from activities.models import Session
from activities.operations.needs import activity_from_need, move_need, tell_need
from activities.operations.projects import save_project, submit_project
from activities.operations.reports import hand_in_report
from activities.operations.thanks import write_thanks
from activities.queries import reports_due
from attendance.enums import SignUpStatus
from attendance.models import ParticipationRecord, Voice
from attendance.operations.sign_ups import sign_up
from attendance.operations.signing_up.deciding import accept, decline
from attendance.operations.signing_up.drawing import draw
from attendance.operations.voices import (
    answer_voice,
    publish_answer,
    publish_voice,
    write_voice,
)
from attendance.queries import all_sign_ups_for
from common import clock
from common.refusal import Refused
from organisations.enums import MemberRole, Pattern
from organisations.models import Organisation, OrganisationMember
from organisations.operations.sign_up import sign_up_organisation
from organisations.operations.standings import give_standing
from portal.demonstration.municipalities import staff_email
from registration.queries import registrants_of
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role

_APPLICANTS = 8
_HANDED_IN_DAYS, _AHEAD_DAYS = 3, 21
_NEED = ("title", "wanted", "place", "when_about", "people", "contact_name", "contact_phone",
         "may_be_named")  # fmt: skip


def coordinate(municipality: Municipality, case: dict[str, Any], residents: list[Resident]) -> None:
    """Needs and thanks of the case; applications of `residents` who are registered there, and
    what was decided of them. Always the same, counted back from today."""
    coordinator = User.objects.get(email=staff_email(municipality, Role.COORDINATOR))
    with municipality_context(municipality):
        for number, need in enumerate(case.get("need", [])):
            _told_by_telephone(need, f"{case['code']}/{number}", coordinator)
        for words in case.get("thanks", []):
            over = Session.objects.filter(
                page__title=words["activity"], ends_at__lt=clock.now()
            ).order_by("ends_at")
            write_thanks(over.reverse()[0], words["text"], coordinator)
    _let_participants_speak(municipality, case, coordinator)
    with municipality_context(municipality):
        decided = [
            session
            for session in Session.objects.public().order_by("starts_at", "pk")
            if session.mode != SignUpMode.FIRST_COME and session.starts_at > clock.now()
        ]
    registered = set(registrants_of(municipality).values_list("resident_id", flat=True))
    here = [resident for resident in residents if resident.pk in registered]
    for session in decided:
        _apply(municipality, session, here)
        if session.mode == SignUpMode.APPROVAL:
            _decide(municipality, session, coordinator)
        elif session.apply_until and session.apply_until < clock.now():
            with clock.as_of(session.apply_until):
                draw(municipality, session.uuid)


def work_for_organisations(
    municipality: Municipality, case: dict[str, Any], member: Resident
) -> None:
    """`member` manages the case's organisation, whose projects count in principle, and its
    `partner`, of which each is designated (R17): one that it handed in waits for the municipality.
    """
    partner = dict(case["partner"])
    project = partner.pop("project")
    began = clock.at_noon(clock.today() - timedelta(days=_HANDED_IN_DAYS))
    with clock.as_of(began):
        organisation = sign_up_organisation(member, contact_phone="00-0000-0000", **partner)
        OrganisationMember.objects.create(
            account=member.user,
            organisation=Organisation.objects.get(name=case["organisation"]["name"]),
            role=MemberRole.MANAGER,
            name=member.name,
            since=clock.now(),
        )
        give_standing(
            organisation,
            municipality,
            pattern=Pattern.EACH_PROJECT,
            valid_from=clock.today(),
            decided_by=None,
        )
        begins = clock.at_noon(clock.today() + timedelta(days=_AHEAD_DAYS)) - timedelta(hours=3)
        times = {"starts_at": begins, "ends_at": begins + timedelta(hours=3)}
        with municipality_context(municipality):
            _hand_in_reports(member)
            page = save_project(organisation, project | times)
            submit_project(page, organisation, member.user)


def _let_participants_speak(
    municipality: Municipality, case: dict[str, Any], coordinator: User
) -> None:
    """What those who took part say, as many as there are: public and answered, or waiting."""
    took_part = ParticipationRecord.objects.filter(municipality=municipality).order_by("pk")
    for title in dict.fromkeys(one["activity"] for one in case.get("voice", [])):
        records = took_part.filter(activity_title=title).select_related("resident")
        said = [one for one in case["voice"] if one["activity"] == title]
        for record, one in zip(records, said, strict=False):
            with clock.as_of(record.ends_at + timedelta(days=1)):
                voice = write_voice(
                    record.resident,
                    municipality,
                    record.session_uuid,
                    one["text"],
                    one.get("signed_as", ""),
                )
            if not one.get("waits"):
                with municipality_context(municipality):
                    publish_voice(voice, coordinator)
                    if "answer" in one:
                        _answer(voice, one["answer"], coordinator)


def _answer(voice: Voice, text: str, coordinator: User) -> None:
    """In the name of whoever runs the activity."""
    session = Session.objects.select_related("page__organisation").get(uuid=voice.session_uuid)
    organisation = session.page.organisation
    if organisation is not None:
        publish_answer(
            answer_voice(voice.pk, session, organisation, coordinator, text), coordinator
        )


def _hand_in_reports(member: Resident) -> None:
    """All that are due but the newest, which waits for whoever looks around."""
    for session in list(reports_due())[:-1]:
        hand_in_report(
            session,
            member.user,
            people=8,
            done="予定どおりに行いました。けがをした方はいませんでした。",
            hours=session.hours,
        )


def _told_by_telephone(words: dict[str, Any], name: str, coordinator: User) -> None:
    values = {field: words[field] for field in _NEED if field in words}
    told = clock.at_noon(clock.today() - timedelta(days=words["days_ago"]))
    with clock.as_of(told):
        key = uuid5(NAMESPACE_URL, f"demonstration/need/{name}")
        need = tell_need(values, key, entered_by=coordinator)
    becomes = words.get("becomes")
    if becomes is None:
        return
    with clock.as_of(told + timedelta(days=2)):
        if becomes == NeedState.ACTIVITY:
            activity_from_need(need, coordinator)
        else:
            move_need(need, NeedState(becomes), words["answer"], coordinator)


def _apply(municipality: Municipality, session: Session, residents: list[Resident]) -> None:
    """More people than there are places, a few days before the end of the time for it."""
    ends = session.apply_until or session.starts_at
    applied = 0
    with clock.as_of(min(ends - timedelta(days=3), clock.now())):
        for resident in residents:
            try:
                sign_up(resident, municipality, session.uuid)
            except Refused:
                continue  # too old for it, or too young
            applied += 1
            if applied == _APPLICANTS:
                return


def _decide(municipality: Municipality, session: Session, coordinator: User) -> None:
    """One accepted, one not; the others wait for whoever looks around."""
    applied = all_sign_ups_for(municipality, session.uuid).filter(status=SignUpStatus.APPLIED)
    with municipality_context(municipality):
        for number, row in enumerate(applied[:2]):
            if number == 0:
                accept(municipality, session.uuid, row.pk, coordinator)
            else:
                reason = "今回は、付き添いの経験のある方にお願いすることにしました。"
                decline(municipality, session.uuid, row.pk, coordinator, reason)
