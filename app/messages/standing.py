"""What can still be done about a message that did not arrive or was not sent: by person, and as things stand now.

The same rules as at the moment of sending judge, so that nothing is offered that would be held back again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.messages.allowed import Facts, TokenFact, why_not, why_not_reached
from app.messages.catalogue import KINDS
from app.messages.facts import gather_readers, stand
from app.messages.parts import Message
from app.messages.problems import Problem, explain
from app.messages.queries import MessageRow
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now

#: What it speaks of is over, or has changed since.
PAST = frozenset({Problem.TOO_LATE, Problem.PLAN_CHANGED, Problem.NOT_IN_GROUP, Problem.SUPERSEDED})
#: The address itself is wrong, whatever else reached them.
WRONG_ADDRESS = frozenset({Problem.BAD_ADDRESS, Problem.NOT_DELIVERED})
#: Nobody is called about it: the number is not theirs, or they want no more of it.
NOT_TO_CALL = frozenset({Problem.SAID_NO, Problem.NOT_THEM, Problem.READER_GONE, Problem.SCHOOL_LEFT})
#: People whose school looks them up; the others have an address, or asked for a link themselves.
LOOKED_UP = (RecipientKind.PARENT, RecipientKind.FACILITATOR)


@dataclass(frozen=True, slots=True)
class Standing:
    """`do` is the next step, `tag` what has become of it since, `again` whether sending once more may help, `call`
    whether a call may: to a parent, of whose call staff take a note."""

    do: str = ""
    tag: str = ""
    again: bool = False
    call: bool = False


def judge(session: Session, school_id: UUID, rows: Sequence[MessageRow]) -> dict[UUID, Standing]:
    """Where each of these messages of the school stands, by its id. In the scope of the school's staff."""
    rows = _without_dead_ends(session, school_id, rows)
    settled = {row.id: standing for row in rows if (standing := _settled(row)) is not None}
    facts = _facts(session, school_id, [row for row in rows if row.id not in settled and _may_go(row)])
    return {row.id: settled.get(row.id) or _as_things_are(row, facts.get(row.id)) for row in rows}


def _without_dead_ends(session: Session, school_id: UUID, rows: Sequence[MessageRow]) -> list[MessageRow]:
    """The same rows, where the other channel counts only if its message, which still waits, really goes."""
    wait = [
        replace(row, channel=row.went_by)
        for row in rows
        if row.went_by
        and row.went_state is State.QUEUED
        and row.recipient_kind in LOOKED_UP
        and row.kind in KINDS
    ]
    readers = gather_readers(session, [as_message(school_id, row) for row in wait]) if wait else {}
    moment = now()
    ends = {
        row.id
        for row in wait
        if row.id not in readers or why_not_reached(KINDS[row.kind], row.channel, readers[row.id], moment)
    }
    return [replace(row, went_by=None, went_state=None) if row.id in ends else row for row in rows]


def _settled(row: MessageRow) -> Standing | None:
    """What became of it since, when something did."""
    if row.is_repeated:
        return _repeated(row)
    if row.is_replaced:
        return Standing(tag=_("A newer one took its place"))
    if row.went_by is None:
        return None
    by_email = row.went_by is Channel.EMAIL
    waits = row.went_state in (State.QUEUED, State.SENDING)
    if row.problem in WRONG_ADDRESS:
        if waits:
            did = _("It goes by email.") if by_email else _("It goes by text.")
        else:
            did = _("It went by email.") if by_email else _("It went by text.")
        return Standing(f"{did} {_('Correct the address or number when you can.')}")
    if waits:
        return Standing(
            _("It goes by email instead. Nothing to do.")
            if by_email
            else _("It goes by text instead. Nothing to do.")
        )
    return Standing(
        _("It went by email instead. Nothing to do.")
        if by_email
        else _("It went by text instead. Nothing to do.")
    )


def _repeated(row: MessageRow) -> Standing:
    if row.again_state is State.FAILED:
        return Standing(tag=_("Tried again, did not arrive"), call=row.recipient_kind is RecipientKind.PARENT)
    if row.again_state is State.HELD_BACK:
        explained = explain(row.again_problem)
        return Standing(f"{_(explained.why)} {_(explained.do)}", tag=_("Not sent again"))
    return Standing(tag=_("Sent again"))


def _may_go(row: MessageRow) -> bool:
    return row.state is State.FAILED and row.recipient_kind in LOOKED_UP and explain(row.problem).again


def _as_things_are(row: MessageRow, facts: Facts | None) -> Standing:
    explained = explain(row.problem)
    call = row.state is State.FAILED and row.recipient_kind is RecipientKind.PARENT
    if row.recipient_kind is RecipientKind.PRESENTER and row.state is State.FAILED:
        # No form changes their address: a booking is one email to one address.
        return Standing(
            _("Call them. Is the address wrong? Take the booking back and book them with the right one.")
        )
    if row.state is State.HELD_BACK or not explained.again or row.recipient_kind is RecipientKind.TOKEN:
        return Standing(_(explained.do), call=call)
    kind, moment = KINDS.get(row.kind), now()
    problem = Problem.READER_GONE if facts is None and row.recipient_kind in LOOKED_UP else None
    if kind is None or (kind.needs_token and row.not_after and row.not_after <= moment):
        problem = Problem.LINK_ENDED
    elif facts is not None:
        problem = why_not(kind, row.channel, facts, moment)
    if problem is None:
        return Standing(_(explained.do), again=True, call=call)
    if problem in PAST:
        return Standing(_("It is too late to send it again. Call them if it still matters."), call=call)
    now_so = explain(problem)
    return Standing(f"{_(now_so.why)} {_(now_so.do)}", call=call and problem not in NOT_TO_CALL)


def _facts(session: Session, school_id: UUID, rows: Sequence[MessageRow]) -> dict[UUID, Facts]:
    """What a worker would know about each of them if it were written once more now; not about stopped numbers."""
    if not rows:
        return {}
    messages = [as_message(school_id, row) for row in rows]
    readers = gather_readers(session, messages)
    plans = stand(session, messages)
    return {
        row.id: replace(
            readers[row.id],
            plan=plans.get(row.id),
            # Its time is asked elsewhere; a link that stands goes where its reader is reached now.
            token=TokenFact(readers[row.id].address(row.channel), True, now() + timedelta(days=1)),
            written_at=now(),
            step=row.step,
            step_before=row.step_before,
        )
        for row in rows
        if row.id in readers
    }


def as_message(school_id: UUID, row: MessageRow) -> Message:
    """The message of a row that staff see, for whoever judges it."""
    return Message(
        owner_id=school_id,
        authority_id=school_id,
        is_authority=False,
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        recipient_kind=row.recipient_kind,
        recipient_id=row.recipient_id,
        subject_id=row.subject_id,
        attempt=0,
        not_after=None,
    )
