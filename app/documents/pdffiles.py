"""Check a PDF: it may show pages and hold links to press, and nothing in it starts, fetches or carries anything.

Actions, what sets them off and annotations go by lists of what is allowed. Each action is followed through all
that comes after it (`/Next`) to the end.
"""

import logging
import re
from collections.abc import Iterator
from io import BytesIO

from flask_babel import gettext as _
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from app.documents import hidden
from app.documents.refusals import UploadRefused
from app.documents.twice import refuse_twice
from app.documents.unpacking import Measure, TooMuch

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it would write pieces of broken files to the log

MAX_PDF_OBJECTS = 50_000
MAX_PDF_PAGES = 300
MAX_CHAIN = 200  # actions behind one press

#: What an action may do: go to a place in this file, turn a page, show or hide a layer. A link is asked more.
_ACTIONS = {"/GoTo", "/Named", "/SetOCGState", "/Hide", "/ResetForm"}
_TURNS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
_NAMED = {*_TURNS, "/Print"}
#: What may happen by itself, as the file opens: it shows another place, and does nothing.
_BY_ITSELF = {"/GoTo"}
#: What of the program that shows it a file may not hide: people would not find their way out.
_HIDES = {"/HideMenubar", "/HideToolbar", "/HideWindowUI"}
#: Anywhere, also where no action is expected.
_FOREIGN_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/GoTo3DView",
    "/RichMediaExecute", "/Movie", "/Sound", "/Thread",
}  # fmt: skip
_ANNOTATIONS = {
    "/Link", "/Widget", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine",
    "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Redact",
    "/Watermark", "/PrinterMark", "/TrapNet",
}  # fmt: skip
_FOREIGN_SUBTYPES = {
    "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/Projection", "/3D", "/U3D", "/PRC",
}  # fmt: skip
_FOREIGN_TYPES = {"/EmbeddedFile", "/Filespec", "/F", "/3D", "/Rendition", "/Collection"}
#: Names that stand only before what runs, fetches or is carried along.
_FOREIGN_KEYS = {
    "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/OPI", "/Collection", "/Renditions",
    "/RichMediaContent", "/RichMediaSettings", "/3DD", "/3DV", "/3DA", "/OnInstantiate", "/DestOutputProfileRef",
    "/PresSteps", "/SpiderInfo", "/URLS", "/TimeStamp",
}  # fmt: skip
# The file's bytes as they stand: also what no list of objects names, which some readers find all the same.
_FOREIGN_BYTES = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|OnInstantiate|SubmitForm|ImportData)(?![A-Za-z0-9])"
)
_SPELT_OUT = re.compile(rb"#([0-9a-fA-F]{2})")

#: What somebody may press: a page, a letter, a call, a place in this file.
_LINK = re.compile(r"(?i)(https?://|mailto:|tel:|#|www\.)[^\\]*$")

_HEAD = re.compile(rb"%PDF-[12]\.[0-9][\s\x00]")
_WEB_PAGE = rb"<(html|script|svg|iframe|body|!doctype|\?php)"
_FIRST = 1024  # bytes in which other programs look for what a file is
# Some programs leave spaces, zeros or a few words of their own behind the end; another kind of file begins like these.
_FOREIGN_TAIL = re.compile(
    rb"(?i)PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x7fELF|MZ\x90|\d\s+\d+\s+obj\b|" + _WEB_PAGE
)
# Archives are found from their end or in their middle, wherever in a file they stand. Four bytes alone come about by
# chance in a scan; those of a zip's end and of its list of parts together do not.
_ZIP_END, _ZIP_LIST = b"PK\x05\x06", b"PK\x01\x02"
_OTHER_ARCHIVES = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")


class _Foreign(Exception):
    """It has a script, a film or another file inside."""


class _LeadsOutside(Exception):
    """It opens or fetches something, or links to what is no page."""


class _TakesOver(Exception):
    """It hides the program that shows it, or moves by itself."""


