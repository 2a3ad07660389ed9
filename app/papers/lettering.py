"""What people typed, as it can be set: every sign in a font that we have, each name in its own direction.

PDF/UA allows no sign without a drawing. So what no font has is a box before anything is set, and no letter of
anybody's name stops a document.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
BOX = "□"

#: Kept between letters: they join or part them in Persian, the languages of India, and pictures.
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
#: Around words whose direction may differ from the line's, so that a number beside them stays as it is.
_ISOLATE, _NUMBER, _END = "\u2068", "\u2066", "\u2069"
#: A number in groups, as telephone numbers are written: it reads from the left in every language.
_IN_GROUPS = re.compile(r"\(?\+?\d[\d()]*(?:[ \-–./]+\(?\d[\d()]*)+")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
#: More marks than any language puts on one letter; the rest would run over the lines around it.
_MARKS = 6


class NoLetters(Exception):
    """The list of letters is not beside the fonts: build the assets."""


@dataclass(frozen=True)
class Letters:
    """Which fonts there are, the first to be asked first, and which signs they have between them."""

    families: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, sign: str) -> bool:
        place = bisect_right(self.starts, ord(sign)) - 1
        return place >= 0 and ord(sign) <= self.ends[place]


@lru_cache(maxsize=4)
def letters_of(folder: Path) -> Letters:
    """What the fonts in `folder` have, as their build wrote it down. Raises NoLetters."""
    try:
        told = json.loads((folder / "letters.json").read_text(encoding="utf-8"))
        starts, ends = zip(*told["letters"], strict=True)
        return Letters(tuple(told["families"]), starts, ends)
    except (OSError, ValueError, KeyError) as error:
        raise NoLetters("The list of letters is not in the folder of fonts. Build the assets.") from error


def tidy(text: str) -> str:
    """`text` without what nobody can see: controls, signs that turn other words round, halves of pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept, marks = [], 0
    for sign in unicodedata.normalize("NFC", lines.encode("utf-8", "ignore").decode()):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _MARKS or (kind in ("Cc", "Cf") and sign != "\n" and sign not in _JOINERS):
            continue
        kept.append(sign if kind != "Zs" else " ")
    return "".join(kept).strip(" \n" + _JOINERS)


def isolated(text: str, *, right_to_left: bool = False) -> str:
    """`text` to be placed among other words: its own direction inside, no effect on what stands beside it.

    In a document from left to right only words from right to left need it, in the other all do.
    """
    if not (right_to_left or has_right_to_left(text)):
        return text
    whole = _IN_GROUPS.sub(lambda number: f"{_NUMBER}{number[0]}{_END}", text)
    return "\n".join(f"{_ISOLATE}{line}{_END}" if line else "" for line in whole.split("\n"))


def has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def settable(value: Any, letters: Letters, boxed: set[str]) -> Any:
    """`value`, which is JSON, with a box for each sign that no font has; such signs are added to `boxed`.

    A sign that stands for plainer ones, such as a letter drawn for mathematics, becomes those.
    """
    if isinstance(value, dict):
        return {name: settable(item, letters, boxed) for name, item in value.items()}
    if isinstance(value, list):
        return [settable(item, letters, boxed) for item in value]
    if not isinstance(value, str) or value.isascii():
        return value
    return "".join(_drawn(sign, letters, boxed) for sign in value)


def _drawn(sign: str, letters: Letters, boxed: set[str]) -> str:
    if sign in letters or sign in _JOINERS or sign in _ISOLATE + _NUMBER + _END or sign == "\n":
        return sign
    plainer = unicodedata.normalize("NFKC", sign)
    if plainer != sign and all(part in letters for part in plainer):
        return plainer
    boxed.add(sign)
    return BOX
