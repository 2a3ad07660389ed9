"""Look through one part of a Word file: nothing in it may lead outside the file but a link that somebody clicks."""

import re
from collections.abc import Mapping
from urllib.parse import unquote
from xml.parsers import expat

#: Fields that are worked out from the document itself. Any other may fetch, run or ask.
_FIELDS = {
    "=", "ADDRESSBLOCK", "ADVANCE", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BARCODE",
    "BIBLIOGRAPHY", "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE", "DATE",
    "DISPLAYBARCODE", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE",
    "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "GREETINGLINE", "HYPERLINK", "IF", "INDEX", "INFO",
    "KEYWORDS", "LASTSAVEDBY", "LISTNUM", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "NOTEREF",
    "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "PRIVATE", "QUOTE", "REF", "REVNUM",
    "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SET", "SHAPE", "SKIPIF", "STYLEREF", "SUBJECT", "SYMBOL",
    "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
}  # fmt: skip
#: Wherever they stand, also where a field was taken apart so that its first word is hidden.
_FETCHES = re.compile(
    r"(?i)\b(DDE(AUTO)?|INCLUDE(PICTURE|TEXT)?|IMPORT|DATABASE|HTMLCONTROL|MACROBUTTON|GOTOBUTTON|AUTOTEXT(LIST)?)\b"
)
_ELEMENTS = {
    "altchunk", "subdoc", "oleobject", "object", "control", "ocx", "script", "foreignobject", "iframe", "embed",
}  # fmt: skip
_SCHEME = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*:|//|\\\\|[a-z]:[\\/])")
_CLICKED = re.compile(r"(?i)(https?://|mailto:|tel:|#)")
_IN_PICTURE = re.compile(r"(?i)data:image/(png|jpe?g);base64,")
_STYLE_FETCH = re.compile(r"(?i)url\s*\(\s*[\"']?(?!#)|@import")
_DECLARED = re.compile(rb"^\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_PLAIN = {b"utf-8", b"us-ascii", b"ascii"}


class LeadsOutside(Exception):
    """Something in this part fetches, runs or carries something."""


class NotPlain(ValueError):
    """The part is not XML that every reader reads alike."""


def check_xml(content: bytes, *, is_picture: bool = False) -> None:
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
    _Reader(is_picture=is_picture).read(content)


def check_target(target: str) -> None:
    """Raise LeadsOutside unless this names a part of the same file."""
    plain = unquote(target)
    if _SCHEME.match(plain) or "\\" in plain or "%" in plain or "?" in plain:
        raise LeadsOutside


class _Reader:
    def __init__(self, *, is_picture: bool) -> None:
        self.is_picture = is_picture
        self.open_fields: list[str | None] = []
        self.loose = ""
        self.collecting = False
        self.text = ""

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.ProcessingInstructionHandler = self._refuse
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise NotPlain("not XML") from error
        if _FETCHES.search(self.loose):
            raise LeadsOutside
        for field in self.open_fields:
            self._check_field(field)

    def _refuse(self, *_: object) -> None:
        raise NotPlain("a document type or an instruction")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if local in _ELEMENTS and not (local == "object" and self.is_picture):
            raise LeadsOutside
        self.collecting = local in ("instrtext", "delinstrtext") or (self.is_picture and local == "style")
        self.text = ""
        for full, value in attributes.items():
            self._check_attribute(local, full.rpartition(":")[2].lower(), value)
        if local == "fldchar":
            self._field(next((v for k, v in attributes.items() if k.rpartition(":")[2] == "fldCharType"), ""))

    def _check_attribute(self, element: str, name: str, value: str) -> None:
        if name == "instr":
            self.loose += f" {value}"
            self._check_field(value)
        elif name.startswith("on") and self.is_picture:
            raise LeadsOutside
        elif name == "src":
            if _SCHEME.match(value) and not _IN_PICTURE.match(value):
                raise LeadsOutside
        elif name == "href":
            is_link = bool(_CLICKED.match(value)) and (
                not self.is_picture or element == "a" or value[0] == "#"
            )
            if _SCHEME.match(value) and not is_link and not _IN_PICTURE.match(value):
                raise LeadsOutside
        elif self.is_picture and _STYLE_FETCH.search(value):
            raise LeadsOutside

    def _field(self, kind: str) -> None:
        if kind == "begin":
            if self.open_fields and self.open_fields[-1] == "":
                raise LeadsOutside  # what it does would be the outcome of another field
            self.open_fields.append("")
        elif kind in ("separate", "end") and self.open_fields:
            self._check_field(self.open_fields[-1])
            self.open_fields[-1] = None
            if kind == "end":
                self.open_fields.pop()

    def _end(self, _name: str) -> None:
        if not self.collecting:
            return
        self.collecting = False
        if self.is_picture:
            if _STYLE_FETCH.search(self.text):
                raise LeadsOutside
            return
        self.loose += self.text
        if self.open_fields and self.open_fields[-1] is not None:
            self.open_fields[-1] = f"{self.open_fields[-1]}{self.text}"

    def _words(self, data: str) -> None:
        if self.collecting:
            self.text += data

    def _check_field(self, instruction: str | None) -> None:
        words = (instruction or "").split()
        if not words:
            return
        command = "=" if words[0].startswith("=") else words[0].upper().strip('"')
        if command not in _FIELDS:
            # A bare name of a bookmark is a field too; it has no address in it.
            if len(words) == 1 and words[0].isidentifier() and not _FETCHES.search(words[0]):
                return
            raise LeadsOutside
        rest = " ".join(words[1:]).strip('"“” ')
        if command == "HYPERLINK" and _SCHEME.match(rest) and not _CLICKED.match(rest):
            raise LeadsOutside
