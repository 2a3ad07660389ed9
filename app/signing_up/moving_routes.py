"""The pages of a parent whose child goes to another school now: choose it, read what goes, press, take it back."""

from __future__ import annotations

from functools import partial

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.queries import leads_here
from app.extensions import db
from app.identity import school_moves
from app.identity.current import me
from app.recruitment import queries as parents
from app.recruitment.consents import LANGUAGES
from app.recruitment.passed_on import KEPT
from app.recruitment.words import LEAVING
from app.shell.as_shown import if_as_shown
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import press, submit, to
from app.shell.shared_form import is_saving
from app.signing_up import moving
from app.signing_up.forms import MoveForm
from app.signing_up.routes import blueprint
from app.states.parents import DO_NOT_WRITE
from infra.clock import LONDON

NOT_ONE = _l("That school cannot be chosen now. Choose one of these.")


@blueprint.get("/my/new-school")
def new_school() -> str:
    """Which school it is now; or how it stands, of whoever has asked."""
    session = db.session()
    mine = school_moves.find_mine(session)
    return render_template(
        "signing_up/new_school.html",
        mine=mine,
        schools=() if mine and not mine.is_read else school_moves.list_schools(session),
        here=me().school_name,
        goes_on=mine.asked_at.astimezone(LONDON).date() + KEPT if mine else None,
        language_names=LANGUAGES,
    )


@blueprint.route("/my/new-school/ask", methods=["GET", "POST"])
def ask_new_school() -> str | Response | tuple[str, int]:
    """What goes to the school that they chose, what stays, and the press."""
    who, session, form = me(), db.session(), MoveForm()
    # Held first: whoever presses second finds what the first did.
    parent = parents.get_parent(session, who.own_school_id, who.person_id, hold=is_saving())
    contact = parents.get_contact(session, who.own_school_id, who.person_id, hold=is_saving())
    try:
        there = moving.get_school(session, request.args.get("school", ""))
    except NotFound:
        flash(str(NOT_ONE), "note")
        return to("signing_up.new_school")
    if there is None:
        return to("signing_up.new_school")
    goes = (contact.first_name, contact.last_name, contact.phone, contact.email, contact.language)
    stands = (there.school_id, there.name, parent.stage, parent.stage_changed_at, *goes)
    move = partial(moving.move, session, who.own_school_id, who.person_id, who.account_id, there.school_id)
    done = _("%(school)s has your name and how to reach you now.", school=kept(there.name))
    return submit(form, if_as_shown(move, *stands), done, "signing_up.new_school", field="agrees") or (
        render_template(
            "signing_up/ask_new_school.html",
            form=form,
            there=there,
            here=who.school_name,
            contact=contact,
            **_what_leaving_is(parent.stage),
            stands=stands,
            language_names=LANGUAGES,
        ),
        form.status,
    )


def _what_leaving_is(stage: str) -> dict[str, object]:
    """What becomes of them here, for the page that asks: by where they stand, and whether they lead as well."""
    return {
        "leaves": stage not in DO_NOT_WRITE,
        "becomes": LEAVING[stage].text if stage in LEAVING else "",
        "leads_on": leads_here(),
    }


@blueprint.post("/my/new-school/take-back")
def take_back_new_school() -> Response:
    """They pressed by mistake: what waits there is deleted. That they left here stays, and has its own way back."""
    return press(
        lambda: moving.take_back(db.session()),
        _("Taken back. What waited at the other school is deleted."),
        "signing_up.new_school",
    )
