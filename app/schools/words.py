"""What a school's own pages say at each of its stages; the council's page reads `stages.STAGES`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.schools.stages import STAGES
from app.shell.state_words import ByState, Words

#: Above the school's own list of set-up. While something is left on it, that number stands there instead.
SET_UP = ByState(
    "a school's set-up, for its staff",
    STAGES,
    {
        "prospect": Words(_l("Your school is on the council’s list. You begin when the council invites it.")),
        "invited": Words(_l("You are invited to take part. Your council sends the brief and the agreement.")),
        "brief_sent": Words(_l("Read the brief. Your head signs the agreement, and you upload it.")),
        "agreement_signed": Words(_l("The agreement is signed. Finish your list.")),
        "set_up": Words(_l("All done, thank you. Your council checks it and makes you active.")),
        "active": Words(_l("You are active. You can change all of this at any time.")),
        "paused": Words(_l("Your school is paused. Talk to your council about when to start again.")),
        "left": Words(
            _l("Your school does not take part any more. You can still read what is here."),
        ),
    },
)

#: In place of the words of *set up*, above what is still missing.
STILL_MISSING = Words(
    _l("Your list is done, thank you. This is missing before your council can make you active:")
)

#: In place of the words of *brief sent*, once the council has returned the signed agreement.
RETURNED = Words(
    _l("Your council has returned the signed agreement: its page says why. Sign it again, and upload it.")
)

#: What the council said of the signed agreement; nothing yet is a state too.
REVIEW = ByState(
    "a signed agreement, for the school",
    ("", "accepted", "returned"),
    {
        "": Words(_l("Your council reads it before you become active.")),
        "accepted": Words(_l("Your council has accepted it.")),
        "returned": Words(_l("Your council has returned it. Upload a newer one."), _l("This is why:")),
    },
)

_WHEN_ACTIVE = _l("This comes when your list is done and your council has made your school active.")
_PAUSED = _l("Your school is paused. Nothing new begins until it starts again.")
_LEFT = _l("Your school does not take part any more, so nothing new begins here.")

_NO_GROUP = Words(_l("No group yet."), _WHEN_ACTIVE)
#: Lists of groups, where there is none.
NO_GROUPS = ByState(
    "a school's groups, where there is none",
    STAGES,
    {
        **dict.fromkeys(("prospect", "invited", "brief_sent", "agreement_signed", "set_up"), _NO_GROUP),
        # True for the first, and between two.
        "active": Words(
            _l("No group now."),
            _l("When eight parents have said yes, form a group and its dates are worked out for you."),
        ),
        "paused": Words(_l("No group now."), _PAUSED),
        "left": Words(_l("No group."), _LEFT),
    },
)

_NOBODY = Words(_l("Nobody here yet."), _WHEN_ACTIVE)
#: The list of parents, where nobody is on it.
NO_PARENTS = ByState(
    "a school's parents, where there is none",
    STAGES,
    {
        **dict.fromkeys(("prospect", "invited", "brief_sent", "agreement_signed", "set_up"), _NOBODY),
        "active": Words(
            _l("Nobody here yet."),
            _l(
                "Think of parents whose children find it hard to get to school. You do not need a diagnosis or proof."
            ),
        ),
        "paused": Words(_l("Nobody here."), _PAUSED),
        "left": Words(_l("Nobody here."), _LEFT),
    },
)

_LOOK_EARLY = Words(
    _l("Nobody yet."),
    _l("When a group ends, its parents can offer to help lead. For your first group, add a professional."),
)
_AFTER_SIGNING = Words(
    _l("Nobody yet."), _l("You can look for people who lead once the agreement is signed.")
)
#: The list of facilitators, where nobody is on it.
NO_FACILITATORS = ByState(
    "a school's facilitators, where there is none",
    STAGES,
    {
        **dict.fromkeys(("prospect", "invited", "brief_sent"), _AFTER_SIGNING),
        **dict.fromkeys(("agreement_signed", "set_up", "active"), _LOOK_EARLY),
        "paused": Words(
            _l("Nobody here."), _l("Your school is paused. You can still find and train people.")
        ),
        "left": Words(_l("Nobody here."), _LEFT),
    },
)
