"""Pages of a school's office: the morning, the list of parents, and the three things that it may note."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.contact_log import at_office as log
from app.contact_log.words import OUTCOME
from app.extensions import db
from app.identity.current import me
from app.letters import at_office as letters
from app.letters.forms import GivenForm, noted
from app.office import list_file
from app.office.forms import CallForm
from app.office.morning import look
from app.recruitment import for_office
from app.recruitment.consents import LANGUAGES
from app.recruitment.for_office import OfficeLine
from app.shell import chosen_lines, list_files, list_search
from app.shell.errors import NotFound
from app.shell.paging import page_number
from app.shell.pressing import or_gone, press, submit, to
from app.states.contacts import How
from infra.clock import today

blueprint = Blueprint("office", __name__, template_folder="templates")

#: The name under which what somebody looks for is kept.
LIST = "office"
#: Lines of one page of the list.
PAGE = 50


@blueprint.get("/office")
def home() -> str:
    return _home(GivenForm(formdata=None))


def _home(form: GivenForm) -> str:
    morning = look(db.session(), me())
    form.chosen.choices = [SelectChoice(str(one.given.letter_id), one.to.name) for one in morning.letters]
    return render_template(
        "office/home.html",
        morning=morning,
        form=form,
        boxes=list(form.chosen),
        outcomes=OUTCOME,
        is_letter=How.LETTER,
        today=today(),
    )


@blueprint.post("/office/letters")
def note_letters() -> str | Response:
    """These were posted, or handed over."""
    form = GivenForm()
    try:
        ids = [UUID(one) for one in request.form.getlist("chosen")]
    except ValueError:
        raise NotFound from None
    form.chosen.choices = [SelectChoice(str(one), str(one)) for one in ids]
    if not form.validate_on_submit():
        return _home(form)
    new = letters.note_given(db.session(), ids, form.outcome.data or "")
    flash(*noted(new, len(set(ids))))
    return to("office.home")


def _lines() -> list[OfficeLine]:
    """Whom the list shows, all of its pages."""
    text = "" if chosen_lines.mark() else list_search.typed(LIST)
    return chosen_lines.only(LIST, for_office.list_lines(db.session(), me().own_school_id, text=text))


def _page(number: int) -> tuple[list[OfficeLine], int]:
    """One of its pages, and how many stand there in all. Whoever was ticked stood on one page, and does again."""
    if chosen_lines.mark():
        return (ticked := _lines()), len(ticked)
    text = list_search.typed(LIST)
    return for_office.list_page(
        db.session(), me().own_school_id, text=text, limit=PAGE, offset=(number - 1) * PAGE
    )


@blueprint.get("/office/parents")
def list_parents() -> str | Response:
    number = page_number()
    lines, total = _page(number)
    if not lines and number > 1:
        return to("office.list_parents")
    return render_template(
        "office/parents.html",
        lines=lines,
        boxes=chosen_lines.boxes((line.id, line.name) for line in lines),
        ticked=chosen_lines.mark(),
        total=total,
        page=number,
        page_size=PAGE,
        search=list_search.box(LIST, total, _("Name, mobile or email")),
        language_names=LANGUAGES,
    )


@blueprint.post("/office/parents/search")
def search_parents() -> Response:
    return list_search.remember(LIST, "office.list_parents")


@blueprint.route("/office/parents/<uuid:parent_id>/call", methods=["GET", "POST"])
def note_call(parent_id: UUID) -> str | Response:
    """That this parent rang."""
    line, form = for_office.get_line(db.session(), me().own_school_id, parent_id), CallForm()
    return submit(
        form,
        lambda: log.note_call(db.session(), parent_id, form.outcome.data or ""),
        _("Noted. Your colleagues see it on the parent’s page."),
        "office.home",
    ) or render_template("office/call.html", form=form, line=line, language_names=LANGUAGES)


@blueprint.post("/office/notes/<uuid:contact_id>/take-back")
@or_gone(_l("That has already been taken back."), "office.home")
def take_back(contact_id: UUID) -> Response:
    """It was noted by mistake."""
    who = me()
    take = partial(log.take_back, db.session(), who.own_school_id, who.person_id, contact_id)
    return press(take, _("Taken back."), "office.home")


@blueprint.post("/office/parents/chosen")
def save_chosen() -> Response:
    """Lead to the file, or the page to print, of those that were ticked."""
    if ids := chosen_lines.ticked():
        return chosen_lines.keep(LIST, ids[:PAGE], "office.save_list")
    return to("office.list_parents")


@blueprint.get("/office/parents/save")
def save_list() -> str:
    """What would be in the file, before it is made."""
    made, mark = list_file.make(_lines()), chosen_lines.mark()
    return list_files.page(
        made,
        back=url_for("office.list_parents"),
        back_text=_("Parents and carers"),
        empty_at=url_for("office.list_parents", forget=1),
        counted=ngettext(
            "One person, as the list shows them now.",
            "%(num)d people, as the list shows them now.",
            len(made.rows),
        ),
        leaves=list_files.names_leave(),
        xlsx=url_for("office.list_as_file", file_type="xlsx", chosen=mark),
        csv=url_for("office.list_as_file", file_type="csv", chosen=mark),
        print_at=url_for("office.list_parents", chosen=mark) if mark else None,
    )


@blueprint.get("/office/parents/list.<file_type>")
def list_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    return list_files.answer(
        file_type, list_file.make(_lines()), list_file.SAVED, subject_id=me().own_school_id
    )
