"""Whoever was called stays in the list of parents: it is their history."""

from __future__ import annotations

import io
import re

from tests.integration.contact_log.sending import contact
from tests.integration.contact_log.test_with_parents import senco
from tests.support.pressing import press

__all__ = ["senco"]  # a fixture


def test_whoever_was_called_is_not_taken_out_of_the_list(senco):
    """Added by mistake and called all the same: it is their history, until the call is taken back."""
    page = senco.post(
        "/school/parents/add",
        data={"first_name": "Ada", "last_name": "New", "phone": "07700 900777", "language": "en"},
    )
    theirs = page.headers["Location"]
    assert "Remove: added by mistake" in senco.get(theirs).text
    page = senco.post(f"{theirs}/contacts/add", data=contact(), follow_redirects=True)
    assert "Remove: added by mistake" not in page.text
    assert "They have a history here" in senco.post(f"{theirs}/remove").text
    press(senco, page, "/take-back")
    assert "is removed from the list" in senco.post(f"{theirs}/remove", follow_redirects=True).text


def test_a_list_that_is_taken_back_leaves_whoever_was_called(senco):
    """Something has happened with them since they were added."""
    page = senco.post(
        "/school/parents/import",
        data={"file": (io.BytesIO(b"First name,Last name\nAda,New\nBo,New\n"), "list.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    press(senco, page, "/add")
    found = senco.get("/school/parents?stage=identified").text
    theirs = next(
        href
        for href, name in re.findall(r'href="(/school/parents/[0-9a-f-]{36})">(.*?)</a>', found)
        if "Ada" in name
    )
    senco.post(f"{theirs}/contacts/add", data=contact())

    page = press(senco, senco.get(page.request.path), "/undo")

    assert "Took one person out again." in page.text
    assert "Ada New" in page.text, "who stays is named"
    assert "Phone call: No answer" in senco.get(theirs).text
