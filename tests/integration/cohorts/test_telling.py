"""Whom no message reaches about a place or a date is told by staff: asked for by name until somebody notes it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.cohorts.forming import add_parents, as_school, form_one
from tests.integration.cohorts.test_staff_sessions import move, moving


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def senco(client_for, school, long_term):
    return client_for(school.senco)


@pytest.fixture
def change(connection, school):
    return lambda statement, **values: as_school(connection, school.school_id, statement, **values)


@pytest.fixture
def parent(connection, school, change):
    """Somebody who waits for a place and has neither email nor phone."""
    (parent_id,) = add_parents(connection, school.school_id, 1)
    change("update parent_contact set email = '', first_name = 'Paper' where parent_id = :id", id=parent_id)
    return parent_id


@pytest.fixture
def group(senco, parent):
    """A forming group in which they have a place."""
    # In a room of its own: on Mondays the world's group has the other.
    cohort = form_one(senco, name="Library group", room="Drama room")
    given = senco.post(
        f"/school/groups/{cohort}/places",
        data={"parents": [str(parent)], "how": "give"},
        follow_redirects=True,
    )
    assert "No message reaches Paper Test. Please tell them yourself." in read(given)
    return cohort


def read(answer) -> str:
    """A page as it is read, without tags and the marks round names."""
    page = re.sub("[\u2068\u2069]", "", re.sub(r"<[^>]*>", "", answer.get_data(as_text=True)))
    return html.unescape(" ".join(page.split()))


def address(cohort, parent) -> str:
    return f"/school/groups/{cohort}/parents/{parent}/told"


def note(senco, cohort, parent, how="printed", plan=None):
    if plan is None:
        plan = plan_of(senco, cohort, parent)
    return senco.post(address(cohort, parent), data={"how": how, "plan": plan}, follow_redirects=True)


def plan_of(senco, cohort, parent) -> str:
    found = re.search(r'name="plan"[^>]*value="([^"]*)"', senco.get(address(cohort, parent)).text)
    return html.unescape(found[1]) if found else ""


def places_that_ask(senco, cohort, parent) -> list[bool]:
    """Whether the week, the group's page and theirs lead to the page on which it is noted."""
    pages = ("/school", f"/school/groups/{cohort}", f"/school/parents/{parent}")
    return [address(cohort, parent) in senco.get(page).text for page in pages]


def move_one(senco, look, school, cohort):
    last = look(
        school.senco,
        "select id, on_date from cohort_session where cohort_id = :id order by number desc",
        id=cohort,
    )[0]
    return move(senco, f"/school/groups/sessions/{last.id}/move", moving(last.on_date + timedelta(days=1)))


def test_who_has_a_place_and_is_reached_by_nothing_is_asked_for_until_it_is_noted(senco, group, parent):
    assert places_that_ask(senco, group, parent) == [True, True, True]
    assert "Print the dates for Paper Test" in read(senco.get("/school"))
    page = read(senco.get(address(group, parent)))
    assert "Session 8:" in page
    assert "Print their dates" in page

    assert "Noted: Paper Test knows." in read(note(senco, group, parent))

    assert places_that_ask(senco, group, parent) == [False, False, False]
    assert "Told the dates of Library group." in read(senco.get(f"/school/parents/{parent}"))
    assert "There is nothing to tell them now." in read(senco.get(address(group, parent)))


def test_a_moved_date_is_asked_for_again(senco, group, parent, look, school, clock):
    note(senco, group, parent)
    clock.move(timedelta(minutes=1))
    assert move_one(senco, look, school, group).status_code == 303
    assert places_that_ask(senco, group, parent) == [True, True, True]


def test_a_cancelled_date_is_asked_for_again(senco, group, parent, look, school, clock):
    note(senco, group, parent)
    clock.move(timedelta(minutes=1))
    first = look(
        school.senco, "select id from cohort_session where cohort_id = :id order by number", id=group
    )[0]
    senco.post(f"/school/groups/sessions/{first.id}/cancel", data={"reason": "The boiler is out"})
    assert places_that_ask(senco, group, parent) == [True, True, True]


def test_dates_that_moved_while_the_page_lay_open_are_not_noted_as_told(
    senco, group, parent, look, school, clock
):
    before = plan_of(senco, group, parent)
    clock.move(timedelta(minutes=1))
    move_one(senco, look, school, group)
    answer = note(senco, group, parent, plan=before)
    assert "Their dates have changed since you opened this page. Tell them these." in read(answer)
    assert places_that_ask(senco, group, parent) == [True, True, True]
    assert plan_of(senco, group, parent) != before


