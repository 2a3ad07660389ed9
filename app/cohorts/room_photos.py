"""A photo of the room, for those who come for the first time: put up by staff, seen by members and who leads.

It belongs to the words of a room (`formats.room_in`): groups that meet there share it, and a group that moved does not
show it. Whose it is to see says `app.my_room_photos`. What was taken away, the documents' worker erases.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.audit.trail import define, record
from app.cohorts.formats import room_in
from app.cohorts.models import RoomPhoto
from app.documents.apart import check_photo_apart
from app.documents.checks import CheckedUpload
from app.documents.published import FILES
from app.documents.services import accept_upload, ask_to_erase
from app.shell.refusals import Refused
from app.states.documents import DocumentState
from infra.clock import now
from infra.storage import StorageUnavailable
from tenants.reading import read_once

PUT_UP = define("cohorts:room_photo:put_up")
DESCRIBED = define("cohorts:room_photo:described")
TAKEN_AWAY = define("cohorts:room_photo:taken_away")

KIND = "room_photo"

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:room, 9))")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of one room. `state` is its document's; `problem` says why the file was refused."""

    id: UUID
    room: str
    words: str
    width: int
    height: int
    by_name: str
    state: str
    problem: str

    @property
    def is_shown(self) -> bool:
        """Whether the file was checked, so that people see it."""
        return self.state == DocumentState.READY


@read_once
def list_photos(session: Session, school_id: UUID) -> dict[str, Photo]:
    """Room -> its photo, of those that the scope may see: staff all, others what is shown to them."""
    found = session.execute(
        select(
            RoomPhoto.id,
            RoomPhoto.room,
            RoomPhoto.words,
            RoomPhoto.width,
            RoomPhoto.height,
            RoomPhoto.by_name,
            FILES.c.state,
            FILES.c.problem,
        )
        .join(FILES, (FILES.c.school_id == RoomPhoto.school_id) & (FILES.c.id == RoomPhoto.id))
        .where(RoomPhoto.school_id == school_id, RoomPhoto.taken_away_at.is_(None))
    )
    return {row.room: Photo(*row) for row in found}


def find_photo(session: Session, school_id: UUID, where: str) -> Photo | None:
    """The photo of the room in which something meets, in the words of `where`."""
    return list_photos(session, school_id).get(room_in(where))


def pick(photos: dict[str, Photo], where: str) -> Photo | None:
    """Of `list_photos`, the one to show beside `where`."""
    found = photos.get(room_in(where))
    return found if found is not None and found.is_shown else None


def put_up(
    session: Session, school_id: UUID, room: str, *, file: FileStorage, words: str, by_name: str
) -> None:
    """Put up a photo of a room in the place of the one before. Raises Refused, with nothing kept."""
    if not room:
        raise Refused(_("This group has no room yet. Choose its room first."))
    looked: list[CheckedUpload] = []
    try:
        photo_id = accept_upload(
            session,
            kind=KIND,
            school_id=school_id,
            file=file,
            created_by=by_name,
            look=looked.append,
            check=check_photo_apart,
        )
    except StorageUnavailable:
        raise Refused(
            _("We cannot keep files just now. Your photo is not lost: send it again in a few minutes."),
            "file",
        ) from None
    session.execute(_ONE_AT_A_TIME, {"room": f"{school_id}:{room}"})
    _put_away(session, school_id, RoomPhoto.room == room)
    session.add(
        RoomPhoto(
            school_id=school_id,
            id=photo_id,
            room=room,
            words=words,
            width=looked[0].width,
            height=looked[0].height,
            by_name=by_name,
        )
    )
    session.flush()
    record(session, PUT_UP, subject_id=photo_id)


def describe(session: Session, school_id: UUID, photo_id: UUID, words: str) -> None:
    """Other words for the same photo. Raises Refused where it was taken away."""
    changed = session.execute(
        update(RoomPhoto)
        .where(RoomPhoto.school_id == school_id, RoomPhoto.id == photo_id, RoomPhoto.taken_away_at.is_(None))
        .values(words=words)
        .returning(RoomPhoto.id)
    )
    if changed.first() is None:
        raise Refused(_gone())
    record(session, DESCRIBED, subject_id=photo_id)


def take_away(session: Session, school_id: UUID, photo_id: UUID) -> None:
    """Nobody sees it from now on, and its file is erased. Raises Refused where it was taken away."""
    if not _put_away(session, school_id, RoomPhoto.id == photo_id):
        raise Refused(_gone())
    record(session, TAKEN_AWAY, subject_id=photo_id)


def _put_away(session: Session, school_id: UUID, which: ColumnElement[bool]) -> bool:
    gone = session.execute(
        update(RoomPhoto)
        .where(RoomPhoto.school_id == school_id, which, RoomPhoto.taken_away_at.is_(None))
        .values(taken_away_at=now())
        .returning(RoomPhoto.id)
    ).all()
    if gone:
        ask_to_erase()
    return bool(gone)


def _gone() -> str:
    return _("That photo was taken away meanwhile. This is how things stand now.")
