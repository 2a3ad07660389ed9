"""How those who lead are reached: what messages need to know of them when they are sent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select, text
from sqlalchemy.orm import Session

from app.facilitators.models import Facilitator
from app.messages.allowed import ReaderFact
from app.messages.parts import People, Reader
from app.recruitment.reached import list_stopped
from app.states.facilitators import FacilitatorStage
from app.states.messages import Channel

_FACILITATORS = text(
    "select f.id, f.parent_id, f.name, f.email, f.phone, f.stage,"
    " (select coalesce(array_agg(d.address), '{}') from contact_doubt d where d.school_id = f.school_id"
    " and d.person_id = f.id and d.settled_at is null) doubted"
    " from facilitator f where f.school_id = :owner and f.id = any(:ids)"
)
_NAMES = select(Facilitator.id.label("id"), Facilitator.name.label("name")).where(
    Facilitator.school_id == bindparam("school"),
    Facilitator.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)


def read_facilitators(session: Session, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, Reader]:
    """These facilitators as readers of messages. A channel that they stopped as a parent is stopped."""
    rows = session.execute(_FACILITATORS, {"owner": school_id, "ids": list(ids)}).all()
    stopped = list_stopped(session, school_id, {row.parent_id for row in rows if row.parent_id})
    return {
        row.id: Reader(
            ReaderFact(
                row.email,
                row.phone,
                is_active=row.stage != FacilitatorStage.WITHDRAWN,
                doubted=frozenset(row.doubted),
                emails_stopped=Channel.EMAIL in stopped.get(row.parent_id, ()),
                texts_stopped=Channel.SMS in stopped.get(row.parent_id, ()),
            ),
            row.name,
            stands=row.stage,
            person_id=row.parent_id,
        )
        for row in rows
    }


FACILITATORS = People(read_facilitators, _NAMES)
