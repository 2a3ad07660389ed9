"""Whom a group could help, in the words of a school's staff: one picture, by which every colleague asks.

Kept by version: nothing is changed, so what colleagues asked by on any day can be read. It is about nobody: names of
people in the list are refused. Staff of the school read it, nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.recruitment.models import ParentContact, WhomItHelps
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.names_in_words import names_in
from app.shell.parsing import full_name
from app.shell.refusals import Refused
from infra.clock import now

WRITTEN = define("recruitment:whom:written")
#: Letters of one answer: what is longer, nobody reads before they ask.
LETTERS = 600
#: More names than these are not listed in a refusal.
MOST_NAMED = 5
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('whom it helps ' || :school, 0))")


class Prompt(NamedTuple):
    """What is asked, with an answer that a school could give."""

    label: LazyString
    example: LazyString


PROMPTS: Mapping[str, Prompt] = {
    "whom": Prompt(
        _l("Whom could a group help just now?"),
        _l(
            "Parents and carers of children who find it hard to get to school, most of all in Years 7 to 9. Those who"
            " seem alone with it. They need no diagnosis and no letter from anybody."
        ),
    ),
    "signs": Prompt(
        _l("What do we notice?"),
        _l(
            "Mornings are a struggle. A child comes late, goes home early or stays in one room. A parent says that"
            " nobody believes them, or has stopped picking up when we call."
        ),
    ),
    "wait": Prompt(
        _l("When do we wait, or let somebody else ask?"),
        _l(
            "While a meeting about a fine is still to come. Where they and one of us have fallen out, another colleague"
            " asks. Whoever said no is not asked again this year."
        ),
    ),
    "asking": Prompt(
        _l("How do we ask?"),
        _l(
            "Whoever they trust asks, by phone or at the gate. We say first that we believe them. We say that other"
            " parents lead the group, and that no is a full answer."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Version:
    """What was written once, by prompt; an answer is empty where none was given."""

    version: int
    answers: Mapping[str, str]
    by_name: str
    written_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether the words were taken away then."""
        return not any(self.answers.values())


class _Named(NamedTuple):
    name: str
    known_as: str


def find(session: Session, school_id: UUID) -> Version | None:
    """What stands today; None where nothing was ever written."""
    row = session.execute(_written(school_id).limit(1)).first()
    return _as_version(row) if row else None


def beside(session: Session, school_id: UUID) -> dict[str, Any]:
    """What a page on which somebody is asked needs to show it: `whom`, `prompts`."""
    return {"whom": find(session, school_id), "prompts": PROMPTS}


def list_versions(session: Session, school_id: UUID) -> Sequence[Version]:
    """All that was ever written, the newest first."""
    return [_as_version(row) for row in session.execute(_written(school_id))]


def write(
    session: Session, school_id: UUID, by: str, answers: Mapping[str, str], *, names_nobody: bool
) -> bool:
    """Let these words stand from now on; without any, nothing stands. False where it says so already.

    Raises Refused where they name somebody in the list, or where a colleague wrote since the page was opened.
    """
    kept = {name: answers[name] for name in PROMPTS}
    # Of two who write at once, the second reads what the first wrote.
    session.execute(_HOLD, {"school": str(school_id)})
    newest = find(session, school_id)
    if kept == (newest.answers if newest else dict.fromkeys(PROMPTS, "")):
        return False
    if not is_as_shown(newest.version if newest else 0):
        raise Refused(changed_since())
    if not names_nobody:
        _refuse_names(session, school_id, kept)
    session.add(
        WhomItHelps(
            school_id=school_id,
            version=newest.version + 1 if newest else 1,
            **kept,
            by_name=by,
            written_at=now(),
        )
    )
    session.flush()
    record(session, WRITTEN, subject_id=school_id)
    return True


def _refuse_names(session: Session, school_id: UUID, answers: Mapping[str, str]) -> None:
    """Only as names are written: among all who are in the list, a Young or a Hope stands in every second sentence."""
    rows = session.execute(
        select(ParentContact.first_name, ParentContact.last_name, ParentContact.known_as).where(
            ParentContact.school_id == school_id
        )
    )
    people = [_Named(full_name(first, last), known_as) for first, last, known_as in rows]
    for field, words in answers.items():
        if found := sorted(set(names_in(words, people))):
            raise Refused(
                _(
                    "A name of somebody in your list stands there: %(names)s. Write of nobody in particular. Or tick"
                    " below that it is only a word.",
                    names=", ".join(found[:MOST_NAMED]),
                ),
                field,
            )


def _written(school_id: UUID) -> Select[int, str, str, str, str, str, datetime]:
    return (
        select(
            WhomItHelps.version,
            WhomItHelps.whom,
            WhomItHelps.signs,
            WhomItHelps.wait,
            WhomItHelps.asking,
            WhomItHelps.by_name,
            WhomItHelps.written_at,
        )
        .where(WhomItHelps.school_id == school_id)
        .order_by(WhomItHelps.version.desc())
    )


def _as_version(row: Row[int, str, str, str, str, str, datetime]) -> Version:
    answers = {name: getattr(row, name) for name in PROMPTS}
    return Version(row.version, answers, row.by_name, row.written_at)
