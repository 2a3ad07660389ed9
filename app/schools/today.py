"""What schools have to say about somebody's day."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.documents.queries import list_signed_papers
from app.identity.roles import Role
from app.identity.websession import Identity
from app.schools import (
    agreements,
    appointments,
    doubts,
    people,
    queries,
    register,
    stage_rights,
    starting,
    year_queries,
)
from app.schools.contacts import contacts
from app.schools.models import School
from app.schools.pipeline import PipelineRow, list_pipeline
from app.schools.policy import may_change_set_up, may_see_appointments
from app.schools.readers import find_invited
from app.schools.signing_anew import why_anew
from app.schools.stages import STAGES, TASKS
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.documents import DocumentState
from app.states.schools import BEING_SET_UP, SchoolStage
from infra.clock import today
from tenants.together import together

#: More than these are a list of their own.
MOST_STUCK = 4


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """Schools to check or to call, and what is not set yet."""
    with together(session) as ask:
        pipeline = ask(list_pipeline, identity.authority_id)
        ask(queries.get_authority, identity.authority_id)
        not_them = ask(doubts.list_at_council, identity.authority_id)
        appointments_waiting = ask(appointments_for_me, identity)
        to_mend = ask(_settings_to_mend, identity)
        planned = ask(contacts().list_planned)
    rows = pipeline.value
    with together(session) as ask:
        agreed = ask(agreements.list_signed, identity.authority_id, [row.school for row in rows])
        closed = ask(_closed_in_register, identity, rows)
    signed = agreed.value
    to_read = {
        row.school.school_id
        for row in rows
        if agreements.is_to_read(row.school.stage, signed.get(row.school.school_id))
    }
    with together(session) as ask:
        decisions = [
            ask(_to_decide, row.school, to_read=row.school.school_id in to_read)
            for row in rows
            if row.school.stage == SchoolStage.SET_UP or row.school.school_id in to_read
        ]
    items = [one.value for one in decisions]
    items += closed.value
    items += [
        TodayItem(
            title=_("%(school)s has a new agreement to sign", school=kept(row.school.name)),
            href=url_for("schools.show", school_id=row.school.school_id),
            note=_("%(why)s It stays in force until you accept the new one.", why=why),
            tag=_("With the school"),
            tone="waiting",
        )
        for row in rows
        if (why := why_anew(row.school, signed.get(row.school.school_id)))
    ]
    # With which something is planned comes up on that day, on the home of whoever planned it.
    stuck = [
        row
        for row in rows
        if row.stuck_days
        and row.school.stage != SchoolStage.SET_UP
        and row.school.school_id not in planned.value
    ]
    for row in stuck[:MOST_STUCK]:
        stage = STAGES[row.school.stage]
        words = ngettext("%(num)s day", "%(num)s days", row.stuck_days)
        items.append(
            TodayItem(
                title=row.school.name,
                href=url_for(
                    "schools.show"
                    if row.school.stage == SchoolStage.PROSPECT
                    else "contact_log.note_with_school",
                    school_id=row.school.school_id,
                ),
                note=f"{stage.label}, {words}. {'. '.join(row.missing) or stage.next_action}",
                tag=_("Invite them") if row.school.stage == SchoolStage.PROSPECT else _("Call them"),
                tone="attention",
            )
        )
    if len(stuck) > MOST_STUCK:
        more = len(stuck) - MOST_STUCK
        items.append(
            TodayItem(
                title=ngettext("%(num)s more school waits", "%(num)s more schools wait", more),
                href=url_for("schools.pipeline", stuck=1),
            )
        )
    doubted = _not_them(not_them.value, of_council="schools.authority_people")
    return [*appointments_waiting.value, *doubted, *items, *to_mend.value]


def _to_decide(session: Session, school: School, *, to_read: bool) -> TodayItem:
    """What waits for the council: a signed agreement to read, or a school whose list is done."""
    href = url_for("schools.show", school_id=school.school_id)
    if school.stage == SchoolStage.SET_UP:
        obstacles = starting.list_obstacles(session, school)
        missing = ". ".join(one.council for one in obstacles)
        return TodayItem(
            title=school.name,
            href=href,
            note=_("Its list is done. What is left to do: %(missing)s.", missing=missing)
            if obstacles
            else _("Everything on its list is done. Make it active."),
            tag=_("Ready for you") if to_read or not obstacles else _("Not yet"),
            tone="waiting",
        )
    return TodayItem(
        title=_("Read the signed agreement of %(school)s", school=kept(school.name)),
        href=href,
        note=_("Accept it, or return it with a reason. The school carries on with its list meanwhile.")
        if school.stage in BEING_SET_UP
        else _("The school has sent a newer one. What was agreed before stays in force until you accept it."),
        tag=_("Ready for you"),
        tone="waiting",
    )


def _not_them(found: list[doubts.Doubt], *, of_council: str | None = None) -> list[TodayItem]:
    """People whose invitation reached somebody else."""
    return [
        TodayItem(
            title=_("Check the email address of %(name)s", name=doubt.name),
            href=url_for("schools.show", school_id=doubt.school_id)
            if of_council and doubt.school_id
            else url_for(of_council or "schools.staff"),
            note=_("Somebody who got their invitation said “This is not me”."),
            tag=_("Wrong address?"),
            tone="attention",
        )
        for doubt in found
    ]


def appointments_for_me(session: Session, identity: Identity) -> list[TodayItem]:
    """Appointments to which this person may agree; to whoever hears of them, those that wait for somebody else."""
    if not may_see_appointments(identity.role):
        return []
    href = url_for("schools.appointments_page")
    return [
        TodayItem(
            title=_("Agree? %(what)s", what=one.what),
            href=href,
            note=_("This takes a second person. See who it is, then agree or stop it."),
            tag=_("Two needed"),
            tone="attention",
        )
        if one.is_mine
        else TodayItem(
            title=_("Waits for a second person: %(what)s", what=one.what),
            href=href,
            note=one.who_can,
            tag=_("Two needed"),
            tone="waiting",
        )
        for one in appointments.list_waiting(session, school_id=identity.school_id)
    ]


def _closed_in_register(session: Session, identity: Identity, rows: list[PipelineRow]) -> list[TodayItem]:
    """Schools of the list that the register has closed since."""
    here = {row.school.urn: row.school for row in rows}
    la_code = queries.get_authority(session, identity.authority_id).la_code
    closed = register.list_closed(session, identity.authority_id)
    items = []
    for urn, entry in sorted((urn, entry) for urn, entry in closed.items() if urn in here):
        successor = register.find_successor(session, la_code, entry)
        items.append(
            TodayItem(
                title=here[urn].name,
                href=url_for("schools.show", school_id=here[urn].school_id),
                note=_("Closed in the register. In its place: %(school)s.", school=kept(successor.name))
                if successor
                else _("Closed in the register. No school has its name and place."),
                tag=_("Needs you"),
                tone="attention",
            )
        )
    return items


def _settings_to_mend(session: Session, identity: Identity) -> list[TodayItem]:
    items = []
    with together(session) as ask:
        council = ask(queries.get_authority, identity.authority_id)
        officers = ask(queries.list_acting, "named_officer")
        term_rows = ask(year_queries.list_term_rows, identity.authority_id)
    authority, terms = council.value, term_rows.value
    if not authority.support_lines:
        items.append(
            TodayItem(
                title=_("Check the support lines"),
                href=url_for("schools.support_lines"),
                note=_("Parents see none yet."),
                tag=_("Needs you"),
                tone="attention",
            )
        )
    if not authority.out_of_hours_phone:
        items.append(
            TodayItem(
                title=_("Enter the number that answers out of hours"),
                href=url_for("schools.change_settings"),
                note=_("Whoever says that somebody could be hurt today sees none yet."),
                tag=_("Needs you"),
                tone="attention",
            )
        )
    if not officers.value:
        is_invited = any(
            member.role == "named_officer" for member in queries.list_members(session, identity.authority_id)
        )
        items.append(
            TodayItem(
                title=_("The named officer has not signed in")
                if is_invited
                else _("Invite the named officer"),
                href=url_for("schools.authority_people" if is_invited else "schools.invite_member"),
                note=_("Nobody reads concerns about a school, or where a school has no reader."),
                tag=_("Needs you"),
                tone="attention",
            )
        )
    if sum(term.ends_on >= today() for term in terms) < 2:
        items.append(
            TodayItem(
                title=_("Enter the next term dates"),
                href=url_for("schools.authority_settings"),
                note=_("Without them no group can be planned."),
                tag=_("Soon"),
                tone="waiting",
            )
        )
    return items


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """What is left of the set-up list, until the school is active."""
    with together(session) as ask:
        own = ask(queries.get_school, identity.own_school_id)
        appointments_waiting = ask(appointments_for_me, identity)
        papers = ask(_paper_to_send_again, identity)
        not_them = ask(doubts.list_at_school, identity.own_school_id)
        agreed = ask(agreements.find_signed, identity.own_school_id)
    school, signed = own.value, agreed.value
    again = [*appointments_waiting.value, *papers.value]
    if may_change_set_up(identity.role):
        again += _not_them(not_them.value)
        again += _to_sign_anew(school, signed)
    if school.stage not in (
        SchoolStage.INVITED,
        SchoolStage.BRIEF_SENT,
        SchoolStage.AGREEMENT_SIGNED,
        SchoolStage.SET_UP,
    ):
        return again
    people.note_arrivals(session, queries.list_staff(session, identity.own_school_id))
    tasks = queries.list_tasks(session, identity.own_school_id)
    left = [task for task in TASKS if not tasks[task]]
    is_returned = school.stage == SchoolStage.BRIEF_SENT and agreements.is_to_send_again(school.stage, signed)
    if signed and is_returned and may_change_set_up(identity.role):
        again.append(
            TodayItem(
                title=_("Sign the agreement again"),
                href=url_for("schools.agreement"),
                note=_("Your council returned it: %(why)s", why=signed.reason),
                tag=_("Needs you"),
                tone="attention",
            )
        )
        left = [task for task in left if task != "agreement"]
    if not left:
        return again or [
            TodayItem(
                title=_("Your set-up is done"),
                href=url_for("schools.tasks"),
                note=_("Your authority checks it and makes you active."),
                tag=_("With your authority"),
                tone="waiting",
            )
        ]
    is_to_say = left[0] == "staff" and bool(find_invited(session, school.school_id).invited)
    return [
        *again,
        TodayItem(
            title=_("Say that everybody is invited") if is_to_say else str(TASKS[left[0]][0]),
            href=url_for("schools.staff" if is_to_say else "schools.tasks"),
            note=ngettext(
                "One thing is left on your set-up list.",
                "%(num)s things are left on your set-up list.",
                len(left),
            ),
            tag=_("Set up"),
            tone="attention",
        ),
    ]


def _to_sign_anew(school: School, signed: agreements.Signed | None) -> list[TodayItem]:
    """The agreement, where the one in force says what is not so any more."""
    if not (why := why_anew(school, signed)):
        return []
    return [
        TodayItem(
            title=_("Sign the new agreement"),
            href=url_for("schools.agreement"),
            note=why,
            tag=_("Needs you"),
            tone="attention",
        )
    ]


def _paper_to_send_again(session: Session, identity: Identity) -> list[TodayItem]:
    """The signed agreement, where the check after its upload turned the newest one away."""
    papers = list_signed_papers(session, identity.school_id) if identity.school_id else []
    signed = next(iter(papers), None)
    if signed is None or signed.state != DocumentState.REFUSED or identity.role is not Role.SCHOOL_LEAD:
        return []
    if not stage_rights.may_now(session, signed.school_id, "prepare"):
        return []
    return [
        TodayItem(
            title=_("Send the signed agreement again"),
            href=url_for("schools.agreement"),
            note=signed.problem,
            tag=_("Needs you"),
            tone="attention",
        )
    ]
