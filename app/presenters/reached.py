"""How presenters are reached: what messages need to know of them when they are sent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from app.messages.allowed import ReaderFact
from app.messages.parts import People, Reader
from app.presenters.models import Presenter

_NAMES = select(Presenter.id.label("id"), Presenter.name.label("name")).where(
    Presenter.school_id == bindparam("school"),
    Presenter.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)


def read_presenters(session: Session, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, Reader]:
    """These presenters as readers of messages; whoever was erased since is missing."""
    asked = select(Presenter.id, Presenter.email, Presenter.name).where(
        Presenter.school_id == school_id, Presenter.id.in_(ids)
    )
    return {row.id: Reader(ReaderFact(row.email), row.name) for row in session.execute(asked)}


PRESENTERS = People(read_presenters, _NAMES)
