"""Answers are kept press by press and sent once."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.measures.models import AnswerSet
from app.measures.queries import INSTRUMENT, Journey, find_answers
from app.measures.scoring import SCORING_VERSION, check_answers
from app.rollup_due.queue import mark_group_due
from app.shell.refusals import Refused
from infra.clock import now

SAVED = define("measures:answer:saved", keys=("occasion", "question"))
SENT = define("measures:answers:sent", keys=("occasion",))


class AlreadySent(Refused):
    """These answers were sent and stay as they are."""

    def __init__(self) -> None:
        super().__init__(_("You have sent these answers, so they stay as they are."))


class NotOpen(Refused):
    """There is nothing to answer on this occasion now."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to answer just now."))


def save_answer(
    session: Session,
    school_id: UUID,
    parent_id: UUID,
    journey: Journey,
    *,
    question: int,
    answer: int | None,
) -> AnswerSet:
    """Keep one answer, None where it is left out; the set as it is now.

    Raises AlreadySent, NotOpen, IndexError for a question beyond the next, InvalidAnswers off the scale.
    """
    answers = _get_or_begin(session, school_id, parent_id, journey)
    if question > len(answers.items) + 1:
        raise IndexError(question)
    items = list(answers.items)
    items[question - 1 : question] = [answer]
    check_answers(journey.instrument, [*items, *[None] * (journey.total - len(items))])
    answers.items, answers.updated_at = items, now()
    session.flush()
    record(session, SAVED, subject_id=answers.id, occasion=journey.occasion, question=question)
    return answers


def send_answers(session: Session, school_id: UUID, parent_id: UUID, journey: Journey) -> bool:
    """Send the answers; False when that was done before. What was not reached counts as left out.

    Raises NotOpen when there is nothing to send.
    """
    answers = find_answers(session, school_id, parent_id, journey.occasion, journey.cohort_id, lock=True)
    if answers is not None and answers.submitted_at is not None:
        return False
    if answers is None or not journey.is_open:
        raise NotOpen
    answers.items = [*answers.items, *[None] * (journey.total - len(answers.items))]
    check_answers(journey.instrument, answers.items)
    answers.cohort_id = answers.cohort_id or journey.cohort_id
    answers.submitted_at = answers.updated_at = now()
    session.flush()
    if answers.cohort_id is not None:
        mark_group_due(session, school_id, answers.cohort_id)
    record(session, SENT, subject_id=answers.id, occasion=journey.occasion)
    return True


def _get_or_begin(session: Session, school_id: UUID, parent_id: UUID, journey: Journey) -> AnswerSet:
    where = (school_id, parent_id, journey.occasion, journey.cohort_id)
    answers = find_answers(session, *where, lock=True)
    if answers is not None and answers.submitted_at is not None:
        raise AlreadySent
    if not journey.is_open:
        raise NotOpen
    if answers is None:
        try:
            with session.begin_nested():
                answers = AnswerSet(
                    school_id=school_id,
                    parent_id=parent_id,
                    cohort_id=journey.cohort_id,
                    instrument=INSTRUMENT.key,
                    instrument_version=INSTRUMENT.version,
                    scoring_version=SCORING_VERSION,
                    occasion=journey.occasion,
                    items=[],
                )
                session.add(answers)
                session.flush()
        except IntegrityError:
            # The same press twice: the other one was first.
            answers = find_answers(session, *where, lock=True)
    if answers is None or answers.submitted_at is not None:
        raise AlreadySent
    answers.cohort_id = answers.cohort_id or journey.cohort_id
    return answers
