"""What two records were before they were put together, as it is kept for a day, and put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.history import list_done
from app.cohorts import moving
from app.merging.rules import Plan
from app.recruitment import households, queries
from app.recruitment.models import Parent, ParentContact, RecruitmentProfile
from app.recruitment.places import actors
from app.recruitment.services import CONTACT, PROFILE, ParentDetails, change_parent
from app.recruitment.stages import STAGES
from app.signing_up import services as signing_up

#: Of the row of a parent.
STANDS = (
    "stage",
    "stage_changed_at",
    "invited_at",
    "said_yes_at",
    "joined_at",
    "waiting_since",
    "do_not_ask_until",
)
STOPS = ("texts_stopped_at", "emails_stopped_at")
#: Which event stops which.
_STOPPED_BY = {"messages:text:stopped": STOPS[0], "messages:email:stopped": STOPS[1]}
Kept = dict[str, Any]


def _read(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


#: What of the row of a parent is no moment.
READ: dict[str, Callable[[Any], Any]] = {"stage": str, "do_not_ask_until": _read_day}


def _of(parent: Parent, contact: ParentContact, details: ParentDetails) -> Kept:
    return {
        "stands": {name: _written(getattr(parent, name)) for name in STANDS},
        "stops": {name: _written(getattr(contact, name)) for name in STOPS},
        "details": {name: value for name, value in asdict(details).items() if name != "is_shared"},
    }


def before_of(session: Session, school_id: UUID, plan: Plan) -> Kept:
    """Before anything is changed."""
    stays, goes, place = plan.stays, plan.goes, plan.goes.place
    told = moving.told_at(session, school_id, place.enrolment_id) if place else None
    return {
        "kept": _of(stays.parent, stays.contact, stays.details),
        "gone": {"email": goes.contact.email, "phone": goes.contact.phone},
        "households": {
            str(one): str(household)
            for one, household in households.members_with(session, school_id, plan.ids).items()
        },
        "noes": list(plan.noes),
        "join": plan.goes.is_no and not plan.stays.is_no,
        "place": {
            "enrolment_id": str(place.enrolment_id),
            "cohort_id": str(place.cohort_id),
            "moved": plan.moves_place,
            "told_at": _written(told),
        }
        if place
        else None,
    }


def after_of(
    session: Session,
    school_id: UUID,
    plan: Plan,
    signups: Sequence[tuple[UUID, bool]],
    mates: Mapping[UUID, UUID],
) -> Kept:
    """Once everything is changed: what undoing finds, where nothing has happened since."""
    stays = plan.stays
    profile = queries.get_profile(session, school_id, stays.id)
    return {
        "after": _of(stays.parent, stays.contact, replace(stays, profile=profile).details),
        "signups": [[str(one), is_new] for one, is_new in signups],
        "households_after": {
            str(one): str(household)
            for one, household in households.members_with(session, school_id, [*mates, stays.id]).items()
        },
    }


def what_changed(parent: Parent, contact: ParentContact, profile: RecruitmentProfile, before: Kept) -> str:
    """What has happened with the one that stayed, so that it cannot be undone; empty for nothing."""
    after = before["after"]
    if (
        parent.stage != after["stands"]["stage"]
        or _written(parent.stage_changed_at) != after["stands"]["stage_changed_at"]
    ):
        return _(
            "They are at “%(stage)s” since, so this cannot be undone: what they say or do now is theirs. Are they two"
            " people? Add the other again.",
            stage=STAGES[parent.stage].label,
        )
    values = {name: getattr(contact, name) for name in CONTACT} | {
        name: getattr(profile, name) for name in PROFILE
    }
    if values != after["details"]:
        return _(
            "Their details were corrected since, so this cannot be undone. Are they two people? Correct this one, and"
            " add the other again."
        )
    return ""


def restore(
    session: Session, school_id: UUID, kept_id: UUID, gone_id: UUID, before: Kept, *, since: datetime
) -> None:
    """Both as they were. The one that had gone is in the list again."""
    parent = queries.get_parent(session, school_id, kept_id, hold=True)
    contact = queries.get_contact(session, school_id, kept_id, hold=True)
    was, after = before["kept"], before["after"]
    change_parent(session, school_id, kept_id, ParentDetails(**was["details"], is_shared=True))
    stopped = _list_stopped(session, school_id, kept_id, since)
    for name in STOPS:
        # One that they said since stays, and a channel that they opened again stays open.
        if name not in stopped and _written(getattr(contact, name)) == after["stops"][name]:
            setattr(contact, name, _read(was["stops"][name]))
    for name, value in was["stands"].items():
        setattr(parent, name, READ.get(name, _read)(value))
    session.flush()
    gone = queries.get_contact(session, school_id, gone_id, hold=True)
    gone.email, gone.phone = before["gone"]["email"], before["gone"]["phone"]
    session.flush()
    if place := before["place"]:
        moving.give_again(session, school_id, UUID(place["enrolment_id"]), _read(place["told_at"]))
    signing_up.hand_back(
        session, school_id, [(UUID(one), is_new) for one, is_new in before["signups"]], gone_id
    )
    _restore_households(session, school_id, kept_id, gone_id, before)


def _list_stopped(session: Session, school_id: UUID, kept_id: UUID, since: datetime) -> set[str]:
    """Which channels they stopped themselves since then, also where that changed nothing."""
    done = list_done(session, school_id, [kept_id], list(_STOPPED_BY), actors=actors())
    consents = queries.list_consents(session, school_id, kept_id)
    chosen = {kind for kind, one in consents.items() if not one.given and one.changed_at > since}
    return {_STOPPED_BY[one.event] for one in done if one.at > since} | {
        name for kind, name in (("text", STOPS[0]), ("email", STOPS[1])) if kind in chosen
    }


def _restore_households(
    session: Session, school_id: UUID, kept_id: UUID, gone_id: UUID, before: Kept
) -> None:
    """Where nobody has noted another household since."""
    was = {UUID(one): UUID(household) for one, household in before["households"].items()}
    after = {UUID(one): UUID(household) for one, household in before["households_after"].items()}
    people = sorted({*was, *after, kept_id})
    if gone_id in was and households.members_with(session, school_id, people) == after:
        households.put_back(session, school_id, sorted({*people, gone_id}), was)


def _written(value: object) -> str | None:
    # A moment is the same in whichever zone it was read.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else str(value)