def check_pdf(data: bytes) -> None:
    """Raise UploadRefused for a PDF that is broken, locked with a password, or more than pages to read."""
    foreign = outside = takes_over = endless = False
    try:
        _check_bytes(data)
        with refuse_twice():
            reader = PdfReader(BytesIO(data), strict=False)
            locked = reader.is_encrypted
            pages = 0 if locked else len(reader.pages)
            if not locked:
                _check_objects(reader, data)
    except _Foreign:
        foreign = True
    except _LeadsOutside:
        outside = True
    except _TakesOver:
        takes_over = True
    except TooMuch:
        endless = True
    except Exception:  # a parser of hostile files fails in many ways, and each means the same to the sender
        raise UploadRefused(
            "unreadable", _("We could not open this PDF. Save or scan it again, and send the new one.")
        ) from None
    if foreign:
        raise UploadRefused(
            "active",
            _("This PDF has a script, a film or another file inside. Print it to a new PDF, and send that."),
        )
    if outside:
        raise UploadRefused(
            "active",
            _(
                "This PDF opens something outside itself, or has a link that is not to a web page, an email address "
                "or a phone number. Print it to a new PDF, and send that."
            ),
        )
    if takes_over:
        raise UploadRefused(
            "active",
            _(
                "This PDF hides the menus of the program that shows it, or turns its pages by itself. Print it to a "
                "new PDF, and send that."
            ),
        )
    if endless:
        raise UploadRefused(
            "unpacks",
            _(
                "This PDF is small, and far too large once it is opened. Print it to a new PDF with fewer pages, and"
                " send that."
            ),
        )
    if locked:
        raise UploadRefused(
            "encrypted", _("This PDF has a password. Save it without one, and send it again.")
        )
    if not 1 <= pages <= MAX_PDF_PAGES:
        raise UploadRefused(
            "pages",
            _(
                "This PDF has no pages, or more than %(most)d. Send only the pages needed.",
                most=MAX_PDF_PAGES,
            ),
        )


def _check_bytes(data: bytes) -> None:
    """The file is one file: a PDF from its first byte to its last."""
    if not _HEAD.match(data) or re.search(rb"(?i)" + _WEB_PAGE, data[:_FIRST]):
        raise ValueError("another file in front")
    if _FOREIGN_TAIL.search(data, data.rfind(b"%%EOF")):
        raise ValueError("another file behind its end")
    if (_ZIP_END in data and _ZIP_LIST in data) or _OTHER_ARCHIVES.search(data):
        raise ValueError("an archive in the middle")


def _check_objects(reader: PdfReader, data: bytes) -> None:
    """No object of the file runs, fetches or carries something, whether a list names it or not."""
    if _FOREIGN_BYTES.search(_SPELT_OUT.sub(lambda found: bytes([int(found[1], 16)]), data)):
        raise _Foreign
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MAX_PDF_OBJECTS:
        raise ValueError("too many objects")
    generations = {number: generation for generation, table in reader.xref.items() for number in table}
    queue: list[object] = [reader.trailer]
    queue += [
        reader.get_object(IndirectObject(number, generations.get(number, 0), reader)) for number in numbers
    ]
    queue += hidden.list_beside(reader, data)
    measure = Measure()
    while queue:
        item = queue.pop()
        if isinstance(item, StreamObject):
            measure.add(item)
            queue += hidden.unpack(item, reader)
        if isinstance(item, DictionaryObject):
            _check_names(item)
            _check_what_it_does(item)
            queue.extend(item.values())
        elif isinstance(item, ArrayObject):
            queue.extend(list.__iter__(item))


