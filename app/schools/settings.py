"""What an authority sets for all its schools: whom to call, support lines, its colour, its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.schools import year_queries
from app.schools.models import Authority, AuthorityClosedDay, AuthorityTerm
from app.schools.papers import draw_all_again
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.refusals import Refused
from infra.clock import today

SETTINGS_CHANGED = define("schools:settings:changed")
LINE_ADDED = define("schools:support_line:added")
LINE_REMOVED = define("schools:support_line:removed")
TERM_SAVED = define("schools:term:saved", keys=("starts_on",))
TERM_REMOVED = define("schools:term:removed", keys=("starts_on",))
ALL_CLOSED = define("schools:all:closed", keys=("on_date",))
ALL_OPEN = define("schools:all:open", keys=("on_date",))

FIELDS = (
    "contact_name",
    "contact_email",
    "contact_phone",
    "officer_phone",
    "out_of_hours_phone",
    "dpo_contact",
    "lawful_basis",
    "privacy_url",
    "brand_colour",
)
#: National lines, as their own pages gave them; each authority calls them before it shows them.
USUAL_LINES = (
    ("Samaritans", "116 123", _l("Someone to listen, day or night")),
    ("NHS 111, option 2", "111", _l("Urgent help with mental health")),
    ("Shout: text SHOUT to", "85258", _l("Help by text")),
    ("NSPCC", "0808 800 5000", _l("Worried about a child")),
    ("Childline", "0800 1111", _l("For children")),
    ("YoungMinds for parents", "0808 802 5544", _l("A child’s mental health")),
    ("Contact", "0808 808 3555", _l("Families of disabled children")),
    ("Refuge", "0808 2000 247", _l("Abuse at home")),
)
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class TermDates:
    """A term as it was typed; half-term may be left out."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None = None
    half_term_ends_on: date | None = None


def _lock(session: Session, authority_id: UUID) -> Authority:
    found = session.scalar(
        select(Authority)
        .where(Authority.authority_id == authority_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def save_settings(session: Session, authority_id: UUID, values: dict[str, Any], *, by: str = "") -> None:
    """Keep the authority's own facts; agreements that nobody has signed are drawn again with them."""
    authority = _lock(session, authority_id)
    for name in FIELDS:
        setattr(authority, name, values[name])
    is_on_paper = session.is_modified(authority)
    authority.offer_days = values["offer_days"]
    is_new = session.is_modified(authority)
    session.flush()
    if is_new:
        record(session, SETTINGS_CHANGED, subject_id=authority_id)
    if is_on_paper:
        draw_all_again(session, authority_id, by=by)


def add_support_line(session: Session, authority_id: UUID, *, name: str, number: str, note: str) -> None:
    """Show one more line, which somebody here has checked today. Raises Refused for one that is there."""
    authority = _lock(session, authority_id)
    if any(line["name"] == name and line["number"] == number for line in authority.support_lines):
        raise Refused(_("%(name)s is already in the list.", name=kept(name)))
    if len(authority.support_lines) >= MOST_LINES:
        raise Refused(_("There are %(n)s lines already. Take one off first.", n=MOST_LINES))
    line = {"name": name, "number": number, "note": note, "checked_on": today().isoformat()}
    authority.support_lines = [*authority.support_lines, line]
    session.flush()
    record(session, LINE_ADDED, subject_id=authority_id)


def remove_support_line(session: Session, authority_id: UUID, *, name: str, number: str) -> None:
    """Show a line no more; one that is gone already stays gone."""
    authority = _lock(session, authority_id)
    kept = [line for line in authority.support_lines if (line["name"], line["number"]) != (name, number)]
    if len(kept) == len(authority.support_lines):
        return
    authority.support_lines = kept
    session.flush()
    record(session, LINE_REMOVED, subject_id=authority_id)


def save_term(session: Session, authority_id: UUID, dates: TermDates, *, term_id: UUID | None = None) -> None:
    """Add a term, or change `term_id`. Raises Refused when it runs into another, NotFound for an unknown one."""
    _lock(session, authority_id)
    terms = year_queries.list_term_rows(session, authority_id)
    for other in terms:
        if other.id != term_id and dates.starts_on <= other.ends_on and other.starts_on <= dates.ends_on:
            raise Refused(_("These dates run into %(term)s. Change one of them.", term=other.name))
    row = next((term for term in terms if term.id == term_id), None)
    if row is None:
        if term_id is not None:
            raise NotFound
        row = AuthorityTerm(authority_id=authority_id)
        session.add(row)
    row.name, row.starts_on, row.ends_on = dates.name, dates.starts_on, dates.ends_on
    row.half_term_starts_on, row.half_term_ends_on = dates.half_term_starts_on, dates.half_term_ends_on
    is_new = session.is_modified(row)
    session.flush()
    if is_new:
        record(session, TERM_SAVED, subject_id=row.id, starts_on=row.starts_on.isoformat())


def remove_term(session: Session, authority_id: UUID, term_id: UUID) -> None:
    """Take a term out of the calendar. Raises Refused where it is out already."""
    row = session.get(AuthorityTerm, (authority_id, term_id))
    if row is None:
        raise Refused(_("That term has already been taken out."))
    starts_on = row.starts_on
    session.delete(row)
    session.flush()
    record(session, TERM_REMOVED, subject_id=term_id, starts_on=starts_on.isoformat())


def get_term(session: Session, authority_id: UUID, term_id: UUID, *, hold: bool = False) -> AuthorityTerm:
    """As `find_term`. Raises NotFound."""
    row = find_term(session, authority_id, term_id, hold=hold)
    if row is None:
        raise NotFound
    return row


def find_term(
    session: Session, authority_id: UUID, term_id: UUID, *, hold: bool = False
) -> AuthorityTerm | None:
    """One term, as it is now and kept so when it is to be held; None where there is none."""
    return session.get(
        AuthorityTerm, (authority_id, term_id), populate_existing=hold, with_for_update=hold or None
    )


def close_all(session: Session, authority_id: UUID, *, on_date: date, reason: str) -> None:
    """Shut all schools on a day; sessions planned on it come up at each school. Raises Refused the second time."""
    try:
        with session.begin_nested():
            session.add(AuthorityClosedDay(authority_id=authority_id, on_date=on_date, reason=reason))
            session.flush()
    except IntegrityError:
        raise Refused(_("This day is already in the list.")) from None
    record(session, ALL_CLOSED, subject_id=authority_id, on_date=on_date.isoformat())


def open_all(session: Session, authority_id: UUID, closed_day_id: UUID) -> None:
    """The schools are open on that day after all. Raises Refused where the day is not in the list any more."""
    row = session.get(AuthorityClosedDay, (authority_id, closed_day_id))
    if row is None:
        raise Refused(_("That day has already been taken out."))
    on_date = row.on_date
    session.delete(row)
    session.flush()
    record(session, ALL_OPEN, subject_id=authority_id, on_date=on_date.isoformat())
