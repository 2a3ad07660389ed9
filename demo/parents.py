"""Parents and carers: where each is on the way in, how to reach them, what they agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from demo.borough import Borough, Place, contact_of
from demo.keys import dice, made_id
from demo.people import Person
from demo.plan import School
from demo.words import ACCESS_NEEDS, FOUND_BY, LEFT_REASONS, NEEDS

WORDING = "1"
#: How parents are reached: most both ways, some by telephone alone, a few by email alone.
REACH = ("both", "both", "phone", "both", "email", "both", "phone", "both")
BY_SIDE = {
    "identified": "school",
    "invited": "school",
    "interested": "parent",
    "joined": "parent",
    "waiting": "school",
    "in_group": "school",
    "graduated": "system",
    "said_no": "parent",
    "left": "parent",
}
#: Stages at which somebody has opened their link, so has an account; it stays theirs after a no and after leaving.
ARRIVED = ("interested", "joined", "waiting", "in_group", "graduated", "said_no", "left")
AGREED = ("joined", "waiting", "in_group", "graduated", "left")
NEXT_STEPS = {
    "identified": "Talk to them at the gate",
    "invited": "Wait for an answer",
    "interested": "Ring back: would like to hear more",
    "joined": "Ask for the “before” answers",
    "waiting": "Tell them the dates",
}
BANDS = ("80_to_90", "50_to_80", "50_to_80", "under_50", "over_90", "")

Step = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """A parent whose rows are there: what others need to go on."""

    parent_id: UUID
    person: Person
    number: int
    agreed: frozenset[str]
    reached: Mapping[str, datetime]
    stage: str


def parent_id_of(urn: int, slug: str, number: int) -> UUID:
    return made_id("parent", urn, slug, number)


def add_parent(
    borough: Borough,
    place: Place,
    school: School,
    slug: str,
    number: int,
    path: Sequence[Step],
    *,
    reach: str = "",
    refuses: frozenset[str] = frozenset(),
    name: str = "",
) -> Known:
    """One parent with everything about them, along `path`. `refuses` are consents that they do not give."""
    rng = dice("parent", school.urn, slug, number)
    reach = reach or REACH[number % len(REACH)]
    person = borough.people.meet(
        "en" if name else rng.choice(school.languages.split()),
        has_email=reach != "phone",
        has_phone=reach != "email",
        name=name,
    )
    parent_id = parent_id_of(school.urn, slug, number)
    reached, stage = dict(path), path[-1][0]
    _add_stages(borough, place, parent_id, path, rng)
    borough.add(
        "parent_contact",
        school_id=place.school_id,
        parent_id=parent_id,
        first_name=person.first_name,
        last_name=person.last_name,
        known_as="",
        email=person.email,
        phone=person.phone,
        language=person.language,
        interpreter=person.language in ("so", "tr", "bn") and rng.random() < 0.35,
        access_needs=rng.choice(ACCESS_NEEDS),
        texts_stopped_at=_stopped(person.phone, stage, path, rng),
        emails_stopped_at=None,
    )
    _add_profile(borough, place, school, parent_id, stage, rng)
    agreed: frozenset[str] = frozenset()
    if stage in AGREED and "joined" in reached:
        agreed = _add_consents(borough, place, parent_id, person, reached, refuses, rng)
    if stage in ARRIVED:
        borough.sign_up("parent", parent_id, place, contact_of(person))
    return Known(parent_id, person, number, agreed, reached, stage)


def way_in(borough: Borough, before: date, number: int, *, until: str) -> list[Step]:
    """The steps of somebody who is to be in a group from `before` on; `until` is the last of them."""
    days = {"identified": 44, "invited": 37, "interested": 31, "joined": 24, "waiting": 23, "in_group": 11}
    hours = {"identified": 9, "invited": 10, "interested": 19, "joined": 20, "waiting": 21, "in_group": 12}
    steps = []
    for stage, ahead in days.items():
        on = before - timedelta(days=ahead - number % 5)
        steps.append((stage, borough.at(on, hours[stage], number * 5 % 60)))
        if stage == until:
            break
    return steps


def add_those_on_the_way(borough: Borough, place: Place, school: School) -> list[Known]:
    """Parents who are in no group: at every stage, with those who said no and those who left."""
    counts = {"waiting": school.waiting}
    if school.stage == "active":
        counts |= {"identified": 3, "invited": 3, "interested": 2, "joined": 1, "said_no": 2, "left": 1}
    known = []
    for stage, count in counts.items():
        for number in range(1, count + 1):
            known.append(add_parent(borough, place, school, stage, number, _path_to(borough, stage, number)))
    return known


def _path_to(borough: Borough, stage: str, number: int) -> list[Step]:
    base = borough.today - timedelta(days=number * 2)
    if stage == "identified":
        return [("identified", borough.at(base, 9, 20))]
    if stage == "invited":
        return way_in(borough, base + timedelta(days=38 - number * 2), number, until="invited")
    if stage == "interested":
        return way_in(borough, base + timedelta(days=30), number, until="interested")
    if stage == "joined":
        return way_in(borough, base + timedelta(days=20), number, until="joined")
    if stage == "waiting":
        return way_in(borough, base, number, until="waiting")
    if stage == "said_no":
        early = way_in(borough, base - timedelta(days=20), number, until="invited")
        return [*early, ("said_no", early[-1][1] + timedelta(days=2, hours=9))]
    early = way_in(borough, base - timedelta(days=30), number, until="waiting")
    return [*early, ("left", early[-1][1] + timedelta(days=15))]


def _add_stages(borough: Borough, place: Place, parent_id: UUID, path: Sequence[Step], rng: Random) -> None:
    reached, (stage, changed_at) = dict(path), path[-1]
    borough.add(
        "parent",
        school_id=place.school_id,
        id=parent_id,
        stage=stage,
        stage_changed_at=changed_at,
        invited_at=reached.get("invited"),
        joined_at=reached.get("joined"),
        waiting_since=reached.get("waiting") if stage == "waiting" else None,
        do_not_ask_until=_end_of_school_year(borough) if stage == "said_no" else None,
        created_at=path[0][1],
    )
    before = None
    for stage, at in path:
        borough.add(
            "parent_event",
            school_id=place.school_id,
            id=made_id("parent_event", parent_id, stage),
            parent_id=parent_id,
            from_stage=before,
            to_stage=stage,
            reason=rng.choice(LEFT_REASONS) if stage == "left" else "",
            by_side=BY_SIDE[stage],
            at=at,
        )
        before = stage


def _end_of_school_year(borough: Borough) -> date:
    year = borough.today.year + (borough.today.month >= 9)
    return date(year, 8, 31)


def _stopped(phone: str, stage: str, path: Sequence[Step], rng: Random) -> datetime | None:
    """Some asked not to be texted."""
    if phone and stage in ("waiting", "in_group", "graduated") and rng.random() < 0.06:
        return path[-1][1]
    return None


def _add_profile(
    borough: Borough, place: Place, school: School, parent_id: UUID, stage: str, rng: Random
) -> None:
    low, high = (1, 6) if school.phase == "Primary" else (7, 11)
    # Of somebody who said no we keep a note not to ask, and no more.
    keeps = stage != "said_no"
    borough.add(
        "recruitment_profile",
        school_id=place.school_id,
        parent_id=parent_id,
        year_group=f"Year {rng.randint(low, high)}" if keeps else "",
        attendance_band=rng.choice(BANDS) if keeps else "",
        needs=rng.choice(NEEDS) if keeps else "",
        found_by=rng.choice(FOUND_BY) if keeps else "",
        next_step=NEXT_STEPS.get(stage, ""),
        owner_staff_id=rng.choice(place.staff_ids[:3]) if keeps else None,
    )


def _add_consents(
    borough: Borough,
    place: Place,
    parent_id: UUID,
    person: Person,
    reached: dict[str, datetime],
    refuses: frozenset[str],
    rng: Random,
) -> frozenset[str]:
    """Seven choices, each made for itself; some are changed later. Those who left have taken the first back."""
    likely = {
        "join": 1.0,
        "email": 0.9 if person.email else 0,
        "text": 0.88 if person.phone else 0,
        "pooled_answers": 1.0,
        "share_attendance": 0.55,
        "ask_to_lead": 0.6,
        "pooled_attendance": 0.65,
    }
    joined_at = reached["joined"]
    agreed = set()
    for kind, chance in likely.items():
        given, changed_at = rng.random() < chance and kind not in refuses, joined_at
        changes = [(given, joined_at)]
        if kind == "join" and "left" in reached:
            changes.append((False, reached["left"]))
        elif kind == "share_attendance" and rng.random() < 0.08:
            changes.append((not given, min(joined_at + timedelta(days=18), borough.now - timedelta(hours=2))))
        for place_in_time, (given, changed_at) in enumerate(changes):
            borough.add(
                "consent_event",
                school_id=place.school_id,
                id=made_id("consent_event", parent_id, kind, place_in_time),
                parent_id=parent_id,
                kind=kind,
                given=given,
                wording_version=WORDING,
                at=changed_at,
            )
        borough.add(
            "consent",
            school_id=place.school_id,
            parent_id=parent_id,
            kind=kind,
            given=given,
            wording_version=WORDING,
            changed_at=changed_at,
        )
        if given:
            agreed.add(kind)
    return frozenset(agreed)
