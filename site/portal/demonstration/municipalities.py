"""The municipalities of the demonstration: set up as any other, then filled."""

from __future__ import annotations

import io
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from wagtail.images.models import Image

from accounts.models import User
from activities.models import ActivityPage, HostPage, Session
from activities.queries import activity_index
from activities.rules.recurrence import Frequency, Recurrence, times_of
from common import clock
from organisations.enums import Pattern
from organisations.models import JointProgramme, Organisation
from organisations.operations.programmes import add_programme
from organisations.operations.standings import give_standing
from pages.models import ArticleIndexPage, ArticlePage, HomePage
from portal.demonstration.factors import give_factor
from portal.demonstration.scenery import landscape
from surveys.models import SurveyItem
from tenants.enums import MunicipalityStatus, RequestStatus, TermsKind
from tenants.models import LocalGovernment, Municipality, ParticipationRequest, Terms
from tenants.staff.models import Membership
from tenants.staff.roles import Role
from themes.models import Theme

FIRST_DAY = date(2026, 4, 1)
PASSWORD = "furusato-demo-2026"  # noqa: S105 - printed for everybody who starts the demonstration
_AT_ONCE = 2
_MONTHS = 6


def cases() -> list[dict[str, Any]]:
    """The eleven cases, as they stand in the files beside this module."""
    folder = Path(__file__).parent / "cases"
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.iterdir())]


def set_up(codes: list[str]) -> None:
    """Approve a request for each code and its prefecture, and have them provisioned.

    Two processes share the work; each takes requests that the other does not hold.
    """
    governments = LocalGovernment.objects.select_related("prefecture")
    wanted = {code: governments.get(pk=code) for code in codes}
    for government in list(wanted.values()):
        if government.prefecture:
            wanted[government.prefecture.code] = government.prefecture
    terms = Terms.objects.in_force(TermsKind.MUNICIPALITY)
    for government in wanted.values():
        ParticipationRequest.objects.create(
            local_government=government,
            department="ふるさと住民係",
            contact_name="担当者（試験用）",
            contact_email=f"staff.{government.romaji}@example.jp",
            contact_phone="00-0000-0000",
            terms=terms,
            agreed_at=clock.now(),
            status=RequestStatus.APPROVED,
            decided_at=clock.now(),
        )
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "provision_approved"]
    workers = [subprocess.Popen(command) for _ in range(_AT_ONCE)]  # noqa: S603 - ourselves
    if any([worker.wait() for worker in workers]):
        raise RuntimeError("setting up the demonstration's municipalities failed")
    Municipality.objects.filter(pk__in=wanted).update(
        is_demonstration=True, status=MunicipalityStatus.PUBLISHED
    )


def add_staff(municipality: Municipality, roles: tuple[Role, ...]) -> None:
    """An account for each role, in the active municipality, all with the same password."""
    for role in roles:
        user = User.objects.create_user(
            email=staff_email(municipality, role),
            password=PASSWORD,
            name=f"{municipality.name} {role.label}",
        )
        Membership.objects.create(user=user, group=Group.objects.get(name=role.value))
        give_factor(user, municipality)


def staff_email(municipality: Municipality, role: Role) -> str:
    """The invented address of the staff member with this role."""
    return f"{role.value.replace('_', '-')}.{municipality.slug}@example.jp"


def fill(municipality: Municipality, case: dict[str, Any]) -> None:
    """Introduction, organisation, activities, news and survey of a case; in its schema."""
    Theme.objects.update_or_create(pk=1, defaults={"key_colour": case["colour"]})
    picture = _picture(case["colour"], int(case["code"]), f"{municipality.name}の風景（絵）")
    _introduce(municipality, case, picture)
    organisation = Organisation.objects.create(
        name=case["organisation"]["name"],
        kana=case["organisation"]["kana"],
        kind=case["organisation"]["kind"],
        contact_phone="00-0000-0000",
    )
    give_standing(
        organisation,
        municipality,
        pattern=case["organisation"]["pattern"],
        valid_from=FIRST_DAY,
        decided_by=None,
    )
    hosts = _hosts(case)
    for number, activity in enumerate(case["activity"]):
        image = _picture(case["colour"], int(case["code"]) + number + 1, activity["title"])
        organiser = _organiser(activity, municipality) or organisation
        programme = activity.get("programme")
        joint = add_programme(organiser, programme, municipality) if programme else None
        page = _draft(activity, organiser, image, joint)
        page.host = hosts.get(activity["title"])
        page.sessions = _sessions(activity, first=number == 0)
        # Where a lot is drawn, recruitment has been open for a while.
        with clock.as_of(clock.now() - timedelta(days=activity.get("public_for_days", 0))):
            _publish(page)
    news = ArticleIndexPage.objects.get()
    for article in case["article"]:
        page = ArticlePage(
            title=article["title"],
            lead=article["body"][:200],
            published_on=clock.today() - timedelta(days=9),
            body=[("text", f"<p>{article['body']}</p>")],
            locale=news.locale,
        )
        news.add_child(instance=page)
        page.save_revision().publish()
    survey = case["survey"]
    SurveyItem.objects.create(
        text=survey["text"],
        text_en=survey["text_en"],
        kind=survey["kind"],
        choices="\n".join(survey.get("choices", [])),
        choices_en="\n".join(survey.get("choices_en", [])),
        required=survey.get("required", True),
    )


