"""The page on which staff note that they told somebody whom no message reaches."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import planning, printing, queries, telling
from app.cohorts.forms import ToldForm
from app.cohorts.members import has_been_in
from app.cohorts.rooms import list_rooms_taken
from app.cohorts.routes import blueprint
from app.cohorts.timetable import is_to_come
from app.extensions import db
from app.identity.current import me
from app.recruitment import queries as recruitment
from app.recruitment.noting import Noted
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import press, submit, to
from tenants.together import together


@blueprint.post("/school/groups/<uuid:cohort_id>/parents/<uuid:parent_id>/not-told")
def not_told(cohort_id: UUID, parent_id: UUID) -> Response:
    """It was noted for the wrong person, or too early."""
    identity = me()
    recruitment.get_contact(db.session, identity.own_school_id, parent_id)
    if telling.take_back(db.session, identity.own_school_id, cohort_id, parent_id, by_name=identity.name):
        flash(_("Taken back. They still have to be told."), "success")
    return redirect(url_for("recruitment.show_parent", parent_id=parent_id))


@blueprint.route("/school/groups/<uuid:cohort_id>/parents/<uuid:parent_id>/told", methods=["GET", "POST"])
def tell_parent(cohort_id: UUID, parent_id: UUID) -> str | Response:
    """What there is to tell by GET, as it stands now; noted as told by POST."""
    identity = me()
    school_id = identity.own_school_id
    with together(db.session) as ask:
        group = ask(queries.get_cohort, school_id, cohort_id)
        who = ask(recruitment.get_contact, school_id, parent_id)
        been = ask(has_been_in, school_id, cohort_id, parent_id)
        calendar = ask(planning.read_calendar, identity.authority_id, school_id)
        ask(list_rooms_taken, school_id)
    cohort, contact = group.value, who.value
    if not been.value:
        raise NotFound
    form = ToldForm()
    cannot_be = printing.days_that_cannot_be(db.session, calendar.value, cohort)

    if answer := submit(
        form,
        lambda: telling.note_told(
            db.session,
            school_id,
            cohort_id,
            parent_id,
            plan=form.plan.data or "",
            noted=Noted(form.how.data, identity.name),
            cannot_be=cannot_be,
        ),
        _("Noted: %(name)s knows.", name=kept(contact.name)),
        "cohorts.show",
        cohort_id=cohort_id,
    ):
        return answer
    waiting = telling.list_to_tell(db.session, school_id, cohort_id=cohort_id, parent_id=parent_id)
    form.plan.data = waiting[0].plan if waiting else ""
    return render_template(
        "cohorts/told.html",
        form=form,
        cohort=cohort,
        contact=contact,
        to_tell=waiting[0] if waiting else None,
        cannot_be=cannot_be,
        to_come=[one for one in queries.list_sessions(db.session, school_id, cohort_id) if is_to_come(one)],
    )


@blueprint.post("/school/parents/<uuid:parent_id>/plan")
def make_plan(parent_id: UUID) -> Response:
    """All dates of their group on one sheet, to hand over or to post."""
    identity = me()
    recruitment.get_contact(db.session, identity.own_school_id, parent_id)
    ask = partial(printing.ask_for_plan, db.session, identity.own_school_id, parent_id, by=identity.name)

    def made(document_id: UUID | None) -> Response | tuple[str, str]:
        if document_id is None:
            return _("They have no group with dates yet."), "note"
        return to("papers.waiting", document_id=document_id)

    return press(ask, made, "recruitment.show_parent", parent_id=parent_id)
