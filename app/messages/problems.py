"""Why a message did not go or did not arrive: a code in the row, plain words and what to do on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.messages.kind import _


class Problem(StrEnum):
    # Held back by us.
    TOO_LATE = "too_late"
    READER_GONE = "reader_gone"
    NO_ADDRESS = "no_address"
    EMAIL_INSTEAD = "email_instead"
    LINK_ENDED = "link_ended"
    ADDRESS_CHANGED = "address_changed"
    NOT_CONFIRMED = "not_confirmed"
    SAID_NO = "said_no"
    STOPPED = "stopped"
    NUMBER_STOPPED = "number_stopped"
    NOT_THEM = "not_them"
    NO_CONSENT = "no_consent"
    NOT_IN_GROUP = "not_in_group"
    PLAN_CHANGED = "plan_changed"
    TAKEN_BACK = "taken_back"
    SCHOOL_LEFT = "school_left"
    SUPERSEDED = "superseded"
    SCHOOL_NOT_ACTIVE = "school_not_active"
    FRESH_START = "fresh_start"
    # Refused or not delivered by the provider.
    BAD_ADDRESS = "bad_address"
    REFUSED = "refused"
    NOT_DELIVERED = "not_delivered"
    NOT_NOW = "not_now"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Explained:
    """`why` in plain words, `do` as the next step, `again` when sending once more may help."""

    why: str
    do: str
    again: bool = False


EXPLAINED: dict[Problem, Explained] = {
    Problem.TOO_LATE: Explained(
        _("It was not sent in time to be of use."), _("Call if it still matters."), again=False
    ),
    Problem.READER_GONE: Explained(_("This person is no longer here."), _("Nothing to do.")),
    Problem.NO_ADDRESS: Explained(
        _("We have no address for this."), _("Add an email address or a mobile number, or send a letter.")
    ),
    Problem.EMAIL_INSTEAD: Explained(_("It went by email instead."), _("Nothing to do.")),
    Problem.LINK_ENDED: Explained(_("The link in it has ended."), _("Send a new invitation.")),
    Problem.ADDRESS_CHANGED: Explained(
        _("The address was changed after it was written."), _("Send a new invitation.")
    ),
    Problem.NOT_CONFIRMED: Explained(
        _("It is only for them, and they have not confirmed this address or number."),
        _("Nothing to do. They can confirm it on their account page."),
    ),
    Problem.SAID_NO: Explained(_("They said no, or left."), _("Nothing to do. Please do not ask again.")),
    Problem.STOPPED: Explained(
        _("They do not want these messages."), _("Give them a printed plan, or send a letter.")
    ),
    Problem.NUMBER_STOPPED: Explained(
        _("This number takes no texts from us."), _("Call, write an email, or send a letter.")
    ),
    Problem.NOT_THEM: Explained(
        _("Somebody at this address or number said “This is not me”."),
        _(
            "Check it with the person you meant. Correct it, or note that you have checked it. Then send again."
        ),
        again=True,
    ),
    Problem.NO_CONSENT: Explained(
        _("They did not agree to be reached this way."), _("Give them a printed plan, or send a letter.")
    ),
    Problem.NOT_IN_GROUP: Explained(_("They are not in this group now."), _("Nothing to do.")),
    Problem.PLAN_CHANGED: Explained(_("The plan changed before it was sent."), _("Nothing to do.")),
    Problem.TAKEN_BACK: Explained(_("It was taken back before it went."), _("Nothing to do.")),
    Problem.SCHOOL_LEFT: Explained(_("The school has left the programme."), _("Nothing to do.")),
    Problem.SUPERSEDED: Explained(
        _(
            "Things moved on before it was sent. They were told what counts now instead, or there was nothing to tell."
        ),
        _("Nothing to do."),
    ),
    Problem.SCHOOL_NOT_ACTIVE: Explained(
        _("The school is not active, so nobody is invited."), _("Wait until it is active, then invite again.")
    ),
    Problem.FRESH_START: Explained(
        _("They are having a fresh start. Nothing that names a place or a time is sent for 24 hours."),
        _("Tell them yourself, when you meet them or are sure who you are speaking to."),
    ),
    Problem.BAD_ADDRESS: Explained(
        _("The email address or mobile number is not right."), _("Correct it, then send again."), again=True
    ),
    Problem.REFUSED: Explained(
        _("The message service did not take it."),
        _("Send again. Still not taken? Send a letter."),
        again=True,
    ),
    Problem.NOT_DELIVERED: Explained(
        _("There is nobody at this address or number."),
        _("Correct it and send again, or send a letter."),
        again=True,
    ),
    Problem.NOT_NOW: Explained(
        _("Their phone or mailbox could not be reached."), _("Send again, or call."), again=True
    ),
    Problem.NO_ANSWER: Explained(
        _("The message service did not answer in time."), _("Send again, or call."), again=True
    ),
}


#: What is wrong with where it went, by how it was sent.
_WHERE = {"email": _("The email address is not right."), "sms": _("The mobile number is not right.")}


def explain(problem: str, channel: str = "") -> Explained:
    """The words for what a row says, and of which channel; words that are no code of ours stand for themselves."""
    if problem == Problem.BAD_ADDRESS and channel in _WHERE:
        return replace(EXPLAINED[Problem.BAD_ADDRESS], why=_WHERE[channel])
    try:
        return EXPLAINED[Problem(problem)]
    except ValueError:
        return Explained(problem, EXPLAINED[Problem.REFUSED].do, again=True)
