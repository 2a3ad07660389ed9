"""What suits a parent who waits for a group: their own page, and the one on which staff note what they heard."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.recruitment import queries, wishes
from app.recruitment.forms import WishesForm
from app.recruitment.routes import blueprint
from app.shell.pressing import answered, submit
from app.shell.shared_form import is_saving
from app.states.parents import READY, WITH_GROUP, ParentStage


@blueprint.route("/my/wishes", methods=["GET", "POST"])
def my_wishes() -> str | Response:
    identity = me()
    parent = queries.get_parent(db.session, identity.own_school_id, identity.person_id)
    if parent.stage not in (*READY, *WITH_GROUP):
        return redirect(url_for("homes.parent"))
    form = _form(identity.own_school_id, identity.person_id)
    return submit(
        form,
        lambda: _say(form, identity.own_school_id, identity.person_id),
        _("Saved. You can change this on any day."),
        "recruitment.my_wishes",
    ) or render_template(
        "recruitment/my_wishes.html",
        form=form,
        waits=parent.stage in READY,
        has_place=parent.stage == ParentStage.IN_GROUP,
    )


@blueprint.route("/school/parents/<uuid:parent_id>/wishes", methods=["GET", "POST"])
def note_wishes(parent_id: UUID) -> str | Response:
    identity = me()
    parent = queries.get_parent(db.session, identity.own_school_id, parent_id)
    contact = queries.get_contact(db.session, identity.own_school_id, parent_id)
    if parent.stage not in (*READY, *WITH_GROUP):
        return redirect(url_for("recruitment.show_parent", parent_id=parent_id))
    form = _form(identity.own_school_id, parent_id)
    return submit(
        form,
        lambda: _say(form, identity.own_school_id, parent_id, by_name=identity.name),
        _("Noted. They read it on their own pages, and can change it there."),
        "recruitment.show_parent",
        parent_id=parent_id,
    ) or render_template("recruitment/note_wishes.html", form=form, contact=contact)


def _form(school_id: UUID, parent_id: UUID) -> WishesForm:
    contact = queries.get_contact(db.session, school_id, parent_id, hold=is_saving())
    row = wishes.find_row(db.session(), school_id, parent_id, hold=is_saving())
    return WishesForm(data=wishes.shown(row, interpreter=contact.interpreter))


def _say(form: WishesForm, school_id: UUID, parent_id: UUID, *, by_name: str = "") -> None:
    wishes.say(
        db.session(),
        school_id,
        parent_id,
        days=form.days.data or (),
        times=form.times.data or (),
        format_=answered(form.format.data),
        needs=form.needs.data or (),
        by_name=by_name,
    )
