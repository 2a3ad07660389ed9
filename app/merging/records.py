"""One of two records, with what hangs on it, as staff see it beside the other; and who may be the same person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cohorts import moving
from app.cohorts.members import list_cohort_ids
from app.cohorts.moving import Held
from app.facilitators.queries import find_of_parent
from app.merging.models import ParentMerge
from app.recruitment import doubts, fresh_start, many, noted_noes, queries
from app.recruitment.models import Parent, ParentContact, RecruitmentProfile
from app.recruitment.passed_on import list_ids as only_passed_on
from app.recruitment.services import CONTACT, PROFILE, ParentDetails
from app.shell.errors import NotFound
from app.shell.searching import fold
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE
from tenants.together import together

_CAME_IN = text("select app.who_has_come_in(:people)")
#: So many who may be the same person are shown.
MOST = 10
#: How like two names are that somebody typed in two ways.
LIKE = 0.85


@dataclass(frozen=True, slots=True)
class Record:
    """A parent of the list, and what decides whether it stays or goes."""

    parent: Parent
    contact: ParentContact
    profile: RecruitmentProfile
    #: Whether somebody has ever signed in as them.
    has_come_in: bool
    leads: bool
    is_passed_on: bool
    place: Held | None
    #: Groups that they are, or were, in.
    groups: frozenset[UUID]
    has_offer: bool
    fresh_start: bool
    #: Numbers and addresses of it at which somebody said “This is not me”.
    doubted: tuple[str, ...]
    #: Choices to which staff noted a no.
    noes: tuple[str, ...]

    @property
    def id(self) -> UUID:
        return self.parent.id

    @property
    def name(self) -> str:
        return self.contact.name

    @property
    def is_no(self) -> bool:
        return self.parent.stage in DO_NOT_WRITE

    @property
    def has_joined(self) -> bool:
        return self.parent.stage not in (*BEFORE_JOINING, *DO_NOT_WRITE)

    @property
    def has_said_yes(self) -> bool:
        """Whether they joined, or told staff that they would like to."""
        return self.has_joined or self.parent.said_yes_at is not None

    @property
    def details(self) -> ParentDetails:
        values = {name: getattr(self.contact, name) for name in CONTACT}
        return ParentDetails(**values, **{name: getattr(self.profile, name) for name in PROFILE})

    @property
    def marks(self) -> tuple[object, ...]:
        """For a press that counts for what its page showed."""
        parent, contact = self.parent, self.contact
        facts = [
            parent.id,
            parent.stage,
            parent.stage_changed_at,
            self.has_come_in,
            self.leads,
            self.has_offer,
        ]
        place = self.place.cohort_id if self.place else None
        stops = (contact.texts_stopped_at, contact.emails_stopped_at)
        return (*facts, place, *stops, *self.noes, *self.doubted, repr(self.details))


def read_two(
    session: Session, school_id: UUID, ids: tuple[UUID, UUID], *, hold: bool = False
) -> tuple[Record, Record]:
    """Both, in this order; with `hold` as they are now and kept so. Raises NotFound."""
    if ids[0] == ids[1]:
        raise NotFound
    held = {one: queries.get_parent(session, school_id, one, hold=hold) for one in sorted(ids)}
    if hold:
        for one in sorted(ids):
            queries.get_contact(session, school_id, one, hold=True)
    with together(session) as ask:
        contacts = {one: ask(queries.get_contact, school_id, one) for one in ids}
        profiles = {one: ask(queries.get_profile, school_id, one) for one in ids}
        came_in = ask(list_came_in, ids)
        leads = {one: ask(find_of_parent, school_id, one) for one in ids}
        passed = ask(only_passed_on)
        places = ask(moving.list_held, school_id, ids)
        groups = {one: ask(list_cohort_ids, school_id, one) for one in ids}
        offers = ask(moving.list_with_offer, school_id, ids)
        starts = {one: ask(fresh_start.find, school_id, one) for one in ids}
        doubted = {one: ask(doubts.list_of, school_id, one) for one in ids}
        noes = {one: ask(noted_noes.list_noted, one) for one in ids}
    found = []
    for one in ids:
        start = starts[one].value
        found.append(
            Record(
                parent=held[one],
                contact=contacts[one].value,
                profile=profiles[one].value,
                has_come_in=one in came_in.value,
                leads=leads[one].value is not None,
                is_passed_on=one in passed.value,
                place=places.value.get(one),
                groups=frozenset(groups[one].value),
                has_offer=one in offers.value,
                fresh_start=start is not None and start.ended_at is None,
                doubted=tuple(doubts.addresses_of(doubted[one].value)),
                noes=tuple(noes[one].value),
            )
        )
    return found[0], found[1]


def list_came_in(session: Session, ids: tuple[UUID, ...]) -> set[UUID]:
    """Who of them has, or had, an account."""
    return set(session.execute(_CAME_IN, {"people": list(ids)}).scalar_one())


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same person, and why. Possible, never certain."""

    id: UUID
    name: str
    phone: str
    email: str
    why: tuple[str, ...]


