"""Addresses of our own pages, put together from what a request carried or what was kept of one.

`url_for` takes arguments as keywords. Whoever writes an address chooses their names, and some names are its own
(`endpoint`, `_anchor`): so everything that came from outside goes this way, as data.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import BuildError


class NoPage(NotFound):
    """There is no such page (any more), or not with these arguments. Whoever does not catch it answers 404."""


def address_of(endpoint: str, arguments: Mapping[str, object]) -> str:
    """The path of `endpoint`, and behind it what it does not know by name. Raises NoPage."""
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            return adapter.build(endpoint, dict(arguments), force_external=False)
    except (BuildError, ValueError):
        pass  # of an older version, or a word where the page wants a number
    raise NoPage
