"""An outside presenter is booked, answers by a link, and everybody reads of it what is for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from infra.ids import new_id
from tests.integration.presenters.conftest import BOOKED, begins_at, hours, main_of
from tests.support.reading import find_in


def press(client, address, word):
    """The button of the page as it shows now."""
    shown = find_in(rf'(?s){address}/{word}.*?name="as_shown" value="([^"]*)"', client.get(address).text)[1]
    return client.post(f"{address}/{word}", data={"as_shown": shown}, follow_redirects=True)


def test_staff_book_somebody_who_says_yes_and_everybody_reads_what_is_theirs(
    client_for, world, booked, address, stranger, told, rows, meeting, clock
):
    # On a day on which the group meets, the next session is another.
    clock.set(begins_at(meeting) - timedelta(days=1))
    school = world.school
    lead, leader, parent = client_for(school.lead), client_for(school.facilitator), client_for(school.parent)
    assert told() == ["presenter_asked"]
    assert rows("select link_hash from presenter")[0].link_hash
    # Before they said anything parents read nothing of it.
    assert BOOKED["topic"] not in parent.get("/my/group").text

    page = main_of(stranger.get(address))
    for words in (BOOKED["topic"], BOOKED["door"], "A projector", school.name, "stays in the room"):
        assert words in page, words
    assert "Thank you. The school knows that you will come" in press(stranger, address, "yes").text

    tonight = main_of(leader.get(f"/group/sessions/{booked.session_id}/tonight"))
    listed = main_of(lead.get(f"/school/groups/{booked.cohort_id}/presenters"))
    for page in (tonight, listed):
        assert BOOKED["name"] in page
        assert BOOKED["topic"] in page
    assert BOOKED["email"] in listed
    for home in (lead.get("/school"), leader.get("/group")):
        assert f"{BOOKED['name']} comes to" in main_of(home)
    for where in ("/my/group", f"/my/sessions/{booked.session_id}"):
        page = parent.get(where).text
        assert "Somebody from Tidewell Sleep Clinic talks about: Sleep, and what helps" in page
        for hidden in (BOOKED["name"], BOOKED["email"], "0123"):
            assert hidden not in page


def test_they_change_their_mind_until_it_begins(client_for, world, booked, address, stranger, meeting, clock):
    press(stranger, address, "yes")
    assert "The school knows that you cannot come" in press(stranger, address, "no").text
    assert "cannot come to" in main_of(client_for(world.school.lead).get("/school"))
    assert BOOKED["topic"] not in client_for(world.school.parent).get("/my/group").text
    press(stranger, address, "yes")
    assert "You said that you will come" in main_of(stranger.get(address))

    clock.set(begins_at(meeting) + timedelta(minutes=1))
    page = stranger.post(f"{address}/no", follow_redirects=True)
    assert "nothing was kept" in page.text


def test_to_look_changes_nothing_and_a_wrong_link_opens_nothing(booked, address, stranger, rows):
    stranger.get(address)
    assert stranger.get(f"{address}/yes").status_code == 405
    assert rows("select state from presenter")[0].state == "asked"
    for secret in ("x", "x" * 22, "x" * 400, str(booked.id)):
        assert stranger.get(f"/presenting/{secret}").status_code == 404
        assert stranger.post(f"/presenting/{secret}/yes").status_code == 404


def test_what_they_read_names_nobody_in_the_group_and_no_number(world, address, stranger, rows):
    page = main_of(stranger.get(address))
    members = rows(
        "select c.first_name, c.last_name, c.known_as from parent_contact c join enrolment e"
        " on e.school_id = c.school_id and e.parent_id = c.parent_id where e.cohort_id = :id",
        id=world.school.ids["cohort_id"],
    )
    assert members
    for name in {part for row in members for part in row if part}:
        assert name not in page


def test_an_answer_counts_for_the_day_that_was_on_the_page(address, stranger, rows, meeting):
    shown = find_in(rf'(?s){address}/yes.*?name="as_shown" value="([^"]*)"', stranger.get(address).text)[1]
    rows("update cohort_session set on_date = on_date + 1 where id = :id", id=meeting.id)

    page = stranger.post(f"{address}/yes", data={"as_shown": shown}, follow_redirects=True)

    assert "nothing was kept" in page.text
    assert rows("select state from presenter")[0].state == "asked"


def test_who_leads_the_group_books_too_and_takes_it_back(client_for, world, book, rows, told):
    leader = client_for(world.school.facilitator)
    assert "is asked by email" in book(world.school.facilitator).text
    (one,) = rows("select * from presenter")

    page = leader.post(f"/group/presenters/{one.id}/take-back", follow_redirects=True)
    assert "It is taken back" in page.text
    assert BOOKED["name"] not in main_of(page)
    assert told() == ["presenter_asked", "presenter_taken_back"]
    page = leader.post(f"/group/presenters/{one.id}/take-back", follow_redirects=True)
    assert "taken back before" in page.text
    assert len(told()) == 2


def test_a_link_of_what_was_taken_back_says_so_and_takes_no_answer(
    client_for, world, booked, address, stranger
):
    client_for(world.school.lead).post(f"/school/presenters/{booked.id}/take-back")
    assert "off its plan" in main_of(stranger.get(address))
    assert "nothing was kept" in stranger.post(f"{address}/yes", follow_redirects=True).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter the name of the presenter"),
        ({"email": "nobody"}, "email"),
        ({"topic": "x" * 121}, "120"),
        ({"session": "none"}, "Choose one of the answers shown"),
        ({"begins": "25:99"}, "Enter"),
        ({"topic": "Sleep. See http://evil.example"}, "Take out the link or address"),
        ({"topic": "Sleep, call 07700 900123"}, "Take out the phone number"),
        ({"organisation": "evil.com"}, "Take out the link or address"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_bad_input_is_said_and_kept(book, rows, typed, words):
    page = book(**typed)
    assert words in page.text
    assert BOOKED["door"] in page.text
    assert rows("select 1 from presenter") == []


def test_times_lie_within_the_session(book, meeting, rows):
    assert "begins later" in book(**hours(meeting, -10, 20)).text
    assert "ends before that" in book(**hours(meeting, 60, 95)).text
    assert "later than the beginning" in book(**hours(meeting, 40, 40)).text
    assert rows("select 1 from presenter") == []


def test_the_same_person_is_booked_once_and_two_are_enough(book, rows, meeting):
    book()
    assert "booked for that session already" in book().text
    assert "is asked by email" in book(email="other@sleep.example", **hours(meeting, 40, 60)).text
    assert "2 presenters are booked already" in book(email="third@sleep.example").text
    assert len(rows("select 1 from presenter")) == 2


@pytest.mark.parametrize("minutes", [(0, 11), (20, 30), (39, 60), (10, 40)], ids=str)
def test_two_never_talk_at_the_same_time(book, rows, meeting, minutes):
    book()
    page = book(email="other@sleep.example", **hours(meeting, *minutes))
    assert f"{BOOKED['name']} talks from" in page.text
    assert "Choose a time before or after that" in page.text
    assert len(rows("select 1 from presenter")) == 1


def test_somebody_booked_before_is_taken_over(client_for, world, booked):
    address = f"/school/groups/{world.school.ids['cohort_id']}/presenters/book"
    lead = client_for(world.school.lead)
    assert f"earlier={booked.id}" in lead.get(address).text
    assert BOOKED["email"] in lead.get(f"{address}?earlier={booked.id}").text
    assert BOOKED["email"] not in lead.get(f"{address}?earlier={new_id()}").text
    assert lead.get(f"{address}?earlier=no").status_code == 200


def test_other_schools_and_parents_read_no_contact(world, booked, look):
    assert look(world.school.lead, "select email from presenter")
    assert look(world.school.facilitator, "select email from presenter")
    for person in (world.sibling_school.lead, world.other_school.lead):
        assert look(person, "select email from presenter") == []
    assert look(world.school.parent, "select * from app.my_presenters()") == []


@pytest.fixture
def online(world, rows, meeting):
    rows("update cohort_session set format = 'online', room = 'online' where id = :id", id=meeting.id)
    rows(
        "insert into cohort_join_link (school_id, cohort_id, link) values (:school, :cohort, 'https://meet.example/7')",
        school=world.school.school_id,
        cohort=world.school.ids["cohort_id"],
    )


def test_online_the_link_is_there_from_two_hours_before_until_the_end_of_their_own_session(
    address, stranger, meeting, clock, online, client_for, world
):
    begins: datetime = begins_at(meeting)
    clock.set(begins - timedelta(hours=1))
    assert "meet.example" not in stranger.get(address).text
    press(stranger, address, "yes")
    assert "https://meet.example/7" in stranger.get(address).text
    clock.set(begins - timedelta(hours=2, minutes=1))
    page = main_of(stranger.get(address))
    assert "meet.example" not in page
    assert "The link will be here from two hours before" in page
    # The link is the same each week, and theirs is one session.
    for after_it in (timedelta(hours=2), timedelta(days=7, minutes=-30)):
        clock.set(begins + after_it)
        assert "meet.example" not in stranger.get(address).text
    words = main_of(
        client_for(world.school.lead).get(f"/school/groups/{world.school.ids['cohort_id']}/join-link")
    )
    assert "An outside presenter who said yes" in words
    assert "make a new link" in words


def test_nobody_is_sent_to_the_school_for_a_session_online(
    world, address, stranger, online, client_for, booked
):
    page = main_of(stranger.get(address))
    assert "Online. You need not come to the school." in page
    for words in (BOOKED["door"], "Ask for", world.school.name + ","):
        assert words not in page, words
    tonight = main_of(
        client_for(world.school.facilitator).get(f"/group/sessions/{booked.session_id}/tonight")
    )
    assert BOOKED["name"] in tonight
    assert BOOKED["door"] not in tonight


def test_their_page_is_not_the_parents_own(address, stranger):
    page = stranger.get(address).text
    assert "Samaritans" not in page
    assert "Exit this page" not in page
    assert 'content="noindex"' in page


def test_staff_read_that_an_email_to_a_presenter_did_not_arrive(client_for, world, booked, rows):
    lead = client_for(world.school.lead)
    listed = f"/school/groups/{booked.cohort_id}/presenters"
    assert "did not arrive" not in main_of(lead.get(listed))
    rows("update outbox set state = 'failed', problem = 'not_delivered' where recipient_kind = 'presenter'")

    assert "book them again with the right one" in main_of(lead.get(listed))
    assert f"No email reaches {BOOKED['name']}" in main_of(lead.get("/school"))
    failed = main_of(lead.get("/messages"))
    assert "Take the booking back and book them with the right one" in failed
    assert "send a letter" not in failed


def shown(client, address):
    return main_of(client.get(address))


def test_cancelling_a_session_names_who_comes_from_outside(client_for, world, booked, rows):
    lead = client_for(world.school.lead)
    address = f"/school/groups/sessions/{booked.session_id}/cancel"
    words = f"{BOOKED['name']}, from outside, is told by email"
    assert words in shown(lead, address)
    answer = lead.post(address, data={"reason": "Snow"}, follow_redirects=True)
    assert words in main_of(answer)

    listed = shown(lead, f"/school/groups/{booked.cohort_id}/presenters")
    assert "Session cancelled" in listed
    assert "within the hour, or after 8am if it is night" in listed
    assert "Has not answered" not in listed


def test_another_place_names_who_comes_from_outside(client_for, world, booked):
    lead = client_for(world.school.lead)
    address = f"/school/groups/sessions/{booked.session_id}/where"
    words = f"{BOOKED['name']}, from outside, is told of the other place"
    assert words in shown(lead, address)
    sent = {"format": "room", "room": "Small hall", "reason": ""}
    assert words in main_of(lead.post(address, data=sent, follow_redirects=True))


def test_moving_a_session_names_who_is_asked_again(client_for, world, booked, rows):
    rows("update presenter set state = 'yes', answered_at = app.now()")
    lead = client_for(world.school.lead)
    words = f"{BOOKED['name']}, from outside, is asked again by email"
    page = main_of(lead.get(f"/school/groups/sessions/{booked.session_id}/move?fix"))
    assert words in page
    rows("update cohort_session set on_date = on_date + 1 where id = :id", id=booked.session_id)
    listed = shown(lead, f"/school/groups/{booked.cohort_id}/presenters")
    assert "Asked again" in listed
    assert "another than they answered to" in listed


def test_a_no_to_one_day_is_no_answer_to_another(client_for, world, booked, rows):
    rows("update presenter set state = 'no', answered_at = app.now()")
    rows("update cohort_session set on_date = on_date + 1 where id = :id", id=booked.session_id)
    listed = shown(client_for(world.school.lead), f"/school/groups/{booked.cohort_id}/presenters")
    assert "Asked again" in listed
    assert "Cannot come" not in listed


def test_nobody_comes_to_a_group_that_ended(client_for, world, booked, rows):
    rows("update presenter set state = 'yes', answered_at = app.now()")
    rows("update cohort set state = 'cancelled' where id = :id", id=booked.cohort_id)
    listed = shown(client_for(world.school.lead), f"/school/groups/{booked.cohort_id}/presenters")
    assert "Session cancelled" in listed
    assert ">Comes<" not in listed
