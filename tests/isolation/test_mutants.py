"""A wall that is taken away is noticed. The suite tries a few of each kind; `make mutate-isolation` tries all."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.accounts.roles import Role
from app.shell.access import access_table
from tests.isolation.access_page import FILE, render
from tests.isolation.crawling import Crawl
from tests.isolation.mutants import list_mutants
from tests.isolation.mutate import connected, notice, sample, try_mutant
from tests.isolation.places import address


def test_a_few_walls_of_each_kind_are_missed_when_gone(stack, world):
    with stack.copy("mutants") as copy, connected(copy) as connection:
        assert notice(connection) == ""
        mutants = list_mutants(connection)
        kinds = {mutant.kind for mutant in mutants}
        tried = list(sample(mutants, 30))
        assert {mutant.kind for mutant in tried} == kinds
        alive = [mutant for mutant in tried if not try_mutant(connection, mutant)]
        assert alive == []
        assert notice(connection) == ""


def test_the_page_of_access_is_the_table(shared_app):
    assert FILE.read_text(encoding="utf-8") == render(access_table()), (
        "run `python -m tests.isolation.access_page`"
    )


def opened(app, monkeypatch, endpoint, role) -> None:
    table = app.extensions["access_table"]
    assert Role(role) not in table[endpoint]
    monkeypatch.setitem(table, endpoint, table[endpoint] | {Role(role)})


@pytest.mark.parametrize(
    ("endpoint", "role"), [("accounts.change_password", "parent"), ("recruitment.add_parent", "facilitator")]
)
def test_the_crawl_sees_that_a_route_was_opened(world, app, connection, monkeypatch, endpoint, role):
    """The crawl expects the true table; the application serves another."""
    crawl = Crawl(app, world, connection, role)
    rule = next(rule for rule in crawl.rules("GET") if rule.endpoint == endpoint)
    crawl.expect_shut(rule, "GET")
    assert crawl.faults == []
    opened(app, monkeypatch, endpoint, role)
    crawl.expect_shut(rule, "GET")
    assert any("is open to" in fault for fault in crawl.faults)


def test_behind_an_opened_route_stands_the_database(world, app, connection, monkeypatch):
    crawl = Crawl(app, world, connection, "commissioner")
    opened(app, monkeypatch, "recruitment.list_parents", "commissioner")
    rule = next(rule for rule in crawl.rules("GET") if rule.endpoint == "recruitment.list_parents")
    with pytest.raises(ProgrammingError, match="permission denied for table parent"):
        crawl.client.get(address(rule, crawl.places.own))


def test_the_digests_see_a_change_and_the_answers_are_told_apart(world, app, connection):
    """The judge itself: a changed row of another school, and an answer that differs, are both faults."""
    crawl = Crawl(app, world, connection, "senco")
    rule = next(rule for rule in crawl.rules("GET") if rule.endpoint == "recruitment.show_parent")
    crawl.places.foreign["sibling"] = crawl.places.own
    crawl.compare(rule, lambda ids: crawl.ask(rule, "foreign", address(rule, ids)))
    assert any("differ from an unknown id" in fault for fault in crawl.faults)
    with connection.begin_nested():
        connection.execute(
            text("select set_config('role', 'wb_school', true), set_config('app.school', :id, true)"),
            {"id": str(world.sibling_school.school_id)},
        )
        connection.execute(text("update parent set stage_changed_at = now()"))
        connection.execute(text("select set_config('role', 'none', true)"))
    crawl.expect_nothing_changed("this")
    assert any("changed rows of others in public.parent" in fault for fault in crawl.faults)
