"""`work.table`: a list of people or schools.

In Python, for a page has hundreds of its cells, and each was a call of a macro.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape


def table(
    caption: object,
    columns: Sequence[object],
    rows: Iterable[Sequence[Any]],
    keep: bool = False,
    hide_caption: bool = True,
) -> Markup:
    """The table as `shell/macros/work.html` describes it. Everything that is not Markup is escaped."""
    words = [escape(column) for column in columns]
    said = escape(caption)
    kind = "govuk-visually-hidden" if hide_caption else "govuk-table__caption govuk-table__caption--m"
    parts = [
        f'<div class="wb-scroll" tabindex="0" role="group" aria-label="{said}">' if keep else "",
        f'<table class="wb-people{" wb-people--keep" if keep else ""}" role="table">\n'
        f'  <caption class="{kind}">{said}</caption>\n  <thead role="rowgroup"><tr role="row">',
        *(f'<th role="columnheader" scope="col">{word}</th>' for word in words),
        '</tr></thead>\n  <tbody role="rowgroup">\n',
    ]
    for row in rows:
        parts.append('    <tr role="row">')
        for number, cell in enumerate(row):
            if number:
                none = ' class="wb-people__none"' if cell == "" else ""
                parts.append(f'<td role="cell"{none} data-label="{words[number]}">{_cell(cell)}</td>')
            else:
                choose = isinstance(cell, Mapping) and cell.get("choose")
                extra = ' class="wb-people__choose"' if choose else ""
                parts.append(f'<th role="rowheader" scope="row"{extra}>{_cell(cell)}</th>')
        parts.append("</tr>\n")
    parts.append("  </tbody>\n</table>\n")
    if keep:
        parts.append("</div>")
    # Each part is ours, or was escaped on its way in.
    return Markup("".join(parts))  # noqa: S704


def _cell(cell: Any) -> str:
    """A text, Markup, nothing, or what a mapping says."""
    if not isinstance(cell, Mapping):
        return (
            f'<span class="wb-away">{escape(gettext("Not given"))}</span>' if cell is None else escape(cell)
        )
    text, tag = cell.get("text"), cell.get("tag")
    parts = [_choice(cell) if cell.get("choose") else "", escape(cell["html"]) if cell.get("html") else ""]
    if text is not None:
        words = escape(text)
        href = cell.get("href")
        parts.append(f'<a class="govuk-link" href="{escape(href)}">{words}</a>' if href else words)
    if tag:
        kind = escape(tag.get("kind") or "quiet")
        parts.append(f'<strong class="govuk-tag wb-tag--{kind}">{escape(tag["text"])}</strong>')
    if cell.get("note"):
        parts.append(f'<span class="wb-small">{escape(cell["note"])}</span>')
    return "".join(parts)


def _choice(cell: Mapping[str, Any]) -> str:
    """A box before the name of whom it chooses."""
    box = cell["choose"]
    words = Markup(gettext("Choose %(name)s")) % {"name": cell.get("text", "")}  # noqa: S704 -- our own words
    return (
        '<span class="govuk-checkboxes govuk-checkboxes--small wb-choose"><span class="govuk-checkboxes__item">'
        f"{escape(box(class_='govuk-checkboxes__input'))}"
        f'<label class="govuk-label govuk-checkboxes__label" for="{escape(box.id)}">'
        f'<span class="govuk-visually-hidden">{words}</span></label></span></span>'
    )
