"""An invitation opens from where its person is reached now, and from nowhere that was typed by mistake."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.accounts.services import invite
from app.identity.roles import Role
from app.recruitment import services as recruitment
from infra.ids import new_id
from tests.support.links import sent

WRONG, RIGHT = "wrong@example.org", "right@example.org"


@pytest.fixture
def invited(acting_as, connection, app, world):
    """Somebody whom staff have added with a mistyped address, and invited there: (id, secret of the link)."""

    def make(role=Role.PARENT, **address):
        lead = world.school.lead
        with acting_as(lead) as session:
            person_id = _add(session, lead.school_id, role)
            ids = _invite(session, lead, role, person_id, **(address or {"email": WRONG}))
        return person_id, sent(connection, app.config["SECRET_KEY"], ids[0])

    return make


def _add(session, school_id, role):
    if role is Role.PARENT:
        details = recruitment.ParentDetails(first_name="Ann", last_name="Wrong", email=WRONG)
        return recruitment.add_parent(session, school_id, details).id
    person_id = new_id()
    session.execute(
        text(
            "insert into facilitator (school_id, id, kind, name, email, stage, stage_changed_at, created_at)"
            " values (:s, :id, 'professional', 'Ann Wrong', :email, 'training', app.now(), app.now())"
        ),
        {"s": school_id, "id": person_id, "email": WRONG},
    )
    return person_id


def _invite(session, by, role, person_id, **address):
    return invite(
        session,
        role=role,
        authority_id=by.authority_id,
        school_id=by.school_id,
        person_id=person_id,
        name="Ann Wrong",
        **address,
    )


def _correct(session, role, person_id, email="", phone=""):
    table, key = ("parent_contact", "parent_id") if role is Role.PARENT else ("facilitator", "id")
    session.execute(
        text(f"update {table} set email = :email, phone = :phone where {key} = :id"),
        {"email": email, "phone": phone, "id": person_id},
    )


@pytest.mark.parametrize("role", [Role.PARENT, Role.FACILITATOR])
@pytest.mark.parametrize("correct", [{"email": RIGHT}, {"phone": "+447700900123"}])
def test_a_link_sent_to_a_mistyped_address_ends_when_it_is_corrected(
    invited, acting_as, client_for, world, role, correct
):
    person_id, token = invited(role)
    with acting_as(world.school.lead) as session:
        _correct(session, role, person_id, **correct)

    stranger = client_for(None)
    assert stranger.get(f"/link/{token}").status_code == 410
    stranger.post(f"/link/{token}")
    assert stranger.get("/my-account").status_code != 200


def test_the_second_invitation_opens_after_the_first_one_ended(
    invited, acting_as, client_for, world, connection, app
):
    """Invited at a wrong email, corrected to a mobile alone, invited again by text: the text is theirs."""
    person_id, wrong = invited()
    with acting_as(world.school.lead) as session:
        _correct(session, Role.PARENT, person_id, phone="+447700900123")
        (again,) = _invite(
            session, world.school.lead, Role.PARENT, person_id, email=None, phone="+447700900123"
        )
    right = sent(connection, app.config["SECRET_KEY"], again)
    client_for(None).post(f"/link/{wrong}")

    ann = client_for(None)
    assert ann.post(f"/link/{right}").status_code == 303
    assert ann.get("/my-account").status_code == 200


def test_a_name_that_is_corrected_leaves_the_link(invited, acting_as, client_for, world):
    person_id, token = invited()
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update parent_contact set first_name = 'Anne' where parent_id = :id"), {"id": person_id}
        )

    assert client_for(None).get(f"/link/{token}").status_code == 200
