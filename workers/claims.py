"""Claim, lease, fence, record: how a worker takes work that others could take too, and says what became of it.

A claim is a state, an attempt and a lease, committed before the work begins. Who dies leaves a lease that runs out, and
the next one takes it with another attempt. What became of it is written only where the attempt is still the one that
was claimed: the late word of a worker that was given up counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, Update, bindparam, case, or_, select, text, true, update
from sqlalchemy.orm import Session

from infra.database import server_now
from infra.logs import get_logger

log = get_logger()

AUTHORITY_OF_SCHOOLS = text("select school_id, authority_id from school where school_id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Claims:
    """Work that lies in a table with `state`, `attempt`, `lease_until` and `next_at`."""

    table: Table
    #: The column of the tenant, which leads the key.
    owner: str
    #: The state in which it waits -> the one in which somebody has it.
    taken: Mapping[str, str]
    lease: timedelta

    def take(
        self,
        session: Session,
        *,
        limit: int,
        columns: Sequence[str],
        unless: ColumnElement[bool] | None = None,
    ) -> list[Row[Any]]:
        """Take what is due, and what a lease ran out on, the longest due first: `owner_id` and these columns as they
        are now; what `unless` holds of is left. Ours once the caller has committed."""
        c = self.table.c
        waiting, held = tuple(self.taken), tuple(dict.fromkeys(self.taken.values()))
        # The database's clock judges: hosts may disagree about the time.
        is_free = c.state.in_(waiting) | (c.state.in_(held) & (c.lease_until < server_now()))
        due = (
            select(c[self.owner], c.id)
            .where(c.state.in_((*waiting, *held)), c.next_at <= server_now(), is_free)
            .where(true() if unless is None else ~unless)
            .order_by(c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        rows = session.execute(
            update(self.table)
            .where(c[self.owner] == due.c[self.owner], c.id == due.c.id)
            .values(
                state=case(dict(self.taken), value=c.state, else_=c.state),
                attempt=c.attempt + 1,
                lease_until=server_now() + self.lease,
            )
            .returning(
                c[self.owner].label("owner_id"), c.next_at.label("due_at"), *(c[name] for name in columns)
            )
        ).all()
        return sorted(rows, key=lambda row: row.due_at)

    def settling(self, values: Mapping[str, Any]) -> Update:
        """The statement that writes `values` and gives the claim back, where it is still ours."""
        c = self.table.c
        return (
            update(self.table)
            .where(
                c[self.owner] == bindparam("of_owner"),
                c.id == bindparam("of_id"),
                c.attempt == bindparam("of_attempt"),
                # Not `in`, whose list grows with each statement and so cannot be sent for many claims at once.
                or_(*(c.state == held for held in dict.fromkeys(self.taken.values()))),
            )
            .values(**values, lease_until=None)
        )

    def settle(self, session: Session, statement: Update, outcomes: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement of `settling` for outcomes that name their claim (`mine`); how many were still ours."""
        written = int(session.connection().execute(statement, list(outcomes)).rowcount)
        if written < len(outcomes):
            log.warning("claim_lost", count=len(outcomes) - written, queue=self.table.name)
        return written


def mine(owner_id: UUID, row_id: UUID, attempt: int) -> dict[str, object]:
    """What names a claim to `settling`."""
    return {"of_owner": owner_id, "of_id": row_id, "of_attempt": attempt}


def authorities_of(session: Session, school_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The authority of each of these schools."""
    rows = session.execute(AUTHORITY_OF_SCHOOLS, {"ids": list(school_ids)}) if school_ids else ()
    return {row.school_id: row.authority_id for row in rows}
