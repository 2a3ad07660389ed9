"""School staff form a group, fill it, choose who leads it, start and close it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.integration.cohorts.forming import add_facilitators, add_parents, as_school, form_one, soon, typed
from tests.support.reading import find_in


@pytest.fixture
def ask(connection):
    """Rows of this test's own transaction, whoever may see them."""

    def run(statement, **values):
        with connection.begin_nested():
            connection.execute(text("select set_config('role', 'none', true)"))
            connection.execute(text("set local role wb_school"))
            connection.execute(
                text("select set_config('app.school', :school, true)"), {"school": str(values.pop("school"))}
            )
            return connection.execute(text(statement), values).all()

    return run


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


def test_dates_are_shown_with_what_was_skipped_before_anything_is_saved(senco):
    page = senco.post("/school/groups/new", data=typed(soon())).get_data(as_text=True)

    assert "Check the dates" in page
    assert "half-term" in page
    assert "A group is meant for 8 to 10" in page
    assert 'name="name" value="Morning group"' in page
    assert "Morning group" not in senco.get("/school/groups").get_data(as_text=True)


def test_a_saved_group_has_its_eight_sessions_with_their_themes(senco):
    page = senco.get(f"/school/groups/{form_one(senco)}").get_data(as_text=True)

    assert "Morning group" in page
    assert "Looking back and ahead" in page
    assert len(re.findall(r"wb-session--", page)) >= 8


def test_save_pressed_twice_makes_one_group(senco):
    values = typed(soon(), step="save")
    first = senco.post("/school/groups/new", data=values)
    second = senco.post("/school/groups/new", data=values)

    assert first.headers["Location"] == second.headers["Location"]
    assert senco.get("/school/groups").get_data(as_text=True).count(">Morning group</a>") == 1


