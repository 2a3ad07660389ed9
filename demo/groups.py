"""Groups: who is in them, their sessions, who came, what they chose, what the notes say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.cohorts.calendar import session_start_utc
from app.cohorts.topics import CHOOSABLE, CHOSEN_NUMBERS, DEFAULTS
from demo.answers import add_answers
from demo.borough import Borough, Place
from demo.dates import moved_from, session_dates
from demo.first_evenings import add_first_evenings
from demo.keys import dice, made_id
from demo.parents import Known, Step, add_parent, way_in
from demo.plan import Group, School
from demo.saying import SAY_SO, add_message, add_presenter, add_reflection, add_themes
from demo.words import LEFT_REASONS, LINKS, NOTES
from infra.clock import LONDON

MINUTES = 90
#: In groups that are over: who left after the third session, who refuses pooled answers.
LEAVES_AFTER = 3
QUIET_IN_EVERY_SECOND = 6


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session as it will be written."""

    session_id: UUID
    number: int
    on: date
    starts: datetime
    is_held: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """A group whose rows are there."""

    group: Group
    cohort_id: UUID
    members: tuple[Known, ...]
    meetings: tuple[Meeting, ...]
    closed_at: datetime | None


def cohort_id_of(urn: int, slug: str) -> UUID:
    return made_id("cohort", urn, slug)


def facilitator_id_of(urn: int, key: str) -> UUID:
    return made_id("facilitator", urn, key)


def add_group(borough: Borough, place: Place, school: School, group: Group) -> Gathered:
    """The group with everything in it."""
    cohort_id = cohort_id_of(school.urn, group.slug)
    dates = session_dates(borough, group)
    meetings = tuple(
        _meeting(borough, cohort_id, group, number, on) for number, on in enumerate(dates, start=1)
    )
    closed_at = _closed_at(borough, group, dates) if group.is_over else None
    gathered = Gathered(
        group,
        cohort_id,
        tuple(_add_members(borough, place, school, group, dates, closed_at)),
        meetings,
        closed_at,
    )
    _add_cohort(borough, place, school, gathered)
    for meeting in meetings:
        _add_session(borough, place, school, gathered, meeting)
    leaders = [facilitator_id_of(school.urn, key) for key in group.leaders]
    for leader_id in leaders:
        borough.add(
            "cohort_facilitator",
            school_id=place.school_id,
            cohort_id=cohort_id,
            facilitator_id=leader_id,
            assigned_at=borough.at((dates[0] if dates else borough.today) - timedelta(days=20)),
        )
    if leaders and not group.is_over:
        people = [one.parent_id for one in gathered.members]
        add_first_evenings(borough, place, cohort_id, leaders[0], people, dates[0] if dates else None)
    for member in gathered.members:
        _add_enrolment(borough, place, school, gathered, member)
        _add_marks(borough, place, gathered, member)
        _add_votes(borough, place, gathered, member)
        _add_both_answers(borough, place, gathered, member)
    for meeting in meetings:
        if meeting.is_held:
            ends = meeting.starts + timedelta(minutes=MINUTES)
            for leader_id in leaders:
                add_reflection(borough, place.school_id, meeting.session_id, cohort_id, leader_id, ends)
    if leaders and group.held >= 3 and not group.is_over and group.size >= SAY_SO.stop - 1:
        add_themes(borough, place, cohort_id, leaders[0], [one.parent_id for one in gathered.members])
        if name := next((lead.name for lead in school.leads if lead.key == group.leaders[0]), ""):
            add_message(borough, place, cohort_id, leaders[0], name.split()[0])
            if to_come := [one.session_id for one in meetings if one.on > borough.today]:
                add_presenter(borough, place, to_come[0], name.split()[0])
    if group.is_over:
        borough.add("rollup_due", school_id=place.school_id, cohort_id=cohort_id, due_at=borough.now)
    return gathered


def _meeting(borough: Borough, cohort_id: UUID, group: Group, number: int, on: date) -> Meeting:
    starts = session_start_utc(on, group.starts_at)
    return Meeting(made_id("session", cohort_id, number), number, on, starts, on < borough.today)


def _closed_at(borough: Borough, group: Group, dates: Sequence[date]) -> datetime:
    """A few days after the last session, and within its term."""
    last_day = borough.term_that_was(group.when).ends_on
    on = min(dates[-1] + timedelta(days=6), last_day)
    return borough.at(on, 21, 30)


