"""What tests of the office read."""

from __future__ import annotations

AT = "/office"


def notes_of(as_superuser, parent_id):
    return as_superuser("select * from contact_with_parent where parent_id = :id", id=parent_id)


def main(page):
    return page.text.split("<main")[1].split("</main>")[0]
