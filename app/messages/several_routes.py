"""Pages about several messages that did not arrive: sent again with one press."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.messages import outlook, several
from app.messages.queries import PAGE
from app.messages.routes import blueprint
from app.shell import chosen_lines
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.pressing import to

LIST = "messages.failed"


def _ticked() -> list[UUID]:
    ids = chosen_lines.ticked()[:PAGE]
    return chosen_lines.still_here(ids, several.here(db.session(), me().own_school_id, ids)) if ids else []


@blueprint.post("/messages/several")
def look_at_several() -> str | Response:
    """Which of those ticked would be sent again, and which not: nothing is sent yet."""
    ids = _ticked()
    return _show(several.look_at(db.session(), me().own_school_id, ids)) if ids else to(LIST)


def _show(chosen: Sequence[several.Chosen]) -> str:
    return render_template("messages/several.html", chosen=chosen, facts=several.facts(chosen))


@blueprint.post("/messages/several/again")
def send_several_again() -> str | Response:
    """Each that can be, once more."""
    where, ids = (db.session(), me().own_school_id), _ticked()
    if not ids:
        return to(LIST)
    chosen = several.look_at(*where, ids)
    if not is_as_shown(*several.facts(chosen)):
        if several.is_second_press(chosen):
            flash(_("They were sent again a moment ago. Nothing is sent twice."), "note")
            return to(LIST)
        flash(changed_since(), "note")
        return _show(chosen)
    sent = several.send_again(*where, chosen)
    words = ngettext("One message was written again.", "%(num)d messages were written again.", sent)
    if left := len(chosen) - sent:
        words += " " + ngettext("One was left out.", "%(num)d were left out.", left)
    flash(f"{words} {outlook.said(*where)}" if sent else words, outlook.tone(*where) if sent else "note")
    return to(LIST)
