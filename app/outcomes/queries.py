"""What an authority knows of its releases, and what commissioners may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.orm import Session

from app.cohorts.led import list_last_days
from app.outcomes.models import PublishedRelease, Release, ReleaseRequest
from app.outcomes.windows import TermDates, TermWindow, find_window, window_on, windows_of
from app.schools import for_results
from app.shell.errors import NotFound
from app.states.releases import ReleaseState
from infra.clock import today
from tenants.pages import Part
from tenants.reading import read_once
from tenants.together import together


class Standing(NamedTuple):
    """A release as a list shows it, without its figures."""

    id: UUID
    window_key: str
    state: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A term at the authority: how many groups finished in it, and what became of its results."""

    key: str
    name: str
    groups: int
    is_over: bool
    is_asked_for: bool
    release: Standing | None

    @property
    def state(self) -> str:
        if self.is_asked_for:
            return "asked"
        if self.release is not None:
            return self.release.state
        return "ready" if self.is_over else "running"


def list_term_windows(session: Session, authority_id: UUID) -> list[TermWindow]:
    """The authority's windows, oldest first."""
    rows = for_results.list_term_days(session, authority_id)
    return windows_of([TermDates(*row) for row in rows], today())


def list_windows(session: Session, authority_id: UUID) -> list[WindowLine]:
    """Terms in which a group finished or that have a release, newest first."""
    with together(session) as ask:
        terms = ask(list_term_windows, authority_id)
        last_days = ask(list_last_days, authority_id)
        requests = ask(_list_asked_for, authority_id)
        releases = ask(_list_standing, authority_id)
    windows, asked = terms.value, requests.value
    groups = Counter(found.id for day in last_days.value if (found := window_on(windows, day)))
    standing: dict[str, Standing] = {}
    for release in releases.value:
        standing.setdefault(release.window_key, release)
    known = {found.window.id: found for found in windows}
    keys = [key for key in known if key in groups or key in standing or key in asked]
    return [
        WindowLine(
            key,
            known[key].window.name,
            groups[key],
            known[key].is_over(today()),
            key in asked,
            standing.get(key),
        )
        for key in reversed(keys)
    ]


_ASKED_FOR = select(ReleaseRequest.window_key).where(ReleaseRequest.authority_id == bindparam("authority_id"))
_STANDING = (
    select(Release.id, Release.window_key, Release.state)
    .where(Release.authority_id == bindparam("authority_id"), Release.state != ReleaseState.WITHDRAWN)
    .order_by(Release.built_at.desc(), Release.id)
)


@read_once
def _list_asked_for(session: Session, authority_id: UUID) -> set[str]:
    return set(session.scalars(_ASKED_FOR, {"authority_id": authority_id}))


@read_once
def _list_standing(session: Session, authority_id: UUID) -> list[Standing]:
    """Releases that are not withdrawn, the newest first."""
    return _as_standing(session.execute(_STANDING, {"authority_id": authority_id}))


def _as_standing(rows: Iterable[Any]) -> list[Standing]:
    return [Standing(*row) for row in rows]


#: What the home of a council reads ahead.
PARTS = (
    Part(
        _list_asked_for,
        _ASKED_FOR,
        takes=("authority_id",),
        answer=lambda rows: {row.window_key for row in rows},
    ),
    Part(_list_standing, _STANDING, takes=("authority_id",), answer=_as_standing),
)


def get_window(session: Session, authority_id: UUID, key: str) -> TermWindow:
    """One window by its key. Raises NotFound."""
    found = find_window(list_term_windows(session, authority_id), key)
    if found is None:
        raise NotFound
    return found


@read_once
def list_releases(session: Session, authority_id: UUID) -> list[Release]:
    """All releases of the authority, the newest first."""
    return list(
        session.scalars(
            select(Release)
            .where(Release.authority_id == authority_id)
            .order_by(Release.built_at.desc(), Release.id)
        )
    )


def get_release(session: Session, authority_id: UUID, release_id: UUID) -> Release:
    """One release of the authority. Raises NotFound."""
    found = session.get(Release, (authority_id, release_id))
    if found is None:
        raise NotFound
    return found


def list_published(session: Session, authority_id: UUID) -> list[PublishedRelease]:
    """What was ever published, the newest first; withdrawn ones say so."""
    return list(
        session.scalars(
            select(PublishedRelease)
            .where(PublishedRelease.authority_id == authority_id)
            .order_by(PublishedRelease.published_at.desc(), PublishedRelease.id)
        )
    )


def latest_of(releases: Sequence[PublishedRelease]) -> PublishedRelease | None:
    """Of those that stand, the one of the latest term, whenever it was published."""
    standing = [release for release in releases if release.withdrawn_at is None]
    return max(
        standing,
        key=lambda release: (release.payload.get("window", {}).get("ends_on", ""), release.published_at),
        default=None,
    )


_FOR_EVERYBODY = text("select * from app.results_for_everybody()")


def list_for_everybody(session: Session) -> list[Row[Any]]:
    """Releases that their authorities show to everybody, by authority, the newest first. Needs no scope."""
    return list(session.execute(_FOR_EVERYBODY))


_WITHDRAWN = text("select * from app.results_withdrawn_for_everybody()")


def list_withdrawn_for_everybody(session: Session) -> dict[UUID, datetime]:
    """When releases were withdrawn that everybody could read before, by id. Needs no scope."""
    return {row.id: row.withdrawn_at for row in session.execute(_WITHDRAWN)}


def find_shown(session: Session, authority_id: UUID, release_id: UUID) -> PublishedRelease | None:
    """A release as it was published, with whether everybody may read it; None before that."""
    return session.get(PublishedRelease, (authority_id, release_id))


def get_published(session: Session, authority_id: UUID, release_id: UUID) -> PublishedRelease:
    """One published release. Raises NotFound."""
    found = session.get(PublishedRelease, (authority_id, release_id))
    if found is None:
        raise NotFound
    return found
