"""The photo of a group's room, on its page for staff; the picture itself is `app/papers/photo_routes.py`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import queries, room_photos
from app.cohorts.formats import room_in
from app.cohorts.membership import refuse_over
from app.cohorts.photo_forms import RoomPhotoForm
from app.cohorts.routes import blueprint
from app.extensions import db
from app.identity.current import me
from app.schools import queries as schools
from app.shell.as_shown import if_as_shown
from app.shell.pressing import or_gone, press, submit
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY


@blueprint.route("/school/groups/<uuid:cohort_id>/room-photo", methods=["GET", "POST"])
def room_photo(cohort_id: UUID) -> str | Response:
    cohort = queries.get_cohort(db.session, me().own_school_id, cohort_id)
    room = _room_of(cohort)
    photo = room_photos.find_photo(db.session(), me().own_school_id, room)
    every = room_photos.list_photos(db.session(), me().own_school_id)
    form = RoomPhotoForm(data={"words": photo.words if photo else ""})
    return submit(
        form,
        if_as_shown(lambda: _keep(form, cohort, room, photo), photo.id if photo else ""),
        lambda is_new: (
            _("Thank you. We check the photo now. It shows in a minute.") if is_new else _("Saved.")
        ),
        "cohorts.room_photo",
        field="file",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/room_photo.html",
        form=form,
        cohort=cohort,
        room=room,
        photo=photo,
        others=[one for where, one in sorted(every.items()) if photo is None or one.id != photo.id],
        is_over=cohort.state not in UNDER_WAY,
    )


@blueprint.post("/school/groups/<uuid:cohort_id>/room-photo/<uuid:photo_id>/take-away")
@or_gone(_l("That group is gone, and its page with it."), "cohorts.list_cohorts")
def take_photo_away(cohort_id: UUID, photo_id: UUID) -> Response:
    school_id = me().own_school_id
    queries.get_cohort(db.session, school_id, cohort_id)
    return press(
        lambda: room_photos.take_away(db.session(), school_id, photo_id),
        _("The photo is taken away. Nobody sees it any more, and the file is erased."),
        "cohorts.room_photo",
        cohort_id=cohort_id,
    )


def _room_of(cohort: Any) -> str:
    """The room of the group in words; empty where none was chosen, or everybody joins online."""
    if cohort.room:
        return room_in(cohort.room)
    return schools.get_school(db.session, cohort.school_id).room


def _keep(form: RoomPhotoForm, cohort: Any, room: str, photo: room_photos.Photo | None) -> bool:
    """Whether there is a new photo. Raises Refused."""
    refuse_over(cohort)
    school_id, words = cohort.school_id, form.words.data or ""
    if form.file.data:
        if not form.nobody.data:
            raise Refused(
                _(
                    "Look at the photo again, and tick this where the words fit and nobody and no name is on it"
                ),
                "nobody",
            )
        room_photos.put_up(db.session(), school_id, room, file=form.file.data, words=words, by_name=me().name)
    elif photo is None:
        raise Refused(_("Choose the photo"), "file")
    else:
        room_photos.describe(db.session(), school_id, photo.id, words)
    return bool(form.file.data)
