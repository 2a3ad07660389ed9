"""Check a Word file (DOCX): a zip of XML parts which must describe a document and do nothing else."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from flask_babel import gettext as _

from app.documents.refusals import UploadRefused
from app.documents.wordfields import LeadsOutside
from app.documents.wordlists import (
    CONTENT_TYPES,
    DOCX_TYPE,
    FOLDER_NAME,
    MAIN_PART,
    PART_NAME,
    is_what_its_name_says,
)
from app.documents.wordparts import Part, check_relations, check_xml

__all__ = ["DOCX_TYPE", "check_docx"]

MAX_ENTRIES = 500
MAX_UNPACKED = 50 * 1024 * 1024
MAX_LIST = 1024 * 1024  # a list of parts or links; these alone are parsed, the rest is only looked at

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
_MAIN_NAME = re.compile(r"word/document\d*\.xml")
_NAMES_OF_PARTS = "[Content_Types].xml"
_ENDINGS = {"xml", "rels", "odttf", "ttf", "otf"}
_DATA = re.compile(r"(?i)customXml/item\d+\.xml")
_PROPERTIES = re.compile(r"(?i)docProps/(core|custom)\.xml")


class _Unreadable(Exception):
    """The file is not a whole, plain Word document."""


class _Active(Exception):
    """A part of the file is a guest: a program, an add-in, another document."""


class _NoPicture(Exception):
    """A part is not the picture or font that its name says."""


def check_docx(data: bytes) -> None:
    """Raise UploadRefused unless `data` is a Word document of at most 500 parts, 50 MiB, that cannot act."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, data)
    except _Active:
        raise UploadRefused(
            "active",
            _(
                "This Word file has a macro, an add-in or another file inside it. Save it as a PDF, and send that."
            ),
        ) from None
    except LeadsOutside:
        raise UploadRefused(
            "active",
            _(
                "This Word file takes something from outside itself, such as a picture, a template or a mail merge, "
                "or has a link that is not to a web page, an email address or a phone number. "
                "Save it as a PDF, and send that."
            ),
        ) from None
    except _NoPicture:
        raise UploadRefused(
            "active",
            _("A picture in this Word file is not what its name says. Save it as a PDF, and send that."),
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
    if not {_NAMES_OF_PARTS, "_rels/.rels"} <= parts or not any(map(_MAIN_NAME.fullmatch, parts)):
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
    if not name.isascii() or not (FOLDER_NAME if name.endswith("/") else PART_NAME).fullmatch(name):
        raise _Active


def _check_content(name: str, content: bytes) -> None:
    if content.startswith((*_ARCHIVES, _OLE, *_PROGRAMS)):
        raise _Active
    lower = name.lower()
    if not is_what_its_name_says(lower, content):
        raise _NoPicture
    if not lower.endswith((".xml", ".rels", ".svg")):
        return
    # A document type can define entities that grow without end; UTF-16 would hide it from this look.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise _Unreadable
    is_list = lower.endswith(".rels") or name == _NAMES_OF_PARTS
    if is_list and len(content) > MAX_LIST:
        raise _Unreadable
    check_xml(content, Part.DATA if is_list else _part(name))
    if lower.endswith(".rels"):
        check_relations(content)
    elif name == _NAMES_OF_PARTS:
        _check_types(content)


def _part(name: str) -> Part:
    if name.lower().endswith(".svg"):
        return Part.PICTURE
    if _DATA.fullmatch(name):
        return Part.DATA
    return Part.PROPERTIES if _PROPERTIES.fullmatch(name) else Part.TEXT


def _check_types(content: bytes) -> None:
    """The main part is a plain document, and every part is of a kind of our list."""
    root = ElementTree.fromstring(content)  # noqa: S314  # nosec B314
    types = set()
    for item in root.iter():
        # A kind for endings that no part of ours has is said of nothing. An override names a part, and no ending.
        is_default = item.tag.rpartition("}")[2] == "Default"
        ending = item.get("Extension", "").strip().lower() if is_default else ""
        if ending and not PART_NAME.fullmatch(f"word/media/x.{ending}") and ending not in _ENDINGS:
            continue
        types.add(item.get("ContentType", "").strip().lower())
    if not types - {""} <= CONTENT_TYPES:
        raise _Active
    if MAIN_PART not in types:
        raise _Unreadable
