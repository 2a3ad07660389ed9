"""A group of commands that are imported when they are run: `--help` and completion need none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import click

#: The group of entry points of what is installed beside the product, like the demonstration.
BESIDE = "webelong.commands"


class LazyGroup(click.Group):
    """Knows of each command where it is and what it does in a line (held to its own words by a test)."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.lazy, *self._beside()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if found := super().get_command(ctx, cmd_name):
            return found
        if cmd_name in self.lazy:
            module, _, name = self.lazy[cmd_name][0].partition(":")
            command: click.Command = getattr(import_module(module), name)
        elif cmd_name in (beside := self._beside()):
            command = beside[cmd_name].load()
        else:
            return None
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for name in self.list_commands(ctx):
            words = self.lazy[name][1] if name in self.lazy else ""
            if not words and (command := self.get_command(ctx, name)):
                words = command.get_short_help_str(limit=60)
            rows.append((name, words))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    @staticmethod
    def _beside() -> dict[str, Any]:
        return {entry.name: entry for entry in entry_points(group=BESIDE)}
