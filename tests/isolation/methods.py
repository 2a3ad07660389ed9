"""What a browser never sends: other methods, ids that are none, ids in JSON. None of it may tell ids apart.

Which rule takes an address and a method is settled before anybody is asked who they are. So the map of addresses is
asked about every address for everybody, and what it turns away is really sent by one person each: all twelve send a
twelfth. What the database answers is the same for everybody with the same rights there, and is asked for once by each
of those audiences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse

from tests.isolation.crawling import Crawl, more_fields, with_ids
from tests.isolation.forms import Form
from tests.isolation.places import ID, Ids, address, names_a_row

#: Methods that no route takes.
NEVER = ("PUT", "PATCH", "DELETE", "TRACE")

#: One in so many of what the map of addresses turns away is sent by each person; so many people there are.
SHARE = 12

#: Ways of writing an id that is none. An address with one leads nowhere, whoever's the id is.
SPELLINGS: Mapping[str, Callable[[UUID], str]] = {
    "a number": lambda _: "1",
    "in braces": lambda found: f"{{{found}}}",
    "as a urn": lambda found: found.urn,
    "without hyphens": lambda found: found.hex,
    "too long": lambda found: f"{found}0",
    "very long": lambda found: str(found) * 200,
    "with a zero byte": lambda found: f"{found}%00",
    "in wide digits": lambda found: quote("".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in str(found))),
    "up and down": lambda found: f"../../{found}",
    "up and down, hidden": lambda found: f"..%2F..%2F{found}",
    "two at once": lambda found: f"{found},{found}",
    "a condition": lambda found: quote(f"{found}' or '1'='1"),
    "bytes": lambda _: "%ff%fe",
}  # fmt: skip


def try_everything(crawl: Crawl) -> None:
    """As this crawl's person, after their pages were read."""
    try_methods(crawl)
    try_spellings(crawl)
    try_fields(crawl)
    crawl.expect_nothing_changed("what no browser sends")


def all_rules(crawl: Crawl) -> list[Rule]:
    return list({rule.rule: rule for method in ("GET", "POST") for rule in crawl.rules(method)}.values())


def try_methods(crawl: Crawl) -> None:
    """No route takes PUT, PATCH, DELETE or TRACE; HEAD and OPTIONS tell no more than GET."""
    other, nowhere = crawl.places.foreign["other"], crawl.places.nowhere
    turn = count(crawl.turn)
    for rule in all_rules(crawl):
        for method in NEVER:
            if _routed(crawl, address(rule, other), method) != 405:
                crawl.fault(rule, f"takes {method}")
            if next(turn) % SHARE == 0:
                answer = _open(crawl, rule, method, other)
                if answer.status_code != 405:
                    crawl.fault(rule, f"answers {answer.status_code} to {method}")
        if not crawl.is_first(rule, f"{crawl.may_open(rule)} methods"):
            continue
        told = _open(crawl, rule, "OPTIONS", other)
        allowed = set(told.headers.get("Allow", "").split(", ")) - {""}
        if (told.get_data() and told.status_code == 200) or allowed - {"GET", "HEAD", "OPTIONS", "POST"}:
            crawl.fault(rule, "OPTIONS tells more than the methods of the route")
        if not (names_a_row(rule) and "GET" in (rule.methods or ()) and crawl.may_open(rule)):
            continue
        heads = [_open(crawl, rule, "HEAD", ids) for ids in (other, nowhere)]
        if any(head.get_data() for head in heads):
            crawl.fault(rule, "HEAD has a body")
        if heads[0].status_code != heads[1].status_code or _plain_headers(heads[0]) != _plain_headers(
            heads[1]
        ):
            crawl.fault(rule, "HEAD tells ids of others from ids of nobody")


def _open(crawl: Crawl, rule: Rule, method: str, ids: Ids) -> TestResponse:
    return crawl.judge(rule, method, crawl.client.open(address(rule, ids), method=method))


