"""The link to a group's sessions online, set by those who lead it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from app.cohorts import joining
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.where_forms import JoinLinkForm
from app.extensions import db
from app.identity.current import me
from app.meetings.routes import blueprint
from app.shell.pressing import submit
from app.shell.shared_form import is_saving


@blueprint.route("/group/cohorts/<uuid:cohort_id>/join-link", methods=["GET", "POST"])
def set_join_link(cohort_id: UUID) -> str | Response:
    who = me()
    cohort = get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id, lock=is_saving())
    how = joining.find_how(db.session(), who.own_school_id, cohort_id)
    form = JoinLinkForm(data={"link": how.link if how else ""})
    return submit(
        form,
        lambda: joining.set_link(db.session(), cohort, form.link.data or ""),
        joining.changed_words,
        "meetings.led_cohort",
        cohort=cohort_id,
    ) or render_template("cohorts/join_link.html", form=form, cohort=cohort, how=how)
