"""Every route x every role x {own, sibling, other authority, nobody's, malformed} ids: nobody sees anybody else."""

from __future__ import annotations

import pytest

from tests.isolation.crawling import Crawl
from tests.isolation.methods import all_rules, try_everything

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "lead",
    "senco",
    "attendance_lead",
    "dsl",
    "head_teacher",
    "office",
    "facilitator",
    "parent",
    "other_parent",
    "graduate",
    None,
)


#: What was compared, by audience: a lead and a SENCO are two people and one login.
COMPARED: set[tuple[object, ...]] = set()


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_nobody_sees_or_changes_what_is_anybody_elses(world, app, connection, role, record_property):
    crawl = Crawl(app, world, connection, role, turn=ROLES.index(role), compared=COMPARED)
    crawl.get_everything()
    crawl.post_everything()
    asked = crawl.asked
    try_everything(crawl)
    record_property("requests", crawl.asked)
    record_property("leaks", len(crawl.faults))
    assert not crawl.faults, "\n".join(crawl.faults)
    # Real forms were filled in, not only guessed at: every signed-in page has one, the way out.
    assert crawl.forms
    assert asked > len(crawl.rules("GET")) + len(crawl.rules("POST"))
    assert crawl.routed > 4 * len(all_rules(crawl))
    assert crawl.asked - asked > len(all_rules(crawl)) / 3
