"""The roll-up's round: adds up what is due, makes the releases that were asked for, publishes, withdraws.

Each school, and each release, is one transaction: killed between two, nothing is half done and the rest is still due.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.outcomes.models import PublishedRelease, Release, ReleaseRequest
from app.outcomes.services import build_release, mark_withdrawn, publish_release, rebuild_drafts
from app.outcomes.summaries import add_up_group, count_activity
from app.outcomes.windows import TermDates, TermWindow, windows_of
from app.rollup_due.queue import list_due_schools, lock_due, settle
from app.schools import for_results
from app.states.releases import ReleaseState
from infra.clock import today
from infra.logs import get_logger
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

log = get_logger()

EVERYWHERE = Scope(Audience.ROLLUP)


def run_round(engine: Engine) -> int:
    """Do everything that waits for the roll-up; how many rows, requests and releases were dealt with."""
    return add_up_due(engine) + answer_requests(engine) + settle_releases(engine)


def list_windows(session: Session, authority_id: UUID) -> list[TermWindow]:
    """The authority's windows, oldest first."""
    terms = [TermDates(*row) for row in for_results.list_term_days(session, authority_id)]
    return windows_of(terms, today())


def add_up_due(engine: Engine) -> int:
    """Work through `rollup_due` and `activity_due`, then make drafts anew that this changed."""
    with ScopedSession(engine, scope=EVERYWHERE) as session:
        schools = for_results.list_owners(session, list_due_schools(session))
    done = 0
    changed: dict[UUID, set[str]] = {}
    for row in schools:
        count, keys = _add_up_school(engine, row.authority_id, row.school_id)
        done += count
        changed.setdefault(row.authority_id, set()).update(keys)
    for authority_id, keys in changed.items():
        for key in sorted(keys):
            with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
                rebuild_drafts(session, authority_id, key, list_windows(session, authority_id))
                session.commit()
    return done


def _add_up_school(engine: Engine, authority_id: UUID, school_id: UUID) -> tuple[int, set[str]]:
    """One school in one transaction. Due rows are locked, so what is written meanwhile becomes due again."""
    keys = set()
    with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id, school_id)) as session:
        groups, is_due = lock_due(session, school_id)
        windows = list_windows(session, authority_id) if groups else []
        for cohort_id in groups:
            if key := add_up_group(session, authority_id, school_id, cohort_id, windows):
                keys.add(key)
        if is_due:
            count_activity(session, school_id)
        settle(session, school_id, groups, activity=is_due)
        session.commit()
    return len(groups) + is_due, keys


def answer_requests(engine: Engine) -> int:
    """Make a release for every window that an authority asked for."""
    with ScopedSession(engine, scope=EVERYWHERE) as session:
        asked = session.execute(select(ReleaseRequest.authority_id, ReleaseRequest.window_key)).all()
    done = 0
    for authority_id, key in asked:
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            request = session.scalar(
                select(ReleaseRequest)
                .where(ReleaseRequest.authority_id == authority_id, ReleaseRequest.window_key == key)
                .with_for_update(skip_locked=True)
            )
            if request is None:
                continue
            build_release(
                session, authority_id, key, request.asked_by, windows=list_windows(session, authority_id)
            )
            session.delete(request)
            session.commit()
            done += 1
    return done


def settle_releases(engine: Engine) -> int:
    """Publish what authorities pressed Publish for, and take back what they withdrew."""
    with ScopedSession(engine, scope=EVERYWHERE) as session:
        waiting = session.execute(
            select(Release.authority_id, Release.id).where(Release.state == ReleaseState.PUBLISHING)
        ).all()
        withdrawn = session.execute(
            select(Release.authority_id, Release.id)
            .join(
                PublishedRelease,
                (PublishedRelease.authority_id == Release.authority_id) & (PublishedRelease.id == Release.id),
            )
            .where(Release.state == ReleaseState.WITHDRAWN, PublishedRelease.withdrawn_at.is_(None))
        ).all()
    for authority_id, release_id in waiting:
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            windows = list_windows(session, authority_id)
            publish_release(session, authority_id, release_id, windows=windows)
            session.commit()
    for authority_id, release_id in withdrawn:
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            mark_withdrawn(session, authority_id, release_id)
            session.commit()
    return len(waiting) + len(withdrawn)
