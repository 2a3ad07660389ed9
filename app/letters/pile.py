"""The letters of a school that are to be handed out, and what became of each as far as anybody knows.

A letter is its document. That it was printed is not that it was posted, and that it was posted is not that it arrived:
what staff did with it stands in the contact log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from flask_babel import gettext as _
from pypdf import PdfWriter
from sqlalchemy.orm import Session

from app.accounts.services import account_states
from app.audit.trail import define, record
from app.contact_log import queries as contact_log
from app.contact_log import services as contacts
from app.contact_log.models import ContactWithParent
from app.contact_log.services import Spoken
from app.contact_log.subjects import of_parent
from app.documents.models import StoredDocument
from app.documents.queries import get_document
from app.documents.services import is_kept, read_file
from app.identity.websession import Identity
from app.letters.forms import GIVEN
from app.merging.records import list_gone
from app.recruitment import doubts, letters, several
from app.recruitment import queries as recruitment
from app.recruitment.for_office import list_off_office
from app.recruitment.stages import STAGES
from app.schools import stage_rights
from app.shell.dates import day
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.contacts import How
from app.states.parents import BEFORE_JOINING
from infra.clock import LONDON, now, today
from tenants.together import together

PRINTED = define("letters:pile:printed", keys=("count",))
#: So many go into one file.
MOST = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, asked for by whom and when, and until when its link opens; None where it has none."""

    document: StoredDocument
    parent_id: UUID
    name: str
    until: datetime | None
    #: What staff noted since; None while it lies in the pile.
    given: ContactWithParent | None
    #: In words, why nobody should hand it out any more; empty where somebody should.
    why_not: str
    #: Whoever it is to is kept from the office: staff hand it over themselves.
    is_by_hand: bool = False

    @property
    def is_to_give(self) -> bool:
        return not self.why_not and self.given is None

    @property
    def is_to_print(self) -> bool:
        """Whether it lies in the file with the others: not of whom the office should not find."""
        return self.is_to_give and self.document.is_ready and not self.is_by_hand

    @property
    def marks(self) -> tuple[object, ...]:
        """For a press that counts for what its page showed."""
        return self.document.id, self.why_not, self.given.id if self.given else None


def letter_to_one(session: Session, who: Identity) -> several.Act:
    """A letter to one parent, by whoever prints it."""

    def act(parent_id: UUID) -> str:
        letters.ask_for_letter(session, who.own_school_id, who.authority_id, parent_id, by=who.name)
        return ""

    return act


def former(session: Session, school_id: UUID, ids: Sequence[UUID]) -> dict[UUID, StoredDocument]:
    """The letter that each of these parents has, where its link still opens."""
    newest = {one.parent_id: one for one in letters.list_newest(session, school_id, since=_since())}
    mine = {one: newest[one] for one in ids if one in newest}
    still = letters.open_until(session, [one.id for one in mine.values()])
    return {parent_id: one for parent_id, one in mine.items() if one.id in still}


def what_becomes_of(before: StoredDocument) -> str:
    """In words, what making another letter does to the one before."""
    if before.created_at.astimezone(LONDON).date() == today():
        return _("Their letter of today is used again.")
    return _("The link in their letter of %(day)s ends.", day=day(before.created_at))


def list_letters(session: Session, school_id: UUID) -> list[Letter]:
    """The newest letter to each parent whose link may still open, the oldest first; also to an entry that went."""
    newest = [one for one in letters.list_newest(session, school_id, since=_since()) if one.parent_id]
    ids, to = [one.id for one in newest], [one.parent_id for one in newest if one.parent_id]
    with together(session) as ask:
        contacts_of = ask(recruitment.list_contacts, school_id, to)
        stages = ask(letters.stages_of, school_id, to)
        open_until = ask(letters.open_until, ids)
        linked = ask(letters.with_link, ids)
        states = ask(account_states, to)
        doubted = ask(doubts.of_letters, school_id)
        given = ask(_given, school_id, to)
        gone = ask(list_gone, school_id)
        by_hand = ask(list_off_office, school_id, to)
    names = gone.value | {key: one.name for key, one in contacts_of.value.items()}
    return [
        Letter(
            one,
            one.parent_id,
            names[one.parent_id],
            open_until.value.get(one.id),
            next((noted for noted in given.value.get(one.parent_id, ()) if noted.at >= one.created_at), None),
            _why_not(
                stages.value.get(one.parent_id),
                opens=one.id in open_until.value,
                has_link=one.id in linked.value,
                has_come_in=one.parent_id in states.value and states.value[one.parent_id].has_signed_in,
                is_doubted=one.parent_id in doubted.value,
            ),
            one.parent_id in by_hand.value,
        )
        for one in newest
        if one.parent_id and one.parent_id in names
    ]


def _since() -> datetime:
    return now() - letters.LETTER_LIFE


def _why_not(stage: str | None, *, opens: bool, has_link: bool, has_come_in: bool, is_doubted: bool) -> str:
    if stage is None:
        return _("It was put together with another entry.")
    if stage not in BEFORE_JOINING:
        return _("They are at “%(stage)s” now.", stage=STAGES[stage].label)
    if is_doubted:
        return _("Whoever opened it said “This is not me”. Their page says what to do.")
    if opens or (has_come_in and not has_link):
        return ""  # Whoever has come in before signs in as they did: their letter has no link.
    return _("They have come in by it.") if has_come_in else _("Its link has ended. Print another.")


def _given(session: Session, school_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, list[ContactWithParent]]:
    """What staff noted of letters to each of these parents, newest first."""
    found: dict[UUID, list[ContactWithParent]] = {}
    for one in contact_log.list_of_way(session, school_id, ids, How.LETTER, GIVEN):
        found.setdefault(one.subject_id, []).append(one)
    return found


def one_file(session: Session, school_id: UUID) -> bytes:
    """Every letter that is ready and to be handed out through the office, the oldest first, as one file to print.

    Raises Refused where there is none or one of them is not there any more, StorageUnavailable and ObjectDamaged.
    """
    stage_rights.check(session, school_id, "invite_parents")
    ready = [one for one in list_letters(session, school_id) if one.is_to_print][:MOST]
    printed = PdfWriter()
    for one in ready:
        if not is_kept(one.document):
            # A pile with one fewer than its page says would be handed out as whole.
            raise Refused(
                _(
                    "The letter to %(name)s is not there any more. Print another for them.",
                    name=kept(one.name),
                )
            )
        printed.append(BytesIO(read_file(one.document)))
    if not printed.pages:
        raise Refused(_("There is no letter to print just now."))
    printed.add_metadata({"/Title": _("Letters to hand out")})
    record(session, PRINTED, subject_id=school_id, count=len(printed.pages))
    made = BytesIO()
    printed.write(made)
    return made.getvalue()


def note_given(session: Session, who: Identity, ids: Sequence[UUID], outcome: str) -> int:
    """Note in the contact log that these letters were posted, or handed over; of how many that is new.

    Raises NotFound for what is no letter of this school.
    """
    waiting = {one.document.id: one for one in list_letters(session, who.own_school_id)}
    new = 0
    for letter_id in sorted(set(ids)):
        letter = waiting.get(letter_id)
        if letter is None:
            get_document(session, letter_id)
            continue  # theirs, and over
        parent = of_parent(session, who, letter.parent_id, hold=True)
        if letter.given is not None or letter.why_not:
            continue
        contacts.note(session, parent, Spoken(How.LETTER, outcome, now(), {}), None, who)
        new += 1
    return new
