"""The schedule: rings for what no bell was heard for, and writes what is due by the calendar.

What it has done is in `schedule_run` (school, job, period), so two schedules, or one that starts again, do it once.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cohorts.joining import send_links
from app.cohorts.messages.reminders import remind_of_sessions
from app.cohorts.offering_on import look_after_offers
from app.contact_log import keeping as contact_log
from app.facilitators import unsent
from app.facilitators.asking import ask_to_lead
from app.merging import services as merging
from app.messages import door_budget
from app.one_to_one import telling as one_to_one
from app.parent_import import services as parent_import
from app.presenters import telling as presenters
from app.recruitment.reminders import remind_of_invitations
from app.signing_up import services as signing_up
from app.themes.telling import tell_of_themes
from infra.clock import LONDON, now
from infra.logs import get_logger
from infra.queue import Bell, ring
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.chores import Chores
from workers.replies import ReplyReader

log = get_logger()

#: Seconds between two rounds of ringing.
TICK = 5
#: Seconds between two looks at the calendar.
CALENDAR = 300
#: Between two looks at concerns.
CONCERNS = 60
#: Between two looks at what people answered.
REPLIES = 30
#: After trouble nothing waits longer than this for its next try.
AGAIN = 30
#: Reminders are written while texts may go.
DAY_HOURS = range(8, 20)

SCHOOLS = text("select school_id, authority_id, stage from school order by school_id")
#: A school at any other stage has nobody to write to, or nobody any more.
WRITTEN_TO = frozenset({"active", "paused"})
RAN = text("insert into schedule_run (school_id, job, period, ran_at) values (:school, :job, :period, :at)")
HAS_RUN = text("select job || ' ' || period from schedule_run where school_id = :school and ran_at > :since")
TO_LOOK_AFTER = text("select school_id, authority_id from identity.schools_to_look_after()")
THEIRS_TO_LOOK_AFTER = text("select identity.authorities_to_look_after()")
TELL_OF_UNOPENED = text("select identity.tell_of_unopened()")
HAND_OVER = text("select identity.hand_over_unread()")
PURGE = text("select identity.purge()")


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done once in each period for each school."""

    name: str
    #: The period that a moment (London) belongs to, as strftime format.
    period: str
    run: Callable[..., int]
    #: Erases what is kept for a time only: that time runs out at a school that has left, too, and there nobody else
    #: comes back to delete it. Such a job writes to nobody.
    erases: bool = False


JOBS = (
    Job("session_reminders", "%Y-%m-%dT%H", remind_of_sessions),
    Job("join_links_sent", "%Y-%m-%dT%H", send_links),
    Job("offers_looked_after", "%Y-%m-%dT%H", look_after_offers),
    Job("themes_told", "%Y-%m-%dT%H", tell_of_themes),
    Job("presenters_told", "%Y-%m-%dT%H", presenters.tell_of_bookings),
    Job("calls_told", "%Y-%m-%dT%H", one_to_one.tell_of_calls),
    Job("invitation_reminders", "%Y-%m-%d", remind_of_invitations),
    Job("graduates_asked_to_lead", "%Y-%m-%d", ask_to_lead),
    Job("old_drafts_erased", "%Y-%m-%d", unsent.erase_old, erases=True),
    Job("old_lists_erased", "%Y-%m-%dT%H", parent_import.erase_old, erases=True),
    Job("old_merges_forgotten", "%Y-%m-%dT%H", merging.erase_old, erases=True),
    Job("old_signups_erased", "%Y-%m-%dT%H", signing_up.erase_old, erases=True),
    Job("old_calls_put_away", "%Y-%m-%d", one_to_one.put_away, erases=True),
    Job("old_presenters_erased", "%Y-%m-%d", presenters.erase_old, erases=True),
    Job("old_contacts_erased", "%Y-%m-%d", contact_log.erase_old, erases=True),
    Job("doors_watched", "%Y-%m-%dT%H", door_budget.watch),
)


