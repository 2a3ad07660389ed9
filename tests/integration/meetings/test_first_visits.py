"""A parent's first evening: who meets them, what they would like, and that somebody asks them how it was."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.support.borrowed import as_login


@pytest.fixture
def as_owner(connection):
    def run(statement, **values):
        with as_login(connection, "wb_owner"):
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def led(world):
    return f"/group/cohorts/{world.school.ids['cohort_id']}/first-visits"


@pytest.fixture
def newcomer(at, world, as_owner):
    """The world's parent has not been at any session yet, and session 4 is tonight."""
    at(12)
    for table in ("attendance", "absence_notice"):
        as_owner(f"delete from {table} where parent_id = :id", id=world.school.parent.person_id)
    return world.school.parent


def wish(client, *wishes):
    # A browser sends its form's mark also where nothing is ticked.
    sent = {"wishes": list(wishes), "csrf_token": "x"}
    return client.post("/my/first-evening", data=sent, follow_redirects=True)


def here(as_owner, world, parent, number=4):
    as_owner(
        "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
        " select school_id, id, :parent, cohort_id, 'present', app.now() from cohort_session"
        " where cohort_id = :cohort and number = :number",
        parent=parent.person_id,
        cohort=world.school.ids["cohort_id"],
        number=number,
    )


def note(client, world, parent, outcome):
    cohort_id = world.school.ids["cohort_id"]
    address = f"/group/cohorts/{cohort_id}/first-visits/{parent.person_id}"
    return client.post(address, data={"outcome": outcome}, follow_redirects=True)


def main_of(page):
    return page.text.split("<main")[1].split("</main>")[0]


def mark_of(page):
    return page.text.split('name="as_shown" value="')[1].split('"')[0]


# ---- before


def test_before_their_first_evening_they_read_who_meets_them_and_what_will_happen(
    newcomer, client_for, world, led
):
    leader, parent = client_for(world.school.facilitator), client_for(newcomer)
    assert "Nobody is named yet" in leader.get(led).text
    assert "Those who lead the group welcome you" in parent.get("/my/first-evening").text

    page = leader.post(f"{led}/mine", follow_redirects=True)

    assert "You do. Parents read your first name" in page.text
    page = parent.get("/my/first-evening").text
    assert "welcomes you. Look for them" in page
    assert "You do not have to speak at all" in page
    # Nothing makes it so: they are asked to.
    assert "are asked to find out, within two days" in page
    assert "Your first evening" in parent.get("/my/group").text


def test_before_the_group_has_met_their_home_says_it_too(newcomer, client_for, world, as_owner):
    assert "Your first evening" not in client_for(newcomer).get("/my").text
    as_owner(
        "update cohort_session set state = 'cancelled' where cohort_id = :id and number < 4",
        id=world.school.ids["cohort_id"],
    )
    assert "Your first evening" in client_for(newcomer).get("/my").text


def test_no_evening_is_named_on_a_day_on_which_the_school_is_shut(
    newcomer, client_for, world, as_owner, day_of_session_4
):
    as_owner(
        "update cohort_session set state = 'cancelled' where cohort_id = :id and number < 4",
        id=world.school.ids["cohort_id"],
    )
    as_owner(
        "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :on, 'Boiler')",
        school=world.school.school_id,
        id=new_id(),
        on=day_of_session_4,
    )
    parent = client_for(newcomer)

    page = main_of(parent.get("/my/first-evening"))

    assert "The school is shut on" in page
    assert "What will happen" not in page
    for path in ("/my", "/my/group"):
        assert "Your first evening" not in main_of(parent.get(path)), path


def test_no_evening_is_named_while_a_paused_school_holds_the_group_back(
    newcomer, client_for, world, as_owner
):
    cohort_id = world.school.ids["cohort_id"]
    as_owner(
        "update cohort_session set state = 'cancelled' where cohort_id = :id and number < 4", id=cohort_id
    )
    as_owner("update cohort set state = 'forming' where id = :id", id=cohort_id)
    parent = client_for(newcomer)
    assert "What will happen" in main_of(parent.get("/my/first-evening"))
    assert "Your first evening" in main_of(parent.get("/my"))

    as_owner("update school set stage = 'paused' where school_id = :id", id=world.school.school_id)

    page = main_of(parent.get("/my/first-evening"))
    assert "so it waits until the school starts again" in page
    assert "What will happen" not in page
    for path in ("/my", "/my/group"):
        assert "Your first evening" not in main_of(parent.get(path)), path


