"""Which of two records stays, what comes of both, and when they cannot be put together: worked out, not chosen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.merging.records import Record
from app.shell.kept import kept
from app.states.parents import BEFORE_JOINING, ParentStage

#: What is asked about where both have something else: names and numbers together, and what the profile holds.
ASKED = {
    "name": ("first_name", "last_name"),
    **{
        name: (name,)
        for name in (
            "known_as",
            "phone",
            "email",
            "language",
            "access_needs",
            "year_group",
            "attendance_band",
            "needs",
            "found_by",
            "next_step",
        )
    },
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What putting two records together would do."""

    stays: Record
    goes: Record
    #: The stage at which the one that stays is afterwards.
    stage: str
    #: Choices that are a no afterwards, because one of them said so.
    noes: tuple[str, ...]
    #: The place that moves, or ends because the one that stays has, or had, one in that group.
    moves_place: bool
    ends_place: bool
    #: Why these two stay two, with what to do; empty where they can be one.
    problem: str

    @property
    def ids(self) -> tuple[UUID, UUID]:
        return self.stays.id, self.goes.id

    @property
    def marks(self) -> tuple[object, ...]:
        """For a press that counts for what its page showed."""
        return (*self.stays.marks, *self.goes.marks)

    @property
    def ends_invitation(self) -> bool:
        """Whether they were invited as the one that goes alone."""
        return self.goes.parent.stage == ParentStage.INVITED and self.stage == ParentStage.IDENTIFIED

    @property
    def stops_texts(self) -> bool:
        return bool(self.stays.contact.texts_stopped_at or self.goes.contact.texts_stopped_at)

    @property
    def stops_emails(self) -> bool:
        return bool(self.stays.contact.emails_stopped_at or self.goes.contact.emails_stopped_at)

    def held(self, name: str) -> str:
        """What the one that stays has."""
        return _value(self.stays, name)

    def theirs(self, name: str) -> str:
        """What the one that goes has."""
        return _value(self.goes, name)

    def taken(self, name: str) -> str:
        """What of the one that goes could stand in the place of the other's `name`; empty where nothing."""
        if name in ("phone", "email") and _value(self.goes, name) in self.goes.doubted:
            return ""
        return _value(self.goes, name)

    def differs(self, name: str) -> bool:
        """Whether somebody has to say which of both holds."""
        mine, theirs = self.held(name), self.taken(name)
        return bool(mine and theirs) and mine.casefold() != theirs.casefold()


def _value(record: Record, name: str) -> str:
    details = record.details
    return " ".join(filter(None, (str(getattr(details, part)) for part in ASKED[name])))


def decide(one: Record, other: Record) -> Plan:
    """What would come of it, or why nothing can.

    Who has ever signed in stays; else who leads or offered to, who has joined, who is not here by somebody else's word
    alone, and the older one.
    """
    stays, goes = sorted((one, other), key=_weight)
    stage = stays.parent.stage
    if goes.is_no and stage in BEFORE_JOINING:
        stage = goes.parent.stage
    elif stage in BEFORE_JOINING and goes.parent.stage == ParentStage.INTERESTED:
        # An invitation does not come along: its link ends, so whoever had it is to be invited anew.
        stage = goes.parent.stage
    was_there = goes.place is not None and goes.place.cohort_id in stays.groups
    moves = goes.place is not None and not was_there
    if moves:
        stage = ParentStage.IN_GROUP
    return Plan(
        stays,
        goes,
        stage=stage,
        noes=tuple(one for one in goes.noes if one not in stays.noes),
        moves_place=moves,
        ends_place=was_there,
        problem=_problem(stays, goes),
    )


def leads_already(plan: Plan) -> str:
    """Why the place of the one that goes cannot be theirs who leads that group, with what to do."""
    return _(
        "%(stays)s leads %(group)s, and %(goes)s has a place in it. Nobody is both. Take %(goes)s out of the group"
        " first. Then come back.",
        stays=kept(plan.stays.name),
        goes=kept(plan.goes.name),
        group=kept(plan.goes.place.group_name) if plan.goes.place else "",
    )


def _weight(record: Record) -> tuple[object, ...]:
    return (
        not record.has_come_in,
        not record.leads,
        not record.has_joined,
        record.is_passed_on,
        record.parent.created_at,
        str(record.id),
    )


def _problem(stays: Record, goes: Record) -> str:
    """Why these two stay two, with what to do; empty where they can be one."""
    names = {"stays": kept(stays.name), "goes": kept(goes.name)}
    if goes.has_come_in:
        return _(
            "Somebody has signed in as %(stays)s, and as %(goes)s. What each wrote is private, so we cannot put them"
            " together. Ask them which one they use. They can leave with the other, by their own page.",
            **names,
        )
    if stays.fresh_start or goes.fresh_start:
        return _("A fresh start is under way. Wait until it is over, or take it back first.")
    if goes.leads:
        return _(
            "%(goes)s leads groups here or has offered to, and somebody signs in as %(stays)s. So we cannot put them"
            " together. Keep both, and note on each page that the other is the same person.",
            **names,
        )
    if (stays.is_no and goes.has_said_yes) or (goes.is_no and stays.has_said_yes):
        no, yes = (stays, goes) if stays.is_no else (goes, stays)
        return _(
            "%(no)s said no or left, and %(yes)s said yes. Only they can say which holds. Ask them, and note it on"
            " one of the two pages. Then come back.",
            no=kept(no.name),
            yes=kept(yes.name),
        )
    if goes.has_joined and not stays.has_joined:
        return _(
            "%(goes)s has joined, on paper. %(stays)s has a way in and has not joined yet. Nobody can join for them:"
            " let them say yes by their own page first. Then come back.",
            **names,
        )
    if goes.has_offer:
        return _(
            "A place is kept for %(goes)s. Note what they answer, or take the offer back, first. Then come back.",
            **names,
        )
    if stays.place and goes.place and stays.place.cohort_id != goes.place.cohort_id:
        return _(
            "%(stays)s has a place in %(one)s, and %(goes)s in %(other)s. Ask them which evening they come to, and take"
            " them out of the other group first. Then come back.",
            one=kept(stays.place.group_name),
            other=kept(goes.place.group_name),
            **names,
        )
    return ""
