"""The stages of a school, and what each side may do at them. What they are called stands in `app/schools`.

The database asks the same table where it matters: `app.school_may` is held to this one by a test.
"""

from __future__ import annotations

from enum import StrEnum


class SchoolStage(StrEnum):
    """Where a school is on its way from the register to its groups; stored by value."""

    PROSPECT = "prospect"
    INVITED = "invited"
    BRIEF_SENT = "brief_sent"
    AGREEMENT_SIGNED = "agreement_signed"
    SET_UP = "set_up"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class Side(StrEnum):
    """Who took a step of a school; stored by value."""

    AUTHORITY = "authority"
    SCHOOL = "school"
    SYSTEM = "system"


class Task(StrEnum):
    """What a school does before it starts; stored by value."""

    DETAILS = "details"
    BRIEF = "brief"
    AGREEMENT = "agreement"
    STAFF = "staff"
    ROOM_AND_DATES = "room_and_dates"


#: The way from first to last, as the list draws it.
WAY = (
    SchoolStage.PROSPECT,
    SchoolStage.INVITED,
    SchoolStage.BRIEF_SENT,
    SchoolStage.AGREEMENT_SIGNED,
    SchoolStage.SET_UP,
    SchoolStage.ACTIVE,
)
#: Nobody has signed: the brief too is drawn again when something changes.
UNSIGNED = frozenset({SchoolStage.INVITED, SchoolStage.BRIEF_SENT})
SIGNED = frozenset({SchoolStage.AGREEMENT_SIGNED, SchoolStage.SET_UP, SchoolStage.ACTIVE, SchoolStage.PAUSED})
ON_THE_LIST = UNSIGNED | SIGNED
BEFORE_SIGNING = UNSIGNED | {SchoolStage.PROSPECT}
#: Signed, and not begun.
BEING_SET_UP = frozenset({SchoolStage.AGREEMENT_SIGNED, SchoolStage.SET_UP})
UNDER_WAY = frozenset({SchoolStage.ACTIVE, SchoolStage.PAUSED})
_ACTIVE = frozenset({SchoolStage.ACTIVE})

#: What may be done -> at which stages.
MAY: dict[str, frozenset[SchoolStage]] = {
    "invite_lead": ON_THE_LIST | {SchoolStage.PROSPECT},
    "invite_colleague": ON_THE_LIST,
    "prepare": ON_THE_LIST,
    "find_parents": _ACTIVE,
    "find_facilitators": SIGNED,
    "invite_parents": _ACTIVE,
    "form_groups": _ACTIVE,
    "run_groups": UNDER_WAY,
    "write_to_parents": UNDER_WAY,
    # A no is heard at any time: also of parents of a school that left, and of one that is on its way back.
    "answer_for_parents": frozenset(SchoolStage),
    "join": UNDER_WAY,
    "apply": UNDER_WAY,
    "lead": UNDER_WAY,
}


def may(stage: str, code: str) -> bool:
    """Whether the table has this right at this stage. Raises KeyError for a right that it does not know."""
    return stage in MAY[code]
