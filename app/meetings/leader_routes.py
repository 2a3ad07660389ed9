"""Pages of those who lead a group: the plan, the evening, the register, the notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import joining, room_photos, timetable
from app.cohorts.leader_queries import get_led_cohort, get_led_session, list_led_cohorts
from app.cohorts.queries import list_sessions
from app.cohorts.refusals import NotLed
from app.cohorts.times import has_begun, is_over
from app.extensions import db
from app.facilitators import queries as facilitators
from app.facilitators.words import NO_GROUP
from app.identity.current import me
from app.meetings import due, first_visits, marking, queries, services
from app.meetings.attendance import was_here
from app.meetings.concern_readers import concern_readers
from app.meetings.forms import (
    CloseForm,
    NotesForm,
    marks_of,
    notes_data,
    register_form,
    show_others,
    topics_form,
)
from app.meetings.naming import named_in
from app.meetings.notes import find_notes
from app.meetings.pages import TONIGHT
from app.meetings.register import open_register
from app.meetings.routes import blueprint
from app.meetings.view import agenda, line_of_sessions
from app.presenters import queries as presenters
from app.schools import queries as schools
from app.schools.year_queries import get_shut_days
from app.shell import again, drafts
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.components import Form
from app.shell.errors import NotFound
from app.shell.parsing import given_name
from app.shell.pressing import press, submit
from app.shell.shared_form import is_saving
from app.states.facilitators import FacilitatorKind
from app.states.groups import GroupState, SessionState
from tenants.together import together


@blueprint.errorhandler(NotLed)
def not_led(_error: NotLed) -> tuple[str, int]:
    """Yesterday's link of somebody who leads the group no more: nothing of it, and a kind word."""
    return render_template(
        "meetings/not_led.html",
        school=schools.get_school(db.session, me().own_school_id),
        is_sent=request.method == "POST",
    ), 404


@blueprint.get("/group/cohort")
def led_cohort() -> str:
    return _led_page(_wanted_cohort())


@blueprint.post("/group/cohorts/<uuid:cohort_id>/topics")
def choose_topics_for(cohort_id: UUID) -> str | Response:
    who = me()
    get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id, lock=True)
    form = _topics_form(cohort_id)

    def choose() -> None:
        chosen = {
            one.number: form[f"topic_{one.number}"].data
            for one in due.changeable(list_sessions(db.session, who.own_school_id, cohort_id))
        }
        services.choose_topics(db.session, who.own_school_id, cohort_id, chosen)

    again.stands_at("meetings.led_cohort", cohort=cohort_id)
    return submit(
        form,
        choose,
        _("The topics are kept. Parents see them beside each date."),
        "meetings.led_cohort",
        cohort=cohort_id,
    ) or _led_page(cohort_id, form)


@blueprint.get("/group/sessions/<uuid:session_id>/tonight")
def tonight(session_id: UUID) -> str:
    who = me()
    TONIGHT.read_ahead(
        db.session,
        authority_id=who.authority_id,
        school_id=who.own_school_id,
        person_id=who.person_id,
        session_id=session_id,
    )
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id)
    leader = facilitators.get_facilitator(db.session, who.own_school_id, who.person_id)
    register = open_register(db.session, who.own_school_id, one)
    away = queries.list_notices(db.session, who.own_school_id, session_id)
    shut = get_shut_days(db.session, who.authority_id, who.own_school_id)
    coming = [
        other
        for other in list_sessions(db.session, who.own_school_id, one.cohort_id)
        if other.state == SessionState.PLANNED and other.on_date > one.on_date
    ]
    return render_template(
        "meetings/tonight.html",
        one=one,
        is_shut=timetable.is_to_come(one) and one.on_date in shut,
        topic=timetable.topic_title(one),
        room=_room_of(one.room),
        how=joining.find_how(db.session(), who.own_school_id, one.cohort_id),
        presenters=presenters.list_of_session(db.session(), who.own_school_id, session_id),
        coming=[member for member in register.people if member.parent_id not in away],
        away=[member for member in register.people if member.parent_id in away],
        marks=register.marks,
        wishes=first_visits.list_wishes(db.session, who.own_school_id, one.cohort_id),
        unmarked=register.unmarked,
        has_notes=_has_notes(session_id),
        can_reopen=due.can_reopen(one),
        reopen_until=due.reopen_until(one),
        agenda=lambda **html: agenda(
            one,
            name=given_name(leader.name),
            is_parent=leader.kind == FacilitatorKind.GRADUATE,
            next_on=coming[0].on_date if coming else None,
            html=html,
        ),
        prompts=timetable.prompts_of(one),
        why_no_register=marking.why_no_register(one),
        school=schools.get_school(db.session, who.own_school_id),
    )


