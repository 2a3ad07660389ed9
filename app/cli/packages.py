"""`webelong packages`: does anything that we stand on have a known weakness?"""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from infra.logs import configure_logging, get_logger
from infra.packages import OSV_URL, Look, keep, look
from infra.redis_client import impatient
from infra.settings import SettingsError, load_settings


@click.command()
@click.option(
    "--url", envvar="OSV_URL", default=OSV_URL, show_default=True, help="A database that speaks OSV."
)
@click.option("--note", is_flag=True, help="Remember the answer for `webelong doctor`, and log it.")
def packages(url: str, note: bool) -> None:
    """Ask a public database about every locked package. 0: none known; 1: weaknesses; 2: could not ask."""
    found = look(url)
    if note:
        _note(found)
    if found.problem:
        click.echo(
            f"Could not look for known weaknesses: {found.problem}. Nothing is known, good or bad.", err=True
        )
        sys.exit(2)
    if found.weaknesses:
        _show(found)
        sys.exit(1)
    click.echo(f"None of {found.packages} packages has a known weakness.")


def _show(found: Look) -> None:
    table = Table("Package", "Version", "Weakness", "Mended in", title="Known weaknesses")
    for one in found.weaknesses:
        table.add_row(one.package, one.version, one.name, one.mended_in or "not yet")
    Console(width=100).print(table)


def _note(found: Look) -> None:
    configure_logging()
    log = get_logger()
    if found.problem:
        log.warning("packages_not_looked_at", reason=found.problem)
    elif found.weaknesses:
        names = sorted({f"{one.package} {one.version} {one.name}" for one in found.weaknesses})
        log.error("packages_with_weaknesses", count=len(names), reason="; ".join(names)[:500])
    else:
        log.info("packages_looked_at", count=found.packages)
    try:
        settings = load_settings()
    except SettingsError as error:
        click.echo(str(error), err=True)
        return
    with impatient(settings.secret("redis_url")) as redis:
        keep(redis, found)
