"""A school opens its sign-up page and answers those who wrote there. A row is nobody's until staff know who it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import throttle
from app.accounts.throttle import Limit
from app.audit.trail import define, record
from app.identity import school_moves, signups
from app.recruitment.known import take_from
from app.recruitment.noting import OWN_ACCOUNT, PASSED_ON, SIGNED_UP, Noted, ask_again, remember
from app.recruitment.passed_on import KEPT
from app.recruitment.services import AddedBefore, ParentDetails, add_parent
from app.schools import stage_rights
from app.shell.refusals import Refused
from app.signing_up.models import Signup, SignupLink
from app.signing_up.queries import find_link, find_page, get_link, get_signup, list_links
from app.signing_up.words import noted_as
from app.states.signing_up import LinkKind
from infra.clock import LONDON, now, today
from infra.ids import new_id
from infra.logs import get_logger
from tenants.session import rows_written

log = get_logger()

OPENED = define("signing_up:page:opened")
CLOSED = define("signing_up:page:closed")
RENEWED = define("signing_up:page:address_renewed")
ACCEPTED = define("signing_up:signup:accepted")
SET_ASIDE = define("signing_up:signup:set_aside")
LINK_MADE = define("signing_up:link:made", keys=("kind",))
LINK_STOPPED = define("signing_up:link:stopped")

#: For how long a page takes people, from the press that opens it or keeps it open.
OPEN_FOR = timedelta(days=90)
#: For how long somebody may pass parents on by a link.
LINK_FOR = timedelta(days=180)
#: Of one line on the network: a school's own may be that of a whole parents' evening.
HERE = Limit("signup_here", 20, timedelta(minutes=10), 60)
#: Of one page, whoever writes: more than a school's parents do on any day.
PAGE = Limit("signup_page", 60, timedelta(hours=1), 150)

#: So long somebody who was taken into the list is left to the next round.
JUST_NOW = timedelta(minutes=5)
_FORGET = text("select identity.forget_passed_on(:day)")
_ERASE = text(
    "delete from signup where school_id = :school and (said_at at time zone 'Europe/London')::date <= :day"
    # Taken into the list in this very moment: the next round looks at who that is.
    " and (accepted_at is null or accepted_at < :lately)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote on the page."""

    first_name: str
    last_name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who stands in the list now. `was_there`: before it, too, so that nobody was added. `has_page`: the account from
    which they asked opens theirs."""

    parent_id: UUID
    was_there: bool
    has_page: bool = False


def sign_up(secret: str, written: Written, visitor: str) -> bool:
    """Keep for the school what somebody wrote of themselves, or of whom they pass on; False where the link takes
    nothing any more. Raises TooManyTries.

    Nothing here knows who is in the school's list, so that no answer can tell.
    """
    throttle.spend(HERE, visitor)
    throttle.spend(PAGE, signups.hash_of(secret).hex())
    return signups.sign_up(
        secret,
        first_name=written.first_name,
        last_name=written.last_name,
        email=written.email,
        phone=written.phone,
        language=written.language,
    )


def open_page(session: Session, school_id: UUID, *, by: str, secret_key: str) -> SignupLink:
    """Open the page, open it again, or keep it open for longer: its address stays. Raises Refused.

    Pressed by two at once it is one page.
    """
    stage_rights.check(session, school_id, "find_parents")
    page = find_page(session, school_id, hold=True)
    if page is None:
        try:
            with session.begin_nested():
                page = _make_page(session, school_id, by=by, secret_key=secret_key)
        except IntegrityError:
            page = find_page(session, school_id, hold=True)
            if page is None:
                raise
    page.closed_at, page.open_until = None, today() + OPEN_FOR
    session.flush()
    record(session, OPENED, subject_id=page.id)
    return page


def close_page(session: Session, school_id: UUID) -> bool:
    """Take nothing more by this address until it is opened again; False where it was closed before."""
    page = find_page(session, school_id, hold=True)
    if page is None or page.closed_at is not None:
        return False
    page.closed_at = now()
    session.flush()
    record(session, CLOSED, subject_id=page.id)
    return True


def renew_address(session: Session, school_id: UUID, *, by: str, secret_key: str) -> SignupLink:
    """An address in the place of the one in use, which is gone for good. Raises Refused where there is none."""
    stage_rights.check(session, school_id, "find_parents")
    page = find_page(session, school_id, hold=True)
    if page is None:
        raise Refused(_("There is no page yet. Open it first."))
    page.ended_at = now()
    session.flush()
    renewed = _make_page(session, school_id, by=by, secret_key=secret_key)
    renewed.closed_at, renewed.open_until = page.closed_at, page.open_until
    session.flush()
    record(session, RENEWED, subject_id=renewed.id)
    return renewed


def make_link(
    session: Session, school_id: UUID, *, kind: LinkKind, organisation: str, by: str, secret_key: str
) -> SignupLink:
    """A link for one team or organisation that passes parents on. Raises Refused, also where they have one."""
    stage_rights.check(session, school_id, "find_parents")
    organisation = " ".join(organisation.split())
    if any(
        one.kind == kind and one.organisation.casefold() == organisation.casefold()
        for one in list_links(session, school_id)
    ):
        raise Refused(_("They have a link already. Stop it first, if it is to be a new one."), "organisation")
    link = _make(
        session,
        school_id,
        kind=kind,
        organisation=organisation,
        open_until=today() + LINK_FOR,
        by=by,
        secret_key=secret_key,
    )
    record(session, LINK_MADE, subject_id=link.id, kind=kind)
    return link


def stop_link(session: Session, school_id: UUID, link_id: UUID) -> bool:
    """End a link for good; False where it had ended. What came by it stays. Raises NotFound."""
    link = get_link(session, school_id, link_id, hold=True)
    if link.ended_at is not None or link.kind == LinkKind.PAGE:
        return False
    link.ended_at = now()
    session.flush()
    record(session, LINK_STOPPED, subject_id=link.id)
    return True


def accept(
    session: Session,
    school_id: UUID,
    signup_id: UUID,
    *,
    by: str,
    is_shared: bool,
    is_known: UUID | None = None,
    take: Sequence[str] = (),
) -> Accepted:
    """Take into the list who asked: somebody to invite, and no more before they say yes by their own link.

    `is_known`: staff say that they are this parent, who is there already; `take`: which of "phone", "email" and
    "language" goes into the list in the place of what stands there. What they wrote moves there; who pressed second
    finds them in the list. Raises NotFound; Refused as `add_parent` and `change_parent`.
    """
    stage_rights.check(session, school_id, "find_parents")
    one = get_signup(session, school_id, signup_id, hold=True)
    if one.parent_id is not None:
        return Accepted(one.parent_id, was_there=True)
    link = find_link(session, one)
    how = _how(link)
    details = ParentDetails(
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
        phone=one.phone,
        language=one.language,
        found_by=noted_as(link),
        is_shared=is_shared,
    )
    parent_id, was_there = is_known, True
    if parent_id is None:
        try:
            parent_id, was_there = add_parent(session, school_id, details, how=how).id, False
        except AddedBefore as before:
            parent_id = before.parent_id
    if was_there:
        if link is None:
            school_moves.know_mover(session, signup_id, parent_id)
        told = take_from(session, school_id, parent_id, details, take)
        words = " ".join((noted_as(link) + ".", *told))
        # By a press of their own they ask here: who had said no, or left, has changed their mind.
        if link is not None or not ask_again(session, school_id, parent_id, Noted(how, by, words)):
            remember(session, school_id, parent_id, Noted(how, by), words)
    one.accepted_at, one.accepted_by_name = now(), by
    one.parent_id, one.is_new = parent_id, not was_there
    one.first_name = one.last_name = one.email = one.phone = ""
    session.flush()
    record(session, ACCEPTED, subject_id=parent_id)
    # Never of somebody who was there: what is theirs opens by their own way in alone.
    has_page = link is None and not was_there and school_moves.open_to_mover(session, signup_id)
    return Accepted(parent_id, was_there, has_page=has_page)


def set_aside(session: Session, school_id: UUID, signup_id: UUID) -> None:
    """Delete what somebody wrote, at once. Raises NotFound; Refused where a colleague took them into the list."""
    one = get_signup(session, school_id, signup_id, hold=True)
    if one.parent_id is not None:
        raise Refused(_("A colleague has taken them into your list. Nothing was deleted."))
    session.delete(one)
    session.flush()
    record(session, SET_ASIDE, subject_id=signup_id)


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: on the 28th day after it was written it goes, whatever came of it; and with it whoever stands
    in the list only because somebody passed them on, and has not spoken themselves. It writes no message."""
    day = moment.astimezone(LONDON).date() - KEPT
    if count := session.execute(_FORGET, {"day": day}).scalar_one():
        log.info("passed_on_erased", school_id=str(school_id), count=count)
    if count := rows_written(
        session.execute(_ERASE, {"school": school_id, "day": day, "lately": moment - JUST_NOW})
    ):
        log.info("signups_erased", school_id=str(school_id), count=count)
    return 0


