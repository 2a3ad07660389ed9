"""A time limit that counts work: a warning, a way to stay, and drafts that are their writer's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.facilitators import unsent
from app.identity.roles import LINK_ROLES
from app.identity.websession import PARENT_IDLE, PARENT_LIFE, STAFF_IDLE, STAFF_LIFE, idle_seconds
from tenants.session import ASSUME
from tests.support.borrowed import as_login
from tests.support.reading import find_in


@pytest.mark.parametrize(
    ("who", "idle"), [("parent", PARENT_IDLE), ("facilitator", PARENT_IDLE), ("senco", STAFF_IDLE)]
)
def test_every_page_says_how_long_it_may_lie_and_how_to_stay(client_for, world, who, idle):
    page = client_for(getattr(world.school, who)).get("/my-account").text
    minutes = int(idle.total_seconds() // 60)

    assert f"no page was opened for {minutes} minutes" in page
    assert re.search(r'<a [^>]*href="/still-here" target="_blank"[^>]*>I’m still here</a>', page)
    assert f'data-idle="{minutes * 60}"' in page
    assert "still-here" not in client_for(None).get("/").text


@pytest.mark.parametrize("who", ["parent", "facilitator", "senco"])
def test_the_database_allows_what_the_pages_say(client_for, world, connection, who):
    """It has a limit of its own: a longer time here would be said, and not hold."""
    person = getattr(world.school, who)
    client_for(person)

    with as_login(connection, "postgres"):
        row = connection.execute(
            text(
                "select idle, expires_at - created_at as life from identity.browser_session where membership_id = :id"
                " order by created_at desc limit 1"
            ),
            {"id": person.membership_id},
        ).one()

    assert int(row.idle.total_seconds()) == idle_seconds(person.role)
    life = PARENT_LIFE if person.role in LINK_ROLES else STAFF_LIFE
    assert abs(row.life - life) < timedelta(minutes=1)


def test_whoever_is_out_is_not_told_that_they_waited_too_long(client_for):
    page = client_for(None).get("/sign-in?ended=1").text
    assert "You pressed Sign out, perhaps in another tab, no page was opened for a while, or how" in page
    assert "how you sign in was changed" in page, "then nobody pressed anything and no page lay open"
    assert "for safety" not in page


def test_looking_at_the_link_begins_the_time_anew(client_for, clock, world):
    client = client_for(world.school.senco)
    for _ in range(5):
        clock.move(STAFF_IDLE - timedelta(minutes=1))
        assert client.get("/still-here").status_code == 200
    clock.move(STAFF_IDLE + timedelta(minutes=1))
    assert client.get("/still-here").status_code == 302


@pytest.fixture
def graduate(world, connection):
    """The school's parent, who has finished a group."""
    parent = world.school.parent
    connection.execute(text("set session authorization default"))
    connection.execute(text("update parent set stage = 'graduated' where id = :id"), {"id": parent.person_id})
    connection.execute(
        text("delete from facilitator_application where parent_id = :id"), {"id": parent.person_id}
    )
    connection.execute(
        text("update facilitator set parent_id = null where parent_id = :id"), {"id": parent.person_id}
    )
    connection.execute(text("set session authorization wb_web"))
    return parent


def test_half_an_application_waits_for_its_writer_in_any_browser(client_for, graduate, clock, world):
    client_for(graduate).post("/my/lead", data={"why": "Because somebody was there for me"})
    clock.move(timedelta(days=3))

    again = client_for(graduate).get("/my/lead")
    assert "Because somebody was there for me" in again.text
    # It is not complete, so it cannot be sent.
    assert client_for(graduate).get("/my/lead/check").location.endswith("/my/lead?start=1")


def test_nobody_else_reads_it(client_for, graduate, connection, world):
    client_for(graduate).post("/my/lead", data={"why": "A very private reason"})

    for other in (world.school.other_parent, world.sibling_school.parent):
        connection.execute(ASSUME, other.scope.as_parameters())
        assert connection.execute(text("select count(*) from application_draft")).scalar_one() == 0
    for role in ("wb_school", "wb_dsl", "wb_authority", "wb_facilitator"):
        held = connection.execute(
            text("select has_any_column_privilege(:role, 'application_draft', 'select')"), {"role": role}
        ).scalar_one()
        assert held is False


def test_thrown_away_it_is_gone(client_for, graduate):
    client = client_for(graduate)
    client.post("/my/lead", data={"why": "Not this"})
    assert client.post("/my/lead/discard").status_code == 302

    assert "Not this" not in client.get("/my/lead?start=1").text


def test_what_another_window_wrote_since_is_not_thrown_away(client_for, graduate):
    """Given an application in two windows, when one writes on, then the other throws nothing of it away."""
    client = client_for(graduate)
    client.post("/my/lead", data={"why": "One reason"})
    page = client.get("/my/lead?start=1").text
    mark = find_in(r'action="/my/lead/discard".*?name="as_shown" value="([^"]+)"', page, re.DOTALL)[1]
    client.post("/my/lead", data={"why": "One reason, and another"})
    answer = client.post("/my/lead/discard", data={"as_shown": mark}, follow_redirects=True).text
    assert "so nothing was done" in answer
    assert "One reason, and another" in answer


def test_after_two_months_it_is_erased(client_for, graduate, clock, connection, world):
    client_for(graduate).post("/my/lead", data={"why": "Long ago"})
    clock.move(unsent.LIFE + timedelta(days=1))
    connection.execute(text("set session authorization wb_documents"))
    connection.execute(
        text("select set_config('role', 'wb_documents', true), set_config('app.school', :school, true)"),
        {"school": str(world.school.school_id)},
    )
    unsent.erase_old(connection, school_id=world.school.school_id, moment=clock.now)
    connection.execute(text("set session authorization wb_web"))

    assert "Long ago" not in client_for(graduate).get("/my/lead?start=1").text
