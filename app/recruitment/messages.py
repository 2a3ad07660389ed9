"""Messages on the way to a group: invitation, reminder, thank you; and a fresh start."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Needs, Topic, _, marked
from app.messages.parts import Messages
from app.recruitment.reached import PARENTS
from app.states.messages import RecipientKind

PARENT, TOKEN = RecipientKind.PARENT, RecipientKind.TOKEN

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
                marked(
                    "who_comes",
                    _(
                        "Each has a child who finds it hard to get to school. Parents who have lived this lead the"
                        " group. You do not have to prove anything."
                    ),
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
        sms_unnamed=_("{school} has an invitation for you: {link}"),
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
        sms_unnamed=_("{school}: your invitation is open until {until}: {link}"),
    ),
    Kind(
        # Who joined on paper, and gave an address since.
        "first_way_in",
        _("Link to sign in for the first time"),
        PARENT,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        steps=("joined", "waiting", "in_group", "graduated"),
        email=Email(
            _("Your own pages at {school}"),
            (
                _("You joined at {school}. Your dates and notes have pages of their own."),
                _("Open them here: {link}"),
                _("The link is only for you, until {until}. Afterwards we send you a new one at “Sign in”."),
                _("You choose there which messages we send you."),
                _("Is this not for you? Say “This is not me” on that page, and we stop."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: your own pages, {first_name}: {link}"),
            _("You choose there what we send you."),
        ),
        sms_short=(_("{school} pages of {first_name}: {link}"),),
        sms_unnamed=_("{school}: your own pages: {link}"),
    ),
    Kind(
        "invited_back",
        _("Invitation to somebody who has pages"),
        PARENT,
        needs=Needs.NO_REFUSAL,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("An invitation from {school}"),
            (
                _("You are invited to the group of parents and carers at {school}."),
                _("You have your own pages already. Sign in as you always do, and say yes or no: {link}"),
                _("Saying no changes nothing for your child. Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: {staff_name} has an invitation for you."),
            _("Sign in as you always do: {link}"),
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
                marked("dates_come", _("We will tell you the dates as soon as we know them.")),
                _("See or change your choices on any day: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            marked("text_thanks", _("{school}: thank you for saying yes.")),
            _("We will tell you the dates. Your page: {link}"),
        ),
    ),
    Kind(
        "fresh_start_link",
        _("A new way in"),
        TOKEN,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your new way in at {school}"),
            (
                _("{school} gives you a new way in: {link}"),
                _("What you wrote before stays shut. Your dates and notes go on."),
                _("Is this not you? Say so on that page, or call {phone}."),
            ),
        ),
        sms=(_("{school}: {first_name}, your new way in: {link}"), _("Not you? Say so there.")),
        sms_unnamed=_("{school}: your new way in: {link}"),
    ),
    Kind(
        "fresh_start_notice",
        _("Notice of a new way in to come"),
        TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        useful_for=timedelta(days=1),
        email=Email(
            _("Somebody asked {school} for a new way in"),
            (
                _("{school} was asked to give {first_name} a new way in, for a lost phone and email."),
                _("Was that you? You do not need to do anything."),
                _("Was it not you? Stop it before {until}: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(_("{school}: somebody asked for a new way in for you."), _("Not you? Stop it: {link}")),
    ),
    # To who asked, who agreed and the safeguarding lead: it can mean that somebody tried to get a parent's pages.
    Kind(
        "fresh_start_stopped",
        _("A fresh start was stopped"),
        RecipientKind.STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("A fresh start was stopped at {school}"),
            (
                _("A parent was to get a new way in. Somebody who got our message about it has stopped it."),
                _(
                    "Nothing changed: they sign in as before. Please speak with them, and find out what happened."
                ),
                _("“This week” says who it is: {link}"),
            ),
        ),
    ),
)

MESSAGES = Messages(KINDS, people={PARENT: PARENTS})
