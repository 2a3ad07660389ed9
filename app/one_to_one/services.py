"""A parent asks to be called, somebody calls, and it is done: the verbs of both sides.

Whom a parent may ask, and who may change what, the database says again (`app.ask_for_call`, the row policies).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.identity.roles import Role
from app.identity.websession import Identity
from app.messages.services import enqueue
from app.one_to_one import queries
from app.one_to_one.models import CallRequest
from app.shell.dates import day
from app.shell.kept import kept, unmarked
from app.shell.refusals import Refused
from app.states.calls import WAITING, CallOutcome, CallState
from app.states.messages import RecipientKind
from infra.clock import now, today
from infra.ids import new_id

ASKED = define("one_to_one:call:asked")
TAKEN_BACK = define("one_to_one:call:taken_back")
HANDED_ON = define("one_to_one:call:handed_on")
#: By who leads: that they called tells that somebody asked, so staff never read it.
NOTED = define("one_to_one:call:noted", keys=("outcome",))
#: By staff, of what was asked of the school.
ANSWERED = define("one_to_one:school_call:noted", keys=("outcome",))

#: Nobody puts a second try off for longer.
LATEST_TRY = timedelta(days=14)

_ASK = text("select app.ask_for_call(:id, :facilitator_id, :need, :times, :call_by)").bindparams(
    bindparam("facilitator_id", type_=Uuid()), bindparam("times", type_=ARRAY(Text))
)
_TO_SCHOOL = text("select app.hand_my_call_to_school(:id, :call_by)")


class OverAlready(Refused):
    """Noted already, or taken back: nothing more is to be done."""

    leads_on = True


# ---- the parent


def ask(
    session: Session, who: Identity, facilitator_id: UUID | None, need: str, times: Sequence[str]
) -> date:
    """Ask to be called, by who leads or else by the school; the day by which somebody calls.

    Raises Refused where that person is asked already, or cannot be asked any more.
    """
    for one in queries.list_mine(session, who.own_school_id, who.person_id):
        if one.state in WAITING and one.facilitator_id == facilitator_id:
            raise Refused(
                _(
                    "You have asked %(name)s already. It stands below, and you can take it back.",
                    name=kept(one.caller_name),
                ),
                "caller",
            )
    call_id = new_id()
    call_by = queries.call_by_day(session, who.authority_id, who.own_school_id)
    values = {"id": call_id, "need": need, "times": list(times), "call_by": call_by}
    if not session.execute(_ASK, values | {"facilitator_id": facilitator_id}).scalar_one():
        raise Refused(_("They cannot be asked just now. Nothing was sent. Choose again."), "caller")
    record(session, ASKED, subject_id=call_id)
    _tell_parent(session, who.own_school_id, who.person_id, "call_asked_for", call_id, str(call_id))
    if facilitator_id is not None:
        enqueue(
            session,
            kind="call_to_make",
            school_id=who.own_school_id,
            recipient_kind=RecipientKind.FACILITATOR,
            recipient_id=facilitator_id,
            subject_id=call_id,
            dedupe_key=str(call_id),
        )
    return call_by


def take_back(session: Session, school_id: UUID, parent_id: UUID, call_id: UUID) -> bool:
    """The parent wants no call any more; False where it was over before. Raises NotFound."""
    request = queries.get_mine(session, school_id, parent_id, call_id, hold=True)
    if request.state not in WAITING:
        return False
    request.state, request.ended_at = CallState.TAKEN_BACK, now()
    session.flush()
    record(session, TAKEN_BACK, subject_id=call_id)
    return True


def to_school(session: Session, who: Identity, call_id: UUID) -> date:
    """The parent lets the school's contact call in place of who leads; by which day. Raises NotFound, Refused."""
    queries.get_mine(session, who.own_school_id, who.person_id, call_id)
    call_by = queries.call_by_day(session, who.authority_id, who.own_school_id)
    if not session.execute(_TO_SCHOOL, {"id": call_id, "call_by": call_by}).scalar_one():
        raise Refused(_("That cannot be done any more. This is how it stands."))
    session.expire_all()
    record(session, HANDED_ON, subject_id=call_id)
    return call_by


# ---- whoever is asked


def note(
    session: Session,
    who: Identity,
    call_id: UUID,
    outcome: CallOutcome,
    *,
    try_on: date | None = None,
    colleague: tuple[UUID, str] | None = None,
) -> CallRequest:
    """Note what came of calling. Raises NotFound; Refused; OverAlready where it needs nothing any more."""
    request = queries.get_asked(session, who.own_school_id, call_id, hold=True)
    if request.state != CallState.OPEN:
        raise OverAlready(_why_over(request))
    match outcome:
        case CallOutcome.NO_ANSWER:
            request.try_on = _checked(try_on)
        case CallOutcome.PASSED_ON if request.facilitator_id is not None:
            request.state = CallState.ASKS_BACK
        case CallOutcome.PASSED_ON:
            _hand_to(request, colleague, who)
        case _:
            request.state, request.ended_at = CallState.DONE, now()
    request.outcome, request.noted_at = outcome, now()
    request.tries += 1
    session.flush()
    record(
        session,
        NOTED if who.role is Role.FACILITATOR else ANSWERED,
        subject_id=call_id,
        outcome=outcome.value,
    )
    if outcome is CallOutcome.PASSED_ON:
        key = f"{call_id}:{request.tries}"
        _tell_parent(session, who.own_school_id, request.parent_id, "call_news", call_id, key)
    return request


def _checked(try_on: date | None) -> date:
    if try_on is None or try_on < today():
        raise Refused(_("That day is past. Enter today or a day to come."), "try_on")
    if try_on > today() + LATEST_TRY:
        raise Refused(
            _("They wait for you. Enter a day until %(day)s.", day=day(today() + LATEST_TRY)), "try_on"
        )
    return try_on


def _hand_to(request: CallRequest, colleague: tuple[UUID, str] | None, who: Identity) -> None:
    if colleague is None or colleague[0] == who.person_id:
        raise Refused(_("Choose the colleague who calls instead."), "colleague")
    request.owner_id, request.caller_name = colleague[0], unmarked(colleague[1])
    request.try_on = None


def _why_over(request: CallRequest) -> str:
    match request.state:
        case CallState.TAKEN_BACK:
            return _("They took it back. Please do not call.")
        case CallState.ASKS_BACK:
            return _("They are asked first whether somebody else may call.")
    return _("This has already been noted. Nothing was noted twice.")


def _tell_parent(
    session: Session, school_id: UUID, parent_id: UUID, kind: str, call_id: UUID, key: str
) -> None:
    enqueue(
        session,
        kind=kind,
        school_id=school_id,
        recipient_kind=RecipientKind.PARENT,
        recipient_id=parent_id,
        subject_id=call_id,
        dedupe_key=key,
    )
