"""What the register says of schools on the list: closed, in whose place, and going on under a new number."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.schools import register, services
from app.schools.register_school import fold
from app.shell.refusals import Refused
from tests.integration.schools.conftest import CLOSED_URN


@pytest.fixture
def rename(stack, world):
    """Closes the first school in the register, and opens another in its place; all as it was afterwards."""
    from sqlalchemy import create_engine

    from infra.database import sqlalchemy_url

    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")))
    urn = world.school.urn
    with engine.begin() as owner:
        before = owner.execute(
            text(
                "select name, status, is_open, postcode, postcode_norm, search_name, la_code from register_school"
                " where urn = :urn"
            ),
            {"urn": urn},
        ).one()
        owner.execute(
            text(
                "update register_school set status = 'Closed', is_open = false, name = 'Lark Rise Primary School',"
                " search_name = :search, postcode = 'E8 9QQ', postcode_norm = 'E89QQ' where urn = :urn"
            ),
            {"urn": urn, "search": fold("Lark Rise Primary School")},
        )
        for new, name, is_open in ((990_160, "Lark Rise Academy", True), (990_161, "Other School", True)):
            owner.execute(
                text(
                    "insert into register_school (urn, name, la_code, la_name, phase, status, is_open, postcode,"
                    " postcode_norm, trust_code, trust_name, search_name, row_digest) values (:urn, :name, :la, 'S',"
                    " 'Primary', 'Open', :open, 'E8 9QQ', 'E89QQ', 'T-9', 'The Lark Trust', :search, '0')"
                ),
                {"urn": new, "name": name, "la": before.la_code, "open": is_open, "search": fold(name)},
            )
    yield
    with engine.begin() as owner:
        owner.execute(
            text(
                "update register_school set name = :name, status = :status, is_open = :is_open, postcode = :postcode,"
                " postcode_norm = :postcode_norm, search_name = :search_name where urn = :urn"
            ),
            {"urn": urn, **before._mapping},
        )
        owner.execute(text("delete from register_school where urn in (990160, 990161)"))
    engine.dispose()


def test_a_conversion_is_news_on_its_page_and_in_the_authoritys_day(rename, client_for, world):
    admin = client_for(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    page = admin.get(address).get_data(as_text=True)
    assert "Closed in the register" in page
    assert "Lark Rise Academy" in page
    assert "Other School" not in page
    assert "In its place: Lark Rise Academy" in admin.get("/authority").get_data(as_text=True)


def test_a_closed_school_invites_nobody_and_goes_on_under_its_new_number(rename, session_for, world):
    session = session_for(world.authority.admin)
    where = (session, world.authority.authority_id, world.school.school_id)
    with pytest.raises(Refused, match="closed"):
        services.invite_lead(*where, name="New Lead", email="newlead@example.org", by="A")
    school = services.follow_conversion(*where, by="A")
    assert (school.urn, school.name, school.controller_name) == (
        990_160,
        "Lark Rise Academy",
        "The Lark Trust",
    )
    with pytest.raises(Refused, match="open in the register"):
        services.follow_conversion(*where, by="A")
    services.invite_lead(*where, name="New Lead", email="newlead@example.org", by="A")


def test_another_authoritys_school_has_no_news(session_for, world):
    session = session_for(world.authority.admin)
    assert register.find_closed(session, "802", [CLOSED_URN]) == {}
    closed = register.find_closed(session, "801", [CLOSED_URN])[CLOSED_URN]
    assert register.find_successor(session, "801", closed) is None or closed.postcode
