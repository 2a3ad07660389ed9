"""Reads what people answer to texts: a stop stops the number everywhere; other words go to one school, or to nobody.

Notify brings each by itself, where its callbacks are set up (`text_said`), and is asked for those that it did not.
Either way each reply is heard once, whatever dies: what was made of it stands in `heard_text` under Notify's id, in the
transaction that kept it. The answer is claimed with a lease, and looked up by its reference before it is sent again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from app.messages.links import StopLink, place_address
from app.messages.numbers import number_key, number_key_at, plain_digits, takes_answers
from app.messages.replies import ANSWER_AGAIN, ANSWER_WITHIN, ANSWERS, LATELY, parents_to_stop
from app.messages.services import stop
from app.messages.stop_words import says_start, says_stop
from app.messages.words import to_gsm
from app.shell.validators import without_unfit_letters
from app.states.messages import AnswerState, Channel, Heard
from infra.clock import now
from infra.logs import get_logger
from infra.notify import DailyLimit, Notify, NotifyTrouble, Refused, Reply, TryLater, midnight_after
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.lines import Line, Lines

log = get_logger()

LEASE = timedelta(seconds=120)
#: Seconds between two questions for texts that nobody brought, where Notify brings them.
ASK_AGAIN = 300
EVERYWHERE = Scope(Audience.DOCUMENTS)

SCHOOLS = text("select school_id, authority_id from school where stage <> 'prospect' order by school_id")
KNOWN = text(
    "select reply_id::text from heard_text where reply_id = any(cast(:ids as uuid[])) and answer <> 'due'"
)
#: Two schedules that hear two replies of one number decide one after the other who answers.
ONE_NUMBER = text("select pg_advisory_xact_lock(hashtextextended(encode(:number, 'hex'), 5))")
IS_HEARD = text("select 1 from heard_text where reply_id = :id")
ANSWERED = text(
    "select 1 from heard_text where number_hash = :number and heard = :heard and answer <> 'none' and at > :since"
)
HEAR = text(
    "insert into heard_text (reply_id, number_hash, at, heard, answer)"
    " values (:id, :number, :at, :heard, :answer)"
)
STOP_NUMBER = text(
    "insert into stopped_number (number_hash, stopped_at) values (:number, :at) on conflict (number_hash)"
    " do update set stopped_at = greatest(stopped_number.stopped_at, excluded.stopped_at)"
)
WHO_TEXTED = text(
    "select school_id, authority_id, recipient_kind, recipient_id from app.who_texted(:number, :since)"
    " order by sent_at desc"
)
STANDING = text("select app.standing_parent(:parent)")
KEEP = text(
    "insert into text_reply (school_id, id, number, words, recipient_kind, recipient_id, at)"
    " values (:school, :id, :number, :words, :kind, :recipient, :at)"
)
CLAIM = text(
    "update heard_text set attempt = attempt + 1, lease_until = app.now() + :lease where reply_id = :id"
    " and answer = 'due' and (lease_until is null or lease_until < app.now()) returning attempt, heard"
)
SETTLE = text(
    "update heard_text set answer = :answer, lease_until = null where reply_id = :id and attempt = :attempt"
)
LET_GO = text("update heard_text set lease_until = :until where reply_id = :id and attempt = :attempt")
SAID = text(
    "select reply_id::text, number, words, at, said_by from text_said"
    " where at between app.now() - interval '8 days' and app.now() + interval '1 day'"
)
#: Heard and answered, or never to be: Notify has forgotten it too.
FORGET_SAID = text(
    "delete from text_said s where s.said_at < app.now() - interval '7 days' or exists (select from heard_text h"
    " where h.reply_id = s.reply_id and h.answer <> 'due')"
)
#: Notify forgets after a week; a month later nobody needs to know that we heard it.
FORGET = text("delete from heard_text where at < app.now() - interval '37 days'")


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who a reply is from, as far as one school knows."""

    school_id: UUID
    authority_id: UUID
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A reply, and the service to whose number it was sent: one of a council's own reaches its schools alone."""

    reply: Reply
    line: Line

    def is_of(self, authority_id: UUID) -> bool:
        return self.line.authority_id in (None, authority_id)


