"""Names, schools, numbers and dates that a browser's translation must leave as they are.

Parents who read little English have their browser translate our pages. It would translate people and schools too,
and write numbers and days anew. So words of this kind are marked where they are put into a page or a sentence, with the
two characters that Unicode has for setting a name apart (U+2068, U+2069), and when a page goes out each becomes
`<bdi translate="no">`. The characters show nothing, so a sentence keeps them through gettext, flash and macros.
"""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.wrappers import Response

from app.shell.parsing import readable_phone

OPEN, CLOSE = "\u2068", "\u2069"
_MARKS = str.maketrans("", "", OPEN + CLOSE)
#: An element whose content is words alone, a tag with a mark in it, what is marked, or a mark without its other half.
#: A page has a thousand tags without any; those are passed over where they stand.
_PARTS = re.compile(
    r"<(title|textarea|option|script|style)\b.*?</\1\s*>|<[^>\u2068\u2069]*+[\u2068\u2069][^>]*>"
    r"|\u2068([^\u2068\u2069<>]*)\u2069|[\u2068\u2069]",
    re.DOTALL | re.IGNORECASE,
)


def kept(value: object) -> str:
    """`value` marked as a name, a number or a date; empty for none."""
    words = "" if value is None else str(value)
    if OPEN in words or CLOSE in words:
        words = words.translate(_MARKS)
    return f"{OPEN}{words}{CLOSE}" if words else ""


def phone(number: str | None) -> str:
    """A telephone number as people write it, marked; empty for none."""
    return kept(readable_phone(number)) if number else ""


def unmarked(text: str) -> str:
    """`text` as it is read, for where no browser translates."""
    return text.translate(_MARKS)


def with_elements(page: str) -> str:
    """A page in which everything marked stands in an element of its own. Inside tags the marks only go."""
    return _PARTS.sub(_element, page) if OPEN in page or CLOSE in page else page


def _element(found: re.Match[str]) -> str:
    words = found[2]
    if words is not None:
        return f'<bdi translate="no">{words}</bdi>'
    part = found[0]
    if OPEN in part and found[1] and found[1].lower() == "option":
        part = f'{part[:7]} translate="no"{part[7:]}'
    return part.translate(_MARKS)


def install(app: Flask) -> None:
    """Turn the marks of every page into elements as it goes out, and take them out of every other text."""

    @app.after_request
    def _mark(response: Response) -> Response:
        if response.direct_passthrough or response.is_streamed:
            return response
        if response.mimetype == "text/html":
            page = response.data.decode()
            if OPEN in page or CLOSE in page:
                response.set_data(with_elements(page))
        elif (response.mimetype or "").startswith("text/"):
            words = response.data.decode()
            if OPEN in words or CLOSE in words:
                response.set_data(unmarked(words))
        return response
