"""Pages about invitations on paper: to several parents at once, and the pile that is to be handed out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer
from wtforms.fields import SelectChoice

from app.extensions import db
from app.identity.current import me
from app.letters import pile as letters
from app.letters.forms import GivenForm, noted
from app.recruitment import several
from app.recruitment.forms import PressForm
from app.recruitment.several_routes import chosen
from app.schools import stage_rights
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.errors import NotFound
from app.shell.pressing import press, to

blueprint = Blueprint("letters", __name__, template_folder="templates")


@blueprint.post("/school/parents/letters")
def look_at() -> str | Answer:
    """Who of those chosen would get a letter, and who not: nothing is made yet."""
    return _show(ids) if (ids := chosen()) else to("recruitment.list_parents")


def _look(ids: list[UUID]) -> tuple[list[several.Chosen], dict[UUID, str], list[object]]:
    school_id = me().own_school_id
    before = letters.former(db.session(), school_id, ids)
    people = several.look_at(db.session(), school_id, letters.letter_to_one(db.session(), me()), ids)
    words = {parent_id: letters.what_becomes_of(one) for parent_id, one in before.items()}
    return people, words, [*several.facts(people), *sorted(one.id for one in before.values())]


def _show(ids: list[UUID]) -> str:
    people, before, facts = _look(ids)
    return render_template(
        "letters/look_at.html", form=PressForm(), chosen=people, before=before, facts=facts
    )


@blueprint.post("/school/parents/letters/make")
def make() -> str | Answer:
    """A letter to each who can have one."""
    ids = chosen()
    if not ids:
        return to("recruitment.list_parents")
    people, _words, facts = _look(ids)
    if not is_as_shown(*facts):
        if several.is_second_press(people):
            return to("letters.pile")
        flash(changed_since(), "note")
        return _show(ids)
    done = several.do(db.session(), me().own_school_id, letters.letter_to_one(db.session(), me()), ids)
    made = sum(not one.why_not for one in done)
    words = ngettext("One letter is being made.", "%(num)d letters are being made.", made)
    if left := len(done) - made:
        words += " " + ngettext("One person was left out.", "%(num)d people were left out.", left)
    flash(words, "success" if made else "note")
    return to("letters.pile")


@blueprint.get("/school/letters")
def pile() -> str:
    """Letters to hand out, those that are out, and those that nobody should hand out any more."""
    return _pile(GivenForm(formdata=None))


def _pile(form: GivenForm) -> str:
    all_of_them = letters.list_letters(db.session(), me().own_school_id)
    to_give = [one for one in all_of_them if one.is_to_give]
    form.chosen.choices = [SelectChoice(str(one.document.id), one.name) for one in to_give]
    return render_template(
        "letters/pile.html",
        form=form,
        boxes=list(form.chosen),
        to_give=to_give,
        ready=sum(one.document.is_ready for one in to_give if not one.is_by_hand),
        to_print=sum(not one.is_by_hand for one in to_give),
        most=letters.MOST,
        may_invite=stage_rights.may_now(db.session(), me().own_school_id, "invite_parents"),
        given=[one for one in all_of_them if one.given is not None and not one.why_not],
        gone=[one for one in all_of_them if one.why_not],
    )


@blueprint.get("/school/letters/print.pdf")
def print_all() -> Answer:
    """Every letter of the pile that is ready, one page each."""
    return press(lambda: letters.one_file(db.session(), me().own_school_id), _as_file, "letters.pile")


def _as_file(made: bytes) -> Answer:
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="letters.pdf"'},
    )


@blueprint.post("/school/letters/given")
def note_given() -> str | Answer:
    """These were posted, or handed over."""
    form = GivenForm()
    try:
        ids = [UUID(one) for one in request.form.getlist("chosen")]
    except ValueError:
        raise NotFound from None
    form.chosen.choices = [SelectChoice(str(one), str(one)) for one in ids]
    if not form.validate_on_submit():
        return _pile(form)
    new = letters.note_given(db.session(), me(), ids, form.outcome.data or "")
    flash(*noted(new, len(set(ids))))
    return to("letters.pile")