@blueprint.route("/group/sessions/<uuid:session_id>/register", methods=["GET", "POST"])
def take_register(session_id: UUID) -> str | Response:
    who = me()
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id)
    register = open_register(db.session, who.own_school_id, one)
    names, marks = [(member.parent_id, member.name) for member in register.people], register.marks
    away = queries.list_notices(db.session, who.own_school_id, session_id)
    form = register_form(names, marks, away)

    def page(marks: Any) -> str:
        return render_template(
            "meetings/take_register.html",
            form=form,
            one=one,
            names=names,
            away=away,
            marks=marks,
            why_not=marking.why_no_register(one),
        )

    def taken(others: Any) -> str | Response:
        if others:
            marks = queries.list_marks(db.session, who.own_school_id, one)
            show_others(form, names, marks, others)
            return make_response(page(marks))
        drafts.has_arrived()
        return _("The register is kept. You can change it until you close the session.")

    return submit(
        form,
        lambda: marking.take_register(
            db.session, who.own_school_id, who.person_id, session_id, marks_of(form, names)
        ),
        taken,
        "meetings.tonight",
        session_id=session_id,
    ) or page(marks)


@blueprint.route("/group/sessions/<uuid:session_id>/notes", methods=["GET", "POST"])
def write_notes(session_id: UUID) -> str | Response:
    who = me()
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id, lock=is_saving())
    notes = find_notes(db.session, who.own_school_id, session_id)
    form = NotesForm(data=notes_data(notes.main_points, notes.try_at_home, notes.links) if notes else {})

    def save() -> None:
        services.save_notes(
            db.session,
            who.own_school_id,
            who.person_id,
            session_id,
            main_points=form.main_points.data or "",
            try_at_home=form.try_at_home.data or "",
            links=form.links(),
        )
        drafts.has_arrived()

    return submit(
        form,
        save,
        _("Your notes are kept as a draft. Parents see them when you close the session."),
        "meetings.close_session",
        session_id=session_id,
    ) or render_template(
        "meetings/write_notes.html",
        form=form,
        one=one,
        notes=notes,
        topic=timetable.topic_title(one),
        can_reopen=due.can_reopen(one),
        reopen_until=due.reopen_until(one),
    )


@blueprint.route("/group/sessions/<uuid:session_id>/close", methods=["GET", "POST"])
def close_session(session_id: UUID) -> str | Response:
    who = me()
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id)
    form = CloseForm()
    if answer := submit(
        form,
        lambda: services.close_session(
            db.session,
            who.own_school_id,
            who.person_id,
            session_id,
            without_notes=bool(form.without_notes.data),
            finished_early=bool(form.finished_early.data),
        ),
        _(
            "Session %(number)s is closed. Thank you for leading it. You can open it again for one hour.",
            number=one.number,
        ),
        "meetings.led_cohort",
        cohort=one.cohort_id,
    ):
        return answer
    with together(db.session) as ask:
        people = ask(open_register, who.own_school_id, one)
        members = ask(queries.list_members, who.own_school_id, one.cohort_id)
        written = ask(find_notes, who.own_school_id, session_id)
    register, now_in, notes = people.value, members.value, written.value
    return render_template(
        "meetings/close.html",
        form=form,
        one=one,
        topic=timetable.topic_title(one),
        unmarked=[member.name for member in register.unmarked],
        here=sum(was_here(mark) for mark in register.marks.values()),
        members=register.people,
        notes=notes,
        named=named_in(notes, [*register.people, *(one for one in now_in if one.parent_id not in register)]),
        has_begun=has_begun(one),
        is_over=is_over(one),
        can_reopen=due.can_reopen(one),
        reopen_until=due.reopen_until(one),
    )


@blueprint.post("/group/sessions/<uuid:session_id>/reopen")
def reopen_session(session_id: UUID) -> Response:
    who = me()
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id)
    if not is_as_shown(one.state, one.closed_at):
        flash(changed_since())
        return redirect(url_for("meetings.close_session", session_id=session_id))
    words = _("The session is open again. Nothing was sent. Close it when you are ready.")
    return press(
        lambda: services.reopen_session(db.session, who.own_school_id, who.person_id, session_id),
        lambda is_new: words if is_new else None,
        "meetings.close_session",
        session_id=session_id,
    )


