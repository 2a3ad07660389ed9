"""A wall that is taken away is noticed. The suite tries a few of each kind; `make mutate-isolation` tries all."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.identity.roles import Role
from app.shell.access import access_table
from tests.isolation.access_page import FILE, render
from tests.isolation.crawling import Crawl
from tests.isolation.mutants import list_mutants
from tests.isolation.mutate import connected, notice, route_mutants, sample, try_mutant
from tests.isolation.places import address


def test_a_few_walls_of_each_kind_are_missed_when_gone(stack, world, record_property):
    with stack.copy("mutants") as copy, connected(copy) as connection:
        assert notice(connection) == ""
        mutants = list_mutants(connection)
        kinds = {mutant.kind for mutant in mutants}
        tried = list(sample(mutants, 30))
        assert {mutant.kind for mutant in tried} == kinds
        alive = [mutant for mutant in tried if not try_mutant(connection, mutant)]
        record_property("mutants", len(tried))
        record_property("mutants_killed", len(tried) - len(alive))
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


def test_every_opened_route_is_missed(world, app, connection, monkeypatch, record_property):
    """Each route's entry, one at a time, lets in somebody whom it kept out; the crawl, which expects the door shut,
    must say so."""
    crawls: dict[Role | None, Crawl] = {}
    alive, tried = [], 0
    for endpoint, role in route_mutants():
        if endpoint not in app.view_functions:
            continue  # the demo's own door
        if role not in crawls:
            crawls[role] = Crawl(app, world, connection, role and role.value.removeprefix("school_"))
        crawl = crawls[role]
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        method = "GET" if "GET" in rule.methods else "POST"
        noticed = []
        for is_open in (False, True):
            crawl.faults.clear()
            with monkeypatch.context() as patch, crawl.undone():
                if is_open:
                    patch.setitem(app.extensions["access_table"], endpoint, crawl.table[endpoint] | {role})
                try:
                    crawl.expect_shut(rule, method)
                except Exception as error:  # what stands behind it refused, loudly: that is seen too
                    crawl.faults.append(type(error).__name__)
            noticed.append(bool(crawl.faults))
        tried += 1
        if noticed != [False, True]:
            alive.append((endpoint, role, noticed))
    record_property("routes_opened", tried)
    record_property("routes_opened_killed", tried - len(alive))
    assert alive == []
    assert tried > 120


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
