"""What a council says in its own words: kept by version, so that each message's words of any day can be read.

Nothing is changed or taken out: ours again is a version without words. Read at the moment of sending, so a message
that waits goes in the words of then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.messages.catalogue import get_kind
from app.messages.kind import Kind, Marked
from app.messages.models import CouncilWords
from app.messages.own_words import refuse_unsafe, tidy
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.refusals import Refused
from infra.clock import now

ADAPTED = define("messages:words:adapted")
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('council words ' || :key, 0))")
_IN_FORCE = text(
    "select distinct on (kind, part) kind, part, words from council_words where authority_id = :authority"
    " and kind = any(:kinds) order by kind, part, version desc"
)


@dataclass(frozen=True, slots=True)
class Version:
    """One marked piece as it was written once. `words` is empty where it is ours again from then on."""

    part: str
    version: int
    words: str
    by_name: str
    written_at: datetime


def list_in_force(
    session: Session, authority_id: UUID, kinds: Collection[str]
) -> Mapping[str, Mapping[str, str]]:
    """What the council says in its own words today, by kind and by our words. Nothing is asked where none is marked."""
    marked = {name: {one.name: one.words for one in get_kind(name).marked} for name in sorted(kinds)}
    asked = [name for name, pieces in marked.items() if pieces]
    found: dict[str, dict[str, str]] = {}
    if asked:
        for row in session.execute(_IN_FORCE, {"authority": authority_id, "kinds": asked}):
            # A piece that is marked no more stays with its versions, and says nothing.
            if row.words and row.part in marked[row.kind]:
                found.setdefault(row.kind, {})[marked[row.kind][row.part]] = row.words
    return found


def list_versions(session: Session, authority_id: UUID, kind: str) -> Sequence[Version]:
    """All that the council ever wrote for this message, the newest first."""
    rows = session.execute(
        select(
            CouncilWords.part,
            CouncilWords.version,
            CouncilWords.words,
            CouncilWords.by_name,
            CouncilWords.written_at,
        )
        .where(CouncilWords.authority_id == authority_id, CouncilWords.kind == kind)
        .order_by(CouncilWords.written_at.desc(), CouncilWords.part, CouncilWords.version.desc())
    )
    return [Version(*row) for row in rows]


def current(versions: Sequence[Version], part: str) -> Version | None:
    """The newest version of one piece; None where nobody ever wrote one."""
    return max((one for one in versions if one.part == part), key=lambda one: one.version, default=None)


def check(kind: Kind, piece: Marked, words: str) -> str:
    """`words` as they would be kept. Raises Refused, with why."""
    tidied = tidy(words)
    refuse_unsafe(kind, piece, tidied)
    return tidied


def adapt(session: Session, authority_id: UUID, by: str, kind: Kind, piece: Marked, words: str) -> bool:
    """Say `piece` in these words from now on; without words in ours again. False where it is said so already.

    Raises Refused where they may not go, or where a colleague wrote others since the page was opened.
    """
    kept = check(kind, piece, words) if words else ""
    # Of two who write at once, the second reads what the first wrote.
    session.execute(_HOLD, {"key": f"{authority_id} {kind.name} {piece.name}"})
    newest = current(list_versions(session, authority_id, kind.name), piece.name)
    if kept == (newest.words if newest else ""):
        return False
    if not is_as_shown(newest.version if newest else 0):
        raise Refused(changed_since())
    session.add(
        CouncilWords(
            authority_id=authority_id,
            kind=kind.name,
            part=piece.name,
            version=newest.version + 1 if newest else 1,
            words=kept,
            by_name=by,
            written_at=now(),
        )
    )
    session.flush()
    record(session, ADAPTED, subject_id=authority_id)
    return True
