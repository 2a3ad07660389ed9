"""The command `webelong`. Each command imports what it needs, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app.cli.authority import authority
from app.cli.packages import packages
from app.cli.register import register
from app.cli.release import release
from infra.settings import SettingsError, demo_directory, load_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """We Belong: parents' peer support in all of a borough's schools."""


cli.add_command(authority)
cli.add_command(packages)
cli.add_command(register)
cli.add_command(release)


@cli.command()
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path), default=None, help="Where its data is kept."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Where the website answers.")
def demo(directory: Path | None, port: int | None) -> None:
    """Start everything on this machine, with an invented borough, and print a sign-in link per role."""
    from app.cli.demo import run_demo

    sys.exit(run_demo(directory or demo_directory(), port))


@cli.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def serve(bind: str, workers: int) -> None:
    """Start the web server."""
    _replace_process(
        "gunicorn",
        # No access log: it would hold the secrets of one-time links. The application writes its own.
        "--config",
        "python:infra.webserver",
        "--bind",
        bind,
        "--workers",
        str(workers),
        "wsgi:app",
    )


@cli.command()
@click.argument("kind", type=click.Choice(["messages", "documents", "rollup", "schedule"]))
def worker(kind: str) -> None:
    """Start one worker process: for a queue, or the schedule."""
    _replace_process("workers", kind)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest revision, as the owner role."""
    from migrations.run import head, upgrade

    upgrade(load_settings().secret("database_owner_url"))
    click.echo(f"The database is at revision {head()}.")


@cli.command()
def doctor() -> None:
    """Check settings, connections, roles and policies; say in plain words what is wrong."""
    from app.cli.doctor import examine

    findings = examine()
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_fine else 'FIX '} {finding.text}")
    sys.exit(0 if all(finding.is_fine for finding in findings) else 1)


def _replace_process(module: str, *arguments: str) -> None:
    """Become `python -m module`, with a running demo's settings where the environment has none."""
    settings = load_settings()
    environment = dict(os.environ)
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
            environment.setdefault(name.upper(), plain)
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606


def main() -> None:
    """Entry point of the console script."""
    try:
        cli()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