def _how(link: SignupLink | None) -> str:
    if link is None:
        return OWN_ACCOUNT
    return SIGNED_UP if link.kind == LinkKind.PAGE else PASSED_ON


def _make(
    session: Session,
    school_id: UUID,
    *,
    kind: LinkKind,
    open_until: date,
    by: str,
    secret_key: str,
    organisation: str = "",
) -> SignupLink:
    link = SignupLink(
        school_id=school_id,
        id=new_id(),
        kind=kind,
        organisation=organisation,
        open_until=open_until,
        made_by_name=by,
    )
    session.add(link)
    session.flush()
    signups.give(session, secret_key, link.id)
    return link


def _make_page(session: Session, school_id: UUID, *, by: str, secret_key: str) -> SignupLink:
    until = today() + OPEN_FOR
    return _make(session, school_id, kind=LinkKind.PAGE, open_until=until, by=by, secret_key=secret_key)


def hand_over(session: Session, school_id: UUID, from_id: UUID, to_id: UUID) -> list[tuple[UUID, bool]]:
    """What somebody wrote on the school's own page, or sent from their account, is the other record's now: which, and
    whether it had made a record.

    What others passed on stays where it is, and is forgotten on its day.
    """
    rows = session.execute(
        select(Signup)
        .outerjoin(SignupLink, (SignupLink.school_id == Signup.school_id) & (SignupLink.id == Signup.link_id))
        .where(
            Signup.school_id == school_id,
            Signup.parent_id == from_id,
            or_(Signup.link_id.is_(None), SignupLink.kind == LinkKind.PAGE),
        )
        .with_for_update(of=Signup)
    ).all()
    moved = [(row.Signup.id, row.Signup.is_new) for row in rows]
    for row in rows:
        row.Signup.parent_id, row.Signup.is_new = to_id, False
    session.flush()
    return moved


def hand_back(session: Session, school_id: UUID, moved: Iterable[tuple[UUID, bool]], to_id: UUID) -> None:
    """The same turned round, of what is still kept."""
    for signup_id, is_new in moved:
        if one := session.get(Signup, (school_id, signup_id), populate_existing=True):
            one.parent_id, one.is_new = to_id, is_new
    session.flush()