def _leaves(group: Group, number: int) -> bool:
    """One in each group stops coming after some weeks."""
    return number == group.size and (group.is_over or group.held > LEAVES_AFTER)


def _add_members(
    borough: Borough,
    place: Place,
    school: School,
    group: Group,
    dates: Sequence[date],
    closed_at: datetime | None,
) -> list[Known]:
    # Members of a group that starts next term have their place already.
    first = min(dates[0] if dates else borough.today, borough.today + timedelta(days=6))
    is_quiet = dice("quiet", school.urn, group.slug).random() < 0.5
    names = {lead.graduate_of: lead.name for lead in school.leads if lead.graduate_of}
    members = []
    for number in range(1, group.size + 1):
        path: list[Step] = way_in(borough, first, number, until="in_group")
        if _leaves(group, number):
            path.append(("left", borough.at(dates[LEAVES_AFTER] - timedelta(days=2), 20)))
        elif closed_at:
            path.append(("graduated", closed_at))
        refuses = {"pooled_answers"} if number == QUIET_IN_EVERY_SECOND and is_quiet else set()
        # The first is reached both ways, the second has a telephone alone: the demo signs in as both.
        name = names.get((group.slug, number), "")
        reach = "both" if name else {1: "both", 2: "phone"}.get(number, "")
        known = add_parent(
            borough,
            place,
            school,
            group.slug,
            number,
            path,
            reach=reach,
            refuses=frozenset(refuses),
            name=name,
        )
        members.append(known)
    return members


def _add_cohort(borough: Borough, place: Place, school: School, gathered: Gathered) -> None:
    group, meetings = gathered.group, gathered.meetings
    first = meetings[0].on if meetings else None
    state = "closed" if group.is_over else "running" if group.when == "running" else "forming"
    borough.add(
        "cohort",
        school_id=place.school_id,
        id=gathered.cohort_id,
        name=group.name,
        state=state,
        places=10,
        first_on=first,
        starts_at=group.starts_at,
        minutes=MINUTES,
        room=school.room,
        closed_at=gathered.closed_at,
        created_at=borough.at(min(first or borough.today, borough.today) - timedelta(days=30)),
    )


def _hours(borough: Borough, group: Group, meeting: Meeting) -> tuple[time, time]:
    """From when to when. Today's session is over when the demo is made, at whatever hour, so that it can be closed."""
    starts = datetime.combine(meeting.on, group.starts_at)
    ends = starts + timedelta(minutes=MINUTES)
    if meeting.on == borough.today:
        local = borough.now.astimezone(LONDON).replace(tzinfo=None, second=0, microsecond=0)
        ends = min(ends, local - timedelta(minutes=local.minute % 15))
        midnight = datetime.combine(meeting.on, time.min)
        starts = max(midnight, ends - timedelta(minutes=MINUTES))
        ends = max(ends, midnight + timedelta(minutes=1))
    return starts.time(), ends.time()


def _add_session(
    borough: Borough, place: Place, school: School, gathered: Gathered, meeting: Meeting
) -> None:
    group = gathered.group
    starts_at, finishes_at = _hours(borough, group, meeting)
    moved = moved_from(borough, group) if meeting.on == borough.today else None
    ends = meeting.starts + timedelta(minutes=MINUTES)
    # The group chooses its themes from the fifth session on, a week ahead.
    is_known = meeting.number not in CHOSEN_NUMBERS or meeting.is_held or group.is_over
    points, at_home = NOTES[meeting.number - 1]
    borough.add(
        "cohort_session",
        school_id=place.school_id,
        id=meeting.session_id,
        cohort_id=gathered.cohort_id,
        number=meeting.number,
        on_date=meeting.on,
        starts_at=starts_at,
        ends_at=finishes_at,
        room=school.room,
        state="closed" if meeting.is_held else "planned",
        topic=DEFAULTS[meeting.number - 1] if is_known else "",
        moved_from=moved,
        change_reason="The library was in use on the usual day." if moved else "",
        closed_at=ends + timedelta(minutes=20) if meeting.is_held else None,
    )
    if not meeting.is_held:
        return
    is_draft = not group.is_over and meeting.number == group.held and group.held == 5
    sent_at = min(meeting.starts + timedelta(hours=15), borough.now)
    borough.add(
        "learning_notes",
        school_id=place.school_id,
        id=made_id("notes", meeting.session_id),
        cohort_id=gathered.cohort_id,
        session_id=meeting.session_id,
        main_points=points,
        try_at_home=at_home,
        links=LINKS[meeting.number % 2 :],
        state="draft" if is_draft else "sent",
        updated_at=ends,
        sent_at=None if is_draft else sent_at,
    )


