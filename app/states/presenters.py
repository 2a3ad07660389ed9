"""What became of a booking of an outside presenter."""

from __future__ import annotations

from enum import StrEnum


class PresenterState(StrEnum):
    """Where it stands; stored by value."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"
    #: The session was called off, and they were told; asked again when it has a new day.
    OFF = "off"
    TAKEN_BACK = "taken_back"


#: They count on the session, or may.
COUNT_ON_IT = (PresenterState.ASKED, PresenterState.YES)
#: Where it leads to.
PRESENTER_STEPS: dict[PresenterState, frozenset[PresenterState]] = {
    PresenterState.ASKED: frozenset(
        {PresenterState.YES, PresenterState.NO, PresenterState.OFF, PresenterState.TAKEN_BACK}
    ),
    PresenterState.YES: frozenset(
        {PresenterState.ASKED, PresenterState.NO, PresenterState.OFF, PresenterState.TAKEN_BACK}
    ),
    PresenterState.NO: frozenset({PresenterState.ASKED, PresenterState.YES, PresenterState.TAKEN_BACK}),
    PresenterState.OFF: frozenset({PresenterState.ASKED, PresenterState.TAKEN_BACK}),
    PresenterState.TAKEN_BACK: frozenset(),
}
