"""Messages to graduates who may lead a group, and to facilitators."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Needs, Topic, _
from app.states.messages import RecipientKind

FACILITATOR = RecipientKind.FACILITATOR
QUESTIONS = _("Questions? Call {phone}.")


def _stage(
    step: str,
    name: str,
    label: str,
    email: Email,
    sms: tuple[str, ...],
    link: Link = Link.NONE,
    sms_short: tuple[str, ...] | None = None,
) -> Kind:
    """News that an application is at `step`: by email, or by text to those who have none."""
    return Kind(
        name,
        label,
        FACILITATOR,
        topic=Topic.APPLICATION,
        steps=(step,),
        email=email,
        sms=sms,
        sms_short=sms_short,
        link=link,
        either=True,
        useful_for=timedelta(days=14),
    )


KINDS = (
    Kind(
        "invite_to_lead",
        _("Asked about helping to lead"),
        RecipientKind.PARENT,
        needs=Needs.CONSENT,
        also_agreed="ask_to_lead",
        link=Link.LEAD,
        useful_for=timedelta(days=30),
        # Whether they would like to be asked is not the school's to see.
        confidential=True,
        steps=("graduated",),
        email=Email(
            _("Would you like to help lead a group?"),
            (
                _("Would you like to help lead a group? You get training and support. Take your time."),
                _("Read more and apply: {link}"),
                _("We ask only once."),
            ),
        ),
    ),
    _stage(
        "applied",
        "application_received",
        _("Application received"),
        Email(
            _("We have your application"),
            (
                _("Thank you. We have your application. {staff_name} will call you."),
                _("See where it stands: {link}"),
                QUESTIONS,
            ),
        ),
        (_("{school}: thank you, we have your application."), _("{staff_name} will call you.")),
        Link.LEAD,
    ),
    _stage(
        "shortlisted",
        "application_conversation",
        _("Application: conversation"),
        Email(
            _("Let us talk"),
            (
                _("We would like to talk with you for 30 minutes. It is not a test."),
                _("{staff_name} will call to find a day that suits you."),
                QUESTIONS,
            ),
        ),
        (
            _("{school}: we would like to talk for 30 minutes. It is not a test."),
            _("{staff_name} will call you."),
        ),
    ),
    _stage(
        "references",
        "application_references",
        _("Application: references"),
        Email(
            _("The people you named"),
            (
                _(
                    "Next, {staff_name} asks the two people you named. When both have answered, we tell you"
                    " what comes then."
                ),
                QUESTIONS,
            ),
        ),
        (_("{school}: next, {staff_name} asks the people you named."), _("Questions? Call {phone}")),
    ),
    _stage(
        "checks",
        "application_checks",
        _("Application: checks"),
        Email(
            _("The next step"),
            (
                _("We work out which check your role needs, if any."),
                _("If there is a certificate, {staff_name} looks at it with you. We keep no copy."),
                QUESTIONS,
            ),
        ),
        (
            _("{school}: we are at the next step and will call you about it."),
            _("Questions? Call {phone}"),
        ),
    ),
    _stage(
        "training",
        "application_training",
        _("Application: training"),
        Email(
            _("Training"),
            (
                _("Your training can start. {staff_name} will tell you the date and place."),
                _("First you help an experienced facilitator."),
                QUESTIONS,
            ),
        ),
        (_("{school}: your training can start."), _("{staff_name} will tell you when and where.")),
    ),
    _stage(
        "ready",
        "application_ready",
        _("Application: ready"),
        Email(
            _("You are ready"),
            (
                _("You are ready to help lead a group. Thank you."),
                _("{staff_name} will talk with you about the first one."),
                QUESTIONS,
            ),
        ),
        (_("{school}: you are ready to help lead a group. Thank you."), _("{staff_name} will call you.")),
    ),
    _stage(
        "not_now",
        "application_not_now",
        _("Application: not now"),
        Email(
            _("About your application"),
            (
                _("Thank you for offering. We are not going ahead now."),
                _("Call {staff_name} on {phone} to talk about it. You may apply again."),
            ),
        ),
        (
            _("{school}: thank you for offering to help."),
            _("Please call {staff_name} about your application: {phone}"),
        ),
        sms_short=(_("{school}: please call {staff_name} about your application: {phone}"),),
    ),
    Kind(
        "facilitator_invitation",
        _("Invitation to a facilitator"),
        FACILITATOR,
        either=True,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        steps=("ready", "leading", "resting"),
        email=Email(
            _("Your facilitator page at {school}"),
            (
                _("You help lead groups of parents and carers at {school}. Here is your page: {link}"),
                _("The link is only for you, until {until}."),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your facilitator page is {link}"),
            _("The link is only for you, until {until}."),
        ),
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
                _("It meets on {weekday}s, {time} to {end_time}, in {room}. Your first day is {date}."),
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
    Kind(
        "facilitator_unassigned",
        _("Leads a group no more"),
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
            _("New dates"),
            (
                _("The dates of your group have moved. From now on you meet on: {dates}."),
                _("The next is {date}, {time}, {room}. The parents are told too."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your group's dates have moved. The next is {date}, {time}, {room}."),
            _("Plan: {link}"),
        ),
    ),
    Kind(
        "led_session_moved",
        _("Session moved, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.SESSION,
        session_state="planned",
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.SESSION,
        email=Email(
            _("New date"),
            (
                _(
                    "Your session of {old_date} has changed. It is now {date}, {time}, {room}. Parents are told too."
                ),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your session of {old_date} has changed. Now {date}, {time}, {room}."),
            _("Plan: {link}"),
        ),
    ),
    Kind(
        "led_session_cancelled",
        _("Session cancelled, to those who lead"),
        FACILITATOR,
        either=True,
        about=About.SESSION,
        session_state="cancelled",
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.SESSION,
        email=Email(
            _("No meeting on {date}"),
            (
                _("Your session on {date} is cancelled. The parents are told too."),
                _("Next date: {next_date}."),
                _("See the plan: {link}"),
                QUESTIONS,
            ),
        ),
        sms=(
            _("{school}: your session on {date} is cancelled."),
            _("Next date: {next_date}."),
            _("Plan: {link}"),
        ),
    ),
)
