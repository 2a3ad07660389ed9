"""Whoever presses Remove twice reads that it is done already, and is led to the list."""

from __future__ import annotations

import re

import pytest

from tests.integration.schools.conftest import OPEN_URN


@pytest.fixture
def admin(client_for, world):
    return client_for(world.authority.admin)


def twice(client, address, data=None):
    """What the second of two presses reads, and where it is led."""
    client.post(address, data=data or {})
    answer = client.post(address, data=data or {}, follow_redirects=True)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()), answer.request.path


def test_a_colleague(lead, world):
    page, path = twice(lead, f"/school/staff/{world.school.senco.person_id}/remove")
    assert "has already been removed" in page
    assert path == "/school/staff"


def test_somebody_of_a_school_at_its_council(admin, world):
    school = f"/authority/schools/{world.school.school_id}"
    page, path = twice(admin, f"{school}/people/{world.school.senco.person_id}/remove")
    assert "has already been removed" in page
    assert path == school


def test_a_day_when_the_school_is_shut(lead, ask):
    day = {"on_date": ["4", "3", "2027"], "reason": "Training"}
    lead.post("/school/set-up/closed-days/add", data=day)
    (row,) = ask("select id from school_closed_day where on_date = '2027-03-04'")
    page, path = twice(lead, f"/school/set-up/closed-days/{row.id}/remove")
    assert "has already been taken out" in page
    assert path == "/school/set-up/room-and-dates"


def test_a_school_that_was_added_by_mistake(admin):
    school = admin.post("/authority/schools/add", data={"urn": OPEN_URN}).headers["Location"]
    page, path = twice(admin, f"{school}/remove")
    assert "not on your list" in page
    assert path == "/authority/schools"
