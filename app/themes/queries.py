"""What a group says to its school, as each of those concerned may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, Uuid, bindparam, column, select, text
from sqlalchemy.orm import Session

from app.cohorts.my_queries import my_group_ids
from app.shell.errors import NotFound
from app.states.themes import THE_GROUPS, ThemeState
from app.themes.models import GroupTheme, ThemeVoice
from infra.clock import LONDON, now, today
from tenants.pages import Part, looked, own_part
from tenants.reading import read_once

#: How long what waits for the group is news on a home, and how long a reply may be rated.
NEW_FOR = timedelta(days=28)
RATE_FOR = timedelta(days=14)

_OVER = text("select theme_id, why from app.themes_over()").columns(
    column("theme_id", Uuid), column("why", String)
)
WHY_OVER = {
    "over": _l("Your group is over, so this goes no further."),
    "small": _l(
        "Your group has fewer than six parents now, so five who agree would be no secret. This waits."
    ),
}
_RATINGS = text("select theme_id, enough, partly, not_enough from app.reply_ratings()")
_OF_COUNCIL = text(
    "select school_id, approved_at, reply_by, replied_at, words, reply from app.themes_of_council()"
)


@dataclass(frozen=True, slots=True)
class Ratings:
    """Whether a reply is enough: how many said so; there from five on, two weeks later, and not where all say one."""

    enough: int
    partly: int
    not_enough: int


@dataclass(frozen=True, slots=True)
class SchoolReplies:
    """One school's themes in numbers: `days` is the median from approval to reply, None before the first reply."""

    school_id: UUID
    approved: int
    replied: int
    in_time: int
    late: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Released:
    """A theme that its group released to the council, with the school's reply where there is one."""

    school_id: UUID
    words: str
    reply: str
    approved_on: date


