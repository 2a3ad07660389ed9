"""An old address of a record that went leads on to the one that stayed, whichever page of it was asked for."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import session
from app.identity.roles import SCHOOL_STAFF
from app.merging.records import find_kept
from app.shell.edge import undo
from app.shell.pressing import to


def instead_of_missing() -> Response | None:
    """Where staff go on from a page of a parent who was put together with another; None for everybody else."""
    identity, values = session.identity, request.view_args or {}
    if identity is None or identity.role not in SCHOOL_STAFF or "parent_id" not in values:
        return None
    undo()
    ids = (values["parent_id"], values.get("other_id", values["parent_id"]))
    found = [find_kept(db.session(), identity.own_school_id, one) for one in ids]
    kept_id = found[0] or found[1]
    if kept_id is None:
        return None
    if request.method == "POST":
        flash(
            _("A colleague has put this entry together with another, so nothing was done. Look at it here."),
            "note",
        )
    else:
        flash(_("That entry was put together with this one."), "note")
    return to("recruitment.show_parent", parent_id=kept_id)
