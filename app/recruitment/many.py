"""Many parents added in one change, and taken out of the list again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import (
    Insert,
    Text,
    Uuid,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy import table as table_of
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from app.recruitment import households
from app.recruitment.models import Parent, ParentContact, ParentEvent, RecruitmentProfile
from app.recruitment.services import CONTACT, PROFILE, ParentDetails
from app.recruitment.steps import acting_name
from app.rollup_due.queue import mark_due
from app.states.parents import BySide, ParentStage
from infra.clock import now
from infra.ids import new_id

#: How somebody came into the list, in their history; words in `noting.HOW_FOUND`.
SPREADSHEET = "spreadsheet"
_HOLD_LIST = text("select pg_advisory_xact_lock(hashtextextended(:key, 7))")
#: As `identity.note_sharer` holds them. In one order, so that of two lists with an address in common one waits.
_HOLD_EACH = text(
    "select pg_advisory_xact_lock_shared(hashtextextended('sharing', 0)),"
    " (select count(pg_advisory_xact_lock(hashtextextended('sharing:' || a, 0)))"
    " from (select unnest(cast(:addresses as text[])) a order by 1) x)"
)
#: Their addresses are looked at together, with the commit: revision 0115.
_LOOK_LATER = text("select set_config('app.sharing', 'later', true)")
#: Addresses that are held one by one; a lock for each of more would be more than the database has room for.
FEW = 500
#: What hangs on a parent, and keeps them, in tables that whoever asks may read: asked of the database, since packages
#: above this one own most of them, and a new one needs no word here.
_HANGS = text(
    "select n.nspname, r.relname, a.attname from pg_catalog.pg_constraint c"
    " join pg_catalog.pg_class r on r.oid = c.conrelid join pg_catalog.pg_namespace n on n.oid = r.relnamespace"
    " cross join lateral unnest(c.conkey, c.confkey) k(here, there)"
    " join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here"
    " join pg_catalog.pg_attribute p on p.attrelid = c.confrelid and p.attnum = k.there and p.attname = 'id'"
    " join pg_catalog.pg_attribute s on s.attrelid = c.conrelid and s.attnum = any(c.conkey)"
    " and s.attname = 'school_id'"
    " where c.contype = 'f' and c.confdeltype = 'a' and c.confrelid = cast(:parent as regclass)"
    " and not r.relname = any(:own) and has_schema_privilege(n.oid, 'usage')"
    " and has_column_privilege(r.oid, a.attnum, 'select') and has_column_privilege(r.oid, s.attnum, 'select')"
    " order by 1, 2, 3"
)
#: What is deleted is forgotten as a whole: to look for each of ten thousand among ten thousand takes minutes.
_UNHELD = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class ListedContact:
    """What tells one parent of a list from another."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    phone: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def hold_list(session: Session, school_id: UUID) -> None:
    """Be the only one who adds parents to this list, or corrects one in it, until the change is over."""
    session.execute(_HOLD_LIST, {"key": str(school_id)})


def _hold_addresses(session: Session, people: Sequence[ParentDetails]) -> None:
    """Be the only one who writes these addresses down, at any school. Of a long list: with the commit, and of all."""
    addresses = {address for one in people for address in (one.email, one.phone) if address}
    if len(addresses) > FEW:
        session.execute(_LOOK_LATER)
    else:
        session.execute(_HOLD_EACH, {"addresses": sorted(addresses)})


def list_all_contacts(session: Session, school_id: UUID) -> list[ListedContact]:
    """Everybody in the school's list, whatever their stage, but whose record was put together with another."""
    columns = (ParentContact.first_name, ParentContact.last_name, ParentContact.email, ParentContact.phone)
    rows = session.execute(
        select(ParentContact.parent_id, *columns)
        # A worker may read the contacts of those records too, and of no parent of one.
        .join(Parent, (Parent.school_id == ParentContact.school_id) & (Parent.id == ParentContact.parent_id))
        .where(ParentContact.school_id == school_id)
        .order_by(ParentContact.parent_id)
    )
    return [ListedContact(*row) for row in rows]


def add_parents(session: Session, school_id: UUID, people: Sequence[ParentDetails]) -> list[UUID]:
    """Add all of them, each with the first step of their history; their ids, in the same order.

    The caller has compared them with the list, and holds it.
    """
    _hold_addresses(session, people)
    ids, by_name, moment = [new_id() for _person in people], acting_name("school"), now()
    came = {"stage": ParentStage.IDENTIFIED, "stage_changed_at": moment, "created_at": moment}
    step = {
        "to_stage": ParentStage.IDENTIFIED,
        "by_side": BySide.SCHOOL,
        "by_name": by_name,
        "how": SPREADSHEET,
        "reason": "",
        "at": moment,
    }
    found = [(parent_id, asdict(one)) for parent_id, one in zip(ids, people, strict=True)]
    _insert(session, school_id, insert(Parent), [came | {"id": parent_id} for parent_id in ids])
    for into, names in ((insert(ParentContact), CONTACT), (insert(RecruitmentProfile), PROFILE)):
        _insert(
            session,
            school_id,
            into,
            [{"parent_id": parent_id} | {name: one[name] for name in names} for parent_id, one in found],
        )
    _insert(
        session, school_id, insert(ParentEvent), [step | {"id": new_id(), "parent_id": one} for one in ids]
    )
    mark_due(session, school_id)
    return ids


