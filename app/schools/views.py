"""What the larger pages show, put together from the queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.history import list_last
from app.documents.models import StoredDocument
from app.documents.queries import list_documents
from app.documents.words import IN_A_LIST
from app.identity.current import me
from app.identity.roles import Role, label_of
from app.schools import (
    agreements,
    appointments,
    doubts,
    group_dates,
    people,
    pipeline,
    queries,
    register,
    set_up,
    stage_rights,
    starting,
)
from app.schools.agreements import Signed
from app.schools.contacts import Line, contacts
from app.schools.doubts import Doubt
from app.schools.models import AuthorityMember, OnboardingEvent, School, StaffMember
from app.schools.papers import PEOPLE, SETTLED, list_blank, list_gaps
from app.schools.readers import Readers, at_school, find_invited
from app.schools.register import RegisterEntry
from app.schools.signing_anew import why_anew
from app.schools.stages import STAGES, TASKS
from app.shell.dates import ago, clock, day, short_day
from app.shell.kept import kept, phone
from app.shell.parsing import listed
from app.states.documents import DocumentState
from app.states.schools import SchoolStage
from tenants.together import together

PAPERS = ("project_brief", "agreement", "signed_agreement")
WAY = ("prospect", "invited", "brief_sent", "agreement_signed", "set_up", "active")


def school_page(session: Session, authority_id: UUID, school_id: UUID) -> dict[str, Any]:
    """Everything that an authority may know of one school. Raises NotFound for another's."""
    # First: of another's school nothing else may be asked.
    school = queries.get_authority_school(session, authority_id, school_id)
    with together(session) as ask:
        council = ask(queries.get_authority, authority_id)
        colleagues = ask(queries.list_staff, school_id)
        readers = ask(queries.list_acting, "school_dsl", school_id=school_id)
        done_tasks = ask(queries.list_tasks, school_id)
        happened = ask(queries.list_events, school_id)
        doubted = ask(doubts.list_at_council, authority_id)
        kept_papers = ask(papers, school_id)
        groups = ask(group_dates.groups().list_group_dates, school_id)
        officers = ask(queries.list_officers)
        documents_there = ask(list_documents, school_id, ("agreement",))
        logged = ask(contacts().of_school, school_id)
        invited = ask(find_invited, school_id)
        unreached = ask(queries.list_without_mobile, school_id)
    staff, able, tasks = colleagues.value, readers.value, done_tasks.value
    events, (documents, signed) = happened.value, kept_papers.value
    anew = why_anew(school, signed)
    closed, successor, added = register_news(session, authority_id, school)
    persons = person_rows(session, staff, doubted.value)
    leads = [one["state"] == "arrived" for one in persons if one["role"] is Role.SCHOOL_LEAD]
    done = [task for task, row in tasks.items() if row]
    return {
        "school": school,
        "stage": STAGES[school.stage],
        "stuck_days": pipeline.stuck_days(school),
        "missing": [one.council for one in starting.list_obstacles(session, school)]
        if school.stage == SchoolStage.SET_UP
        else pipeline.missing(school, done, any(leads) if leads else None, invited.value),
        "path": stage_path(school, events),
        "tasks": task_rows(tasks, invited.value, anew, no_mobile(staff, unreached.value)),
        "people": persons,
        "has_lead": bool(leads),
        "may_remove": school.stage == SchoolStage.PROSPECT
        and len(events) == 1
        and not (staff or logged.value.lines),
        "readers": [one.name for one in staff if one.id in able],
        "papers": documents,
        "groups": groups.value,
        "phone": phone,
        "closed_entry": closed,
        "successor": successor,
        "successor_school": added,
        "gaps": list_gaps(council.value, school, officers.value),
        "signed": signed,
        "anew": anew,
        "named": _names_to_check(documents_there.value, signed),
        "to_read": agreements.is_to_read(school.stage, signed),
        "allowed": stage_rights.in_words(school.stage, reader=stage_rights.AUTHORITY),
        "history": history_rows(events, signed, logged.value.lines),
        "contacts": logged.value.shown,
    }