def list_of_group(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[GroupTheme]:
    """A group's themes, the newest first; without those that were taken back."""
    return session.scalars(
        select(GroupTheme)
        .where(
            GroupTheme.school_id == school_id,
            GroupTheme.cohort_id == cohort_id,
            GroupTheme.state != ThemeState.WITHDRAWN,
        )
        .order_by(GroupTheme.proposed_at.desc(), GroupTheme.id)
    ).all()


_MINE = (
    select(GroupTheme)
    .where(
        GroupTheme.school_id == bindparam("school_id"),
        GroupTheme.cohort_id.in_(my_group_ids(bindparam("school_id"), bindparam("parent_id"))),
        GroupTheme.state != ThemeState.WITHDRAWN,
    )
    .order_by(GroupTheme.proposed_at.desc(), GroupTheme.id)
)
_MY_VOICES = select(ThemeVoice).where(
    ThemeVoice.school_id == bindparam("school_id"), ThemeVoice.parent_id == bindparam("parent_id")
)


@read_once
def list_mine(session: Session, school_id: UUID, parent_id: UUID) -> list[GroupTheme]:
    """Themes of every group that this parent belongs to; the newest first."""
    return list(session.scalars(_MINE, {"school_id": school_id, "parent_id": parent_id}))


def get_theme(session: Session, school_id: UUID, theme_id: UUID) -> GroupTheme:
    """One theme that the reader may see. Raises NotFound."""
    found = session.scalar(
        select(GroupTheme).where(GroupTheme.school_id == school_id, GroupTheme.id == theme_id)
    )
    if found is None:
        raise NotFound
    return found


_OF_SCHOOL = select(GroupTheme).where(
    GroupTheme.school_id == bindparam("school_id"), GroupTheme.state.in_(THE_GROUPS)
)


@read_once
def list_of_school(session: Session, school_id: UUID) -> list[GroupTheme]:
    """Themes that groups have approved: those that wait for a reply first, by their day, then the newest replies."""
    return _in_order(session.scalars(_OF_SCHOOL, {"school_id": school_id}).all())


def _in_order(found: Sequence[GroupTheme]) -> list[GroupTheme]:
    return sorted(
        found,
        key=lambda one: (
            one.state == ThemeState.REPLIED,
            -one.replied_at.timestamp() if one.replied_at else 0,
            one.reply_by or date.max,
            str(one.id),
        ),
    )


_as_themes = looked(GroupTheme)
#: What a school's home reads ahead.
OF_SCHOOL = Part(
    list_of_school, _OF_SCHOOL, takes=("school_id",), answer=lambda rows: _in_order(_as_themes(rows))
)


@read_once
def list_my_voices(session: Session, school_id: UUID, parent_id: UUID) -> dict[UUID, ThemeVoice]:
    """What this parent said, by theme."""
    return _by_theme(session.scalars(_MY_VOICES, {"school_id": school_id, "parent_id": parent_id}).all())


def _by_theme(rows: Sequence[ThemeVoice]) -> dict[UUID, ThemeVoice]:
    return {row.theme_id: row for row in rows}


@read_once
def list_over(session: Session) -> dict[UUID, str]:
    """Themes before this parent's groups that no group can approve any more -> why, a key of `WHY_OVER`."""
    return _as_over(session.execute(_OVER).all())


def _as_over(rows: Sequence[Any]) -> dict[UUID, str]:
    return {row.theme_id: row.why for row in rows}


_as_voices = looked(ThemeVoice)
#: What a parent's home reads ahead.
PARTS_OF_PARENT = (
    own_part(
        list_mine,
        _MINE,
        looked(GroupTheme),
    ),
    own_part(
        list_my_voices,
        _MY_VOICES,
        lambda rows: _by_theme(_as_voices(rows)),
    ),
    Part(list_over, _OVER, answer=_as_over),
)


def list_ratings(session: Session) -> dict[UUID, Ratings]:
    """How parents of this school rate its replies."""
    return {
        row.theme_id: Ratings(row.enough, row.partly, row.not_enough) for row in session.execute(_RATINGS)
    }


def of_council(session: Session) -> tuple[list[SchoolReplies], list[Released]]:
    """An authority's schools in numbers, and the words that groups released to it."""
    rows: dict[UUID, list[_Row]] = {}
    for row in session.execute(_OF_COUNCIL):
        rows.setdefault(row.school_id, []).append(_Row(*row))
    released = [
        Released(one.school_id, one.words, one.reply or "", one.approved_at.astimezone(LONDON).date())
        for themes in rows.values()
        for one in themes
        if one.words
    ]
    released.sort(key=lambda one: (one.approved_on, one.words), reverse=True)
    return [_in_numbers(school_id, themes) for school_id, themes in rows.items()], released


def to_voice(
    themes: Sequence[GroupTheme], voices: Mapping[UUID, ThemeVoice], over: Mapping[UUID, str]
) -> tuple[list[GroupTheme], list[GroupTheme]]:
    """Of these: what a parent has not said yes or no to, and replies that they have not rated and may."""
    new = [
        one
        for one in themes
        if one.state == ThemeState.PROPOSED
        and one.id not in over
        and one.proposed_at > now() - NEW_FOR
        and (one.id not in voices or voices[one.id].ours is None)
    ]
    replied = [one for one in themes if may_rate(one) and (one.id not in voices or not voices[one.id].enough)]
    return new, replied


def may_rate(theme: GroupTheme) -> bool:
    """Whether parents may still say that a reply is enough, as `app.rate_reply` has it."""
    return theme.replied_at is not None and theme.replied_at > now() - RATE_FOR


@dataclass(frozen=True, slots=True)
class _Row:
    school_id: UUID
    approved_at: datetime
    reply_by: date
    replied_at: datetime | None
    words: str | None
    reply: str | None


def _in_numbers(school_id: UUID, themes: Sequence[_Row]) -> SchoolReplies:
    days = [
        (one.replied_at.astimezone(LONDON).date() - one.approved_at.astimezone(LONDON).date()).days
        for one in themes
        if one.replied_at
    ]
    return SchoolReplies(
        school_id=school_id,
        approved=len(themes),
        replied=len(days),
        in_time=sum(
            one.replied_at.astimezone(LONDON).date() <= one.reply_by for one in themes if one.replied_at
        ),
        late=sum(one.replied_at is None and one.reply_by < today() for one in themes),
        days=round(median(days)) if days else None,
    )
