"""Every reason to turn a file away, and that ordinary files pass."""

import hashlib
import struct
import zlib
from io import BytesIO
from typing import Any, cast

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from app.documents.checks import MAX_BYTES, check_upload, upload_filename
from app.documents.wordfiles import DOCX_TYPE
from tests.unit.documents.files import JPEG, PDF, PNG, a_docx, a_pdf, an_image, refusal, relations

# --- what passes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "declared", "data", "kind", "extension"),
    [
        ("Agreement.PDF", PDF, a_pdf(), "pdf", "pdf"),
        ("photo.jpeg", "image/jpg", an_image("JPEG"), "jpeg", "jpg"),
        ("scan.png", "image/png; charset=binary", an_image("PNG"), "png", "png"),
        ("Notes.docx", DOCX_TYPE, a_docx(), "docx", "docx"),
    ],
)
def test_ordinary_files_pass(name, declared, data, kind, extension):
    passed = check_upload(name, declared, data)
    assert (passed.kind, passed.extension) == (kind, extension)
    assert passed.sha256 == hashlib.sha256(passed.clean_bytes).hexdigest()
    assert passed.size == len(passed.clean_bytes)
    assert passed.filename.endswith(f".{extension}")


def test_pdf_and_word_files_are_kept_byte_for_byte():
    for name, declared, data in (("a.pdf", PDF, a_pdf()), ("a.docx", DOCX_TYPE, a_docx())):
        assert check_upload(name, declared, data).clean_bytes == data


# --- size, name and type ---------------------------------------------------------------------------------


def test_empty_file():
    assert refusal("a.pdf", PDF, b"") == "empty"


def test_one_byte_too_many():
    assert refusal("a.pdf", PDF, b"%PDF-1.7".ljust(MAX_BYTES + 1)) == "too_big"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.zip", "a.doc", "a.docm", "a.exe", "a", "", "pdf"])
def test_other_kinds(name):
    assert refusal(name, PDF, a_pdf()) == "kind"


@pytest.mark.parametrize(
    ("name", "declared", "data"),
    [
        ("a.pdf", PDF, an_image("PNG")),
        ("a.png", PNG, a_pdf()),
        ("a.png", PNG, an_image("JPEG")),
        ("a.pdf", PNG, a_pdf()),
        ("a.pdf", "", a_pdf()),
        ("a.pdf", "application/octet-stream", a_pdf()),
        ("a.jpg", JPEG, b"GIF89a" + bytes(100)),
        ("a.pdf", PDF, b"<html>%PDF-1.7"),
        ("a.docx", DOCX_TYPE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.docx", DOCX_TYPE, b"MZ" + a_docx()),
    ],
)
def test_name_declaration_and_bytes_must_agree(name, declared, data):
    assert refusal(name, declared, data) == "mismatch"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Agreement signed.pdf", "Agreement signed.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ayşe\\İmza.pdf", "İmza.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("a\r\nX-Evil: 1.pdf", "a X-Evil 1.pdf"),
        ("notes\u202efdp.pdf", "notes fdp.pdf"),
        ("NUL.pdf", "_NUL.pdf"),
        (".pdf", "document.pdf"),
        ("a.b.c.pdf", "a.b.c.pdf"),
        ("", "document.pdf"),
        ("x" * 500 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert upload_filename(given, "pdf") == kept


# --- pictures --------------------------------------------------------------------------------------------


def test_a_photo_loses_its_place_and_keeps_its_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[1] = "N"
    data = an_image("JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE")
    clean = check_upload("a.jpg", JPEG, data + b"<script>SECRET-TAIL</script>").clean_bytes
    with Image.open(BytesIO(clean)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
    for trace in (b"CAMERA-MAKER", b"SECRET", b"Exif"):
        assert trace not in clean


def test_a_png_loses_its_notes():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET-AUTHOR")
    data = an_image("PNG", pnginfo=notes, icc_profile=b"SECRET-PROFILE", dpi=(300, 300))
    clean = check_upload("a.png", PNG, data).clean_bytes
    assert b"SECRET" not in clean
    with Image.open(BytesIO(clean)) as image:
        assert image.info == {}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_ordinary_png_mode_is_drawn(mode):
    assert check_upload("a.png", PNG, an_image("PNG", mode=mode)).size > 0


def test_a_cmyk_jpeg_becomes_colour():
    clean = check_upload("a.jpg", JPEG, an_image("JPEG", mode="CMYK")).clean_bytes
    with Image.open(BytesIO(clean)) as image:
        assert image.mode == "RGB"


def test_a_large_photo_is_made_smaller():
    clean = check_upload("a.jpg", JPEG, an_image("JPEG", size=(6000, 3000))).clean_bytes
    with Image.open(BytesIO(clean)) as image:
        assert image.size == (4000, 2000)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds almost nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(5001, 5000), (10_000, 10_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_not_unpacked(size):
    assert refusal("a.png", PNG, png_of(*size)) == "too_many_pixels"


@pytest.mark.parametrize(("name", "declared"), [("a.png", PNG), ("a.jpg", JPEG)])
def test_a_broken_picture(name, declared):
    whole = an_image("PNG" if declared == PNG else "JPEG", size=(400, 400))
    assert refusal(name, declared, whole[: len(whole) // 2]) == "unreadable"


# --- PDF -------------------------------------------------------------------------------------------------


def test_a_pdf_with_a_web_link_passes():
    def link(writer):
        action = DictionaryObject(
            {
                NameObject("/S"): NameObject("/URI"),
                NameObject("/URI"): TextStringObject("https://example.org"),
            }
        )
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/A"): action,
            }
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    assert check_upload("a.pdf", PDF, a_pdf(link)).kind == "pdf"


def test_a_pdf_with_a_password():
    assert (
        refusal("a.pdf", PDF, a_pdf(lambda writer: writer.encrypt("x", algorithm="RC4-128"))) == "encrypted"
    )


def open_with(action: str, *, behind_reference: bool = False):
    def change(writer):
        name = NameObject(action)
        kind = writer._add_object(name) if behind_reference else name
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): kind})

    return change


@pytest.mark.parametrize(
    "change",
    [
        open_with("/JavaScript"),
        lambda writer: writer.add_attachment("a.txt", b"hello"),
        open_with("/Launch"),
        open_with("/SubmitForm"),
        open_with("/GoToE"),
        open_with("/ImportData"),
        open_with("/SubmitForm", behind_reference=True),
    ],
)
def test_a_pdf_that_acts(change):
    assert refusal("a.pdf", PDF, a_pdf(change)) == "active"


def test_a_script_whose_name_is_spelt_otherwise():
    data = a_pdf(open_with("/JavaScript")).replace(b"/JavaScript", b"/Java#53cript")
    assert b"/JavaScript" not in data
    assert refusal("a.pdf", PDF, data) == "active"


def test_a_script_inside_a_compressed_object():
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    hidden = b"7 0 << /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>"
    packed = zlib.compress(hidden)
    objects = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 7 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    ]
    data, places = b"%PDF-1.5\n", []
    for item in objects:
        places.append(len(data))
        data += item
    rows = [struct.pack(">BIB", 0, 0, 0), *(struct.pack(">BIB", 1, place, 0) for place in places)]
    rows += [struct.pack(">BIB", 1, len(data), 0), struct.pack(">BIB", 0, 0, 0), struct.pack(">BIB", 2, 4, 0)]
    table = b"".join(rows)
    start = len(data)
    data += (
        b"5 0 obj\n<< /Type /XRef /Size 8 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start
    )
    assert cast(Any, PdfReader(BytesIO(data)).trailer["/Root"])["/OpenAction"]["/S"] == "/JavaScript"
    assert b"JavaScript" not in data
    assert refusal("a.pdf", PDF, data) == "active"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 5000, a_pdf()[:200]])
