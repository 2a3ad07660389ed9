"""A photo that phones show: small, without where it was taken, and refused in words where it is none."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from app.documents.photos import BUDGET, NAME, check_photo
from app.documents.refusals import UploadRefused
from tests.unit.documents.files import PNG, an_image

JPEG = "image/jpeg"
PLACE = 34853  # of EXIF: where it was taken


def noise(size: tuple[int, int]) -> Image.Image:
    """What compresses worst of all."""
    return Image.frombytes("RGB", size, Random(7).randbytes(size[0] * size[1] * 3))


def as_file(picture: Image.Image, form: str = "JPEG", **save) -> bytes:
    out = BytesIO()
    picture.save(out, form, **save)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_worst_photo_fits_a_phones_budget(form):
    found = check_photo(f"a.{form.lower()}", f"image/{form.lower()}", as_file(noise((1500, 1100)), form))

    assert found.size == len(found.clean_bytes) <= BUDGET
    with Image.open(BytesIO(found.clean_bytes)) as small:
        assert small.format == "JPEG"
        assert small.size == (found.width, found.height)


def test_a_plain_photo_stays_as_large_as_a_page_can_show():
    found = check_photo("a.jpg", JPEG, an_image("JPEG", size=(3000, 2000)))

    assert (found.width, found.height) == (1200, 800)


def test_where_it_was_taken_and_its_name_stay_behind():
    exif = Image.Exif()
    exif[PLACE] = {1: "N", 2: (51.0, 32.0, 44.0)}
    found = check_photo("Sarah at the door.jpg", JPEG, an_image("JPEG", size=(600, 400), exif=exif))

    with Image.open(BytesIO(found.clean_bytes)) as small:
        assert not small.getexif()
    assert found.filename == NAME


def test_what_was_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[274] = 6
    found = check_photo("a.jpg", JPEG, an_image("JPEG", size=(600, 400), exif=exif))

    assert (found.width, found.height) == (400, 600)


@pytest.mark.parametrize(
    ("name", "declared", "data", "code"),
    [
        ("IMG_1.HEIC", "image/heic", b"\x00\x00\x00\x18ftypheic", "heic"),
        # A phone that only names it otherwise.
        ("IMG_1.jpg", JPEG, b"\x00\x00\x00\x18ftypheic\x00", "heic"),
        ("plan.pdf", "application/pdf", b"%PDF-1.4", "not_a_photo"),
        ("a.gif", "image/gif", b"GIF89a", "not_a_photo"),
        ("a.jpg", JPEG, b"", "empty"),
        ("a.jpg", JPEG, b"x" * (10 * 1024 * 1024 + 1), "too_big"),
        ("a.jpg", JPEG, an_image("JPEG", size=(600, 400))[:300], "unreadable"),
        ("a.jpg", JPEG, b"<svg/>", "not_a_photo"),
        ("a.png", PNG, an_image("PNG", size=(600, 30)), "too_small"),
    ],
)
def test_what_is_no_photo_of_a_room_is_refused_in_words(name, declared, data, code):
    with pytest.raises(UploadRefused) as refused:
        check_photo(name, declared, data)

    assert refused.value.code == code
    assert refused.value.words.endswith(".")


def test_what_can_be_seen_through_stands_on_white():
    found = check_photo("a.png", PNG, as_file(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG"))

    with Image.open(BytesIO(found.clean_bytes)) as small:
        assert min(small.convert("L").tobytes()) > 250
