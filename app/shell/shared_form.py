"""Forms on a row that somebody else may change meanwhile: two people, one page.

The page carries digests of the values as they were shown, of all and of each box. Saving compares them with the row as
it is now, read under a lock. A box that this person left as it was takes what somebody else saved. Where both changed
one and the same nothing is saved: the page shows both, keeps what was typed, and carries the new digests, so that
pressing *Save* again saves what is typed then.

    row = queries.get_group(db.session, school_id, key, hold=is_saving())
    form = GroupForm(obj=row)
    if form.validate_on_submit() and form.is_up_to_date():
        services.change(...)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from typing import Any, ClassVar

import wtforms
from flask import request
from flask_babel import gettext as _

from app.shell.components import Form, HiddenField
from app.shell.dates import clock, day
from app.shell.fields import TEXT_LENGTH

#: Letters of a box's own digest.
MARK = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """One box in which what is saved now and what was typed are not the same, in words."""

    label: str
    saved: str
    typed: str


class SharedForm(Form):
    """A form on a shared row. Give it the row as `obj` or `data`; what it shows of the row is what it compares."""

    seen = HiddenField()
    #: Whether boxes are saved one by one. Not where they are one statement of the person who signs it, or where one
    #: makes sense only beside another: then everything is shown that differs.
    merges: ClassVar[bool] = True
    #: Whole names of boxes whose label says too little without the heading above it.
    parts: ClassVar[Mapping[str, object]] = {}
    #: Whether the row is its reader's own: what came in between they did themselves, in another window or by a link.
    is_own: ClassVar[bool] = False
    #: Whether boxes took what was saved in between.
    took_over: bool = False
    #: Filled by `is_up_to_date` where somebody saved in between; the page shows it above the form.
    differences: tuple[Difference, ...] = ()

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **others: Any) -> None:
        super().process(formdata, obj, data, **others)
        self._look()

    def __delitem__(self, name: str) -> None:
        """Take a box away that this row has no need of: what is compared is what the page shows."""
        super().__delitem__(name)
        self._look()

    def _look(self) -> None:
        """Note what the boxes that are left hold in the row."""
        self._now = digest({field.name: field.object_data for field in self._shared()})
        self._each = [_mark(field, field.object_data) for field in self._shared()]
        if not self.is_submitted():
            self._show_as_now()

    def is_up_to_date(self) -> bool:
        """Whether nobody saved anything else since this page was made; else `differences` and an error say so.

        Ask after validation, with the row held. A press that carries no digest (no page of ours makes one) is
        taken as made now.
        """
        seen, _point, each = (self.seen.data or "").partition(".")
        if not seen or seen == self._now:
            return True
        self._take_over(each)
        found = tuple(self._differences())
        if not found:
            return True
        self.differences = found
        self._show_as_now()
        self.add_error(
            _(
                "This was saved in another window or on another device since you opened this page. Nothing you typed is"
                " lost: see both below, put them together in the boxes, and save again."
            )
            if self.is_own
            else _(
                "Somebody else saved this page while you were writing. Nothing of yours is lost: see both below,"
                " put them together in the boxes, and save again."
            )
        )
        return False

    def _show_as_now(self) -> None:
        whole = f"{self._now}.{''.join(self._each)}"
        self.seen.data = whole if len(whole) <= TEXT_LENGTH else self._now

    def _take_over(self, each: str) -> None:
        """Put what somebody else saved into the boxes that this person left as they were shown; note the others."""
        shown = [each[place : place + MARK] for place in range(0, len(each), MARK)]
        self._mine: set[str] | None = None
        if not self.merges or len(shown) != len(self._each):
            return
        self._mine = set()
        for field, before, now in zip(self._shared(), shown, self._each, strict=True):
            if _mark(field, field.data) == before and now != before:
                field.data, field.raw_data = field.object_data, None
                self.took_over = True
            elif now == before:
                self._mine.add(field.name)

    def _shared(self) -> Iterator[wtforms.Field]:
        skipped = (self.seen.name, getattr(self.meta, "csrf_field_name", ""))
        return (field for field in self if field.name not in skipped)

    def _differences(self) -> Iterator[Difference]:
        for field in self._shared():
            saved, typed = _words(field, field.object_data), _words(field, field.data)
            # What nobody else has changed since is this person's to change.
            if saved != typed and field.name not in (self._mine or ()):
                yield Difference(str(self.parts.get(field.name, field.label.text)), saved, typed)


def _mark(field: wtforms.Field, value: Any) -> str:
    """A short mark of one box: the same as long as it reads the same. Another box's is another, so that a page made
    before a box came or went matches none by chance."""
    return sha256(f"{field.name}={_words(field, value)}".encode()).hexdigest()[:MARK]


def is_saving() -> bool:
    """Whether this request may change something, so that what it reads has to be held."""
    return request.method == "POST"


def digest(values: Mapping[str, Any]) -> str:
    """A short digest of stored values: the same for the same values, whoever asks."""
    plain = {name: _plain(value) for name, value in values.items()}
    return sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _plain(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(map(str, value)))
    return str(value).replace("\r\n", "\n")


def _choices(field: wtforms.Field) -> dict[str, str]:
    """The words of a field's choices by their codes; none for other fields, and for groups of choices."""
    choices = getattr(field, "choices", None) or ()
    if isinstance(choices, Mapping):
        return {}
    pairs = ((one.value, one.label) if hasattr(one, "value") else one[:2] for one in choices)
    return {str(code): str(words) for code, words in pairs}


def _words(field: wtforms.Field, value: Any) -> str:
    if _plain(value) == "":
        return _("Not ticked") if isinstance(field, wtforms.BooleanField) else _("Empty")
    if isinstance(field, wtforms.BooleanField):
        return _("Ticked")
    if known := _choices(field):
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(known.get(str(one), str(one)) for one in values)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return clock(value)
    write = getattr(field, "write", str)
    return _plain(write(value))
