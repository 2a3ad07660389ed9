"""The table of people and schools: whatever is no Markup is escaped, wherever it stands."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from app.shell.tables import table

BAD = "<b>\"'&"
SAFE = "&lt;b&gt;&#34;&#39;&amp;"


class Box:
    id = BAD

    def __call__(self, class_: str) -> Markup:
        return Markup('<input class="{}">').format(class_)


@pytest.fixture
def page(shared_app):
    with shared_app.test_request_context():
        yield


@pytest.mark.usefixtures("page")
def test_every_word_is_escaped():
    rows = [
        [{"text": BAD, "href": BAD, "note": BAD, "tag": {"text": BAD, "kind": BAD}, "choose": Box()}, BAD],
        [BAD, {"html": BAD}],
    ]
    made = str(table(BAD, [BAD, BAD], rows, keep=True))
    assert BAD not in made
    assert "<b>" not in made
    assert made.count(SAFE) == 16


@pytest.mark.usefixtures("page")
def test_markup_stays_and_nothing_is_said_in_words():
    made = str(
        table(
            "People", ["Name", "Place"], [["Ada", Markup("<i>here</i>")], ["Eve", None], ["Lu", ""], [7, 0]]
        )
    )
    assert '<td role="cell" data-label="Place"><i>here</i></td>' in made
    assert '<td role="cell" data-label="Place"><span class="wb-away">Not given</span></td>' in made
    assert '<td role="cell" class="wb-people__none" data-label="Place"></td>' in made
    assert '<th role="rowheader" scope="row">7</th><td role="cell" data-label="Place">0</td>' in made


@pytest.mark.usefixtures("page")
def test_a_word_without_end_is_broken_and_no_other():
    """Anybody may write a name of eighty letters: it must not push the page sideways."""
    endless = "W" * 80
    drawn = table(
        "People", ["Name", "Group"], [[{"text": endless}, endless], ["Ruth Newcomer", "Monday group"]]
    )

    assert drawn.count("wb-wrap-anywhere") == 2
    assert "wb-wrap-anywhere" not in drawn.partition("Ruth")[2]
