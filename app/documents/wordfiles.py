"""Check a Word file (DOCX): a zip of XML parts which must describe a document and do nothing else."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from flask_babel import gettext as _

from app.documents.refusals import UploadRefused
from app.documents.wordparts import LeadsOutside, check_target, check_xml

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_ENTRIES = 500
MAX_UNPACKED = 50 * 1024 * 1024
MAX_LIST = 1024 * 1024  # a list of parts or links; these alone are parsed, the rest is only looked at

_MAIN_PART = f"{DOCX_TYPE}.main+xml"
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
)
_END, _END_SIZE = b"PK\x05\x06", 22  # the record that ends a zip without a comment
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, macros and packaged objects
_PROGRAMS = (b"MZ", b"\x7fELF")
# Last word of a relationship's type, for parts that run or carry something.
_ACTIVE_RELATIONS = {
    "afchunk", "activexcontrolbinary", "attachedtoolbars", "control", "keymapcustomizations", "oleobject",
    "package", "subdocument", "vbaproject", "wordvbadata",
}  # fmt: skip
_ACTIVE_NAMES = re.compile(
    r"(?i)(vbaproject|vbadata|/activex/|/embeddings/|\.(bin|exe|dll|js|vbs|hta|lnk|ps1)$)"
)
#: What a document is made of. Anything else is a guest: a web page, another document, a program.
_PART_NAME = re.compile(
    r"(?i)[\w./ ()\[\]-]+\.(xml|rels|png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|odttf|ttf|otf|wdp|jxr)"
)
_GUESTS = re.compile(
    r"html|rtf|rfc822|mime|script|macroenabled|vba|activex|oleobject|spreadsheet|presentation|pdf"
)
_SAFE_LINK = re.compile(r"(?i)(https?://|mailto:|tel:|#)")


class _Unreadable(Exception):
    """The file is not a whole, plain Word document."""


class _Active(Exception):
    """The file could run, fetch or carry something."""


def check_docx(data: bytes) -> None:
    """Raise UploadRefused unless `data` is a Word document of at most 500 parts, 50 MiB, that cannot act."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, data)
    except (_Active, LeadsOutside):
        raise UploadRefused(
            "active",
            _("This Word file has a macro, or something else inside it. Save it as a PDF, and send that."),
        ) from None
    except (
        _Unreadable, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OSError, ValueError, LookupError,
        RuntimeError, NotImplementedError, EOFError, struct.error,
    ):  # fmt: skip
        raise UploadRefused(
            "unreadable", _("We could not open this Word file. Save it again as a PDF, and send that.")
        ) from None


def _check_parts(archive: zipfile.ZipFile, data: bytes) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UploadRefused(
            "unpacks_too_big", _("This Word file is too big inside. Save it as a PDF, and send that.")
        )
    # Something in front of the first part, or behind the last, would be another file riding along.
    if not entries or min(entry.header_offset for entry in entries) != 0 or archive.comment:
        raise _Unreadable
    if data[-_END_SIZE:][: len(_END)] != _END or not _has_no_gaps(archive, entries, data):
        raise _Unreadable
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) != len(names):
        raise _Unreadable
    left = MAX_UNPACKED
    parts: set[str] = set()
    for entry in entries:
        _check_name(entry)
        with archive.open(entry) as stream:  # what the entry says of its size may be untrue
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise UploadRefused(
                "unpacks_too_big", _("This Word file is too big inside. Save it as a PDF, and send that.")
            )
        _check_content(entry.filename, content)
        parts.add(entry.filename)
    if not {"[Content_Types].xml", "_rels/.rels", "word/document.xml"} <= parts:
        raise _Unreadable


def _has_no_gaps(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], data: bytes) -> bool:
    """Whether each part begins where the one before it ends, and the list of parts where the last one ends."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in ordered[1:]] + [archive.start_dir]
    for entry, following in zip(ordered, starts, strict=True):
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        gap = following - (entry.header_offset + 30 + name + extra + entry.compress_size)
        # A part whose size was not known when it was begun has a note of it behind it.
        if gap not in ((0, 12, 16, 20, 24) if entry.flag_bits & 0x8 else (0,)):
            return False
    return True


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    steps = name.rstrip("/").split("/")
    if entry.flag_bits & 0x1 or "\\" in name or ":" in name or "\x00" in name:
        raise _Unreadable
    if name.startswith("/") or any(step in {"", ".", ".."} for step in steps):
        raise _Unreadable
    if _ACTIVE_NAMES.search(f"/{name}"):
        raise _Active
    if not name.isascii() or "%" in name or not (name.endswith("/") or _PART_NAME.fullmatch(name)):
        raise _Active


def _check_content(name: str, content: bytes) -> None:
    if content.startswith((*_ARCHIVES, _OLE, *_PROGRAMS)):
        raise _Active
    lower = name.lower()
    if lower.endswith(".svg"):
        check_xml(content, is_picture=True)
    if not lower.endswith((".xml", ".rels")):
        return
    # A document type can define entities that grow without end; UTF-16 would hide it from this look.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise _Unreadable
    if (lower.endswith(".rels") or name == "[Content_Types].xml") and len(content) > MAX_LIST:
        raise _Unreadable
    if lower.endswith(".rels"):
        _check_relations(content)
    elif name == "[Content_Types].xml":
        _check_types(content)
    check_xml(content)


def _check_relations(content: bytes) -> None:
    """Only links that a reader clicks may point outside the file."""
    # No document type, and unpacked under a cap: nothing in it can grow.
    for relation in ElementTree.fromstring(content).iter():  # noqa: S314  # nosec B314
        kind = relation.get("Type", "").rstrip("/ ").rpartition("/")[2].lower()
        mode = relation.get("TargetMode", "").strip().lower()
        outside = mode == "external"
        if mode not in ("", "internal", "external"):
            raise _Active
        if kind in _ACTIVE_RELATIONS:
            raise _Active
        if outside and not (kind == "hyperlink" and _SAFE_LINK.match(relation.get("Target", ""))):
            raise _Active
        if not outside:
            check_target(relation.get("Target", ""))


def _check_types(content: bytes) -> None:
    """The main part is a plain document, and no part is a macro or a control."""
    root = ElementTree.fromstring(content)  # noqa: S314  # nosec B314
    types = [item.get("ContentType", "").strip().lower() for item in root.iter()]
    if any(_GUESTS.search(kind.replace(_MAIN_PART, "").replace("officedocument", "")) for kind in types):
        raise _Active
    if _MAIN_PART not in types:
        raise _Unreadable
