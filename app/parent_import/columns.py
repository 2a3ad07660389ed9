"""The columns of a list of parents: what each is called, and what else people call it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.shell.searching import fold


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that we keep of a parent. `also`: the heading in the template, and those of
    other systems that mean the same, in any spelling."""

    code: str
    label: LazyString
    also: tuple[str, ...] = ()


#: As in the template to download.
COLUMNS: dict[str, Column] = {
    column.code: column
    for column in (
        Column(
            "first_name",
            _l("First name"),
            (
                "first name",
                "forename",
                "given name",
                "first",
                "parent first name",
                "parent forename",
                "contact forename",
            ),
        ),
        Column(
            "last_name",
            _l("Last name"),
            (
                "last name",
                "surname",
                "family name",
                "last",
                "second name",
                "parent surname",
                "contact surname",
            ),
        ),
        Column(
            "name",
            _l("Whole name"),
            (
                "whole name",
                "name",
                "full name",
                "parent",
                "carer",
                "parent name",
                "parent carer",
                "contact name",
            ),
        ),
        Column(
            "known_as",
            _l("What they like to be called"),
            ("what they like to be called", "known as", "preferred name", "nickname"),
        ),
        Column(
            "phone",
            _l("Mobile number"),
            (
                "mobile number",
                "mobile",
                "phone",
                "telephone",
                "tel",
                "phone number",
                "mobile phone",
                "contact number",
            ),
        ),
        Column(
            "email",
            _l("Email address"),
            ("email address", "email", "e-mail", "mail", "home email"),
        ),
        Column(
            "language",
            _l("Language they read best"),
            ("language they read best", "language", "home language", "first language"),
        ),
        Column(
            "interpreter",
            _l("Would like an interpreter"),
            ("would like an interpreter", "interpreter", "interpreter needed"),
        ),
        Column(
            "access_needs",
            _l("What would make coming easier"),
            ("what would make coming easier", "access", "access needs", "adjustments"),
        ),
        Column(
            "year_group",
            _l("Child’s year group"),
            (
                "child's year group",
                "year",
                "year group",
                "nc year",
                "yr",
                "child year group",
                "pupil year group",
                "student year group",
                "pupil year",
                "child's year",
            ),
        ),
        Column(
            "attendance_band",
            _l("Child’s attendance"),
            (
                "child's attendance",
                "attendance",
                "attendance %",
                "attendance percentage",
                "% attendance",
                "pupil attendance",
                "pupil's attendance",
                "student attendance",
            ),
        ),
        Column(
            "needs", _l("Needs that shape the group"), ("needs that shape the group", "needs", "group needs")
        ),
        Column(
            "found_by",
            _l("How you thought of them"),
            ("how you thought of them", "found by", "source", "referred by"),
        ),
        Column(
            "next_step",
            _l("Your next step"),
            ("your next step", "next step", "action", "next action"),
        ),
    )
}
#: Words in headings of what we do not take, whatever else stands there: about the child, we know no name and no number.
_OF_THE_CHILD = """
    upn uln pupil pupils child childs children student students legal dob birth birthday address addresses postcode
    postal street town nhs passport ethnicity ethnic religion faith nationality gender sex diagnosis medical health gp
    sen send senco ehcp ehc eal fsm premium looked lac safeguarding
"""
_NOT_TAKEN = frozenset(_OF_THE_CHILD.split())

_BY_HEADING = {
    fold(heading): column.code for column in COLUMNS.values() for heading in (column.code, *column.also)
}
#: How alike two headings are before one is taken for a slip of the other.
_LIKE = 0.8


@dataclass(frozen=True, slots=True)
class Place:
    """What a heading of the file is for. `column`: the code, or empty for left out."""

    heading: str
    column: str = ""
    #: Taken for a slip, or of the same thing a second time: somebody looks at it before it counts.
    is_guess: bool = False
    is_not_taken: bool = False


def is_not_taken(heading: str) -> bool:
    """Whether a column under this heading is of what we keep nothing of: by any word in it, and not by its spelling."""
    if fold(heading[:100]) in _BY_HEADING:
        return False
    words = re.findall(r"[^\W_]+", heading.casefold().replace("’", "").replace("'", ""))
    return any(word in _NOT_TAKEN for word in words) and not {"email", "mail"} & set(words)


def as_kept(headings: Sequence[str]) -> list[str]:
    """The row of these headings, as it is kept where it may be a parent."""
    return ["" if is_not_taken(one) else one.replace("\0", "\ufffd") for one in headings]


def count_known(headings: Sequence[str]) -> int:
    """How many of these are headings of ours."""
    return len({_BY_HEADING[fold(one)] for one in headings if fold(one[:100]) in _BY_HEADING})


def place(headings: Sequence[str]) -> list[Place]:
    """What each heading is for. Near misses are guesses; a second column of one kind is left out."""
    exact = [_BY_HEADING.get(fold(heading[:100]), "") for heading in headings]
    taken: set[str] = set()
    places = []
    for heading, code in zip(headings, exact, strict=True):
        is_guess = False
        if is_not_taken(heading):
            places.append(Place(heading, is_not_taken=True))
            continue
        if not code:
            code = _near(heading)
            is_guess = bool(code)
            if code in exact:
                code, is_guess = "", False
        if code in taken:
            places.append(Place(heading, is_guess=True))
            continue
        if code:
            taken.add(code)
        places.append(Place(heading, code, is_guess))
    return places


def _near(heading: str) -> str:
    """The column whose heading this is a slip of, or that it contains; empty for none."""
    folded = fold(heading[:100])
    if len(folded) < 4:
        return ""
    for close in difflib.get_close_matches(folded, _BY_HEADING, n=1, cutoff=_LIKE):
        return _BY_HEADING[close]
    return ""
