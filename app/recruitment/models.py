"""Parents and carers: where each is on the way in, how to reach them, what they agreed to.

Four tables, not one: an audience is granted whole tables, so what it may not see stands in another.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.shell.parsing import full_name
from infra.clock import now
from infra.ids import new_id


class Parent(db.Model):
    """The pipeline row of one parent or carer; no name."""

    __tablename__ = "parent"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stage: Mapped[str] = mapped_column(default="identified")
    stage_changed_at: Mapped[datetime] = mapped_column(default=now)
    invited_at: Mapped[datetime | None]
    #: Staff noted a yes that the parent has to confirm; nothing once they went on, or were asked to confirm it.
    said_yes_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    do_not_ask_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ParentContact(db.Model):
    """How to reach a parent, and what makes coming easier. An email, a phone, or both."""

    __tablename__ = "parent_contact"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    known_as: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    access_needs: Mapped[str] = mapped_column(default="")
    texts_stopped_at: Mapped[datetime | None]
    emails_stopped_at: Mapped[datetime | None]
    #: Kept from whoever sits in the school office. Few pages ask, so it is read when one does.
    not_for_office: Mapped[bool] = mapped_column(default=False, deferred=True)
    #: The same by their own wish: staff read it and cannot take it back.
    off_office_by_self: Mapped[bool] = mapped_column(default=False, deferred=True)

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def is_on_paper(self) -> bool:
        """Whether no email and no text reaches this parent, so that all they get is printed."""
        email = self.email and self.emails_stopped_at is None
        phone = self.phone and self.texts_stopped_at is None
        return not (email or phone)


class RecruitmentProfile(db.Model):
    """What staff need to find the right parents; about the child a year group, a band and needs, never a name."""

    __tablename__ = "recruitment_profile"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    year_group: Mapped[str] = mapped_column(default="")
    attendance_band: Mapped[str] = mapped_column(default="")
    needs: Mapped[str] = mapped_column(default="")
    found_by: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    owner_staff_id: Mapped[UUID | None]


class WhomItHelps(db.Model):
    """Whom a group could help, as the staff of a school wrote it once; a version without words took them away."""

    __tablename__ = "whom_it_helps"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    whom: Mapped[str]
    signs: Mapped[str]
    wait: Mapped[str]
    asking: Mapped[str]
    by_name: Mapped[str]
    written_at: Mapped[datetime]


class HouseholdMember(db.Model):
    """That staff know two parents to be of one household; a note that shares nothing."""

    __tablename__ = "household_member"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID]


class GroupWish(db.Model):
    """What suits a parent who waits for a group. An empty list of days or times: any will do."""

    __tablename__ = "group_wish"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    days: Mapped[list[str]] = mapped_column(ARRAY(Text))
    times: Mapped[list[str]] = mapped_column(ARRAY(Text))
    format: Mapped[str]
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: Who of the staff noted it; empty where they said it themselves.
    by_name: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ParentEvent(db.Model):
    """A step of a parent on the way: from, to, whose doing, when."""

    __tablename__ = "parent_event"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_side: Mapped[str]
    #: Who of the staff noted it, and how it came to them.
    by_name: Mapped[str] = mapped_column(default="")
    how: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)


class Consent(db.Model):
    """What a parent agrees to now, one row per choice."""

    __tablename__ = "consent"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[bool]
    wording_version: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ConsentEvent(db.Model):
    """Each time a choice was made, with the words that were shown; never altered."""

    __tablename__ = "consent_event"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID]
    kind: Mapped[str]
    given: Mapped[bool]
    wording_version: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
