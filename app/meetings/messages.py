"""What the people of a group are told of its meetings: notes, topics to choose, that they were missed.

Which session or group they speak of, and whether that still holds, is read by `app/cohorts/messages/`.
"""

from __future__ import annotations

from datetime import timedelta

from app.identity.roles import Role
from app.messages.kind import About, Email, Kind, Link, Needs, _, marked
from app.messages.parts import Messages
from app.states.groups import SessionState
from app.states.messages import RecipientKind

PARENT = RecipientKind.PARENT

KINDS = (
    Kind(
        "notes_ready",
        _("Notes are ready"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.CLOSED,
        outlives_group=True,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("Notes from {date}"),
            (
                _("Here are the main points and links: {link}"),
                _("Nothing anyone said is in them."),
                marked("yours_too", _("They are for you even if you were away.")),
            ),
        ),
    ),
    # Once in a group's life, after two meetings without a word, where who leads says so: `missed.py` beside this. About
    # the next meeting.
    Kind(
        "we_missed_you",
        _("A friendly word"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.GROUP,
        useful_for=timedelta(days=3),
        either=True,
        # Who came is not the school's to see.
        confidential=True,
        signed_by=_("{leaders}"),
        email=Email(
            _("We missed you"),
            (
                _("We missed you the last two times."),
                marked("no_need", _("You do not need to explain.")),
                _("Your place is still here. So are the notes, and the dates: {link}"),
                _("{leaders} would love to see you again."),
                _("We next meet on {date}, {time}, {room}. Come as you are."),
                _("Would you like to talk first? The school’s number is {phone}."),
            ),
        ),
        sms=(
            _("{school}: we missed you."),
            marked("text_no_need", _("No need to explain.")),
            _("Your place is still here."),
            _("Next dates: {link}"),
        ),
    ),
    # To those who were there when half of the sessions were over; the others read the second without thanks.
    Kind(
        "halfway",
        _("Halfway"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.CLOSED,
        link=Link.GROUP,
        useful_for=timedelta(days=7),
        # Who came is not the school's to see.
        confidential=True,
        email=Email(
            _("We are halfway"),
            (
                _("Half of our sessions are over."),
                marked("there_thanks", _("Thank you for being there.")),
                _("Choose the next topics: {link}"),
            ),
        ),
        sms=(
            _("{school}: half of our sessions are over. Thank you for being there."),
            _("Choose the next topics: {link}"),
        ),
    ),
    Kind(
        "choose_topics",
        _("Topics to choose"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.CLOSED,
        link=Link.GROUP,
        useful_for=timedelta(days=7),
        confidential=True,
        email=Email(
            _("Choose the next topics"),
            (
                _("Half of our sessions are over. You can choose what we talk about next: {link}"),
                _("Your choice is secret."),
            ),
        ),
        sms=(_("{school}: you can choose the next topics of your group."), _("Choose here: {link}")),
    ),
)

MESSAGES = Messages(
    KINDS,
    pages={Link.GROUP: {Role.PARENT: "meetings.my_group", Role.FACILITATOR: "meetings.led_cohort"}},
)
