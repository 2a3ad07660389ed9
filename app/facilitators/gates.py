"""What counts as a certificate, as training and as a reference: what a thing is, not that there is one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from flask_babel import gettext as _

from app.shell.parsing import normal_email, normal_phone
from infra.clock import today
from infra.recipients import our_digits

#: Certificates are made by the Disclosure and Barring Service since this day.
SERVICE_BEGAN = date(2012, 12, 1)
#: A certificate has no end of its own; after this a school asks for a new one, as most employers do.
RENEW_AFTER = timedelta(days=3 * 365 + 1)
CERTIFICATE_DIGITS = 12
#: One piece of training, and all of it before somebody is ready; in minutes.
SHORTEST, LONGEST, ENOUGH = 30, 600, 120
#: Training longer ago was for other rules of keeping children safe.
TRAINING_COUNTS = timedelta(days=3 * 365 + 1)
FEWEST_LETTERS = 5
#: So many steps up or down in a row are not the number of any certificate.
LONGEST_RUN = 8


def plain_certificate_number(typed: str) -> str:
    """Twelve digits. Raises ValueError with words for whoever typed it."""
    number = re.sub(r"[\s\-]", "", our_digits(typed))
    if not (number.isascii() and number.isdigit() and len(number) == CERTIFICATE_DIGITS):
        raise ValueError(_("Enter the 12 digits at the top right of the certificate, like 001234567890"))
    if len(set(number)) < 3 or _is_plain_run(number):
        raise ValueError(_("This is not a certificate number. Look at the top right of the certificate."))
    return number


def _is_plain_run(number: str) -> bool:
    """Whether most of it only counts up or down, as in our own example: typed to get on, not read from paper."""
    steps = "".join(
        {1: "u", 9: "d"}.get((int(after) - int(before)) % 10, "-") for before, after in pairwise(number)
    )
    return "u" * LONGEST_RUN in steps or "d" * LONGEST_RUN in steps


def problem_of_certificate_day(issued_on: date) -> str | None:
    """Why a certificate of this day cannot be noted, or None."""
    if issued_on > today():
        return _("Enter today or a day before it")
    if issued_on < SERVICE_BEGAN:
        return _("There were no such certificates before December 2012. Check the year.")
    if issued_on < today() - RENEW_AFTER:
        return _("This certificate is more than three years old. Ask for a new one.")
    return None


def problem_of_training(title: str, on_date: date, minutes: int) -> str | None:
    """Why this does not count as training, or None."""
    if sum(letter.isalpha() for letter in title) < FEWEST_LETTERS:
        return _("Say what the training was about, like “Listening without advice”")
    if on_date > today():
        return _("Enter today or a day before it")
    if on_date < today() - TRAINING_COUNTS:
        return _("Training from more than three years ago does not count. Please plan it again.")
    if not SHORTEST <= minutes <= LONGEST:
        return _("Training takes from 30 to 600 minutes. Record longer training day by day.")
    return None


def plain_contact(typed: str) -> str:
    """An email address or number in one spelling. Raises ValueError when it is neither."""
    typed = typed.strip()
    return normal_email(typed).casefold() if "@" in typed else normal_phone(typed)


def is_somebody_else(contact: str, name: str, others: Iterable[tuple[str, str]]) -> bool:
    """Whether (contact, name) is none of `others`: neither the same address or number, nor the same name."""
    return not any(
        _same_contact(contact, other_contact) or _plain_name(name) == _plain_name(other_name)
        for other_contact, other_name in others
    )


def _same_contact(one: str, other: str) -> bool:
    try:
        return plain_contact(one) == plain_contact(other)
    except ValueError:
        return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()


def _plain_name(name: str) -> str:
    return " ".join(sorted(name.casefold().split()))
