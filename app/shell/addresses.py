"""Addresses of our pages, by their shape: a page has fifty, and werkzeug would put each together anew.

What is kept, per process, is what `url_for` made for a page's name and the names of its ids, with a gap for each id.
No id, and nothing that anybody typed, is kept.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, has_request_context, request

#: Ids from here stand for those to come, so that their places are found.
_STAND = 0xFACADE << 96


class Site(Flask):
    """Flask, whose `url_for` knows a page's address by its shape where it only needs ids."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._shapes: dict[tuple[str, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        ids = {name: value for name, value in values.items() if not (name[0] == "_" and value is None)}
        if (
            endpoint[:1] != "."
            and has_request_context()
            and all(type(value) is UUID for value in ids.values())
        ):
            shape = self._shape_of(endpoint, tuple(ids))
            if shape is not None:
                return shape.format_map(ids)
        return super().url_for(endpoint, **values)

    def _shape_of(self, endpoint: str, names: tuple[str, ...]) -> str | None:
        """The address with `{name}` for each id; None where the service lies below another address."""
        if request.environ.get("SCRIPT_NAME"):
            return None
        key = (endpoint, *names)
        if key not in self._shapes:
            self._shapes[key] = self._shape(
                endpoint, **{name: UUID(int=_STAND + number) for number, name in enumerate(names)}
            )
        return self._shapes[key]

    def _shape(self, endpoint: str, /, **stands: UUID) -> str:
        shape = super().url_for(endpoint, **stands).replace("{", "{{").replace("}", "}}")  # type: ignore[arg-type]
        for name, stand in stands.items():
            shape = shape.replace(str(stand), f"{{{name}}}")
        return shape
