"""What every answer carries, whoever asked and whatever for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from infra.headers import HEADERS


def page_words(page: str) -> str:
    """The words of a page's own part, without its frame."""
    main = re.sub(r"<[^>]+>", " ", page.split('<main id="main-content">', 1)[1].split("</main>", 1)[0])
    return " ".join(main.replace("’", "'").replace("&#39;", "'").split())


FORBIDDEN = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")


def faults_of(answer: TestResponse, *, https: bool = False) -> list[str]:
    """What is wrong with its headers, and with a page that says what went wrong inside; nothing is right."""
    return list(_faults(answer, https=https))


def _faults(answer: TestResponse, *, https: bool) -> Iterator[str]:
    path = answer.request.path
    for name, value in HEADERS.items():
        if (path != "/leave" or name != "Referrer-Policy") and answer.headers.getlist(name) != [value]:
            yield f"{path}: {name} is {answer.headers.getlist(name)}"
    for name in FORBIDDEN:
        if name in answer.headers:
            yield f"{path} has {name}"
    is_file = path.startswith(("/static/", "/theme/")) and answer.status_code in (200, 206, 304)
    if not is_file and answer.headers.getlist("Cache-Control") != ["no-store"]:
        yield f"{path} may be kept: {answer.headers.getlist('Cache-Control')}"
    hsts = answer.headers.get("Strict-Transport-Security")
    if hsts != ("max-age=31536000; includeSubDomains" if https else None):
        yield f"{path}: Strict-Transport-Security is {hsts}"
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        if "Traceback" in page or "werkzeug" in page.lower():
            yield f"{path} says what went wrong inside"