def _add_enrolment(borough: Borough, place: Place, school: School, gathered: Gathered, member: Known) -> None:
    group, meetings = gathered.group, gathered.meetings
    leaves = _leaves(group, member.number)
    first = meetings[0].on if meetings else borough.today
    borough.add(
        "enrolment",
        school_id=place.school_id,
        id=made_id("enrolment", gathered.cohort_id, member.number),
        cohort_id=gathered.cohort_id,
        parent_id=member.parent_id,
        status="left" if leaves else "finished" if group.is_over else "in_group",
        joined_at=borough.at(first - timedelta(days=11 - member.number % 5), 12),
        left_at=borough.at(meetings[LEAVES_AFTER].on - timedelta(days=2), 20) if leaves else None,
        left_reason=dice("left", member.parent_id).choice(LEFT_REASONS) if leaves else "",
    )


def _add_marks(borough: Borough, place: Place, gathered: Gathered, member: Known) -> None:
    """Who came. Those who went on to lead, the first five, missed little; everybody came to the first."""
    rng = dice("marks", member.parent_id)
    chance = 0.95 if member.number <= 5 else rng.choice((0.9, 0.8, 0.7, 0.5))
    leaves = _leaves(gathered.group, member.number)
    for meeting in gathered.meetings:
        came = meeting.number == 1 or rng.random() < chance
        excused = rng.random() < 0.6
        key = {
            "school_id": place.school_id,
            "session_id": meeting.session_id,
            "parent_id": member.parent_id,
            "cohort_id": gathered.cohort_id,
        }
        if meeting.is_held and not (leaves and meeting.number > LEAVES_AFTER):
            borough.add(
                "attendance",
                **key,
                mark="present" if came else "apology" if excused else "absent",
                marked_at=meeting.starts + timedelta(minutes=12),
            )
        is_next = not meeting.is_held and meeting.number == gathered.group.held + 1
        if is_next and gathered.group.when == "running" and not leaves and not came:
            borough.add("absence_notice", **key, at=borough.now - timedelta(hours=5))


def _add_votes(borough: Borough, place: Place, gathered: Gathered, member: Known) -> None:
    """Themes that a parent would like, known to nobody else."""
    rng = dice("votes", member.parent_id)
    held = [meeting for meeting in gathered.meetings if meeting.is_held]
    if len(held) < 2 or _leaves(gathered.group, member.number) or rng.random() < 0.25:
        return
    for topic in rng.sample(CHOOSABLE[CHOSEN_NUMBERS[0] - 1 :], rng.choice((1, 1, 2))):
        borough.add(
            "topic_vote",
            school_id=place.school_id,
            cohort_id=gathered.cohort_id,
            parent_id=member.parent_id,
            topic=topic,
            at=held[1].starts + timedelta(hours=26),
        )


def _add_both_answers(borough: Borough, place: Place, gathered: Gathered, member: Known) -> None:
    group, meetings = gathered.group, gathered.meetings
    rng = dice("both", member.parent_id)
    first = meetings[0].on if meetings else borough.today
    # Some of those who only just have a place have not answered yet.
    if rng.random() < (0.97 if group.is_over or group.held else 0.6):
        at = borough.at(first - timedelta(days=rng.randint(1, 9)), rng.randint(8, 21), rng.randint(0, 59))
        add_answers(
            borough, place, member.parent_id, member.person, "before", at, cohort_id=gathered.cohort_id
        )
    finished = None if _leaves(group, member.number) else gathered.closed_at
    # Those who have moved on to lead were asked, and answered.
    if finished and (member.number <= 5 or rng.random() < 0.85):
        at = min(meetings[-1].starts + timedelta(hours=rng.randint(2, 90)), finished)
        add_answers(
            borough, place, member.parent_id, member.person, "after", at, cohort_id=gathered.cohort_id
        )
