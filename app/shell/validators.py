"""What an answer must be, each with a message that says what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import wtforms
from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, StopValidation, ValidationError

from app.shell.links_in_words import has_link, has_number

#: Called with the form and the field; raises ValidationError, or StopValidation so that no other is called.
Validator = Callable[[wtforms.Form, Any], None]


class Answered(InputRequired):
    """The question has an answer. Give a message that says what to do: "Enter your first name"."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or lazy_gettext("This needs an answer"))

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        sent = [getattr(value, "filename", value) for value in field.raw_data or []]
        if not any(says_something(str(value)) for value in sent if value is not None):
            raise StopValidation(str(self.message))


#: Letters without a shape: fillers of Hangul and Braille.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def says_something(typed: str) -> bool:
    """Whether anybody who reads it sees a letter: for what has to be answered only sometimes, which no field knows."""
    return any(map(_is_seen, typed))


def _is_seen(sign: str) -> bool:
    return not (sign.isspace() or sign in _BLANK or unicodedata.category(sign) in ("Cf", "Cc"))


class MaxLength:
    """At most so many letters; says how many, so that people know how much to cut.

    Stands first: what is longer is looked at no further, or a page of letters in a box for a name would cost a
    pattern's time for each pair of them.
    """

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        if isinstance(field.data, str) and len(field.data) > self.letters:
            raise StopValidation(gettext("Use %(n)s letters or fewer", n=f"{self.letters:,}"))


#: Control characters, halves of pairs and code points that are none: PostgreSQL or HTML refuses them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)


def has_unfit_letters(text: str) -> bool:
    """Whether something in `text` can neither be kept nor shown."""
    return _UNFIT.search(text) is not None


def without_unfit_letters(text: str) -> str:
    """`text` as a page can show it again."""
    return _UNFIT.sub("", text)


#: Signs that turn the rest of a line round, also where it is shown within another: embedded, overridden, isolated.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_turned_lines(text: str) -> str:
    """`text` in the order in which it was typed; right-to-left scripts need none of these signs."""
    return _TURNS.sub("", text)


def no_control_characters(form: wtforms.Form, field: wtforms.Field) -> None:
    """Nobody types them on purpose."""
    if isinstance(field.data, str) and has_unfit_letters(field.data):
        raise ValidationError(gettext("Type this again without special characters"))


def is_a_name(form: wtforms.Form, field: wtforms.Field) -> None:
    """As `name_mistake` says."""
    if isinstance(field.data, str) and field.data and (mistake := name_mistake(field.data)):
        raise ValidationError(mistake)


#: What stands in addresses and messages and in nobody's name: a mail program makes a link of it.
_NO_NAME = re.compile(r"[/\\@<>\[\]{}#*_`~|=^]|[^\W\d_]{2,}\.[^\W\d_]{2,}")


def name_mistake(name: str) -> str:
    """What is wrong with a name, in words that say what to do; empty for nothing.

    It has a letter of some script in it; spaces, dots and signs that nobody sees are none. It is greeted with in
    emails and texts, and is no place on the web and no message.
    """
    if not any(sign.isalpha() for sign in name):
        return gettext("Enter the name in letters")
    if _NO_NAME.search(name):
        return gettext("Enter the name alone, without signs like / or @. Put a space after a full stop.")
    return ""


def for_parents(form: wtforms.Form, field: wtforms.Field) -> None:
    """Words that parents read in the school's name: no link and no phone number, for both are believed there."""
    if not isinstance(field.data, str):
        return
    if has_link(field.data):
        raise ValidationError(
            gettext(
                "Take out the link or address: parents are right not to trust one here. Is there none? Put a space"
                " after each full stop."
            )
        )
    if has_number(field.data):
        raise ValidationError(
            gettext("Take out the phone number. Parents have the school’s number, and call that.")
        )


def email_mistake(error: ValueError | None) -> str:
    """What is wrong with an email address, in words that say what to do."""
    match getattr(error, "why", ""):
        case "no_at":
            return gettext("Enter the whole email address, with the @. It looks like name@example.com")
        case "name":
            return gettext(
                "Check the part before the @. It has English letters, numbers and dots."
                " No spaces, brackets or quotation marks, and never two dots together"
            )
        case "domain":
            return gettext("Check the part after the @. It looks like example.com, with a dot and no spaces")
    return gettext("Check the email address. It looks like name@example.com")


def phone_mistake(error: ValueError | None, *, mobile: bool) -> str:
    """What is wrong with a telephone number, in words that say what to do."""
    example = "07700 900123" if mobile else "020 7946 0123"
    match getattr(error, "why", ""):
        case "words":
            return gettext(
                "Type the number alone, without words or an extension. It looks like %(example)s",
                example=example,
            )
        case "many":
            return gettext("Type one number. It looks like %(example)s", example=example)
        case "mobile":
            return gettext("We cannot send texts to this number. Enter a mobile number, like 07700 900123")
    if mobile:
        return gettext("Check the mobile number. It looks like 07700 900123")
    return gettext("Check the phone number. It looks like 020 7946 0123")
