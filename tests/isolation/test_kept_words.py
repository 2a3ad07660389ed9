"""Every page of the world, read as it is written: what a translation must leave alone, numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from app.shell.kept import CLOSE, OPEN
from app.shell.parsing import readable_phone
from tests.isolation.crawling import Crawl
from tests.isolation.places import address
from tests.support.world import World

ROLES = (
    "parent",
    "graduate",
    "facilitator",
    "lead",
    "dsl",
    "head_teacher",
    "office",
    "authority_admin",
    "named_officer",
    "commissioner",
)
DAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2,3})\b"
)
#: A number as it is stored, two full stops, a comma after a space, one of many.
UNREAD = re.compile(
    r"\+44\d{9,}|(?<!\.)\.\s*\.(?!\.)|\s,|\b1 (parents|carers|people|places|days|weeks|minutes|sessions"
    r"|groups|schools|messages|facilitators|concerns|things)\b"
)
#: Elements whose words no browser translates, or that say it of themselves.
NO_WORDS = {"script", "style", "title", "textarea"}


def texts(element: Element, kept: bool = False) -> Iterator[tuple[str, bool]]:
    """Each text of a page, and whether it stands in an element that is not to be translated."""
    if not isinstance(element.tag, str) or element.tag in NO_WORDS:
        return
    kept = kept or element.get("translate") == "no"
    if element.text:
        yield element.text, kept
    for child in element:
        yield from texts(child, kept)
        if child.tail:
            yield child.tail, kept


def names(world: World) -> list[str]:
    """People, schools, councils and their numbers, as pages write them."""
    found = set()
    for authority in (world.authority,):
        found.add(authority.name)
        people = [*authority.people.values()]
        for school in authority.schools:
            found.add(school.name)
            people += school.people.values()
        for person in people:
            found |= {person.name, readable_phone(person.phone) if person.phone else "", person.email or ""}
    return sorted(found - {""}, key=len, reverse=True)


def loose(page: str, words: list[str]) -> list[str]:
    """What a translation would change in `page`, and what nobody says aloud."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    wrong = []
    for text, kept in texts(tree):
        if found := UNREAD.search(text):
            wrong.append(f"reads {text.strip()[:80]!r} ({found[0]!r})")
        if not kept:
            wrong += [f"{word!r} in {text.strip()[:80]!r}" for word in words if word in text]
            wrong += [f"{day[0]!r} in {text.strip()[:80]!r}" for day in DAY.finditer(text)]
    if OPEN in page or CLOSE in page:
        wrong.append("a mark is left over")
    return wrong


@pytest.mark.parametrize("role", ROLES)
def test_names_numbers_and_days_are_kept_from_translation(app, world, connection, role):
    crawl = Crawl(app, world, connection, role)
    words = names(world)
    wrong, read = [], 0
    for rule in crawl.rules("GET"):
        if not crawl.may_open(rule):
            continue
        answer = crawl.client.get(address(rule, crawl.places.own))
        if answer.mimetype == "text/html" and answer.status_code == 200:
            read += 1
            wrong += [f"{rule.endpoint}: {what}" for what in loose(answer.get_data(as_text=True), words)]
    assert read > (5 if role in ("commissioner", "named_officer", "head_teacher", "office") else 12)
    assert not wrong, "\n".join(wrong)


def test_the_check_finds_a_form_that_does_not_keep_words():
    assert loose("<p>Call Ada Boyle on +447700900123.</p>", ["Ada Boyle"])
    assert loose("<p>We meet on Tuesday 3 November.</p>", [])
    assert loose("<p>We meet at 6pm. .</p>", [])
    assert loose("<p>For 1 parents.</p>", [])
    assert not loose('<p>Call <bdi translate="no">Ada Boyle</bdi>. A chair, a table...</p>', ["Ada Boyle"])