def test_whom_a_colleague_named_meanwhile_is_not_replaced_unseen(
    newcomer, client_for, world, led, as_owner, look
):
    """Given a page that shows nobody, when somebody was named since, then a press on it changes nothing."""
    leader, staff = client_for(world.school.facilitator), client_for(world.school.lead)
    address = f"/school/groups/{world.school.ids['cohort_id']}/welcome"
    shown, of_staff = mark_of(leader.get(led)), mark_of(staff.get(address))
    other = world.school.ids["applicant_id"]
    as_owner(
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " values (:school, :cohort, :id, app.now())",
        school=world.school.school_id,
        cohort=world.school.ids["cohort_id"],
        id=other,
    )
    named = "select welcomer_id from group_welcome"
    staff.post(address, data={"welcomer": str(other), "as_shown": of_staff})
    assert [row.welcomer_id for row in look(world.school.lead, named)] == [other]

    page = leader.post(f"{led}/mine", data={"as_shown": shown}, follow_redirects=True)
    assert "Something changed here" in page.text
    mine = {"welcomer": str(world.school.facilitator.person_id), "as_shown": of_staff}
    assert "Something changed here" in staff.post(address, data=mine, follow_redirects=True).text
    assert [row.welcomer_id for row in look(world.school.lead, named)] == [other]

    # Who has read it may; and twice is once.
    again = {"as_shown": mark_of(leader.get(led))}
    for _press in range(2):
        assert "Kept" in leader.post(f"{led}/mine", data=again, follow_redirects=True).text
    assert [row.welcomer_id for row in look(world.school.lead, named)] == [world.school.facilitator.person_id]


def test_staff_name_only_somebody_who_leads_the_group(newcomer, client_for, world, look):
    staff, cohort_id = client_for(world.school.lead), world.school.ids["cohort_id"]
    address = f"/school/groups/{cohort_id}/welcome"
    assert "Choose who welcomes newcomers" in staff.post(address, data={}).text
    refused = staff.post(address, data={"welcomer": str(world.school.ids["applicant_id"])})
    assert refused.status_code == 200
    assert look(world.school.lead, "select 1 from group_welcome") == []

    sent = {"welcomer": str(world.school.facilitator.person_id)}
    assert "Parents read the first name" in staff.post(address, data=sent, follow_redirects=True).text


def test_who_leads_no_more_welcomes_nobody(newcomer, client_for, world, led, as_owner):
    client_for(world.school.facilitator).post(f"{led}/mine")
    as_owner(
        "delete from cohort_facilitator where facilitator_id = :id", id=world.school.facilitator.person_id
    )

    assert "welcomes you. Look for them" not in client_for(newcomer).get("/my/first-evening").text


def test_what_they_would_like_is_read_by_who_leads_and_by_nobody_of_the_school(
    newcomer, client_for, world, led, look
):
    page = wish(client_for(newcomer), "door", "early")
    assert "can read it now" in page.text

    leader = client_for(world.school.facilitator)
    assert "a quiet seat by the door, comes ten minutes early" in leader.get(led).text
    asked = "select id from cohort_session where cohort_id = :cohort and number = 4"
    (four,) = look(world.school.facilitator, asked, cohort=world.school.ids["cohort_id"])
    tonight = leader.get(f"/group/sessions/{four.id}/tonight").text
    assert "New this time" in tonight
    for person in (world.school.lead, world.school.dsl, world.authority.admin):
        with pytest.raises(Exception, match="permission denied"):
            look(person, "select 1 from first_visit_wish")
    for person in (
        world.sibling_school.facilitator,
        world.school.people["graduate"],
        world.other_school.parent,
    ):
        assert look(person, "select 1 from first_visit_wish") == []
    trail = "select 1 from audit_event where event like 'meetings:first_visit:wished'"
    assert look(world.school.lead, trail) == []


def test_it_is_changed_and_taken_back(newcomer, client_for, world, led):
    parent, leader = client_for(newcomer), client_for(world.school.facilitator)
    wish(parent, "door", "met")
    wish(parent, "listen")
    assert "just to listen" in leader.get(led).text
    assert "by the door" not in leader.get(led).text.split("<main")[1]

    wish(parent)
    assert "Nobody has asked for anything" in leader.get(led).text


@pytest.mark.parametrize("wishes", [["sofa"], ["door", "x" * 9000], ["\x00"]])
def test_what_is_not_on_the_list_is_refused(newcomer, client_for, world, look, wishes):
    assert client_for(newcomer).post("/my/first-evening", data={"wishes": wishes}).status_code == 200
    assert look(newcomer, "select 1 from first_visit_wish") == []


def test_who_has_left_asks_for_nothing_and_what_they_asked_for_is_read_no_more(
    newcomer, client_for, world, led, as_owner, look
):
    parent = client_for(newcomer)
    wish(parent, "door")
    as_owner(
        "update enrolment set status = 'left', left_at = app.now() where parent_id = :id",
        id=newcomer.person_id,
    )

    assert "by the door" not in client_for(world.school.facilitator).get(led).text.split("<main")[1]
    for path, sent in (("/my/first-evening", {"wishes": ["met"]}), ("/my/group/vote", {"topics": ["sleep"]})):
        page = parent.post(path, data=sent, follow_redirects=True)
        assert page.status_code == 200
        assert "You have no place in a group just now, so nothing was kept" in page.text
    # An old link leads to the page that says how they stand.
    assert parent.get("/my/first-evening").location == "/my/group"


