"""Authorities and their schools. A school is the tenant: everything about a parent hangs on its key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.programme.numbers import OFFER_DAYS
from infra.clock import now
from infra.ids import new_id


class Authority(db.Model):
    """A council's education team: whom to call, its officer, its colour."""

    __tablename__ = "authority"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    slug: Mapped[str]
    la_code: Mapped[str]
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    officer_phone: Mapped[str] = mapped_column(default="")
    officer_email: Mapped[str] = mapped_column(default="")
    #: Who answers when children's services are shut: shown to whoever says that somebody could be hurt today.
    out_of_hours_phone: Mapped[str] = mapped_column(default="")
    dpo_contact: Mapped[str] = mapped_column(default="")
    #: On which parents' details are kept, as the authority settled it with its data protection officer.
    lawful_basis: Mapped[str] = mapped_column(default="")
    privacy_url: Mapped[str] = mapped_column(default="")
    brand_colour: Mapped[str] = mapped_column(default="#17504a")
    #: For so many days a place is kept that is offered, unless staff choose a day.
    offer_days: Mapped[int] = mapped_column(default=OFFER_DAYS)
    support_lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)


class AuthorityMember(db.Model):
    """Somebody who works for the authority, or reads its results."""

    __tablename__ = "authority_member"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AuthorityTerm(db.Model):
    """A school term with its half-term week."""

    __tablename__ = "authority_term"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    starts_on: Mapped[date]
    half_term_starts_on: Mapped[date | None]
    half_term_ends_on: Mapped[date | None]
    ends_on: Mapped[date]

    @property
    def days(self) -> tuple[str | date | None, ...]:
        """What a page shows of it."""
        return (self.name, self.starts_on, self.half_term_starts_on, self.half_term_ends_on, self.ends_on)


class AuthorityClosedDay(db.Model):
    """A day on which all schools of the authority are shut."""

    __tablename__ = "authority_closed_day"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    on_date: Mapped[date]
    reason: Mapped[str]


class School(db.Model):
    """One school of an authority, from prospect to active. `controller` is its trust, or itself."""

    __tablename__ = "school"
    school_id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    authority_id: Mapped[UUID]
    urn: Mapped[int]
    name: Mapped[str]
    short_name: Mapped[str]
    phase: Mapped[str | None]
    controller_code: Mapped[str]
    controller_name: Mapped[str]
    stage: Mapped[str] = mapped_column(default="prospect")
    stage_changed_at: Mapped[datetime] = mapped_column(default=now)
    waiting_since: Mapped[datetime] = mapped_column(default=now)
    #: Why it was paused or left, for everybody who may see the school.
    stage_reason: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_role: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    #: Who steps in for the contact.
    contact_deputy: Mapped[str] = mapped_column(default="")
    dsl_name: Mapped[str] = mapped_column(default="")
    dsl_phone: Mapped[str] = mapped_column(default="")
    dsl_deputy: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    room_notes: Mapped[str] = mapped_column(default="")
    planned_start_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class OnboardingEvent(db.Model):
    """A step on the way to active: from, to, who, when."""

    __tablename__ = "onboarding_event"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    by_side: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class SchoolTask(db.Model):
    """One of the five things that a school does before it starts."""

    __tablename__ = "school_task"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(default="")


class AgreementReview(db.Model):
    """What the authority said of one signed agreement: accepted, or returned with a reason. Once for each."""

    __tablename__ = "agreement_review"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    #: What the paper named, as the council was shown; None from before.
    named: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))


class SchoolClosedDay(db.Model):
    """A day on which the school is shut beside the authority's holidays."""

    __tablename__ = "school_closed_day"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    on_date: Mapped[date]
    reason: Mapped[str]


class StaffMember(db.Model):
    """Somebody who works at the school, in one role; two roles are two rows."""

    __tablename__ = "staff_member"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    #: A safeguarding lead who stands in for the first; reads the same.
    is_deputy: Mapped[bool] = mapped_column(default=False)
    job_title: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