def list_alike(session: Session, school_id: UUID, parent_id: UUID) -> list[Alike]:
    """Who of the list may be this person, the likeliest first."""
    own = queries.get_contact(session, school_id, parent_id)
    found = []
    for other in many.list_all_contacts(session, school_id):
        if other.id != parent_id and (why := _why(own, other)):
            found.append((-len(why), other.name, Alike(other.id, other.name, other.phone, other.email, why)))
    return [one for *_order, one in sorted(found, key=lambda row: row[:2])[:MOST]]


def _why(own: ParentContact, other: many.ListedContact) -> tuple[str, ...]:
    why = []
    if own.phone and own.phone == other.phone:
        why.append(_("the same mobile number"))
    if own.email and own.email.casefold() == other.email.casefold():
        why.append(_("the same email address"))
    if _is_like(own.name, other.name):
        why.append(_("a name like it"))
    return tuple(why)


def _is_like(one: str, other: str) -> bool:
    """Whether two names are the same but for order, accents, a part left out, or a slip."""
    first, second = (sorted(fold(word) for word in name.split()) for name in (one, other))
    if not first or not second:
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    matcher = SequenceMatcher(None, " ".join(first), " ".join(second))
    return matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE and matcher.ratio() >= LIKE


def list_merges(session: Session, school_id: UUID, parent_id: UUID) -> list[ParentMerge]:
    """What was put together with this record, and is still, the newest first; with what that was put together of."""
    asked = select(ParentMerge).where(ParentMerge.school_id == school_id, ParentMerge.undone_at.is_(None))
    every = session.scalars(asked.order_by(ParentMerge.at.desc(), ParentMerge.id)).all()
    ids, found = {parent_id}, []
    # The later one has the earlier: from the newest on, each is met after what it went into.
    for one in every:
        if one.kept_id in ids:
            ids.add(one.gone_id)
            found.append(one)
    return found


def list_gone(session: Session, school_id: UUID) -> dict[UUID, str]:
    """Records that went into another, by the name that each had."""
    rows = session.execute(
        select(ParentMerge.gone_id, ParentMerge.gone_name).where(
            ParentMerge.school_id == school_id, ParentMerge.undone_at.is_(None)
        )
    )
    return {row.gone_id: row.gone_name for row in rows}


def get_merge(session: Session, school_id: UUID, merge_id: UUID) -> ParentMerge:
    """One of them, also one that was undone, as it is now. Raises NotFound."""
    found = session.get(ParentMerge, (school_id, merge_id), populate_existing=True)
    if found is None:
        raise NotFound
    return found


def find_kept(session: Session, school_id: UUID, gone_id: UUID) -> UUID | None:
    """The record that stayed in place of one that went; None where none did. Of one put together again, the last."""
    rows = session.execute(
        select(ParentMerge.gone_id, ParentMerge.kept_id).where(
            ParentMerge.school_id == school_id, ParentMerge.undone_at.is_(None)
        )
    )
    kept: Mapping[UUID, UUID] = {row.gone_id: row.kept_id for row in rows}
    found = kept.get(gone_id)
    while found is not None and found in kept:
        found = kept[found]
    return found
