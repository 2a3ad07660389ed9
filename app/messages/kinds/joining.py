"""Messages on the way into a group: invitation, link, thank you, place."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Needs, Topic, _
from app.states.messages import RecipientKind

PARENT = RecipientKind.PARENT

KINDS = (
    Kind(
        "parent_invitation",
        _("Invitation"),
        PARENT,
        needs=Needs.NO_REFUSAL,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        steps=("invited", "interested"),
        email=Email(
            _("An invitation from {school}"),
            (
                _("You are invited to a small group of parents and carers at {school}."),
                _(
                    "Each has a child who finds it hard to get to school. Parents who have lived this lead the"
                    " group. You do not have to prove anything."
                ),
                _("See more and answer here: {link}"),
                _("The link is only for you, until {until}."),
                _("You can say yes, no, or “tell me more”. Saying no changes nothing for your child."),
                _("Is this not for you? Say “This is not me” on that page, and we stop."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: {staff_name} has an invitation for {first_name}: {link}"),
            _("You can say no there."),
        ),
        sms_short=(_("{school} invites {first_name}: {link}"),),
    ),
    Kind(
        "invitation_reminder",
        _("Reminder of the invitation"),
        PARENT,
        needs=Needs.NO_REFUSAL,
        link=Link.ONE_TIME,
        topic=Topic.WAY_IN,
        steps=("invited",),
        email=Email(
            _("Your invitation from {school}"),
            (
                _("Your invitation from {school} is open until {until}: {link}"),
                _("You can say no there too. We do not remind you again."),
            ),
        ),
        sms=(
            _("{school}: {first_name}, your invitation is open until {until}: {link}"),
            _("We do not remind you again."),
        ),
        sms_short=(_("{school} invited {first_name}: {link}"),),
    ),
    Kind(
        "sign_in_link",
        _("Link to sign in"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your link from {school}"),
            (
                _("You asked for a link. This one is for {first_name}: {link}"),
                _("It works once, until {until}. Please do not share it."),
                _("Did you not ask? You can ignore this email."),
            ),
        ),
        sms=(
            _("{school}: {first_name}, your link: {link}"),
            _("It works once, until {until}. Please do not share it."),
        ),
    ),
    Kind(
        "joined",
        _("Thank you for joining"),
        PARENT,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        topic=Topic.PLACE,
        steps=("joined", "waiting"),
        email=Email(
            _("Thank you, from {school}"),
            (
                _("Thank you for saying yes. We keep a place for you on our list."),
                _("New groups at {paused_school} are paused for now. You stay on our list."),
                _("We will tell you the dates as soon as we know them."),
                _("See or change your choices on any day: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(_("{school}: thank you for saying yes."), _("We will tell you the dates. Your page: {link}")),
    ),
    Kind(
        "place_offered",
        _("You have a place"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        topic=Topic.PLACE,
        steps=("in_group",),
        email=Email(
            _("You have a place at {school}"),
            (
                _("You have a place in the group."),
                _("We meet on {weekday}s, {time} to {end_time}, in {room}. Your first day is {date}."),
                _("The group has met {met} already. You are just as welcome."),
                _("Your group is led by {leaders}. They will be there to welcome you."),
                _("Sessions to come: {left}."),
                _("See all dates: {link}"),
                _("Can't come any more? That is fine. Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: you have a place."),
            _("Your first day is {date}, {time}, {room}."),
            _("All dates: {link}"),
        ),
        sms_short=(_("{school}: you have a place."), _("Your first day is {date}, {time}, {room}.")),
    ),
    # Taken out by staff, to wait for another group: they may have packed their bag for tonight.
    Kind(
        "place_ended",
        _("In the group no more"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.LEFT_COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        topic=Topic.PLACE,
        steps=("waiting",),
        email=Email(
            _("Your place at {school}"),
            (
                _("You are not in your group any more, so you do not need to come to its sessions."),
                _("You stay on our list for the next group, in the order in which people said yes."),
                _("It is nothing that you did. To talk about it, call {phone}. Your page: {link}"),
            ),
        ),
        sms=(
            _("{school}: you are not in your group any more. You stay on our list for the next one."),
            _("To talk, call {phone}"),
            _("See: {link}"),
        ),
        sms_short=(
            _("{school}: you are not in your group any more. You stay on our list. To talk, call {phone}"),
        ),
    ),
)