@blueprint.get("/group/cohorts/<uuid:cohort_id>/contacts")
def contacts(cohort_id: UUID) -> str:
    who = me()
    with together(db.session) as ask:
        cohort = ask(get_led_cohort, who.own_school_id, who.person_id, cohort_id)
        members = ask(queries.list_members, who.own_school_id, cohort_id)
        school = ask(schools.get_school, who.own_school_id)
        ask(concern_readers().get_readers, who.own_school_id, who.authority_id)
    return render_template(
        "meetings/contacts.html", cohort=cohort.value, members=members.value, school=school.value
    )


@blueprint.get("/group/sessions/<uuid:session_id>/register/print")
def print_register(session_id: UUID) -> str:
    who = me()
    with together(db.session) as ask:
        led = ask(get_led_session, who.own_school_id, who.person_id, session_id)
        away = ask(queries.list_notices, who.own_school_id, session_id)
        ask(schools.get_school, who.own_school_id)
    one = led.value
    register = open_register(db.session, who.own_school_id, one)
    return render_template(
        "meetings/register.html",
        one=one,
        topic=timetable.topic_title(one),
        room=_room_of(one.room),
        members=register.people,
        marks=register.marks,
        away=away.value,
    )


def _wanted_cohort() -> UUID | None:
    """The group that the address asks for, else the newest that meets. Raises NotFound."""
    asked = request.args.get("cohort", "")
    if asked:
        try:
            return UUID(asked)
        except ValueError:
            raise NotFound from None
    groups = list_led_cohorts(db.session, me().own_school_id, me().person_id)
    return groups[0].id if groups else None


def _led_page(cohort_id: UUID | None, form: object = None) -> str:
    who = me()
    groups = list_led_cohorts(db.session, who.own_school_id, who.person_id)
    if cohort_id is None:
        stage = facilitators.get_facilitator(db.session, who.own_school_id, who.person_id).stage
        return render_template("meetings/none.html", no_group=NO_GROUP[stage])
    with together(db.session) as ask:
        led = ask(get_led_cohort, who.own_school_id, who.person_id, cohort_id)
        meetings = ask(list_sessions, who.own_school_id, cohort_id)
        written = ask(queries.list_notes_states, who.own_school_id, cohort_id)
        members = ask(queries.list_members, who.own_school_id, cohort_id)
        totals = ask(queries.list_topic_totals, cohort_id)
        shut = ask(get_shut_days, who.authority_id, who.own_school_id)
        met = ask(joining.find_how, who.own_school_id, cohort_id)
        photos = ask(room_photos.list_photos, who.own_school_id)
        ask(schools.get_school, who.own_school_id)
    cohort, sessions, notes = led.value, meetings.value, written.value
    coming, following = due.tonight_of(sessions), timetable.next_of(sessions)
    room = _room_of(coming.room) if coming else cohort.room
    return render_template(
        "meetings/group.html",
        cohort=cohort,
        groups=groups,
        sessions=sessions,
        line=line_of_sessions(
            sessions,
            link=lambda one: (
                (url_for("meetings.write_notes", session_id=one.id), _("Notes"))
                if one.id in notes
                else (url_for("meetings.tonight", session_id=one.id), _("Plan"))
                if one.state != SessionState.CANCELLED
                else None
            ),
        ),
        coming=coming,
        is_shut=coming is not None and timetable.is_to_come(coming) and coming.on_date in shut.value,
        coming_is_over=coming is not None and is_over(coming),
        after=following,
        just_closed=[one for one in sessions if due.can_reopen(one)]
        if cohort.state != GroupState.CLOSED
        else [],
        reopen_until=due.reopen_until,
        coming_topic=timetable.topic_title(coming) if coming else "",
        to_close=[one for one in due.to_close(sessions) if one is not coming or is_over(one)],
        notes=notes,
        how=met.value,
        members=members.value,
        away=queries.list_notices(db.session, who.own_school_id, following.id) if following else set(),
        totals=totals.value,
        changeable=due.changeable(sessions),
        form=form or _topics_form(cohort_id),
        room=room,
        photo=room_photos.pick(photos.value, room),
    )


def _topics_form(cohort_id: UUID) -> Form:
    sessions = list_sessions(db.session, me().own_school_id, cohort_id)
    chosen = {one.number: one.topic for one in due.changeable(sessions)}
    return topics_form(list(chosen), chosen, due.done_topics(sessions))


def _has_notes(session_id: UUID) -> bool:
    notes = find_notes(db.session, me().own_school_id, session_id)
    return bool(notes and notes.main_points)


def _room_of(room: str) -> str:
    school = schools.get_school(db.session, me().own_school_id)
    return room or school.room or _("a room at school")