@dataclass(slots=True)
class ReplyReader:
    """Looks at new replies. `finder` logs in as wb_documents, `web` as wb_web, who alone may act as a parent."""

    finder: Engine
    web: Engine
    notify: Notify
    secret_key: str
    base_url: str
    #: Whether Notify brings texts by itself: then it is asked more seldom, for what it could not bring.
    is_told: bool = False
    _ask_at: dict[UUID | None, float] = field(default_factory=dict, init=False)
    _lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        self._lines = Lines(self.notify, self.secret_key)

    def read(self) -> int:
        """Hear each new reply, and answer; how many parents' texts were stopped. What meets trouble is read again."""
        # By its id: one that was brought may be in the list, too.
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            self._lines.load(session, holds=False)
        found = [*self._asked_for(), *self._brought()]
        replies = list({one.reply.id: one for one in found}.values())
        known = self._known([one.reply.id for one in replies])
        stopped = 0
        # Oldest first, as they were written.
        for one in sorted(
            (one for one in replies if one.reply.id not in known), key=lambda one: one.reply.at
        ):
            try:
                stopped += self._hear(one)
                self._answer(one.reply, one.line)
            except Exception as error:  # one reply's trouble is not another's
                log.error("reply_not_read", exc_info=error)
        return stopped

    def _brought(self) -> list[_Arrived]:
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            session.execute(FORGET_SAID)
            rows = session.execute(SAID).all()
            session.commit()
        brought = [(Reply(*row[:4]), self._line_of(row.said_by)) for row in rows]
        # Of a council whose keys are forgotten: nobody could be answered.
        return [_Arrived(reply, line) for reply, line in brought if line is not None]

    def _line_of(self, council: UUID | None) -> Line | None:
        return self._lines.own_line if council is None else self._lines.of_council(council)

    def _asked_for(self) -> list[_Arrived]:
        """What each service has; one's trouble is not another's."""
        found: list[_Arrived] = []
        for line in (self._lines.own_line, *self._lines.listening()):
            if time.monotonic() < self._ask_at.get(line.key_id, 0):
                continue
            try:
                found += [_Arrived(_fit(reply), line) for reply in line.notify.list_replies()]
            except NotifyTrouble:
                continue
            if self.is_told if line.key_id is None else line.is_told:
                self._ask_at[line.key_id] = time.monotonic() + ASK_AGAIN
        return found

    def _known(self, ids: list[str]) -> set[str]:
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            session.execute(FORGET)
            known = set(session.execute(KNOWN, {"ids": ids}).scalars())
            session.commit()
        return known

    def _hear(self, arrived: _Arrived) -> int:
        """Make of it what it is, once; how many parents were stopped by it."""
        reply = arrived.reply
        number = number_key(self.secret_key, reply.phone)
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            if session.execute(IS_HEARD, {"id": reply.id}).first() is not None:
                return 0
        stopped = self._stop(arrived) if (is_stop := says_stop(reply.words)) else 0
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            since = now() - LATELY
            rows = [] if is_stop else session.execute(WHO_TEXTED, {"number": number, "since": since}).all()
        sender = _only_one([_Sender(*row) for row in rows if arrived.is_of(row.authority_id)])
        if sender and sender.kind == "parent":
            sender = replace(sender, id=self._standing(sender))
        heard = Heard.STOP if is_stop else Heard.KEPT if sender else Heard.NOBODYS
        if says_start(reply.words) and not is_stop:
            heard, sender = Heard.START, None  # Nobody at a school could do it for them.
        scope = Scope(Audience.DOCUMENTS, sender.authority_id, sender.school_id) if sender else EVERYWHERE
        with ScopedSession(self.finder, scope=scope) as session:
            session.execute(ONE_NUMBER, {"number": number})
            if session.execute(IS_HEARD, {"id": reply.id}).first() is not None:
                return stopped
            answers = (
                self._may_answer(reply)
                and not session.execute(
                    ANSWERED, {"number": number, "heard": heard, "since": now() - ANSWER_AGAIN}
                ).first()
            )
            values = {"id": reply.id, "number": number, "at": now(), "heard": heard}
            session.execute(HEAR, values | {"answer": AnswerState.DUE if answers else AnswerState.NONE})
            if is_stop:
                of = arrived.line.authority_id
                stopped_number = number if of is None else number_key_at(of, number)
                session.execute(STOP_NUMBER, {"number": stopped_number, "at": reply.at})
            if sender:
                session.execute(
                    KEEP,
                    {
                        "school": sender.school_id,
                        "id": reply.id,
                        "number": f"+{plain_digits(reply.phone)}",
                        "words": reply.words,
                        "kind": sender.kind,
                        "recipient": sender.id,
                        "at": reply.at,
                    },
                )
            session.commit()
        return stopped

    def _may_answer(self, reply: Reply) -> bool:
        return takes_answers(reply.phone) and reply.at > now() - ANSWER_WITHIN

    def _answer(self, reply: Reply, line: Line) -> None:
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            claimed = session.execute(CLAIM, {"id": reply.id, "lease": LEASE}).one_or_none()
            session.commit()
        if claimed is None:
            return
        reference = f"answer-{reply.id}"
        settled: str | None = AnswerState.SENT
        until = None
        try:
            if claimed.attempt == 1 or not line.notify.find_by_reference(reference):
                line.notify.send_text(
                    f"+{plain_digits(reply.phone)}",
                    body=answer_words(Heard(claimed.heard), self.base_url),
                    reference=reference,
                )
        except Refused:
            settled = AnswerState.NONE
        except TryLater as trouble:
            settled = None
            until = midnight_after(now()) if isinstance(trouble, DailyLimit) else None
        except NotifyTrouble:
            # Nobody knows whether it went; when the lease has run out it is looked up.
            return
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            values = {"id": reply.id, "attempt": claimed.attempt}
            if settled:
                session.execute(SETTLE, values | {"answer": settled})
            else:
                session.execute(LET_GO, values | {"until": until})
            session.commit()

    def _stop(self, arrived: _Arrived) -> int:
        links = {
            StopLink(school_id, parent_id, Channel.SMS)
            for school_id, authority_id in self._schools()
            if arrived.is_of(authority_id)
            for parent_id in self._parents(school_id, authority_id, arrived.reply)
        } | self._put_together(arrived)
        for link in links:
            scope = Scope(Audience.PARENT, school_id=link.school_id, person_id=link.parent_id)
            with ScopedSession(self.web, scope=scope) as session:
                stop(session, link)
                session.commit()
        return len(links)

    def _put_together(self, arrived: _Arrived) -> set[StopLink]:
        """Of who was texted at this number and has been put together with another entry since, that one: their no."""
        number = number_key(self.secret_key, arrived.reply.phone)
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            rows = session.execute(WHO_TEXTED, {"number": number, "since": now() - LATELY}).all()
        texted = {
            _Sender(*row[:4])
            for row in rows
            if row.recipient_kind == "parent" and arrived.is_of(row.authority_id)
        }
        standing = {one: self._standing(one) for one in texted}
        return {StopLink(one.school_id, to, Channel.SMS) for one, to in standing.items() if to != one.id}

    def _standing(self, parent: _Sender) -> UUID:
        """The entry that stands for this parent today."""
        scope = Scope(Audience.DOCUMENTS, parent.authority_id, parent.school_id)
        with ScopedSession(self.finder, scope=scope) as session:
            found: UUID = session.execute(STANDING, {"parent": parent.id}).scalar_one()
        return found

    def _schools(self) -> list[tuple[UUID, UUID]]:
        with ScopedSession(self.finder, scope=EVERYWHERE) as session:
            return [(row.school_id, row.authority_id) for row in session.execute(SCHOOLS)]

    def _parents(self, school_id: UUID, authority_id: UUID, reply: Reply) -> list[UUID]:
        with ScopedSession(self.finder, scope=Scope(Audience.DOCUMENTS, authority_id, school_id)) as session:
            return parents_to_stop(session, school_id, phone=reply.phone, at=reply.at)


def answer_words(heard: Heard, base_url: str) -> str:
    """The automatic answer, as one text; it names no school."""
    sentences = " ".join(ANSWERS[heard])
    return to_gsm(sentences.format(link=place_address(base_url, "home")))


def _fit(reply: Reply) -> Reply:
    """The reply without what no page and no database can hold: half a pair, a control character."""
    return replace(reply, phone=without_unfit_letters(reply.phone), words=without_unfit_letters(reply.words))


def _only_one(texted: list[_Sender]) -> _Sender | None:
    """The newest reader at the one school that texted the number; None for several schools, or for people at work."""
    if len({one.school_id for one in texted}) != 1:
        return None
    if any(one.kind not in ("parent", "facilitator", "token") for one in texted):
        return None
    return next((one for one in texted if one.kind != "token"), texted[0])
