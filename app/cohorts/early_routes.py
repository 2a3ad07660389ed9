"""A group that ends before its last date, and what a school settles before it leaves."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import early, queries
from app.cohorts.forms import EndEarlyForm, PressForm
from app.cohorts.routes import blueprint
from app.cohorts.timetable import is_at_its_end, waits_to_be_closed
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.schools import queries as schools
from app.shell.pressing import submit


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
    return submit(
        form,
        lambda: early.end(
            db.session,
            school_id,
            cohort_id,
            reason=form.reason.data or "",
            goes_on_at=form.goes_on_at.data or "" if form.what.data == "elsewhere" else "",
        ),
        lambda _done: f"{_('The group has ended.')} {outlook.said(db.session, school_id)}".strip(),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/end_early.html",
        form=form,
        cohort=cohort,
        at_its_end=early.at_its_end_words() if is_at_its_end(meetings) else "",
        not_closed=waits_to_be_closed(meetings),
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/delete", methods=["GET", "POST"])
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
