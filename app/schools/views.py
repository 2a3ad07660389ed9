"""What the larger pages show, put together from the queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.documents.queries import list_documents
from app.documents.words import IN_A_LIST
from app.identity.roles import Role
from app.schools import (
    agreements,
    appointments,
    doubts,
    group_dates,
    people,
    queries,
    register,
    stage_rights,
    starting,
)
from app.schools.doubts import Doubt
from app.schools.models import AuthorityMember, OnboardingEvent, School, StaffMember
from app.schools.papers import list_gaps
from app.schools.register import RegisterEntry
from app.schools.stages import STAGES, TASKS
from app.shell.dates import ago, clock, day, short_day
from app.shell.kept import kept, phone
from app.states.documents import DocumentState
from app.states.schools import SchoolStage
from tenants.together import together

PAPERS = ("project_brief", "agreement", "signed_agreement")
WAY = ("prospect", "invited", "brief_sent", "agreement_signed", "set_up", "active")


def school_page(session: Session, authority_id: UUID, school_id: UUID) -> dict[str, Any]:
    """Everything that an authority may know of one school. Raises NotFound for another's."""
    with together(session) as ask:
        own = ask(queries.get_authority_school, authority_id, school_id)
        council = ask(queries.get_authority, authority_id)
        colleagues = ask(queries.list_staff, school_id)
        readers = ask(queries.list_acting, "school_dsl", school_id=school_id)
        done_tasks = ask(queries.list_tasks, school_id)
        happened = ask(queries.list_events, school_id)
        doubted = ask(doubts.list_at_council, authority_id)
        documents = ask(papers, school_id)
        groups = ask(group_dates.groups().list_group_dates, school_id)
        officers = ask(queries.list_officers)
        agreement = ask(agreements.find_signed, school_id)
    school, staff, able, tasks = own.value, colleagues.value, readers.value, done_tasks.value
    events, signed = happened.value, agreement.value
    closed, successor, added = register_news(session, authority_id, school)
    persons = person_rows(session, staff, doubted.value)
    leads = [one["state"] == "arrived" for one in persons if one["role"] is Role.SCHOOL_LEAD]
    done = [task for task, row in tasks.items() if row]
    return {
        "school": school,
        "stage": STAGES[school.stage],
        "stuck_days": queries.stuck_days(school),
        "missing": [one.council for one in starting.list_obstacles(session, school)]
        if school.stage == SchoolStage.SET_UP
        else queries.missing(school, done, any(leads) if leads else None),
        "path": stage_path(school, events),
        "tasks": task_rows(tasks),
        "people": persons,
        "has_lead": bool(leads),
        "readers": [one.name for one in staff if one.id in able],
        "papers": documents.value,
        "groups": groups.value,
        "phone": phone,
        "closed_entry": closed,
        "successor": successor,
        "successor_school": added,
        "gaps": list_gaps(council.value, school, officers.value),
        "signed": signed,
        "to_read": agreements.is_to_read(school.stage, signed),
        "allowed": stage_rights.in_words(school.stage, reader=stage_rights.AUTHORITY),
        "history": [event_row(event) for event in events],
        "pause_reason": next((e.note for e in events if e.to_stage == school.stage), ""),
    }


def register_news(
    session: Session, authority_id: UUID, school: School
) -> tuple[RegisterEntry | None, RegisterEntry | None, School | None]:
    """Where the register says that a school is closed: its entry, what took its place, and that on the list."""
    la_code = queries.get_authority(session, authority_id).la_code
    closed = register.find_closed(session, la_code, [school.urn]).get(school.urn)
    successor = register.find_successor(session, la_code, closed) if closed else None
    added = queries.find_by_urn(session, authority_id, [successor.urn]) if successor else {}
    return closed, successor, added.get(successor.urn) if successor else None