def _names_to_check(drawn: Sequence[StoredDocument], signed: Signed | None) -> dict[str, Any] | None:
    """What the signed agreement that waits should name, and what it leaves blank, as its paper was drawn."""
    if signed is None or not signed.waits:
        return None
    named = agreements.named_on(drawn, signed.document)
    if named is None:
        return None
    readers = [kept(named[code]) for code in set_up.READERS if named.get(code)]
    return {
        "people": [
            {"term": str(SETTLED[code]), "text": kept(named[code])} for code in PEOPLE if named.get(code)
        ],
        "blank": list_blank(named),
        "readers": readers,
        "no_readers": len(readers) < len(set_up.READERS),
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
    # Newest first. A step that was taken anew, as after a return, counts anew; being active keeps its first day. What
    # was before the school came back is of another time, and what changed its name took no step.
    steps = [event for event in events if event.from_stage != event.to_stage]
    begun = next((n for n, event in enumerate(steps) if event.to_stage == SchoolStage.PROSPECT), len(steps))
    events = steps[: begun + 1]
    reached = {event.to_stage: event for event in reversed(events)}
    active = [event for event in events if event.to_stage == SchoolStage.ACTIVE]
    if active:
        reached["active"] = active[-1]
    rows = []
    here = WAY.index(school.stage) if school.stage in WAY else len(WAY)
    for number, code in enumerate(WAY):
        stage, event = STAGES[code], None if number > here else reached.get(code)
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


def history_rows(
    events: Sequence[OnboardingEvent], signed: Signed | None, lines: Sequence[Line] = ()
) -> list[dict[str, str]]:
    """Everything that happened, newest first: the steps, what became of each signed agreement, and each contact."""
    rows = [(event.at, event_row(event)) for event in events]
    rows += [(one.at, _happened(one.what, one.at, one.who, one.note)) for one in lines]
    for one in signed.all() if signed else ():
        sent = one.document
        rows.append(
            (sent.created_at, _happened(_("Signed agreement sent"), sent.created_at, sent.created_by))
        )
        if one.at:
            what = (
                _("Signed agreement accepted")
                if one.decision == "accepted"
                else _("Signed agreement returned")
            )
            rows.append((one.at, _happened(what, one.at, one.by_name, one.reason)))
    return [row for _at, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]


def event_row(event: OnboardingEvent) -> dict[str, str]:
    """A step as the history shows it."""
    return _happened(str(STAGES[event.to_stage].label), event.at, event.by_name, event.note)


def _happened(what: str, at: datetime, who: str, note: str = "") -> dict[str, str]:
    return {"what": what, "when": f"{day(at)}, {clock(at)}", "who": who, "note": note}


def no_mobile(staff: Sequence[StaffMember], unreached: Sequence[UUID]) -> str:
    """Which safeguarding leads a text cannot reach, in words; empty where it reaches all who can sign in."""
    names = [one.name for one in staff if one.role == "school_dsl" and one.id in unreached]
    if not names:
        return ""
    return _(
        "No mobile number yet, so what cannot wait comes by email only: %(names)s.",
        names=listed([kept(name) for name in names]),
    )


def task_rows(tasks: dict[str, Any], readers: Readers, anew: str, unreached: str) -> list[dict[str, Any]]:
    """The five tasks with who did them; who is to read concerns, while that is open; and why to sign `anew`.

    `unreached`: which of the readers a text cannot reach, in words.
    """
    rows = []
    for task, (title, hint) in TASKS.items():
        row = tasks[task]
        words = at_school(readers) if task == "staff" else str(hint)
        status = {"text": _("To do"), "kind": "info"}
        if row:
            words = _("%(name)s, %(when)s", name=kept(row.done_by), when=short_day(row.done_at))
            status = {"text": _("Done"), "kind": "good"}
        if task == "staff" and unreached:
            words = f"{words} {unreached}" if words.endswith(".") else f"{words}. {unreached}"
        if task == "agreement" and anew:
            words, status = anew, {"text": _("Sign again"), "kind": "attention"}
        rows.append(
            {"task": task, "text": str(title), "hint": words, "status": status, "done": row is not None}
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
    with together(session) as ask:
        ways = ask(accounts.account_states, [one.id for one in members])
        taken = ask(list_last, me().scope, accounts.FACTOR_RESET, [one.id for one in members])
    states = ways.value
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
                "role_words": label_of(Role(one.role), is_deputy=getattr(one, "is_deputy", False)),
                "job_title": one.job_title,
                "state": code,
                "is_doubted": one.id in doubted,
                "words": words,
                "who_can": coming[one.id][1] if code == "invited" and one.id in coming else "",
                "kind": kind,
                "invited": ago(one.invited_at),
                "has_app": bool(state and state.has_second_factor),
                "stands": people.facts(state, taken.value.get(one.id)),
            }
        )
    return rows


def papers(
    session: Session, school_id: UUID, kinds: Sequence[str] = PAPERS
) -> tuple[list[dict[str, Any]], Signed | None]:
    """The latest brief and agreement, the signed one that is in force and what was sent since, in words; and that.

    What is in force stands first: one that nobody has accepted yet takes no place.
    """
    with together(session) as ask:
        kept_papers = ask(list_documents, school_id, kinds)
        reviews = ask(agreements.list_reviews, school_id)
    found = kept_papers.value
    signed = agreements.judge(found, reviews.value).get(school_id)
    latest = {one.kind: one for one in reversed(found)}
    shown = [
        (_("Project brief"), latest.get("project_brief")),
        (_("Agreement"), latest.get("agreement")),
    ]
    in_force = signed.in_force if signed else None
    if in_force:
        shown.append((_("Signed agreement, in force"), in_force.document))
    if signed and signed is not in_force:
        shown.append(
            (
                _("Signed agreement, ended")
                if signed.has_ended
                else _("Newer signed agreement")
                if in_force
                else _("Signed agreement"),
                signed.document,
            )
        )
    elif signed is None:
        shown.append((_("Signed agreement, ended"), latest.get(agreements.KIND)))
    rows = [
        {"kind": document.kind, "title": title, "document": document, **_paper_words(document)}
        for title, document in shown
        if document is not None
    ]
    return rows, signed


def _paper_words(document: Any) -> dict[str, str]:
    if document.state == DocumentState.READY:
        return {"words": short_day(document.ready_at), "tone": "good"}
    words = str(IN_A_LIST[document.state].title)
    if document.state == DocumentState.REFUSED:
        return {"words": document.problem or words, "tone": "attention"}
    return {"words": words, "tone": "waiting"}
