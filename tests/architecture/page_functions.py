"""Writes the files of a new revision: `python -m tests.architecture.page_functions 0123 group_page`."""

from __future__ import annotations

import sys

from app.cohorts import pages as cohorts
from app.homes import pages as homes
from app.meetings import pages as meetings
from app.wiring import wire
from migrations.pages import create, file_of
from tenants.pages import PAGES, Page

#: Where pages are named: who imports these knows all.
KNOWN = (cohorts, homes, meetings)


def pages() -> dict[str, Page]:
    """Every page that is read by one statement, by its function."""
    wire()
    return PAGES


def main() -> int:
    revision, *functions = sys.argv[1:]
    for function in functions:
        page = pages()[function]
        text = create(function, page.arguments, *page.as_sql())
        file_of(revision, function).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{file_of(revision, function)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