def stage_path(school: School, events: Sequence[OnboardingEvent]) -> list[dict[str, Any]]:
    """The way to active, a step a row: who took it and when, or that it is still to come."""
    # Newest first. A step that was taken anew, as after a return, counts anew; being active keeps its first day.
    reached = {event.to_stage: event for event in reversed(events)}
    active = [event for event in events if event.to_stage == SchoolStage.ACTIVE]
    if active:
        reached["active"] = active[-1]
    rows = []
    here = WAY.index(school.stage) if school.stage in WAY else len(WAY)
    for number, code in enumerate(WAY):
        stage, event = STAGES[code], reached.get(code)
        if event:
            row = event_row(event) | {"what": str(stage.label)}
            if code == "active" and active[0] is not event:
                row["note"] = _("Again since %(day)s", day=day(active[0].at))
        else:
            row = {"what": str(stage.label), "when": "", "who": "", "note": ""}
            if number < here:  # signed before the brief was sent from here
                row["note"] = _("Not needed")
        if number == here:
            row["state"] = "now"
        elif number > here:
            row["state"] = "waiting"
        rows.append(row)
    return rows


def event_row(event: OnboardingEvent) -> dict[str, str]:
    """A step as the history shows it."""
    return {
        "what": str(STAGES[event.to_stage].label),
        "when": f"{day(event.at)}, {clock(event.at)}",
        "who": event.by_name,
        "note": event.note,
    }


def task_rows(tasks: dict[str, Any]) -> list[dict[str, Any]]:
    """The five tasks with who did them."""
    rows = []
    for task, (title, hint) in TASKS.items():
        row = tasks[task]
        rows.append(
            {
                "task": task,
                "text": str(title),
                "hint": _("%(name)s, %(when)s", name=kept(row.done_by), when=short_day(row.done_at))
                if row
                else str(hint),
                "status": {"text": _("Done"), "kind": "good"}
                if row
                else {"text": _("To do"), "kind": "info"},
                "done": row is not None,
            }
        )
    return rows


def person_rows(
    session: Session, members: Sequence[StaffMember] | Sequence[AuthorityMember], said_no: Sequence[Doubt]
) -> list[dict[str, Any]]:
    """People with how far they have come: `arrived`, `invited` or `expired`, in words too.

    `said_no`: of whom somebody said “This is not me”.
    """
    doubted = {doubt.person_id for doubt in said_no}
    people.note_arrivals(session, members)
    states = accounts.account_states(session, [one.id for one in members])
    coming = appointments.list_coming(
        session,
        [one.id for one in members],
        of_school=any(isinstance(one, StaffMember) for one in members),
    )
    rows = []
    for one in members:
        state = states.get(one.id)
        if state and state.has_signed_in:
            code, words, kind = "arrived", _("Signed up"), "good"
        elif one.id in doubted:
            code, words, kind = "expired", _("Somebody there said “This is not me”"), "attention"
        elif one.id in coming:
            code, words, kind = "invited", coming[one.id][0], "waiting"
        elif state and state.open_invitation:
            code, kind = "invited", "waiting"
            words = _("Invited, link until %(day)s", day=short_day(state.invitation_until))
        else:
            code, words, kind = "expired", _("Link has ended"), "attention"
        rows.append(
            {
                "id": one.id,
                "name": one.name,
                "email": one.email,
                "role": Role(one.role),
                "role_words": _("Deputy safeguarding lead")
                if getattr(one, "is_deputy", False)
                else Role(one.role).label,
                "job_title": one.job_title,
                "state": code,
                "is_doubted": one.id in doubted,
                "words": words,
                "who_can": coming[one.id][1] if code == "invited" and one.id in coming else "",
                "kind": kind,
                "invited": ago(one.invited_at),
                "has_app": bool(state and state.has_second_factor),
            }
        )
    return rows


def papers(session: Session, school_id: UUID) -> list[dict[str, Any]]:
    """The latest brief, agreement and signed agreement, each with its state in words."""
    titles = {
        "project_brief": _("Project brief"),
        "agreement": _("Agreement"),
        "signed_agreement": _("Signed agreement"),
    }
    latest: dict[str, Any] = {}
    for document in list_documents(session, school_id, PAPERS):
        if document.kind not in latest or document.created_at > latest[document.kind].created_at:
            latest[document.kind] = document
    return [
        {"kind": kind, "title": titles[kind], "document": latest[kind], **_paper_words(latest[kind])}
        for kind in PAPERS
        if kind in latest
    ]


def _paper_words(document: Any) -> dict[str, str]:
    if document.state == DocumentState.READY:
        return {"words": short_day(document.ready_at), "tone": "good"}
    words = str(IN_A_LIST[document.state].title)
    if document.state == DocumentState.REFUSED:
        return {"words": document.problem or words, "tone": "attention"}
    return {"words": words, "tone": "waiting"}
