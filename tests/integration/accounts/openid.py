"""Going to a provider and coming back, in tests."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode, urlsplit

import requests
from werkzeug.test import TestResponse

from tests.support.client import PageClient

START = "/sign-in/with/larkfield"
BACK = "/sign-in/with/larkfield/back"


def off(client: PageClient, path: str = START, **data: str) -> str:
    """Press the button at `path`: the provider's address that the browser goes on to."""
    page = client.post(path, data=data)
    assert page.status_code == 200, page.status_code
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert address in [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page.text)]
    return address


def at_provider(address: str) -> str:
    """Be at the provider, who lets everybody in: our own path and query that it sends the browser back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    there = urlsplit(answer.headers["Location"])
    assert f"{there.scheme}://{there.netloc}" == "http://127.0.0.1:5000", "BASE_URL of the tests"
    return f"{there.path}?{there.query}"


def journey(client: PageClient, path: str = START, **data: str) -> TestResponse:
    """There and back."""
    return client.get(at_provider(off(client, path, **data)))


def back_with(**values: str) -> str:
    return f"{BACK}?{urlencode(values)}"
