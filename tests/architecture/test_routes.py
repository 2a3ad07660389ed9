"""Every route is declared, leads somewhere, and asks for ids that cannot be guessed or mistyped."""

from __future__ import annotations

import re

import pytest

from app.identity.roles import Role
from app.shell.access import UndeclaredRoute, guard
from app.shell.navigation import HOMES, NAVIGATION

#: What somebody reaches from the top or the foot of every page, and files.
OF_NO_ENTRY = ("accounts.", "privacy.", "papers.")


def test_every_route_is_in_the_access_table_and_every_entry_is_a_route(shared_app):
    table = shared_app.extensions["access_table"]
    endpoints = {rule.endpoint for rule in shared_app.url_map.iter_rules()}
    assert endpoints - set(table) == set()
    assert set(table) - endpoints == set()


def test_an_undeclared_route_stops_the_application(shared_app):
    shared_app.view_functions["nobody.said"] = lambda: ""
    try:
        with pytest.raises(UndeclaredRoute, match=r"nobody\.said"):
            guard(shared_app, ask_for_pin=lambda: None, ask_again=lambda: None)
    finally:
        del shared_app.view_functions["nobody.said"]


def test_addresses_are_kebab_case_and_ids_are_typed(shared_app):
    for rule in shared_app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        words = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]+", words), rule.rule
        for converter, name in re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", rule.rule):
            if name.endswith("_id"):
                assert converter == "uuid", f"{rule.rule}: {name} must be <uuid:{name}>"


def test_the_navigation_leads_to_pages_that_its_readers_may_open(shared_app):
    table = shared_app.extensions["access_table"]
    for role in Role:
        assert role in NAVIGATION
        assert role in table[HOMES[role]]
        for place in NAVIGATION[role]:
            assert place.endpoint in shared_app.view_functions, place.endpoint
            assert role in table[place.endpoint], place.endpoint


def test_every_page_stands_under_an_entry_of_its_readers_menu(shared_app):
    """Red? A new package needs its beginning beside the entry that leads there, in `app/shell/navigation.py`."""
    table = shared_app.extensions["access_table"]
    looked_at = {
        rule.endpoint for rule in shared_app.url_map.iter_rules() if "GET" in (rule.methods or set())
    }
    for role in Role:
        entries = [(place.endpoint, *place.prefixes) for place in NAVIGATION[role]]
        lost = {
            endpoint
            for endpoint in looked_at
            if role in table[endpoint]
            and None not in table[endpoint]
            and not endpoint.startswith(OF_NO_ENTRY)
            and not any(endpoint.startswith(begins) for entry in entries for begins in entry)
        }
        assert lost == set(), role


def test_what_changes_something_is_never_reached_by_get_alone(shared_app):
    """A view that only takes POST cannot be a link; one that takes both must re-show its form."""
    for rule in shared_app.url_map.iter_rules():
        assert not ({"PUT", "PATCH", "DELETE"} & (rule.methods or set())), rule.rule
