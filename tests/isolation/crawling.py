"""One person goes through every route, with ids of their own, of others and of nobody, and what came back is judged.

The rules that hold for every answer:
- it is never a 5xx, carries the headers of every answer, and never shows a word that belongs to somebody else;
- an id of another school gets, letter for letter, the answer that an id of nobody gets;
- whoever the access table does not name gets 403 (or the way to sign in) and nothing else;
- after any number of requests, no row of any other place has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.identity.roles import Role
from tests.isolation.digests import Digests
from tests.isolation.forms import Form, read_page
from tests.isolation.places import ID, Ids, Places, address, names_a_row, places_of
from tests.support.answers import faults_of
from tests.support.client import sign_in
from tests.support.reading import cookie_of
from tests.support.world import Person, World

#: Endpoints that serve no page of the service, and the door out.
SKIPPED = ("static", "shell.leave")
#: Tokens in forms, and the moment in a calendar.
CHANGES_BY_ITSELF = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|DTSTAMP:\w+|<p class="govuk-heading-xl" translate="no">[a-z ]+</p>'
    r'|"clock":\d+'
)


def person_of(world: World, role: str | None) -> Person | None:
    if role is None:
        return None
    return world.authority.people.get(role) or world.school.people[role]


def forbidden_words(world: World, role: str | None) -> set[str]:
    """What this person must never read, wherever they look."""
    words = {world.other_authority.canary}
    for school in (world.sibling_school, *world.other_authority.schools):
        words |= {school.family_canary, school.concern_canary}
        if role not in ("authority_admin", "named_officer", "commissioner"):
            words.add(school.canary)
    if role != "dsl":
        words.add(world.school.concern_canary)
    if role in (None, "authority_admin", "named_officer", "commissioner", "head_teacher"):
        words.add(world.school.family_canary)
    if role in ("commissioner", None):
        words.add(world.school.canary)
    return words


def normal(answer: TestResponse) -> tuple[int, str, str]:
    """Status, address led to and page, without what differs each time: tokens, and the id that was asked for."""
    page = CHANGES_BY_ITSELF.sub("", answer.get_data(as_text=True))
    return answer.status_code, ID.sub("ID", answer.headers.get("Location", "")), ID.sub("ID", page)


@dataclass
class Crawl:
    """One person's way through the service. `faults` says what was wrong, in words; empty is right."""

    app: Flask
    world: World
    connection: Connection
    role: str | None
    #: Which of the people this is: what would be the same for everybody is shared out among them.
    turn: int = 0
    #: What somebody with the same rights in the database compared already; handed on from one crawl to the next.
    compared: set[tuple[object, ...]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    #: How often the map of addresses was asked instead of a page.
    routed: int = 0
    #: Endpoint -> forms that lead to it, as found on this person's own pages.
    forms: dict[str, list[Form]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.person = person_of(self.world, self.role)
        self.places: Places = places_of(self.world, self.person)
        self.forbidden = forbidden_words(self.world, self.role)
        self.table = self.app.extensions["access_table"]
        self.client: FlaskClient = FlaskClient(self.app, self.app.response_class, use_cookies=True)
        if self.person is not None:
            sign_in(self.client, self.person)
            self.cookie = cookie_of(self.client)
        self.digests = Digests(self.connection, self.places.schools, self.places.authorities)
        self.before = self.digests.take()

    # What is asked

    def rules(self, method: str) -> list[Rule]:
        return [
            rule
            for rule in self.app.url_map.iter_rules()
            if method in (rule.methods or ()) and rule.endpoint not in SKIPPED
        ]

    def may_open(self, rule: Rule) -> bool:
        roles: frozenset[Role | None] = self.table[rule.endpoint]
        return (self.person.role if self.person else None) in roles

    def get_everything(self) -> None:
        """Open every page; ids in the path and in the query."""
        for rule in self.rules("GET"):
            if not self.may_open(rule):
                self.expect_shut(rule, "GET")
                continue
            own = self.ask(rule, "own", address(rule, self.places.own))
            self.read_forms(own)
            if names_a_row(rule):
                self.compare_once(
                    rule, "path", lambda ids, rule=rule: self.ask(rule, "foreign", address(rule, ids))
                )
            else:
                path = address(rule, self.places.own)
                self.compare_once(
                    rule,
                    "query",
                    lambda ids, rule=rule, path=path: self.ask(rule, "query", with_ids(path, ids)),
                )
        self.expect_nothing_changed("GET")

    def post_everything(self) -> None:
        """Send every form; ids in the path, in its fields and in fields that it does not have."""
        for rule in self.rules("POST"):
            if not self.may_open(rule):
                self.expect_shut(rule, "POST")
                continue
            for form in self.forms.get(rule.endpoint) or [Form(address(rule, self.places.own))]:
                self.send(rule, form)
        self.expect_nothing_changed("POST")

    def send(self, rule: Rule, form: Form) -> None:
        path = urlsplit(form.action).path
        self.post(rule, "own", path, form.fields)
        in_path = bool(ID.search(path))
        in_fields = any(ID.search(value) for values in form.fields.values() for value in values)
        if in_path:
            self.compare_once(
                rule,
                "path",
                lambda ids: self.post(rule, "path", self.places.swap(path, ids), self.swapped(form, ids)),
                form,
            )
        if in_fields:
            self.compare_once(
                rule,
                "fields",
                lambda ids: self.post(rule, "fields", path, self.swapped(form, ids)),
                form,
            )
        self.compare_once(
            rule,
            "more fields",
            lambda ids: self.post(rule, "more fields", path, form.fields | more_fields(ids)),
            form,
        )

    def swapped(self, form: Form, ids: Ids) -> dict[str, list[str]]:
        return {
            name: [self.places.swap(value, ids) for value in values] for name, values in form.fields.items()
        }

    # How it is asked

    def ask(self, rule: Rule, place: str, path: str) -> TestResponse:
        return self.judge(rule, place, self.client.get(path))

    def post(self, rule: Rule, place: str, path: str, fields: dict[str, list[str]]) -> TestResponse:
        with self.undone():
            answer = self.judge(rule, place, self.client.post(path, data=fields))
            if answer.status_code < 400:
                self.expect_nothing_changed(f"POST {rule.rule} ({place})")
        return answer

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Every form meets the world as it was, and a browser that is still signed in."""
        step = self.connection.begin_nested()
        try:
            yield
        finally:
            step.rollback()
            self.client.delete_cookie("webelong")
            if self.person is not None:
                self.client.set_cookie("webelong", self.cookie)

    def read_forms(self, page: TestResponse) -> None:
        if page.mimetype != "text/html" or page.status_code != 200:
            return
        adapter = self.app.url_map.bind("localhost")
        for form in read_page(page.get_data(as_text=True), page.request.path)[0]:
            try:
                endpoint, _ = adapter.match(urlsplit(form.action).path, method="POST")
            except HTTPException:
                self.faults.append(f"{page.request.path} has a form that leads nowhere: {form.action}")
                continue
            known = self.forms.setdefault(endpoint, [])
            if all(set(form.fields) != set(other.fields) for other in known):
                known.append(form)

    # How it is judged

    def judge(self, rule: Rule, place: str, answer: TestResponse) -> TestResponse:
        self.asked += 1
        if answer.status_code >= 500:
            self.fault(rule, f"{place}: {answer.status_code}")
        for wrong in faults_of(answer):
            self.fault(rule, f"{place}: {wrong}")
        page = answer.get_data(as_text=True)
        for word in self.forbidden:
            if word in page or word in str(answer.headers):
                self.fault(rule, f"{place}: shows {word}")
        return answer

    def is_first(self, rule: Rule, what: str, form: Form | None = None) -> bool:
        """Whether nobody who is the same to the database was here with this before."""
        fields = frozenset(form.fields) if form else None
        key = (self.person and self.person.role.audience, rule.endpoint, what, fields)
        is_new = key not in self.compared
        self.compared.add(key)
        return is_new

    def compare_once(self, rule: Rule, what: str, ask: Callable[..., Any], form: Form | None = None) -> None:
        """`compare`, unless somebody who is the same to the database did so on this page with this kind of form."""
        if self.is_first(rule, what, form):
            self.compare(rule, ask)

    def compare(self, rule: Rule, ask: Callable[..., Any]) -> None:
        """Foreign ids get the answer that an unknown one gets."""
        nowhere = normal(ask(self.places.nowhere))
        for place, ids in self.places.foreign.items():
            found = normal(ask(ids))
            if found != nowhere:
                # A word left over from the page before is shown once; ids that are told apart are told apart again.
                nowhere, found = normal(ask(self.places.nowhere)), normal(ask(ids))
            if found != nowhere:
                self.fault(rule, f"{place}: answers {found[:2]} differ from an unknown id's {nowhere[:2]}")

    def expect_shut(self, rule: Rule, method: str) -> None:
        """Whose the ids are makes no difference before a shut door; each audience tries with a stranger's too."""
        answers = set()
        two = [self.places.own]
        if names_a_row(rule) and self.is_first(rule, f"{method} at a shut door"):
            two.append(self.places.foreign["other"])
        for ids in two:
            answer = self.judge(rule, "shut", self.client.open(address(rule, ids), method=method))
            answers.add(normal(answer))
            if self.person is not None:
                right = answer.status_code == 403
            elif method == "GET":
                right = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
            else:
                right = answer.status_code == 401
            if not right:
                self.fault(rule, f"{method} is open to {self.role}: {answer.status_code}")
        if len(answers) > 1:
            # As in `compare`: a word left over from the page before is shown once.
            answers = {normal(self.client.open(address(rule, ids), method=method)) for ids in two}
        if len(answers) > 1:
            self.fault(rule, "a shut door tells ids apart")

    def expect_nothing_changed(self, after: str) -> None:
        now = self.digests.take()
        changed = sorted(table for table in now if now[table] != self.before[table])
        if changed:
            self.faults.append(f"{after} as {self.role} changed rows of others in {', '.join(changed)}")

    def fault(self, rule: Rule, what: str) -> None:
        self.faults.append(f"{self.role} {rule.rule} [{rule.endpoint}]: {what}")


def more_fields(ids: Ids) -> dict[str, list[str]]:
    """Fields that no form has: whoever adds them must not move anything."""
    return {key: [str(ids[key])] for key in ("school_id", "authority_id", "parent_id", "cohort_id")}


def with_ids(path: str, ids: Ids) -> str:
    """The page, asked with ids in its query under every name that any page reads."""
    asked = {
        "cohort": ids["cohort_id"],
        "after": ids["outbox_id"],
        "school_id": ids["school_id"],
        "parent_id": ids["parent_id"],
    }
    return f"{path}?{urlencode(asked)}"
