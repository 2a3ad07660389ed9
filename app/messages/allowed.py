"""Whether a message may go, asked at the moment of sending: a wrong reminder to somebody who said no is the worst bug.

Pure: `facts.py` reads, this judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from app.messages.kind import About, Kind, Needs
from app.messages.problems import Problem
from app.states.messages import Channel, RecipientKind
from app.states.parents import DO_NOT_WRITE
from app.states.schools import SchoolStage, may
from infra.clock import LONDON


@dataclass(frozen=True, slots=True)
class TokenFact:
    """The one-time link that a message carries: where it was meant to go, and until when."""

    address: str
    is_open: bool
    expires_at: datetime
    #: With the message's id it makes the secret.
    salt: bytes = b""


@dataclass(frozen=True, slots=True)
class ReaderFact:
    """Who is to read it, as they stand now."""

    email: str = ""
    phone: str = ""
    is_active: bool = True
    #: Addresses at which somebody said “This is not me”.
    doubted: frozenset[str] = frozenset()
    #: Parents only.
    stage: str | None = None
    agreed: frozenset[str] = frozenset()
    emails_stopped: bool = False
    texts_stopped: bool = False
    do_not_ask_until: date | None = None
    #: When they agreed to texts; what a number asked before that counts no more.
    texts_agreed_at: datetime | None = None


class SubjectFact(Protocol):
    """What a message speaks of, as it stands now; whoever keeps it judges whether the message still holds."""

    def why_not(self, kind: Kind, written_at: datetime | None, moment: datetime) -> Problem | None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one message at the moment of sending."""

    reader: ReaderFact | None
    plan: SubjectFact | None = None
    token: TokenFact | None = None
    school_stage: str | None = None
    not_after: datetime | None = None
    #: The step that it speaks of, and where its reader stands now; both empty when that does not matter.
    step: str = ""
    stands: str = ""
    #: What the reader knew before, as a step; the same as `step` when there is nothing to tell any more.
    step_before: str = ""
    #: When somebody at this number asked for no more texts, of any school.
    number_stopped_at: datetime | None = None
    #: Whether it is the first text of this school to this number.
    is_first_text: bool = False
    #: Whether a newer one about the same thing was written.
    is_replaced: bool = False
    #: Until when nothing that names a place or a time goes to this reader: they have a fresh start.
    waits_until: datetime | None = None
    #: Channels on which it goes where this parent proved to be themselves; staff may write where messages go.
    confirmed: frozenset[Channel] = frozenset()
    #: When it was put into the outbox.
    written_at: datetime | None = None
    language: str = "en"
    #: What their council says in its own words, by ours.
    own: Mapping[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def address(self, channel: Channel) -> str:
        """Where it goes on `channel`; empty when there is no such address."""
        if self.reader is None:
            return self.token.address if self.token else ""
        return self.reader.email if channel is Channel.EMAIL else self.reader.phone


Rule = Callable[[Kind, Channel, Facts, datetime], Problem | None]


def why_not(kind: Kind, channel: Channel, facts: Facts, moment: datetime) -> Problem | None:
    """The first reason why this message must not go now, or None. What only waits has no reason: see `waits_for`."""
    for rule in RULES:
        if (problem := rule(kind, channel, facts, moment)) is not None:
            is_late = problem is Problem.TOO_LATE and waits_for(kind, facts, moment) is not None
            return Problem.FRESH_START if is_late else problem
    return None


def why_not_reached(kind: Kind, channel: Channel, facts: Facts, moment: datetime) -> Problem | None:
    """The first reason in who its reader is, what they said and where they are reached; not in what it speaks of."""
    found = (rule(kind, channel, facts, moment) for rule in READER_RULES)
    return next((problem for problem in found if problem is not None), None)


def waits_for(kind: Kind, facts: Facts, moment: datetime) -> datetime | None:
    """Until when a message with a place or a time is kept, because its reader has a fresh start; None when it is not.

    Whoever has the old telephone may still be listening, and whoever has the new one may not be them.
    """
    if facts.waits_until is None or facts.waits_until <= moment or not kind.says_where_or_when:
        return None
    return facts.waits_until


def _in_time(_kind: Kind, _channel: Channel, facts: Facts, moment: datetime) -> Problem | None:
    return Problem.TOO_LATE if facts.not_after and facts.not_after <= moment else None


def _reader_is_here(kind: Kind, _channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    if kind.to is RecipientKind.TOKEN:
        return None
    return None if facts.reader and facts.reader.is_active else Problem.READER_GONE


def _not_refused(kind: Kind, channel: Channel, facts: Facts, moment: datetime) -> Problem | None:
    if kind.to is not RecipientKind.PARENT or kind.needs is Needs.NOTHING or facts.reader is None:
        return None
    reader = facts.reader
    if reader.stage in DO_NOT_WRITE:
        return Problem.SAID_NO
    asks = kind.needs is Needs.NO_REFUSAL
    if asks and reader.do_not_ask_until and reader.do_not_ask_until > moment.astimezone(LONDON).date():
        return Problem.SAID_NO
    # That the school has left is the last word that they hear from it.
    if kind.school_stage != SchoolStage.LEFT:
        if facts.school_stage == SchoolStage.LEFT:
            return Problem.SCHOOL_LEFT
        if facts.school_stage is not None and not _stage_lets(kind, facts.school_stage):
            return Problem.SCHOOL_NOT_ACTIVE
    if reader.emails_stopped if channel is Channel.EMAIL else reader.texts_stopped:
        return Problem.STOPPED
    return None


def _not_stopped_by_who_leads(
    kind: Kind, channel: Channel, facts: Facts, _moment: datetime
) -> Problem | None:
    """A graduate who stopped a channel as a parent is not reached by it as somebody who leads either."""
    if kind.to is not RecipientKind.FACILITATOR or facts.reader is None:
        return None
    stopped = facts.reader.emails_stopped if channel is Channel.EMAIL else facts.reader.texts_stopped
    return Problem.STOPPED if stopped else None


def _address_is_theirs(_kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    """Whoever has this address said that they are not this person: nothing more goes there until staff have looked."""
    is_doubted = facts.reader is not None and facts.address(channel) in facts.reader.doubted
    return Problem.NOT_THEM if is_doubted else None


def _number_takes_texts(kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    """A stop is the number's, whoever has it on their list. Not for links that were asked for, nor people at work."""
    if channel is not Channel.SMS or facts.number_stopped_at is None or facts.reader is None:
        return None
    if kind.to not in (RecipientKind.PARENT, RecipientKind.FACILITATOR):
        return None
    agreed_at = facts.reader.texts_agreed_at
    return None if agreed_at and agreed_at > facts.number_stopped_at else Problem.NUMBER_STOPPED


def _agreed(kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    if kind.needs is not Needs.CONSENT or facts.reader is None:
        return None
    wanted = {"join", "email" if channel is Channel.EMAIL else "text"}
    if kind.also_agreed:
        wanted.add(kind.also_agreed)
    return None if wanted <= facts.reader.agreed else Problem.NO_CONSENT


def _stage_lets(kind: Kind, stage: str) -> bool:
    """Whether the school's stage lets it send this: whoever was not asked yet is invited by an active school alone."""
    return may(stage, "invite_parents" if kind.needs is Needs.NO_REFUSAL else "write_to_parents")


def _plan_still_holds(kind: Kind, _channel: Channel, facts: Facts, moment: datetime) -> Problem | None:
    if kind.school_stage and facts.school_stage != kind.school_stage:
        return Problem.PLAN_CHANGED
    if kind.about is About.NOTHING:
        return None
    if facts.plan is None:
        # Whoever left a group that is deleted since has left it all the same.
        return None if kind.about is About.LEFT_COHORT else Problem.PLAN_CHANGED
    return facts.plan.why_not(kind, facts.written_at, moment)


def _for_their_eyes(kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    return None if _is_theirs(kind, channel, facts) else Problem.NOT_CONFIRMED


def _is_theirs(kind: Kind, channel: Channel, facts: Facts) -> bool:
    """Whether what it tells reaches the parent alone: that some messages come at all says who was there."""
    # Thanks within a message are left out by themselves.
    return not (kind.is_for_their_eyes and kind.confidential) or channel in facts.confirmed


def _step_has_not_passed(kind: Kind, _channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    if kind.while_open and (facts.token is None or not facts.token.is_open):
        return Problem.SUPERSEDED
    if facts.is_replaced or (facts.step and facts.step == facts.step_before):
        return Problem.SUPERSEDED
    if facts.step and kind.steps and facts.stands not in kind.steps:
        return Problem.SUPERSEDED
    return None


def _email_goes(kind: Kind, facts: Facts) -> bool:
    """Whether the same words go by email: there is an address, and they agreed to it where that is asked."""
    if facts.reader is None or not facts.reader.email or facts.reader.emails_stopped:
        return False
    if not _is_theirs(kind, Channel.EMAIL, facts):
        return False
    return kind.needs is not Needs.CONSENT or {"join", "email"} <= facts.reader.agreed


def _link_is_good(kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    if not kind.needs_token:
        return None
    if facts.token is None or not facts.token.is_open:
        return Problem.LINK_ENDED
    # The link proves an address: to another one it would let somebody else in.
    if facts.reader is not None and facts.token.address != facts.address(channel):
        return Problem.ADDRESS_CHANGED
    return None


def _reachable(kind: Kind, channel: Channel, facts: Facts, _moment: datetime) -> Problem | None:
    if kind.either and channel is Channel.SMS and _email_goes(kind, facts):
        return Problem.EMAIL_INSTEAD
    return None if facts.address(channel) else Problem.NO_ADDRESS


#: In this order: who they are and what they said comes before what is practical.
RULES: tuple[Rule, ...] = (
    _reader_is_here,
    _not_refused,
    _not_stopped_by_who_leads,
    _address_is_theirs,
    _number_takes_texts,
    _agreed,
    _plan_still_holds,
    _in_time,
    _reachable,
    _for_their_eyes,
    _link_is_good,
    _step_has_not_passed,
)
#: Those that are about its reader alone.
READER_RULES: tuple[Rule, ...] = (
    _reader_is_here,
    _not_refused,
    _not_stopped_by_who_leads,
    _address_is_theirs,
    _agreed,
    _reachable,
)
