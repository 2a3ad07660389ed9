"""The one way to a file: asked for in one's own scope, written down, then a link that lives for a minute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.confirming import ask_first
from app.documents import queries, services
from app.documents.refusals import Erased
from app.documents.words import REFUSED_MADE, REFUSED_UPLOADED, WAITING
from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.papers.kinds import KINDS
from app.papers.policy import asks_again
from app.papers.standing import find_newer, standing_of
from app.papers.subjects import back_to

blueprint = Blueprint("papers", __name__)


@blueprint.get("/documents/<uuid:document_id>")
def download(document_id: UUID) -> Response | tuple[str, int]:
    document = queries.get_document(db.session, document_id)
    standing = standing_of(db.session, document)
    if standing != "ready" and not (standing == "superseded" and "older" in request.args):
        return redirect(url_for("papers.waiting", document_id=document_id))
    # Back to the page with the button: a browser that follows the proof's form on to the storage blocks it.
    if asks_again(document.kind, me().role) and (page := ask_first(then="papers.waiting")):
        return page
    try:
        return redirect(services.open_document(db.session, document))
    except Erased:
        return _say(document, "erased"), 410


@blueprint.get("/documents/<uuid:document_id>/waiting")
def waiting(document_id: UUID) -> str | tuple[str, int]:
    """Where somebody waits for a document, and where they find it. Forms lead here, never to the file itself."""
    document = queries.get_document(db.session, document_id)
    standing = standing_of(db.session, document)
    if standing == "ready" and not services.is_kept(document):
        return _say(document, "erased"), 410
    return _say(document, standing)


def _say(document: Any, standing: str) -> str:
    base = "shell/parent_base.html" if me().role is Role.PARENT else "shell/staff_base.html"
    return render_template(
        "papers/waiting.html",
        document=document,
        base=base,
        standing=standing,
        words=WAITING[standing],
        newer=find_newer(db.session, document) if standing == "superseded" else None,
        way_back=back_to(document, me().role),
        refused=REFUSED_MADE if document.kind in KINDS else REFUSED_UPLOADED,
    )


from app.papers import photo_routes, sign_up_routes  # noqa: E402,F401 - their pages belong to this blueprint
