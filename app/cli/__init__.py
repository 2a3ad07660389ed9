"""The command `webelong`. Each command imports what it needs, so that `--help` is quick."""

from __future__ import annotations

import os
import sys

import click

from app.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    lazy={
        "authority": ("app.cli.authority:authority", "Councils that run the programme."),
        "packages": ("app.cli.packages:packages", "Ask a public database about every locked package."),
        "register": ("app.cli.register:register", "The Department for Education's register of schools."),
        "release": ("app.cli.release:release", "Results of a term, for commissioners."),
    },
)
def cli() -> None:
    """We Belong: parents' peer support in all of a borough's schools."""


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
    from infra.settings import load_settings
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
    from infra.settings import load_settings

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
    except Exception as error:
        # Settings take longer to load than all else that `--help` needs.
        from infra.settings import SettingsError

        if not isinstance(error, SettingsError):
            raise
        click.echo(str(error), err=True)
        sys.exit(2)
