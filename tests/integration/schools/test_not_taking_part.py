"""A school that does not take part promises nothing that does not come, to its parents or to its council."""

from __future__ import annotations

import re

import pytest

from tests.integration.schools.test_agreements import add_document
from tests.integration.schools.test_stage_rights import be_at
from tests.support.own import own_app

WAITS = "You stay on the list for a place"
BACK = ("always welcome back", "Changed your mind?", "talks with you", "I have changed my mind")


def text_of(client, path):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True)).split())


@pytest.fixture(scope="module")
def own(stack):
    with own_app(stack, "notnow") as found:
        yield found


@pytest.fixture
def page_of(own, world):
    """The first page of a parent at that stage, in a school at another."""

    def read(stage, school_stage, path="/my"):
        own.rows("update school set stage = %s where school_id = %s", school_stage, world.school.school_id)
        own.rows("update parent set stage = %s where id = %s", stage, world.school.parent.person_id)
        return text_of(own.client(world.school.parent), path)

    return read


@pytest.mark.parametrize("school_stage", ["prospect", "set_up", "left"])
@pytest.mark.parametrize("stage", ["said_no", "left", "waiting", "joined"])
def test_nobody_is_promised_a_talk_or_a_way_back_that_there_is_not(page_of, stage, school_stage):
    """Given a school that left, or is on its way back, then only who waits reads of a place, and only while it may
    begin again; who said no or left reads that, and no promise."""
    page = page_of(stage, school_stage)
    for words in BACK:
        assert words not in page, words
    assert (WAITS in page) == (stage in ("waiting", "joined") and school_stage != "left")
    assert ("It is nothing you did" in page) == (stage in ("waiting", "joined") and school_stage == "left")


@pytest.mark.parametrize(("stage", "words"), [("said_no", "Changed your mind?"), ("left", "welcome back")])
def test_where_a_school_takes_part_there_is_a_way_back(page_of, stage, words):
    page = page_of(stage, "active")
    assert words in page
    assert "I have changed my mind" in page


def test_who_left_reads_of_no_way_back_beside_their_notes(page_of):
    assert "welcome back" not in page_of("left", "left", "/my/group")


def test_what_was_agreed_with_a_school_that_left_is_in_force_no_more(
    client_for, session_for, world, connection
):
    """Given an accepted agreement, when the school leaves, then neither side reads that it is in force."""
    session = session_for(world.school.lead)
    document = add_document(session, world.school, "signed_agreement")
    session.commit()
    admin, address = client_for(world.authority.admin), f"/authority/schools/{world.school.school_id}"
    admin.post(f"{address}/agreement/{document}/accept")
    assert "Signed agreement, in force" in text_of(admin, address)

    be_at(connection, world.school, "left")
    page = text_of(admin, address)
    assert "in force" not in page
    assert "The signed agreement was accepted by" not in page
    assert "Signed agreement, ended" in page
    assert "Signed agreement, ended" in text_of(client_for(world.school.lead), "/school/set-up")
