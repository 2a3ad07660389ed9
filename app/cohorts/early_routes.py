"""A group begins, is over, or ends before its last date; what a school settles before it leaves."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import as_it_stands, early, ending, queries, services
from app.cohorts.forms import EndEarlyForm, PressForm, StartForm
from app.cohorts.outside import Change, outside
from app.cohorts.routes import blueprint
from app.cohorts.timetable import is_at_its_end, is_to_come, waits_to_be_closed
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.schools import queries as schools
from app.shell.pressing import or_gone, press, submit
from app.states.groups import GroupState, SessionState


@blueprint.route("/school/groups/<uuid:cohort_id>/start", methods=["GET", "POST"])
def start(cohort_id: UUID) -> str | Response:
    """By a button, or by a page that asks why where fewer than the usual have a place."""
    identity = me()
    school_id = identity.own_school_id
    form = StartForm()
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    if cohort.state != GroupState.FORMING and not form.is_submitted():
        # An address that somebody kept: there is nothing left to start.
        return redirect(url_for("cohorts.show", cohort_id=cohort_id))
    stands = as_it_stands.read(db.session, school_id, cohort_id)
    return submit(
        form,
        as_it_stands.as_shown_to(
            GroupState.RUNNING,
            lambda: services.start(
                db.session(), school_id, cohort_id, reason=form.reason.data or "", by_name=identity.name
            ),
            stands,
        ),
        _("The group has started. Reminders go two days before each session, to those who take messages."),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/start.html",
        form=form,
        cohort=cohort,
        stands=stands,
        taken=queries.count_taken(db.session(), school_id, cohort_id),
    )


@blueprint.post("/school/groups/<uuid:cohort_id>/close")
def close(cohort_id: UUID) -> Response:
    school_id = me().own_school_id
    return press(
        as_it_stands.as_shown_to(
            GroupState.CLOSED,
            lambda: ending.close(db.session, school_id, cohort_id),
            as_it_stands.read(db.session, school_id, cohort_id),
        ),
        lambda _done: _told(_("The group is over. Certificates are made for whoever finished it.")),
        "cohorts.show",
        cohort_id=cohort_id,
    )


@blueprint.get("/school/leaving")
def leaving() -> str:
    """What is under way, each with its choices: finish, move or end."""
    school_id = me().own_school_id
    return render_template(
        "cohorts/leaving.html",
        school=schools.get_school(db.session, school_id),
        groups=early.list_under_way(db.session, school_id),
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/end-early", methods=["GET", "POST"])
def end_early(cohort_id: UUID) -> str | Response:
    """Say why, and where its parents go from here."""
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    meetings = queries.list_sessions(db.session, school_id, cohort_id)
    form = EndEarlyForm()
    to_come = [one.id for one in meetings if one.state == SessionState.PLANNED and is_to_come(one)]
    from_outside = outside().words_of(db.session(), school_id, to_come, Change.OFF)
    stands = as_it_stands.read(db.session, school_id, cohort_id)
    return submit(
        form,
        as_it_stands.as_shown_to(
            GroupState.CANCELLED,
            lambda: _end(form, cohort_id),
            stands,
        ),
        lambda _done: f"{_told(_('The group has ended.'))} {from_outside}".strip(),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/end_early.html",
        form=form,
        cohort=cohort,
        stands=stands,
        at_its_end=early.at_its_end_words() if is_at_its_end(meetings) else "",
        not_closed=waits_to_be_closed(meetings),
        from_outside=from_outside,
        has_dates=bool(to_come),
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/delete", methods=["GET", "POST"])
@or_gone(_l("This group has already been deleted."), "cohorts.list_cohorts")
def delete_group(cohort_id: UUID) -> str | Response:
    """A group made by mistake, which nobody was ever in: asked about by GET, done by POST."""
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    form = PressForm()
    return submit(
        form,
        lambda: early.delete_group(db.session, school_id, cohort_id),
        _("The group is deleted."),
        "cohorts.list_cohorts",
    ) or render_template("cohorts/delete_group.html", form=form, cohort=cohort)


def _end(form: EndEarlyForm, cohort_id: UUID) -> object:
    return early.end(
        db.session,
        me().own_school_id,
        cohort_id,
        reason=form.reason.data or "",
        goes_on_at=form.goes_on_at.data or "" if form.what.data == "elsewhere" else "",
    )


def _told(words: str) -> str:
    """What was done, and who is told of it."""
    return f"{words} {outlook.said(db.session, me().own_school_id)}".strip()
