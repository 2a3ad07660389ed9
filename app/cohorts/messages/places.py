"""The words about a place in a group, and about its end."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Needs, Topic, _, marked
from app.states.messages import RecipientKind

PARENT, FACILITATOR = RecipientKind.PARENT, RecipientKind.FACILITATOR

KINDS = (
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
                _("We meet on {weekday}s, {time} to {end_time}. Where: {room}. Your first day is {date}."),
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
    # Day, time and room are for their own page: whoever reads their messages need not be them.
    Kind(
        "place_kept",
        _("A place is kept for them"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.OFFER,
        link=Link.OFFER,
        useful_for=timedelta(days=28),
        topic=Topic.PLACE,
        steps=("waiting", "joined"),
        email=Email(
            _("A place for you, from {school}"),
            (
                _("There is a place for you in a group. We keep it for you until {answer_by}."),
                _("See days and times, and say yes or no: {link}"),
                _("No is fine too. Then you stay on our list for another group."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: there is a place for you. We keep it until {answer_by}."),
            _("See it and answer: {link}"),
        ),
    ),
    Kind(
        "place_waits",
        _("A place is kept until tomorrow"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.OFFER,
        link=Link.OFFER,
        useful_for=timedelta(days=2),
        topic=Topic.PLACE,
        steps=("waiting", "joined"),
        email=Email(
            _("The place that we keep, from {school}"),
            (
                _("We keep a place in a group for you until {answer_by}. We do not ask again."),
                _("See days and times, and say yes or no: {link}"),
                _("No is fine too. Then you stay on our list for another group."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: we keep your place until {answer_by}. We do not ask again."),
            _("See it and answer: {link}"),
        ),
    ),
    # To whoever leads: it names nobody, and which group it is stands on their page.
    Kind(
        "place_free",
        _("A place is free again"),
        RecipientKind.STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=3),
        steps=("active",),
        email=Email(
            _("A place is free at {school}"),
            (
                _("A place in a group is free again: somebody did not take it, or gave it back."),
                _("“This week” says which group it is. There you can offer it to the next who waits: {link}"),
            ),
        ),
    ),
    Kind(
        "offer_ended",
        _("The place is no longer kept"),
        PARENT,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        topic=Topic.PLACE,
        steps=("waiting", "joined"),
        email=Email(
            _("The place that we kept, from {school}"),
            (
                _("We no longer keep that place for you."),
                _(
                    "You stay on our list, in the order in which people said yes. You do not need to do anything."
                ),
                _("To talk about it, call {phone}. Your page: {link}"),
            ),
        ),
        sms=(
            _("{school}: we do not keep that place for you any more. You stay on our list."),
            _("To talk, call {phone}"),
        ),
    ),
    # Taken out by staff, to wait for another group: they may have packed their bag for tonight.
    Kind(
        "place_ended",
        _("No longer in the group"),
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
                _("It is nothing you did. To talk about it, call {phone}. Your page: {link}"),
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
    Kind(
        "group_ended_parent",
        _("Group ended early"),
        PARENT,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your group at {school}"),
            (
                # True of one that met, and of one that never did.
                _("We are sorry: your group at {school} will not be meeting."),
                _("Why, and what comes next, is on your page: {link}"),
                _("It is nothing you did. To talk, call {phone}."),
            ),
        ),
        sms=(
            _("{school}: sorry, your group will not be meeting."),
            _("Why: {link}"),
            _("To talk, call {phone}"),
        ),
        sms_short=(_("{school}: sorry, your group will not be meeting."), _("Why: {link}")),
    ),
    Kind(
        "group_ended_facilitator",
        _("Group ended early"),
        FACILITATOR,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your group at {school}"),
            (
                _("The group that you lead at {school} will not be meeting."),
                _("Why is on your page: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: the group that you lead will not be meeting."),
            _("Why: {link}"),
            _("Questions? Call {phone}"),
        ),
        sms_short=(_("{school}: the group that you lead will not be meeting."), _("Why: {link}")),
        either=True,
    ),
    Kind(
        "graduation",
        _("Well done, and certificate"),
        PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=30),
        thanks=True,
        email=Email(
            _("Your group is over, from {school}"),
            (
                marked("well_done", _("Well done, {thanks_to}. You helped others feel less alone.")),
                _("Your certificate will be on your page: {link}"),
            ),
        ),
        sms=(
            _("{school}: your group is over."),
            marked("text_well_done", _("Well done, {thanks_to}.")),
            _("Your certificate will be on your page: {link}"),
        ),
    ),
)
