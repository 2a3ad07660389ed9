"""What a page may ask of the database, however many rows it shows: so many trips, and nothing twice.

The trips are counted in the trace that libpq keeps of what it sends, so the one that opens the browser's session and
begins, and the one that commits, are among them.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from werkzeug.routing import Rule

from app.extensions import db
from app.identity.gate import ENGINE
from infra.database import sqlalchemy_url
from tests.isolation.places import add_rows, address, places_of
from tests.support.own import own_app
from tests.support.trips import Asked, trips_of

PEOPLE = (
    "lead", "dsl", "head_teacher", "office", "facilitator", "parent", "authority_admin", "named_officer",
    "commissioner", None,
)  # fmt: skip
#: What most people open most often.
HOT = frozenset({"homes.authority", "homes.parent", "homes.school", "cohorts.show", "meetings.tonight"})
MOST_HOT, MOST = 4, 8
#: Endpoint -> trips of whoever needs most, where that is over the budget. It may only shrink.
STILL: dict[str, int] = {"accounts.my_account": 9}

#: Endpoint -> statements that are sent several times with other values, as a loop over rows does. It may only shrink.
STILL_REPEATED: dict[str, int] = {
    "cohorts.leaving": 2,
    # Two records side by side, by the queries that a page of one asks; never more than two, and in one trip.
    "merging.look_at": 8,
    "recruitment.show_parent": 1,
}

#: Endpoint -> statements that are sent again as they were. It may only shrink.
STILL_TWICE: dict[str, int] = {"safeguarding.officer_concerns": 1}


@pytest.fixture(scope="module")
def measured(stack, world) -> dict[str, list[Asked]]:
    """Endpoint -> what each audience's page asked."""
    found: dict[str, list[Asked]] = {}
    with own_app(stack, "budgets") as own:
        superuser = create_engine(sqlalchemy_url(own.stack.superuser_url))
        with superuser.begin() as connection:
            add_rows(connection, world)
        superuser.dispose()
        with own.app.app_context():
            engines = (db.engine, own.app.extensions[ENGINE])
        table = own.app.extensions["access_table"]
        with trips_of(*engines) as trips:
            for name in PEOPLE:
                person = world.authority.people.get(name) or world.school.people[name] if name else None
                client, ids = own.client(person), places_of(world, person).own
                for rule in own.app.url_map.iter_rules():
                    if not _is_page(rule) or (person.role if person else None) not in table[rule.endpoint]:
                        continue
                    path = address(rule, ids)
                    # Once for what a process reads once.
                    FlaskClient.open(client, path)
                    with trips.counted() as asked:
                        FlaskClient.open(client, path)
                    found.setdefault(rule.endpoint, []).extend(asked)
    return found


def _is_page(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "shell.leave")


def _say(what: str, found: dict[str, int], still: dict[str, int]) -> str:
    more = {name: times for name, times in found.items() if times > still.get(name, 0)}
    less = {name: found.get(name, 0) for name, times in still.items() if times > found.get(name, 0)}
    return f"\n{what}: {more or 'none'}\ncan be written lower now: {less or 'none'}" if more or less else ""


def test_pages_keep_to_their_budget_of_trips(measured):
    most = {name: max(asked.trips for asked in all_asked) for name, all_asked in measured.items()}
    over = {name: trips for name, trips in most.items() if trips > (MOST_HOT if name in HOT else MOST)}
    assert len(measured) > 150
    assert measured.keys() >= HOT
    assert not (said := _say("over the budget", over, STILL)), said


def test_no_page_asks_anew_for_every_row(measured):
    repeated = {
        name: times
        for name, all_asked in measured.items()
        if (times := max(len(set(asked.repeated) - set(asked.same_twice)) for asked in all_asked))
    }
    assert not (said := _say("statements in a loop", repeated, STILL_REPEATED)), said


def test_no_page_reads_the_same_twice(measured):
    twice = {
        name: times
        for name, all_asked in measured.items()
        if (times := max(len(asked.same_twice) for asked in all_asked))
    }
    assert not (said := _say("read twice", twice, STILL_TWICE)), said
