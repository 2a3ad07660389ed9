"""Several lines of a list at once: the boxes before them, which were ticked, and the list of these alone.

boxes = chosen_lines.boxes((one.id, one.name) for one in lines)   # for the page; `work.with_chosen` below the table
ids = chosen_lines.ticked()                                       # of a press; none, where nothing was ticked
return chosen_lines.keep("groups", ids, "cohorts.save_list")
lines = chosen_lines.only("groups", lines)                        # those that this address means, or all

Which they are is kept in the browser's own session row, as what is looked for is: a council may choose more schools
than an address can name. The address has a mark of them, so that another window's choice is not taken for this one's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import wtforms
from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.identity.current import session
from app.shell.errors import NotFound
from app.shell.pressing import to
from app.shell.search_forms import ChosenForm
from app.shell.shared_form import digest

#: In the address, and where the session keeps what each list's were.
ARGUMENT, _KEPT = "chosen", "chosen_"
#: So many lines are chosen at most, and so many choices of one list are kept: windows that lie side by side.
MOST, CHOICES = 600, 3
#: The form of `work.with_chosen`, that the boxes belong to: rows have forms of their own, and none stands in another.
FORM_ID = "chosen-lines"
#: Letters of a mark.
LENGTH = 12


class Line(Protocol):
    """One of a list."""

    @property
    def id(self) -> UUID: ...


T = TypeVar("T", bound=Line)


def boxes(lines: Iterable[tuple[UUID, str]]) -> list[wtforms.Field]:
    """A box to tick for each, in their order; they are sent with the form that `work.with_chosen` draws."""
    form = ChosenForm(formdata=None)
    form.chosen.choices = [SelectChoice(str(one), name) for one, name in lines]
    found = list(form.chosen)
    for box in found:
        box.render_kw = {"form": FORM_ID}
    return found


def ticked(nothing: str = "") -> list[UUID]:
    """Which boxes of this press were ticked; none where none was, and the next page says so, by `nothing` if given.

    Raises NotFound for what is no id.
    """
    try:
        ids = [UUID(one) for one in request.form.getlist("chosen")][:MOST]
    except ValueError:
        raise NotFound from None
    form = ChosenForm()
    form.chosen.choices = [SelectChoice(str(one), str(one)) for one in ids]
    if form.validate_on_submit():
        return sorted(set(ids))
    flash(nothing or _("Tick at least one box in the list."), "note")
    return []


def still_here(ids: Sequence[UUID], here: Collection[UUID]) -> list[UUID]:
    """Those of `ids` that are `here`; the next page says how many are gone since the list was opened."""
    if gone := sum(one not in here for one in ids):
        words = ngettext(
            "One line that you ticked is not in this list any more. It is left out.",
            "%(num)d lines that you ticked are not in this list any more. They are left out.",
            gone,
        )
        flash(words, "note")
    return [one for one in ids if one in here]


def keep(which: str, ids: Sequence[UUID], endpoint: str, **values: Any) -> Response:
    """Keep these of the list `which`, and lead to `endpoint`, whose `only` shows them alone."""
    plain = [one.hex for one in ids]
    mark = digest({"chosen": ",".join(plain)})[:LENGTH]
    others = [one for one in session.get(_KEPT + which, []) if one[0] != mark]
    session[_KEPT + which] = [*others, [mark, plain]][-CHOICES:]
    return to(endpoint, **{ARGUMENT: mark}, **values)


def mark() -> str | None:
    """What this address says of which it means, to hand on to the next; None where it means the whole list."""
    return request.args.get(ARGUMENT) or None


def only(which: str, lines: Sequence[T]) -> list[T]:
    """Those of these lines that this address means: all where it names no choice, none where that is forgotten."""
    named = mark()
    if named is None:
        return list(lines)
    ids = next((ids for kept, ids in session.get(_KEPT + which, []) if kept == named), ())
    return [one for one in lines if one.id.hex in ids]
