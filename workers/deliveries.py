"""Asks what became of messages that were accepted: delivered, or not and why. Statuses only move forward."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.messages.problems import Problem
from app.states.messages import State
from infra.clock import now
from infra.database import server_now
from infra.notify import Delivery, NotifyTrouble
from tenants.session import ScopedSession
from workers.dispatch import EVERYWHERE, FIRST_LOOK, TABLES, Dispatcher

BATCH = 100
IN_FLIGHT = 8
#: Notify itself gives up after three days.
GIVE_UP = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=1)

_PROBLEMS = {
    Delivery.NO_SUCH_ADDRESS: Problem.NOT_DELIVERED,
    Delivery.NOT_REACHED: Problem.NOT_NOW,
    Delivery.BROKEN: Problem.REFUSED,
}


def check_deliveries(dispatcher: Dispatcher) -> int:
    """Look once at each accepted message that is due for a look; how many are settled now."""
    settled = 0
    for table, owner in TABLES:
        with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
            rows = session.execute(
                select(table.c[owner].label("owner_id"), table.c.id, table.c.provider_id, table.c.sent_at)
                .where(table.c.state == State.SENT, table.c.next_at <= server_now())
                .order_by(table.c.next_at)
                .limit(BATCH)
            ).all()
        if not rows:
            continue
        with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="status") as pool:
            deliveries = list(pool.map(lambda row: _ask(dispatcher, row.provider_id), rows))
        with ScopedSession(dispatcher.engine, scope=EVERYWHERE) as session:
            for row, delivery in zip(rows, deliveries, strict=True):
                values = _news(delivery, row.sent_at)
                settled += values.get("state") is not None
                session.execute(
                    update(table)
                    .where(table.c[owner] == row.owner_id, table.c.id == row.id, table.c.state == State.SENT)
                    .values(values)
                )
            session.commit()
    return settled


def _ask(dispatcher: Dispatcher, provider_id: str) -> Delivery:
    try:
        return dispatcher.notify.delivery(provider_id)
    except NotifyTrouble:
        return Delivery.UNDER_WAY


def _news(delivery: Delivery, sent_at: datetime) -> dict[str, object]:
    if delivery is Delivery.DELIVERED:
        return {"state": State.DELIVERED}
    if delivery in _PROBLEMS:
        return {"state": State.FAILED, "problem": _PROBLEMS[delivery]}
    moment = now()
    if moment - sent_at > GIVE_UP:
        return {"state": State.FAILED, "problem": Problem.NO_ANSWER}
    # Soon at first, then ever more seldom.
    return {"next_at": moment + min(max(moment - sent_at, FIRST_LOOK), LONGEST_WAIT)}
