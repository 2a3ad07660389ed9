"""Whichever boxes a route takes away from a form on a shared row, two people at one page read what the other saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.shell.components import Form, TextField
from app.shell.shared_form import SharedForm
from tests.architecture.test_forms import every_form

#: Boxes that the form itself asks for; no route takes them away.
OWN = {("CertificateForm", "level")}
SHARED = [kind for kind in every_form() if issubclass(kind, SharedForm) and kind is not SharedForm]


def made(
    kind: type[Form], gone: str | None, row: Mapping[str, object], sent: MultiDict[str, Any] | None = None
) -> Form:
    form = kind(sent, data=row)
    if gone:
        del form[gone]
    return form


def written(kind: type[Form]) -> list[str]:
    """The boxes of a form in which words are written."""
    form = kind(None)
    return [name for name, field in form._fields.items() if isinstance(field, TextField)]


def all_but_one() -> list[tuple[type[Form], str | None]]:
    # Fields are bound by the class alone: their names need no application.
    found: list[tuple[type[Form], str | None]] = []
    for kind in SHARED:
        names = [name for name in dir(kind) if hasattr(getattr(kind, name), "field_class") and name != "seen"]
        found += [(kind, gone) for gone in (None, *names) if (kind.__name__, gone) not in OWN]
    return found


@pytest.mark.parametrize(
    ("kind", "gone"), all_but_one(), ids=lambda part: getattr(part, "__name__", None) or str(part)
)
def test_a_box_that_was_taken_away_breaks_no_conflict(shared_app, kind, gone):
    with shared_app.test_request_context(method="GET"):
        boxes = [name for name in written(kind) if name != gone]
        row = dict.fromkeys(boxes, "before")
        shown = made(kind, gone, row)
        seen = shown.seen.data
    with shared_app.test_request_context(method="POST"):
        for theirs in boxes:
            for mine in boxes:
                sent = MultiDict({**row, "seen": seen, mine: "mine"})
                form = made(kind, gone, {**row, theirs: "theirs"}, sent)
                both = theirs == mine or not kind.merges
                assert form.is_up_to_date() is not both
                if both:
                    assert (form[mine].label.text in {one.label for one in form.differences}) or kind.parts
                else:
                    assert (form[theirs].data, form[mine].data) == ("theirs", "mine")


def test_a_box_that_went_since_the_page_was_made_is_asked_of_nobody(shared_app):
    class Two(SharedForm):
        first, second, third = TextField("First"), TextField("Second"), TextField("Third")

    before = {"first": "a", "second": "b", "third": "c"}
    with shared_app.test_request_context(method="GET"):
        seen = Two(None, data=before).seen.data
    with shared_app.test_request_context(method="POST"):
        sent = MultiDict({**before, "third": "mine", "seen": seen})
        form = made(Two, "second", {**before, "second": "settled", "third": "theirs"}, sent)
        assert not form.is_up_to_date()
        assert [one.label for one in form.differences] == ["Third"]
        assert form.second is None