def _routed(crawl: Crawl, path: str, method: str) -> int | None:
    """The status with which the map of addresses turns this away, before any page; None: a rule takes it."""
    crawl.routed += 1
    request = crawl.app.request_class(EnvironBuilder(path, method=method).get_environ())
    adapter = crawl.app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match()
    except HTTPException as refused:
        return refused.code
    return None


def _plain_headers(answer: TestResponse) -> tuple[tuple[str, str], ...]:
    # How long the page would be depends on the id that it repeats, and on tokens.
    return tuple(
        sorted(
            (key, ID.sub("ID", value))
            for key, value in answer.headers
            if key not in ("Content-Length", "Set-Cookie")
        )
    )


def try_spellings(crawl: Crawl) -> None:
    """An id that is none is not found, in every address; the same id in capitals is the same id."""
    shout: Callable[[UUID], str] = lambda found: str(found).upper()  # noqa: E731 - beside its sisters
    turn = count(crawl.turn)
    for rule in filter(names_a_row, all_rules(crawl)):
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for name, spell in SPELLINGS.items():
            path = _spelled(rule, crawl.places.foreign["other"], spell)
            if _routed(crawl, path, method) != 404:
                crawl.fault(rule, f"takes an id {name}")
            if next(turn) % SHARE == 0:
                answer = crawl.judge(rule, name, crawl.client.open(path, method=method))
                if answer.status_code != 404:
                    crawl.fault(rule, f"answers {answer.status_code} to an id {name}")
        if crawl.may_open(rule):
            crawl.compare_once(
                rule,
                "in capitals",
                lambda ids, rule=rule, method=method: crawl.judge(
                    rule, "in capitals", crawl.client.open(_spelled(rule, ids, shout), method=method)
                ),
            )


def _spelled(rule: Rule, ids: Ids, spell: Callable[[UUID], str]) -> str:
    """The path of `rule` with its ids written in another way, as they are: nothing is escaped again."""
    return ID.sub(lambda match: spell(UUID(match.group())), address(rule, ids))


def try_fields(crawl: Crawl) -> None:
    """Ids that are none in queries and forms are answered in words; ids in JSON move nothing."""
    for rule in crawl.rules("GET"):
        if crawl.may_open(rule) and crawl.is_first(rule, "odd query"):
            path = address(rule, crawl.places.own)
            crawl.judge(rule, "query", crawl.client.get(_odd_query(path, crawl)))
    for rule in crawl.rules("POST"):
        if not crawl.may_open(rule):
            continue
        for form in crawl.forms.get(rule.endpoint) or [Form(address(rule, crawl.places.own))]:
            path = urlsplit(form.action).path
            if crawl.is_first(rule, "odd fields", form):
                _send_odd_fields(crawl, rule, path, form)
            crawl.compare_once(
                rule,
                "JSON",
                lambda ids, rule=rule, path=path, form=form: _json(crawl, rule, path, form, ids),
                form,
            )


def _spelled_out(spell: Callable[[Any], str], match: re.Match[str]) -> str:
    return spell(UUID(match.group()))


def _send_odd_fields(crawl: Crawl, rule: Rule, path: str, form: Form) -> None:
    for spell in (SPELLINGS["as a urn"], SPELLINGS["very long"], lambda found: f"{found}\x00"):
        fields = {
            name: [ID.sub(partial(_spelled_out, spell), value) for value in values]
            for name, values in form.fields.items()
        }
        if fields != form.fields:
            crawl.post(rule, "odd fields", path, fields)


def _odd_query(path: str, crawl: Crawl) -> str:
    return ID.sub(lambda match: match.group() + "%00", with_ids(path, crawl.places.foreign["other"]))


def _json(crawl: Crawl, rule: Rule, path: str, form: Form, ids: Ids) -> TestResponse:
    body = {name: values[0] for name, values in crawl.swapped(form, ids).items() if values}
    body |= {name: values[0] for name, values in more_fields(ids).items()}
    with crawl.undone():
        answer = crawl.judge(rule, "JSON", crawl.client.post(path, json=body))
        if answer.status_code < 400 and ids is not crawl.places.nowhere:
            crawl.expect_nothing_changed(f"JSON to {rule.rule}")
    return answer
