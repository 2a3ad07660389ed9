"""Every press from every state: what cannot be done is answered in words, and leaves everything as it was.

Each pipeline's states are set by hand, and every form that any page of it ever shows is then sent from every state:
that is what a second tab, a slow reader or two officers at once do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.exceptions import HTTPException

from app.accounts.services import HasAccount, InvitedOften, NotThem
from app.extensions import limiter
from app.facilitators.stages import STAGES as FACILITATOR_STAGES
from app.recruitment.stages import STAGES as PARENT_STAGES
from app.schools.stages import STAGES as SCHOOL_STAGES
from app.shell.refusals import Refused
from tests.isolation.digests import Digests
from tests.isolation.forms import Form, read_page
from tests.isolation.places import Ids, add_rows, address, places_of
from tests.support.client import sign_in
from tests.support.reading import cookie_of
from tests.support.world import Person, World

SKIPPED = ("shell.", "accounts.", "papers.", "static")


@dataclass(frozen=True)
class Pipeline:
    """One table of states, who acts on it, and how a state is set: SQL with :id and :state."""

    states: tuple[str, ...]
    set_state: str
    #: Key of the ids whose row moves.
    row: str
    #: Who presses -> their endpoints begin with one of these.
    who: dict[str, tuple[str, ...]]
    ids: dict[str, str] = field(default_factory=dict)


#: The presses that move something, and the pages on which they stand; printing and searching are looked at elsewhere.
OF_A_PARENT = (
    "recruitment.show_parent", "recruitment.invite_parent", "recruitment.make_letter", "recruitment.record_answer",
    "recruitment.take_back", "recruitment.remove_parent", "cohorts.make_plan", "cohorts.offer_places",
    "cohorts.remove_parent",
)  # fmt: skip
OF_THEMSELVES = (
    "recruitment.welcome", "recruitment.tell_me_more", "recruitment.say_no", "recruitment.choose",
    "recruitment.my_choices", "recruitment.leave_group", "recruitment.come_back", "meetings.vote", "meetings.can",
    "facilitators.apply", "facilitators.withdraw",
)  # fmt: skip
OF_A_FACILITATOR = (
    "facilitators.show", "facilitators.move", "facilitators.let_in", "facilitators.see_certificate",
    "facilitators.add_training", "cohorts.assign_facilitator", "cohorts.unassign_facilitator",
)  # fmt: skip
OF_A_SCHOOL = (
    "schools.show", "schools.invite_lead", "schools.send_brief", "schools.activate", "schools.pause",
    "schools.resume", "schools.leave", "schools.bring_back", "schools.remove_school", "schools.accept_agreement",
    "schools.return_agreement", "schools.follow_conversion",
)  # fmt: skip
OF_OUR_SCHOOL = (
    "schools.details", "schools.finish_brief", "schools.agreement", "schools.ask_for_papers", "schools.finish_staff",
    "schools.invite_staff", "recruitment.add_parent", "recruitment.invite_parent", "recruitment.make_letter",
    "cohorts.form_cohort", "cohorts.start", "facilitators.add_professional", "facilitators.let_in",
)  # fmt: skip
OF_A_GROUP = (
    "cohorts.show", "cohorts.change_cohort", "cohorts.offer_places", "cohorts.remove_parent",
    "cohorts.assign_facilitator", "cohorts.unassign_facilitator", "cohorts.start", "cohorts.close",
    "cohorts.end_early", "cohorts.delete_group",
)  # fmt: skip
OF_A_SESSION = (
    "cohorts.move_session", "cohorts.cancel_session", "meetings.take_register", "meetings.write_notes",
    "meetings.close_session", "meetings.my_session", "meetings.can",
)  # fmt: skip

PIPELINES = {
    "parent": Pipeline(
        tuple(PARENT_STAGES),
        "update parent set stage = :state where id = :id",
        "parent_id",
        {"lead": OF_A_PARENT, "parent": OF_THEMSELVES},
    ),
    "graduate": Pipeline(
        tuple(FACILITATOR_STAGES),
        "update facilitator set stage = :state where id = :id",
        "applicant_id",
        {"lead": OF_A_FACILITATOR, "graduate": ("facilitators.",)},
        {"facilitator_id": "applicant_id"},
    ),
    "facilitator": Pipeline(
        tuple(FACILITATOR_STAGES),
        "update facilitator set stage = :state where id = :id",
        "facilitator_id",
        {"lead": OF_A_FACILITATOR},
    ),
    "school": Pipeline(
        tuple(SCHOOL_STAGES),
        "update school set stage = :state where school_id = :id",
        "school_id",
        {"authority_admin": OF_A_SCHOOL, "lead": OF_OUR_SCHOOL, "parent": OF_THEMSELVES},
    ),
    "group": Pipeline(
        ("forming", "running", "closed", "cancelled"),
        "update cohort set state = :state where id = :id",
        "cohort_id",
        {"lead": OF_A_GROUP, "facilitator": OF_A_SESSION, "parent": (*OF_A_SESSION, "meetings.vote")},
    ),
    "session": Pipeline(
        ("planned", "held", "closed", "cancelled"),
        "update cohort_session set state = :state where id = :id",
        "next_session_id",
        {"lead": OF_A_SESSION, "facilitator": OF_A_SESSION, "parent": OF_A_SESSION},
        {"session_id": "next_session_id"},
    ),
    "release": Pipeline(
        ("draft", "blocked", "published", "withdrawn"),
        "update release set state = :state where id = :id",
        "release_id",
        {"authority_admin": ("outcomes.",)},
    ),
    "message": Pipeline(
        ("queued", "sending", "sent", "delivered", "failed", "held_back"),
        "update outbox set state = :state where id = :id",
        "outbox_id",
        {"lead": ("messages.",)},
    ),
}


@pytest.fixture
def connection(undone_engine, world) -> Iterator[Connection]:
    """The web login's, on which a test sets states as the superuser; all undone at the end."""
    with undone_engine.connect() as connection, connection.begin() as outer:
        add_rows(connection, world)
        connection.execute(text("set session authorization wb_web"))
        yield connection
        outer.rollback()


