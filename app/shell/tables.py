"""`work.table`: a list of people or schools.

In Python, for a page has hundreds of its cells, and each was a call of a macro. It trusts nothing: what is put together
is our own words marked as such, and whatever `escape` made of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

_SCROLL, _SCROLL_END = (
    Markup('<div class="wb-scroll" tabindex="0" role="group" aria-label="'),
    Markup("</div>"),
)
_KEEP, _PLAIN = Markup('<table class="wb-people wb-people--keep"'), Markup('<table class="wb-people"')
_CAPTION = Markup(' role="table">\n  <caption class="govuk-table__caption govuk-table__caption--m">')
_HIDDEN_CAPTION = Markup(' role="table">\n  <caption class="govuk-visually-hidden">')
_HEAD = Markup('</caption>\n  <thead role="rowgroup"><tr role="row">')
_COLUMN, _HEADING_END = Markup('<th role="columnheader" scope="col">'), Markup("</th>")
_BODY = Markup('</tr></thead>\n  <tbody role="rowgroup">\n')
_ROW, _ROW_END, _END = Markup('    <tr role="row">'), Markup("</tr>\n"), Markup("  </tbody>\n</table>\n")
_HEADING = Markup('<th role="rowheader" scope="row">')
_LONG_HEADING = Markup('<th role="rowheader" scope="row" class="wb-wrap-anywhere">')
_CHOOSE = Markup('<th role="rowheader" scope="row" class="wb-people__choose">')
_CELL, _NONE = (
    Markup('<td role="cell" data-label="'),
    Markup('<td role="cell" class="wb-people__none" data-label="'),
)
_LONG_CELL = Markup('<td role="cell" class="wb-wrap-anywhere" data-label="')
_OPEN, _CELL_END = Markup('">'), Markup("</td>")
_AWAY, _SMALL, _SPAN_END = (
    Markup('<span class="wb-away">'),
    Markup('<span class="wb-small">'),
    Markup("</span>"),
)
_LINK, _LINK_END = Markup('<a class="govuk-link" href="'), Markup("</a>")
_TAG, _TAG_END = Markup('<strong class="govuk-tag wb-tag--'), Markup("</strong>")
_BOX = Markup(
    '<span class="govuk-checkboxes govuk-checkboxes--small wb-choose"><span class="govuk-checkboxes__item">'
)
_LABEL = Markup('<label class="govuk-label govuk-checkboxes__label" for="')
_UNSEEN, _BOX_END = Markup('"><span class="govuk-visually-hidden">'), Markup("</span></label></span></span>")


#: A word of so many letters is broken, or it would push the other columns off the page: anybody may write a name.
LONG = 30
_MARKS = re.compile(r"<[^>]*>")


def table(
    caption: object,
    columns: Sequence[object],
    rows: Iterable[Sequence[Any]],
    keep: bool = False,
    hide_caption: bool = True,
) -> Markup:
    """The table as `shell/macros/work.html` describes it. Everything that is not Markup is escaped."""
    # Joining escapes whatever is not marked: nothing gets through by a slip.
    return Markup("").join(_parts(escape(caption), [*map(escape, columns)], rows, keep, hide_caption))


def _parts(
    caption: Markup, columns: list[Markup], rows: Iterable[Sequence[Any]], keep: bool, hide_caption: bool
) -> Iterator[Any]:
    if keep:
        yield from (_SCROLL, caption, _OPEN)
    yield from (_KEEP if keep else _PLAIN, _HIDDEN_CAPTION if hide_caption else _CAPTION, caption, _HEAD)
    for column in columns:
        yield from (_COLUMN, column, _HEADING_END)
    yield _BODY
    for row in rows:
        yield _ROW
        for number, cell in enumerate(row):
            if number:
                yield from (
                    _NONE if cell == "" else _LONG_CELL if _is_long(cell) else _CELL,
                    columns[number],
                    _OPEN,
                )
                yield from _cell(cell)
                yield _CELL_END
            else:
                is_chosen = isinstance(cell, Mapping) and cell.get("choose")
                yield _CHOOSE if is_chosen else _LONG_HEADING if _is_long(cell) else _HEADING
                yield from _cell(cell)
                yield _HEADING_END
        yield _ROW_END
    yield _END
    if keep:
        yield _SCROLL_END


def _is_long(cell: Any) -> bool:
    """Whether a word in it has no room in a column."""
    words = f"{cell.get('text') or ''} {cell.get('note') or ''}" if isinstance(cell, Mapping) else str(cell)
    return len(words) > LONG and any(len(word) > LONG for word in _MARKS.sub(" ", words).split())


def _cell(cell: Any) -> Iterable[Any]:
    """A text, Markup, nothing, or what a mapping says."""
    if isinstance(cell, Mapping):
        return _said(cell)
    return (_AWAY, gettext("Not given"), _SPAN_END) if cell is None else (cell,)


def _said(cell: Mapping[str, Any]) -> Iterator[Any]:
    text, tag, href = cell.get("text"), cell.get("tag"), cell.get("href")
    if box := cell.get("choose"):
        words = gettext("Choose %(name)s", name="" if text is None else text)
        yield from (_BOX, box(class_="govuk-checkboxes__input"), _LABEL, box.id, _UNSEEN, words, _BOX_END)
    if cell.get("html"):
        yield cell["html"]
    if text is not None:
        yield from (_LINK, href, _OPEN, text, _LINK_END) if href else (text,)
    if tag:
        yield from (_TAG, tag.get("kind") or "quiet", _OPEN, tag["text"], _TAG_END)
    if cell.get("note"):
        yield from (_SMALL, cell["note"], _SPAN_END)
