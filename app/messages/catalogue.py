"""Every message that the service sends: one entry each. To change a message, change its entry here.

Words are gettext msgids with named fields; `FIELDS` says which there are. A text has to fit 160 GSM characters
(tests count) and never says anything about a child. Whether a message may still go is asked in `allowed.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.messages.models import Channel, RecipientKind


def _(words: str) -> str:
    """Mark `words` for translation; they are translated when the reader is known."""
    return words


class About(StrEnum):
    """What `subject_id` names, so what the words may speak of."""

    NOTHING = "nothing"
    SESSION = "session"
    COHORT = "cohort"


class Link(StrEnum):
    """Where {link} leads."""

    NONE = "none"
    ONE_TIME = "one_time"
    HOME = "home"
    GROUP = "group"
    CHOICES = "choices"
    LEAD = "lead"
    CONCERNS = "concerns"
    TASKS = "tasks"


class Needs(StrEnum):
    """What must be true of the reader."""

    #: They asked for this very message, or it belongs to their work here.
    NOTHING = "nothing"
    #: They were not asked yet: no consent can be there, but a no or a stop ends it.
    NO_REFUSAL = "no_refusal"
    #: They agreed to be reached this way.
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Email:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message. `label` is what staff read in lists."""

    name: str
    label: str
    to: RecipientKind
    email: Email | None = None
    sms: str | None = None
    needs: Needs = Needs.NOTHING
    about: About = About.NOTHING
    link: Link = Link.NONE
    #: No texts from 20:00 to 08:00 in London; they wait until 08:00.
    quiet_hours: bool = True
    #: After this it would only confuse. Callers may say sooner.
    useful_for: timedelta = timedelta(days=3)
    #: An email is enough: the text goes only to those without an address.
    either: bool = False
    #: Never in lists that school staff read.
    confidential: bool = False

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(
            channel
            for channel, words in ((Channel.EMAIL, self.email), (Channel.SMS, self.sms))
            if words is not None
        )


#: Fields that words may use -> the longest that a text must have room for.
FIELDS = {
    "school": 28,
    "first_name": 14,
    "staff_name": 14,
    "staff_role": 14,
    "phone": 13,
    "link": 40,
    "until": 15,
    "authority": 28,
    "role": 24,
    "date": 10,
    "time": 7,
    "room": 14,
    "number": 1,
    "old_date": 10,
    "next_date": 10,
    "next_time": 7,
    "weekday": 9,
    "first_date": 10,
    "end_time": 7,
}

P, F, S, M = RecipientKind.PARENT, RecipientKind.FACILITATOR, RecipientKind.STAFF, RecipientKind.MEMBER
GREETING = _("Hello {first_name},")
#: Under every email, by who reads it.
SIGNED_BY_SCHOOL = _("{staff_name}\n{school}")
SIGNED_BY_SERVICE = _("We Belong")
STOP_FOOTER = _("Stop these emails: {stop_link}")
#: Joined to a text when there is room.
STOP_HINT = _("Stop texts: My choices.")