def test_once_they_have_been_there_nothing_is_asked_for(newcomer, client_for, world, led, as_owner):
    wish(client_for(newcomer), "door")
    here(as_owner, world, newcomer)

    assert "You have been there" in client_for(newcomer).get("/my/first-evening").text
    assert "Your first evening" not in client_for(newcomer).get("/my/group").text
    assert "Nobody has asked for anything" in client_for(world.school.facilitator).get(led).text


# ---- afterwards


def test_within_two_days_who_leads_is_asked_to_ask(newcomer, client_for, world, led, as_owner, at):
    here(as_owner, world, newcomer)
    at(20)
    leader = client_for(world.school.facilitator)
    assert "how it was" in leader.get("/group").text
    assert "Please ask by" in leader.get(led).text

    assert "Noted" in note(leader, world, newcomer, "not_reached").text
    assert "Try once more" in leader.get(led).text
    assert "how it was" in leader.get("/group").text
    page = note(leader, world, newcomer, "done")
    assert ": asked" in page.text
    assert "how it was" not in leader.get("/group").text


def test_what_a_colleague_noted_meanwhile_is_not_replaced_unseen(
    newcomer, client_for, world, led, as_owner, at, look
):
    # Given a page on which nothing is noted, when a colleague has asked them since,
    here(as_owner, world, newcomer)
    at(20)
    leader = client_for(world.school.facilitator)
    card = leader.get(led).text.split("Please ask by")[1]
    shown = card.split('name="as_shown" value="')[1].split('"')[0]
    note(leader, world, newcomer, "done")
    address = f"{led}/{newcomer.person_id}"

    # then another word on it changes nothing, and the same word is the same.
    page = leader.post(address, data={"outcome": "not_reached", "as_shown": shown}, follow_redirects=True)
    assert "Something changed here" in page.text
    page = leader.post(address, data={"outcome": "done", "as_shown": shown}, follow_redirects=True)
    assert "Noted" in page.text
    asked = "select outcome from first_visit_call"
    assert [row.outcome for row in look(world.school.facilitator, asked)] == ["done"]


def test_after_two_weeks_nobody_is_asked_for_any_more(newcomer, client_for, world, led, as_owner, at):
    here(as_owner, world, newcomer)
    at(12, days=15)

    assert "how it was" not in client_for(world.school.facilitator).get("/group").text


def test_it_is_noted_only_of_who_was_there_by_who_leads_and_in_three_words(
    newcomer, client_for, world, as_owner, look
):
    leader = client_for(world.school.facilitator)
    # Also where the register was mended between the page and the press.
    page = note(leader, world, newcomer, "done")
    assert page.status_code == 200
    assert "Nothing was noted" in page.text
    assert look(world.school.facilitator, "select 1 from first_visit_call") == []
    here(as_owner, world, newcomer)
    assert note(leader, world, newcomer, "she said that").status_code == 404
    assert note(client_for(world.sibling_school.facilitator), world, newcomer, "done").status_code == 404
    note(leader, world, newcomer, "not_needed")

    asked = "select outcome from first_visit_call"
    assert [row.outcome for row in look(newcomer, asked)] == ["not_needed"]
    for person in (world.school.lead, world.authority.admin):
        with pytest.raises(Exception, match="permission denied"):
            look(person, asked)
    trail = "select 1 from audit_event where event like 'meetings:first_visit:called'"
    assert look(world.school.lead, trail) == []


# ---- in numbers


def test_how_long_it_takes_is_shown_over_enough_parents_and_four_weeks_late(
    client_for, world, as_owner, at, look
):
    at(12)
    address = f"/school/groups/{world.school.ids['cohort_id']}/welcome"
    assert "points at nobody" in client_for(world.school.lead).get(address).text
    keys = {"school": world.school.school_id, "cohort": world.school.ids["cohort_id"]}
    for number in range(20):
        ids = keys | {"id": new_id(), "came": number < 10, "days": 20 + number}
        as_owner(
            "insert into parent (school_id, id, stage, stage_changed_at, created_at, invited_at) select :school, :id,"
            " 'in_group', app.now(), app.now(), s.on_date - make_interval(days => :days) from cohort_session s"
            " where s.cohort_id = :cohort and s.number = 1 and :came is not null",
            **ids,
        )
        as_owner(
            "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at)"
            " select :school, :id, :cohort, :id, 'in_group', app.now() where :days > 0 and :came is not null",
            **ids,
        )
        as_owner(
            "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at) select :school,"
            " s.id, :id, :cohort, 'present', app.now() from cohort_session s where s.cohort_id = :cohort"
            " and s.number = 1 and :came and :days > 0",
            **ids,
        )
    assert "points at nobody" in client_for(world.school.lead).get(address).text

    at(12, days=28)
    assert "Half of your parents came within 2" in client_for(world.school.lead).get(address).text
    assert look(world.sibling_school.lead, "select app.first_visit_days() days")[0].days is None
    with pytest.raises(Exception, match="permission denied"):
        look(world.authority.admin, "select app.first_visit_days()")