def _check_names(item: DictionaryObject) -> None:
    """This object is none of a kind that runs, or is another file."""
    if _FOREIGN_KEYS & item.keys():
        raise _Foreign
    if _named(item, "/S") in _FOREIGN_ACTIONS or _named(item, "/Subtype") in _FOREIGN_SUBTYPES:
        raise _Foreign
    if _named(item, "/Type") in _FOREIGN_TYPES:
        raise _Foreign
    if _named(item, "/FS"):
        raise _LeadsOutside
    for name in ("/F", "/UF"):
        # Beside an annotation's flags, which are a number, these are another file.
        if name not in item or isinstance(item[name], NumberObject):
            continue
        if isinstance(item, StreamObject) or isinstance(item[name], TextStringObject | ByteStringObject):
            raise _LeadsOutside
    if "/Ref" in item and _named(item, "/Subtype") == "/Form":
        raise _LeadsOutside
    if "/Annots" in item and isinstance(notes := item["/Annots"], ArrayObject):
        for note in _inside(notes):
            if isinstance(note, DictionaryObject) and _named(note, "/Subtype") not in {"", *_ANNOTATIONS}:
                raise _Foreign


def _check_what_it_does(item: DictionaryObject) -> None:
    """What this object does when it is pressed, and what it does by itself, stays in the file."""
    if _named(item, "/PageMode") == "/FullScreen" or any(
        name in item and isinstance(hides := item[name], BooleanObject) and hides.value for name in _HIDES
    ):
        raise _TakesOver
    if _named(item, "/S") == "/URI" or _named(item, "/Type") == "/Action":
        _check_chain(item, by_itself=False)
    for name in ("/A", "/PA"):
        # Beside an action, /A names what an element looks like; that has no /S.
        if name in item and isinstance(pressed := item[name], DictionaryObject) and "/S" in pressed:
            _check_chain(pressed, by_itself=False)
    if "/OpenAction" in item and isinstance(opened := item["/OpenAction"], DictionaryObject):
        _check_chain(opened, by_itself=True)
    if "/AA" in item:
        if not isinstance(set_off := item["/AA"], DictionaryObject):
            raise _LeadsOutside
        for name in set_off:
            if not isinstance(action := set_off[name], DictionaryObject):
                raise _LeadsOutside
            _check_chain(action, by_itself=True)
    if "/URI" in item and isinstance(base := item["/URI"], DictionaryObject) and "/Base" in base:
        raise _LeadsOutside  # every short link would start from there


def _check_chain(first: DictionaryObject, *, by_itself: bool) -> None:
    """Every action from `first` on is one of ours; a link only where somebody pressed."""
    waiting: list[object] = [first]
    seen: set[int] = set()
    while waiting:
        action = waiting.pop()
        if not isinstance(action, DictionaryObject):
            raise _LeadsOutside
        if id(action) in seen:
            continue
        seen.add(id(action))
        if len(seen) > MAX_CHAIN:
            raise _LeadsOutside
        kind = _named(action, "/S")
        if kind == "/URI":
            if by_itself or "/URI" not in action or not _is_link(action["/URI"]):
                raise _LeadsOutside
        elif by_itself and kind == "/Named" and _named(action, "/N") in _TURNS:
            raise _TakesOver
        elif not _is_ours(kind, _named(action, "/N"), by_itself=by_itself):
            raise _LeadsOutside
        if "/Next" in action:
            following = action["/Next"]
            waiting += _inside(following) if isinstance(following, ArrayObject) else [following]


def _is_ours(kind: str | None, name: str | None, *, by_itself: bool) -> bool:
    if by_itself:
        return kind in _BY_ITSELF
    return name in _NAMED if kind == "/Named" else kind in _ACTIONS


def _is_link(address: object) -> bool:
    if isinstance(address, ByteStringObject):
        address = address.decode("latin-1")
    return isinstance(address, str) and bool(_LINK.match(address.strip()))


def _named(item: DictionaryObject, key: str) -> str:
    """The name that stands under `key`, also behind a reference; empty where none does."""
    if key not in item:
        return ""
    value = item[key]  # .get would not follow a reference
    return str(value) if isinstance(value, NameObject) else ""


def _inside(items: ArrayObject) -> Iterator[object]:
    """What a list holds, each reference followed."""
    for item in list.__iter__(items):
        yield item.get_object() if isinstance(item, IndirectObject) else item
