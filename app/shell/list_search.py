"""What somebody looks for in a list, kept in the browser's own session row: a name or a number is in no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity.current import session
from app.shell.search_forms import LETTERS, ListSearchForm

#: A list up to so long is read faster than it is searched.
SCREENFUL = 10
_KEPT = "search_"


@dataclass(frozen=True, slots=True)
class Box:
    """The box above a list, with what is looked for; `is_shown` where there is something to look through."""

    text: str
    form: ListSearchForm
    is_shown: bool


def typed(which: str) -> str:
    """What this browser looks for in the list `which`; `?forget=1` ends that."""
    if "forget" in request.args:
        session.pop(_key(which), None)
    return str(session.get(_key(which), ""))


def box(which: str, lines: Sequence[object] | int, label: str) -> Box:
    """The box of a list that has these lines (or so many), as far as they are searched already."""
    text = typed(which)
    form = ListSearchForm(formdata=None, data={"text": text})
    form.text.label.text = label
    count = lines if isinstance(lines, int) else len(lines)
    return Box(text, form, bool(text) or count > SCREENFUL)


def remember(which: str, endpoint: str, **values: Any) -> Response:
    """Keep what was typed and show the list at `endpoint`."""
    form = ListSearchForm()
    if form.validate_on_submit():
        keep(which, form.text.data or "")
    else:
        flash(_("Search for at most %(most)s letters.", most=LETTERS))
    return redirect(url_for(endpoint, **values), 303)


def forget_all() -> None:
    """Whoever starts anew looks for nothing: a figure on their home leads to as many lines."""
    for key in [key for key in session if key.startswith(_KEPT)]:
        session.pop(key)


def keep(which: str, text: str) -> None:
    """From now on this browser looks for `text` in the list `which`."""
    session[_key(which)] = text


def _key(which: str) -> str:
    return f"{_KEPT}{which}"
