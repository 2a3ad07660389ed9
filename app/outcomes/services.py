"""Releases: put together, looked at again, published once, withdrawn. The first half runs as the roll-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.history import list_last
from app.audit.trail import define, record
from app.outcomes.assembly import (
    FEW_SCHOOLS,
    ReleaseBlocked,
    assemble_release,
    validate_release,
)
from app.outcomes.assembly import Release as AssembledRelease
from app.outcomes.disclosure.records import CohortRow, ReleasePopulation, canonical_json, sha256_of
from app.outcomes.models import (
    CohortSummary,
    PublishedRelease,
    Release,
    ReleaseCohort,
    ReleaseLedger,
    ReleaseRequest,
)
from app.outcomes.statistics import CohortSums
from app.outcomes.windows import TermWindow, find_window
from app.schools import for_results
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.releases import IS_APPROVED, MAY_PUBLISH, OPEN, ReleaseState
from infra.clock import now, today
from infra.ids import new_id
from tenants.scope import Scope

BUILT = define("outcomes:release:built", keys=("window", "state"))
PUBLISHED = define("outcomes:release:published", keys=("window", "sha256"))
STOPPED = define("outcomes:release:stopped", keys=("window",))
WITHDRAWN = define("outcomes:release:withdrawn", keys=("window",))
ASKED = define("outcomes:release:asked", keys=("window",))
OPENED = define("outcomes:release:shown_to_everybody", keys=("window", "shown"))
APPROVED = define("outcomes:release:approved", keys=("window",))

CHANGED = "Numbers have changed since you looked. Look again, then publish."
NOT_OVER = "The term is not over. Results are put together when it is."
NO_SUCH_WINDOW = "There is no such term. It looks like 2026-spring."
ALREADY = "The results of this term are published. Withdraw them first."


# ---- as the roll-up


def build_release(
    session: Session, authority_id: UUID, window_key: str, built_by: str, *, windows: Sequence[TermWindow]
) -> Release:
    """Put the release of a window together, as a draft, or blocked with its problems in plain words.

    A draft of the same window is replaced. Returns the published one untouched where there is one.
    """
    standing = _find_standing(session, authority_id, window_key)
    if standing is not None and standing.state in IS_APPROVED:
        return standing
    found = find_window(windows, window_key)
    assembled, problems = None, [NO_SUCH_WINDOW]
    if found is not None:
        assembled, problems = _assemble(session, authority_id, found)
    release = standing or Release(
        authority_id=authority_id, id=new_id(), window_key=window_key, payload={}, sha256=""
    )
    release.title = found.window.name if found else window_key[:40]
    release.state = "blocked" if problems else "draft"
    release.payload = assembled.payload if assembled else {}
    release.sha256 = assembled.release_hash if assembled else sha256_of({})
    release.problems = problems
    release.notes = {path: list(why) for path, why in assembled.notes.items()} if assembled else {}
    release.built_at, release.built_by, release.approved_by = now(), built_by, ""
    session.add(release)
    session.flush()
    _keep_population(session, release, assembled.population if assembled and not problems else None)
    record(session, BUILT, subject_id=release.id, window=window_key[:40], state=release.state)
    return release


def rebuild_drafts(
    session: Session, authority_id: UUID, window_key: str, windows: Sequence[TermWindow]
) -> None:
    """Make the draft of a window anew after its numbers changed; nothing where there is none."""
    standing = _find_standing(session, authority_id, window_key)
    if standing is not None and standing.state in OPEN:
        build_release(session, authority_id, window_key, standing.built_by, windows=windows)


def publish_release(
    session: Session,
    authority_id: UUID,
    release_id: UUID,
    *,
    windows: Sequence[TermWindow],
    approved_by: str = "",
) -> Release:
    """Look at a release once more and copy it to where commissioners read; the release, in its new state.

    It is worked out afresh: if a single number differs from what was looked at, nothing is published and the new
    numbers are the draft. Publishing twice publishes once. Raises NotFound, or Refused for one that is blocked or
    withdrawn.
    """
    release = session.scalar(
        select(Release)
        .where(Release.authority_id == authority_id, Release.id == release_id)
        .with_for_update()
    )
    if release is None:
        raise NotFound
    if release.state == ReleaseState.PUBLISHED:
        return release
    if release.state not in MAY_PUBLISH:
        raise Refused(" ".join(release.problems) or "This release was withdrawn.")
    found = find_window(windows, release.window_key)
    assembled, problems = _assemble(session, authority_id, found) if found else (None, [NO_SUCH_WINDOW])
    kept = session.get(ReleaseLedger, (authority_id, release_id))
    same = (
        assembled is not None
        and assembled.release_hash == release.sha256 == sha256_of(release.payload)
        and kept is not None
        and canonical_json(kept.population) == canonical_json(assembled.population.to_json())
    )
    if problems or not same or assembled is None:
        release.state = ReleaseState.DRAFT
        session.flush()
        record(session, STOPPED, subject_id=release_id, window=release.window_key)
        release = build_release(session, authority_id, release.window_key, release.built_by, windows=windows)
        if release.state == ReleaseState.DRAFT:
            release.problems = [CHANGED]
        session.flush()
        return release
    moment = now()
    try:
        with session.begin_nested():
            release.state, release.published_at, release.problems = "published", moment, []
            release.approved_by = approved_by or release.approved_by
            session.add(
                PublishedRelease(
                    authority_id=authority_id,
                    id=release_id,
                    window_key=release.window_key,
                    title=release.title,
                    payload=release.payload,
                    sha256=release.sha256,
                    published_at=moment,
                )
            )
            session.flush()
    except IntegrityError:
        raise Refused(ALREADY) from None
    record(session, PUBLISHED, subject_id=release_id, window=release.window_key, sha256=release.sha256)
    return release


def mark_withdrawn(session: Session, authority_id: UUID, release_id: UUID) -> None:
    """Tell commissioners that a release was withdrawn, when and why; it stays in the ledger, since it was read."""
    published = session.get(PublishedRelease, (authority_id, release_id))
    release = session.get(Release, (authority_id, release_id))
    if published is not None and release is not None and published.withdrawn_at is None:
        published.withdrawn_at = release.withdrawn_at or now()
        published.withdrawn_reason = release.withdrawn_reason
        session.flush()


def _assemble(
    session: Session, authority_id: UUID, found: TermWindow
) -> tuple[AssembledRelease | None, list[str]]:
    """The release of a window from today's sums, and every reason against publishing it."""
    if not found.is_over(today()):
        return None, [NOT_OVER]
    rows = list_rows(session, authority_id, found.window.id)
    name = for_results.name_of_authority(session, authority_id)
    try:
        assembled = assemble_release(name, found.window, rows, _earlier(session, authority_id))
    except ReleaseBlocked as blocked:
        return None, list(blocked.problems)
    problems = [problem.message for problem in validate_release(assembled.payload, rows)]
    if not assembled.payload["enough_schools"]:
        problems.insert(0, FEW_SCHOOLS)
    return assembled, list(dict.fromkeys(problems))


