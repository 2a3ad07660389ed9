"""One word, one set of people: whoever is *ready for a place* is counted and listed alike wherever a page says so."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.extensions import db


@pytest.fixture
def two_ready(app, world):
    """One parent has joined and one is on the waiting list: both are ready for a place."""
    with app.test_request_context():
        session = db.session()
        session.enter(world.school.people["lead"].scope)
        session.execute(
            text("update parent set stage = 'joined' where school_id = :school and id = :parent"),
            {"school": world.school.school_id, "parent": world.school.ids["identified_parent_id"]},
        )
        session.commit()
        db.session.remove()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_home_list_and_group_pages_say_the_same_number(client_for, world, two_ready):
    client = client_for(world.school.lead)
    assert "2 ready for a place" in words(client.get("/school").text)
    listed = words(client.get("/school/parents?stage=ready").text)
    assert "2 parents and carers" in listed
    groups = client.get("/school/groups").text
    assert "2 parents and carers are ready for a place" in words(groups)
    assert "stage=ready" in groups
    assert "2 parents and carers are ready for a place" in words(client.get("/school/groups/new").text)
    group = client.get(f"/school/groups/{world.school.ids['cohort_id']}").text
    ready = group.split('id="waiting"', 1)[1].split("</ol>", 1)[0]
    assert ready.count("<li>") == 2


def test_one_is_not_called_many(client_for, world):
    page = words(client_for(world.school.lead).get("/school/parents?stage=ready").text)
    assert "1 parent or carer" in page
    assert "One parent or carer is ready for a place" in words(
        client_for(world.school.lead).get("/school/groups").text
    )
