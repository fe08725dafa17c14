"""What the addresses of organisations name: at each municipality one that a resident acts for."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Resident
from activities.models import ActivityReport, ThanksNote
from activities.operations.projects import submit_project
from common import clock
from notifications.models import OutboxMessage
from organisations.enums import MemberRole
from organisations.models import StandingRequest
from organisations.operations.people import invite_member
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.activities import make_activity, session_values
from tests.factories.members import make_organisation_member
from tests.factories.needs import make_need
from tests.factories.organisations import make_organisation


def fill_organisation(place: Municipality, resident: Resident, word: str) -> dict[str, str]:
    """The words of an address that name something of the organisation."""
    partner = make_organisation(place, name=f"{word}の会")
    manager = make_organisation_member(partner, resident=resident)
    helper = make_organisation_member(partner, MemberRole.HELPER)
    invitation = invite_member(partner, "new@example.jp", MemberRole.HELPER, resident.user)
    mail = OutboxMessage.objects.filter(kind="mail").order_by("-pk").first()
    assert mail is not None
    token = mail.payload["body"].partition("/organisations/invitation/")[2].partition("/")[0]
    asks = make_organisation(name=f"{word}の申請")
    asked = StandingRequest.objects.create(
        organisation=asks, municipality=place, plan="清掃", requested_by=manager.account,
        requested_at=clock.now(),
    )  # fmt: skip
    project, waiting = (
        make_activity(
            place, title=f"{word}の企画", organisation=partner, publish=False, designated=False,
            slug=f"{name}-{place.slug}",
        )
        for name in ("project", "waiting")
    )  # fmt: skip
    over = make_activity(
        place, title=f"{word}の終了", organisation=partner, slug=f"over-{place.slug}",
        sessions=[session_values(clock.today() - timedelta(days=days)) for days in (3, 4)],
    )  # fmt: skip
    need = make_need(place, resident=resident, organisation=partner, title=f"{word}の会の困りごと")
    with municipality_context(place):
        submit_project(waiting, partner, resident.user)
        task_state = waiting.current_workflow_task_state.pk
        reported, lacking = over.sessions.order_by("starts_at")
        ActivityReport.objects.create(
            session=reported, people=3, done="清掃", hours=3, handed_in_by=resident.user,
            handed_in_at=clock.now(),
        )  # fmt: skip
        ThanksNote.objects.create(
            session=reported, text="ありがとうございました。", written_by=resident.user,
            written_at=clock.now(),
        )  # fmt: skip
    return {
        "partner": str(partner.pk),
        "helper": str(helper.pk),
        "member_invitation": str(invitation.pk),
        "member_token": token,
        "standing_request": str(asked.pk),
        "project": str(project.pk),
        "waiting_project": str(waiting.pk),
        "task_state": str(task_state),
        "run_session": str(lacking.uuid),
        "partner_need": str(need.pk),
    }
