"""Several messages that did not arrive, sent once more: which would go and which not, and why; then all that can.

There is no file of them: what did not arrive is worked off, and where somebody is called it is noted with them. Answers
of parents are dealt with one by one (`kept.mark_done`): many at once would be put away unread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.messages import services
from app.messages.queries import MessageRow, get_message, list_found
from app.messages.standing import judge


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of them. `why_not`: in words, why it is not sent again; empty where it is."""

    message: MessageRow
    why_not: str


def here(session: Session, school_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of them that staff of the school still find."""
    return set(list_found(session, school_id, ids))


def look_at(session: Session, school_id: UUID, ids: Sequence[UUID]) -> list[Chosen]:
    """What sending these again would come to, by the rules of the sending. Raises NotFound."""
    rows = [get_message(session, school_id, one) for one in sorted(set(ids))]
    standings = judge(session, school_id, rows)

    def why_not(row: MessageRow) -> str:
        standing = standings[row.id]
        words = " ".join(filter(None, (standing.tag and f"{standing.tag}.", standing.do)))
        return "" if standing.again else words or _("This message cannot be sent again.")

    return [Chosen(row, why_not(row)) for row in rows]


def send_again(session: Session, school_id: UUID, chosen: Sequence[Chosen]) -> int:
    """Write those once more that can be; how many were. Those that somebody else sends just now are theirs."""
    return sum(
        bool(services.send_again(session, school_id=school_id, message_id=one.message.id))
        for one in chosen
        if not one.why_not
    )


def is_second_press(chosen: Sequence[Chosen]) -> bool:
    """Whether all that could be sent again was, so that nothing is news to whoever pressed."""
    return any(one.message.is_repeated for one in chosen) and all(one.why_not for one in chosen)


def facts(chosen: Sequence[Chosen]) -> list[object]:
    """What a page of these has shown, for `as_shown`."""
    return [fact for one in chosen for fact in (one.message.id, one.message.name, one.why_not)]
