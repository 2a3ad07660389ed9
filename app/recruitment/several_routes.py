"""Pages about several parents of the list at once: an invitation to each, and the list as a file."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.own_pages import address_of
from app.recruitment import list_file, several
from app.recruitment.forms import PressForm
from app.recruitment.routes import PAGE, blueprint, narrowed
from app.shell import chosen_lines, list_files
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.list_files import ListFile
from app.shell.pressing import to


def chosen() -> list[UUID]:
    """Whose boxes were ticked, at most as many as one page of the list has; none where nobody's were.

    Whom a colleague has taken out meanwhile is left out, and the next page says so.
    """
    ids = chosen_lines.ticked(_("Choose at least one person in the list."))[:PAGE]
    return chosen_lines.still_here(ids, several.here(db.session(), me().own_school_id, ids)) if ids else []


@blueprint.post("/school/parents/several")
def look_at_several() -> str | Response:
    """Who of those chosen would get an invitation, and who not: nothing is sent yet."""
    return _show(ids) if (ids := chosen()) else to("recruitment.list_parents")


def _invite() -> several.Act:
    return several.invite_one(db.session(), me().own_school_id, me().authority_id)


def _show(ids: list[UUID]) -> str:
    chosen = several.look_at(db.session(), me().own_school_id, _invite(), ids)
    return render_template(
        "recruitment/several.html", form=PressForm(), chosen=chosen, facts=several.facts(chosen)
    )


@blueprint.post("/school/parents/several/invite")
def invite_several() -> str | Response:
    """An invitation to each who can have one."""
    ids, own = chosen(), (db.session(), me().own_school_id, _invite())
    if not ids:
        return to("recruitment.list_parents")
    people = several.look_at(*own, ids)
    if not is_as_shown(*several.facts(people)):
        if several.is_second_press(people):
            flash(_("They were invited a moment ago. Nothing is sent twice."), "note")
            return to("recruitment.list_parents")
        flash(changed_since(), "note")
        return _show(ids)
    done = several.do(*own, ids)
    sent = sum(not one.why_not for one in done)
    words = ngettext("One invitation is on its way.", "%(num)d invitations are on their way.", sent)
    if left := len(done) - sent:
        words += " " + ngettext("One person was left out.", "%(num)d people were left out.", left)
    flash(words, "success" if sent else "note")
    return to("recruitment.list_parents")


@blueprint.post("/school/parents/chosen")
def save_chosen() -> Response:
    """Lead to the file of those that were ticked."""
    if ids := chosen():
        return chosen_lines.keep("parents", ids, "recruitment.save_list")
    return to("recruitment.list_parents")


@blueprint.get("/school/parents/save")
def save_list() -> str:
    """What would be in the file, before it is made."""
    made, mark = _file(), chosen_lines.mark()
    chosen = narrowed().in_address | ({chosen_lines.ARGUMENT: mark} if mark else {})
    total = len(made.rows)
    return list_files.page(
        made,
        back=address_of("recruitment.list_parents", narrowed().in_address),
        back_text=_("Parents and carers"),
        empty_at=url_for("recruitment.list_parents", forget=1),
        counted=ngettext(
            "One person, as the list shows them now.", "%(num)d people, as the list shows them now.", total
        ),
        leaves=list_files.names_leave(),
        xlsx=address_of("recruitment.list_as_file", chosen | {"file_type": "xlsx"}),
        csv=address_of("recruitment.list_as_file", chosen | {"file_type": "csv"}),
        print_at=url_for("recruitment.list_parents", chosen=mark) if mark else None,
    )


@blueprint.get("/school/parents/list.<file_type>")
def list_as_file(file_type: str) -> Response:
    """The list as the page shows it, all of its pages."""
    return list_files.answer(file_type, _file(), list_file.SAVED, subject_id=me().own_school_id)


def _file() -> ListFile:
    return list_file.make(narrowed().read(limit=list_file.MOST)[0])
