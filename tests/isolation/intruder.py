"""Somebody writes, and then opens whatever arrives at addresses that they chose: what do they see that was not theirs?

Each sequence of presses is made through the pages, as the role that makes them. What it sends goes through the real
outbox and dispatcher to the mailbox; links and digits that come to the writer's own addresses are opened in a browser
that is nobody's, now and a day later. A row counts as seen when the scope that was come in by reads it, or a page of it
shows its words.

What is left out, because it can show nothing new: a press that was refused or changed nothing ends its branch (without
it the sequence is a shorter one, which is tried too); of two ways to the same rows one is followed; what is to be
opened is opened once for each set of tokens, accounts, addresses and stages that it depends on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import requests
from flask import Flask, templating
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from app.identity.roles import LINK_ROLES, Role
from app.identity.websession import hash_secret
from infra.notify import Notify
from tenants.scope import Scope
from tenants.session import ASSUME
from tests.isolation.later import API_KEY
from tests.isolation.places import ARGUMENTS, PLAIN, address
from tests.isolation.standing import GATES, MEMBERS, OPENING, SENT, STATE
from tests.support.client import sign_in
from tests.support.clock import Clock
from tests.support.world import Person, School
from workers.dispatch import Dispatcher, _chunks

EMAIL, PHONE = "intruder@example.org", "+447700900977"
CHOSEN = (EMAIL, PHONE)
#: Longer than an address waits until it proves somebody, and than a fresh start waits for a veto.
A_DAY = timedelta(hours=25)
WORDS = "canary-of-own-words"
#: Only those who were there are thanked.
THANKS = "Thank you for being there"
#: Table -> what tells its rows apart: answers, votes, who came, concerns, and what people wrote themselves.
PRIVATE = {
    "answer_set": "id::text",
    "topic_vote": "parent_id::text || topic",
    "attendance": "session_id::text || parent_id::text",
    "absence_notice": "session_id::text || parent_id::text",
    "concern": "id::text",
    "concern_action": "id::text",
    "concern_receipt": "id::text",
    "authority_concern": "id::text",
    "facilitator_application": "facilitator_id::text",
    "application_draft": "parent_id::text",
    "fresh_start_silence": "fresh_start_id::text",
}
#: Packages whose pages show any of it.
PAGES = {"homes", "measures", "cohorts", "facilitators", "recruitment", "safeguarding", "privacy"}
Rows = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Press:
    """One write: the page's button, with what is typed; by somebody else where a colleague is asked to."""

    name: str
    endpoint: str
    data: Mapping[str, Any] | Callable[[Intruder], Mapping[str, Any]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    #: So long after the press before.
    after: timedelta = timedelta()


@dataclass(frozen=True)
class Breach:
    """What was seen, after which presses."""

    presses: tuple[str, ...]
    how: str
    seen: frozenset[str]


class SerialDispatcher(Dispatcher):
    """The dispatcher on the connection of the test, in one thread."""

    def deliver(self) -> None:
        for _ in range(3):
            messages = self.claim()
            if not messages:
                return
            for chunk in _chunks(messages):
                assert self._work_through(chunk, float("inf")) == len(chunk)


@dataclass
class Intruder:
    """Whoever writes, about whom, and the world that they write in. `ids`: what the addresses of pages name."""

    app: Flask
    connection: Connection
    clock: Clock
    mailbox: str
    writer: Person
    school: School
    ids: dict[str, UUID]
    presses: tuple[Press, ...]
    #: How many presses were made, how often what arrived was opened, and how often somebody came in by it.
    tried: int = 0
    opened: int = 0
    came_in: int = 0
    #: Presses that changed something.
    worked: set[str] = field(default_factory=set)
    breaches: list[Breach] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = self.app.extensions["settings"]
        self.dispatcher = SerialDispatcher(
            engine=self.connection,  # type: ignore[arg-type]
            notify=Notify(
                base_url=self.mailbox,
                api_key=API_KEY,
                email_template_id=settings.notify_email_template_id,
                sms_template_id=settings.notify_sms_template_id,
                timeout=5,
            ),
            base_url=settings.base_url,
            secret_key=settings.secret("secret_key"),
        )
        self.rules = {
            (rule.endpoint, method): rule
            for rule in self.app.url_map.iter_rules()
            for method in rule.methods or ()
        }
        self.clients = {"": self._client(self.writer)}
        for press in self.presses:
            if press.by and press.by not in self.clients:
                self.clients[press.by] = self._client(self.school.people[press.by])
        self.read_messages: frozenset[str] = frozenset()
        self._tables: dict[str, dict[str, str]] = {}
        with self.as_login("postgres"):
            self.everything = self._rows(None)
        self.allowed = self.seen_by(self.writer.scope)

    # ---- the search

    def search(self, depth: int = 3, *, stop_at_first: bool = False) -> list[Breach]:
        """Every sequence of so many presses at most."""
        #: State -> how many more presses were tried from it.
        self._states, self._openings = {self._digest(STATE): depth}, set[str]()
        self._refused: set[tuple[str, str]] = set()
        self._walked: set[tuple[Role, UUID, str]] = set()
        self._walk((), depth, stop_at_first)
        return self.breaches

    def _walk(self, done: tuple[str, ...], left: int, stop_at_first: bool) -> None:
        before, gates = self._digest(STATE), self._digest(GATES)
        for press in self.presses:
            if (press.name, gates) in self._refused or (stop_at_first and self.breaches):
                continue
            with self.undone(), self.later(press.after):
                if not self._press(press):
                    self._refused.add((press.name, gates))
                    continue
                state = self._digest(STATE)
                if state == before:
                    continue
                self.worked.add(press.name)
                if state not in self._states:
                    self._look((*done, press.name))
                if left > 1 and self._states.get(state, 0) < left - 1:
                    self._states[state] = left - 1
                    self._walk((*done, press.name), left - 1, stop_at_first)
                self._states.setdefault(state, 0)

    def _press(self, press: Press) -> bool:
        self.tried += 1
        data = press.data(self) if callable(press.data) else press.data
        path = self._address(press.endpoint, "POST", press.ids)
        with patch.object(templating, "_render", lambda *_: ""):  # a page that nobody looks at is not drawn
            answer = self.clients[press.by].post(path, data=data)
        assert answer.status_code < 500, (press.name, answer.status_code)
        return answer.status_code in (302, 303)

    def _look(self, sequence: tuple[str, ...]) -> None:
        if seen := (self.seen_by(self.writer.scope) & self.everything) - self.allowed:
            self._note(sequence, "as themselves", seen)
        opening = self._digest(OPENING)
        if opening in self._openings:
            return
        self._openings.add(opening)
        self.opened += 1
        with self.undone():
            self._open_all(sequence, "at once")
            with self.later(A_DAY):
                self._open_all(sequence, "a day later")

    # ---- what arrives is opened

    def _open_all(self, sequence: tuple[str, ...], when: str) -> None:
        browser = self._client(None)
        for chosen in CHOSEN:
            browser.post("/new-link", data={"address": chosen})
        kept = browser.get_cookie("webelong")
        for message in self.arrived():
            for words in (WORDS, THANKS):
                if words in message:
                    self._note(sequence, when, frozenset({("message", words)}))
            for token in dict.fromkeys(re.findall(r"/l/([\w.~-]+)", message)):
                place = browser.get(f"/l/{token}").location
                if "/invitation/" in place and when == "at once":
                    continue  # a role at work that has begun is there a day later too
                self._open(sequence, when, browser, place, {})
                # An invitation can also add to the account that is signed in.
                add = place if "/link/" in place else f"{place}/add"
                self._open(sequence, when, self._again(self.writer), add, {"join": "y"})
                browser.delete_cookie("webelong")
                if kept:
                    browser.set_cookie("webelong", kept.value)

    def _open(
        self, sequence: tuple[str, ...], when: str, client: FlaskClient, place: str, data: dict[str, str]
    ) -> None:
        """Use a link; every membership that is open then is judged."""
        with self.undone():
            # Somebody at work still sets up an app; what they read then is the scope's to say.
            data = data or ({"password": "violin cactus rain"} if "/invitation/" in place else {})
            client.post(place, data=data)
            cookie = client.get_cookie("webelong")
            values = {"hash": hash_secret(cookie.value) if cookie else b"", "email": EMAIL, "phone": PHONE}
            with self.as_login("postgres"):
                members = list(self.connection.execute(MEMBERS, values))
            for member in members:
                self._judge(sequence, when, client, member)

    def _judge(self, sequence: tuple[str, ...], when: str, client: FlaskClient, member: Any) -> None:
        self.came_in += 1
        role = Role(member.role)
        scope = Scope(role.audience, member.in_authority, member.in_school, member.person_id)
        how = f"{when}, as {role.value} {member.person_id}"
        if seen := (self.seen_by(scope) & self.everything) - self.allowed:
            self._note(sequence, how, seen)
        # At work the wall is the scope's; pages of colleagues show what the writer's own pages show.
        walked = (role, member.person_id, when)
        if (
            not member.here
            or role not in LINK_ROLES
            or member.person_id == self.writer.person_id
            or walked in self._walked
        ):
            return
        self._walked.add(walked)
        # All the way: the PIN of a shared phone is chosen, and the six digits are asked for and typed.
        client.post("/my-account/pin", data={"pin": "482913", "again": "482913"})
        for channel in ("email", "sms"):
            client.post("/confirm/send", data={"channel": channel})
            for message in self.arrived():
                for code in re.findall(r"\b\d{6}\b", message):
                    client.post("/confirm", data={"code": code})
        shown = [
            endpoint
            for (endpoint, method), rule in self.rules.items()
            if method == "GET"
            and endpoint.partition(".")[0] in PAGES
            and role in self.app.extensions["access_table"].get(endpoint, ())
            and set(rule.arguments) <= set(ARGUMENTS) | set(PLAIN)
            and WORDS in client.get(address(rule, self.ids)).text
        ]
        if shown:
            self._note(sequence, how, frozenset(("page", endpoint) for endpoint in shown))

    def arrived(self) -> list[str]:
        """What the dispatcher has brought to the writer's addresses since the last look."""
        with self.as_login("wb_dispatch"), self.connection.begin_nested():
            self.dispatcher.deliver()
        return [body for chosen in CHOSEN for body in self._newest(chosen)]

    def digits(self) -> str:
        """Six digits that arrived just now; nothing where none did."""
        found = [code for message in self.arrived() for code in re.findall(r"\b\d{6}\b", message)]
        return found[0] if found else ""

    def _newest(self, to: str) -> list[str]:
        """What was sent there in this branch and not looked at in it: the mailbox keeps what other branches sent."""
        found = requests.get(f"{self.mailbox}/messages.json", params={"to": to}, timeout=10).json()
        with self.as_login("postgres"):
            sent = set(self.connection.execute(SENT).scalars())
        new = {message["reference"]: message["body"] for message in found if message["reference"] in sent}
        new = {reference: body for reference, body in new.items() if reference not in self.read_messages}
        self.read_messages = self.read_messages | new.keys()
        return list(new.values())

    # ---- what is read

    def seen_by(self, scope: Scope) -> Rows:
        """Private rows that this scope reads."""
        with self.as_login("wb_web"), self.undone():
            self.connection.execute(ASSUME, scope.as_parameters())
            return self._rows(scope.audience.value)

    def _rows(self, audience: str | None) -> Rows:
        tables = PRIVATE if audience is None else self._readable(audience)
        union = " union all ".join(f"select '{table}', {key} from {table}" for table, key in tables.items())
        if not union:
            return frozenset()
        return frozenset((row[0], row[1]) for row in self.connection.execute(text(union)))

    def _readable(self, audience: str) -> dict[str, str]:
        if audience not in self._tables:
            may = text("select has_any_column_privilege(current_user, :table, 'select')")
            self._tables[audience] = {
                table: key
                for table, key in PRIVATE.items()
                if self.connection.execute(may, {"table": table}).scalar_one()
            }
        return self._tables[audience]

    def _note(self, sequence: tuple[str, ...], how: str, seen: Rows) -> None:
        self.breaches.append(Breach(sequence, how, frozenset(table for table, _ in seen)))

    # ---- the ground

    def _client(self, person: Person | None) -> FlaskClient:
        client = FlaskClient(self.app, self.app.response_class, use_cookies=True)
        if person is not None:
            sign_in(client, person)
        return client

    def _again(self, person: Person) -> FlaskClient:
        with suppress(AssertionError):
            return self._client(person)
        return self._client(None)  # their own membership has ended meanwhile

    def _address(self, endpoint: str, method: str, ids: Mapping[str, str]) -> str:
        known = self.ids | {name: self.ids[other] for name, other in ids.items() if other in self.ids}
        for name, statement in ids.items():
            if statement.startswith("select"):
                with self.as_login("postgres"):
                    found = self.connection.execute(text(statement), {**self.ids, "email": EMAIL}).scalar()
                known[name] = found or self.ids["nobody"]
        rule = self.rules[endpoint, method]
        plain = {name: value for name, value in ids.items() if name in rule.arguments and name in PLAIN}
        if plain:
            arguments = plain | {name: known[ARGUMENTS[name]] for name in rule.arguments if name in ARGUMENTS}
            built = rule.build(arguments)
            assert built, endpoint
            return built[1]
        return address(rule, known)

    def _digest(self, statement: str) -> str:
        with self.as_login("postgres"):
            known = [value for value in self.ids.values() if isinstance(value, UUID)]
            return self.connection.execute(
                text(statement), {"known": known, "chosen": list(CHOSEN)}
            ).scalar_one()

    @contextmanager
    def later(self, by: timedelta) -> Iterator[None]:
        before = self.clock.now
        if by:
            self.clock.move(by)
        yield
        if by:
            self.clock.set(before)

    @contextmanager
    def undone(self) -> Iterator[None]:
        step, read = self.connection.begin_nested(), self.read_messages
        try:
            yield
        finally:
            step.rollback()
            self.read_messages = read

    @contextmanager
    def as_login(self, login: str) -> Iterator[None]:
        before = self.connection.execute(text("select session_user::text, current_setting('role')")).one()
        self._become(login if login != "postgres" else self.superuser, "none")
        try:
            yield
        finally:
            self._become(*before)

    @property
    def superuser(self) -> str:
        return self.connection.engine.url.username or "postgres"

    def _become(self, login: str, role: str) -> None:
        self.connection.execute(
            text("select set_config('session_authorization', :login, true), set_config('role', :role, true)"),
            {"login": login, "role": role},
        )