@dataclass(slots=True)
class Schedule:
    """One process's schedule. `engine` logs in as wb_documents, who may know all schools and enter each."""

    engine: Engine
    redis_url: str
    replies: ReplyReader | None = None
    chores: Chores | None = None

    def ring_all(self) -> None:
        """Ask every worker to look. A worker that finds nothing is done in milliseconds."""
        for bell in Bell:
            ring(self.redis_url, bell)

    def look_at_calendar(self, moment: datetime) -> int:
        """Do what is due at `moment` in every school; how many messages were written."""
        with ScopedSession(self.engine, scope=Scope(Audience.DOCUMENTS)) as session:
            session.execute(PURGE)
            schools = session.execute(SCHOOLS).all()
            session.commit()
        if moment.astimezone(LONDON).hour not in DAY_HOURS:
            return 0
        return sum(
            self._run_jobs(row.authority_id, row.school_id, jobs_at(row.stage), moment) for row in schools
        )

    def _run_jobs(self, authority_id: UUID, school_id: UUID, jobs: Sequence[Job], moment: datetime) -> int:
        scope = Scope(Audience.DOCUMENTS, authority_id, school_id)
        try:
            with ScopedSession(self.engine, scope=scope) as session:
                return _run_due(session, school_id, jobs, moment)
        except Exception as error:  # one school's trouble is not another's
            log.error("schedule_failed", exc_info=error, school_id=str(school_id))
        return 0

    def look_after_concerns(self) -> int:
        """Hand what nobody at its school can read to the authority's officer, and tell of what nobody opens; how many.

        At any hour.
        """
        with ScopedSession(self.engine, scope=Scope(Audience.DOCUMENTS)) as session:
            places = [(row.authority_id, row.school_id) for row in session.execute(TO_LOOK_AFTER)]
            places += [(one, None) for one in session.execute(THEIRS_TO_LOOK_AFTER).scalar_one()]
        handed = told = 0
        for authority_id, school_id in places:
            scope = Scope(Audience.DOCUMENTS, authority_id, school_id)
            try:
                with ScopedSession(self.engine, scope=scope) as session:
                    handed += session.execute(HAND_OVER).scalar_one()
                    told += session.execute(TELL_OF_UNOPENED).scalar_one()
                    session.commit()
            except Exception as error:  # one school's trouble is not another's
                log.error("concerns_not_looked_after", exc_info=error, school_id=str(school_id or ""))
        if handed or told:
            log.warning("concerns_looked_after", count=handed + told)
        return handed + told

    def read_replies(self) -> None:
        """Stop texts to those who answered STOP."""
        if self.replies and (count := self.replies.read()):
            log.info("texts_stopped", count=count)

    def round(self) -> None:
        """Look after concerns, ring, read replies and look at the calendar, once."""
        self.look_after_concerns()
        if self.look_at_calendar(now()):
            log.info("reminders_written")
        self.read_replies()
        self.ring_all()

    def run(self, stop: threading.Event) -> None:
        """Ring and look until `stop` is set. Whatever one of them raises is logged and tried again in its time.

        Concerns that nobody opens hang on this: no other work of the schedule may end it, or come in between.
        """
        tasks = (
            _Task(CONCERNS, self.look_after_concerns),
            _Task(0, self.ring_all),
            _Task(0, self._look_at_chores),
            _Task(CALENDAR, lambda: self.look_at_calendar(now())),
            _Task(REPLIES, self.read_replies),
        )
        while not stop.is_set():
            for task in tasks:
                task.do_if_due()
            stop.wait(TICK)

    def _look_at_chores(self) -> None:
        if self.chores:
            self.chores.look(now())


@dataclass(slots=True)
class _Task:
    """Something the schedule does again and again, `every` so many seconds."""

    every: float
    do: Callable[[], object]
    next_at: float = 0

    def do_if_due(self) -> None:
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + self.every
        try:
            self.do()
        except Exception as error:
            self.next_at = time.monotonic() + min(self.every, AGAIN)
            log.error("schedule_failed", exc_info=error)


def jobs_at(stage: str) -> list[Job]:
    """What is done for a school at this stage."""
    return [job for job in JOBS if job.erases or stage in WRITTEN_TO]


def _run_due(session: Session, school_id: UUID, jobs: Sequence[Job], moment: datetime) -> int:
    """Every one of these jobs that is due in this school; one's trouble is not another's."""
    since = moment - timedelta(days=2)
    done = set(session.execute(HAS_RUN, {"school": school_id, "since": since}).scalars())
    written = 0
    for job in jobs:
        period = moment.astimezone(LONDON).strftime(job.period)
        if f"{job.name} {period}" in done:
            continue
        try:
            written += run_once(session, job, school_id=school_id, period=period, moment=moment)
        except Exception as error:
            session.rollback()
            log.error("schedule_failed", exc_info=error, school_id=str(school_id), kind=job.name)
    return written


def run_once(session: Session, job: Job, *, school_id: UUID, period: str, moment: datetime) -> int:
    """Run `job` and remember that, in one transaction; 0 when another schedule has done it."""
    try:
        session.execute(RAN, {"school": school_id, "job": job.name, "period": period, "at": moment})
    except IntegrityError:
        session.rollback()
        return 0
    written = job.run(session, school_id=school_id, moment=moment)
    session.commit()
    return written


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