def _insert(session: Session, school_id: UUID, into: Insert, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows with the same keys by one statement: one for each of ten thousand takes half as long again."""
    if not rows:
        return
    names, columns = list(rows[0]), into.table.c
    sent = (
        func.jsonb_to_recordset(cast(literal(json.dumps(rows, default=str), Text), JSONB))
        .table_valued(*(column(name, columns[name].type) for name in names))
        .render_derived(with_types=True)
    )
    session.execute(
        into.from_select(["school_id", *names], select(literal(school_id), *(sent.c[one] for one in names)))
    )


def remove_untouched(
    session: Session, school_id: UUID, added: Mapping[UUID, ParentDetails]
) -> tuple[list[UUID], list[UUID]]:
    """Take out those about whom nothing has happened since they were added; (who went, who stays).

    Somebody stays who was asked, has answered, was corrected or noted something about, or on whom anything hangs.
    """
    here = set(
        session.scalars(select(Parent.id).where(Parent.school_id == school_id, Parent.id.in_(added))).all()
    )
    alone = _untouched(session, school_id, added)
    alone -= _with_more(session, school_id, alone)
    gone = _remove_free(session, school_id, sorted(alone))
    mark_due(session, school_id)
    stay = here - gone
    return [one for one in added if one in gone], [one for one in added if one in stay]


def _with_more(session: Session, school_id: UUID, parent_ids: set[UUID]) -> set[UUID]:
    """Those of them on whom something hangs beside what `add_parents` wrote, as far as whoever asks may read it."""
    own = [one.__tablename__ for one in (ParentContact, RecruitmentProfile, ParentEvent)]
    found = session.execute(_HANGS, {"parent": f"public.{Parent.__tablename__}", "own": own}).all()
    if not (found and parent_ids):
        return set()
    theirs = select(func.unnest(cast(list(parent_ids), ARRAY(Uuid))).label("id")).cte("theirs")
    hanging = []
    for schema, name, key in found:
        there = table_of(name, column("school_id"), column(key, Parent.id.type), schema=schema)
        hanging.append(
            select(there.c[key]).where(there.c.school_id == school_id, there.c[key].in_(select(theirs.c.id)))
        )
    return set(session.scalars(union_all(*hanging)).all())


def _remove_free(session: Session, school_id: UUID, alone: Sequence[UUID]) -> set[UUID]:
    """Delete those of them on whom nothing hangs; their ids. Halves are tried where something that nobody here may
    read hangs on one: of thousands with a few such, some dozen tries in the place of thousands."""
    if not alone or remove(session, school_id, set(alone)):
        return set(alone)
    if len(alone) == 1:
        return set()
    half = len(alone) // 2
    return _remove_free(session, school_id, alone[:half]) | _remove_free(session, school_id, alone[half:])


def _untouched(session: Session, school_id: UUID, added: Mapping[UUID, ParentDetails]) -> set[UUID]:
    steps = (
        select(ParentEvent.parent_id)
        .where(ParentEvent.school_id == school_id, ParentEvent.parent_id.in_(added))
        .group_by(ParentEvent.parent_id)
        .having(func.count() == 1)
    )
    rows = session.execute(
        select(Parent, ParentContact, RecruitmentProfile)
        .join(ParentContact, (ParentContact.school_id == school_id) & (ParentContact.parent_id == Parent.id))
        .join(
            RecruitmentProfile,
            (RecruitmentProfile.school_id == school_id) & (RecruitmentProfile.parent_id == Parent.id),
        )
        .where(
            Parent.school_id == school_id,
            Parent.id.in_(steps),
            Parent.stage == ParentStage.IDENTIFIED,
            Parent.invited_at.is_(None),
        )
        # Whoever is being asked or corrected at this moment is not untouched: as `lock_parent` holds one.
        .order_by(Parent.id)
        .with_for_update(of=Parent)
        .options(undefer(ParentContact.not_for_office), undefer(ParentContact.off_office_by_self))
        .execution_options(populate_existing=True)
    )
    return {
        parent.id
        for parent, contact, profile in rows
        if all(getattr(contact, name) == getattr(added[parent.id], name) for name in CONTACT)
        and all(getattr(profile, name) == getattr(added[parent.id], name) for name in PROFILE)
        and not (contact.texts_stopped_at or contact.emails_stopped_at or profile.owner_staff_id)
        and not contact.off_office_by_self
    }


def remove(session: Session, school_id: UUID, parent_ids: set[UUID]) -> bool:
    """Delete these, whom the caller holds; False, and nothing is deleted, where something hangs on one of them."""
    try:
        with session.begin_nested() as step:
            shared = households.list_households(session, school_id, parent_ids)
            for table in (ParentEvent, RecruitmentProfile, ParentContact):
                session.execute(
                    delete(table).where(table.school_id == school_id, table.parent_id.in_(parent_ids)),
                    execution_options=_UNHELD,
                )
            gone = session.scalars(
                delete(Parent)
                .where(Parent.school_id == school_id, Parent.id.in_(parent_ids))
                .returning(Parent.id),
                execution_options=_UNHELD,
            )
            if len(gone.all()) != len(parent_ids):
                step.rollback()  # the database keeps one of them
                return False
            households.end_of_one(session, school_id, shared)
    except IntegrityError:
        return False
    finally:
        session.expire_all()
    return True
