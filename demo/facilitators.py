"""Facilitators and applicants at every stage: what they wrote, references, checks, training, and each step's reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from demo.borough import Borough, Place, between, contact_of
from demo.dates import session_dates
from demo.groups import Gathered, facilitator_id_of
from demo.keys import dice, made_id
from demo.parents import Known
from demo.people import Person
from demo.plan import Lead, School
from demo.words import APPLICATION, REASONS, RISK_ASSESSMENT, TRAINING

WAY = ("applied", "shortlisted", "references", "checks", "training", "ready", "leading", "resting")
#: Where those who went another way turned off.
TURNED_OFF = {"not_now": "shortlisted", "withdrawn": "references"}
#: How long a step takes, about.
STEP = timedelta(days=13)
#: From here on a facilitator signs in and sees their groups.
MAY_LEAD = ("ready", "leading", "resting")
REFEREES = (
    "Head of year",
    "Neighbour",
    "Youth worker",
    "Colleague at work",
    "Choir leader",
    "Health visitor",
)


def add_facilitators(borough: Borough, place: Place, school: School, groups: Mapping[str, Gathered]) -> None:
    """Everybody in the school's plan, with their history. `groups` are the school's, by their slug."""
    for lead in school.leads:
        graduate = _graduate(lead, groups)
        person = graduate.person if graduate else borough.people.meet(name=lead.name)
        steps = _steps(borough, school, lead, groups)
        _add_facilitator(borough, place, school, lead, graduate, person, steps)


def _graduate(lead: Lead, groups: Mapping[str, Gathered]) -> Known | None:
    if lead.graduate_of is None:
        return None
    slug, number = lead.graduate_of
    return groups[slug].members[number - 1]


def _steps(
    borough: Borough, school: School, lead: Lead, groups: Mapping[str, Gathered]
) -> list[tuple[str, datetime]]:
    """Stages with their moments: after the group that they were in, before the first that they lead."""
    turned_off_at = TURNED_OFF.get(lead.stage)
    last = turned_off_at or lead.stage
    stages = [*WAY[: WAY.index(last) + 1], *([lead.stage] if turned_off_at else [])]
    dates = [
        days[0]
        for group in school.groups
        if lead.key in group.leaders and (days := session_dates(borough, group))
    ]
    first_led = min(dates, default=None)
    closed_at = groups[lead.graduate_of[0]].closed_at if lead.graduate_of else None
    may_lead = [stage for stage in stages if stage in WAY[:6]]
    end = _end(borough, first_led, lead)
    start = end - STEP * len(may_lead)
    if closed_at:
        start = max(start, closed_at + timedelta(days=6))
    steps = list(zip(may_lead, between(start, end, len(may_lead)), strict=True))
    for stage in stages[len(may_lead) :]:
        if stage == "leading":
            moment = borough.at(first_led - timedelta(days=8)) if first_led else end
        else:
            earliest = school.waiting_days if school.stage in ("paused", "left") else 2
            moment = borough.ago(earliest + dice("rest", school.urn, lead.key).randint(0, 18))
        steps.append((stage, max(moment, steps[-1][1] + timedelta(minutes=1))))
    return steps


def _end(borough: Borough, first_led: date | None, lead: Lead) -> datetime:
    """When somebody reached their last stage before leading."""
    if first_led and first_led < borough.today:
        return borough.at(first_led - timedelta(days=15), 15)
    return borough.ago(dice("reached", lead.key, lead.graduate_of).randint(3, 24), 15)


def _add_facilitator(
    borough: Borough,
    place: Place,
    school: School,
    lead: Lead,
    graduate: Known | None,
    person: Person,
    steps: list[tuple[str, datetime]],
) -> None:
    facilitator_id = facilitator_id_of(school.urn, lead.key)
    borough.add(
        "facilitator",
        school_id=place.school_id,
        id=facilitator_id,
        parent_id=graduate.parent_id if graduate else None,
        name=person.name,
        email=person.email,
        phone=person.phone,
        kind="graduate" if graduate else "professional",
        stage=lead.stage,
        stage_changed_at=steps[-1][1],
        created_at=steps[0][1],
    )
    before = None
    for stage, at in steps:
        borough.add(
            "facilitator_event",
            school_id=place.school_id,
            id=made_id("facilitator_event", facilitator_id, stage),
            facilitator_id=facilitator_id,
            from_stage=before,
            to_stage=stage,
            reason=REASONS[stage],
            by_name=person.name if stage in ("applied", "withdrawn") else place.lead_name,
            at=at,
        )
        before = stage
    reached = dict(steps)
    if graduate:
        borough.add(
            "facilitator_application",
            school_id=place.school_id,
            facilitator_id=facilitator_id,
            parent_id=graduate.parent_id,
            answers=APPLICATION,
            submitted_at=reached["applied"],
        )
    _add_references(borough, place, facilitator_id, lead, reached)
    _add_check(borough, place, school, facilitator_id, lead, reached)
    _add_training(borough, place, facilitator_id, lead, reached)
    if lead.stage in MAY_LEAD and school.stage != "left":
        borough.sign_up("facilitator", facilitator_id, place, contact_of(person))


def _add_references(
    borough: Borough, place: Place, facilitator_id: UUID, lead: Lead, reached: Mapping[str, datetime]
) -> None:
    asked_at = reached.get("references")
    if asked_at is None:
        return
    rng = dice("references", facilitator_id)
    for number, relationship in enumerate(rng.sample(REFEREES, 2), start=1):
        referee = borough.people.meet(has_phone=False)
        # Of those who are at this stage now, one reference is still on its way.
        is_back = "checks" in reached or (number == 1 and lead.stage == "references")
        borough.add(
            "facilitator_reference",
            school_id=place.school_id,
            id=made_id("reference", facilitator_id, number),
            facilitator_id=facilitator_id,
            referee_name=referee.name,
            referee_contact=referee.email,
            relationship=relationship,
            asked_at=asked_at,
            received_at=min(asked_at + timedelta(days=2 * number), borough.now) if is_back else None,
            satisfactory=True if is_back else None,
            note="Kind, steady, keeps confidences." if is_back else "",
        )


def _add_check(
    borough: Borough,
    place: Place,
    school: School,
    facilitator_id: UUID,
    lead: Lead,
    reached: Mapping[str, datetime],
) -> None:
    if "training" not in reached:
        return
    decided_at = reached["checks"]
    seen_on = reached["training"].date()
    borough.add(
        "facilitator_check",
        school_id=place.school_id,
        facilitator_id=facilitator_id,
        level="basic",
        role_described="Helps to lead a weekly group of parents and carers. Adults only.",
        venue=school.room or "The school library",
        supervised=True,
        frequency="Once a week for eight weeks",
        risk_assessment=RISK_ASSESSMENT,
        certificate_number=f"{dice('certificate', facilitator_id).randint(10**11, 10**12 - 1)}",
        issued_on=seen_on - timedelta(days=4),
        seen_by=place.lead_name,
        seen_on=seen_on,
        decided_by=place.lead_name,
        decided_at=decided_at,
    )


def _add_training(
    borough: Borough, place: Place, facilitator_id: UUID, lead: Lead, reached: Mapping[str, datetime]
) -> None:
    start = reached.get("training")
    if start is None:
        return
    done = len(TRAINING) if "ready" in reached else 1
    until = reached.get("ready") or start
    for title, at in zip(TRAINING, between(start, until, done), strict=False):
        borough.add(
            "facilitator_training",
            school_id=place.school_id,
            id=made_id("training", facilitator_id, title),
            facilitator_id=facilitator_id,
            title=title,
            on_date=at.date(),
            minutes=120,
            recorded_by=place.lead_name,
        )
