"""`webelong register`: the national register of schools."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from app.schools.register_file import RegisterFile, RegisterFileError
from app.schools.register_import import ImportBusy, ImportCounts, OlderEdition, Remark, import_register
from infra import clock
from infra.settings import SettingsError, demo_directory, load_settings


class WrongFile(click.ClickException):
    """The file cannot be used; nothing was written."""

    exit_code = 2


@click.group()
def register() -> None:
    """The Department for Education's register of schools."""


@register.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--edition",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that the file is of, where its name does not say (edubasealldata20261120.csv does).",
)
@click.option("--older", is_flag=True, help="Bring it in although a later edition is here already.")
@click.option("--json", "as_json", is_flag=True, help="End standard output with one line of JSON.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the lines that need a word (default: the demo's folder, or the temporary folder).",
)
def import_(file: Path, as_json: bool, report: Path | None, edition: datetime | None, older: bool) -> None:
    """Bring FILE, the register's “Establishment fields CSV”, into the database.

    Nothing closes by being absent from the file; how many open schools are absent is
    said. Lines without a six-digit URN are named in the report.
    """
    notes = _Report(report)
    try:
        counts = _run(file, notes, edition.date() if edition else None, older=older)
    except OlderEdition as error:
        notes.discard()
        raise WrongFile(f"{error} Nothing was changed.") from None
    except RegisterFileError as error:
        notes.discard()
        raise WrongFile(f"{error} Nothing was changed.") from None
    except BaseException:
        notes.discard()
        raise
    notes.close()
    if notes.written:
        click.echo(
            f"{notes.written} remarks, {counts.rejected} rejected rows among them: {notes.path}", err=True
        )
    if counts.edition is None:
        click.echo("The file does not say which day it is of. Say so with --edition.", err=True)
    if counts.not_in_file:
        click.echo(
            f"{counts.not_in_file:,} open schools are not in this edition. They stay open here."
            if counts.not_in_file > 1
            else "One open school is not in this edition. It stays open here.",
            err=True,
        )
    click.echo(json.dumps(counts.as_dict()) if as_json else _in_words(counts))


def _run(file: Path, notes: _Report, edition: date | None, *, older: bool) -> ImportCounts:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    RegisterFile(file)
    try:
        with psycopg.connect(_owner_url(), connect_timeout=5, application_name="webelong") as connection, bar:
            task = bar.add_task("Reading the register", total=None)
            return import_register(
                connection,
                file,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
                remark=notes.add,
                edition=edition,
                older=older,
            )
    except ImportBusy as error:
        raise click.ClickException(str(error)) from None
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        raise click.ClickException(
            "There is no register that this login may write. Let DATABASE_OWNER_URL be the owner's,"
            " and run `webelong migrate` first."
        ) from None
    except psycopg.ProgrammingError:
        # Not its own words: they would show the address, password and all.
        raise click.ClickException(
            "DATABASE_OWNER_URL is not the address of a PostgreSQL database."
        ) from None
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0] if str(error) else "no answer"
        raise click.ClickException(
            f"The database does not answer ({reason}). Start it, or check DATABASE_OWNER_URL."
            " Nothing was changed."
        ) from None


def _owner_url() -> str:
    """The owner's address as libpq reads it, from the environment or a running demo's folder."""
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        try:
            url = load_settings().secret("database_owner_url")
        except SettingsError as error:
            raise click.ClickException(
                f"Set DATABASE_OWNER_URL, or WEBELONG_DIR to a running demo's folder. {error}"
            ) from None
    scheme, separator, rest = url.partition("://")
    return f"postgresql://{rest}" if separator and scheme.startswith("postgres") else url


def _in_words(counts: ImportCounts) -> str:
    total = sum(counts.as_dict().values())
    parts = ", ".join(f"{count:,} {what}" for what, count in counts.as_dict().items())
    return f"{total:,} rows: {parts}."


class _Report:
    """A CSV file of remarks that exists only when there is something to say and the import was kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path or _default_report()
        self.written = 0
        self._file: TextIO | None = None

    def add(self, remark: Remark) -> None:
        if self._file is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            except OSError as error:
                raise click.ClickException(
                    f"The report {self.path} cannot be written ({error.strerror})."
                    " Choose a place with --report. Nothing was changed."
                ) from None
            csv.writer(self._file).writerow(["line", "urn", "what", "words"])
        # A spreadsheet would run a cell that begins with one of these.
        urn = f"'{remark.urn}" if remark.urn[:1] in ("=", "+", "-", "@") else remark.urn
        csv.writer(self._file).writerow([remark.line, urn, remark.kind, remark.words])
        self.written += 1

    def close(self) -> None:
        if self._file:
            self._file.close()

    def discard(self) -> None:
        self.close()
        if self._file:
            self.path.unlink(missing_ok=True)


def _default_report() -> Path:
    name = f"register-import-{clock.now():%Y%m%dT%H%M%S%f}.csv"
    folder = demo_directory()
    if folder.is_dir() and os.access(folder, os.W_OK):
        return folder.resolve() / "reports" / name
    return Path(tempfile.gettempdir()) / name
