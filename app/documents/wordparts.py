"""Look through one part of a Word file: nothing in it may lead outside the file but a link that somebody presses.

Every value and every text is searched for addresses. Lists say where one may stand: in words that are read, in names
of dialects, behind a link. All else is refused, known to us or not.
"""

import binascii
import re
import zipfile
from base64 import b64decode
from collections.abc import Mapping
from enum import Enum, auto
from io import BytesIO
from typing import Protocol
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from app.documents.addresses import begins_with_scheme, holds_address, holds_only_pages, may_be_pressed
from app.documents.drawings import Drawing
from app.documents.wordfields import LeadsOutside, check_field, check_loose, is_link
from app.documents.wordlists import HYPERLINK, RELATIONS

MAX_PACKED = 5 * 1024 * 1024  # bytes of a drawing that an old Word reads, packed into a value

_DECLARED = re.compile(rb"^\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_PLAIN = {b"utf-8", b"us-ascii", b"ascii"}
_XML = "http://www.w3.org/XML/1998/namespace"
_VML = "urn:schemas-microsoft-com:vml"
_FIELD_TEXT = {"instrtext", "delinstrtext"}

#: Dialects of Office. What stands in another one is no exception to anything.
_OFFICE = (
    "http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/", "http://purl.oclc.org/ooxml/",
    "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2003/InkML", "http://purl.org/dc/",
    "urn:schemas-microsoft-com:",
)  # fmt: skip
#: Elements that carry, fetch or ask for something.
_ACTS = {
    "altchunk", "subdoc", "oleobject", "object", "control", "ocx", "script", "foreignobject", "iframe", "embed",
    "mailmerge", "schemalibrary", "webvideopr", "savethroughxslt", "frameset", "movie", "attachedtemplate",
    "videofile", "audiofile", "wavaudiofile", "quicktimefile", "externaldata", "customui", "taskpane",
    "webextension", "webextensionref", "entrymacro", "exitmacro",
}  # fmt: skip
#: Words that are read: they may name any address.
_READ = {"t", "deltext", "lpstr", "lpwstr", "bstr"}
_READ_VALUES = {
    "descr", "title", "alt", "author", "initials", "tooltip", "displaytext", "name", "string", "description",
    "displayname", "username", "lastrenderedvalue", "suggestedsigner", "suggestedsigner2", "signinginstructions",
}  # fmt: skip
#: Elements whose `val` is words.
_READ_VAL = {
    "alias", "tag", "name", "aliases", "lvltext", "tblcaption", "tbldescription", "helptext", "statustext",
    "default", "listentry", "docvar", "listitem", "dateformat", "category", "docpart",
}  # fmt: skip
#: Names of dialects: told apart by them, never visited.
_DIALECTS = {
    ("graphicdata", "uri"), ("ext", "uri"), ("compatsetting", "uri"), ("schemaref", "uri"), ("smarttag", "uri"),
    ("smarttagtype", "namespaceuri"), ("customxml", "uri"), ("customxmlpr", "uri"), ("datamodelext", "minver"),
    ("schema", "targetnamespace"), ("import", "namespace"),
}  # fmt: skip
#: Values that look like an address and are none.
_NO_ADDRESS = {"style", "userid", "type", "ref", "base"}
_SHAPES = {
    "shape", "rect", "oval", "line", "group", "roundrect", "polyline", "curve", "arc", "shapetype", "diagram",
}  # fmt: skip
#: Never filled in, whatever with.
_EMPTY = {"src", "url", "manifestlocation", "embeddedhtml", "connectstring"}
_EMPTY_TEXTS = {"hyperlinkbase", "xsnlocation"}
_KNOWN_SCHEMAS = "http://dublincore.org/schemas/"
_DECLARES_NAMES = re.compile(r"xmlns(:[\w.-]+)?\s*=\s*(\"[^\"]*\"|'[^']*')")


class NotPlain(ValueError):
    """The part is not XML that every reader reads alike."""


class Part(Enum):
    """How a part is read. DATA is what forms and libraries keep beside the text; PROPERTIES what is said about it."""

    TEXT = auto()
    DATA = auto()
    PROPERTIES = auto()
    PICTURE = auto()


class _Look(Protocol):
    def element(self, namespace: str, name: str, attributes: Mapping[tuple[str, str], str]) -> bool: ...
    def words(self, name: str, text: str) -> None: ...


def check_xml(content: bytes, part: Part = Part.TEXT) -> None:
    """Raise LeadsOutside or NotPlain unless this XML stays inside its file.

    One spelling only: UTF-8, no document type, no entities, no instruction to whoever reads it.
    """
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in _PLAIN:
        raise NotPlain("another encoding")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotPlain("not UTF-8") from error
    look: _Look = Drawing() if part is Part.PICTURE else _Words(part)
    reader = _Reader(look, takes_instruction="mso-contentType" if part is Part.DATA else "")
    reader.read(content)
    if isinstance(look, _Words):
        look.finish()


def check_target(target: str) -> None:
    """Raise LeadsOutside unless this names a part of the same file."""
    plain = unquote(target)
    if holds_address(plain) or begins_with_scheme(plain) or re.search(r"^\s*//|^[a-zA-Z]:|[\\%?]", plain):
        raise LeadsOutside


def check_relations(content: bytes, *, is_packed: bool = False) -> None:
    """Parts are tied together in ways of our list, and only links that a reader presses point outside the file."""
    # No document type, and unpacked under a cap: nothing in it can grow.
    for relation in ElementTree.fromstring(content).iter():  # noqa: S314  # nosec B314
        if relation.tag.rpartition("}")[2] == "Relationships":
            continue
        kind = relation.get("Type", "")
        mode = relation.get("TargetMode", "").strip().lower()
        target = relation.get("Target", "")
        if mode not in ("", "internal", "external") or not (is_packed or kind in RELATIONS):
            raise LeadsOutside
        if mode == "external":
            if kind not in HYPERLINK or not may_be_pressed(target):
                raise LeadsOutside
        else:
            check_target(target)


def check_packed(value: str) -> None:
    """Raise LeadsOutside unless a drawing that is packed into a value (`o:gfxdata`) is whole and stays inside."""
    try:
        with zipfile.ZipFile(BytesIO(b64decode("".join(value.split()), validate=True))) as archive:
            left = MAX_PACKED
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                name = entry.filename.lower()
                if left < 0 or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise LeadsOutside
                if name.endswith(".rels"):
                    check_relations(content, is_packed=True)
                elif name.endswith(".xml") and name != "[content_types].xml":
                    check_xml(content)
    except (binascii.Error, zipfile.BadZipFile, NotPlain, ElementTree.ParseError, OSError, RuntimeError):
        raise LeadsOutside from None


class _Reader:
    """Reads XML once, and shows each element and each text to `look`."""

    def __init__(self, look: _Look, *, takes_instruction: str) -> None:
        self.look = look
        self.takes_instruction = takes_instruction
        self.texts: list[tuple[str, bool, list[str]]] = []

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise NotPlain("not XML") from error

    def _refuse(self, *_: object) -> None:
        raise NotPlain("a document type or an instruction")

    def _instruction(self, target: str, _data: str) -> None:
        if target != self.takes_instruction:
            self._refuse()

    def _start(self, full: str, attributes: Mapping[str, str]) -> None:
        namespace, _, name = full.rpartition(" ")
        named = {}
        for key, value in attributes.items():
            home, _, local = key.rpartition(" ")
            named[home, local.lower()] = value
            if home == _XML and local == "base":
                raise LeadsOutside
        is_read = self.look.element(namespace, name.lower(), named)
        self.texts.append((name.lower(), is_read, []))

    def _end(self, _name: str) -> None:
        name, is_read, text = self.texts.pop()
        if is_read and text:
            self.look.words(name, "".join(text))

    def _words(self, data: str) -> None:
        if self.texts and self.texts[-1][1]:
            self.texts[-1][2].append(data)


class _Words:
    """Looks at each element, value and text of a part that is no picture."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.open_fields: list[str | None] = []
        self.loose = ""

    def element(self, namespace: str, name: str, attributes: Mapping[tuple[str, str], str]) -> bool:
        if name in _ACTS:
            raise LeadsOutside
        is_office = namespace.startswith(_OFFICE)
        for (home, attribute), value in attributes.items():
            if value:
                self._value(namespace, name, attribute, value, is_office=is_office and _is_of(home))
        if name == "fldchar":
            self._field(next((value for (_, key), value in attributes.items() if key == "fldchartype"), ""))
        # Words that are read need no look; everything else does.
        is_read = is_office and (name in _READ or self.part is Part.PROPERTIES)
        return self._instructs() or name in _EMPTY_TEXTS or not is_read

    def _instructs(self) -> bool:
        """Whether a field is open here: some programs take whatever stands before its result for its instruction."""
        return bool(self.open_fields) and self.open_fields[-1] is not None

    def words(self, name: str, text: str) -> None:
        if name in _FIELD_TEXT or self._instructs():
            self.loose += text
            if self._instructs():
                self.open_fields[-1] = f"{self.open_fields[-1]}{text}"
        elif name in _EMPTY_TEXTS:
            if text.strip():
                raise LeadsOutside
        elif holds_address(text) and not (self.part is Part.DATA and holds_only_pages(text)):
            raise LeadsOutside

    def finish(self) -> None:
        """Raise LeadsOutside for a field that fetches, also one that was taken apart or has no end."""
        check_loose(self.loose)
        for field in self.open_fields:
            check_field(field or "")

    def _value(self, namespace: str, element: str, name: str, value: str, *, is_office: bool) -> None:
        if name == "instr":
            self.loose += f" {value}"
            check_field(value)
        elif name == "gfxdata":
            check_packed(value)
        elif name == "href" and self.part is not Part.DATA:
            if not (namespace == _VML and element in _SHAPES and may_be_pressed(value)):
                raise LeadsOutside
        elif name in _EMPTY and self.part is not Part.DATA:
            raise LeadsOutside
        elif name == "schemalocation":
            if holds_address(value.removeprefix(_KNOWN_SCHEMAS)):
                raise LeadsOutside
        elif is_office and self._may_hold_any(element, name):
            return
        elif self.part is Part.DATA:
            if not holds_only_pages(value):
                raise LeadsOutside
        elif name == "prefixmappings":
            if _DECLARES_NAMES.sub("", value).strip():
                raise LeadsOutside
        elif holds_address(value) or (name == "style" and "url" in value.lower()):
            raise LeadsOutside
        else:
            is_named = is_office and name in _NO_ADDRESS
            if begins_with_scheme(value) and not is_named:
                raise LeadsOutside

    def _may_hold_any(self, element: str, name: str) -> bool:
        return (
            name in _READ_VALUES
            or (element, name) in _DIALECTS
            or (element in _READ_VAL and name in {"val", "value"})
        )

    def _field(self, kind: str) -> None:
        if kind == "begin":
            around = self.open_fields[-1] if self.open_fields else None
            if around is not None and (not around.strip() or is_link(around)):
                raise LeadsOutside  # what it does, or where it leads, would be the outcome of another field
            self.open_fields.append("")
        elif kind in ("separate", "end") and self.open_fields:
            check_field(self.open_fields[-1] or "")
            self.open_fields[-1] = None
            if kind == "end":
                self.open_fields.pop()


def _is_of(home: str) -> bool:
    """Whether an attribute is of its element's own dialect or of another of Office."""
    return not home or home.startswith(_OFFICE)
