"""Inside one school: nobody meets what their neighbour keeps for themselves, and nobody changes it."""

from __future__ import annotations

import pytest

from tests.isolation.neighbours import PARENTS, WATCHED, NeighbourCrawl, add_neighbours, private, said_by


@pytest.fixture
def hood(connection, world):
    return add_neighbours(connection, world)


@pytest.mark.parametrize("role", WATCHED)
def test_neighbours_stay_apart(world, app, connection, hood, role, record_property):
    whose, words = WATCHED[role]
    crawl = NeighbourCrawl(app, world, connection, role)
    crawl.forbidden |= {private(word) for word in words}
    crawl.forbidden |= {said_by(who) for who in PARENTS if who != role}
    for name in whose or ("fellow parent",):
        crawl.beside(hood, name)
        if not crawl.forms:
            crawl.read_own_pages()
        if whose:
            crawl.try_neighbours()
    record_property("requests", crawl.asked)
    record_property("leaks", len(crawl.faults))
    assert not crawl.faults, "\n".join(crawl.faults)
    assert crawl.asked > 10


def test_what_is_planted_is_met_by_whoever_it_is_for(world, app, connection, hood):
    """Else nothing could be missed: the neighbours' words stand on pages of those who may read them."""
    met = {}
    for role, words in (
        ("dsl", [said_by(who) for who in PARENTS]),
        ("senco", [private(who) for who in PARENTS]),
    ):
        crawl = NeighbourCrawl(app, world, connection, role)
        crawl.forbidden = set(words)
        crawl.beside(hood, "fellow parent")
        crawl.read_own_pages()
        met[role] = {word for word in words if any(f"shows {word}" in fault for fault in crawl.faults)}
    assert met["dsl"] == {said_by(who) for who in PARENTS}
    assert private("parent") in met["senco"]


def test_a_change_to_a_neighbour_would_be_seen(world, app, connection, hood):
    crawl = NeighbourCrawl(app, world, connection, "parent")
    crawl.beside(hood, "fellow parent")
    with connection.begin_nested():
        connection.exec_driver_sql("set local session authorization default")
        connection.exec_driver_sql(
            "update parent_contact set known_as = 'X' where parent_id = %(p)s",
            {"p": world.school.other_parent.person_id},
        )
        connection.exec_driver_sql("set local session authorization wb_web")
    crawl.expect_nothing_changed("this")
    assert any("public.parent_contact" in fault for fault in crawl.faults)
