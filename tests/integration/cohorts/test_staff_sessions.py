"""Moving and cancelling a session: refused with the reason, told once to everybody, never for another school."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.cohorts.calendar import next_open_date
from infra.clock import today
from infra.ids import new_id
from tests.support.reading import find_in


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


@pytest.fixture
def run(connection, world):
    """Ask or change this test's rows as the school."""

    def do(statement, **values):
        with connection.begin_nested():
            connection.execute(text("set local role wb_school"))
            connection.execute(
                text(
                    "select set_config('app.school', :id, true), set_config('app.authority', :authority, true)"
                ),
                {"id": str(world.school.school_id), "authority": str(world.authority.authority_id)},
            )
            result = connection.execute(text(statement), values)
            rows = result.all() if result.returns_rows else []
            connection.execute(text("reset role"))
        return rows

    return do


@pytest.fixture
def terms(long_term):
    return [long_term]


@pytest.fixture
def last(run, world):
    """The last session of the group that meets: its id and day."""
    ((session_id, on_date),) = run(
        "select id, on_date from cohort_session where cohort_id = :id and number = 8",
        id=world.school.ids["cohort_id"],
    )
    return session_id, on_date


@pytest.fixture
def last_on_weekday(run, terms, last):
    """The last session on a day on which the school is open, whatever day of the week the test runs on."""
    session_id, was = last
    on = open_day(was, terms)
    run("update cohort_session set on_date = :on where id = :id", on=on, id=session_id)
    return session_id, on


def open_day(after: date, terms) -> date:
    found = next_open_date(after, min(after.weekday(), 4), terms)
    assert found is not None
    return found


def moving(to: date, **changes):
    return {"on_date": [str(to.day), str(to.month), str(to.year)], "starts_at": "5:45pm", **changes}


def move(senco, address, data):
    """Look at the new day and time, then press: nothing goes to everybody without that look."""
    looked = senco.post(address, data=data)
    plan = re.search(r'name="plan" value="([^"]+)"', looked.text)
    return senco.post(address, data={**data, "plan": plan[1]}) if plan else looked


def told(run, kind):
    """What was written and stands, also where its reader has no address on that channel."""
    stands = "(state = 'queued' or problem = 'no_address')"
    return run(f"select recipient_id, channel from outbox where kind = :kind and {stands}", kind=kind)


def test_a_moved_session_is_told_once_to_parents_and_to_those_who_lead(senco, world, run, terms, last):
    session_id, was = last
    to = open_day(was, terms)

    for _press in range(2):
        answer = move(senco, f"/school/groups/sessions/{session_id}/move", moving(to))
        assert answer.status_code == 303, answer.get_data(as_text=True)

    assert run("select on_date, moved_from, state from cohort_session where id = :id", id=session_id) == [
        (to, was, "planned")
    ]
    members = {world.school.parent.person_id, world.school.other_parent.person_id}
    messages = told(run, "session_moved")
    assert {row.recipient_id for row in messages} == members
    assert len(messages) == 4, "an email and a text for each, once"
    leaders = told(run, "led_session_moved")
    assert {row.recipient_id for row in leaders} == {world.school.facilitator.person_id}
    assert len(run("select id from audit_event where event = 'cohorts:session:moved'")) == 1


def test_a_closed_day_is_refused_with_its_reason_and_what_was_typed_stays(senco, run, terms, last, world):
    session_id, was = last
    to = open_day(was, terms)
    run(
        "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :day, 'Staff training')",
        school=world.school.school_id,
        id=new_id(),
        day=to,
    )

    page = senco.post(
        f"/school/groups/sessions/{session_id}/move", data=moving(to, reason="Boiler")
    ).get_data(as_text=True)

    assert "The school is closed on" in page
    assert "Staff training" in page
    assert 'value="Boiler"' in page
    assert told(run, "session_moved") == []


def test_the_next_open_day_is_proposed(senco, terms, last):
    session_id, was = last
    to = open_day(was, terms)
    page = senco.get(f"/school/groups/sessions/{session_id}/move").get_data(as_text=True)
    assert f'value="{to.isoformat()}" selected' in page


def test_only_free_days_are_offered(senco, world, run, terms, last):
    """Not one on which the school is shut, the group meets, or another group has the room; each of them can be."""
    session_id, was = last
    shut = open_day(was, terms)
    run(
        "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :on, 'INSET')",
        school=world.school.school_id,
        id=new_id(),
        on=shut,
    )
    meets = {row.on_date for row in run("select on_date from cohort_session where state = 'planned'")}
    page = senco.get(f"/school/groups/sessions/{session_id}/move").get_data(as_text=True)
    offered = [date.fromisoformat(one) for one in re.findall(r'value="(\d{4}-\d\d-\d\d)"', page)]

    assert len(offered) > 10
    assert offered == sorted(set(offered))
    assert shut not in offered
    assert meets & set(offered) <= {was}, "its own day alone, for another time"
    assert all(one >= today() and one.weekday() < 5 for one in offered)
    for one in (offered[0], offered[-1]):
        answer = move(
            senco,
            f"/school/groups/sessions/{session_id}/move",
            {"on_date": one.isoformat(), "starts_at": "5:45pm"},
        )
        assert answer.status_code == 303, answer.text
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(offered[-1],)]


