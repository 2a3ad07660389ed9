"""Pages about one session of a group, and what is printed, for a school's staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts import planning, printing, queries, services
from app.cohorts.calendar import session_start_utc
from app.cohorts.forms import CancelForm, MoveForm
from app.cohorts.hints import hints_on
from app.cohorts.members import list_names
from app.cohorts.outside import Change, outside
from app.cohorts.routes import blueprint
from app.cohorts.times import has_begun
from app.cohorts.timetable import topic_title
from app.cohorts.topics import title_of
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.recruitment.consents import LANGUAGES
from app.shell.dates import day
from app.shell.kept import phone
from app.shell.pressing import answered, attempt, press, submit, to
from app.shell.refusals import Refused
from app.states.groups import OVER, SessionState
from infra.clock import now, today


@blueprint.route("/school/groups/sessions/<uuid:session_id>/move", methods=["GET", "POST"])
def move_session(session_id: UUID) -> str | Response:
    identity = me()
    meeting = queries.get_session(db.session, identity.own_school_id, session_id)
    cohort = queries.get_cohort(db.session, identity.own_school_id, meeting.cohort_id)
    meetings = queries.list_sessions(db.session, identity.own_school_id, cohort.id)
    calendar = planning.read_calendar(db.session, identity.authority_id, identity.own_school_id)
    free = services.with_room(db.session, calendar, cohort, meeting.starts_at)
    proposed = planning.propose_move(free, meeting, meetings, today=today())
    later = _later(free, meeting, meetings, proposed)
    form = MoveForm(data={"on_date": proposed, "starts_at": meeting.starts_at, "later": later})
    if meeting.state == SessionState.CANCELLED or not _has_later(meeting, meetings):
        del form.later
    # From today's list straight to what would happen: one press is left.
    is_fix = request.method != "POST" and "fix" in request.args and proposed is not None
    is_pressed = is_fix or (form.validate_on_submit() and request.form.get("step") != "change")
    if is_pressed and (
        answer := attempt(
            form,
            lambda: _move(form, meeting, cohort, calendar, is_fix=is_fix),
            lambda moved: moved,
            "cohorts.show",
            cohort_id=cohort.id,
        )
    ):
        return answer
    form.on_date.choices = _free_days(cohort, meeting, meetings, calendar, form)
    return render_template(
        "cohorts/move.html",
        form=form,
        meeting=meeting,
        cohort=cohort,
        proposed=proposed,
        # Whatever was typed since: it is what the day that the page names hangs on.
        is_along=later == "move",
        title_of=title_of,
    )


@blueprint.route("/school/groups/sessions/<uuid:session_id>/cancel", methods=["GET", "POST"])
def cancel_session(session_id: UUID) -> str | Response:
    school_id = me().own_school_id
    meeting = queries.get_session(db.session, school_id, session_id)
    cohort = queries.get_cohort(db.session, school_id, meeting.cohort_id)
    form = CancelForm()
    is_late = has_begun(meeting)
    from_outside = "" if is_late else _from_outside([session_id], Change.OFF)
    if answer := submit(
        form,
        lambda: services.cancel_session(
            db.session, school_id, session_id, form.reason.data or "", seen=form.seen.data
        ),
        lambda _done: _cancelled_words(from_outside, is_late=is_late),
        "cohorts.show",
        cohort_id=cohort.id,
    ):
        return answer
    if form.refused or not form.is_submitted():
        form.seen.data = services.standing_word(meeting)
    return render_template(
        "cohorts/cancel.html",
        form=form,
        meeting=meeting,
        cohort=cohort,
        title_of=title_of,
        is_late=is_late,
        from_outside=from_outside,
    )


@blueprint.get("/school/groups/sessions/<uuid:session_id>/register")
def print_register(session_id: UUID) -> str:
    school_id = me().own_school_id
    meeting = queries.get_session(db.session, school_id, session_id)
    return render_template(
        "cohorts/register.html",
        meeting=meeting,
        cohort=queries.get_cohort(db.session, school_id, meeting.cohort_id),
        names=list_names(db.session, school_id, meeting),
        leaders=queries.list_leaders(db.session, school_id, meeting.cohort_id),
        title_of=title_of,
    )


@blueprint.post("/school/groups/sessions/<uuid:session_id>/register/pdf")
def make_register(session_id: UUID) -> Response:
    identity = me()
    document_id = printing.request_register(db.session, identity.own_school_id, session_id, identity.name)
    return redirect(url_for("papers.waiting", document_id=document_id))


@blueprint.get("/school/groups/<uuid:cohort_id>/contact-sheet")
def print_contact_sheet(cohort_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    if cohort.state in OVER:
        flash(printing.no_sheet())
        return redirect(url_for("cohorts.show", cohort_id=cohort_id))
    printing.note_contacts_seen(db.session, cohort_id)
    return render_template(
        "cohorts/contact_sheet.html",
        cohort=cohort,
        members=queries.list_members(db.session, school_id, cohort_id),
        language_names=LANGUAGES,
        printed_on=today(),
        readable_phone=phone,
    )


@blueprint.post("/school/groups/<uuid:cohort_id>/contact-sheet/pdf")
def make_contact_sheet(cohort_id: UUID) -> Response:
    identity = me()
    return press(
        lambda: printing.request_contact_sheet(db.session, identity.own_school_id, cohort_id, identity.name),
        lambda document_id: to("papers.waiting", document_id=document_id),
        "cohorts.show",
        cohort_id=cohort_id,
    )


def _free_days(
    cohort: Any, meeting: Any, meetings: list[Any], calendar: planning.SchoolCalendar, form: MoveForm
) -> list[tuple[str, str]]:
    """The days that the page offers, at the time that stands in the form."""
    typed = form.starts_at.data
    try:
        starts_at = typed if isinstance(typed, time) else meeting.starts_at
        free = services.with_room(db.session, calendar, cohort, starts_at)
    except Refused:
        return []  # at that time it would end after midnight: the form says so
    days = planning.list_free_days(free, meeting, meetings, today=today())
    if days and days[0].on == today() and session_start_utc(today(), starts_at) <= now():
        days = days[1:]
    hints = hints_on(one.on for one in days).by_day
    return [
        (
            one.on.isoformat(),
            " – ".join(filter(None, (_day_words(one, meeting), hints.get(one.on)))),
        )
        for one in days
    ]


def _day_words(one: planning.FreeDay, meeting: Any) -> str:
    if one.only_along:
        return _("%(day)s, and later ones", day=day(one.on))
    if one.on == meeting.on_date and meeting.state == SessionState.PLANNED:
        return _("%(day)s, at another time", day=day(one.on))
    return day(one.on)


def _has_later(meeting: planning.Meeting, meetings: Sequence[planning.Meeting]) -> bool:
    return any(one.number > meeting.number and one.state == SessionState.PLANNED for one in meetings)


def _later(
    calendar: planning.SchoolCalendar,
    meeting: planning.Meeting,
    meetings: Sequence[planning.Meeting],
    proposed: date | None,
) -> str:
    """Whether the later sessions must move along for the proposed day."""
    if proposed is None:
        return "stay"
    alone = planning.fits(calendar, meeting, meetings, proposed, with_later=False, today=today())
    return "stay" if alone else "move"


def _wanted(form: MoveForm) -> dict[str, Any]:
    return {
        "to": form.on_date.data,
        "starts_at": form.starts_at.data,
        "with_later": "later" in form and form.later.data == "move",
    }


def _move(
    form: MoveForm, meeting: Any, cohort: Any, calendar: planning.SchoolCalendar, *, is_fix: bool
) -> Response | str | tuple[str, str]:
    """Move it as was agreed, and what is said of it; before that, or where it changed since, the page that asks."""
    plan, agreed = _plan_of(form, meeting.id, calendar), request.form.get("plan", "")
    if is_fix or (plan and agreed != _shown(plan, form)):
        return make_response(
            render_template(
                "cohorts/check_move.html",
                meeting=meeting,
                cohort=cohort,
                plan=plan,
                hints=hints_on(to for _one, to in plan),
                from_outside=_from_outside([one.id for one, _to in plan], Change.MOVED),
                days=_shown(plan, form),
                meanwhile=_meanwhile(agreed, plan, form),
                passed=_passed(meeting, plan),
                is_odd=answered(form.starts_at.data).hour not in range(8, 21),
                time=form.starts_at.data,
                typed=_typed(form),
            )
        )
    moved = services.move_session(
        db.session, me().own_school_id, meeting.id, calendar, **_wanted(form), reason=_reason(form)
    )
    return _moved_words(moved, [one.id for one, _to in plan])


def _cancelled_words(from_outside: str, *, is_late: bool) -> str:
    if is_late:
        return _("The session is cancelled. Nobody is told, because its time has passed.")
    words = _("The session is cancelled. You can give it a new day at any time.")
    return " ".join(filter(None, (words, outlook.said(db.session, me().own_school_id), from_outside)))


def _moved_words(moved: int, sessions: list[UUID]) -> str | tuple[str, str]:
    if not moved:
        return _("It is on that day and at that time already. Nothing has changed."), "note"
    words = ngettext("The session has moved.", "%(num)s sessions have moved.", moved)
    said = f"{words} {outlook.said(db.session, me().own_school_id)}"
    return f"{said} {_from_outside(sessions, Change.MOVED)}".strip()


def _from_outside(sessions: list[UUID], change: Change) -> str:
    """Who from outside hears of it."""
    return outside().words_of(db.session(), me().own_school_id, sessions, change)


def _plan_of(form: MoveForm, session_id: UUID, calendar: planning.SchoolCalendar) -> services.Plan:
    return services.preview_move(db.session, me().own_school_id, session_id, calendar, **_wanted(form))


def _shown(plan: services.Plan, form: MoveForm) -> str:
    """What the page shows, as it carries it: pressed after anything of it changed, it is shown again first."""
    days = (f"{services.standing_word(one)}={to.isoformat()}" for one, to in plan)
    return ",".join([*days, answered(form.starts_at.data).isoformat("minutes")])


def _meanwhile(agreed: str, plan: services.Plan, form: MoveForm) -> str:
    """What changed since the page that was agreed to, in words; empty where nothing did, or nothing was agreed to."""
    if not agreed or agreed == _shown(plan, form):
        return ""
    until_now = {day.partition("=")[0] for day in agreed.split(",")}
    changed = [one for one, _to in plan if services.standing_word(one) not in until_now]
    if not changed:
        return _("What would move has changed while this page was open. Look at it again, then press.")
    return services.changed_words(changed[0])


def _passed(meeting: Any, plan: services.Plan) -> str:
    """That a session would come after a later one, which may look back on it; empty where the order stays."""
    meetings = queries.list_sessions(db.session, me().own_school_id, meeting.cohort_id)
    other = planning.passes_by(meeting, meetings, {one.id: to for one, to in plan})
    if other is None:
        return ""
    return _(
        "Session %(n)s would come after session %(other)s (%(topic)s, %(day)s). Is that right?",
        n=meeting.number,
        other=other.number,
        topic=topic_title(other) or _("the group chooses"),
        day=day(other.on_date),
    )


def _reason(form: MoveForm) -> str:
    return form.reason.data or ""


def _typed(form: MoveForm) -> list[tuple[str, str]]:
    """What the form holds, for a page that sends it once more."""
    on = answered(form.on_date.data)
    parts = [("on_date", str(part)) for part in (on.day, on.month, on.year)]
    later = [("later", form.later.data)] if "later" in form else []
    return [
        *parts,
        ("starts_at", form.starts_at.write(answered(form.starts_at.data))),
        *later,
        ("reason", _reason(form)),
    ]
