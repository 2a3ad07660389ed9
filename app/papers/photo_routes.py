"""The photo of a room as a picture, for everybody to whom the row policies show it (`app.my_room_photos`)."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from app.cohorts.room_photos import KIND
from app.documents.queries import get_document
from app.documents.services import read_file
from app.extensions import db
from app.papers.routes import blueprint
from app.shell.errors import NotFound


@blueprint.get("/room-photo/<uuid:photo_id>")
def room_photo(photo_id: UUID) -> Response:
    document = get_document(db.session, photo_id)
    if document.kind != KIND or not document.is_ready:
        raise NotFound
    return Response(read_file(document), mimetype=document.content_type)
