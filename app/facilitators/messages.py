"""Messages to graduates who may lead a group, and on the way of an application."""

from __future__ import annotations

from datetime import timedelta

from app.facilitators.reached import FACILITATORS
from app.identity.roles import Role
from app.messages.kind import Email, Kind, Link, Needs, Topic, _, marked
from app.messages.parts import Messages
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
                _("Would you like to help lead a group?"),
                marked("support", _("You get training and support. Take your time.")),
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
        "applied",
        "application_reopened",
        _("Application opened again"),
        Email(
            _("About your application"),
            (
                _(
                    "We have opened your application to help lead a group again. You do not need to do anything."
                ),
                _("{staff_name} will call you. See where it stands: {link}"),
                QUESTIONS,
            ),
        ),
        (_("{school}: we have opened your application again."), _("{staff_name} will call you.")),
        Link.LEAD,
    ),
    _stage(
        "shortlisted",
        "application_conversation",
        _("Application: conversation"),
        Email(
            _("Let us talk"),
            (
                _("We would like to talk with you for 30 minutes."),
                marked("no_test", _("It is not a test.")),
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
                marked("which_check", _("We work out which check your role needs, if any.")),
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
                marked("first_help", _("First you help an experienced facilitator.")),
                QUESTIONS,
            ),
        ),
        (_("{school}: your training can start."), _("{staff_name} will tell you when and where.")),
    ),
    # To whoever was ready and led no group: those who led hear of their group's (`app/cohorts/messages/leading.py`).
    _stage(
        "training",
        "not_ready_now",
        _("Not ready for now"),
        Email(
            _("Helping to lead at {school}"),
            (
                _(
                    "You are not on the list of people ready to lead for now, and your pages for leading are shut."
                ),
                _(
                    "Something that everybody who leads has to have is missing or has changed. Nobody blames you."
                ),
                _("{staff_name} tells you what is missing and what comes next. Please call {phone}."),
            ),
        ),
        (
            _(
                "{school}: you are not down as ready to lead for now. Something is missing that everybody who leads"
                " has to have."
            ),
            _("Nobody blames you. Please call {phone}"),
        ),
        sms_short=(
            _("{school}: you are not down as ready to lead for now. Nobody blames you. Please call {phone}"),
        ),
    ),
    _stage(
        "ready",
        "application_ready",
        _("Application: ready"),
        Email(
            _("You are ready"),
            (
                _("You are ready to help lead a group."),
                marked("ready_thanks", _("Thank you.")),
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
                marked("offer_thanks", _("Thank you for offering.")),
                _("We are not going ahead now."),
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
    Kind(
        "role_offered",
        _("Offer of a facilitator’s pages"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your facilitator pages at {school}"),
            (
                _("You are ready to help lead a group at {school}. Thank you."),
                _("Open your facilitator pages here: {link}"),
                _("The link is only for you, until {until}. You can also sign in and press “Change role”."),
                _("Is this not you? Say so on that page, or call {phone}."),
            ),
        ),
        sms=(
            _("{school}: {first_name}, your facilitator pages: {link}"),
            _("Not you? Say so there."),
        ),
        sms_unnamed=_("{school}: your facilitator pages: {link}"),
    ),
)

MESSAGES = Messages(
    KINDS,
    people={FACILITATOR: FACILITATORS},
    pages={Link.LEAD: {Role.PARENT: "facilitators.apply", Role.FACILITATOR: "facilitators.my_record"}},
)
