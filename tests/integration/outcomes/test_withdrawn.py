"""Withdrawn results: when, by whom and why for those who may know; a kept public address says that, and since when."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from app.outcomes.rollup import run_round
from app.shell.dates import full_day
from app.shell.kept import unmarked
from infra.clock import now
from infra.ids import new_id
from tests.integration.outcomes.test_releases import PUBLISHED, press_publish
from tests.support.client import PageClient

REVISIONS = Path(__file__).resolve().parents[3] / "migrations" / "versions"
REASON = "One school had counted a group twice."


@pytest.fixture
def published(town, build):
    run_round(town.rollup)
    made = build()
    press_publish(town, made)
    run_round(town.rollup)
    assert len(town.rows(PUBLISHED)) == 1
    return made


@pytest.fixture
def admin(town):
    return town.client(town.ground.world.authority.admin)


@pytest.fixture
def reader(town):
    return town.client(town.ground.world.authority.commissioner)


def today():
    return unmarked(full_day(now()))


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>|[\u2068\u2069]", "", answer.get_data(as_text=True)))


def withdraw(client, release, reason=REASON):
    return client.post(f"/authority/results/{release.id}/withdraw", data={"reason": reason})


def show(client, release, shown="yes"):
    client.post(f"/authority/results/{release.id}/public", data={"shown": shown})


def test_a_reason_is_asked_and_what_is_wrong_takes_nothing_back(town, admin, published):
    page = plain(withdraw(admin, published, " "))
    assert "Write a short reason" in page
    assert town.rows(PUBLISHED)[0].withdrawn_at is None
    assert town.rows("select state from release")[0].state == "published"


def test_authority_and_commissioners_read_when_and_why_and_the_authority_by_whom(
    town, admin, reader, published
):
    withdraw(admin, published)
    run_round(town.rollup)
    on, name = today(), town.ground.world.authority.admin.name
    for address in ("/authority/results", f"/authority/results/{published.id}"):
        page = plain(admin.get(address))
        assert f"Withdrawn on {on} by {name}." in page
        assert REASON in page
    page = plain(reader.get(f"/results/{published.id}"))
    assert f"These results were withdrawn on {on}." in page
    assert REASON in page
    assert published.sha256 not in page


def test_what_was_withdrawn_before_a_reason_was_asked_says_so(town, admin, reader, published):
    withdraw(admin, published)
    run_round(town.rollup)
    town.change("update release set withdrawn_reason = '', withdrawn_by = ''")
    town.change("update published.release set withdrawn_reason = ''")
    for page in (admin.get(f"/authority/results/{published.id}"), reader.get(f"/results/{published.id}")):
        assert "No reason was written down at that time." in plain(page)
        assert f"ithdrawn on {today()}." in plain(page)


def test_a_commissioner_never_reads_that_nothing_was_published(town, admin, reader, published):
    withdraw(admin, published)
    run_round(town.rollup)
    page = plain(reader.get("/results"))
    assert "Nothing is published yet" not in page
    assert "No results are published just now. What was published was withdrawn." in page


@pytest.mark.parametrize("round_first", [False, True])
def test_a_kept_public_address_says_withdrawn_and_nothing_else(town, admin, published, round_first):
    """At once, not only when the roll-up has run; and also where it was hidden again before."""
    visitor = PageClient(admin.application)
    address = f"/published-results/{published.id}"
    show(admin, published)
    assert today() in plain(visitor.get(address))
    withdraw(admin, published)
    if round_first:
        run_round(town.rollup)
    answer = visitor.get(address)
    page = plain(answer)
    assert answer.status_code == 410
    assert f"These results were withdrawn on {today()}" in page
    authority = town.ground.world.authority
    for secret in (
        REASON,
        published.sha256,
        published.title,
        authority.name,
        authority.admin.name,
        "figures",
    ):
        assert secret not in page
    assert "No council shows its results here just now." in plain(visitor.get("/published-results"))


def test_hidden_and_then_withdrawn_says_withdrawn_too(admin, published):
    show(admin, published)
    show(admin, published, "no")
    visitor = PageClient(admin.application)
    address = f"/published-results/{published.id}"
    assert visitor.get(address).status_code == 404
    withdraw(admin, published)
    assert visitor.get(address).status_code == 410


def test_what_only_commissioners_had_is_like_an_address_that_never_was(town, admin, published):
    visitor = PageClient(admin.application)
    withdraw(admin, published)
    run_round(town.rollup)
    never, unknown = (visitor.get(f"/published-results/{one}") for one in (published.id, new_id()))
    assert (never.status_code, unknown.status_code) == (404, 404)
    assert plain(never) == plain(unknown)


def test_an_unknown_address_asks_the_database_the_same(app_statements, admin, published):
    """Given a withdrawn, a hidden and an unknown address, then each asks the same questions in the same order."""
    visitor = PageClient(admin.application)
    show(admin, published)
    withdraw(admin, published)
    asked = []
    for one in (published.id, new_id()):
        app_statements.clear()
        visitor.get(f"/published-results/{one}")
        asked.append([statement for statement in app_statements if "for_everybody" in statement])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 2


@pytest.fixture
def app_statements(town):
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    said: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield said
    event.remove(Engine, "before_cursor_execute", hear)


def test_the_figures_of_withdrawn_results_answer_with_the_same_words(town, admin, reader, published):
    withdraw(admin, published)
    run_round(town.rollup)
    answer = reader.get(f"/results/{published.id}/data.csv")
    assert answer.status_code == 410
    assert answer.mimetype == "text/html"
    assert "These results were withdrawn on" in plain(answer)
    assert reader.get(f"/results/{new_id()}/data.csv").status_code == 404


def test_pressed_twice_the_first_reason_stays_and_the_page_says_so(town, admin, published):
    withdraw(admin, published)
    second = admin.post(
        f"/authority/results/{published.id}/withdraw", data={"reason": "Another."}, follow_redirects=True
    )
    assert "already been withdrawn" in plain(second)
    assert REASON in plain(second)
    (row,) = town.rows("select * from release where state = 'withdrawn'")
    assert row.withdrawn_reason == REASON
    told = "select count(*) n from authority_audit_event where event = 'outcomes:release:withdrawn'"
    assert town.rows(told)[0].n == 1
    # Also without a reason, from a page that lay open: there is nothing left to be asked.
    assert withdraw(admin, published, "").status_code == 303


def test_of_two_at_once_one_withdraws(town, published):
    person = town.ground.world.authority.admin
    clients = [town.client(person) for _ in range(2)]
    answers = []
    threads = [
        Thread(target=lambda c=client, n=number: answers.append(withdraw(c, published, f"Reason {n}.")))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303, 303]
    told = "select count(*) n from authority_audit_event where event = 'outcomes:release:withdrawn'"
    assert town.rows(told)[0].n == 1
    assert town.rows("select withdrawn_reason r from release")[0].r in ("Reason 0.", "Reason 1.")


def test_the_revision_finds_when_and_by_who_earlier_ones_were_withdrawn(town, admin, published):
    """Given what was withdrawn before there was a place for it, then the trail fills what it knows."""
    show(admin, published)
    withdraw(admin, published)
    run_round(town.rollup)
    town.change(
        "update release set withdrawn_at = null, withdrawn_by = '', withdrawn_reason = '', was_public = false"
    )
    (name,) = (path.stem for path in REVISIONS.glob("*_withdrawn_results.py"))
    revision = import_module(f"migrations.versions.{name}")
    with town.owner.begin() as connection:
        for statement in revision.FROM_THE_TRAIL:
            connection.execute(text(statement))
    (row,) = town.rows("select * from release")
    assert row.withdrawn_at is not None
    assert row.was_public
    assert row.withdrawn_by == town.ground.world.authority.admin.name
