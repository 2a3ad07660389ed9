"""The words of a group's dates: reminders, and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Needs, Topic, _, marked
from app.states.groups import SessionState
from app.states.messages import RecipientKind

PARENT = RecipientKind.PARENT

CANCELLED = Kind(
    "session_cancelled",
    _("Session cancelled"),
    PARENT,
    needs=Needs.CONSENT,
    about=About.SESSION,
    session_state=SessionState.CANCELLED,
    link=Link.GROUP,
    useful_for=timedelta(days=14),
    topic=Topic.SESSION,
    email=Email(
        _("No meeting on {date}"),
        (
            _("Sorry, we cannot meet on {date}."),
            _("The date after it: {next_date}."),
            _("See all dates: {link}"),
        ),
    ),
    sms=(
        _("{school}: sorry, we cannot meet on {date}."),
        _("The date after it: {next_date}."),
        _("More: {link}"),
    ),
)

KINDS = (
    # When these two are due: `reminders.py` beside this.
    Kind(
        "session_reminder",
        _("Reminder, two days before"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        days_before=(1, 2),
        link=Link.GROUP,
        email=Email(
            _("{date}, {time}"),
            (
                _("Session {number} of 8 is on {date}, {time}, {room}."),
                _("See the theme, or say you can't come: {link}"),
                marked("no_reason", _("You need no reason.")),
            ),
        ),
        sms=(
            _("{school}: see you {date}, {time}, {room}."),
            _("Can't come? That is fine. Tell us: {link}"),
        ),
    ),
    Kind(
        "session_today",
        _("Reminder on the day"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        days_before=(0, 0),
        email=Email(
            _("Today, {time}"),
            (
                _("We meet today at {time}, {room}."),
                _("There will be {drinks}."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: we meet today at {time}, {room}."),
            _("There will be {drinks}."),
            _("Questions? Call {phone}"),
        ),
    ),
    Kind(
        "session_moved",
        _("Session moved"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.SESSION,
        email=Email(
            _("New date or time"),
            (
                _("Sorry, our session of {old_date} has changed. It is now on {date}, {time}, {room}."),
                _("Sorry, another time: on {date} we begin at {time}, not at {old_time}. The room: {room}."),
                _("See all dates, or say you can't come: {link}"),
            ),
        ),
        # One of the two first sentences: the other's field is empty.
        sms=(
            _("{school}: sorry, {old_date} has changed. Now {date}, {time}, {room}."),
            _("{school}: sorry, another time on {date}: {time}, not {old_time}."),
            _("More: {link}"),
        ),
    ),
    # Several at once: every day as it is from now on, read when it is sent.
    Kind(
        "dates_moved",
        _("Dates moved"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.DATES,
        email=Email(
            _("New dates or times"),
            (
                _("Sorry, the dates of your group have moved, from {old_date} on."),
                _("Sorry, another time: from {new_date} we begin at {new_time}, not at {old_time}."),
                _("From now on we meet on: {dates}."),
                _("The next is {date}, {time}, {room}."),
                _("From {later_date} we begin at {later_time}."),
                _("See all dates, or say you can't come: {link}"),
            ),
        ),
        # The first sentence tells what is different: who reads no more than that must not come on the old day.
        sms=(
            _("{school}: sorry, our plan has changed."),
            _("{old_date} is now {new_date}, {new_time}."),
            _("From {new_date} at {new_time}, not {old_time}."),
            _("All dates: {link}"),
        ),
        sms_short=(
            _("{school}: our plan has changed."),
            _("{old_date} is now {new_date}, {new_time}."),
            _("From {new_date} at {new_time}, not {old_time}."),
        ),
    ),
    Kind(
        "room_changed",
        _("Another room"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.ROOM,
        email=Email(
            _("Another room"),
            (
                _("From now on we meet in another room: {room}."),
                _("The next time is {date}, {time}."),
                _("See all dates, or say you can't come: {link}"),
            ),
        ),
        sms=(
            _("{school}: we meet in another room now: {room}."),
            _("Next: {date}, {time}."),
            _("More: {link}"),
        ),
    ),
    # For good, or of one session; the link itself goes late, by `join_link`.
    Kind(
        "format_changed",
        _("Another way to meet"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.ROOM,
        email=Email(
            _("How we meet"),
            (
                _("From now on we meet in another way. Where: {room}."),
                _("The next time is {date}, {time}."),
                _("To join online: the link is on your group's page from {join_before} before."),
                _("See all dates, or say you can't come: {link}"),
            ),
        ),
        sms=(
            _("{school}: we meet in another way now: {room}."),
            _("Next: {date}, {time}."),
            _("More: {link}"),
        ),
    ),
    Kind(
        "session_placed",
        _("One session meets elsewhere"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.WHERE,
        email=Email(
            _("Where we meet on {date}"),
            (
                _("This once we meet somewhere else. On {date}, {time}: {room}."),
                _("The link to join is on your group's page from {join_before} before."),
                _("See all dates, or say you can't come: {link}"),
            ),
        ),
        sms=(
            _("{school}: this once we meet somewhere else. {date}, {time}: {room}."),
            _("More: {link}"),
        ),
    ),
    # Written two hours before: `joining.py` of the package. A text has no link but to their page, behind signing in.
    Kind(
        "join_link",
        _("Link to join online"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        days_before=(0, 0),
        link=Link.GROUP,
        topic=Topic.JOIN,
        joins=True,
        email=Email(
            _("Today, {time}"),
            (
                _("We meet today at {time}, {room}."),
                _("The link was changed at {replaced}. Please use this one, not the one before."),
                _("To join online: {join}"),
                _("Please pass this link to nobody. It is for your group alone."),
                _("It is on your page too: {link}"),
            ),
        ),
        sms=(
            _("{school}: we meet today at {time}, {room}."),
            _("The link was changed at {replaced}."),
            _("The link to join online is on your page: {link}"),
        ),
    ),
    CANCELLED,
    # The same while the day after it cannot be either, and is not moved yet: `services.cancel_session`.
    replace(
        CANCELLED,
        name="session_cancelled_for_now",
        email=Email(
            _("No meeting on {date}"),
            (
                _("Sorry, we cannot meet on {date}."),
                _("The date after it will change. We tell you when it is set."),
                _("See all dates: {link}"),
            ),
        ),
        sms=(
            _("{school}: sorry, we cannot meet on {date}."),
            _("You hear when we meet next."),
            _("More: {link}"),
        ),
    ),
    Kind(
        "last_session",
        _("Last session"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Our last session, {date}"),
            (
                _("{date} is our last session. We will look back together."),
                _("Then come the 12 questions, if you agree."),
                _("Your page: {link}"),
            ),
        ),
    ),
)
