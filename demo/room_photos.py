"""The demo's photo of a room: a drawing of a door, in the room of each group that is under way."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import Connection, text

from demo.keys import made_id
from infra.storage import ObjectStorage, quarantine_key, tenant_key

WORDS = (
    "A blue door with a round window, on the ground floor. A plant stands beside it, and there is no step."
)
SIZE = (900, 675)

_ROOMS = text(
    "select s.school_id, s.room, s.contact_name from school s where s.room <> '' and exists (select from cohort c"
    " where c.school_id = s.school_id and c.room = s.room and c.state in ('forming', 'running'))"
    " and not exists (select from room_photo p where p.school_id = s.school_id)"
)
_FILE = text(
    "insert into document (school_id, id, kind, file_name, state, object_key, content_type, sha256, size, created_by,"
    " next_at, created_at) values (:school_id, :id, 'room_photo', 'photo.jpg', 'quarantined', :key, 'image/jpeg',"
    " :sha256, :size, :by, app.now(), app.now())"
)
_PHOTO = text(
    "insert into room_photo (school_id, id, room, words, width, height, by_name) values (:school_id, :id, :room,"
    " :words, :width, :height, :by)"
)


def put_up_photos(connection: Connection, storage: ObjectStorage) -> None:
    """One for each school's own room where a group meets; the worker checks it as it checks any other. Once."""
    data = draw()
    digest = sha256(data).hexdigest()
    for school in connection.execute(_ROOMS).all():
        photo_id = made_id("room_photo", school.school_id)
        key = quarantine_key(tenant_key(school.school_id, photo_id, 1))
        storage.put(key, data, "image/jpeg", digest)
        row = {
            "school_id": school.school_id,
            "id": photo_id,
            "by": school.contact_name,
            "key": key,
            "sha256": digest,
            "size": len(data),
            "room": school.room,
            "words": WORDS,
            "width": SIZE[0],
            "height": SIZE[1],
        }
        connection.execute(_FILE, row)
        connection.execute(_PHOTO, row)


def draw() -> bytes:
    """A door that no school has, as a JPEG."""
    picture = Image.new("RGB", SIZE, "#f3e9d8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, 900, 675), fill="#b9a58a")
    pen.rectangle((0, 548, 900, 562), fill="#e0d3bd")
    pen.rectangle((330, 120, 590, 562), fill="#e8dcc6", outline="#8a7a62", width=4)
    pen.rectangle((350, 140, 570, 562), fill="#2f5f9e", outline="#24497a", width=4)
    pen.ellipse((410, 190, 510, 290), fill="#cfe3f2", outline="#24497a", width=8)
    pen.ellipse((532, 370, 554, 392), fill="#d8b24a")
    pen.rectangle((372, 470, 548, 540), outline="#24497a", width=3)
    pen.rectangle((690, 470, 780, 562), fill="#b5613c")
    for left, top in ((660, 330), (700, 290), (740, 340), (690, 390), (735, 400)):
        pen.ellipse((left, top, left + 70, top + 110), fill="#4f7d4a", outline="#3d633a", width=3)
    pen.rectangle((90, 200, 270, 330), fill="#ffffff", outline="#8a7a62", width=4)
    for row in range(3):
        pen.rectangle((112, 228 + row * 32, 248 - row * 24, 240 + row * 32), fill="#d9cfbf")
    out = BytesIO()
    picture.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
