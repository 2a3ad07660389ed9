"""Pages that only a demonstration has. They come by entry point, so production neither holds nor knows them."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Protocol

from flask import Blueprint

from app.shell.access import AccessTable

GROUP = "webelong.kit"


class Kit(Protocol):
    """A module with pages, and who may open each of them."""

    blueprint: Blueprint
    ACCESS: AccessTable


def load_kits(*, is_demo: bool) -> list[Kit]:
    """The kits that are installed; none outside a demonstration, whatever is installed there."""
    return [entry.load() for entry in entry_points(group=GROUP)] if is_demo else []
