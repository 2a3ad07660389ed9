"""A group that ends before its last date, and what a school settles before it leaves."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import early, queries
from app.cohorts.forms import EndEarlyForm
from app.cohorts.room_forms import PressForm
from app.cohorts.routes import blueprint
from app.extensions import db
from app.messages import outlook
from app.schools import queries as schools
from app.shell.refusals import Refusal


@blueprint.get("/school/leaving")
def leaving() -> str:
    """What is under way, each with its choices: finish, move or end."""
    school_id = session.identity.school_id
    return render_template(
        "cohorts/leaving.html",
        school=schools.get_school(db.session, school_id),
        groups=early.list_under_way(db.session, school_id),
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/end-early", methods=["GET", "POST"])
def end_early(cohort_id: UUID) -> str | Response:
    """Say why, and where its parents go from here."""
    school_id = session.identity.school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    form = EndEarlyForm()
    if form.validate_on_submit():
        try:
            early.end(
                db.session,
                school_id,
                cohort_id,
                reason=form.reason.data,
                goes_on_at=form.goes_on_at.data or "" if form.what.data == "elsewhere" else "",
            )
        except Refusal as refused:
            form.add_error(refused.words)
        else:
            flash(f"{_('The group has ended.')} {outlook.said(db.session, school_id)}".strip(), "success")
            return redirect(url_for("cohorts.show", cohort_id=cohort_id))
    return render_template("cohorts/end_early.html", form=form, cohort=cohort)


@blueprint.route("/school/groups/<uuid:cohort_id>/delete", methods=["GET", "POST"])
def delete_group(cohort_id: UUID) -> str | Response:
    """A group made by mistake, which nobody was ever in: asked about by GET, done by POST."""
    school_id = session.identity.school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    form = PressForm()
    if form.validate_on_submit():
        try:
            early.delete_group(db.session, school_id, cohort_id)
        except Refusal as refused:
            form.add_error(refused.words)
        else:
            flash(_("The group is deleted."), "success")
            return redirect(url_for("cohorts.list_cohorts"))
    return render_template("cohorts/delete_group.html", form=form, cohort=cohort)
