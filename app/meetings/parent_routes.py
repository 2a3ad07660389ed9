"""A parent's own pages of their group: the dates, "I can't come", notes, the secret vote."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FileResponse
from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import joining, my_queries, room_photos, timetable
from app.cohorts.calendar_file import Entry, calendar_file, place_words, title_of
from app.cohorts.my_queries import find_my_group, get_my_group
from app.cohorts.queries import list_sessions
from app.documents.queries import find_my_certificate
from app.extensions import db
from app.identity.current import me
from app.meetings import due, first_visits, queries, services
from app.meetings.forms import vote_form
from app.meetings.notes import find_notes, list_my_meetings
from app.meetings.routes import blueprint
from app.meetings.view import dates_title, ended_words, my_line, when_words
from app.presenters import queries as presenters
from app.recruitment import fresh_start
from app.recruitment import queries as recruitment
from app.recruitment.words import nothing_to_come
from app.schools import queries as schools
from app.schools.support import read_lines
from app.schools.year_queries import get_shut_days
from app.shell.as_shown import if_as_shown
from app.shell.components import Form
from app.shell.dates import day
from app.shell.pressing import or_gone, press, submit
from app.states.groups import UNDER_WAY, NotesState
from app.states.parents import ParentStage
from app.states.schools import SchoolStage, may
from tenants.together import together

#: Said to whoever pressed on a page from before they left the group, or were taken out.
NOT_THEIRS = _l("That meeting is no longer one of yours. This is how things stand now.")


@blueprint.get("/my/group")
def my_group() -> str:
    return _my_page()


@blueprint.post("/my/group/vote")
@or_gone(_l("You have no place in a group just now, so nothing was kept."), "meetings.my_group")
def vote() -> str | Response:
    who = me()
    group = get_my_group(db.session, who.own_school_id, who.person_id)
    form = _vote_form(group.id)
    return submit(
        form,
        lambda: services.vote(db.session, who.own_school_id, who.person_id, group.id, form.topics.data or []),
        _("Thank you. Your choice is kept. You can change it until the topics are set."),
        "meetings.my_group",
        field="topics",
    ) or _my_page(form)


@blueprint.get("/my/sessions/<uuid:session_id>")
def my_session(session_id: UUID) -> str:
    who = me()
    one = my_queries.get_my_session(db.session, who.own_school_id, who.person_id, session_id)
    with together(db.session) as ask:
        notices = ask(queries.list_my_notices, who.own_school_id, who.person_id, one.cohort_id)
        joined = ask(joining.list_my_joining)
        outside = ask(presenters.list_mine)
        photos = ask(room_photos.list_photos, who.own_school_id)
    notes = find_notes(db.session, who.own_school_id, session_id)
    return render_template(
        "meetings/my_session.html",
        one=one,
        topic=timetable.topic_title(one),
        purpose=timetable.purpose_of(one),
        room=_room_of(one.room),
        room_notes=_way_to(one.room),
        photo=room_photos.pick(photos.value, _room_of(one.room)),
        when=when_words(one),
        is_coming=timetable.is_to_come(one),
        is_shut=timetable.is_to_come(one)
        and one.on_date in get_shut_days(db.session(), who.authority_id, who.own_school_id),
        joining=joined.value.get(session_id),
        presenters=outside.value.get(session_id, []),
        cannot=session_id in notices.value,
        has_notes=notes is not None and notes.state == NotesState.SENT,
    )


@blueprint.post("/my/sessions/<uuid:session_id>/cannot-come")
@or_gone(NOT_THEIRS, "meetings.my_group")
def cannot_come(session_id: UUID) -> Response:
    who = me()
    one = my_queries.get_my_session(db.session, who.own_school_id, who.person_id, session_id)
    return press(
        if_as_shown(
            lambda: services.say_cannot_come(db.session, who.own_school_id, who.person_id, session_id),
            one.on_date,
            one.starts_at,
        ),
        _("Thank you for telling us. That is fine. We hope to see you next time."),
        "meetings.my_group",
    )


@blueprint.post("/my/sessions/<uuid:session_id>/can-come")
@or_gone(NOT_THEIRS, "meetings.my_group")
def can_come(session_id: UUID) -> Response:
    who = me()
    one = my_queries.get_my_session(db.session, who.own_school_id, who.person_id, session_id)
    return press(
        if_as_shown(
            lambda: services.say_can_come(db.session, who.own_school_id, who.person_id, session_id),
            one.on_date,
            one.starts_at,
        ),
        _("Good to know. We look forward to seeing you."),
        "meetings.my_group",
    )


@blueprint.get("/my/sessions/<uuid:session_id>/notes")
def my_notes(session_id: UUID) -> str:
    who = me()
    notes = queries.find_my_notes(db.session, who.own_school_id, who.person_id, session_id)
    one = my_queries.get_my_session(db.session, who.own_school_id, who.person_id, session_id)
    return render_template(
        "meetings/my_notes.html",
        one=one,
        notes=notes,
        topic=timetable.topic_title(one),
        document_id=queries.find_notes_document(db.session, who.own_school_id, session_id),
    )


@blueprint.get("/my/group/dates.ics")
def my_calendar() -> FileResponse:
    who = me()
    group = get_my_group(db.session, who.own_school_id, who.person_id)
    school = schools.get_school(db.session, who.own_school_id)
    shut = get_shut_days(db.session, who.authority_id, who.own_school_id)
    content = calendar_file(
        [
            Entry(
                one,
                title_of(one),
                place_words(one.room or group.room or school.room, school.short_name),
                one.on_date in shut,
            )
            for one in list_sessions(db.session, who.own_school_id, group.id)
        ],
        organiser=school.short_name,
        base_url=current_app.extensions["settings"].base_url,
    )
    response = FileResponse(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return response


def _my_page(form: object = None) -> str:
    who = me()
    group = find_my_group(db.session, who.own_school_id, who.person_id)
    if group is None:
        return _no_group()
    with together(db.session) as ask:
        meetings = ask(list_sessions, who.own_school_id, group.id)
        said = ask(queries.list_my_notices, who.own_school_id, who.person_id, group.id)
        written = ask(queries.list_notes_states, who.own_school_id, group.id)
        leaders = ask(my_queries.list_my_leaders, group.id)
        certificate = ask(find_my_certificate, who.own_school_id, who.person_id, group.id)
        own_school = ask(schools.get_school, who.own_school_id)
        own = ask(recruitment.get_parent, who.own_school_id, who.person_id)
        shut = ask(get_shut_days, who.authority_id, who.own_school_id)
        been = ask(first_visits.has_come)
        joined = ask(joining.list_my_joining)
        outside = ask(presenters.list_mine)
        ask(read_lines, who.authority_id, who.school_id)
    sessions, notices, notes = meetings.value, said.value, written.value
    school, stage = own_school.value, own.value.stage
    first = first_visits.first_evening_of(group, sessions, shut.value, school.stage)
    # Of a group that ended while it met, today's session stays in the words about its end.
    coming = timetable.next_of(sessions) if group.state in UNDER_WAY else None
    can_vote = bool(due.to_choose(sessions))
    return render_template(
        "meetings/my_group.html",
        group=group,
        sessions=sessions,
        coming=coming,
        is_new=first.on is not None and not been.value,
        is_shut=coming is not None and coming.on_date in shut.value,
        topic=timetable.topic_title(coming) if coming else "",
        purpose=timetable.purpose_of(coming) if coming else "",
        when=when_words(coming) if coming else "",
        room=_room_of(coming.room) if coming else "",
        joining=joined.value.get(coming.id) if coming else None,
        presenters=outside.value.get(coming.id, []) if coming else [],
        cannot=coming is not None and coming.id in notices,
        leaders=leaders.value if group.state in UNDER_WAY else [],
        certificate_id=certificate.value,
        line=my_line(sessions, notes, notices),
        dates_title=dates_title(sessions),
        can_vote=can_vote,
        may_give_back=group.state in UNDER_WAY
        and stage == ParentStage.IN_GROUP
        and not any(map(timetable.took_place, sessions)),
        words=nothing_to_come("in_group", group.state),
        ended=ended_words(group, sessions, stage, school.stage),
        school=school,
        me=who,
        form=(form or _vote_form(group.id)) if can_vote else None,
    )


def _no_group() -> str:
    """Where they stand, and the notes of meetings that they came to before they left."""
    who = me()
    stage = recruitment.get_parent(db.session, who.own_school_id, who.person_id).stage
    school = schools.get_school(db.session, who.own_school_id)
    mine = list_my_meetings(db.session, who.own_school_id)
    return render_template(
        "meetings/my_no_group.html",
        words=nothing_to_come(
            stage,
            None,
            has_notes=bool(mine),
            is_paused=school.stage == SchoolStage.PAUSED,
            is_held=fresh_start.find_own(db.session()).waits_until is not None,
            may_join=may(school.stage, "join"),
        ),
        school=school,
        meetings=[
            {
                "date": day(one.on_date),
                "title": timetable.topic_title(one),
                "href": url_for("meetings.my_notes", session_id=one.id),
            }
            for one in mine
        ],
    )


def _vote_form(cohort_id: UUID) -> Form:
    who = me()
    sessions = list_sessions(db.session, who.own_school_id, cohort_id)
    mine = queries.list_my_votes(db.session, who.own_school_id, who.person_id, cohort_id)
    return vote_form(due.done_topics(sessions), mine)


def _way_to(room: str) -> str:
    """How to find the school's usual room; nothing of another one."""
    school = schools.get_school(db.session, me().own_school_id)
    return school.room_notes if _room_of(room) == school.room else ""


def _room_of(room: str) -> str:
    return room or schools.get_school(db.session, me().own_school_id).room or _("a room at school")
