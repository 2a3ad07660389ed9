"""A photo that phones show: drawn again from its pixels like every picture, and made small."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image

from app.documents.checks import KINDS, MAX_BYTES, CheckedUpload, check_upload
from app.documents.refusals import UploadRefused

#: Bytes that one photo may cost a phone.
BUDGET = 100_000
#: Pixels of the longer side, and how well it is kept: the first that fits the budget. The last ones fit anything.
TRIES = tuple((side, quality) for side in (1200, 1000, 800, 600, 400) for quality in (80, 70, 60))
#: Pixels of the shorter side. Less is a symbol, or a strip in which nobody knows a door.
LEAST = 200
#: How a HEIC picture begins, behind the length of its first part.
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypavif")
#: What it is kept as: a phone's own names say when it was taken, people's say of whom.
NAME = "photo.jpg"


def check_photo(filename: str, declared_type: str, data: bytes) -> CheckedUpload:
    """The photo as a JPEG of at most BUDGET bytes, with its width and height. Raises UploadRefused."""
    if data[4:12] in _HEIC or filename.lower().endswith((".heic", ".heif", ".avif")):
        raise UploadRefused(
            "heic",
            _(
                "This photo is in a format that many phones cannot show (HEIC). Open it, take a screenshot of it, and"
                " send that."
            ),
        )
    found = next(
        (kind for kind in KINDS if kind.name in ("jpeg", "png") and data.startswith(kind.starts_with)), None
    )
    if data and not found and len(data) <= MAX_BYTES:
        raise UploadRefused("not_a_photo", _("We need a photo here. Send a JPEG or PNG."))
    # Phones call a PNG .jpg; a photo's name and type are dropped in any case, its pixels are drawn again.
    if found:
        filename, declared_type = f"photo.{found.extension}", found.content_type
    checked = check_upload(filename, declared_type, data)
    with Image.open(BytesIO(checked.clean_bytes)) as picture:
        if min(picture.size) < LEAST:
            raise UploadRefused(
                "too_small",
                _("This picture is too small, or too narrow, to know a room by. Send another photo."),
            )
        small, (width, height) = _fit(_on_white(picture))
    return replace(
        checked,
        kind="jpeg",
        content_type="image/jpeg",
        extension="jpg",
        filename=NAME,
        sha256=hashlib.sha256(small).hexdigest(),
        size=len(small),
        clean_bytes=small,
        width=width,
        height=height,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """A JPEG cannot be seen through."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _fit(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """Its bytes, and its width and height, at the best of TRIES that fits."""
    for side, quality in TRIES:
        drawn = picture.copy()
        drawn.thumbnail((side, side))
        out = BytesIO()
        drawn.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= BUDGET:
            break
    return out.getvalue(), drawn.size