def list_rows(session: Session, authority_id: UUID, window_key: str) -> list[CohortRow]:
    """The sums of every closed group of a window, in the order of ids."""
    schools = for_results.list_controllers(session, authority_id)
    summaries = session.scalars(
        select(CohortSummary)
        .where(CohortSummary.authority_id == authority_id, CohortSummary.window_key == window_key)
        .order_by(CohortSummary.cohort_id)
        .execution_options(populate_existing=True)
    )
    return [
        CohortRow(
            cohort_id=str(summary.cohort_id),
            school_id=str(summary.school_id),
            controller=schools[summary.school_id].controller_code,
            phase=schools[summary.school_id].phase,
            sums={key: CohortSums(**sums) for key, sums in summary.domains.items()},
            **summary.counts,
        )
        for summary in summaries
        # A group in which nobody started says nothing about anybody.
        if summary.counts["started"]
    ]


def _earlier(session: Session, authority_id: UUID) -> list[ReleasePopulation]:
    """The populations of all releases ever published here, withdrawn ones too."""
    kept = session.scalars(
        select(ReleaseLedger.population)
        .join(
            Release,
            (Release.authority_id == ReleaseLedger.authority_id) & (Release.id == ReleaseLedger.release_id),
        )
        .where(Release.authority_id == authority_id, Release.published_at.is_not(None))
        .order_by(Release.published_at)
    )
    return [ReleasePopulation.from_json(population) for population in kept]


def _find_standing(session: Session, authority_id: UUID, window_key: str) -> Release | None:
    """The window's release that is not withdrawn."""
    return session.scalar(
        select(Release)
        .where(
            Release.authority_id == authority_id,
            Release.window_key == window_key,
            Release.state != ReleaseState.WITHDRAWN,
        )
        .order_by(Release.built_at.desc())
        .limit(1)
        .with_for_update()
    )


