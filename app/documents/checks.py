"""Look at an uploaded file before anybody else has to open it.

Four kinds are taken: PDF, JPEG, PNG and Word (DOCX). What the name says, what the browser said and what the
bytes say must be one and the same. Pictures are drawn again from their pixels, which leaves behind where and
on what they were taken. PDF and Word files that could run, fetch or carry something else are refused. The
virus scan comes after.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO

import puremagic
from flask_babel import gettext as _
from PIL import Image, ImageOps

from app.documents.likeness import digest_pages
from app.documents.pdffiles import check_pdf
from app.documents.refusals import UploadRefused
from app.documents.wordfiles import DOCX_TYPE, check_docx
from infra.filenames import safe_filename

MAX_BYTES = 10 * 1024 * 1024
# PNG has to be unpacked whole, at 4 bytes a pixel and several copies; JPEG can be unpacked smaller.
MAX_PIXELS = {"jpeg": 50_000_000, "png": 25_000_000}
LONGEST_SIDE = 4000  # pixels kept; A4 at 340 dots an inch
ENOUGH = 2400  # pixels; JPEG is unpacked smaller where that leaves at least so many

_RESERVED_NAMES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")


@dataclass(frozen=True)
class Kind:
    """One kind of file that we take."""

    name: str
    content_type: str
    extension: str
    starts_with: bytes
    extensions: tuple[str, ...]
    declared: tuple[str, ...]


KINDS = (
    Kind("pdf", "application/pdf", "pdf", b"%PDF-", ("pdf",), ("application/pdf",)),
    Kind("jpeg", "image/jpeg", "jpg", b"\xff\xd8\xff", ("jpg", "jpeg"), ("image/jpeg", "image/jpg")),
    Kind("png", "image/png", "png", b"\x89PNG\r\n\x1a\n", ("png",), ("image/png",)),
    Kind("docx", DOCX_TYPE, "docx", b"PK\x03\x04", ("docx",), (DOCX_TYPE,)),
)


@dataclass(frozen=True)
class CheckedUpload:
    """A file that passed. `sha256` and `size` are of `clean_bytes`, which is what to store."""

    kind: str
    content_type: str
    extension: str
    filename: str
    sha256: str
    size: int
    clean_bytes: bytes
    #: Of a PDF: of what its pages draw (`likeness.py`).
    pages_sha256: str = ""
    #: Of a photo that pages show (`photos.py`), in pixels.
    width: int = 0
    height: int = 0


def check_upload(filename: str, declared_type: str, data: bytes) -> CheckedUpload:
    """The upload, checked and cleaned. Raises UploadRefused with words for the person who sent it."""
    if not data:
        raise UploadRefused("empty", _("This file is empty. Choose it again, or save it again first."))
    if len(data) > MAX_BYTES:
        raise UploadRefused(
            "too_big", _("This file is too big. Send one of 10 MB or less. A photo taken smaller will do.")
        )
    kind = _kind_of(filename, declared_type, data)
    pages_sha256 = ""
    if kind.name == "pdf":
        check_pdf(data)
        pages_sha256 = _digest_pages(data)
    elif kind.name == "docx":
        check_docx(data)
    else:
        data = redraw_image(data, kind.name)
        if len(data) > MAX_BYTES:
            raise UploadRefused(
                "too_big", _("This picture is too big. Take it again with fewer details, and send that.")
            )
    return CheckedUpload(
        kind=kind.name,
        content_type=kind.content_type,
        extension=kind.extension,
        filename=upload_filename(filename, kind.extension),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        clean_bytes=data,
        pages_sha256=pages_sha256,
    )


def _digest_pages(data: bytes) -> str:
    """Empty for pages that cannot be drawn, which are not like any of ours."""
    try:
        return digest_pages(data)
    except Exception:  # a parser of hostile files fails in many ways
        return ""


def upload_filename(filename: str, extension: str) -> str:
    """A name for the file that is safe everywhere and ends in `extension`; folders in it are dropped."""
    base = re.split(r"[/\\]", filename)[-1]
    stem = re.sub(r"\.[^.]*$", "", base) if "." in base else base
    stem = safe_filename(stem)
    if _RESERVED_NAMES.match(stem):
        stem = f"_{stem}"
    return safe_filename(f"{stem}.{extension}")


def _kind_of(filename: str, declared_type: str, data: bytes) -> Kind:
    """The one kind that name, declaration and bytes agree on. UploadRefused where they do not."""
    _stem, dot, suffix = safe_filename(filename).lower().rpartition(".")
    named = next((kind for kind in KINDS if dot and suffix in kind.extensions), None)
    if named is None:
        raise UploadRefused(
            "kind", _("We take PDF, Word (DOCX), JPG and PNG files. Save it as one of these.")
        )
    declared = declared_type.partition(";")[0].strip().lower()
    if declared not in named.declared or named.content_type not in _sniff(data, named):
        raise UploadRefused(
            "mismatch",
            _("This file is not what its name says. Open it, save it again, and send the new file."),
        )
    return named


def _sniff(data: bytes, expected: Kind) -> set[str]:
    """The content types that the first bytes may be, empty unless they begin exactly as `expected` does."""
    if not data.startswith(expected.starts_with):
        return set()
    try:
        return {match.mime_type for match in puremagic.magic_string(data[:2048])}
    except (puremagic.PureError, ValueError):
        return set()


# --- pictures --------------------------------------------------------------------------------------------


def redraw_image(data: bytes, kind: str) -> bytes:
    """The picture drawn again from its pixels, upright, at most 4000 pixels a side, with nothing else in it.

    UploadRefused for a picture of too many pixels, before any is unpacked, and for a broken one.
    """
    form = kind.upper()
    try:
        with Image.open(BytesIO(data), formats=[form]) as source:
            if source.width * source.height > MAX_PIXELS[kind]:
                raise Image.DecompressionBombError
            # JPEG can be unpacked at a half or a quarter: a phone's photo then fits in little memory.
            source.draft(None, (ENOUGH, ENOUGH))
            if source.mode in {"L", "RGB", "RGBA", "CMYK"}:  # others do not shrink well before they are plain
                source.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = _plain(ImageOps.exif_transpose(source), form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused(
            "too_many_pixels", _("This picture is too large. Take it again at a smaller size, and send that.")
        ) from None
    except (OSError, ValueError, SyntaxError, MemoryError):
        raise UploadRefused(
            "unreadable", _("We could not open this picture. Take or save it again, and send the new one.")
        ) from None
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture, so that the old one's notes, place and colour profile stay behind.
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = BytesIO()
    if form == "JPEG":
        clean.save(out, form, quality=88, optimize=True)
    else:
        clean.save(out, form)
    return out.getvalue()


def _plain(image: Image.Image, form: str) -> Image.Image:
    """The picture in one of three plain modes: grey, colour, or (PNG only) colour with see-through."""
    if image.mode.startswith("I"):  # 16 bits a pixel, from some scanners
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if form == "PNG" and ("A" in image.mode or "transparency" in image.info):
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")
