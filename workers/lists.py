"""Reads long lists of parents that schools sent: a piece at a time, so that their page tells how far that is.

Claimed with a lease and committed; each piece is a transaction that takes the lease anew. A worker that dies leaves a
lease that runs out, and the next goes on where it was. Nothing of a list is a parent before somebody has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, update

from app.parent_import import checking
from app.parent_import.models import ParentImport
from app.states.imports import ImportState
from infra.clock import now
from infra.database import make_engine, server_now
from infra.logs import get_logger
from infra.settings import Settings
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.claims import Claims, authorities_of, mine

log = get_logger()

#: A piece takes about a second, comparing ten thousand rows a few.
LEASE = timedelta(seconds=60)
#: So often a list is begun; every next time it is put aside, until somebody says that it is tried again.
TRIES = 3
#: Before the next try.
WAIT = timedelta(seconds=5)

TABLE = ParentImport.__table__
CLAIMS = Claims(TABLE, "school_id", {ImportState.WAITING: ImportState.READING}, LEASE)
_CLAIMED = ("id", "attempt", "columns", "read_count", "version")


class Lost(Exception):
    """Another worker has it by now, or it was thrown away."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A list that is ours until its lease runs out."""

    school_id: UUID
    authority_id: UUID
    id: UUID
    attempt: int
    columns: list[str]
    read_count: int
    version: int


class ListWorker:
    """Works as `wb_documents`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def drain(self) -> int:
        """Read until nothing is due; how many lists were read to their end."""
        finished = 0
        while claim := self.claim():
            finished += self.work(claim)
        return finished

    def claim(self) -> Claim | None:
        """Take the list that waits longest, and commit."""
        with ScopedSession(bind=self.engine, scope=Scope(Audience.DOCUMENTS)) as session, session.begin():
            for row in CLAIMS.take(session, limit=1, columns=_CLAIMED):
                authorities = authorities_of(session, [row.owner_id])
                return Claim(
                    row.owner_id, authorities[row.owner_id], *(getattr(row, name) for name in _CLAIMED)
                )
        return None

    def work(self, claim: Claim) -> int:
        """Read a list to its end: 1, and 0 where that was not to be."""
        try:
            if claim.attempt % (TRIES + 1) == 0:
                self._give_back(claim, {"state": ImportState.STOPPED})
                return 0
            at = claim.read_count
            while at < (at := self._read_piece(claim, at)):
                pass
            self._compare(claim)
        except Lost:
            return 0
        except Exception as error:  # one list's trouble is not another's
            log.error("list_not_read", exc_info=error, row_id=str(claim.id), school_id=str(claim.school_id))
            self._give_back(claim, {"state": ImportState.WAITING, "next_at": now() + WAIT})
            return 0
        return 1

    def _read_piece(self, claim: Claim, at: int) -> int:
        """How many rows are read after this piece; as many as before at the end."""
        with self._session(claim) as session, session.begin():
            read = checking.read_piece(
                session, claim.school_id, claim.id, claim.columns, begin=at, most=checking.PIECE
            )
            held = (
                update(TABLE)
                .where(
                    TABLE.c.school_id == claim.school_id,
                    TABLE.c.id == claim.id,
                    TABLE.c.attempt == claim.attempt,
                    TABLE.c.state == ImportState.READING,
                )
                .values(read_count=at + read, lease_until=server_now() + LEASE)
            )
            if not session.connection().execute(held).rowcount:
                raise Lost
            return at + read

    def _compare(self, claim: Claim) -> None:
        with self._session(claim) as session, session.begin():
            checking.compare_rows(session, claim.school_id, claim.id)
            values = {"state": ImportState.CHECKED, "version": claim.version + 1}
            if not CLAIMS.settle(session, CLAIMS.settling(values), [_mine(claim)]):
                raise Lost

    def _give_back(self, claim: Claim, values: dict[str, object]) -> None:
        with self._session(claim) as session, session.begin():
            CLAIMS.settle(session, CLAIMS.settling(values), [_mine(claim)])

    def _session(self, claim: Claim) -> ScopedSession:
        return ScopedSession(
            bind=self.engine, scope=Scope(Audience.DOCUMENTS, claim.authority_id, claim.school_id)
        )


def _mine(claim: Claim) -> dict[str, object]:
    return mine(claim.school_id, claim.id, claim.attempt)


def drain(settings: Settings) -> int:
    """Read every list that is due; how many were read to their end."""
    engine = make_engine(settings.secret("database_documents_url"))
    try:
        return ListWorker(engine).drain()
    finally:
        engine.dispose()