def _keep_population(session: Session, release: Release, population: ReleasePopulation | None) -> None:
    owner = {"authority_id": release.authority_id, "release_id": release.id}
    session.execute(
        delete(ReleaseCohort).where(
            ReleaseCohort.authority_id == release.authority_id, ReleaseCohort.release_id == release.id
        )
    )
    if population is None:
        return
    statement = insert(ReleaseLedger).values(**owner, population=population.to_json())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["authority_id", "release_id"], set_={"population": population.to_json()}
        )
    )
    ids = [UUID(member.cohort_id) for member in population.members]
    found = session.execute(
        select(CohortSummary.school_id, CohortSummary.cohort_id).where(CohortSummary.cohort_id.in_(ids))
    )
    session.execute(
        insert(ReleaseCohort),
        [{**owner, "school_id": row.school_id, "cohort_id": row.cohort_id} for row in found],
    )


# ---- as the authority


def ask_for_release(session: Session, authority_id: UUID, window: TermWindow, asked_by: str) -> None:
    """Ask the roll-up for the release of a window; asking twice within a minute is asking once."""
    moment = now()
    values = {"asked_by": asked_by, "asked_at": moment}
    statement = insert(ReleaseRequest).values(
        authority_id=authority_id, window_key=window.window.id, **values
    )
    is_new = session.execute(
        statement.on_conflict_do_update(
            index_elements=["authority_id", "window_key"],
            set_=values,
            where=ReleaseRequest.asked_at < moment - timedelta(minutes=1),
        ).returning(ReleaseRequest.window_key)
    ).scalar_one_or_none()
    if is_new:
        record(session, ASKED, window=window.window.id)


def approve_release(session: Session, release: Release, approved_by: str, sha256: str) -> None:
    """Hand a draft to the roll-up for publishing. Raises Refused when it is not the one that was looked at."""
    if release.state in IS_APPROVED:
        return
    if release.state != ReleaseState.DRAFT:
        raise Refused("These results cannot be published. The reasons are on the page.")
    if release.sha256 != sha256:
        raise Refused(CHANGED)
    try:
        with session.begin_nested():
            release.state, release.approved_by = "publishing", approved_by
            session.flush()
    except IntegrityError:
        raise Refused(ALREADY) from None
    record(session, APPROVED, subject_id=release.id, window=release.window_key)


def withdraw_release(
    session: Session, authority_id: UUID, release_id: UUID, *, reason: str, by: str
) -> Release | None:
    """Take a published release back; None, and the first reason stays, where that was done before.

    Of two who press at once the second finds it done. Raises NotFound, and Refused for one that was never published.
    """
    release = session.scalar(
        select(Release)
        .where(Release.authority_id == authority_id, Release.id == release_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if release is None:
        raise NotFound
    if release.state == ReleaseState.WITHDRAWN:
        return None
    if release.state != ReleaseState.PUBLISHED:
        raise Refused("Only published results can be withdrawn.")
    # Everybody stops reading it now; commissioners read that it was withdrawn when the roll-up has said so.
    show_to_everybody(session, authority_id, release_id, shown=False)
    published = session.get(PublishedRelease, (authority_id, release_id))
    release.state, release.withdrawn_at = "withdrawn", now()
    release.withdrawn_by, release.withdrawn_reason = by, reason
    release.was_public = published is not None and published.first_public_at is not None
    session.flush()
    record(session, WITHDRAWN, subject_id=release_id, window=release.window_key)
    return release


def how_it_is_shown(
    session: Session, scope: Scope, published: PublishedRelease | None
) -> tuple[datetime | None, ...]:
    """Since when everybody reads it, if they do, and when that was last changed: what a page of it showed."""
    if published is None:
        return ()
    changed = list_last(session, scope, OPENED, [published.id]).get(published.id)
    return published.public_at, changed


def show_to_everybody(session: Session, authority_id: UUID, release_id: UUID, *, shown: bool) -> None:
    """Let everybody read a published release, or no longer; the same again changes nothing.

    Raises NotFound, and Refused for one that is not published or was withdrawn.
    """
    found = session.scalar(
        select(PublishedRelease)
        .where(PublishedRelease.authority_id == authority_id, PublishedRelease.id == release_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if shown and found.withdrawn_at is not None:
        raise Refused("These results were withdrawn, so nobody sees them.")
    if (found.public_at is not None) == shown:
        return
    found.public_at = now() if shown else None
    found.first_public_at = found.first_public_at or found.public_at
    session.flush()
    record(session, OPENED, subject_id=release_id, window=found.window_key, shown=shown)
