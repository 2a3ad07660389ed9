"""A group, or one session of it, that meets online: who reads how to join, from when, and what pages say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from infra.clock import LONDON
from tests.support.reading import find_in

LINK = "https://meet.example.org/j/81f?pwd=Oak_9"
ROOM = "update cohort_session set format = :format, room = :room where id = :id"


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def parent(client_for, school):
    return client_for(school.parent)


@pytest.fixture
def senco(client_for, school):
    return client_for(school.senco)


@pytest.fixture
def begins(look, school):
    """The next session meets online; when it begins."""
    key = school.ids["next_session_id"]
    look(school.senco, ROOM, id=key, format="online", room="online")
    (row,) = look(school.senco, "select on_date, starts_at from cohort_session where id = :id", id=key)
    return datetime.combine(row.on_date, row.starts_at, LONDON)


def enter(client, address, link=LINK):
    seen = find_in(r'name="seen"[^>]* value="([^"]*)"', client.get(address).text)[1]
    return client.post(address, data={"seen": seen, "link": link}, follow_redirects=True)


def staff_page(school):
    return f"/school/groups/{school.ids['cohort_id']}/join-link"


def led_page(school):
    return f"/group/cohorts/{school.ids['cohort_id']}/join-link"


def test_members_read_the_link_from_two_hours_before_until_the_end(senco, client_for, school, begins, clock):
    """Given a link that the school entered days before
    When a member opens the group's page
    Then it says from when the link is there, and has it from two hours before until the end."""
    assert "Members see the link" in enter(senco, staff_page(school)).text
    clock.set(begins - timedelta(hours=2, minutes=1))
    page = client_for(school.parent).get("/my/group").text
    assert "The link to join online will be here from 3:45pm" in page
    assert "meet.example" not in page

    clock.set(begins - timedelta(hours=2))
    member = client_for(school.parent)
    assert "meet.example.org/j/81f" in member.get("/my/group").text
    assert "meet.example.org/j/81f" in member.get(f"/my/sessions/{school.ids['next_session_id']}").text

    clock.set(begins + timedelta(minutes=91))
    assert "meet.example" not in client_for(school.parent).get("/my/group").text


def test_the_page_says_that_no_link_is_there_yet(client_for, school, begins, clock):
    clock.set(begins - timedelta(minutes=10))

    assert "The link to join is not here yet" in client_for(school.parent).get("/my/group").text


def test_who_left_reads_no_link(senco, client_for, look, school, begins, clock):
    enter(senco, staff_page(school))
    clock.set(begins - timedelta(minutes=10))
    look(
        school.senco,
        "update enrolment set status = 'left', left_at = now() where parent_id = :id",
        id=school.parent.person_id,
    )

    assert not look(school.parent, "select * from app.my_joining()")
    assert "meet.example" not in client_for(school.parent).get("/my/group").text


def test_no_calendar_print_or_list_has_it(senco, client_for, school, begins):
    enter(senco, staff_page(school))
    leader = client_for(school.facilitator)

    for client, address in (
        (client_for(school.parent), "/my/group/dates.ics"),
        (senco, f"/school/groups/sessions/{school.ids['next_session_id']}/register"),
        (leader, f"/group/sessions/{school.ids['next_session_id']}/register/print"),
        (leader, f"/group/sessions/{school.ids['next_session_id']}/room.json"),
    ):
        page = client.get(address).text
        assert "meet.example" not in page, address
        assert "online" in page.lower(), address


def test_those_who_lead_set_it_and_find_it(client_for, school, begins):
    leader = client_for(school.facilitator)
    assert "There is no link yet" in leader.get("/group/cohort").text

    assert "Open the meeting" in enter(leader, led_page(school)).text
    assert "meet.example" in leader.get(f"/group/sessions/{school.ids['next_session_id']}/tonight").text


@pytest.mark.parametrize(
    "typed",
    [
        "meet",
        "http://meet.example.org/j/1",
        "https://meet",
        "https://meet.example.org",
        "https://me:pw@meet.example.org/j",
        "https://meet.example.org:99/j",
        "https://meet.example.org/j 1",
        "https://мит.example.org/j",
        "https://meet.example.org/<b>",
        "javascript:alert(1)",
        "https://[::1/j",
    ],
)
def test_what_is_no_whole_https_link_is_refused_and_kept_in_the_box(senco, school, typed):
    page = enter(senco, staff_page(school), typed)

    assert "There is a problem" in page.text
    assert any(
        why in page.text
        for why in ("Enter the whole link", "We cannot use this link", "Paste the link alone")
    )
    assert page.status_code == 200


def test_one_session_is_met_elsewhere_and_everybody_is_told(senco, look, school):
    """Given a group in a room
    When staff let one session be online, because of snow
    Then that one alone is, those in the group and who lead are told once, and it can be put back."""
    key = school.ids["next_session_id"]
    address = f"/school/groups/sessions/{key}/where"
    seen = find_in(r'name="seen"[^>]* value="([^"]*)"', senco.get(address).text)[1]
    sent = {"seen": seen, "format": "online", "room": "", "reason": "Snow"}

    assert "Saved." in senco.post(address, data=sent, follow_redirects=True).text
    assert "It meets there already" in senco.post(address, data=sent, follow_redirects=True).text
    stale = senco.post(address, data={**sent, "format": "room", "room": "Hall"}, follow_redirects=True)
    assert "Somebody else changed session" in stale.text

    rows = look(school.senco, "select id, format, room from cohort_session where format <> 'room'")
    assert [(row.id, row.format, row.room) for row in rows] == [(key, "online", "online")]
    told = look(school.senco, "select kind, recipient_id from outbox where kind like '%session_placed'")
    assert {row.recipient_id for row in told} == {
        school.parent.person_id,
        school.other_parent.person_id,
        school.facilitator.person_id,
    }
    page = senco.get(f"/school/groups/{school.ids['cohort_id']}").text
    assert "meets elsewhere" in page
    assert "Snow" in page
    assert "There is no link yet" in page


def test_a_group_changes_its_way_after_a_look_at_what_changes(senco, look, school):
    cohort_id = school.ids["cohort_id"]
    address = f"/school/groups/{cohort_id}/change"
    page = senco.get(address).text
    sent = {
        name: find_in(rf'name="{name}"[^>]* value="([^"]*)"', page)[1]
        for name in ("seen", "name", "room", "places")
    } | {"format": "both"}

    check = senco.post(address, data=sent).text
    assert "Check how the group meets" in check
    assert f"{sent['room']}, or online" in check
    assert not look(school.senco, "select from cohort where format <> 'room'")
    assert "Change the group" in senco.post(address, data={**sent, "step": "change"}).text

    answer = senco.post(address, data={**sent, "step": "save"}, follow_redirects=True)
    assert "Saved." in answer.text
    (group,) = look(school.senco, "select format, room from cohort where id = :id", id=cohort_id)
    assert (group.format, group.room) == ("both", f"{sent['room']}, or online")
    kinds = look(school.senco, "select distinct kind from outbox where kind like '%format_changed'")
    assert {row.kind for row in kinds} == {"format_changed", "led_format_changed"}
    assert f'value="{sent["room"]}"' in senco.get(address).text, "the box holds the room alone"


def test_a_session_that_was_given_a_place_of_its_own_keeps_it(senco, look, school):
    """Given one session that all were told is online this once
    When the group gets another room, or another way to meet
    Then the others follow, that one does not, and the page that is agreed to says so."""
    key, cohort_id = school.ids["next_session_id"], school.ids["cohort_id"]
    senco.post(f"/school/groups/sessions/{key}/where", data={"format": "online", "room": ""})
    address = f"/school/groups/{cohort_id}/change"
    page = senco.get(address).text
    sent = {
        name: find_in(rf'name="{name}"[^>]* value="([^"]*)"', page)[1] for name in ("seen", "name", "places")
    }

    senco.post(address, data=sent | {"format": "room", "room": "Big hall"})
    rooms = look(school.senco, "select id, room from cohort_session where state = 'planned'")
    assert {row.room for row in rows_but(rooms, key)} == {"Big hall"}
    assert [row.room for row in rooms if row.id == key] == ["online"]

    sent["seen"] = find_in(r'name="seen"[^>]* value="([^"]*)"', senco.get(address).text)[1]
    check = senco.post(address, data=sent | {"format": "both", "room": "Big hall"}).text
    assert "These keep the place that they were given" in check
    senco.post(address, data=sent | {"format": "both", "room": "Big hall", "step": "save"})
    assert look(school.senco, "select room from cohort_session where id = :id", id=key)[0].room == "online"


def rows_but(rows, key):
    return [row for row in rows if row.id != key]


def test_a_room_is_asked_for_unless_everybody_joins_online(senco, school):
    address = f"/school/groups/sessions/{school.ids['next_session_id']}/where"

    for format_ in ("room", "both"):
        assert "Enter the room" in senco.post(address, data={"format": format_, "room": " "}).text
    assert senco.post(address, data={"format": "online", "room": ""}).status_code == 303


def test_nobody_else_reads_or_writes_a_link(client_for, world, school, senco, begins, look):
    enter(senco, staff_page(school))

    for person in (school.parent, world.authority.admin):
        assert client_for(person).get(staff_page(school)).status_code in (403, 404)
        assert client_for(person).get(led_page(school)).status_code in (403, 404)
    assert (
        not look(world.neighbour.lead, "select from cohort_join_link")
        if hasattr(world, "neighbour")
        else True
    )


@pytest.mark.parametrize("link", ["HTTPS://Meet.Example.org/j/1", "https://meet.example.org/j/1"])
def test_a_link_as_phones_write_it_is_taken_and_taken_away_again(senco, school, link):
    page = enter(senco, staff_page(school), link)
    assert "There is a problem" not in page.text

    assert "The link is taken away" in enter(senco, staff_page(school), "").text


def test_where_the_link_is_missing_school_and_who_leads_read_so_on_their_first_page(
    client_for, school, begins, clock
):
    clock.set(begins - timedelta(days=3))
    senco, leader = client_for(school.senco), client_for(school.facilitator)
    words = "Enter the link to join"
    assert words in senco.get("/school").text
    assert words in leader.get("/group").text
    enter(senco, staff_page(school))
    assert words not in senco.get("/school").text
    assert words not in leader.get("/group").text