def test_what_no_list_offers_is_refused_with_the_reason(senco, last):
    page = senco.post(
        f"/school/groups/sessions/{last[0]}/move", data={"on_date": "no-day-at", "starts_at": "5:45pm"}
    ).text
    assert "Choose a day from the list" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(-7, "still to come"), (0, "still to come")],
)
def test_a_day_that_is_over_is_refused(senco, last, days, words):
    to = today() - timedelta(days=1) + timedelta(days=days)
    page = senco.post(f"/school/groups/sessions/{last[0]}/move", data=moving(to)).get_data(as_text=True)
    assert words in page


def test_later_sessions_move_along_and_each_person_hears_of_it_once(senco, world, run, terms):
    cohort = world.school.ids["cohort_id"]
    ((session_id, was),) = run(
        "select id, on_date from cohort_session where cohort_id = :id and number = 6", id=cohort
    )
    to = open_day(max(was, today()), terms)

    address = f"/school/groups/sessions/{session_id}/move"
    asked = senco.post(address, data=moving(to, later="move"))

    assert "Check the new dates" in asked.text, "every new date is shown before it goes out"
    assert asked.text.count('<th role="rowheader"') == 3
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(was,)]
    plan = find_in(r'name="plan" value="([^"]+)"', asked.text)[1]
    answer = senco.post(address, data=moving(to, later="move", plan=plan))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    days = [
        row.on_date
        for row in run(
            "select on_date from cohort_session where cohort_id = :id and number > 5 order by number",
            id=cohort,
        )
    ]
    assert days[0] == to
    assert days == sorted(set(days))
    *moves, at = plan.split(",")
    assert [one.partition("=")[2] for one in moves] == [day.isoformat() for day in days]
    assert at == "17:45"
    assert len(told(run, "dates_moved")) == 4
    assert {row.recipient_id for row in told(run, "led_dates_moved")} == {world.school.facilitator.person_id}
    assert told(run, "session_moved") == []


def test_a_plan_that_changed_since_it_was_shown_is_shown_again(senco, world, run, terms):
    ((session_id, was),) = run(
        "select id, on_date from cohort_session where cohort_id = :id and number = 6",
        id=world.school.ids["cohort_id"],
    )
    to = open_day(max(was, today()), terms)
    address = f"/school/groups/sessions/{session_id}/move"
    plan = find_in(r'name="plan" value="([^"]+)"', senco.post(address, data=moving(to, later="move")).text)[1]
    run(
        "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :day, 'Snow')",
        school=world.school.school_id,
        id=new_id(),
        day=date.fromisoformat(plan.split(",")[1].partition("=")[2]),
    )

    page = senco.post(address, data=moving(to, later="move", plan=plan))

    assert "Check the new dates" in page.text
    assert plan not in page.text
    assert told(run, "dates_moved") == []


CLOSINGS = {
    "the school's own": "insert into school_closed_day (school_id, id, on_date, reason)"
    " values (:school, :id, :day, 'Staff training')",
    "all schools": "insert into authority_closed_day (authority_id, id, on_date, reason)"
    " values (:authority, :id, :day, 'Staff training')",
}


@pytest.mark.parametrize("whose", CLOSINGS)
def test_a_day_closed_later_is_work_with_one_press_to_move(
    senco, world, run, last_on_weekday, connection, whose
):
    session_id, was = last_on_weekday
    who = "wb_school" if whose == "the school's own" else "wb_authority"
    with connection.begin_nested():
        connection.execute(text(f"set local role {who}"))
        connection.execute(
            text("select set_config('app.school', :s, true), set_config('app.authority', :a, true)"),
            {"s": str(world.school.school_id), "a": str(world.authority.authority_id)},
        )
        owners = {"school": world.school.school_id, "authority": world.authority.authority_id}
        values = {name: value for name, value in owners.items() if f":{name}" in CLOSINGS[whose]}
        connection.execute(text(CLOSINGS[whose]), values | {"id": new_id(), "day": was})
        connection.execute(text("reset role"))

    home = senco.get("/school").text
    assert "Move session 8 of" in home
    assert f"/school/groups/sessions/{session_id}/move?fix=1" in home
    assert "Staff training" in senco.get(f"/school/groups/{world.school.ids['cohort_id']}").text
    page = senco.get(f"/school/groups/sessions/{session_id}/move?fix=1").text
    form = page[page.index('<input type="hidden" name="plan"') :].split("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    data.pop("csrf_token", None)
    assert senco.post(f"/school/groups/sessions/{session_id}/move", data=data).status_code == 303
    ((now_on,),) = run("select on_date from cohort_session where id = :id", id=session_id)
    assert now_on > was
    assert "Move session 8 of" not in senco.get("/school").text


def test_a_room_that_another_group_has_is_not_free(senco, world, run, terms, last):
    session_id, was = last
    to = open_day(was, terms)
    run(
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state)"
        " values (:school, :id, :cohort, 1, :day, '18:30', '20:00', ' library', 'planned')",
        school=world.school.school_id,
        id=new_id(),
        cohort=world.school.ids["forming_cohort_id"],
        day=to,
    )

    page = senco.post(f"/school/groups/sessions/{session_id}/move", data=moving(to))
    assert "has the room on" in page.text
    # At another time it is free.
    answer = move(senco, f"/school/groups/sessions/{session_id}/move", moving(to, starts_at="4pm"))
    assert answer.status_code == 303


