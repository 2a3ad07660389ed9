"""Files that are two things at once, or carry something behind their end: refused, or what rode along is gone."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin
from pypdf.generic import DictionaryObject, NameObject

from app.documents.checks import check_upload
from app.documents.scanning import EICAR
from app.documents.wordfiles import DOCX_TYPE
from tests.unit.documents.files import DOCX_PARTS, JPEG, PDF, PNG, a_docx, a_pdf, an_image, refusal
from tests.unit.documents.test_upload_checks import open_with

CANARY = b"canary-rides-along"


def a_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", CANARY)
    return out.getvalue()


@pytest.mark.parametrize(
    "tail",
    [
        a_zip(),
        b"<html><script>alert(1)</script></html>",
        b"<!DOCTYPE html>",
        b"<svg onload=alert(1)>",
        b"MZ\x90\x00program",
        b"\x7fELF",
        b"<?php system(1);",
        b"Rar!\x1a\x07",
    ],
)
def test_a_pdf_with_another_file_behind_its_end(tail):
    assert refusal("a.pdf", PDF, a_pdf() + tail) == "unreadable"


@pytest.mark.parametrize("tail", [b"\n", b"\r\n\r\n", b"\x00" * 200, b"\n% made by a scanner\n"])
def test_a_pdf_with_a_plain_end(tail):
    assert check_upload("a.pdf", PDF, a_pdf() + tail).kind == "pdf"


@pytest.mark.parametrize("front", [b" ", b"\n", a_zip(), b"GIF89a", b"<html>", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("name", "declared", "data"),
    [
        ("a.pdf", PDF, a_pdf()),
        ("a.jpg", JPEG, an_image("JPEG")),
        ("a.png", PNG, an_image("PNG")),
        ("a.docx", DOCX_TYPE, a_docx()),
    ],
    ids=["pdf", "jpg", "png", "docx"],
)
def test_anything_in_front(front, name, declared, data):
    # A zip in front of a Word file is a zip that begins like one.
    assert refusal(name, declared, front + data) in {"mismatch", "unreadable"}


@pytest.mark.parametrize(("name", "declared", "form"), [("a.jpg", JPEG, "JPEG"), ("a.png", PNG, "PNG")])
@pytest.mark.parametrize("tail", [a_zip(), b"<script>" + CANARY, EICAR + CANARY, a_pdf() + CANARY])
def test_what_rides_behind_a_picture_is_gone(name, declared, form, tail):
    kept = check_upload(name, declared, an_image(form) + tail).clean_bytes
    assert CANARY not in kept
    assert EICAR not in kept
    assert b"PK\x03\x04" not in kept


def test_what_a_picture_knows_beside_its_pixels_is_gone():
    exif = Image.Exif()
    exif[0x010E] = "canary-description"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    photo = BytesIO()
    Image.new("RGB", (20, 20)).save(
        photo,
        "JPEG",
        exif=exif,
        comment=b"canary-comment",
        icc_profile=b"canary-profile",
        xmp=b"<canary-xmp/>",
    )
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "canary-author")
    notes.add_text("Comment", "canary-long", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", "<canary-itxt/>")
    drawing = BytesIO()
    Image.new("RGB", (20, 20)).save(drawing, "PNG", pnginfo=notes, exif=exif, icc_profile=b"canary-profile")
    for name, declared, data in (("a.jpg", JPEG, photo.getvalue()), ("a.png", PNG, drawing.getvalue())):
        assert b"canary" in data
        kept = check_upload(name, declared, data).clean_bytes
        assert b"canary" not in kept
        assert not Image.open(BytesIO(kept)).getexif()
    for chunk in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP"):
        assert chunk not in kept


def test_a_picture_with_several_frames_keeps_one():
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    kept = Image.open(BytesIO(check_upload("a.png", PNG, out.getvalue()).clean_bytes))
    assert getattr(kept, "n_frames", 1) == 1


def test_a_picture_cut_short():
    for name, declared, form in (("a.jpg", JPEG, "JPEG"), ("a.png", PNG, "PNG")):
        data = an_image(form, (300, 300))
        assert refusal(name, declared, data[: len(data) // 2]) == "unreadable"


def test_a_small_file_that_unpacks_to_a_great_picture_is_measured_first():
    rows = zlib.compress(b"\x00" * 100_000)
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert refusal("a.png", PNG, bomb) == "too_many_pixels"


@pytest.mark.parametrize("tail", [b"x", EICAR, a_zip(), b"\x00" * 30])
def test_a_word_file_with_something_behind_its_end(tail):
    assert refusal("a.docx", DOCX_TYPE, a_docx() + tail) == "unreadable"


def test_a_word_file_with_something_between_its_parts():
    whole = a_docx()
    start = whole.index(b"PK\x01\x02")
    filled = whole[:start] + CANARY + whole[start:]
    end = len(filled) - 22
    where = struct.pack("<I", struct.unpack("<I", filled[end + 16 : end + 20])[0] + len(CANARY))
    assert check_upload("a.docx", DOCX_TYPE, whole).kind == "docx"
    assert refusal("a.docx", DOCX_TYPE, filled[: end + 16] + where + filled[end + 20 :]) == "unreadable"


def test_a_word_file_that_was_written_as_a_stream_passes():
    class Stream(BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in DOCX_PARTS.items():
            archive.writestr(name, content)
    assert check_upload("a.docx", DOCX_TYPE, out.getvalue()).kind == "docx"


@pytest.mark.parametrize("name", ["word/media/a.zip", "word/media/image1.png", "customXml/item1.data"])
def test_a_word_file_with_an_archive_inside(name):
    assert refusal("a.docx", DOCX_TYPE, a_docx({name: a_zip()})) == "active"


def test_a_pdf_that_acts_only_when_a_page_is_opened():
    def on_page(writer):
        open_with("/Launch")(writer)
        action = writer._root_object.pop("/OpenAction")
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})

    assert refusal("a.pdf", PDF, a_pdf(on_page)) == "active"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("a\x00.exe.pdf", "a .exe.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("CON.pdf", "_CON.pdf"),
    ],
)
def test_names_that_want_to_be_somewhere_else(name, kept):
    assert check_upload(name, PDF, a_pdf()).filename == kept
