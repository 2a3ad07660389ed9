"""Works out the highest level of DBS check that a facilitator's role may be given. No database, no web.

The level follows from what they do, where, with whom and how often. Asking for more than that is an offence; barred
list information may be asked only for regulated activity, and a supervised volunteer's work is none.
Source: Keeping children safe in education, volunteers; DBS eligibility guidance. For volunteers; a school asks its
own advisers about people whom it employs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Contact(StrEnum):
    """What the role has to do with children."""

    ADULTS = "adults"
    PASSING = "passing"
    CHILDREN = "children"


class Venue(StrEnum):
    SCHOOL = "school"
    ELSEWHERE = "elsewhere"


class Frequency(StrEnum):
    NOW_AND_THEN = "now_and_then"
    WEEKLY = "weekly"
    OFTEN = "often"


class Level(StrEnum):
    """Levels from least to most."""

    NONE = "none"
    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced_barred"


LEVELS = {
    Level.NONE: _l("No check"),
    Level.BASIC: _l("Basic check"),
    Level.STANDARD: _l("Standard check"),
    Level.ENHANCED: _l("Enhanced check, without the barred list"),
    Level.ENHANCED_BARRED: _l("Enhanced check with the children’s barred list"),
}
ROLES = {
    Contact.ADULTS: _l("They meet parents and carers only"),
    Contact.PASSING: _l("They meet parents, and pupils are about at the time"),
    Contact.CHILDREN: _l("They also look after, teach or advise children"),
}
VENUES = {
    Venue.SCHOOL: _l("On the school’s premises"),
    Venue.ELSEWHERE: _l("Somewhere else, or online"),
}
FREQUENCIES = {
    Frequency.NOW_AND_THEN: _l("Now and then, three days in 30 at most"),
    Frequency.WEEKLY: _l("Once a week"),
    Frequency.OFTEN: _l("More often: four days or more in 30"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The highest level that may be asked for, and why. `is_required`: no lower one will do."""

    level: Level
    why: str
    is_required: bool = False


def work_out(contact: Contact, venue: Venue, *, supervised: bool, frequency: Frequency) -> Decision:
    """The level that this role may be given. Never more than the four answers bear out."""
    regular = frequency is not Frequency.NOW_AND_THEN
    near_children = contact is Contact.CHILDREN or (contact is Contact.PASSING and venue is Venue.SCHOOL)
    if not near_children:
        if contact is Contact.ADULTS:
            return Decision(Level.BASIC, _l("Leading a group of adults is not work with children."))
        return Decision(Level.BASIC, _l("Meeting children by chance outside a school is not work with them."))
    if not regular:
        return Decision(Level.BASIC, _l("It happens too seldom to count as regular work with children."))
    if supervised:
        return Decision(
            Level.ENHANCED,
            _l("They are near children regularly, and a checked member of staff supervises them."),
        )
    return Decision(
        Level.ENHANCED_BARRED,
        _l("Regular, unsupervised work with children is regulated activity."),
        is_required=True,
    )


def why_not(wanted: Level, decision: Decision, *, supervised: bool) -> str | None:
    """Why `wanted` may not be recorded under this decision, or None."""
    order = list(Level)
    if wanted is Level.STANDARD:
        return str(_l("A standard check is for other jobs, like those in law and finance. Choose another."))
    if wanted is Level.ENHANCED_BARRED and supervised:
        return str(
            _l(
                "Barred list information must not be asked for about a supervised volunteer."
                " It is against the law. Choose a lower level."
            )
        )
    if order.index(wanted) > order.index(decision.level):
        return str(
            _l(
                "This role may not have this check, and asking for it is an offence. The most is: %(level)s.",
                level=str(LEVELS[decision.level]),
            )
        )
    if decision.is_required and wanted is not decision.level:
        return str(_l("This is regulated activity. It needs: %(level)s.", level=str(LEVELS[decision.level])))
    return None


def needs_certificate(level: str) -> bool:
    """Whether somebody has to see a certificate."""
    return level not in ("", Level.NONE.value)
