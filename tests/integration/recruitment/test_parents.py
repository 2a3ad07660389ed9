"""A parent says yes, no or tell me more; each choice stands alone and can be changed on any day."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from infra.ids import new_id
from tests.support.world import Person

ALL_YES = dict.fromkeys(("join", "email", "text", "pooled_answers", "share_attendance", "ask_to_lead"), "yes")


@pytest.fixture
def invited(world, connection, client_for):
    """A browser of a parent who has opened their invitation and not answered it."""
    school = world.school
    person = Person(
        role=Role.PARENT,
        name="Invited",
        email="invited@example.org",
        phone=None,
        account_id=new_id(),
        membership_id=new_id(),
        person_id=school.ids["identified_parent_id"],
        authority_id=school.authority_id,
        school_id=school.school_id,
    )
    with connection.begin_nested():
        connection.execute(text("select set_config('role', 'wb_school', true)"))
        for name, value in (
            ("school", school.school_id),
            ("authority", school.authority_id),
            ("person", school.lead.person_id),
            ("browser", school.lead.membership_id.hex),
        ):
            connection.execute(
                text("select set_config(:name, :value, true)"), {"name": f"app.{name}", "value": str(value)}
            )
        connection.execute(
            text(
                "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, next_at,"
                " created_at) values (:school, :id, 'parent_invitation', 'email', 'parent', :person, 'x', now(), now())"
            ),
            {"school": school.school_id, "id": (outbox_id := new_id()), "person": person.person_id},
        )
        connection.execute(
            text(
                "select identity.issue_token('parent_invitation', 'parent', :authority, :school, :person,"
                " 'email', :email, 'Invited', :outbox, now() + interval '1 day', 'Somebody')"
            ),
            {
                "authority": school.authority_id,
                "school": school.school_id,
                "person": person.person_id,
                "email": person.email,
                "outbox": outbox_id,
            },
        )
    with connection.begin_nested():
        connection.execute(
            text(
                "select set_config('session_authorization', 'wb_dispatch', true), set_config('role', 'none', true)"
            )
        )
        connection.execute(
            text("select identity.arm_token(:outbox, :hash)"), {"outbox": outbox_id, "hash": b"\x01" * 32}
        )
        connection.execute(text("select set_config('session_authorization', 'wb_signin', true)"))
        connection.execute(
            text("select identity.use_link(:hash, null, :account, :membership, null)"),
            {"hash": b"\x01" * 32, "account": person.account_id, "membership": person.membership_id},
        )
        connection.execute(text("select set_config('session_authorization', 'wb_web', true)"))
    return client_for(person)


def stage_of(connection, world) -> str:
    with connection.begin_nested():
        connection.execute(text("select set_config('role', 'wb_school', true)"))
        connection.execute(
            text("select set_config('app.school', :s, true)"), {"s": str(world.school.school_id)}
        )
        return connection.execute(
            text("select stage from parent where id = :id"), {"id": world.school.ids["identified_parent_id"]}
        ).scalar_one()


def test_the_home_of_somebody_who_has_not_answered_is_the_invitation(invited):
    page = invited.get("/my", follow_redirects=True)
    assert "You are invited" in page.text
    assert "Who sees what" in page.text


def test_yes_with_every_choice_joins(invited, connection, world):
    page = invited.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ay"}, follow_redirects=True)
    assert "Welcome, Ay" in page.text
    assert stage_of(connection, world) == "joined"
    sent = connection.execute(
        text("select count(*) from outbox where kind = 'joined' and recipient_id = :id"),
        {"id": world.school.ids["identified_parent_id"]},
    )
    assert sent.scalar_one() >= 1


def test_staff_read_that_somebody_wants_no_texts_and_not_that_they_stopped_them(invited, client_for, world):
    invited.post("/my/welcome/choices", data=ALL_YES | {"text": "no"})
    parent_id = world.school.ids["identified_parent_id"]
    page = client_for(world.school.senco).get(f"/school/parents/{parent_id}").text
    assert "They do not want texts." in page
    assert "stopped our texts" not in page
    assert "want emails" not in page


def test_nothing_is_ticked_and_every_choice_needs_an_answer(invited, connection, world):
    assert " checked" not in invited.get("/my/welcome/choices").text
    page = invited.post("/my/welcome/choices", data={"join": "yes"})
    assert "Choose yes or no" in page.text
    assert stage_of(connection, world) == "identified"


def test_no_is_a_full_answer(invited, connection, world):
    invited.post("/my/welcome/no")
    assert stage_of(connection, world) == "said_no"


NO_NUMBER = "update parent_contact set phone = '', email = :email where parent_id = :id"


@pytest.mark.parametrize(
    ("email", "do"),
    [
        ("more@example.org", "You have no number for them: write to"),
        ("", "You have no number or email address for them: speak with them when you see them."),
    ],
)
def test_whom_the_school_cannot_call_nobody_promises_a_call(
    invited, client_for, connection, world, email, do
):
    """Given a parent without a number who wants to hear more, then neither they nor the school read of a call."""
    me = world.school.ids["identified_parent_id"]
    connection.execute(text("set session authorization default"))
    connection.execute(text(NO_NUMBER), {"id": me, "email": email})
    connection.execute(text("set session authorization wb_web"))
    page = invited.post("/my/welcome/more", follow_redirects=True).text
    assert "get in touch with you" in page
    assert "gets in touch with you" in page
    assert "call you" not in page
    assert "calls you" not in page
    senco = client_for(world.school.senco)
    week = senco.get("/school").text
    assert "Get in touch with" in week
    assert do in week
    assert do in senco.get(f"/school/parents/{me}").text


def test_tell_me_more_asks_the_school_to_call(invited, client_for, connection, world):
    page = invited.post("/my/welcome/more", follow_redirects=True)
    assert "Somebody from the school will call you" in page.text
    assert stage_of(connection, world) == "interested"
    assert "They would like to hear more" in client_for(world.school.senco).get("/school").text


def test_who_left_and_would_like_to_come_back_is_no_newcomer(invited, client_for, connection, world):
    """Given a parent who had joined and left, when they change their mind, then no page takes them for somebody new."""
    invited.post("/my/welcome/choices", data=ALL_YES)
    invited.post("/my/leave", data={"sure": "yes"})
    page = invited.post("/my/come-back", follow_redirects=True).text
    assert stage_of(connection, world) == "interested"
    assert "You would like to come back" in page
    assert "You are invited" not in page
    assert "Parents who have lived this lead the group" not in page
    school = client_for(world.school.senco).get("/school").text
    assert "They had joined, then left. Now they would like to come back." in school
    assert "They would like to hear more" not in school


def test_joining_twice_is_harmless(invited, connection, world):
    for _ in range(2):
        invited.post("/my/welcome/choices", data=ALL_YES)
    assert stage_of(connection, world) == "joined"


def test_a_changed_choice_hides_attendance_from_the_school_at_once(client_for, world, session_for):
    parent = client_for(world.school.parent)
    answers = ALL_YES | {"share_attendance": "no"}
    assert "Saved" in parent.post("/my/choices", data=answers, follow_redirects=True).text
    seen = session_for(world.school.senco).execute(text("select count(*) from attendance")).scalar_one()
    assert seen == 0


def test_leaving_gives_the_place_back_and_stops_messages(client_for, world, session_for):
    parent = client_for(world.school.parent)
    assert "nothing changes for your child" in parent.get("/my/leave").text
    parent.post("/my/leave")
    session = session_for(world.school.senco)
    status = session.execute(
        text("select status from enrolment where parent_id = :id"), {"id": world.school.parent.person_id}
    ).scalar_one()
    assert status == "left"
