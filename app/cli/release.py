"""`webelong release`: put a term's results together, and publish them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.outcomes.models import Release
from app.outcomes.rollup import add_up_due, list_windows
from app.outcomes.services import build_release, publish_release
from app.schools.for_results import find_authorities
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.releases import ReleaseState
from infra.database import make_engine
from infra.settings import load_settings
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

BLOCKED = 1


@click.group()
def release() -> None:
    """Results of a term, for commissioners."""


@release.command()
@click.argument("authority")
@click.argument("window")
def build(authority: str, window: str) -> None:
    """Add up AUTHORITY's groups and put the results of WINDOW (like 2026-spring) together as a draft.

    Exit status: 0 a draft (or already published), 1 blocked, with the reasons.
    """
    with _rollup() as engine:
        authority_id, name = _find_authority(engine, authority)
        add_up_due(engine)
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            windows = list_windows(session, authority_id)
            if window not in {found.window.id for found in windows}:
                raise click.BadParameter(
                    f"{name} has no term {window}. The last are {', '.join(w.window.id for w in windows[-3:])}.",
                    param_hint="WINDOW",
                )
            made = build_release(session, authority_id, window, "system", windows=windows)
            session.commit()
            _report(name, made)


@release.command()
@click.argument("authority")
@click.argument("release_id", metavar="RELEASE")
def publish(authority: str, release_id: str) -> None:
    """Check RELEASE (the id that build printed) once more and publish it to AUTHORITY's commissioners.

    Exit status: 0 published, 1 not, with the reasons.
    """
    try:
        wanted = UUID(release_id)
    except ValueError:
        raise click.BadParameter(
            "It is the id that `webelong release build` prints.", param_hint="RELEASE"
        ) from None
    with _rollup() as engine:
        authority_id, name = _find_authority(engine, authority)
        add_up_due(engine)
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            try:
                windows = list_windows(session, authority_id)
                made = publish_release(session, authority_id, wanted, windows=windows, approved_by="system")
            except NotFound:
                raise click.ClickException(f"{name} has no release {release_id}.") from None
            except Refused as reason:
                raise click.ClickException(f"Nothing was published. {reason}") from None
            session.commit()
            _report(name, made)
            if made.state != ReleaseState.PUBLISHED:
                sys.exit(BLOCKED)


def _report(name: str, made: Release) -> None:
    words = {"draft": "is a draft", "published": "is published", "blocked": "cannot be published"}
    click.echo(f"{name}, {made.title}: the release {made.id} {words.get(made.state, made.state)}.")
    for problem in made.problems:
        click.echo(f"- {problem}")
    if made.state == ReleaseState.BLOCKED:
        sys.exit(BLOCKED)
    click.echo(f"Its hash is {made.sha256}.")


def _find_authority(engine: Engine, given: str) -> tuple[UUID, str]:
    with ScopedSession(engine, scope=Scope(Audience.ROLLUP)) as session:
        found = find_authorities(session, given.strip())
    if len(found) != 1:
        raise click.BadParameter(
            f"There is no authority {given}. Give its name, its short name or its LA code.",
            param_hint="AUTHORITY",
        )
    return found[0].authority_id, found[0].name


@contextmanager
def _rollup() -> Iterator[Engine]:
    engine = make_engine(load_settings().secret("database_rollup_url"))
    try:
        yield engine
    except ProgrammingError:
        raise click.ClickException(
            "This database has no tables for it. Let DATABASE_ROLLUP_URL be the login wb_rollup, and run"
            " `webelong migrate`."
        ) from None
    except OperationalError:
        raise click.ClickException(
            "The database does not answer. Start it, or check DATABASE_ROLLUP_URL. Nothing was changed."
        ) from None
    finally:
        engine.dispose()
