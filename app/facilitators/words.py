"""What pages say of somebody who leads, or offered to, at each stage; also at those where nothing is to come."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.facilitators.stages import STAGES
from app.recruitment.stages import STAGES as PARENT_STAGES
from app.shell.state_words import ByState, Words
from app.states.facilitators import APPLICANTS

_NOT_CHOSEN = Words(_l("No group now."), _l("The school talks with you before it chooses one for you."))
_ON_THE_WAY = Words(
    _l("No group yet."), _l("First come the steps before it. Your person at school tells you where you are.")
)

#: On their own pages, where they lead no group.
NO_GROUP = ByState(
    "a facilitator's own groups, where there is none",
    STAGES,
    {
        **dict.fromkeys(APPLICANTS, _ON_THE_WAY),
        "ready": _NOT_CHOSEN,
        "leading": Words(_l("No group now."), _l("When the school has another for you, it asks you first.")),
        "resting": Words(
            _l("You are not leading a group now."),
            _l("No group is chosen for you meanwhile. Tell the school when you would like to lead again."),
        ),
        "not_now": Words(
            _l("You do not lead a group now."), _l("Call the school if you would like to talk about it.")
        ),
        "withdrawn": Words(
            _l("You do not lead any more. Thank you for all you gave."),
            _l("No group is chosen for you. You may offer again whenever you like."),
        ),
    },
)

#: The same where the school has left, or has come back and is not active again.
NO_GROUP_HERE = Words(_l("No group now."), _l("Your school does not take part just now."))

#: On their page for staff, above what may be pressed. Where the next step has a list of what is missing, this is first.
FOR_STAFF = ByState(
    "the next step of a facilitator, for staff",
    STAGES,
    {
        "applied": Words(_l("Read the application, then ask them to a conversation.")),
        "shortlisted": Words(_l("Talk with them, then go on to the people they named.")),
        "references": Words(_l("Ask the people they named, and note what they say.")),
        "checks": Words(_l("Work out which check the role needs, and look at the certificate with them.")),
        "training": Words(_l("Record their training. Then a second person says that they are ready.")),
        "ready": Words(_l("They may lead."), _l("Choose a group for them. Talk with them about it first.")),
        # True also of whoever was taken off their only group before that brought them back to ready.
        "leading": Words(_l("They lead groups here."), _l("They may be chosen for another.")),
        "resting": Words(
            _l("They are not leading a group now."),
            _l(
                "They cannot be chosen for a group meanwhile. When they would like to lead again, say that they"
                " are ready."
            ),
        ),
        "not_now": Words(
            _l("You said “not now”."),
            _l(
                "They may apply again, and nothing is asked of them. You can also open their application again."
            ),
        ),
        "withdrawn": Words(
            _l("They took their offer back."),
            _l(
                "They may offer again, and nothing is asked of them. If they told you so, open the application again."
            ),
        ),
    },
)

#: In their place for whoever led, and came in by a fresh start since.
AFTER_FRESH_START = Words(
    _l("They had a fresh start, so they are not leading now."),
    _l("When a second person has said again that they are ready, choose a group for them."),
)
MINE_AFTER_FRESH_START = Words(
    _l("You had a new way in, so your facilitator pages are shut for now."),
    _l("This keeps the parents of your group safe. A second person at school says again that you are ready."),
)

#: The same for whoever was ready until something of what made them so was changed or taken out.
AFTER_CHANGE = Words(
    _l(
        "What made them ready has changed, so they are not leading now and their own pages are shut. Call them."
    ),
    _l("When all is there, a second person says again that they are ready. Then choose a group for them."),
)
#: Above the list of what is missing, for whoever may lead.
LACKS = Words(
    _l("They cannot be chosen for another group now."), _l("Groups that they lead already stay as they are.")
)

_FIRST_A_GROUP = Words(
    _l("Your own group comes first."), _l("When it has finished, you can offer to help lead here.")
)
#: For a parent who may not offer yet, or may no more.
NOT_YET = ByState(
    "offering to lead, for parents who may not",
    PARENT_STAGES,
    {
        **dict.fromkeys(("identified", "invited", "interested", "joined", "waiting"), _FIRST_A_GROUP),
        "in_group": Words(
            _l("You can offer when your own group has finished."), _l("Until then, this time is for you.")
        ),
        "graduated": Words(_l("You can offer to help lead."), _l("Your own group has finished.")),
        "said_no": Words(
            _l("Helping to lead is for parents who finished a group."),
            _l("You said no, and that is fine. Changed your mind? Start with a group of your own."),
        ),
        "left": Words(
            _l("Helping to lead is for parents who finished a group."),
            _l("You left yours, and that is fine. You are always welcome back to one."),
        ),
    },
)
