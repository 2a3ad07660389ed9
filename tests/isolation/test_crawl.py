"""Every route x every role x {own, sibling, other authority, nobody's, malformed} ids: nobody sees anybody else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.isolation.crawling import Crawl
from tests.isolation.places import address, ids_of

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "lead",
    "senco",
    "attendance_lead",
    "dsl",
    "facilitator",
    "parent",
    "other_parent",
    "graduate",
    None,
)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_nobody_sees_or_changes_what_is_anybody_elses(world, app, connection, role):
    crawl = Crawl(app, world, connection, role)
    crawl.get_everything()
    crawl.post_everything()
    assert not crawl.faults, "\n".join(crawl.faults)
    # Real forms were filled in, not only guessed at: every signed-in page has one, the way out.
    assert crawl.forms
    assert crawl.asked > len(crawl.rules("GET")) + len(crawl.rules("POST"))


def test_no_route_answers_to_another_method(world, app):
    client = FlaskClient(app, app.response_class)
    ids = ids_of(world.school, world.authority)
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert client.put(address(rule, ids)).status_code == 405, rule.rule
            assert not {"PUT", "PATCH", "DELETE"} & (rule.methods or set()), rule.rule