def _hosts(case: dict[str, Any]) -> dict[str, HostPage]:
    """The hosts of a case, by the titles of their activities (ヌシ)."""
    hosts: dict[str, HostPage] = {}
    index = activity_index()
    assert index is not None
    for number, one in enumerate(case.get("host", []), start=1):
        page = HostPage(
            title=one["name"],
            slug=f"host-{number}",
            introduction=one["introduction"],
            locale=index.locale,
        )
        index.add_child(instance=page)
        page.save_revision().publish()
        hosts |= dict.fromkeys(one["activities"], page)
    return hosts


def _picture(colour: str, seed: int, title: str) -> Image:
    content = landscape(colour, seed)
    file = ImageFile(io.BytesIO(content), name=f"fukei-{seed}.png")
    return Image.objects.create(title=title, description=title, file=file)


def _introduce(municipality: Municipality, case: dict[str, Any], picture: Image) -> None:
    home = HomePage.objects.get()
    home.lead = case["lead"]
    home.hero_image = picture
    home.hero_image_alt = f"{municipality.name}の山と空を描いた絵"
    facts = [{"label": label, "value": value} for label, value in case["facts"]]
    home.body = [
        ("text", f"<h2>{case['heading']}</h2><p>{case['body']}</p>"),
        ("facts", {"heading": f"{municipality.name}のあらまし", "facts": facts}),
        (
            "call_to_register",
            {
                "heading": f"{municipality.name}のふるさと住民になりませんか",
                "text": "住んでいなくても、どなたでも登録できます。登録は無料です。",
                "button": "登録する",
            },
        ),
        (
            "contact",
            {
                "heading": "お問い合わせ",
                "office": f"{municipality.name} {case['office']}",
                "phone": "00-0000-0000",
                "email": f"furusato.{municipality.slug}@example.jp",
                "hours": "平日 午前8時30分から午後5時15分まで",
            },
        ),
    ]
    home.save_revision().publish()


def _organiser(activity: dict[str, Any], municipality: Municipality) -> Organisation | None:
    """Of another case, where the activity says so: recognised here as well, each of its projects
    designated by itself."""
    if "by" not in activity:
        return None
    organisation = Organisation.objects.get(name=activity["by"])
    give_standing(
        organisation,
        municipality,
        pattern=Pattern.EACH_PROJECT,
        valid_from=FIRST_DAY,
        decided_by=None,
    )
    return organisation


def _draft(
    activity: dict[str, Any],
    organisation: Organisation,
    image: Image,
    programme: JointProgramme | None,
) -> ActivityPage:
    return ActivityPage(
        title=activity["title"],
        summary=activity["summary"],
        category=activity["category"],
        organisation=organisation,
        belongings=activity["bring"],
        image=image,
        image_alt=f"「{activity['title']}」の絵",
        contact_name=organisation.name,
        contact_phone="00-0000-0000",
        is_paid=activity.get("paid", False),
        is_remote=activity.get("remote", False),
        is_urgent=activity.get("urgent", False),
        minimum_age=activity.get("minimum_age"),
        counts_notice=True,
        lack_of_hands="yes",
        lack_of_hands_reason=activity["lack"],
        public_benefit="yes",
        public_benefit_reason=activity["benefit"],
        designated_from=FIRST_DAY,
        body=[("text", f"<p>{activity['summary']}</p>")],
        joint_programme=programme,
        components=[("component", part) for part in activity.get("package", [])],
        live=False,
        # What people want to know, by the fields' own names.
        **activity.get("page", {}),
    )


def _publish(page: ActivityPage) -> None:
    index = activity_index()
    if index is None:
        raise LookupError("the municipality has no list of activities")
    page.locale = index.locale
    index.add_child(instance=page)
    page.save_revision().publish()


def _sessions(activity: dict[str, Any], *, first: bool) -> list[Session]:
    given = {name: activity[name] for name in ("hours", "mode") if name in activity}
    days = activity.get("apply_days")
    return [
        Session(
            starts_at=starts_at,
            ends_at=ends_at,
            place=activity["place"],
            capacity=activity["capacity"],
            apply_until=starts_at - timedelta(days=days) if days else None,
            **given,
        )
        for starts_at, ends_at in _times(activity, first=first)
    ]


def _times(activity: dict[str, Any], *, first: bool) -> list[tuple[datetime, datetime]]:
    """By the activity's rule from next week on, if it has one; else as `_days` says."""
    start, end = time.fromisoformat(activity["start"]), time.fromisoformat(activity["end"])
    more_days = activity.get("more_days", 0)
    if "every" not in activity:
        return [
            (_at(day, start), _at(day + timedelta(days=more_days), end))
            for day in _days(first=first)
        ]
    begins = clock.today() + timedelta(days=activity.get("in_days", 7))
    rule = Recurrence(
        first=begins,
        until=begins + timedelta(days=activity["for_days"]),
        frequency=Frequency(activity["every"]),
        start=start,
        end=end,
        more_days=more_days,
    )
    return times_of(rule, clock.TOKYO)


def _days(*, first: bool) -> Iterator[date]:
    """Once a month in the past, as far as the scheme goes back; today; twice to come."""
    today = clock.today()
    for month in range(_MONTHS, 0, -1):
        day = today - timedelta(days=30 * month + (0 if first else 9))
        if day >= FIRST_DAY:
            yield day
    if first:
        yield today
    yield today + timedelta(days=12 if first else 19)
    yield today + timedelta(days=40 if first else 47)


def _at(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, tzinfo=clock.TOKYO)
