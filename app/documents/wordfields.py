"""Check the instructions of Word's fields: worked out from the document itself, or a link that somebody presses."""

import re

from app.documents.addresses import begins_with_scheme, holds_address, may_be_pressed

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
_WORD = re.compile(r'["“”][^"“”]*["“”]?|[^\s"“”]+')
#: A switch of a link, and whether a word of its own follows: a place, a tip, a window, how it looks.
_LINK_SWITCHES = {"\\l": True, "\\o": True, "\\t": True, "\\s": True, "\\*": True, "\\m": False, "\\n": False,
                  "\\h": False}  # fmt: skip


class LeadsOutside(Exception):
    """Something in this part fetches, runs or carries something."""


def check_loose(instructions: str) -> None:
    """Raise LeadsOutside where all instructions of a part, one behind another, name a field that fetches."""
    if _FETCHES.search(instructions):
        raise LeadsOutside


def is_link(instruction: str) -> bool:
    """Whether this begins a link, whose address another field inside it could make."""
    return (instruction.split() or [""])[0].upper().strip('"') == "HYPERLINK"


def check_field(instruction: str) -> None:
    """Raise LeadsOutside unless this is a field of the list, and every address in it is one that is pressed."""
    words = instruction.split()
    if not words:
        return
    command = "=" if words[0].startswith("=") else words[0].upper().strip('"')
    if command not in _FIELDS:
        # A bare name of a bookmark is a field too; it has no address in it.
        if len(words) == 1 and words[0].isidentifier() and not _FETCHES.search(words[0]):
            return
        raise LeadsOutside
    rest = _WORD.findall(instruction.strip()[len(words[0]) :])
    values = [word.strip('"“” ') for word in rest]
    if any((holds_address(value) or "\\\\" in value) and not may_be_pressed(value) for value in values):
        raise LeadsOutside
    if command == "HYPERLINK":
        _check_link(values)


def _check_link(values: list[str]) -> None:
    follows = False
    for value in values:
        if follows:
            follows = False
            if begins_with_scheme(value) and not may_be_pressed(value):
                raise LeadsOutside
        elif value.lower() in _LINK_SWITCHES:
            follows = _LINK_SWITCHES[value.lower()]
        elif value and not may_be_pressed(value):
            raise LeadsOutside