def test_another_group_under_a_saved_form_is_refused_and_both_are_shown(world, client_for):
    senco, first = client_for(world.school.senco), typed(soon(), step="save")
    assert senco.post("/school/groups/new", data=first).status_code == 303

    page = senco.post("/school/groups/new", data={**first, "name": "Owls and larks", "room": "Gym"}).text

    assert f"This page has made a group already: {first['name']}" in page
    assert f"{first['room']}, places" in page
    assert 'value="Owls and larks"' in page
    assert "Owls and larks" not in senco.get("/school/groups").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter a name"),
        ({"places": "12"}, "from 8 to 10"),
        ({"starts_at": "soon"}, "Enter a time"),
        ({"start_on": ["31", "2", "2027"]}, "Enter a real date"),
        ({"start_on": ["1", "9", "2020"]}, "still to come"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(senco, changes, words):
    answer = senco.post("/school/groups/new", data=typed(soon(), **changes))
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert words in page
    assert 'value="Library"' in page


def test_change_something_leads_back_to_what_was_typed(senco):
    page = senco.post("/school/groups/new", data=typed(soon(), step="change")).get_data(as_text=True)
    assert "Form a group" in page
    assert 'value="Morning group"' in page


def test_a_place_is_taken_and_the_parent_told(senco, world, ask):
    school, cohort = world.school, form_one(senco)
    waiting = school.ids["waiting_parent_id"]

    assert (
        senco.post(
            f"/school/groups/{cohort}/places", data={"parents": [str(waiting)], "how": "give"}
        ).status_code
        == 303
    )

    assert ask("select stage from parent where id = :id", school=school.school_id, id=waiting) == [
        ("in_group",)
    ]
    told = ask(
        "select channel from outbox where kind = 'place_offered' and recipient_id = :id and subject_id = :cohort",
        school=school.school_id,
        id=waiting,
        cohort=cohort,
    )
    assert {row.channel for row in told} == {"email", "sms"}


def test_a_place_offered_twice_is_taken_and_told_once(senco, world, ask):
    school, cohort = world.school, form_one(senco)
    chosen = {"parents": [str(school.ids["waiting_parent_id"])], "how": "give"}
    senco.post(f"/school/groups/{cohort}/places", data=chosen)

    assert senco.post(f"/school/groups/{cohort}/places", data=chosen).status_code == 303
    rows = ask("select id from outbox where kind = 'place_offered'", school=school.school_id)
    assert len(rows) == 2, "one email and one text"


def test_a_full_group_gives_no_place(senco, world, connection):
    school, cohort = world.school, form_one(senco)
    add_parents(connection, school.school_id, 8, cohort)

    answer = senco.post(
        f"/school/groups/{cohort}/places",
        data={"parents": [str(school.ids["waiting_parent_id"])], "how": "give"},
    )

    assert answer.status_code == 200
    assert "This place has gone. We can keep the next for you." in answer.get_data(as_text=True)


def test_nobody_gets_a_place_when_too_many_were_chosen(senco, world, connection, ask):
    school, cohort = world.school, form_one(senco)
    add_parents(connection, school.school_id, 7, cohort)
    more = add_parents(connection, school.school_id, 1)
    chosen = [str(school.ids["waiting_parent_id"]), str(more[0])]

    page = senco.post(f"/school/groups/{cohort}/places", data={"parents": chosen, "how": "give"}).get_data(
        as_text=True
    )

    assert "Fewer places are left than you chose. Choose 1 at most." in page
    assert page.count("checked") == 3, "what was ticked stays ticked, and how"
    stages = ask("select stage from parent where id = :id", school=school.school_id, id=more[0])
    assert stages == [("waiting",)]


def test_somebody_who_gives_up_a_place_waits_again_and_can_come_back(senco, world, ask):
    school, cohort = world.school, form_one(senco)
    parent = school.ids["waiting_parent_id"]
    senco.post(f"/school/groups/{cohort}/places", data={"parents": [str(parent)], "how": "give"})

    for _press in range(2):
        answer = senco.post(f"/school/groups/{cohort}/parents/{parent}/remove", data={"to_stage": "waiting"})
        assert answer.status_code == 303
    assert ask("select stage from parent where id = :id", school=school.school_id, id=parent) == [
        ("waiting",)
    ]

    senco.post(f"/school/groups/{cohort}/places", data={"parents": [str(parent)], "how": "give"})
    rows = ask(
        "select status from enrolment where cohort_id = :cohort", school=school.school_id, cohort=cohort
    )
    assert rows == [("in_group",)]


def test_a_group_without_people_does_not_start_and_says_why(senco, world, ask):
    cohort = form_one(senco)

    page = senco.post(f"/school/groups/{cohort}/start", follow_redirects=True).get_data(as_text=True)

    assert "cannot start yet" in page
    assert "Two facilitators" in page
    assert "At least one parent" in page
    rows = ask("select state from cohort where id = :id", school=world.school.school_id, id=cohort)
    assert rows == [("forming",)]


def test_a_group_with_two_to_lead_it_and_one_parent_starts_once(senco, world, connection, ask):
    school, cohort = world.school, form_one(senco)
    senco.post(
        f"/school/groups/{cohort}/places",
        data={"parents": [str(school.ids["waiting_parent_id"])], "how": "give"},
    )
    for leader in add_facilitators(connection, school.school_id, 2):
        answer = senco.post(f"/school/groups/{cohort}/facilitators", data={"facilitator": str(leader)})
        assert answer.status_code == 303

    for _press in range(2):
        data = {"reason": "Two more join in a week"}
        assert senco.post(f"/school/groups/{cohort}/start", data=data).status_code == 303

    assert ask("select state from cohort where id = :id", school=school.school_id, id=cohort) == [
        ("running",)
    ]
    started = ask(
        "select id from audit_event where event = 'cohorts:cohort:started' and subject_id = :id",
        school=school.school_id,
        id=cohort,
    )
    assert len(started) == 1


def test_a_running_group_keeps_two_who_lead(senco, world):
    school = world.school
    answer = senco.post(
        f"/school/groups/{school.ids['cohort_id']}/facilitators/{school.ids['facilitator_id']}/remove",
        follow_redirects=True,
    )
    assert "needs two who can sign in" in answer.get_data(as_text=True)


def test_only_those_who_are_ready_can_be_chosen_to_lead(senco, world):
    school, cohort = world.school, form_one(senco)
    answer = senco.post(
        f"/school/groups/{cohort}/facilitators", data={"facilitator": str(school.ids["applicant_id"])}
    )
    assert answer.status_code == 200
    assert "Choose one of the answers shown" in answer.get_data(as_text=True)


def test_those_who_are_ready_are_offered_to_lead(senco, world, connection):
    cohort = form_one(senco)
    add_facilitators(connection, world.school.school_id, 1)
    page = senco.get(f"/school/groups/{cohort}/facilitators").get_data(as_text=True)
    assert "Leader 0" in page
    assert f"Graduate {world.school.family_canary}" not in page


def test_a_fifth_facilitator_is_one_too_many(senco, world, connection):
    school, cohort = world.school, form_one(senco)
    people = add_facilitators(connection, school.school_id, 5)
    answers = [
        senco.post(f"/school/groups/{cohort}/facilitators", data={"facilitator": str(one)}) for one in people
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 200]
    assert "Four people lead this group already" in answers[-1].get_data(as_text=True)


def test_a_group_is_not_over_while_sessions_are_open(senco, world):
    page = senco.post(
        f"/school/groups/{world.school.ids['cohort_id']}/close", follow_redirects=True
    ).get_data(as_text=True)
    assert "Still open: 4, 5, 6, 7, 8" in page


def test_a_group_that_is_over_graduates_its_parents_and_marks_what_is_to_be_added_up(
    senco, world, connection, ask
):
    school = world.school
    cohort = school.ids["cohort_id"]
    as_school(
        connection,
        school.school_id,
        "update cohort_session set state = 'closed' where cohort_id = :id",
        id=cohort,
    )

    for _press in range(2):
        assert senco.post(f"/school/groups/{cohort}/close").status_code == 303

    key = {"school": school.school_id}
    assert ask("select state from cohort where id = :id", **key, id=cohort) == [("closed",)]
    members = [school.parent.person_id, school.other_parent.person_id]
    stages = ask("select distinct stage from parent where id = any (:ids)", **key, ids=members)
    assert stages == [("graduated",)]
    assert len(ask("select 1 from rollup_due where cohort_id = :id", **key, id=cohort)) == 1
    assert len(ask("select 1 from activity_due", **key)) == 1
    thanked = ask("select recipient_id from outbox where kind = 'graduation'", **key)
    assert {row.recipient_id for row in thanked} == set(members)


def test_marks_are_shown_only_of_those_who_share(senco, world):
    page = senco.get(f"/school/groups/{world.school.ids['cohort_id']}").get_data(as_text=True)
    register = page[page.index('id="register"') : page.index('id="history"')]

    assert f"Parent {world.school.family_canary}" in register
    assert f"Other Parent {world.school.family_canary}" not in register
    assert "Not shared" in register
    assert "of 2" not in register


@pytest.mark.parametrize(
    "path",
    ["", "/change", "/places", "/facilitators", "/contact-sheet", "/parents/{parent_id}/remove"],
)
def test_another_schools_group_is_not_there(senco, world, path):
    for place in (world.sibling_school, world.other_school):
        address = f"/school/groups/{place.ids['cohort_id']}{path.format(**place.ids)}"
        assert senco.get(address).status_code == 404


@pytest.mark.parametrize(
    "path", ["start", "close", "contact-sheet/pdf", "facilitators/{facilitator_id}/remove"]
)
def test_another_schools_group_cannot_be_changed(senco, world, path):
    ids = world.sibling_school.ids
    assert senco.post(f"/school/groups/{ids['cohort_id']}/{path.format(**ids)}").status_code == 404


def test_another_schools_parent_gets_no_place(senco, world):
    cohort = form_one(senco)
    foreign = str(world.sibling_school.ids["waiting_parent_id"])
    assert (
        senco.post(f"/school/groups/{cohort}/places", data={"parents": [foreign], "how": "give"}).status_code
        == 404
    )


def test_opening_the_contact_sheet_is_noted(senco, world, ask):
    cohort = world.school.ids["cohort_id"]
    assert senco.get(f"/school/groups/{cohort}/contact-sheet").status_code == 200
    rows = ask(
        "select actor_id from audit_event where event = 'cohorts:contact_sheet:opened' and subject_id = :id",
        school=world.school.school_id,
        id=cohort,
    )
    assert rows == [(world.school.senco.person_id,)]


def test_whoever_knows_the_room_is_told_of_another_one(client_for, world, ask):
    """Ten parents had read the library in their reminder, two days before they stood there."""
    school = world.school
    cohort_id, senco = school.ids["cohort_id"], client_for(school.senco)
    address = f"/school/groups/{cohort_id}/change"
    asked = (
        "select recipient_id, channel, step from outbox where kind = :kind"
        " and (state = 'queued' or problem = 'no_address')"
    )

    # Given that nothing but the name changes, nobody is told.
    page = senco.get(address).text
    seen = find_in(r'name="seen"[^>]* value="([^"]*)"', page)[1]
    places = find_in(r'name="places"[^>]* value="([^"]*)"', page)[1]
    room = find_in(r'name="room"[^>]* value="([^"]*)"', page)[1]
    sent = {"seen": seen, "name": "Another name", "room": room, "places": places}
    assert senco.post(address, data=sent).status_code == 303
    assert ask(asked, school=school.school_id, kind="room_changed") == []

    # When the room does,
    seen = find_in(r'name="seen"[^>]* value="([^"]*)"', senco.get(address).text)[1]
    answer = senco.post(address, data={**sent, "seen": seen, "room": "Hall 2"}, follow_redirects=True)

    # Then everybody in the group and whoever leads it are, and the page says so.
    assert "Saved. " in answer.text
    parents = ask(asked, school=school.school_id, kind="room_changed")
    assert {row.recipient_id for row in parents} == {school.parent.person_id, school.other_parent.person_id}
    assert {row.step for row in parents} == {"Hall 2"}
    leading = ask(asked, school=school.school_id, kind="led_room_changed")
    assert {row.recipient_id for row in leading} == {school.facilitator.person_id}
