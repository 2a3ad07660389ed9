"""A row of the spreadsheet, checked as the form about one parent checks: what it says, and what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from babel import Locale
from flask_babel import gettext as _

from app.parent_import.columns import Place
from app.recruitment.consents import ATTENDANCE_BANDS, LANGUAGES, YEAR_GROUPS
from app.recruitment.services import ParentDetails
from app.shell.fields import EMAIL_LENGTH, NAME_LENGTH, TEXT_LENGTH
from app.shell.parsing import Unusable, normal_email, normal_phone, plain_name
from app.shell.searching import fold
from app.shell.validators import (
    email_mistake,
    has_unfit_letters,
    name_mistake,
    phone_mistake,
    without_turned_lines,
)
from infra.recipients import our_digits

_KEPT = frozenset(one.name for one in fields(ParentDetails))
#: Columns in which the same few things stand again and again.
_OF_FEW = frozenset(("interpreter", "language", "year_group", "attendance_band"))
#: What spreadsheets write for nothing.
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nil", "unknown", "#n/a", "?"})
_YES, _NO = frozenset({"yes", "y", "true", "1", "x", "✓"}), frozenset({"no", "n", "false", "0"})
#: A number that a spreadsheet shortened: its digits are gone.
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_ERROR = re.compile(r"#(REF|VALUE|NAME|DIV/0|NULL|NUM|N/A)[!?]?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell, in words that say what to do. `heading`: as the file has it; empty for the row."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row. `details`: None where something is wrong."""

    number: int
    details: ParentDetails | None
    problems: tuple[Problem, ...] = ()


class _Wrong(ValueError):
    """A cell that cannot be taken; the words are for whoever typed it."""


def read_rows(places: Sequence[Place], rows: Sequence[tuple[int, Sequence[str]]]) -> list[ReadRow]:
    """Each row as its columns say."""
    used = [(at, place) for at, place in enumerate(places) if place.column]
    read = _Reader().read
    return [_read_row(number, [(place, cells[at]) for at, place in used], read) for number, cells in rows]


