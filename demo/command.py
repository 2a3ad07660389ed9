"""The commands of the demo and its workshop. Each imports what it runs when it runs, so that `--help` is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click


@click.command()
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path), default=None, help="Where its data is kept."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Where the website answers.")
def demo(directory: Path | None, port: int | None) -> None:
    """Start everything on this machine, with an invented borough, and print a sign-in link per role."""
    from demo.run import run_demo
    from infra.settings import demo_directory

    sys.exit(run_demo(directory or demo_directory(), port))


def _scoped(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say whose scope a console has."""
    for option in (
        click.option("--person", default="", help="The id of the person, where rows are theirs alone."),
        click.option("--authority", default="", help="Words of the authority's name, or its id."),
        click.option("--school", default="", help="Words of the school's name, or its id."),
        click.option(
            "--role", default="wb_school", show_default=True, help="An audience of tenants/scope.py."
        ),
    ):
        command = option(command)
    return command


@click.command()
@_scoped
def sql(role: str, school: str, authority: str, person: str) -> None:
    """Open psql on the running demo in one audience's scope."""
    from demo.consoles import NotOne, find_scope, open_sql
    from infra.settings import load_settings

    try:
        open_sql(find_scope(load_settings(), role, school, authority, person))
    except NotOne as error:
        raise click.UsageError(str(error)) from None


@click.command()
@_scoped
def shell(role: str, school: str, authority: str, person: str) -> None:
    """Open a Python console on the running demo, with a session in one audience's scope."""
    from demo.consoles import NotOne, find_scope, open_shell
    from infra.settings import load_settings

    try:
        open_shell(find_scope(load_settings(), role, school, authority, person))
    except NotOne as error:
        raise click.UsageError(str(error)) from None


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=5050, show_default=True)
def dev(port: int) -> None:
    """Serve the running demo's data with reload, a debugger and a panel of statements (/dev/requests)."""
    from demo.dev import serve

    serve(port)
