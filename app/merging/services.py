"""Two records become one, and for a day two again. What a parent wrote themselves never moves by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.cohorts import moving
from app.cohorts.membership import lock_cohort
from app.cohorts.queries import list_facilitator_ids
from app.cohorts.same_person import leads_it
from app.merging.before import after_of, before_of, restore, what_changed
from app.merging.models import UNDO, ParentMerge
from app.merging.records import get_merge, list_merges, read_two
from app.merging.rules import ASKED, Plan, decide, leads_already
from app.recruitment import households, noted_noes, noting, queries
from app.recruitment.models import Parent
from app.recruitment.noting import Noted, remember
from app.recruitment.services import ParentDetails, change_parent
from app.recruitment.steps import acting_name, write_step
from app.rollup_due.queue import mark_due
from app.schools import stage_rights
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.signing_up import services as signing_up
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, BySide, ParentStage
from infra.ids import new_id

MERGED = define("merging:parents:merged", keys=("gone",))
UNDONE = define("merging:parents:undone", keys=("gone",))

#: How it came, in the history of the record that stays.
HOW = "merged"

_MERGE = text(
    "select app.merge_parents(:id, :kept, :gone, :by, cast(:before as jsonb), cast(:enrolment as uuid))"
)
_UNMERGE = text("select app.unmerge_parents(:id, :by)")
_FORGET = text(
    "update parent_merge set before = null where school_id = :school and before is not null and at < :before"
)


def look_at(session: Session, school_id: UUID, one: UUID, other: UUID, *, hold: bool = False) -> Plan:
    """What would come of these two. Raises NotFound."""
    plan = decide(*read_two(session, school_id, (one, other), hold=hold))
    if plan.moves_place and not plan.problem and plan.goes.place:
        leaders = list_facilitator_ids(session, school_id, plan.goes.place.cohort_id)
        if leads_it(session, school_id, leaders, plan.stays.id):
            return replace(plan, problem=leads_already(plan))
    return plan


def merge(session: Session, school_id: UUID, plan: Plan, chosen: Mapping[str, str]) -> UUID:
    """Put together what `plan`, read with both held, says; the id of what can be undone. `chosen`: by question of
    `rules.ASKED`, whether "stays" or "goes" has it right. Raises Refused."""
    stage_rights.check(session, school_id, "find_parents")
    if plan.problem:
        raise Refused(plan.problem)
    stays, goes, merge_id = plan.stays, plan.goes, new_id()
    before = before_of(session, school_id, plan)
    details = _chosen_details(plan, chosen)
    new_place = _hand_over_place(session, school_id, plan)
    # Nothing is sent there any more, and no rule finds two people at one address; then the other may have it.
    goes.contact.email = goes.contact.phone = ""
    session.flush()
    change_parent(session, school_id, stays.id, replace(details, is_shared=True))
    for stop in ("texts_stopped_at", "emails_stopped_at"):
        setattr(stays.contact, stop, getattr(stays.contact, stop) or getattr(goes.contact, stop))
    _carry_noes(session, plan)
    _carry_stage(session, school_id, plan)
    mates = households.members_with(session, school_id, plan.ids)
    if goes.id in mates:
        households.link(session, school_id, [plan.ids])
        households.put_back(session, school_id, [goes.id], {})
        households.end_of_one(session, school_id, households.list_households(session, school_id, [stays.id]))
    signups = signing_up.hand_over(session, school_id, goes.id, stays.id)
    words = _("Two entries of the same person were put together here.")
    remember(session, school_id, stays.id, Noted(HOW, acting_name("school")), words)
    before |= after_of(session, school_id, plan, signups, mates)
    session.flush()
    accounts.cancel_invitations(session, goes.id)
    outcome = session.execute(
        _MERGE,
        {
            "id": merge_id,
            "kept": stays.id,
            "gone": goes.id,
            "by": acting_name("school"),
            "before": json.dumps(before, default=str),
            "enrolment": new_place,
        },
    ).scalar_one()
    if outcome == "account":
        raise Refused(_("Somebody has just signed in as the one that would go. Look at both again."))
    if outcome != "done":
        raise NotFound
    record(session, MERGED, subject_id=stays.id, gone=str(goes.id))
    mark_due(session, school_id)
    session.flush()
    session.expire_all()
    return merge_id


def _chosen_details(plan: Plan, chosen: Mapping[str, str]) -> ParentDetails:
    """What the one that stays holds afterwards: what was chosen, and of the other what it had nothing of."""
    details, theirs = plan.stays.details, plan.goes.details
    for name, parts in ASKED.items():
        is_empty = not any(getattr(details, part) for part in parts)
        if plan.taken(name) and (is_empty or (plan.differs(name) and chosen.get(name) == "goes")):
            details = replace(details, **{part: getattr(theirs, part) for part in parts})
    return replace(
        details,
        interpreter=details.interpreter or theirs.interpreter,
        # A wish of the one that goes is kept by staff: nobody but the one that stays has a wish of their own there.
        not_for_office=details.not_for_office
        or theirs.not_for_office
        or plan.goes.contact.off_office_by_self,
    )


def _hand_over_place(session: Session, school_id: UUID, plan: Plan) -> UUID | None:
    held = plan.goes.place
    if held is None:
        return None
    if plan.moves_place:
        stage_rights.check(session, school_id, "form_groups")
    return moving.hand_over(session, school_id, held, plan.stays.id)


def _carry_noes(session: Session, plan: Plan) -> None:
    """A no of either holds. A yes does not move: only parents themselves give one."""
    kinds = [*plan.noes, *(["join"] if plan.goes.is_no and not plan.stays.is_no else [])]
    for kind in kinds:
        noting.note_no(session, plan.stays.id, kind, how=HOW)


def _carry_stage(session: Session, school_id: UUID, plan: Plan) -> None:
    stays, goes = plan.stays.parent, plan.goes.parent
    said_yes = stays.said_yes_at or goes.said_yes_at
    if plan.stage != stays.stage:
        last = next(
            (one for one in queries.list_events(session, school_id, goes.id) if one.to_stage == goes.stage),
            None,
        )
        # Whose doing it was: what they said themselves is not for staff to take back.
        side = last.by_side if last and plan.stage == goes.stage else BySide.SCHOOL
        write_step(session, stays, plan.stage, by_side=side, by_name=acting_name("school"), how=HOW)
    if stays.stage in BEFORE_JOINING:
        stays.said_yes_at = said_yes
    stays.do_not_ask_until = _latest(stays.do_not_ask_until, goes.do_not_ask_until)
    stays.invited_at = _latest(stays.invited_at, goes.invited_at)
    for name in ("joined_at", "waiting_since"):
        mine, theirs = getattr(stays, name), getattr(goes, name)
        # Who waited longest keeps that place in the order.
        if mine and theirs and stays.stage not in DO_NOT_WRITE:
            setattr(stays, name, min(mine, theirs))
    session.flush()


def _latest(one: Any, other: Any) -> Any:
    return max(one, other) if one and other else one or other


@dataclass(frozen=True, slots=True)
class Undone:
    """The one that stayed and the one that comes back, and what staff have to do by hand."""

    kept_id: UUID
    gone_id: UUID
    #: The one that comes back was invited, and the link of it has ended.
    invite_anew: bool
    #: The one that stayed was written to, or may have been, that they have a place.
    tell_of_place: bool


def undo(session: Session, school_id: UUID, merge_id: UUID) -> Undone:
    """Two records again, as they were. Raises Refused, with why not,
    once a day has passed or something has happened; NotFound."""
    found, before = _still_to_undo(session, school_id, merge_id)
    # The group first, then people: as every step holds them.
    if ended := before["place"]:
        lock_cohort(session, school_id, UUID(ended["cohort_id"]))
    parent = queries.get_parent(session, school_id, found.kept_id, hold=True)
    # Of two who press at once the second finds it undone.
    found, before = _still_to_undo(session, school_id, merge_id)
    if ended:
        moving.check_again(session, school_id, UUID(ended["cohort_id"]), is_free=ended["moved"])
    if later := next(
        (one for one in list_merges(session, school_id, found.kept_id) if one.at > found.at), None
    ):
        raise Refused(
            _("%(name)s was put together with this one since. Undo that first.", name=kept(later.gone_name))
        )
    contact = queries.get_contact(session, school_id, found.kept_id, hold=True)
    profile = queries.get_profile(session, school_id, found.kept_id)
    if why := what_changed(parent, contact, profile, before):
        raise Refused(why)
    outcome = session.execute(_UNMERGE, {"id": merge_id, "by": acting_name("school")}).scalar_one()
    if outcome == "came":
        raise Refused(
            _("They have been to an evening of the group with that place since. So it stays as it is.")
        )
    if outcome == "undone":
        raise Refused(_("That has already been undone. Look at them as they are now."))
    if outcome != "done":
        raise NotFound
    session.expire_all()
    restore(session, school_id, found.kept_id, found.gone_id, before, since=found.at)
    _take_back_noes(session, parent, before)
    words = _("They were two people after all: what was put together here is undone.")
    remember(session, school_id, found.kept_id, Noted("mistake", acting_name("school")), words)
    record(session, UNDONE, subject_id=found.kept_id, gone=str(found.gone_id))
    mark_due(session, school_id)
    session.flush()
    return Undone(
        found.kept_id,
        found.gone_id,
        invite_anew=_to_ask_again(session, school_id, found.gone_id),
        tell_of_place=bool(
            ended
            and ended["moved"]
            and moving.was_written_to(session, school_id, UUID(ended["cohort_id"]), found.kept_id)
        ),
    )


def _to_ask_again(session: Session, school_id: UUID, gone_id: UUID) -> bool:
    """Whoever comes back and was invited has a link that has ended: nobody waits for their answer."""
    gone = queries.get_parent(session, school_id, gone_id, hold=True)
    if gone.stage != ParentStage.INVITED:
        return False
    reason = _("Their invitation ended while they were put together with another entry.")
    by = acting_name("school")
    write_step(session, gone, ParentStage.IDENTIFIED, by_side=BySide.SCHOOL, by_name=by, reason=reason)
    return True


def _still_to_undo(session: Session, school_id: UUID, merge_id: UUID) -> tuple[ParentMerge, dict[str, Any]]:
    """What can be undone, with what both were. Raises Refused, NotFound."""
    found = get_merge(session, school_id, merge_id)
    if found.undone_at is not None:
        raise Refused(_("That has already been undone. Look at them as they are now."))
    if found.before is None or not found.has_time:
        raise Refused(
            _(
                "It can be undone for a day, and that day is over. Add the other person again, if they are two."
            )
        )
    return found, found.before


def _take_back_noes(session: Session, parent: Parent, before: Mapping[str, Any]) -> None:
    """A no that came over from the other goes back; what they said themselves since stays."""
    noted = noted_noes.list_noted(session, parent.id)
    noting.take_back_noted(session, parent.id, [one for one in before["noes"] if one in noted])
    if before["join"]:
        noting.take_back_join(session, parent.id)


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: what both were is kept as long as it can be undone. It writes no message."""
    session.execute(_FORGET, {"school": school_id, "before": moment - UNDO})
    return 0
