"""What one kind of message is: who reads it, its words, and what must be true for it to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

from app.states.groups import SessionState
from app.states.messages import Channel, RecipientKind
from app.states.schools import SchoolStage


def _(words: str) -> str:
    """Mark `words` for translation; they are translated when the reader is known."""
    return words


class About(StrEnum):
    """What `subject_id` names, so what the words may speak of."""

    NOTHING = "nothing"
    SESSION = "session"
    COHORT = "cohort"
    #: A group that the reader was in or led, and is in no more.
    LEFT_COHORT = "left_cohort"
    #: A place that is kept for the reader.
    OFFER = "offer"
    #: A short message that somebody wrote to a whole group.
    GROUP_MESSAGE = "group_message"
    #: A parent's wish to be called.
    CALL = "call"
    #: What a council announced to its schools.
    ANNOUNCEMENT = "announcement"
    #: An outside presenter's booking for a session.
    PRESENTER = "presenter"


class Topic(StrEnum):
    """What a message speaks of that moves on. While an older one about the same waits, a newer one takes its place."""

    #: Nothing that passes, or nothing that another message would replace.
    NONE = ""
    #: Of the reader: the way in, the application to lead, the place in a group, how far their school is.
    WAY_IN = "way_in"
    APPLICATION = "application"
    PLACE = "place"
    SCHOOL = "school"
    AGREEMENT = "agreement"
    #: Of what `subject_id` names: when one session is, and leading one group.
    SESSION = "session"
    LEADING = "leading"
    #: All days to come of a group; the room that it meets in.
    DATES = "dates"
    ROOM = "room"
    #: Where one session meets; the link to it.
    WHERE = "where"
    JOIN = "join"


class Link(StrEnum):
    """Where {link} leads. A one-time link's secret comes from the row; the others open a page of `messages.go`."""

    NONE = "none"
    ONE_TIME = "one_time"
    HOME = "home"
    GROUP = "group"
    OFFER = "offer"
    THEMES = "themes"
    GROUP_MESSAGES = "message"
    CALLS = "call"
    ANNOUNCEMENTS = "announcement"
    LEAD = "lead"
    CONCERNS = "concerns"
    TASKS = "tasks"
    APPOINTMENTS = "appointments"
    AGREEMENT = "agreement"
    #: The page of a booking, which its own secret opens.
    PRESENTING = "presenting"


class Needs(StrEnum):
    """What must be true of the reader."""

    #: They asked for this very message, or it belongs to what they do here.
    NOTHING = "nothing"
    #: They were not asked yet, so no consent can be there; but a no or a stop ends it.
    NO_REFUSAL = "no_refusal"
    #: They agreed to be reached this way.
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Email:
    """A subject and paragraphs. A paragraph is left out when one of its fields is empty."""

    subject: str
    body: tuple[str, ...]


class _MarkedWords(str):
    """A piece of words that knows its name."""

    name: str


def marked(name: str, words: str) -> str:
    """Mark a piece of an email or text as one that a council may put in its own words (`adapting.py`).

    Never one with a link, a day, a time or a place, and never the news itself: what happened, what was decided, what
    is asked. `name` stands in the database: it never changes.
    """
    piece = _MarkedWords(words)
    piece.name = name
    return piece


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked piece of a kind's words."""

    name: str
    channel: Channel
    words: str


