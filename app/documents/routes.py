"""The one way to a file: asked for in one's own scope, written down, then a link that lives for a minute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts.confirming import ask_first
from app.accounts.roles import Role
from app.documents import queries, services
from app.documents.kinds import KINDS
from app.documents.policy import asks_again
from app.documents.refusals import Erased
from app.documents.standing import find_newer, standing_of
from app.documents.subjects import back_to
from app.documents.words import REFUSED_MADE, REFUSED_UPLOADED, WAITING
from app.extensions import db

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/<uuid:document_id>")
def download(document_id: UUID) -> Response | tuple[str, int]:
    document = queries.get_document(db.session, document_id)
    standing = standing_of(db.session, document)
    if standing != "ready" and not (standing == "superseded" and "older" in request.args):
        return redirect(url_for("documents.waiting", document_id=document_id))
    # Back to the page with the button: a browser that follows the proof's form on to the storage blocks it.
    if asks_again(document.kind, session.identity.role) and (page := ask_first(then="documents.waiting")):
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
    base = "shell/parent_base.html" if session.identity.role is Role.PARENT else "shell/staff_base.html"
    return render_template(
        "documents/waiting.html",
        document=document,
        base=base,
        standing=standing,
        words=WAITING[standing],
        newer=find_newer(db.session, document) if standing == "superseded" else None,
        way_back=back_to(document, session.identity.role),
        refused=REFUSED_MADE if document.kind in KINDS else REFUSED_UPLOADED,
    )
