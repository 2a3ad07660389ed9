"""Pages of the contact log. Each has an address for parents and one for schools, and is one page."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.contact_log import forms, queries, services
from app.contact_log.forms import StepForm
from app.contact_log.log import due_tag
from app.contact_log.subjects import Subject, of_parent, of_school, side_of
from app.extensions import db
from app.identity.current import me
from app.identity.own_pages import address_of
from app.recruitment.whom import beside
from app.shell.as_shown import if_as_shown
from app.shell.pressing import answered, or_gone, press, submit, to
from app.shell.shared_form import is_saving

blueprint = Blueprint("contact_log", __name__, template_folder="templates")

Page = str | Response
WITH_PARENT = "/school/parents/<uuid:parent_id>/contacts"
WITH_SCHOOL = "/authority/schools/<uuid:school_id>/contacts"
ONE = "/<uuid:contact_id>"
_GONE = _l("That has already been taken back.")


#: Of a list that nobody reads to its end.
MOST = 200


@blueprint.get("/school/parents/contacts")
def list_with_parents() -> str:
    return _list_open()


@blueprint.get("/authority/schools/contacts")
def list_with_schools() -> str:
    return _list_open()


def _list_open() -> str:
    side = side_of(me())
    return render_template(
        "contact_log/open.html",
        side=side,
        steps=queries.list_open(db.session(), side, me(), most=MOST),
        most=MOST,
        due_tag=due_tag,
    )


def _parent(parent_id: UUID) -> Subject:
    return of_parent(db.session(), me(), parent_id, hold=is_saving())


def _school(school_id: UUID) -> Subject:
    return of_school(db.session(), me(), school_id, hold=is_saving())


def _back(subject: Subject) -> str:
    return address_of(subject.side.home, subject.named)


def _over(subject: Subject, words: str) -> Response | None:
    """Back to where it stands, where a colleague has done the next step since."""
    if words:
        flash(words, "note")
        return to(subject.side.home, **subject.named)
    return None


@blueprint.route(f"{WITH_PARENT}/add", methods=["GET", "POST"])
def note_with_parent(parent_id: UUID) -> Page:
    return _note(_parent(parent_id))


@blueprint.route(f"{WITH_SCHOOL}/add", methods=["GET", "POST"])
def note_with_school(school_id: UUID) -> Page:
    return _note(_school(school_id))


def _note(subject: Subject) -> Page:
    form = forms.contact_form(subject, queries.list_people(db.session(), subject.side, me()))
    return submit(
        form,
        lambda: services.note(db.session(), subject, form.spoken(), form.plan(), me()),
        _("Noted."),
        subject.side.home,
        **subject.named,
    ) or render_template(
        "contact_log/note.html", form=form, subject=subject, back=_back(subject), **_whom(subject)
    )


def _whom(subject: Subject) -> dict[str, Any]:
    """Whom a group could help, beside a contact with a parent."""
    return beside(db.session(), subject.school_id) if subject.side.code == "parent" else {}


@blueprint.post(f"{WITH_PARENT}{ONE}/done")
def finish_with_parent(parent_id: UUID, contact_id: UUID) -> Response:
    return _finish(_parent(parent_id), contact_id)


@blueprint.post(f"{WITH_SCHOOL}{ONE}/done")
def finish_with_school(school_id: UUID, contact_id: UUID) -> Response:
    return _finish(_school(school_id), contact_id)


def _finish(subject: Subject, contact_id: UUID) -> Response:
    contact = queries.get_contact(db.session(), subject, contact_id, hold=is_saving())
    finish = partial(services.finish, db.session(), subject, contact_id, me())
    return press(
        if_as_shown(finish, *contact.planned), _("Done. Thank you."), subject.side.home, **subject.named
    )


@blueprint.route(f"{WITH_PARENT}{ONE}/later", methods=["GET", "POST"])
def put_off_with_parent(parent_id: UUID, contact_id: UUID) -> Page:
    return _put_off(_parent(parent_id), contact_id)


@blueprint.route(f"{WITH_SCHOOL}{ONE}/later", methods=["GET", "POST"])
def put_off_with_school(school_id: UUID, contact_id: UUID) -> Page:
    return _put_off(_school(school_id), contact_id)


def _put_off(subject: Subject, contact_id: UUID) -> Page:
    contact = queries.get_contact(db.session(), subject, contact_id, hold=is_saving())
    if over := _over(subject, services.why_over(subject, contact)):
        return over
    form = forms.LaterForm()

    def put_off() -> None:
        services.put_off(db.session(), subject, contact_id, answered(form.due_on.data), me())

    return submit(
        form,
        if_as_shown(put_off, *contact.planned),
        _("Put off to the day that you chose."),
        subject.side.home,
        **subject.named,
    ) or render_template(
        "contact_log/later.html", form=form, subject=subject, contact=contact, back=_back(subject)
    )


@blueprint.route(f"{WITH_PARENT}{ONE}/change", methods=["GET", "POST"])
def change_with_parent(parent_id: UUID, contact_id: UUID) -> Page:
    return _change(_parent(parent_id), contact_id)


@blueprint.route(f"{WITH_SCHOOL}{ONE}/change", methods=["GET", "POST"])
def change_with_school(school_id: UUID, contact_id: UUID) -> Page:
    return _change(_school(school_id), contact_id)


def _change(subject: Subject, contact_id: UUID) -> Page:
    contact = queries.get_contact(db.session(), subject, contact_id, hold=is_saving())
    if over := _over(subject, services.why_over(subject, contact)):
        return over
    people = queries.list_people(db.session(), subject.side, me())
    form = forms.offer(StepForm(obj=contact), subject, people)
    return submit(
        form,
        lambda: services.change(db.session(), subject, contact_id, form.plan(), me()),
        _("Saved."),
        subject.side.home,
        **subject.named,
    ) or render_template("contact_log/change.html", form=form, subject=subject, back=_back(subject))


@blueprint.post(f"{WITH_PARENT}{ONE}/take-back")
@or_gone(_GONE, "recruitment.show_parent", "parent_id")
def take_back_with_parent(parent_id: UUID, contact_id: UUID) -> Page:
    return _take_back(_parent(parent_id), contact_id)


@blueprint.post(f"{WITH_SCHOOL}{ONE}/take-back")
@or_gone(_GONE, "schools.show", "school_id")
def take_back_with_school(school_id: UUID, contact_id: UUID) -> Page:
    return _take_back(_school(school_id), contact_id)


def _take_back(subject: Subject, contact_id: UUID) -> Page:
    contact = queries.get_contact(db.session(), subject, contact_id, hold=is_saving())
    take = partial(services.take_back, db.session(), subject, contact_id, me())
    return press(
        if_as_shown(take, *contact.planned, contact.state),
        _("Taken back."),
        subject.side.home,
        **subject.named,
    )