def test_noted_twice_is_one_line_of_their_history(senco, group, parent):
    plan = plan_of(senco, group, parent)
    for _press in range(2):
        note(senco, group, parent, plan=plan)
    assert read(senco.get(f"/school/parents/{parent}")).count("Told the dates of") == 1


def test_what_was_noted_by_mistake_is_asked_for_again(senco, group, parent):
    note(senco, group, parent)
    back = f"/school/groups/{group}/parents/{parent}/not-told"
    assert back in senco.get(f"/school/parents/{parent}").text
    assert "Taken back. They still have to be told." in read(senco.post(back, follow_redirects=True))
    assert places_that_ask(senco, group, parent) == [True, True, True]
    assert "Taken back" not in read(senco.post(back, follow_redirects=True))
    assert read(senco.get(f"/school/parents/{parent}")).count("They were not told the dates after all.") == 1


def test_nothing_is_noted_without_how(senco, group, parent):
    assert "Choose how you told them" in read(note(senco, group, parent, how=""))
    assert places_that_ask(senco, group, parent) == [True, True, True]


REACHED = (
    "update parent_contact set email = 'paper@example.org', phone = '+447700900171' where parent_id = :id"
)
AGREES = (
    "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
    " select school_id, parent_id, kind, true, '1', app.now() from parent_contact,"
    " unnest(array['join', 'email', 'text']) kind where parent_id = :id"
)


@pytest.fixture
def as_owner(connection):
    def run(statement, **values):
        role = connection.execute(text("select current_setting('role')")).scalar_one()
        connection.execute(text("set session authorization default"))
        connection.execute(text(statement), values)
        connection.execute(text("set session authorization wb_web"))
        connection.execute(text("select set_config('role', :role, true)"), {"role": role})

    return run


@pytest.mark.parametrize(
    "stop",
    [
        ("emails_stopped_at", "texts_stopped_at"),
        ("consent",),
    ],
)
def test_who_is_reached_is_not_asked_for_until_they_stop_all_messages(senco, group, parent, as_owner, stop):
    """Whoever stops both, or says no to both, is told by the page that they get a printed plan: staff are asked."""
    as_owner(REACHED, id=parent)
    as_owner(AGREES, id=parent)
    assert places_that_ask(senco, group, parent) == [False, False, False]
    for name in stop:
        if name == "consent":
            as_owner(
                "update consent set given = false where parent_id = :id and kind in ('email', 'text')",
                id=parent,
            )
        else:
            as_owner(f"update parent_contact set {name} = app.now() where parent_id = :id", id=parent)
    assert places_that_ask(senco, group, parent) == [True, True, True]
    note(senco, group, parent, how="telephone")
    assert places_that_ask(senco, group, parent) == [False, False, False]


def test_who_stopped_one_way_is_still_reached_by_the_other(senco, group, parent, as_owner):
    as_owner(REACHED, id=parent)
    as_owner(AGREES, id=parent)
    as_owner("update parent_contact set emails_stopped_at = app.now() where parent_id = :id", id=parent)
    assert places_that_ask(senco, group, parent) == [False, False, False]


def test_who_left_is_not_asked_for(senco, group, parent):
    senco.post(f"/school/groups/{group}/parents/{parent}/remove", data={"to_stage": "left"})
    assert places_that_ask(senco, group, parent) == [False, False, False]


def test_a_group_that_ended_early_is_told_too(senco, group, parent, clock):
    note(senco, group, parent)
    clock.move(timedelta(minutes=1))
    senco.post(f"/school/groups/{group}/end-early", data={"reason": "The boiler is out", "what": "back"})
    assert places_that_ask(senco, group, parent) == [True, True, True]
    assert "Tell Paper Test that their group has ended" in read(senco.get("/school"))
    assert "The boiler is out" in read(senco.get(address(group, parent)))
    note(senco, group, parent)
    assert places_that_ask(senco, group, parent) == [False, False, False]


def test_nobody_is_told_of_a_group_that_they_were_never_in(senco, group, school):
    assert senco.get(address(group, school.ids["identified_parent_id"])).status_code == 404


def test_who_is_reached_by_nothing_is_on_paper_in_the_list_of_the_group(senco, group):
    page = read(senco.get(f"/school/groups/{group}"))
    assert "on paper" in page
    assert "phone only" not in page