def test_two_groups_in_one_room_come_up_as_work(senco, world, run, last_on_weekday):
    _session_id, was = last_on_weekday
    run(
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state)"
        " values (:school, :id, :cohort, 1, :day, '18:30', '20:00', 'Library', 'planned')",
        school=world.school.school_id,
        id=new_id(),
        cohort=world.school.ids["forming_cohort_id"],
        day=was,
    )

    assert "has the room" in senco.get("/school").text


def test_the_heading_names_the_weekday_that_the_group_meets_on_now(senco, world, run):
    cohort = world.school.ids["cohort_id"]
    address = f"/school/groups/{cohort}"
    run("update cohort_session set on_date = on_date + 8 where cohort_id = :id and number > 4", id=cohort)
    ((on,),) = run("select on_date from cohort_session where cohort_id = :id and number = 5", id=cohort)
    run("update cohort_session set state = 'cancelled' where cohort_id = :id and number = 4", id=cohort)
    assert f"{on:%A}s, 5:45pm to 7:15pm" in senco.get(address).text
    run("update cohort_session set on_date = on_date + 1 where cohort_id = :id and number = 8", id=cohort)
    assert f"{on:%A}s, 5:45pm to 7:15pm" not in senco.get(address).text


def test_a_session_that_was_held_stays(senco, world, run):
    held = world.school.ids["session_id"]
    page = senco.get(f"/school/groups/sessions/{held}/move").get_data(as_text=True)
    assert "This session is over" in page

    page = senco.post(f"/school/groups/sessions/{held}/cancel", data={"reason": "x"}).get_data(as_text=True)
    assert "has been held" in page


def test_of_a_session_whose_hour_has_gone_by_nobody_is_told(senco, world, run, last):
    """Given a session that did not take place, then neither its button nor its answer says that anybody is told."""
    session_id, _was = last
    run(
        "update cohort_session set on_date = :on where id = :id",
        on=today() - timedelta(days=1),
        id=session_id,
    )
    address = f"/school/groups/sessions/{session_id}/cancel"
    assert "tell everybody" not in senco.get(address).get_data(as_text=True)

    page = senco.post(address, data={"reason": "No heating"}, follow_redirects=True).get_data(as_text=True)

    assert "Nobody is told, because its time has passed." in page
    assert told(run, "session_cancelled") == []


def test_a_cancelled_session_is_told_once_and_its_reason_stays_with_staff(senco, world, run, last):
    session_id, _was = last
    for _press in range(2):
        answer = senco.post(f"/school/groups/sessions/{session_id}/cancel", data={"reason": "No heating"})
        assert answer.status_code == 303

    assert run("select state, change_reason from cohort_session where id = :id", id=session_id) == [
        ("cancelled", "No heating")
    ]
    page = senco.get(f"/school/groups/{world.school.ids['cohort_id']}").get_data(as_text=True)
    assert page.count("No heating") == 1, "colleagues read why, at the step that it was given for"
    assert len(told(run, "session_cancelled")) == 4
    assert {row.recipient_id for row in told(run, "led_session_cancelled")} == {
        world.school.facilitator.person_id
    }


def test_cancelling_needs_a_reason(senco, run, last):
    page = senco.post(f"/school/groups/sessions/{last[0]}/cancel", data={"reason": " "}).get_data(
        as_text=True
    )
    assert "Enter the reason" in page
    assert told(run, "session_cancelled") == []


def test_a_cancelled_session_can_have_a_new_day(senco, run, terms, last):
    session_id, was = last
    to = open_day(was, terms)
    senco.post(f"/school/groups/sessions/{session_id}/cancel", data={"reason": "No heating"})

    assert move(senco, f"/school/groups/sessions/{session_id}/move", moving(to)).status_code == 303
    assert run("select state from cohort_session where id = :id", id=session_id) == [("planned",)]


@pytest.mark.parametrize("page", ["move", "cancel", "register"])
def test_another_schools_session_is_not_there(senco, world, page):
    for place in (world.sibling_school, world.other_school):
        address = f"/school/groups/sessions/{place.ids['next_session_id']}/{page}"
        assert senco.get(address).status_code == 404
        if page != "register":
            assert senco.post(address, data={"reason": "x", **moving(today())}).status_code == 404
