"""Pages about several people at work: a new link to each who has not come, and their list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.schools import doubts, people_file, people_several, queries, views
from app.schools.forms import EmptyForm
from app.schools.pages import Page, blueprint
from app.schools.people_several import Colleagues
from app.shell import chosen_lines, list_files, list_search
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.list_files import ListFile
from app.shell.pressing import to

STAFF, PEOPLE = "schools.staff", "schools.authority_people"


# ---- a school's


@blueprint.post("/school/staff/several")
def look_at_staff() -> Page:
    """Who of those ticked would get a new link, and who not: nothing is sent yet."""
    return _look(_staff(), STAFF, "schools.send_to_staff")


@blueprint.post("/school/staff/several/send")
def send_to_staff() -> Page:
    """A new link to each who can have one."""
    return _send(_staff(), STAFF, "schools.send_to_staff")


@blueprint.post("/school/staff/chosen")
def save_chosen_staff() -> Response:
    """Lead to the file of those that were ticked."""
    ids = chosen_lines.ticked()
    return chosen_lines.keep("staff", ids, "schools.save_staff") if ids else to(STAFF)


@blueprint.get("/school/staff/save")
def save_staff() -> str:
    """What would be in the file, before it is made."""
    return _about_file(
        _staff_file(),
        STAFF,
        xlsx=url_for("schools.staff_as_file", file_type="xlsx", chosen=chosen_lines.mark()),
        csv=url_for("schools.staff_as_file", file_type="csv", chosen=chosen_lines.mark()),
    )


@blueprint.get("/school/staff/list.<file_type>")
def staff_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    return list_files.answer(file_type, _staff_file(), people_file.SAVED_STAFF, subject_id=me().own_school_id)


def _staff() -> Colleagues:
    return people_several.at_school(db.session(), me().authority_id, me().own_school_id)


def _staff_file() -> ListFile:
    school_id = me().own_school_id
    members = queries.list_staff(db.session(), school_id, text=_typed("staff"))
    found = chosen_lines.only("staff", members)
    return people_file.make(
        views.person_rows(db.session(), found, doubts.list_at_school(db.session(), school_id))
    )


# ---- a council's


@blueprint.post("/authority/people/several")
def look_at_members() -> Page:
    """Who of those ticked would get a new link, and who not: nothing is sent yet."""
    return _look(_members(), PEOPLE, "schools.send_to_members")


@blueprint.post("/authority/people/several/send")
def send_to_members() -> Page:
    """A new link to each who can have one."""
    return _send(_members(), PEOPLE, "schools.send_to_members")


@blueprint.post("/authority/people/chosen")
def save_chosen_members() -> Response:
    """Lead to the file of those that were ticked."""
    ids = chosen_lines.ticked()
    return chosen_lines.keep("members", ids, "schools.save_members") if ids else to(PEOPLE)


@blueprint.get("/authority/people/save")
def save_members() -> str:
    """What would be in the file, before it is made."""
    return _about_file(
        _members_file(),
        PEOPLE,
        xlsx=url_for("schools.members_as_file", file_type="xlsx", chosen=chosen_lines.mark()),
        csv=url_for("schools.members_as_file", file_type="csv", chosen=chosen_lines.mark()),
    )


@blueprint.get("/authority/people/list.<file_type>")
def members_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    return list_files.answer(
        file_type, _members_file(), people_file.SAVED_MEMBERS, subject_id=me().authority_id
    )


def _members() -> Colleagues:
    return people_several.at_council(db.session(), me().authority_id)


def _members_file() -> ListFile:
    authority_id = me().authority_id
    members = queries.list_members(db.session(), authority_id, text=_typed("members"))
    found = chosen_lines.only("members", members)
    return people_file.make(
        views.person_rows(db.session(), found, doubts.list_at_council(db.session(), authority_id))
    )


# ---- both


def _typed(which: str) -> str:
    return "" if chosen_lines.mark() else list_search.typed(which)


def _look(colleagues: Colleagues, back: str, send: str) -> Page:
    ids = chosen_lines.ticked()
    return _page(colleagues, ids, back, send) if ids else to(back)


def _page(colleagues: Colleagues, ids: Sequence[UUID], back: str, send: str) -> Page:
    chosen = colleagues.look_at(ids)
    if not chosen:
        flash(_("What you ticked is not on this list now."), "note")
        return to(back)
    return render_template(
        "schools/several.html",
        form=EmptyForm(),
        chosen=chosen,
        facts=people_several.facts(chosen),
        back=url_for(back),
        send=url_for(send),
    )


def _send(colleagues: Colleagues, back: str, send: str) -> Page:
    ids = chosen_lines.ticked()
    if not ids:
        return to(back)
    people = colleagues.look_at(ids)
    if not is_as_shown(*people_several.facts(people)):
        if people_several.is_second_press(people):
            return to(back)
        flash(changed_since(), "note")
        return _page(colleagues, ids, back, send)
    done = colleagues.do(ids)
    sent = sum(not one.why_not for one in done)
    words = ngettext("One new link is on its way.", "%(num)d new links are on their way.", sent)
    if left := len(done) - sent:
        words += " " + ngettext("One person was left out.", "%(num)d people were left out.", left)
    flash(words, "success" if sent else "note")
    return to(back)


def _about_file(made: ListFile, back: str, **shown: Any) -> str:
    return list_files.page(
        made,
        back=url_for(back),
        back_text=_("Staff") if back == STAFF else _("People"),
        empty_at=url_for(back, forget=1),
        counted=ngettext(
            "One person, as the list shows them now.",
            "%(num)d people, as the list shows them now.",
            len(made.rows),
        ),
        leaves=list_files.names_leave()
        if back == STAFF
        else _(
            "Names and addresses leave We Belong with this file. Keep it where only those who need it can read it, and"
            " delete it when you are done. Your council’s history says that you saved it."
        ),
        **shown,
    )
