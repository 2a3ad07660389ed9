"""The one way to a file: asked for in one's own scope, written down, then a link that lives for a minute."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.accounts.confirming import ask_first
from app.accounts.roles import Role
from app.documents import queries, services
from app.documents.kinds import KINDS
from app.documents.policy import asks_again
from app.documents.words import REFUSED_MADE, REFUSED_UPLOADED, WAITING
from app.extensions import db

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/<uuid:document_id>")
def download(document_id: UUID) -> Response:
    document = queries.get_document(db.session, document_id)
    if not document.is_ready:
        return redirect(url_for("documents.waiting", document_id=document_id))
    if asks_again(document.kind, session.identity.role) and (page := ask_first()):
        return page
    return redirect(services.open_document(db.session, document))


@blueprint.get("/documents/<uuid:document_id>/waiting")
def waiting(document_id: UUID) -> str | Response:
    document = queries.get_document(db.session, document_id)
    if document.is_ready:
        return redirect(url_for("documents.download", document_id=document_id))
    base = "shell/parent_base.html" if session.identity.role is Role.PARENT else "shell/staff_base.html"
    return render_template(
        "documents/waiting.html",
        document=document,
        base=base,
        words=WAITING[document.state],
        refused=REFUSED_MADE if document.kind in KINDS else REFUSED_UPLOADED,
    )
