"""The words to those who lead a group: which one, when it meets, and who leads it with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Topic, _
from app.states.groups import SessionState
from app.states.messages import RecipientKind

FACILITATOR = RecipientKind.FACILITATOR
QUESTIONS = _("Questions? Call {phone}.")

CANCELLED = Kind(
    "led_session_cancelled",
    _("Session cancelled, to those who lead"),
    FACILITATOR,
    either=True,
    about=About.SESSION,
    session_state=SessionState.CANCELLED,
    link=Link.GROUP,
    useful_for=timedelta(days=14),
    topic=Topic.SESSION,
    email=Email(
        _("No meeting on {date}"),
        (
            _("Your session on {date} is cancelled. The parents are told too."),
            _("The date after it: {next_date}."),
            _("See the plan: {link}"),
            QUESTIONS,
        ),
    ),
    sms=(
        _("{school}: your session on {date} is cancelled."),
        _("The date after it: {next_date}."),
        _("Plan: {link}"),
    ),
)

KINDS = (
    Kind(
        "facilitator_assigned",
        _("Asked to lead a group"),
        FACILITATOR,
        either=True,
        about=About.COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        topic=Topic.LEADING,
        email=Email(
            _("A group to lead at {school}"),
            (
                _("You are leading a group at {school}."),
                _("It meets on {weekday}s, {time} to {end_time}. Where: {room}. Your first day is {date}."),
                _("It has met {met} already. Sessions to come: {left}."),
                _("The parents in it see your first name, so that they know who will welcome them."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your first day with your group is {date}, {time}, {room}."),
            _("The plan: {link}"),
        ),
    ),
    # Written on the day itself, by `send_links` of `joining.py` in the package.
    Kind(
        "join_link_missing",
        _("Asked for the link to join online"),
        FACILITATOR,
        either=True,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        days_before=(0, 1),
        link=Link.GROUP,
        asks_for_link=True,
        email=Email(
            _("The link for {date}, {time}"),
            (
                _("Your group at {school} meets on {date}, {time}: {room}."),
                _("There is no link to join yet, so nobody can come in online. Please enter it: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: there is no link to join your group online on {date}, {time}."),
            _("Please enter it: {link}"),
        ),
    ),
    Kind(
        "facilitator_unassigned",
        _("No longer leads a group"),
        FACILITATOR,
        either=True,
        about=About.LEFT_COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        topic=Topic.LEADING,
        email=Email(
            _("Who leads a group at {school}"),
            (
                _("Who leads a group at {school} has changed. You do not lead it any more."),
                _("It is “{group}”. You do not need to come to its sessions."),
                _("Thank you for all you gave. If you lead another group, nothing changes there."),
                _("To talk about it, call {staff_name} on {phone}. Your page: {link}"),
            ),
        ),
        sms=(
            _("{school}: who leads a group has changed. You do not lead it any more. Thank you."),
            _("Questions? Call {phone}"),
            _("See: {link}"),
        ),
        sms_short=(_("{school}: you do not lead your group any more. Thank you. Questions? Call {phone}"),),
    ),
    # Something that makes ready is missing: they lead nobody meanwhile and have no page, so no link.
    Kind(
        "not_leading_now",
        _("Does not lead for now"),
        FACILITATOR,
        either=True,
        about=About.LEFT_COHORT,
        useful_for=timedelta(days=14),
        topic=Topic.LEADING,
        email=Email(
            _("Leading a group at {school}"),
            (
                _(
                    "You are not leading a group at {school} for now. Your pages for leading are shut until it"
                    " is settled."
                ),
                _(
                    "Something that everybody who leads has to have is missing or has changed. Nobody blames you."
                ),
                _("Your group, “{group}”, goes on. You do not need to come to its sessions meanwhile."),
                _("{staff_name} tells you what is missing and what comes next. Please call {phone}."),
            ),
        ),
        sms=(
            _(
                "{school}: you lead no group for now. Something is missing that everybody who leads has to have."
            ),
            _("Nobody blames you. Please call {phone}"),
        ),
        sms_short=(_("{school}: you lead no group for now. Nobody blames you. Please call {phone}"),),
    ),
    # To those who lead it already: nobody comes to a group's parents without their knowing.
    Kind(
        "leaders_changed",
        _("Who leads your group"),
        FACILITATOR,
        either=True,
        about=About.COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=3),
        email=Email(
            _("Who leads your group at {school}"),
            (
                _("Who leads your group has changed. Now it is led by: {leaders}."),
                _("Does that surprise you? Call {phone}."),
                _("Your page: {link}"),
            ),
        ),
        sms=(
            _("{school}: who leads your group has changed."),
            _("See who: {link}"),
        ),
    ),
    Kind(
        "group_leaders_changed",
        _("Who leads a group"),
        RecipientKind.STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=3),
        steps=("active", "paused"),
        email=Email(
            _("Somebody new leads a group at {school}"),
            (
                _("Somebody was chosen to lead a group that has parents in it. Its page says who: {link}"),
                _("They see the names of the parents in the group and take its register."),
                _("Does that surprise you? Ask your colleagues, or call {authority}."),
            ),
        ),
    ),
    Kind(
        "led_dates_moved",
        _("Dates moved, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.DATES,
        email=Email(
            _("New dates or times"),
            (
                _("The dates of your group have moved, from {old_date} on."),
                _("Another time: from {new_date} you begin at {new_time}, not at {old_time}."),
                _("From now on you meet on: {dates}."),
                _("The next is {date}, {time}, {room}. The parents are told too."),
                _("From {later_date} you begin at {later_time}."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your group's plan has changed."),
            _("{old_date} is now {new_date}, {new_time}."),
            _("From {new_date} at {new_time}, not {old_time}."),
            _("Plan: {link}"),
        ),
        sms_short=(
            _("{school}: your group's plan has changed."),
            _("{old_date} is now {new_date}, {new_time}."),
            _("From {new_date} at {new_time}, not {old_time}."),
        ),
    ),
    Kind(
        "led_session_moved",
        _("Session moved, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.SESSION,
        email=Email(
            _("New date or time"),
            (
                _(
                    "Your session of {old_date} has changed. It is now {date}, {time}, {room}. Parents are told too."
                ),
                _(
                    "Another time: on {date} you begin at {time}, not at {old_time}, in {room}. Parents are told too."
                ),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your session of {old_date} has changed. Now {date}, {time}, {room}."),
            _("{school}: another time on {date}: {time}, not {old_time}."),
            _("Plan: {link}"),
        ),
    ),
    Kind(
        "led_room_changed",
        _("Another room, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.ROOM,
        email=Email(
            _("Another room"),
            (
                _("From now on your group meets in another room: {room}. The parents are told too."),
                _("The next time is {date}, {time}."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your group meets in another room now: {room}."),
            _("Next: {date}, {time}."),
            _("Plan: {link}"),
        ),
    ),
    Kind(
        "led_format_changed",
        _("Another way to meet, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.ROOM,
        email=Email(
            _("How your group meets"),
            (
                _("From now on your group meets in another way. Where: {room}. The parents are told too."),
                _("The next time is {date}, {time}."),
                _("Those who join online need a link. They see it from {join_before} before."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your group meets in another way now: {room}."),
            _("Next: {date}, {time}."),
            _("Plan: {link}"),
        ),
    ),
    Kind(
        "led_session_placed",
        _("One session meets elsewhere, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.SESSION,
        session_state=SessionState.PLANNED,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.WHERE,
        email=Email(
            _("Where you meet on {date}"),
            (
                _(
                    "This once your group meets somewhere else. On {date}, {time}: {room}. Parents are told too."
                ),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: this once your group meets somewhere else. {date}, {time}: {room}."),
            _("Plan: {link}"),
        ),
    ),
    CANCELLED,
    replace(
        CANCELLED,
        name="led_session_cancelled_for_now",
        email=Email(
            _("No meeting on {date}"),
            (
                _("Your session on {date} is cancelled. The parents are told too."),
                _("The date after it will change. We tell you when it is set."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your session on {date} is cancelled."),
            _("The date after it will change."),
            _("Plan: {link}"),
        ),
    ),
)