#: Whoever catches these goes on in another way: reminds instead of inviting, or notes it without sending.
GOES_ON = (HasAccount, NotThem, InvitedOften)


@pytest.fixture
def refusals(monkeypatch) -> list[Refused]:
    """Every refusal that was made, whoever caught it."""
    made: list[Refused] = []
    plain = Refused.__init__

    def remember(self: Refused, *words: Any, **others: Any) -> None:
        plain(self, *words, **others)
        if not isinstance(self, GOES_ON):
            made.append(self)

    monkeypatch.setattr(Refused, "__init__", remember)
    return made


class _Radios(HTMLParser):
    """Every radio of a page: name -> values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "radio":
            self.found.setdefault(given.get("name") or "", []).append(given.get("value") or "")


def _variants(form: Form, radios: dict[str, list[str]]) -> Iterator[Form]:
    """The form as it is, and once more with all radios at their n-th choice."""
    names = [name for name in form.fields if name in radios]
    for place in range(max((len(radios[name]) for name in names), default=1)):
        chosen = {name: [radios[name][min(place, len(radios[name]) - 1)]] for name in names}
        yield Form(form.action, form.fields | chosen)


class Walk:
    """One person's presses along one pipeline."""

    def __init__(
        self,
        app,
        world: World,
        connection: Connection,
        pipeline: Pipeline,
        person: Person,
        pages: tuple[str, ...],
    ) -> None:
        self.app, self.connection, self.pipeline, self.person = app, connection, pipeline, person
        self.pages = pages
        own = places_of(world, person).own
        self.ids: Ids = own | {key: own[name] for key, name in pipeline.ids.items()}
        # Not the client that reads each page as a browser would: there are thousands, and others look at them.
        self.client = FlaskClient(app, app.response_class, use_cookies=True)
        sign_in(self.client, person)
        self.cookie = cookie_of(self.client)
        self.forms: dict[tuple[str, str], Form] = {}
        self.digests = Digests(connection, [world.school], [world.authority])

    def be_at(self, state: str) -> None:
        # As the owner, who alone may put a row where a trigger asks for one step at a time.
        self.connection.execute(text("set local session authorization default"))
        self.connection.execute(text("set local role wb_owner"))
        self.connection.execute(
            text(self.pipeline.set_state), {"id": self.ids[self.pipeline.row], "state": state}
        )
        self.connection.execute(text("reset role"))
        self.connection.execute(text("set local session authorization wb_web"))

    def rules(self, method: str):
        table = self.app.extensions["access_table"]
        for rule in self.app.url_map.iter_rules():
            ours = rule.endpoint.startswith(self.pages)
            if ours and method in (rule.methods or ()) and self.person.role in table[rule.endpoint]:
                yield rule

    def tried(self, act: Callable[[], object]) -> None:
        step = self.connection.begin_nested()
        try:
            act()
        finally:
            step.rollback()
            self.client.set_cookie("webelong", self.cookie)

    def collect(self, state: str) -> None:
        """Remember every form that somebody at `state` is shown."""
        self.be_at(state)
        adapter = self.app.url_map.bind("localhost")
        for rule in self.rules("GET"):
            if set(rule.arguments) & {"token", "place", "number", "occasion"}:
                continue
            answer = self.client.get(address(rule, self.ids))
            assert answer.status_code < 500, (state, rule.endpoint)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            page = answer.get_data(as_text=True)
            radios = _Radios(page).found
            for form in read_page(page, answer.request.path)[0]:
                path = urlsplit(form.action).path
                try:
                    endpoint, _values = adapter.match(path, method="POST")
                except HTTPException:
                    continue
                if endpoint.startswith(SKIPPED) or not endpoint.startswith(self.pages):
                    continue
                for variant in _variants(form, radios):
                    self.forms[path, repr(sorted(variant.fields.items()))] = variant

    def press_everything(self, state: str, refusals: list[Refused]) -> list[str]:
        """Send every form known from `state`; what went wrong, in words."""
        faults: list[str] = []
        bare = [Form(address(rule, self.ids)) for rule in self.rules("POST")]
        fingerprints: list[dict[str, str]] = []

        def look() -> None:
            self.be_at(state)
            fingerprints.append(self.digests.take())

        self.tried(look)
        [before] = fingerprints
        for form in [*self.forms.values(), *bare]:
            path = urlsplit(form.action).path

            def press(path: str = path, form: Form = form) -> None:
                self.be_at(state)
                refusals.clear()
                try:
                    answer = self.client.post(path, data=form.fields)
                except Exception as error:
                    faults.append(f"{path} from {state}: {type(error).__name__}: {error}")
                    return
                if answer.status_code >= 500:
                    faults.append(f"{path} from {state}: {answer.status_code}")
                if not refusals or answer.status_code >= 400:  # the edge took it back
                    return
                after = self.digests.take()
                changed = sorted(
                    table
                    for table in after
                    if after[table] != before[table] and table not in ("identity.browser_session",)
                )
                if changed:
                    faults.append(f"{path} from {state}: refused, and yet it changed {changed}")

            self.tried(press)
        return faults


@pytest.mark.parametrize(
    ("name", "role"), [(name, role) for name, pipeline in PIPELINES.items() for role in pipeline.who]
)
def test_whatever_is_pressed_wherever_it_stands_is_answered(
    app, world, connection, refusals, monkeypatch, name, role
):
    monkeypatch.setattr(limiter, "enabled", False)
    pipeline = PIPELINES[name]
    person = world.authority.people.get(role) or world.school.people[role]
    walk = Walk(app, world, connection, pipeline, person, pipeline.who[role])
    for state in pipeline.states:
        walk.tried(partial(walk.collect, state))
    assert any(walk.rules("POST")), "nothing to press"
    faults: list[str] = []
    for state in pipeline.states:
        faults += walk.press_everything(state, refusals)
    assert not faults, "\n".join(sorted(set(faults)))
