"""Make a document: data in, a tagged PDF (PDF/UA-1) in the house style out.

The templates in `typst/` get the data as JSON and place it as text, so nothing that people typed can act as
markup. A picture without alternative text fails the build of the page; so does a missing font: Typst would
fall back to another without a word. A sign that no font has becomes a box and is counted; it stops nothing.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import typst
from pydantic import TypeAdapter, ValidationError
from segno import make as make_qr

from app.papers.kinds import KINDS, Document, InvitationLetter, SignupPoster
from app.papers.lettering import BOX, FONTS, Letters, NoLetters, letters_of, settable
from app.papers.wording import UnknownLanguage, legible, locale_of, readable, words_for

TEMPLATES = Path(__file__).parent / "typst"
FAMILY = "Atkinson Hyperlegible Next"
WEIGHTS = {400, 700}

#: How often Typst may name further signs that it cannot draw before we give up.
_ROUNDS = 8
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


class _CannotDraw(Exception):
    """Typst found no drawing for these `signs`, alone or beside each other."""

    def __init__(self, signs: str) -> None:
        super().__init__(f"{len(signs)} signs")
        self.signs = signs


@dataclass(frozen=True, slots=True)
class Made:
    """A document, and the signs in it that no font has: each stands there as a box."""

    pdf: bytes
    boxed: frozenset[str] = frozenset()


def render(
    kind: str, data: Mapping[str, Any], *, fonts: Path = FONTS, made_at: datetime | None = None
) -> bytes:
    """The PDF of one document. Raises RenderError; see its kinds.

    `data` has the fields of the kind's dataclass in `kinds` (dates may be ISO text, so JSON will do). With
    the same data and `made_at`, the same bytes.
    """
    return render_document(parse(kind, data), fonts=fonts, made_at=made_at).pdf


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


def render_document(document: Document, *, fonts: Path = FONTS, made_at: datetime | None = None) -> Made:
    """As `render`, for a dataclass that is made already, with the signs that could not be printed."""
    known, boxed = load_fonts(fonts), set[str]()
    inputs = json.dumps(view_of(document, known.letters, boxed), ensure_ascii=False)
    for _round in range(_ROUNDS):
        try:
            return Made(_compile(document.template, inputs, known.typst, made_at), frozenset(boxed))
        except _CannotDraw as refused:
            # Signs that fonts have one by one and not as they stand: a mark of one script on a letter of another.
            boxed |= set(refused.signs)
            inputs = inputs.translate(dict.fromkeys(map(ord, refused.signs), BOX))
    raise RenderError(f"{document.template}: signs that cannot be drawn")


def view_of(document: Document, letters: Letters, boxed: set[str]) -> dict[str, Any]:
    """What the template sees: the data in written form, the words, the language, the fonts and any code to scan.

    A sign that no font has is a box there, and in `boxed`.
    """
    locale = locale_of(document.language)
    typed = legible(document, right_to_left=locale.text_direction == "rtl")
    view = {
        "doc": settable(readable(typed, locale), letters, boxed),
        "words": settable(words_for(typed), letters, boxed),
        "families": list(letters.families),
        "language": locale.language,
        "region": locale.territory,
        "qr": None,
    }
    if isinstance(document, InvitationLetter | SignupPoster) and document.link:
        drawn = BytesIO()
        make_qr(document.link, micro=False).save(drawn, kind="svg", border=0, dark="#1f2a2a")
        view["qr"] = drawn.getvalue().decode()
    return view


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of one folder, and what they can draw."""

    typst: typst.Fonts
    letters: Letters


@lru_cache(maxsize=4)
def load_fonts(folder: Path) -> Fonts:
    """The fonts in `folder` and no others. Raises MissingFont where one that the build made is not there."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    weights = {font.weight for font in found.fonts() if font.family == FAMILY and font.style == "normal"}
    missing = [f"{FAMILY} {weight}" for weight in sorted(WEIGHTS - weights)]
    if missing:
        raise MissingFont(f"{', '.join(missing)} is not in the folder of fonts. Build the assets.")
    try:
        letters = letters_of(folder)
    except NoLetters as error:
        raise MissingFont(str(error)) from error
    if missing := sorted(set(letters.families) - {font.family for font in found.fonts()}):
        raise MissingFont(f"{', '.join(missing)} is not in the folder of fonts. Build the assets.")
    return Fonts(found, letters)


def _compile(template: str, inputs: str, fonts: typst.Fonts, made_at: datetime | None) -> bytes:
    compiler = typst.Compiler(
        input=TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts,
        sys_inputs={"data": inputs},
    )
    try:
        pdf, notes = compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1", timestamp=made_at)
    except typst.TypstError as error:
        missing = "".join(_NOT_IN_FONT.findall(error.diagnostic))
        if missing:
            unescaped = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), missing)
            raise _CannotDraw(
                "".join(sign for sign in unescaped if unicodedata.category(sign) != "Cf")
            ) from None
        # Typst's own words quote the template and at times the data: the first line alone names the fault.
        raise RenderError(f"{template}: {error.message.splitlines()[0][:200]}") from error
    if any("unknown font family" in note.message for note in notes):
        raise MissingFont(f"{template} asks for a font that is not there")
    return cast(bytes, pdf)
