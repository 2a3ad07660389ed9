"""Pages of a list of parents from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from app.extensions import db
from app.identity.current import me
from app.parent_import import forms, queries, services, template_file
from app.parent_import.columns import COLUMNS, place
from app.parent_import.words import STATES
from app.shell.as_shown import if_as_shown
from app.shell.components import Form
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.parsing import listed
from app.shell.pressing import answered, or_gone, press, submit, to
from app.shell.sheet_files import MIMETYPES
from app.states.imports import BEING_READ, ImportState, Verdict
from infra.clock import now

#: Seconds after which the page of a list that is being read looks how far that is.
LOOK_AGAIN = 2
#: For whoever comes back to a list that a colleague has thrown away.
GONE = _l("That list is not here any more. Somebody threw it away, or a day has gone by.")

blueprint = Blueprint("parent_import", __name__, template_folder="templates")


@blueprint.route("/school/parents/import", methods=["GET", "POST"])
def send() -> str | Answer:
    form = forms.SheetForm()

    def start() -> queries.ParentImport:
        file = answered(form.file.data)
        return services.start(
            db.session(), me().own_school_id, me().person_id, file.filename or "", file.stream.read()
        )

    return submit(form, start, lambda found: to("parent_import.show", import_id=found.id)) or render_template(
        "parent_import/send.html",
        form=form,
        earlier=queries.list_imports(db.session(), me().own_school_id, since=now() - services.UNDO),
        states=STATES,
    )


@blueprint.get("/school/parents/import/template.<file_type>")
def download_template(file_type: str) -> Response:
    if file_type not in MIMETYPES:
        raise NotFound
    return Response(
        template_file.as_file(file_type),
        content_type=MIMETYPES[file_type],
        headers={"Content-Disposition": f'attachment; filename="parents-and-carers.{file_type}"'},
    )


@blueprint.get("/school/parents/import/<uuid:import_id>")
def show(import_id: UUID) -> str | tuple[str, int]:
    try:
        found = queries.get_import(db.session(), me().own_school_id, import_id)
    except NotFound:
        return render_template("parent_import/gone.html", words=GONE), 404
    if found.state in BEING_READ:
        return render_template(
            "parent_import/reading.html", one=found, has_stopped=queries.has_stopped(found), again=LOOK_AGAIN
        )
    if found.state == ImportState.COLUMNS or (
        found.state == ImportState.CHECKED and request.args.get("columns")
    ):
        return _ask_columns(found)
    if found.state == ImportState.CHECKED:
        return _show_checked(found)
    return render_template(
        "parent_import/done.html",
        one=found,
        may_undo=queries.may_be_undone(found, since=now() - services.UNDO),
    )


@blueprint.post("/school/parents/import/<uuid:import_id>/read")
def read_again(import_id: UUID) -> Answer:
    change = partial(services.read_again, db.session(), me().own_school_id, import_id)
    return press(change, _("We are reading your list again."), "parent_import.show", import_id=import_id)


def _ask_columns(found: queries.ParentImport, form: Form | None = None) -> str:
    if found.state in (ImportState.ADDED, ImportState.UNDONE):
        raise NotFound
    samples = queries.list_samples(db.session(), found.school_id, found.id)
    first_row = _first_row(found, samples)
    # What may be a parent's name heads no column.
    places = place(found.headings if first_row is None else [""] * len(found.headings))
    return render_template(
        "parent_import/columns.html",
        one=found,
        form=form or forms.columns_form(places, found.columns, first_row),
        places=places,
        columns=COLUMNS,
        samples=samples,
    )


def _first_row(found: queries.ParentImport, samples: list[list[str]]) -> str | None:
    """What the first row is taken for, where it is asked; empty before anybody has said so."""
    if not (samples and queries.may_be_headings(found, samples[0])):
        return None
    return "parent" if found.state == ImportState.CHECKED else ""


@blueprint.post("/school/parents/import/<uuid:import_id>/columns")
def name_columns(import_id: UUID) -> str | Answer:
    found = queries.get_import(db.session(), me().own_school_id, import_id, hold=True)
    first_row = _first_row(found, queries.list_samples(db.session(), found.school_id, found.id))
    places = place(found.headings if first_row is None else [""] * len(found.headings))
    form = forms.columns_form(places, found.columns, first_row)

    def change() -> object:
        return services.name_columns(
            db.session(),
            found.school_id,
            import_id,
            forms.chosen_columns(form, places),
            first_row=form.first_row.data if "first_row" in form else None,
        )

    return submit(
        form, if_as_shown(change, found.version), None, "parent_import.show", import_id=import_id
    ) or _ask_columns(found, form)


def _show_checked(
    found: queries.ParentImport, add: forms.AddForm | None = None, choices: Form | None = None
) -> str:
    at = max(0, min(request.args.get("start", 0, type=int), found.row_count))
    session, ids = db.session(), (found.school_id, found.id)
    like = queries.list_like(session, *ids, offset=at)
    possible, same = like[Verdict.POSSIBLE], like[Verdict.SAME]
    said = queries.list_said_before(session, found.school_id, [*possible, *same])
    return render_template(
        "parent_import/checked.html",
        one=found,
        counts=queries.count_rows(session, *ids),
        wrong=queries.list_wrong(session, *ids, offset=at),
        possible=possible,
        to_add=like[Verdict.NEW],
        same=[(row, forms.like_whom(row), " ".join(said[row.number])) for row in same],
        choices=choices or forms.choices_form(possible, said),
        add=add or forms.AddForm(),
        # Whose mistakes stand above the page.
        form=choices or add,
        at=at,
        page=queries.PAGE,
        columns=COLUMNS,
    )


@blueprint.post("/school/parents/import/<uuid:import_id>/choices")
def choose(import_id: UUID) -> str | Answer:
    found = queries.get_import(db.session(), me().own_school_id, import_id, hold=True)
    form, save = _choices(found)
    return submit(
        form,
        if_as_shown(save, found.version),
        _("Saved. Nobody is added yet."),
        "parent_import.show",
        import_id=import_id,
    ) or _show_checked(found, choices=form)


@blueprint.post("/school/parents/import/<uuid:import_id>/add")
def add_all(import_id: UUID) -> str | Answer:
    found = queries.get_import(db.session(), me().own_school_id, import_id, hold=True)
    form = forms.AddForm()
    _choices_form, save = _choices(found)

    def add() -> int | None:
        # What is ticked on the page is said with it, and stays said where somebody else is not decided about.
        save()
        return services.add_all(
            db.session(), found.school_id, import_id, without_wrong=bool(form.without_wrong.data)
        )

    if answer := submit(
        form, if_as_shown(add, found.version), _added, "parent_import.show", import_id=import_id
    ):
        return answer
    return _show_checked(found, add=form)


def _choices(found: queries.ParentImport) -> tuple[Form, Callable[[], None]]:
    """The form of those on this page who may be here already, and what keeps the choices in it that are new."""
    at = max(0, min(request.args.get("start", 0, type=int), found.row_count))
    rows = queries.list_like(db.session(), found.school_id, found.id, offset=at)[Verdict.POSSIBLE]
    form = forms.choices_form(rows, queries.list_said_before(db.session(), found.school_id, rows))

    def save() -> None:
        before = {row.number: row.choice for row in rows}
        chosen = forms.chosen(form, rows)
        new = {number: choice for number, choice in chosen.items() if choice != before[number]}
        if new:
            services.choose(db.session(), found.school_id, found.id, new)

    return form, save


def _added(count: int | None) -> tuple[str, str]:
    if count is None:
        return _("Somebody changed your list meanwhile, so nobody was added. Look at this again."), "note"
    return ngettext("Added one person.", "Added %(all)s people.", count, all=f"{count:,}"), "success"


@blueprint.post("/school/parents/import/<uuid:import_id>/undo")
def undo(import_id: UUID) -> Answer:
    found = queries.get_import(db.session(), me().own_school_id, import_id, hold=True)
    return press(
        if_as_shown(partial(services.undo, db.session(), found.school_id, import_id), found.added_at),
        lambda gone_and_stay: _taken_back(*gone_and_stay),
        "parent_import.show",
        import_id=import_id,
    )


#: So many who stay are named.
NAMED = 10


def _taken_back(gone: int, stay: list[str]) -> str:
    words = ngettext("Took one person out again.", "Took %(all)s people out again.", gone, all=f"{gone:,}")
    if stay:
        others = len(stay) - NAMED
        names = [kept(name) for name in stay[:NAMED]]
        if others > 0:
            names.append(ngettext("one more", "%(num)d more", others))
        words += " " + ngettext(
            "%(names)s stays, because something has happened with them since.",
            "%(names)s stay, because something has happened with them since.",
            len(stay),
            names=listed(names),
        )
    return words


@blueprint.post("/school/parents/import/<uuid:import_id>/remove")
@or_gone(GONE, "parent_import.send")
def throw_away(import_id: UUID) -> Answer:
    found = queries.get_import(db.session(), me().own_school_id, import_id, hold=True)
    return press(
        if_as_shown(partial(services.throw_away, db.session(), found.school_id, import_id), found.version),
        _("The file is gone. Nobody was added."),
        "parent_import.send",
    )
