"""What a test's browser takes for a page that is not fit to be sent, also where one of the same build was fit."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Response

from tests.support.client import PageProblem, check_page, skeleton_of

WHOLE = (
    '<!doctype html><html lang="en-GB"><head><title>{title}</title></head>'
    '<body><h1>{heading}</h1><div id="{one}">{words}</div><p id="{two}"></p></body></html>'
)


def page_of(**parts: str) -> str:
    return WHOLE.format(
        **{"title": "A page", "heading": "A page", "one": "a", "two": "b", "words": "Hi", **parts}
    )


def check(html: str, *, policy: bool = True) -> None:
    """As a client does with an answer to a request for `/`."""
    answer = Response(html, mimetype="text/html")
    if policy:
        answer.headers["Content-Security-Policy"] = "default-src 'self'"
    request = EnvironBuilder(path="/").get_request()
    check_page(html, TestResponse(answer.iter_encoded(), answer.status, answer.headers, request))


@pytest.fixture(autouse=True)
def one_that_is_fit() -> None:
    check(page_of())


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (page_of(words="Hi</p>"), "unexpected-end-tag"),
        (page_of(words="Tea & cake &nosuch;"), "entity"),
        (page_of(words='<a href="/x" href="/y">Hi</a>'), "duplicate-attribute"),
        (page_of(words="<table><p>Hi</p></table>"), "table"),
        (page_of(title=" "), "no title"),
        (page_of(words="<h1>Another</h1>"), "2 h1"),
        (page_of(two="a"), "ids twice"),
        (page_of(words='<b style="color: red">Hi</b>'), "inline"),
        (page_of(words='<form><input type="password"></form>'), "names no account"),
    ],
)
def test_says_what_is_wrong_each_time(html, problem):
    for _ in range(2):
        with pytest.raises(PageProblem, match=problem):
            check(html)


def test_a_page_without_a_policy_is_none():
    with pytest.raises(PageProblem, match="policy"):
        check(page_of(), policy=False)


def test_pages_that_differ_in_words_and_addresses_alone_have_one_skeleton():
    link = '<a class="x" href="/groups/{id}">{name}</a>'
    first = link.format(id="0b5f2f6e-5f0a-4c58-9d8c-2f3c1e6b7a01", name="Anwar")
    second = link.format(id="0b5f2f6e-5f0a-4c58-9d8c-2f3c1e6b7a02", name="Bea O’Brien")

    assert skeleton_of(page_of(words=first)) == skeleton_of(page_of(words=second))
    assert skeleton_of(page_of(words=first)) != skeleton_of(page_of(words=first + "&amp;"))