_KINDS = (
    # ---- the way in -----------------------------------------------------------------------------------------
    Kind(
        "parent_invitation",
        _("Invitation"),
        P,
        needs=Needs.NO_REFUSAL,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        email=Email(
            _("An invitation from {school}"),
            _(
                "You are invited to a small group of parents and carers at {school}. Each has a child who finds it"
                " hard to get to school. Parents who have lived this lead the group. You do not have to prove"
                " anything.\n\nSee more and answer here:\n{link}\nThe link is only for you, until {until}.\n\n"
                "You can say yes, no, or “tell me more”. Saying no changes nothing for your child.\n\n"
                "Questions? Call {phone}."
            ),
        ),
        sms=_("{school}: {staff_name} has an invitation for you: {link} You can say no there too."),
    ),
    Kind(
        "invitation_reminder",
        _("Reminder of the invitation"),
        P,
        needs=Needs.NO_REFUSAL,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=3),
        email=Email(
            _("Your invitation from {school}"),
            _(
                "Your invitation from {school} is open until {until}:\n{link}\n\nYou can say no there too."
                " We will not ask again."
            ),
        ),
        sms=_(
            "{school}: your invitation is open until {until}: {link} You can say no there too. We will not ask again."
        ),
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
            _(
                "You asked for a link:\n{link}\n\nIt works once, until {until}. Please do not share it.\n\n"
                "Did you not ask? You can ignore this email."
            ),
        ),
        sms=_("{school}: your link is {link} It works once, until {until}. Please do not share it."),
    ),
    Kind(
        "joined",
        _("Thank you for joining"),
        P,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Thank you, from {school}"),
            _(
                "Thank you for saying yes. We keep a place for you on our list. We will tell you the dates as soon"
                " as we know them.\n\nSee or change your choices on any day:\n{link}\n\nQuestions? Call {phone}."
            ),
        ),
        sms=_("{school}: thank you for saying yes. We will tell you the dates. Your page: {link}"),
    ),
    Kind(
        "place_offered",
        _("You have a place"),
        P,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("You have a place at {school}"),
            _(
                "You have a place in the group.\n\nWe meet on {weekday}s, {time} to {end_time}, in {room}. The"
                " first day is {first_date}. There are 8 sessions.\n\nSee all dates:\n{link}\n\n"
                "Can't come any more? That is fine. Call {phone}."
            ),
        ),
        sms=_("{school}: you have a place. We start on {first_date}, {time}, {room}. All dates: {link}"),
    ),
    # ---- the group ------------------------------------------------------------------------------------------
    Kind(
        "session_reminder",
        _("Reminder, two days before"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        link=Link.GROUP,
        useful_for=timedelta(days=2),
        email=Email(
            _("{date}, {time}"),
            _(
                "Session {number} of 8 is on {date}, {time}, {room}.\n\nSee the theme, or say you can't come:\n"
                "{link}\nYou need no reason."
            ),
        ),
        sms=_("{school}: see you {date}, {time}, {room}. Can't come? That is fine. Tell us: {link}"),
    ),
    Kind(
        "session_today",
        _("Reminder on the day"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        useful_for=timedelta(hours=12),
        email=Email(
            _("Today, {time}"),
            _("We meet today at {time}, {room}. Hot drinks are ready.\n\nQuestions? Call {phone}."),
        ),
        sms=_("{school}: we meet today at {time}, {room}. Hot drinks are ready. Questions? Call {phone}"),
    ),
    Kind(
        "session_moved",
        _("Session moved"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("New date"),
            _(
                "Sorry, {old_date} has moved to {date}, {time}, {room}.\n\nSee all dates, or say you can't come:\n"
                "{link}"
            ),
        ),
        sms=_("{school}: sorry, {old_date} has moved to {date}, {time}, {room}. More: {link}"),
    ),
    Kind(
        "session_cancelled",
        _("Session cancelled"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("No meeting on {date}"),
            _("Sorry, we cannot meet on {date}.\n\nNext date: {next_date}.\n\nSee all dates:\n{link}"),
        ),
        sms=_("{school}: sorry, we cannot meet on {date}. Next date: {next_date}. More: {link}"),
    ),
    Kind(
        "notes_ready",
        _("Notes are ready"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("Notes from {date}"),
            _(
                "Here are the main points and links:\n{link}\n\nNothing anyone said is in them. They are for you"
                " even if you were away."
            ),
        ),
    ),
    Kind(
        "halfway",
        _("Halfway"),
        P,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.GROUP,
        useful_for=timedelta(days=7),
        email=Email(
            _("We have met four times"),
            _("We have met four times. Thank you for being there.\n\nChoose the next topics:\n{link}"),
        ),
        sms=_("{school}: we have met four times. Thank you for being there. Choose the next topics: {link}"),
    ),
    Kind(
        "last_session",
        _("Last session"),
        P,
        needs=Needs.CONSENT,
        about=About.SESSION,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Our last session, {date}"),
            _(
                "{date} is our last session. We will look back together. Then come the 12 questions, if you"
                " agree.\n\nYour page:\n{link}"
            ),
        ),
    ),
    Kind(
        "graduation",
        _("Certificate"),
        P,
        needs=Needs.CONSENT,
        about=About.COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=30),
        email=Email(
            _("Well done, from {school}"),
            _(
                "Well done, {first_name}. You helped others feel less alone.\n\nYour certificate and your answers"
                " are here:\n{link}"
            ),
        ),
        sms=_("{school}: well done, {first_name}. Your certificate is here: {link}"),
    ),
    Kind(
        "invite_to_lead",
        _("Asked about helping to lead"),
        P,
        needs=Needs.CONSENT,
        link=Link.LEAD,
        useful_for=timedelta(days=30),
        email=Email(
            _("Would you like to help lead a group?"),
            _(
                "Would you like to help lead a group? You get training and support. Take your time.\n\n"
                "Read more and apply:\n{link}\n\nWe ask only once."
            ),
        ),
    ),
    # ---- becoming a facilitator -----------------------------------------------------------------------------
    Kind(
        "application_received",
        _("Application received"),
        F,
        either=True,
        link=Link.LEAD,
        useful_for=timedelta(days=7),
        email=Email(
            _("We have your application"),
            _(
                "Thank you. We have your application. {staff_name} will call you.\n\nSee where it stands:\n{link}\n\n"
                "Questions? Call {phone}."
            ),
        ),
        sms=_("{school}: thank you, we have your application. {staff_name} will call you."),
    ),
    Kind(
        "application_conversation",
        _("Application: conversation"),
        F,
        either=True,
        useful_for=timedelta(days=14),
        email=Email(
            _("Let us talk"),
            _(
                "We would like to talk with you for 30 minutes. It is not a test. {staff_name} will call to find a"
                " day that suits you.\n\nQuestions? Call {phone}."
            ),
        ),
        sms=_(
            "{school}: we would like to talk for 30 minutes. It is not a test. {staff_name} will call you."
        ),
    ),
    Kind(
        "application_references",
        _("Application: references"),
        F,
        either=True,
        useful_for=timedelta(days=14),
        email=Email(
            _("The people you named"),
            _(
                "We are writing to the people you named. We will tell you when they have answered.\n\nQuestions?"
                " Call {phone}."
            ),
        ),
        sms=_("{school}: we are writing to the people you named. Questions? Call {phone}"),
    ),
    Kind(
        "application_checks",
        _("Application: checks"),
        F,
        either=True,
        useful_for=timedelta(days=14),
        email=Email(
            _("The next step"),
            _(
                "We work out which check your role needs, if any. If there is a certificate, {staff_name} looks at"
                " it with you. We keep no copy.\n\nQuestions? Call {phone}."
            ),
        ),
        sms=_("{school}: we are at the next step and will call you about it. Questions? Call {phone}"),
    ),
    Kind(
        "application_training",
        _("Application: training"),
        F,
        either=True,
        useful_for=timedelta(days=14),
        email=Email(
            _("Training"),
            _(
                "Your training can start. {staff_name} will tell you the date and place. First you help an"
                " experienced facilitator.\n\nQuestions? Call {phone}."
            ),
        ),
        sms=_("{school}: your training can start. {staff_name} will tell you when and where."),
    ),
    Kind(
        "application_ready",
        _("Application: ready"),
        F,
        either=True,
        useful_for=timedelta(days=30),
        email=Email(
            _("You are ready"),
            _(
                "You are ready to help lead a group. {staff_name} will talk with you about the first one.\n\nThank you."
            ),
        ),
        sms=_("{school}: you are ready to help lead a group. {staff_name} will call you. Thank you."),
    ),
    Kind(
        "application_not_now",
        _("Application: not now"),
        F,
        either=True,
        useful_for=timedelta(days=30),
        email=Email(
            _("About your application"),
            _(
                "Thank you for offering. We are not going ahead now. Call {staff_name} on {phone} to talk about it."
                " You may apply again."
            ),
        ),
        sms=_("{school}: about your application, please call {staff_name}: {phone}. Thank you for offering."),
    ),
    Kind(
        "facilitator_invitation",
        _("Invitation to a facilitator"),
        F,
        either=True,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your facilitator page at {school}"),
            _(
                "You lead a group at {school}. Here is your page:\n{link}\nThe link is only for you, until {until}.\n\n"
                "Questions? Call {phone}."
            ),
        ),
        sms=_("{school}: your facilitator page is {link} The link is only for you, until {until}."),
    ),
    Kind(
        "facilitator_assigned",
        _("Asked to lead a group"),
        F,
        either=True,
        about=About.COHORT,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        email=Email(
            _("A group to lead at {school}"),
            _(
                "You are leading a group. It meets on {weekday}s, {time} to {end_time}, in {room}, from"
                " {first_date}.\n\nSee the plan:\n{link}\n\nQuestions? Call {phone}."
            ),
        ),
        sms=_("{school}: your group starts on {first_date}, {time}, {room}. The plan: {link}"),
    ),
    # ---- people at work -------------------------------------------------------------------------------------
    Kind(
        "staff_invitation",
        _("Invitation to a colleague"),
        S,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your invitation to We Belong"),
            _(
                "{authority} and {school} work together on We Belong, peer support groups for parents and carers."
                " You are invited as {role}.\n\nAccept and set your password:\n{link}\nThe link is only for you,"
                " until {until}."
            ),
        ),
    ),
    Kind(
        "member_invitation",
        _("Invitation to a colleague"),
        M,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your invitation to We Belong"),
            _(
                "You are invited to We Belong at {authority}, as {role}.\n\nAccept and set your password:\n{link}\n"
                "The link is only for you, until {until}."
            ),
        ),
    ),
    Kind(
        "onboarding_brief",
        _("Project brief"),
        S,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        email=Email(
            _("We Belong at {school}: the project brief"),
            _(
                "{authority} has sent you the project brief. It takes five minutes to read. Your list of what"
                " comes next is here:\n{link}"
            ),
        ),
    ),
    Kind(
        "agreement_ready",
        _("Agreement is ready"),
        S,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        email=Email(
            _("We Belong at {school}: the agreement is ready"),
            _("The agreement is ready to read and sign. Download it, sign it, and upload it here:\n{link}"),
        ),
    ),
    Kind(
        "school_activated",
        _("School is active"),
        S,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        email=Email(
            _("We Belong at {school} can begin"),
            _(
                "{authority} has set {school} to active. You can invite parents and form your first group:\n{link}"
            ),
        ),
    ),
    Kind(
        "concern_received_for_dsl",
        _("A concern is waiting"),
        S,
        link=Link.CONCERNS,
        quiet_hours=False,
        useful_for=timedelta(days=3),
        confidential=True,
        email=Email(
            _("A concern is waiting"), _("A concern is waiting for you. Please sign in and read it:\n{link}")
        ),
    ),
    Kind(
        "concern_received_for_officer",
        _("A concern is waiting"),
        M,
        link=Link.CONCERNS,
        quiet_hours=False,
        useful_for=timedelta(days=3),
        confidential=True,
        email=Email(
            _("A concern is waiting"), _("A concern is waiting for you. Please sign in and read it:\n{link}")
        ),
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


def get_kind(name: str) -> Kind:
    """The entry called `name`. Raises KeyError: a kind that nobody wrote words for is a defect."""
    return KINDS[name]