def test_a_broken_pdf(data):
    assert refusal("a.pdf", PDF, data) == "unreadable"


def test_a_pdf_without_pages_and_one_with_too_many():
    assert refusal("a.pdf", PDF, a_pdf(pages=0)) == "pages"
    assert refusal("a.pdf", PDF, a_pdf(pages=301)) == "pages"


# --- Word ------------------------------------------------------------------------------------------------


def test_a_word_file_with_a_web_link_passes():
    assert (
        check_upload("a.docx", DOCX_TYPE, a_docx(relations("hyperlink", "https://example.org"))).kind
        == "docx"
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/VBAPROJECT.xml": b"<x/>"},
        {"word/embeddings/sheet.xlsx": b"x"},
        {"word/activeX/activeX1.xml": "<x/>"},
        {"word/media/image1.png": b"PK\x03\x04nested"},
        {"word/media/image1.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        {"word/media/image1.png": b"MZ program"},
        relations("attachedTemplate", "https://example.org/t.dotm"),
        relations("image", "https://example.org/pixel.png"),
        relations("oleObject", "file://server/x"),
        relations("hyperlink", "javascript:alert(1)"),
        relations("hyperlink", "file://server/share"),
        relations("aFChunk", "afchunk.mht", mode="Internal"),
        {"word/document.xml": "<d><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></d>"},
        {"word/document.xml": "<d><w:instrText>DD</w:instrText><w:instrText>E x</w:instrText></d>"},
        {"word/document.xml": "<d><w:fldSimple w:instr='&#68;DE x'/></d>"},
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-word.document.'
            'macroEnabled.main+xml"/></Types>'
        },
    ],
)
def test_a_word_file_that_acts(parts):
    assert refusal("a.docx", DOCX_TYPE, a_docx(parts)) == "active"


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": None},
        {"word/document.xml": None},
        {"[Content_Types].xml": "<Types/>"},
        {"[Content_Types].xml": "<Types"},
        {"../evil.xml": "<x/>"},
        {"/evil.xml": "<x/>"},
        {"word/../../evil.xml": "<x/>"},
        {"word\\evil.xml": "<x/>"},
        {"C:/evil.xml": "<x/>"},
        {"WORD/document.xml": "<x/>"},
        {"word/styles.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
        {"word/styles.xml": "<x/>".encode("utf-16")},
    ],
)
def test_a_word_file_that_is_none(parts):
    assert refusal("a.docx", DOCX_TYPE, a_docx(parts)) == "unreadable"


def test_a_broken_word_file():
    whole = a_docx()
    assert refusal("a.docx", DOCX_TYPE, whole[:-30]) == "unreadable"
    assert refusal("a.docx", DOCX_TYPE, a_docx(comment=b"PK\x03\x04")) == "unreadable"
    damaged = bytearray(whole)
    damaged[60:70] = bytes(10)
    assert refusal("a.docx", DOCX_TYPE, bytes(damaged)) == "unreadable"


def test_too_many_parts():
    assert (
        refusal("a.docx", DOCX_TYPE, a_docx({f"word/p{n}.xml": "<x/>" for n in range(498)}))
        == "unpacks_too_big"
    )


def test_a_word_file_that_unpacks_to_too_much():
    assert (
        refusal("a.docx", DOCX_TYPE, a_docx({"word/big.xml": b" " * 51 * 1024 * 1024})) == "unpacks_too_big"
    )


def test_a_word_file_that_lies_about_its_size():
    data = bytearray(a_docx({"word/styles.xml": b" " * 51 * 1024 * 1024}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    assert refusal("a.docx", DOCX_TYPE, bytes(data)) in {"unpacks_too_big", "unreadable"}
