"""Outside presenters who are booked for a session of a group."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class Presenter(db.Model):
    """One booking: who comes to which session, about what. They have no account; a link of their own opens its page."""

    __tablename__ = "presenter"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    session_id: Mapped[UUID]
    name: Mapped[str]
    organisation: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    topic: Mapped[str]
    needs: Mapped[str] = mapped_column(default="")
    #: Who to ask for at the door.
    door: Mapped[str]
    #: From when after the session begins, and for how long: it moves along with the session.
    after_minutes: Mapped[int]
    for_minutes: Mapped[int]
    state: Mapped[str] = mapped_column(default="asked")
    #: The session as they know it.
    on_date: Mapped[date]
    starts_at: Mapped[time]
    room: Mapped[str]
    booked_by_name: Mapped[str]
    booked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    #: For which day they were reminded, and when they were thanked.
    reminded_for: Mapped[date | None]
    thanked_at: Mapped[datetime | None]
    #: Of the secret in their link, which is not kept.
    link_hash: Mapped[bytes]
