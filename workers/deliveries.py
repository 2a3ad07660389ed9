"""What became of messages that were accepted: delivered, or not and why. Statuses only move forward.

Notify says so by itself where its callbacks are set up; it is asked about what no callback settled, at once where there
are none. Callbacks come twice, late, in any order, or before our own record of the sending: what settles no message yet
is looked at again for an hour, and what never does is forgotten.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from app.messages.models import DeliverySaid
from app.messages.problems import Problem
from app.states.messages import State
from infra.clock import now
from infra.database import server_now
from infra.notify import Delivery, NotifyTrouble
from tenants.session import ScopedSession
from workers.dispatch import EVERYWHERE, Dispatcher
from workers.lines import rows_of
from workers.outbox import TABLES

BATCH = 100
IN_FLIGHT = 8
#: Notify itself gives up after three days.
GIVE_UP = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=1)
#: So long a callback waits for a message that is its.
LOOK_AGAIN = timedelta(hours=1)

_SAID: Table = DeliverySaid.__table__

_PROBLEMS = {
    Delivery.NO_SUCH_ADDRESS: Problem.NOT_DELIVERED,
    Delivery.NOT_REACHED: Problem.NOT_NOW,
    Delivery.BROKEN: Problem.REFUSED,
}


def take_in_said(dispatcher: Dispatcher) -> int:
    """Settle what callbacks spoke of; how many messages."""
    with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
        said = {
            str(row.provider_id): (Delivery(row.said), row.said_by) for row in session.execute(select(_SAID))
        }
        if not said:
            return 0
        settled: list[str] = []
        for table, owner in TABLES:
            for became, said_by in sorted(set(said.values()), key=str):
                of_it = [one for one, its in said.items() if its == (became, said_by)]
                # Few are on their way at any time, and those have an index of their own.
                settled += session.execute(
                    update(table)
                    .where(
                        table.c.state == State.SENT,
                        table.c.provider_id.in_(of_it),
                        _may_say(table, owner, said_by),
                    )
                    .values(_end(became))
                    .returning(table.c.provider_id)
                ).scalars()
        done = or_(
            _SAID.c.provider_id.in_([UUID(one) for one in settled]), _SAID.c.at < server_now() - LOOK_AGAIN
        )
        session.execute(delete(_SAID).where(done))
        session.commit()
    return len(settled)


def check_deliveries(dispatcher: Dispatcher) -> int:
    """Look once at each accepted message that is due for a look; how many are settled now."""
    settled = 0
    with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
        dispatcher.lines.empty_old(session)
        dispatcher.lines.load(session)
        session.commit()
    for table, owner in TABLES:
        with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
            rows = session.execute(
                select(
                    table.c[owner].label("owner_id"),
                    table.c.id,
                    table.c.provider_id,
                    table.c.sent_at,
                    table.c.notify_key_id,
                )
                .where(table.c.state == State.SENT, table.c.next_at <= server_now())
                .order_by(table.c.next_at)
                .limit(BATCH)
            ).all()
        if not rows:
            continue
        with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="status") as pool:
            deliveries = list(
                pool.map(lambda row: _ask(dispatcher, row.provider_id, row.notify_key_id), rows)
            )
        with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
            for row, delivery in zip(rows, deliveries, strict=True):
                values = _news(delivery, row.sent_at, dispatcher.first_look(row.notify_key_id))
                settled += values.get("state") is not None
                session.execute(
                    update(table)
                    .where(table.c[owner] == row.owner_id, table.c.id == row.id, table.c.state == State.SENT)
                    .values(values)
                )
            session.commit()
    return settled


def _may_say(table: Table, owner: str, said_by: UUID | None) -> ColumnElement[bool]:
    """Of which messages whoever bore this token may say what became of them: a council of those that its own service
    carried, ours of all others."""
    if said_by is None:
        return table.c.notify_key_id.is_(None)
    return and_(table.c.notify_key_id.is_not(None), rows_of(table, owner, [said_by]))


def _ask(dispatcher: Dispatcher, provider_id: str, key_id: UUID | None) -> Delivery:
    line = dispatcher.lines.asking(key_id)
    if line is None:
        return Delivery.UNDER_WAY
    try:
        return line.notify.delivery(provider_id)
    except NotifyTrouble:
        return Delivery.UNDER_WAY


def _end(delivery: Delivery) -> dict[str, object]:
    """What a row says of this end; empty while it is under way."""
    if delivery is Delivery.DELIVERED:
        return {"state": State.DELIVERED}
    return {"state": State.FAILED, "problem": _PROBLEMS[delivery]} if delivery in _PROBLEMS else {}


def _news(delivery: Delivery, sent_at: datetime, first_look: timedelta) -> dict[str, object]:
    if ended := _end(delivery):
        return ended
    moment = now()
    if moment - sent_at > GIVE_UP:
        return {"state": State.FAILED, "problem": Problem.NO_ANSWER}
    # Soon at first, then ever more seldom.
    return {"next_at": moment + min(max(moment - sent_at, first_look), LONGEST_WAIT)}