class _Reader:
    """Reads the cells of one list. Where ten thousand rows say one of a dozen things, each is worked out once."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Any] = {}

    def read(self, column: str, cell: str) -> Any:
        """As `_read`."""
        if column not in _OF_FEW:
            return _read(column, cell)
        if (column, cell) not in self._said:
            self._said[column, cell] = _read(column, cell)
        return self._said[column, cell]


def _read_row(number: int, cells: Sequence[tuple[Place, str]], read: Callable[[str, str], Any]) -> ReadRow:
    values: dict[str, Any] = {}
    headings: dict[str, str] = {}
    problems: list[Problem] = []
    for place, cell in cells:
        headings[place.column] = place.heading
        try:
            if (value := read(place.column, cell)) is not None:
                values[place.column] = value
        except _Wrong as wrong:
            problems.append(Problem(place.heading, str(wrong)))
    _names(values)
    if not (values.get("first_name") or any(one.heading in _name_headings(headings) for one in problems)):
        problems.append(
            Problem(next(iter(_name_headings(headings)), ""), _("Enter their name. One name is enough."))
        )
    if problems:
        return ReadRow(number, None, tuple(problems))
    details = {"first_name": "", "last_name": ""} | {
        code: one for code, one in values.items() if code in _KEPT
    }
    return ReadRow(number, ParentDetails(**details))


def _name_headings(headings: Mapping[str, str]) -> list[str]:
    return [headings[code] for code in ("first_name", "name", "last_name") if code in headings]


def _names(values: dict[str, Any]) -> None:
    """First and last name of a whole one: “Begum, Amina” and “Amina Begum”; the only name is the one we greet with.

    A title is none of it.
    """
    for code in ("name", "first_name"):
        if code in values:
            values[code] = _without_titles(values[code])
    whole = values.pop("name", "")
    if whole and not (values.get("first_name") or values.get("last_name")):
        last, comma, first = whole.partition(",")
        if not comma:
            first, _space, last = whole.partition(" ")
        values["first_name"], values["last_name"] = first.strip(), last.strip()
    if not values.get("first_name"):
        values["first_name"], values["last_name"] = values.get("last_name", ""), ""


#: As they stand before a name, with or without their dot.
_TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "mister", "dr", "doctor", "prof", "professor")
) | frozenset(("rev", "revd", "reverend"))
#: Between two people: “Ann & Bo Lee”, “Ann and Bo Lee”.
_TWO_PEOPLE = re.compile(r"[&+]|\band\b", re.IGNORECASE)


def _without_titles(name: str) -> str:
    """A name without the titles before it, or behind its comma: “Dr Ann Lee”, and “Lee, Mrs Ann”; empty for no more
    than a title."""
    last, comma, first = name.partition(",")
    if comma:
        return ", ".join(filter(None, (_without_titles(last.strip()), _without_titles(first.strip()))))
    words = name.split()
    while words and words[0].casefold().rstrip(".") in _TITLES:
        words = words[1:]
    return " ".join(words)


def _read(column: str, cell: str) -> Any:
    """What a cell says; None for nothing. Raises _Wrong."""
    text = without_turned_lines(" ".join(cell.split()))
    if text.casefold() in _NOTHING:
        return None
    if has_unfit_letters(text) or "\ufffd" in text:
        raise _Wrong(_("Some letters here cannot be read. Type it again."))
    if _ERROR.fullmatch(text):
        raise _Wrong(_("The spreadsheet could not work this cell out. Type what belongs here."))
    if text.startswith("="):
        raise _Wrong(_("This is a formula. Type what it stands for."))
    return _READERS.get(column, _text)(text)


def _text(typed: str) -> str:
    return _at_most(typed, TEXT_LENGTH)


#: As many digits together are a telephone number, or rows that ran together.
_NUMBER_IN_NAME = re.compile(r"\d{5}")


def _name(typed: str) -> str:
    name = _at_most(plain_name(typed), NAME_LENGTH)  # some signs are two letters once they are plain
    if _TWO_PEOPLE.search(name):
        raise _Wrong(_("Are these two people? Give each a row of their own."))
    if _NUMBER_IN_NAME.search(our_digits(name).replace(" ", "")):
        raise _Wrong(_("There is a number in this name. Give it a cell of its own."))
    if wrong := name_mistake(name.replace(",", "")):
        raise _Wrong(wrong)
    return name


def _phone(typed: str) -> str:
    if _SHORTENED.fullmatch(typed):
        raise _Wrong(
            _("The spreadsheet shortened this number. Format the column as text, and type the whole number.")
        )
    digits = our_digits(typed).replace(" ", "")
    if re.fullmatch(r"7\d{9}", digits):
        typed = f"0{digits}"  # a spreadsheet takes the nought of a number away
    try:
        return normal_phone(typed, mobile=True)
    except Unusable as error:
        raise _Wrong(phone_mistake(error, mobile=True)) from None


def _email(typed: str) -> str:
    try:
        return normal_email(_at_most(typed, EMAIL_LENGTH))
    except Unusable as error:
        raise _Wrong(email_mistake(error)) from None


def _yes_or_no(typed: str) -> bool:
    if typed.casefold() in _YES:
        return True
    if typed.casefold() in _NO:
        return False
    raise _Wrong(_("Enter yes or no."))


def _language(typed: str) -> str:
    code = _languages().get(fold(typed))
    if code is None:
        raise _Wrong(
            _(
                "We do not write in this language yet. Enter one of %(languages)s, or leave it empty for English.",
                languages=", ".join(Locale("en").languages[code] for code in LANGUAGES),
            )
        )
    return code


@cache
def _languages() -> dict[str, str]:
    """Each name of a language, its own and the English one, and its code."""
    return {
        fold(name): code
        for code, own in LANGUAGES.items()
        for name in (own, Locale("en").languages[code], code, *_ALSO_CALLED.get(code, ()))
    }


#: What else schools call them.
_ALSO_CALLED = {"bn": ("Bengali",)}


def _year(typed: str) -> str:
    plain = fold(typed)
    if plain in ("r", "rec", "reception", "yearr", "yr"):
        return "Reception"
    year = "Year " + re.sub(r"^(year|yr|y|nc)", "", plain).lstrip("0")
    if year not in YEAR_GROUPS:
        raise _Wrong(_("Enter Reception, or Year 1 to Year 13."))
    return year


def _attendance(typed: str) -> str:
    """A band, by its words or by a percentage; a fraction below 1 is what a spreadsheet makes of a percentage."""
    for code, words in ATTENDANCE_BANDS.items():
        if code and fold(typed) in (fold(code), fold(str(words))):
            return code
    try:
        share = float(our_digits(typed).removesuffix("%").strip().replace(",", "."))
    except ValueError:
        share = -1
    if share == 1 and "%" not in typed:
        # What a spreadsheet makes of 100%, and what somebody types for one in a hundred.
        raise _Wrong(_("Is this 1 or 100 per cent? Type it with its sign, %(example)s.", example="100%"))
    if 0 < share < 1 and "%" not in typed:
        share *= 100
    if not 0 <= share <= 100:
        raise _Wrong(_("Enter a percentage from 0 to 100, such as %(example)s.", example="63%"))
    return next(code for least, code in _BANDS if share >= least)


_BANDS = ((90.0001, "over_90"), (80, "80_to_90"), (50, "50_to_80"), (0, "under_50"))


def _at_most(typed: str, letters: int) -> str:
    if len(typed) > letters:
        raise _Wrong(_("Use %(n)s letters or fewer", n=f"{letters:,}"))
    return typed


_READERS: dict[str, Callable[[str], Any]] = {
    "first_name": _name,
    "last_name": _name,
    "name": _name,
    "known_as": _name,
    "phone": _phone,
    "email": _email,
    "interpreter": _yes_or_no,
    "language": _language,
    "year_group": _year,
    "attendance_band": _attendance,
}
