"""Authorities and their schools: the register, the way in with its history, staff, tasks, closed days."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.schools.register_school import School as RegisterRow
from app.schools.register_school import fold
from demo.borough import Borough, Place, between, contact_of
from demo.dates import closed_days, session_dates
from demo.keys import dice, made_id
from demo.people import Person
from demo.plan import Authority, School
from demo.words import SUPPORT_LINES

WAY_IN = ("prospect", "invited", "brief_sent", "agreement_signed", "set_up", "active")
#: How long schools took from one step to the next, in days.
STEP_DAYS = 13
TASKS = ("details", "brief", "agreement", "staff", "room_and_dates")
#: Tasks that are done when a school has reached a stage.
TASKS_DONE = {"brief_sent": 1, "agreement_signed": 3, "set_up": 5, "active": 5, "paused": 5, "left": 5}
#: Who has arrived by when: roles that were invited, and whether they have come.
STAFF = (
    ("school_lead", "Assistant head, inclusion"),
    ("senco", "SENCO"),
    ("attendance_lead", "Attendance lead"),
    ("school_dsl", "Designated safeguarding lead"),
)
HEAD = ("head_teacher", "Head teacher")
OFFICE = ("school_office", "School secretary")
STREETS = ("Elm Road", "Dock Street", "Heron Way", "Mill Lane", "Chapel Row", "Ferry Road", "Orchard Street")


def add_authority(borough: Borough, authority: Authority) -> UUID:
    """The authority, its people and its terms."""
    authority_id = made_id("authority", authority.la_code)
    admin = authority.officers[0]
    officer = next(one for one in authority.officers if one.role == "named_officer")
    borough.add(
        "authority",
        authority_id=authority_id,
        name=authority.name,
        short_name=authority.short_name,
        slug=authority.slug,
        la_code=authority.la_code,
        contact_name=admin.name,
        contact_email=admin.email,
        contact_phone=admin.phone,
        officer_phone=officer.phone,
        officer_email=officer.email,
        out_of_hours_phone="020 7946 0990",
        dpo_contact=f"data.protection.{authority.slug}@example.org",
        lawful_basis="Public task: UK GDPR, Article 6(1)(e)",
        privacy_url="",
        brand_colour=authority.brand_colour,
        support_lines=SUPPORT_LINES,
        created_at=borough.ago(700),
    )
    for one in authority.officers:
        person_id = officer_id(authority, one.role, one.name)
        borough.add(
            "authority_member",
            authority_id=authority_id,
            id=person_id,
            name=one.name,
            email=one.email,
            role=one.role,
            job_title=one.job_title,
            invited_at=borough.ago(690),
            accepted_at=borough.ago(688),
            ended_at=None,
        )
        borough.sign_up(
            one.role, person_id, authority_id, {"name": one.name, "email": one.email, "phone": one.phone}
        )
    for term in borough.terms:
        borough.add(
            "authority_term",
            authority_id=authority_id,
            id=made_id("term", authority.la_code, term.name),
            name=term.name,
            starts_on=term.starts_on,
            half_term_starts_on=term.half_term_starts_on,
            half_term_ends_on=term.half_term_ends_on,
            ends_on=term.ends_on,
        )
    return authority_id


def officer_id(authority: Authority, role: str, name: str) -> UUID:
    return made_id("member", authority.la_code, role, name)


def school_id_of(urn: int) -> UUID:
    return made_id("school", urn)


def staff_id(urn: int, role: str) -> UUID:
    return made_id("staff", urn, role)


def add_prospect(borough: Borough, authority: Authority, authority_id: UUID, real: RegisterRow) -> None:
    """A real school of the register that the authority has on its list and has not written to."""
    school_id, since = school_id_of(real.urn), borough.ago(dice("prospect", real.urn).randint(3, 25))
    borough.add(
        "school",
        **_school_row(
            authority_id,
            school_id,
            urn=real.urn,
            name=real.name,
            short_name=real.name[:28].strip(),
            phase=real.phase,
            controller=(
                real.trust_code or real.federation_code or f"LA-{real.urn}",
                real.trust_name or real.name,
            ),
            stage="prospect",
            since=since,
            created_at=since,
        ),
    )
    _add_event(borough, school_id, None, "prospect", since, authority.officers[0].name, "authority", "")


def add_school(borough: Borough, authority: Authority, authority_id: UUID, school: School) -> Place:
    """An invented school: register row, stage with its history, staff, tasks and closed days."""
    school_id = school_id_of(school.urn)
    borough.rows["register_school"].append(_register_row(authority, school))
    steps = _steps(borough, school)
    since = steps[-1][1]
    staff = _meet_staff(borough, school)
    lead, dsl = staff["school_lead"], staff["school_dsl"]
    is_known = school.stage != "invited"
    borough.add(
        "school",
        **_school_row(
            authority_id,
            school_id,
            urn=school.urn,
            name=school.name,
            short_name=school.short_name,
            phase=school.phase,
            controller=school.controller,
            stage=school.stage,
            since=since,
            created_at=steps[0][1],
        )
        | {
            "address": _address(school),
            "phone": _desk_number(school.urn),
            "contact_name": lead.name if is_known else "",
            "contact_role": STAFF[0][1] if is_known else "",
            "contact_phone": lead.phone if is_known else "",
            "contact_email": lead.email if is_known else "",
            "dsl_name": dsl.name if school.groups else "",
            "dsl_phone": dsl.phone if school.groups else "",
            "contact_deputy": staff["senco"].name if school.groups else "",
            "dsl_deputy": staff["senco"].name if school.groups else "",
            "room": school.room,
            "room_notes": "Step-free. Tea and biscuits from a quarter of an hour before."
            if school.room
            else "",
            "planned_start_on": borough.next_term().starts_on + timedelta(days=7)
            if school.stage in ("agreement_signed", "set_up")
            else None,
        },
    )
    place = Place(
        authority_id,
        school_id,
        school.urn,
        tuple(staff_id(school.urn, role) for role, _ in STAFF) if school.groups else (),
        lead.name,
    )
    for (before, _), (stage, at) in zip([(None, None), *steps], steps, strict=False):
        is_school = stage in ("agreement_signed", "set_up")
        name = lead.name if is_school else authority.officers[0].name
        note = school.note if stage == school.stage else ""
        _add_event(borough, school_id, before, stage, at, name, "school" if is_school else "authority", note)
    _add_tasks(borough, school, school_id, steps, lead.name)
    _add_staff(borough, school, place, staff, dict(steps))
    if school.groups:
        for on, reason in closed_days(borough).items():
            borough.add(
                "school_closed_day",
                school_id=school_id,
                id=made_id("closed", school.urn, on),
                on_date=on,
                reason=reason,
            )
    return place


def _school_row(
    authority_id: UUID,
    school_id: UUID,
    *,
    urn: int,
    name: str,
    short_name: str,
    phase: str | None,
    controller: tuple[str, str],
    stage: str,
    since: datetime,
    created_at: datetime,
) -> dict[str, object]:
    """Every column of `school`, with nothing said about its people and rooms."""
    words = ["address", "phone", "contact_name", "contact_role", "contact_phone", "contact_email"]
    words += ("contact_deputy", "dsl_name", "dsl_phone", "dsl_deputy", "room", "room_notes")
    return {
        "school_id": school_id,
        "authority_id": authority_id,
        "urn": urn,
        "name": name,
        "short_name": short_name,
        "phase": phase,
        "controller_code": controller[0],
        "controller_name": controller[1],
        "stage": stage,
        "stage_changed_at": since,
        "waiting_since": since,
        **dict.fromkeys(words, ""),
        "planned_start_on": None,
        "created_at": created_at,
    }


def _register_row(authority: Authority, school: School) -> dict[str, object]:
    """The invented school as the register would have it."""
    row = RegisterRow(
        urn=school.urn,
        name=school.name,
        la_code=authority.la_code,
        la_name=authority.short_name,
        phase=school.phase,
        establishment_type="Academy converter" if school.trust else "Community school",
        status="Open",
        street=_street(school.urn),
        locality=None,
        town=authority.short_name,
        # A made-up postcode area: England's pseudo postcodes begin with ZZ99.
        postcode="ZZ99 3CZ",
        postcode_norm="ZZ993CZ",
        phone=None,
        website=None,
        trust_code=school.trust[0] if school.trust else None,
        trust_name=school.trust[1] if school.trust else None,
        federation_code=None,
        federation_name=None,
        low_age=4 if school.phase == "Primary" else 11,
        high_age=11 if school.phase == "Primary" else 16,
        pupils=dice("pupils", school.urn).randint(210, 900),
        opened_on=None,
        closed_on=None,
        is_open=True,
        search_name=fold(school.name),
    )
    return row._asdict() | {"row_digest": row.digest()}


def _street(urn: int) -> str:
    rng = dice("street", urn)
    return f"{rng.randint(1, 90)} {rng.choice(STREETS)}"


def _address(school: School) -> str:
    return f"{school.name}\n{_street(school.urn)}\nZZ99 3CZ"


def _desk_number(urn: int) -> str:
    """The school's own telephone: London's numbers for drama."""
    return f"+44207946{urn % 1000:04}"


def _steps(borough: Borough, school: School) -> list[tuple[str, datetime]]:
    """Each stage that the school has reached, with the moment. Schools with groups were ready before the first."""
    if school.groups:
        first = min(dates[0] for group in school.groups if (dates := session_dates(borough, group)))
        reached = list(WAY_IN)
        last = borough.at(first - timedelta(days=56))
    else:
        reached = list(WAY_IN[: WAY_IN.index(school.stage) + 1])
        last = borough.ago(school.waiting_days, 11)
    count = len(reached)
    moments = [last - timedelta(days=STEP_DAYS * (count - 1 - index)) for index in range(count)]
    steps = list(zip(reached, moments, strict=True))
    if school.stage in ("paused", "left"):
        steps.append((school.stage, borough.ago(school.waiting_days, 11)))
    return steps


def _add_event(
    borough: Borough,
    school_id: UUID,
    before: str | None,
    stage: str,
    at: datetime,
    name: str,
    side: str,
    note: str,
) -> None:
    borough.add(
        "onboarding_event",
        school_id=school_id,
        id=made_id("onboarding", school_id, stage),
        from_stage=before,
        to_stage=stage,
        note=note,
        by_name=name,
        by_side=side,
        at=at,
    )


def _add_tasks(
    borough: Borough, school: School, school_id: UUID, steps: list[tuple[str, datetime]], lead_name: str
) -> None:
    done = TASKS_DONE.get(school.stage, 0)
    reached = dict(steps)
    start = reached.get("brief_sent") or borough.now
    moments = between(start, reached.get("set_up") or steps[-1][1], len(TASKS))
    # The brief is read first; the list shows the tasks in its own order.
    for place, task in enumerate(("brief", "details", "agreement", "staff", "room_and_dates")):
        is_done = place < done
        borough.add(
            "school_task",
            school_id=school_id,
            task=task,
            done_at=moments[place] if is_done else None,
            done_by=lead_name if is_done else "",
        )


def _meet_staff(borough: Borough, school: School) -> dict[str, Person]:
    """The school's people. Somebody named in two schools is one person with two roles."""
    named = dict(school.staff)
    staff = {}
    for role, _ in STAFF:
        name = named.get(role, "")
        person = borough.colleagues.get(name) if name else None
        staff[role] = person or borough.people.meet(name=name)
        if name:
            borough.colleagues[name] = staff[role]
    # Not met like the others: nobody after them shall have another name for it.
    for (role, _), name in ((HEAD, school.head), (OFFICE, school.office)):
        if name:
            first, last = name.split(" ", 1)
            address = f"{first}.{last}@example.org".lower()
            staff[role] = Person(first, last, address, phone=borough.people.spare_number(), language="en")
    return staff


def _add_staff(
    borough: Borough, school: School, place: Place, staff: dict[str, Person], reached: dict[str, datetime]
) -> None:
    is_running = bool(school.groups) or school.stage == "set_up"
    for role, job_title in (*STAFF, HEAD, OFFICE):
        if role not in staff:
            continue
        if role != "school_lead" and not is_running:
            continue
        has_come = school.stage != "invited"
        invited_at = reached["invited"] if role == "school_lead" else reached["agreement_signed"]
        person, person_id = staff[role], staff_id(school.urn, role)
        borough.add(
            "staff_member",
            school_id=place.school_id,
            id=person_id,
            name=person.name,
            email=person.email,
            phone=person.phone,
            role=role,
            job_title=job_title,
            invited_at=invited_at,
            accepted_at=invited_at + timedelta(days=2) if has_come else None,
            ended_at=reached["left"] if school.stage == "left" else None,
        )
        if has_come and school.stage != "left":
            borough.sign_up(role, person_id, place, contact_of(person))
