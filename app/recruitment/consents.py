"""The choices a parent makes, each on its own: the words that are shown, and what yes, no and stopping mean."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.programme.numbers import SESSIONS
from app.states.parents import ParentStage

#: Changes with every change of the words below, so that it is known what somebody agreed to.
WORDING_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Choice:
    """One consent. `kinds` are the rows that its answer writes; nothing is ticked beforehand."""

    key: str
    question: str
    if_yes: str
    if_no: str
    stopping: str


CHOICES: dict[str, Choice] = {
    choice.key: choice
    for choice in (
        Choice(
            "join",
            _l("Do you want to join the group? We keep your details for this."),
            _l("We keep a place for you."),
            _l("We keep only a note not to ask."),
            _l("Press “Leave the group”. Messages stop. We delete what we may."),
        ),
        Choice(
            "email",
            _l("May we write to you by email?"),
            _l("We send dates, changes and notes."),
            _l("We do not email you."),
            _l("Use the link at the foot of any email, or change it here."),
        ),
        Choice(
            "text",
            _l("May we text you?"),
            _l("We send dates and changes. Texts never say what the group is about."),
            _l("We do not text you. You get a printed plan."),
            _l("Use the stop link, or change it here."),
        ),
        Choice(
            "pooled_answers",
            _l("May your answers be counted in pooled results?"),
            _l("They are counted without your name, mixed with other parents’."),
            _l("You can still come, and see your own answers."),
            _l("We remove them from results not yet published. Published totals stay."),
        ),
        Choice(
            "share_attendance",
            _l("May the school see which sessions you come to?"),
            _l("School staff see your dates."),
            _l("We do not show them. Staff may see you arrive."),
            _l("We hide all dates. We cannot undo what staff saw."),
        ),
        Choice(
            "ask_to_lead",
            _l("May we ask you later about helping to lead a group?"),
            _l("We ask once, after session %(last)s.", last=SESSIONS),
            _l("We do not ask. You can still apply."),
            _l("We do not ask again."),
        ),
        # Asked until November 2026 and asked no more: nothing collects these totals yet. What people said is kept.
        Choice(
            "pooled_attendance",
            _l("May your child’s attendance totals be counted in pooled results?"),
            _l("The school adds half days possible and missed. No name."),
            _l("Nothing else changes."),
            _l("We remove them from results not yet published."),
        ),
    )
}

#: What parents are asked today; `CHOICES` has the words of what they said before as well.
ASKED = {key: choice for key, choice in CHOICES.items() if key != "pooled_attendance"}

#: The same things as staff write down a parent's no to them.
FOR_STAFF = {
    "email": _l("Emails from us"),
    "text": _l("Texts from us"),
    "pooled_answers": _l("Their answers counted in pooled results"),
    "share_attendance": _l("Staff seeing which sessions they come to"),
    "ask_to_lead": _l("Being asked later about helping to lead"),
}

#: What is no choice any more once somebody said no or left: nothing is sent, nobody asks, no group calls them anything.
STOPPED_WITH_LEAVING = ("email", "text", "ask_to_lead", "known_as")
#: What says nothing any more: whoever left counts in no results to come, and who said no left nothing to be counted.
NOTHING_TO_COUNT = {
    ParentStage.LEFT: ("pooled_answers",),
    ParentStage.SAID_NO: ("pooled_answers", "share_attendance"),
}

LANGUAGES: dict[str, str] = {
    "en": "English",
    "tr": "Türkçe",
    "pl": "Polski",
    "es": "Español",
    "fr": "Français",
    "so": "Soomaali",
    "bn": "বাংলা",
    "ur": "اردو",
    "ar": "العربية",
    "ro": "Română",
}

ATTENDANCE_BANDS = {
    "": _l("Not noted"),
    "over_90": _l("More than 90%"),
    "80_to_90": _l("80% to 90%"),
    "50_to_80": _l("50% to 80%"),
    "under_50": _l("Less than 50%"),
}
YEAR_GROUPS = ("", "Reception", *(f"Year {number}" for number in range(1, 14)))
