"""Make a document: data in, a tagged PDF (PDF/UA-1) in the house style out.

The templates in `typst/` get the data as JSON and place it as text, so nothing that people typed can act as
markup. A picture without alternative text fails the build of the page; so does a missing font: Typst would
fall back to another without a word.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from pydantic import TypeAdapter, ValidationError
from segno import make as make_qr

from app.documents.kinds import KINDS, Document, InvitationLetter
from app.documents.wording import UnknownLanguage, locale_of, readable, words_for

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parents[1] / "static" / "build" / "fonts"
FAMILY = "Atkinson Hyperlegible Next"
WEIGHTS = {400, 700}

_JOINERS = "\u200d\ufe0e\ufe0f"
_NOT_IN_FONT = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class RenderError(Exception):
    """The document could not be made. The message holds no personal data."""


class UnknownKind(RenderError):
    """There is no such document."""


class BadData(RenderError):
    """The data does not fit the kind; the message names the fields, never their values."""


class MissingFont(RenderError):
    """The house font is not where it should be: build the assets."""


class CannotPrint(RenderError):
    """Letters that the house font does not have, such as those of another script: `characters`."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"{len(characters)} letters are not in the font for documents")
        self.characters = characters


def render(
    kind: str, data: Mapping[str, Any], *, fonts: Path = FONTS, made_at: datetime | None = None
) -> bytes:
    """The PDF of one document. Raises RenderError; see its kinds.

    `data` has the fields of the kind's dataclass in `kinds` (dates may be ISO text, so JSON will do). With
    the same data and `made_at`, the same bytes. Signs that no font of ours has and that are not letters, such
    as emoji, are left out.
    """
    return render_document(parse(kind, data), fonts=fonts, made_at=made_at)


def parse(kind: str, data: Mapping[str, Any]) -> Document:
    """The dataclass of `kind` made of `data`. Raises UnknownKind or BadData."""
    if kind not in KINDS:
        raise UnknownKind(f"no document of kind {kind!r}")
    known = set(KINDS[kind].__dataclass_fields__)
    if strange := set(data) - known:
        raise BadData(f"{kind}: unknown fields: {', '.join(sorted(map(str, strange)))}")
    try:
        document = TypeAdapter(KINDS[kind]).validate_python(dict(data))
        locale_of(document.language)
    except UnknownLanguage:
        raise BadData(f"{kind}: language") from None
    except ValidationError as error:
        problems = sorted({f"{'.'.join(map(str, item['loc']))} ({item['type']})" for item in error.errors()})
        raise BadData(f"{kind}: {', '.join(problems)}") from None
    return document


def render_document(document: Document, *, fonts: Path = FONTS, made_at: datetime | None = None) -> bytes:
    """As `render`, for a dataclass that is made already."""
    inputs = json.dumps(view_of(document), ensure_ascii=False)
    try:
        return _compile(document.template, inputs, fonts, made_at)
    except CannotPrint as refused:
        letters = "".join(c for c in refused.characters if unicodedata.category(c)[0] in "LN")
        if letters:
            raise CannotPrint(letters) from None
        # Pictographs and their joiners: a line reads as well without them.
        left_out = dict.fromkeys(map(ord, refused.characters + _JOINERS))
    return _compile(document.template, inputs.translate(left_out), fonts, made_at)


def view_of(document: Document) -> dict[str, Any]:
    """What the template sees: the data in written form, the words, the language and any code to scan."""
    locale = locale_of(document.language)
    view = {
        "doc": readable(document, locale),
        "words": words_for(document),
        "language": locale.language,
        "region": locale.territory,
        "qr": None,
    }
    if isinstance(document, InvitationLetter) and document.link:
        drawn = BytesIO()
        make_qr(document.link, micro=False).save(drawn, kind="svg", border=0, dark="#1f2a2a")
        view["qr"] = drawn.getvalue().decode()
    return view


@lru_cache(maxsize=4)
def load_fonts(folder: Path) -> typst.Fonts:
    """The house font out of `folder` and nothing else. Raises MissingFont where a weight is not there."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    weights = {font.weight for font in found.fonts() if font.family == FAMILY and font.style == "normal"}
    if missing := WEIGHTS - weights:
        names = ", ".join(f"{FAMILY} {weight}" for weight in sorted(missing))
        raise MissingFont(f"{names} is not in the folder of fonts. Build the assets.")
    return found


def _compile(template: str, inputs: str, fonts: Path, made_at: datetime | None) -> bytes:
    compiler = typst.Compiler(
        input=TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=load_fonts(fonts),
        sys_inputs={"data": inputs},
    )
    try:
        pdf, notes = compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1", timestamp=made_at)
    except typst.TypstError as error:
        missing = "".join(_NOT_IN_FONT.findall(error.diagnostic))
        if missing:
            unescaped = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), missing)
            raise CannotPrint("".join(dict.fromkeys(unescaped))) from None
        # Typst's own words quote the template and at times the data: the first line alone names the fault.
        raise RenderError(f"{template}: {error.message.splitlines()[0][:200]}") from error
    if any("unknown font family" in note.message for note in notes):
        raise MissingFont(f"{template} asks for a font that is not there")
    return pdf