@cache
def _names_where_or_when(written: tuple[str, ...]) -> bool:
    """Asked for each reader of each message, of the few dozen that there are."""
    return any(f"{{{field}}}" in words for words in written for field in WHERE_OR_WHEN)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message. `label` is what staff read in lists."""

    name: str
    label: str
    to: RecipientKind
    email: Email | None = None
    #: Sentences of a text. One is left out when one of its fields is empty.
    sms: tuple[str, ...] | None = None
    needs: Needs = Needs.NOTHING
    #: One more consent that it depends on.
    also_agreed: str | None = None
    about: About = About.NOTHING
    #: What it speaks of that moves on.
    topic: Topic = Topic.NONE
    #: Where the reader must stand for it to be true, by stage; a colleague stands where their school does.
    #: Empty: anywhere.
    steps: tuple[str, ...] = ()
    #: The session must be in this state when it is sent …
    session_state: SessionState | None = None
    #: … and so many days away: (fewest, most).
    days_before: tuple[int, int] | None = None
    #: The school must be at this stage when it is sent.
    school_stage: SchoolStage | None = None
    link: Link = Link.NONE
    #: It carries six digits in place of a link; like a one-time link's secret they come from the row.
    code: bool = False
    #: It is true only while its row of `identity.token` is open, though nothing in it comes from there.
    while_open: bool = False
    #: No texts from 20:00 to 08:00 in London; they wait until 08:00.
    quiet_hours: bool = True
    #: After this it would only confuse. Callers may say sooner.
    useful_for: timedelta = timedelta(days=3)
    #: What a text says when more would not fit into one; when that does not either, the first sentence of `sms`.
    sms_short: tuple[str, ...] | None = None
    #: In place of a text's sentence that calls its reader by name: where no text carries the name so that they know it.
    sms_unnamed: str = ""
    #: One of the two is enough: the text goes only to those whom no email reaches.
    either: bool = False
    #: To somebody at work whom only their address names; signed as all messages to people at work.
    at_work: bool = False
    #: Who signs the email, where it is not the school's contact: people of the group say it, and not the office.
    signed_by: str = ""
    #: It holds also once the group has ended early: what it tells of took place.
    outlives_group: bool = False
    #: It thanks people for coming: {thanks_to} is empty for who never came.
    thanks: bool = False
    #: It carries the link to a session online: only while there is one.
    joins: bool = False
    #: It asks for that link: only while there is none.
    asks_for_link: bool = False
    #: A school's staff never find it in their lists.
    confidential: bool = False

    @property
    def says_where_or_when(self) -> bool:
        """Whether its words name a day, a time or a place of a group: what waits while somebody has a fresh start."""
        written = (*(self.sms or ()), *(self.sms_short or ()))
        if self.email is not None:
            written += (self.email.subject, *self.email.body)
        return _names_where_or_when(written)

    @property
    def is_for_their_eyes(self) -> bool:
        """Whether that it comes, or how it is worded, says who came or what they chose: for the parent's eyes alone."""
        return self.to is RecipientKind.PARENT and (self.confidential or self.thanks)

    @property
    def speaks_of_link(self) -> bool:
        """Whether it matters if there is a link to join online."""
        return self.joins or self.asks_for_link

    @property
    def needs_token(self) -> bool:
        """Whether it is worth nothing without its row of `identity.token`."""
        return self.code or self.link is Link.ONE_TIME

    @property
    def reads_token(self) -> bool:
        """Whether a row of `identity.token` says where it goes."""
        return self.needs_token or self.to is RecipientKind.TOKEN

    @property
    def marked(self) -> tuple[Marked, ...]:
        """What a council may put in its own words."""
        written = ((Channel.EMAIL, self.email.body if self.email else ()), (Channel.SMS, self.sms or ()))
        return tuple(
            Marked(words.name, channel, words)
            for channel, pieces in written
            for words in pieces
            if isinstance(words, _MarkedWords)
        )

    @property
    def channels(self) -> tuple[Channel, ...]:
        words = ((Channel.EMAIL, self.email), (Channel.SMS, self.sms))
        return tuple(channel for channel, written in words if written is not None)


#: Fields that tell where a group meets, or when.
WHERE_OR_WHEN = (
    "date", "time", "end_time", "weekday", "room", "old_date", "old_time", "next_date", "dates",
    "later_date", "later_time",
    "new_date", "new_time",
    # What people write to a group is about its room and its hours.
    "words", "words_by_text",
    "join",
)  # fmt: skip

#: Fields that words may use, and the longest that a text must have room for.
FIELDS = {
    "school": 28,
    "authority": 28,
    "first_name": 14,
    "thanks_to": 14,
    "staff_name": 14,
    "role": 24,
    # When a role begins: "Sunday 29 November at 10:17pm"; empty once it is stopped.
    "begins": 34,
    "phone": 13,
    "link": 40,
    "code": 6,
    "until": 10,
    # How long it works, where that is less than an hour: "10 minutes". One night a year a clock shows each time twice.
    "lasts": 10,
    # Until when a place is kept.
    "answer_by": 10,
    "date": 10,
    "time": 7,
    "end_time": 7,
    "weekday": 9,
    "room": 14,
    "number": 1,
    # The link to a session online; emails only, never in a subject.
    "join": 500,
    # When another link took its place, on the day itself; else empty.
    "replaced": 7,
    # How long before a session that link is shown: "two hours"; empty where nobody joins by one.
    "join_before": 9,
    # What waits in a room: "hot drinks"; empty where nobody comes to one.
    "drinks": 10,
    # In a text the old hour, where the day stays.
    "old_date": 10,
    # Only where the day stays and the hour does not.
    "old_time": 7,
    "next_date": 16,
    # Of several sessions that moved at once: the first, on its new day.
    "new_date": 10,
    "new_time": 7,
    "left": 1,
    # All days to come, in emails alone; with their times where those differ.
    "dates": 220,
    # From when on a group begins at another time.
    "later_date": 10,
    "later_time": 7,
    # How often a group has met: "3 times"; empty before it begins.
    "met": 7,
    # What the group is called; emails only.
    "group": 60,
    # First names of those who lead the group: "Ada, Bo and Cem".
    "leaders": 60,
    # What somebody wrote to everybody in a group, and their name; as a text carries it, or empty.
    "words": 120,
    "writer": 60,
    "words_by_text": 120,
    # The school, where a text cannot carry the words.
    "school_instead": 28,
    # What a council announces to its schools; emails only.
    "heading": 80,
    "announcement": 600,
    # What an outside presenter talks about; emails only.
    "talk": 120,
    # Why a school was paused or left, in its authority's words; emails only.
    "reason": 500,
    # The school, while it begins nothing new; empty at any other stage.
    "paused_school": 28,
}
