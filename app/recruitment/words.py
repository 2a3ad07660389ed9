"""What a parent's pages say when nothing is to come: one entry for each place that somebody may be at.

A page promises only what the service then does. Whoever said no or left is written to no more, so nothing there says
that we will tell them.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.programme.numbers import FEWEST_PARENTS
from app.recruitment.stages import STAGES as EVERY
from app.shell.state_words import ByState, Words
from app.states.parents import DO_NOT_WRITE, READY, WITH_GROUP, ParentStage
from app.states.schools import BEFORE_SIGNING, BEING_SET_UP, SchoolStage


def reach_notes(
    *, phone: str, email: str, texts_stopped: bool, emails_stopped: bool, interpreter: bool
) -> list[str]:
    """What whoever wants to reach a parent has to know beside number and address; on every page and paper the same."""
    notes = [_("interpreter")] if interpreter else []
    by_text, by_email = bool(phone) and not texts_stopped, bool(email) and not emails_stopped
    if not by_text and not by_email:
        return [*notes, _("on paper, or by phone")]
    if phone and texts_stopped:
        notes.append(_("no texts"))
    if email and emails_stopped:
        notes.append(_("no emails"))
    if not email:
        notes.append(_("phone only"))
    return notes


#: Stage of a parent -> words. In a group it depends on the group as well: see `GROUPS`.
STAGES = ByState(
    "a parent's home",
    EVERY,
    {
        "identified": Words(
            _l("You are invited."), _l("Say yes, no or “tell me more”. Each is a good answer.")
        ),
        "invited": Words(_l("You are invited."), _l("Say yes, no or “tell me more”. Each is a good answer.")),
        "interested": Words(
            _l("You asked to hear more."),
            _l("Somebody from the school gets in touch with you. You can say yes or no at any time."),
        ),
        "joined": Words(
            _l("You have joined. Your group has no dates yet."),
            _l(
                "When there are %(count)s of you, the school sets the dates. They appear here then. You do not"
                " need to do anything"
                " for that.",
                count=FEWEST_PARENTS,
            ),
        ),
        "waiting": Words(
            _l("You are on the list for a place."),
            _l(
                "When a place is free, the school offers it to whoever came first. You do not need to do"
                " anything for that."
            ),
        ),
        "in_group": Words(
            _l("You have a place."), _l("When the dates are set, they appear here."), calls=True
        ),
        "graduated": Words(
            _l("Your group is over. You did this together."),
            _l("Your notes are still here, for as long as you like to come back."),
        ),
        "said_no": Words(
            _l("You said no, thank you. That is a full answer."),
            _l(
                "We do not ask again this school year. Nothing changes for you or your child. Changed your mind?"
            ),
            calls=True,
        ),
        "left": Words(
            _l("You have left. Messages have stopped."),
            _l("You are always welcome back."),
            calls=True,
        ),
    },
)

#: Who left and has been there before.
LEFT_WITH_NOTES = Words(
    _l("You have left. Messages have stopped."),
    _l("Notes of meetings that you came to are still yours. You are always welcome back."),
    calls=True,
)
#: Who said no, or left, while nobody joins at their school: there is no way back to speak of.
NO_WAY_BACK = {
    "said_no": Words(
        _l("You said no, thank you. That is a full answer."), _l("Nothing changes for you or your child.")
    ),
    "left": Words(_l("You have left. Messages have stopped.")),
}
NO_WAY_BACK_WITH_NOTES = Words(
    _l("You have left. Messages have stopped."), _l("Notes of meetings that you came to are still yours.")
)
#: Who waits, and for whom a place is kept until they answer.
KEPT = Words(_l("A place in a group is kept for you."), _l("See days and times, and say yes or no."))
#: Who said yes and waits, while their school begins nothing new.
PAUSED = Words(
    _l("You are on the list for a place."),
    _l(
        "When groups start again, the school offers places to whoever came first. You do not need to do"
        " anything for that."
    ),
)

#: State of the group in which somebody has, or had, a place -> words when it has no session to come.
GROUPS = ByState(
    "a parent's home, by their group",
    ("forming", "running", "closed", "cancelled"),
    {
        "forming": Words(
            _l("Your group has no dates yet."),
            _l("When the school has set them, they appear here. You have a place."),
        ),
        "running": Words(
            _l("Your group has no more dates."),
            _l("Thank you for being part of it. Your notes are still here."),
        ),
        "closed": STAGES["graduated"],
        "cancelled": Words(
            _l("Your group does not meet any more. We are sorry."),
            _l("It is nothing you did. Your notes are still here."),
            calls=True,
        ),
    },
)
#: The same of one that ended before it ever met.
NEVER_MET = Words(
    _l("Your group did not take place. We are sorry."), _l("It is nothing you did."), calls=True
)
#: In a group, or after it, while a fresh start is under way. It says no reason: an old telephone may be reading.
HELD = Words(
    _l("Your dates and notes are not shown just now."),
    _l("They are here again within a day. You do not need to do anything."),
    calls=True,
)
#: Stage of the school -> what comes after a group that ended early, for those who were in it.
AFTER_EARLY_END = ByState(
    "a parent's home, after their group ended early",
    tuple(SchoolStage),
    {
        "active": Words(
            _l("You are on the list for another group."),
            _l(
                "When a place is free, the school offers it to whoever came first. You do not need to do"
                " anything for that."
            ),
        ),
        "paused": Words(
            _l("You are on the list for another group."),
            _l(
                "When groups start again, the school offers places to whoever came first. You do not need to do"
                " anything for that."
            ),
        ),
        "left": Words(_l("There are no more groups at this school.")),
        # It has come back, and is not active again.
        **dict.fromkeys(
            BEFORE_SIGNING | BEING_SET_UP, Words(_l("There are no groups at this school just now."))
        ),
    },
)

_OFF_THE_LIST = Words(
    _l("Do you want to come off the list?"), _l("We keep no place for you. You can come back on any day.")
)
#: Stage of a parent who may stop -> what the page that asks says, and what becomes of their place.
LEAVING = ByState(
    "leaving, for a parent",
    (*READY, "in_group", "graduated"),
    {
        **dict.fromkeys(READY, _OFF_THE_LIST),
        "in_group": Words(_l("Do you want to leave the group?"), _l("Your place goes to somebody else.")),
        "graduated": Words(
            _l("Your group is over. Do you want to hear no more from us?"),
            _l("Notes of meetings that you came to stay yours to read here."),
        ),
    },
)
#: The same stages -> what is pressed to stop.
STOPPING = {
    **dict.fromkeys(READY, _l("Yes, take me off the list")),
    "in_group": _l("Yes, leave the group"),
    "graduated": _l("Yes, stop all messages"),
}
#: And how *Your choices* offers it: the sentence, and the words of the link.
OFFERS_TO_STOP = ByState(
    "the offer to stop, for a parent",
    LEAVING,
    {
        **dict.fromkeys(
            READY,
            Words(
                _l("Come off the list"),
                _l("You can come off the list on any day. Messages stop. We ask for no reason."),
            ),
        ),
        "in_group": Words(
            _l("Leave the group"),
            _l("You can leave the group on any day. Messages stop. We ask for no reason."),
        ),
        "graduated": Words(
            _l("Stop all messages"),
            _l("Your group is over. You can stop all our messages on any day. We ask for no reason."),
        ),
    },
)

#: The same for the questions, where there are none.
QUESTIONS: dict[str, Words] = {
    "said_no": Words(
        _l("There are no questions for you."),
        _l("They are for people in a group. You said no, and that is fine."),
    ),
    "left": Words(
        _l("There are no more questions."),
        _l("What you answered before stays yours. It is taken out of results that are not yet published."),
        keeps=True,
    ),
}
NO_QUESTIONS = Words(_l("No questions yet."), _l("They appear here once you have joined the group."))


def nothing_to_come(
    stage: str,
    group_state: str | None,
    *,
    has_notes: bool = False,
    is_paused: bool = False,
    is_held: bool = False,
    may_join: bool = True,
    is_kept: bool = False,
) -> Words:
    """What somebody at `stage` reads who has no session to come, in a group of that state or in none.

    `has_notes`: of meetings that they came to. `is_paused`: their school is. `is_held`: groups are not shown just now.
    `may_join`: their school takes part, so that there is a way back. `is_kept`: a place is kept until they answer.
    """
    if is_held and stage in WITH_GROUP:
        return HELD
    if stage == ParentStage.LEFT and has_notes:
        return LEFT_WITH_NOTES if may_join else NO_WAY_BACK_WITH_NOTES
    if stage in DO_NOT_WRITE and not may_join:
        return NO_WAY_BACK[stage]
    if is_paused and stage in READY:
        return PAUSED
    if is_kept and stage in READY:
        return KEPT
    if stage in WITH_GROUP and group_state and group_state in GROUPS:
        return GROUPS[group_state]
    return STAGES[stage]


@dataclass(frozen=True, slots=True)
class EndedEarly:
    """What a parent reads of their group that ended before its last date: why, where they can go on, and what comes."""

    words: Words
    why: str
    goes_on_at: str
    then: Words | None
    on_until: str


def ended_early(
    *, has_met: bool, why: str, goes_on_at: str, stage: str, school_stage: str, on_until: str = ""
) -> EndedEarly:
    """For a parent at `stage`. `why` and `goes_on_at` are the school's own words.

    `on_until`: the time until which it meets today, where it ended while it met.
    """
    waits = stage in READY or stage == ParentStage.IN_GROUP
    return EndedEarly(
        words=GROUPS["cancelled"] if has_met else NEVER_MET,
        why=why,
        goes_on_at=goes_on_at,
        then=AFTER_EARLY_END.get(school_stage) if waits else None,
        on_until=on_until,
    )


def no_questions(stage: str) -> Words:
    """What they read on the page of their answers, where nothing is asked of them."""
    return QUESTIONS.get(stage, NO_QUESTIONS)
