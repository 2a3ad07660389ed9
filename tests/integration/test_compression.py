"""Answers are sent in fewer bytes to browsers that can read them, where that gives nothing away."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest
from flask.testing import FlaskClient

from tests.support.reading import find_in

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def fetch(client, path, accepts="gzip, deflate, br"):
    with FlaskClient.open(client, path, headers={"Accept-Encoding": accepts}) as answer:
        return answer, answer.data


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("", None), ("identity", None), ("br;q=0, gzip", "gzip")],
)
def test_a_stylesheet_comes_as_the_browser_can_read_it(client_for, accepts, coding):
    client = client_for(None)
    sheet = find_in(r'href="(/static/[^"]+\.css)"', client.get("/").text)[1]
    plain = fetch(client, sheet, "")[1]
    answer, sent = fetch(client, sheet, accepts)
    assert answer.content_encoding == coding
    assert UNPACK[coding](sent) == plain
    assert answer.mimetype == "text/css"
    assert "Accept-Encoding" in answer.headers["Vary"]
    if coding:
        assert len(sent) < len(plain) / 5


def test_no_file_outside_is_reached_by_way_of_a_compressed_one(client_for):
    for path in ("/static/../factory.py", "/static/build/..%2f..%2ffactory.py", "/static//etc/passwd"):
        assert fetch(client_for(None), path)[0].status_code in (308, 404)


def test_a_page_is_compressed_unless_its_request_could_put_words_on_it(client_for, world):
    client = client_for(world.school.lead)
    answer, sent = fetch(client, "/school/parents")
    assert answer.content_encoding == "br"
    assert "<html" in brotli.decompress(sent).decode()
    assert fetch(client, "/school/parents?q=Anna")[0].content_encoding is None
    assert fetch(client, "/nowhere")[0].content_encoding is None
    refused = client.post("/school/parents/add", data={}, headers={"Accept-Encoding": "br"})
    assert refused.content_encoding is None
    assert "There is a problem" in refused.text


def test_the_first_page_of_a_parent_is_under_100_kilobytes(client_for, world):
    """Given a phone that has been nowhere here, the page and all that it loads come to less."""
    client = client_for(world.school.parent)
    answer, page = fetch(client, "/my")
    waiting = re.findall(r'(?:href|src)="(/static/[^"]+)"', UNPACK[answer.content_encoding](page).decode())
    sizes = {"/my": len(page)}
    while waiting:
        name = waiting.pop()
        if name in sizes:
            continue
        file, sent = fetch(client, name)
        assert file.status_code == 200
        sizes[name] = len(sent)
        if name.endswith((".css", ".js")):
            inside = UNPACK[file.content_encoding](sent).decode()
            asked = re.findall(r"""url\(["']?(fonts/[^"')]+)|import .*["']\./([^"']+)["']""", inside)
            # Letters beyond Western Europe's come only with a page that has them.
            waiting += [f"/static/build/{one or other}" for one, other in asked if "latin-ext" not in one]
    assert {name.rsplit(".")[-1] for name in sizes} >= {"css", "js", "woff2"}
    assert sum(sizes.values()) < 100_000, sizes
