"""Nobody is sent to a shut door: not by a reminder, not by a page, not by a colleague who reads dates to them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.cohorts.messages.holding import PlanFact
from app.messages.catalogue import get_kind
from app.messages.problems import Problem
from infra.clock import LONDON, now
from infra.ids import new_id
from tests.support.reading import find_in


def words(page: str) -> str:
    """The words of a page's own part."""
    main = page.split('<main id="main-content">', 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("’", "'").split())


@pytest.fixture(params=["the school's day", "the council's day", "a holiday", "a half-term"])
def shut(request, connection, world, day_of_session_4):
    """The school is shut on the day of session 4, as one of those who may say so entered it."""
    school, on = world.school, day_of_session_4
    run = connection.execute
    run(text("set session authorization default"))
    if request.param == "the school's day":
        run(
            text(
                "insert into school_closed_day (school_id, id, on_date, reason) values (:s, :id, :on, 'Boiler')"
            ),
            {"s": school.school_id, "id": new_id(), "on": on},
        )
    elif request.param == "the council's day":
        run(
            text(
                "insert into authority_closed_day (authority_id, id, on_date, reason) values (:a, :id, :on, 'Polls')"
            ),
            {"a": school.authority_id, "id": new_id(), "on": on},
        )
    else:
        run(text("delete from authority_term where authority_id = :a"), {"a": school.authority_id})
        day = timedelta(days=1)
        terms = (
            [(on - 60 * day, None, None, on - day), (on + 3 * day, None, None, on + 90 * day)]
            if request.param == "a holiday"
            else [(on - 60 * day, on - day, on + day, on + 90 * day)]
        )
        for start, half, last, end in terms:
            run(
                text(
                    "insert into authority_term (authority_id, id, name, starts_on, half_term_starts_on,"
                    " half_term_ends_on, ends_on) values (:a, :id, 'T' || :n, :start, :half, :last, :end)"
                ),
                {
                    "a": school.authority_id,
                    "id": new_id(),
                    "n": start.isoformat(),
                    "start": start,
                    "half": half,
                    "last": last,
                    "end": end,
                },
            )
    run(text("set session authorization wb_web"))
    return on


@pytest.mark.parametrize("kind", ["session_reminder", "session_today", "last_session"])
def test_one_that_waits_is_dropped(kind):
    starts_at = now() + timedelta(hours=3)
    plan = PlanFact("running", True, "planned", starts_at.astimezone(LONDON).date(), starts_at, is_shut=True)

    assert plan.why_not(get_kind(kind), now(), now()) is Problem.PLAN_CHANGED


def test_pages_of_parents_and_leaders_say_that_it_cannot_be(at, client_for, world, shut):
    at(9)
    parent, leader = client_for(world.school.parent), client_for(world.school.facilitator)
    for path in ("/my", "/my/group"):
        page = words(parent.get(path).text)
        assert "The school is shut on" in page, path
        assert "Come as you are" not in page, path
        assert "5:45pm to 7:15pm" not in page.split("sessions")[0], path
        assert "I can't come this time" not in page, path
    home = words(leader.get("/group").text)
    assert "Session 4 cannot be on its day" in home
    assert "Lead session 4" not in home
    page = words(leader.get(f"/group/cohort?cohort={world.school.ids['cohort_id']}").text)
    assert "The school is shut on" in page


def test_the_school_moves_it_and_opens_no_room(at, client_for, world, shut):
    at(9)
    page = words(client_for(world.school.senco).get("/school").text)
    assert "Move session 4" in page
    assert "Open the room" not in page.split("Session 4")[0]


def test_once_the_day_has_gone_by_the_school_is_asked_whether_it_took_place(
    at, client_for, world, day_of_session_4, connection
):
    """Given a session that nobody moved, on a day that was shut, when its hour has gone by, then it is called off."""
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "insert into school_closed_day (school_id, id, on_date, reason) values (:s, :id, :on, 'Boiler')"
        ),
        {"s": world.school.school_id, "id": new_id(), "on": day_of_session_4},
    )
    connection.execute(text("set session authorization wb_web"))
    at(20)
    senco = client_for(world.school.senco)
    asked = "Did session 4 of"
    assert asked in senco.get("/school").text
    address = find_in(r"/school/groups/sessions/[0-9a-f-]+/cancel", senco.get("/school").text).group()
    senco.post(address, data={"reason": "The boiler was out"})

    assert asked not in senco.get("/school").text
    assert "called off" in words(client_for(world.school.parent).get("/my/group").text)
