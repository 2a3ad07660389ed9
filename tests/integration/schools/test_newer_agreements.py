"""What was agreed stays in force until the council has accepted a newer one, or the school has left."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.integration.schools.test_agreements import add_document
from tests.integration.schools.test_stage_rights import be_at


@pytest.fixture
def accepted(client_for, session_for, world, connection):
    """The newest signed agreement of an active school, which the council has accepted."""
    be_at(connection, world.sibling_school, "invited")
    session = session_for(world.school.lead)
    document = add_document(session, world.school, "signed_agreement")
    session.commit()
    address = f"/authority/schools/{world.school.school_id}/agreement/{document}"
    client_for(world.authority.admin).post(f"{address}/accept")
    return document


@pytest.fixture
def newer(session_for, world, accepted):
    """One that the school has sent since, and that passed the checks."""
    session = session_for(world.school.lead)
    document = add_document(session, world.school, "signed_agreement", b"newer")
    session.commit()
    return document


def text_of(client, path):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True)).split())


def test_the_accepted_agreement_stays_in_force_until_a_newer_one_is_accepted(
    client_for, world, accepted, newer
):
    """Given an active school with an accepted agreement, when it sends a newer one, then the council is asked, both can
    be opened, and the accepted one is named and is the one to use; when the newer one is accepted, it takes its place.
    """
    admin, lead = client_for(world.authority.admin), client_for(world.school.lead)
    address = f"/authority/schools/{world.school.school_id}"
    assert f"Read the signed agreement of {world.school.name}" in text_of(admin, "/authority")
    page = admin.get(address).text
    assert "The signed agreement was accepted by" in page
    assert "stays in force until you accept the newer one" in page
    for reader, where in ((admin, address), (lead, "/school/set-up/agreement"), (lead, "/school/set-up")):
        shown = reader.get(where).text
        assert f"/documents/{accepted}" in shown
        assert f"/documents/{newer}" in shown
    assert "A newer one has taken its place" not in admin.get(f"/documents/{accepted}/waiting").text

    admin.post(f"{address}/agreement/{newer}/accept")
    page = admin.get(address).text
    assert f"/documents/{accepted}" not in page
    assert "Signed agreement, in force" in page
    assert text_of(admin, address).count("Signed agreement accepted") == 2
    assert "A newer one has taken its place" in admin.get(f"/documents/{accepted}/waiting").text
    assert f"Read the signed agreement of {world.school.name}" not in text_of(admin, "/authority")


def test_a_newer_agreement_is_returned_and_the_school_goes_on_with_the_one_before(
    client_for, session_for, world, accepted, newer
):
    """Given a newer one at an active school, when it is returned, then the school stays active and is told why."""
    admin, lead = client_for(world.authority.admin), client_for(world.school.lead)
    address = f"/authority/schools/{world.school.school_id}"
    admin.post(f"{address}/agreement/{newer}/return", data={"reason": "It is an empty page."})
    session = session_for(world.school.lead)
    stage, kinds = session.execute(
        text(
            "select stage, (select array_agg(distinct kind) from outbox where kind like '%agreement%')"
            " from school where school_id = app.school_id()"
        )
    ).one()
    assert (stage, kinds) == ("active", ["newer_agreement_returned"])
    page = text_of(lead, "/school/set-up/agreement")
    assert "It is an empty page." in page
    assert "It is in force." in page
    council = text_of(admin, address)
    assert "A newer one was returned by" in council
    assert "The signed agreement was accepted by" in council
    assert "Sign the agreement again" not in text_of(lead, "/school")


def test_what_was_agreed_before_a_school_left_is_in_force_no_more(client_for, world, connection, accepted):
    be_at(connection, world.school, "left")
    admin = client_for(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    admin.post(f"{address}/bring-back", data={"reason": "A new head."})
    page = text_of(admin, address)
    assert "The signed agreement was accepted by" not in page
    assert "Signed agreement, ended" in page


def test_the_agreement_is_drawn_again_when_it_is_returned(client_for, session_for, world, connection):
    """Given details that changed while the council read, when it returns, then the paper to sign is made anew."""
    be_at(connection, world.school, "agreement_signed")
    session = session_for(world.school.lead)
    add_document(session, world.school, "agreement")
    document = add_document(session, world.school, "signed_agreement")
    session.execute(text("update school set room = '' where school_id = app.school_id()"))
    session.commit()
    address = f"/authority/schools/{world.school.school_id}/agreement/{document}/return"
    admin, lead = client_for(world.authority.admin), client_for(world.school.lead)
    admin.post(address, data={"reason": "Another lead is named."})
    page = text_of(lead, "/school/set-up/agreement")
    assert "leaves room for it" in page
    assert "The room" in page
    session = session_for(world.school.lead)
    queued = session.scalars(text("select kind from document where state = 'queued'")).all()
    assert "agreement" in queued
