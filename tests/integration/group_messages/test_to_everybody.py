"""A short message to everybody in a group: who writes it, whom it reaches, what it may hold, and what stays of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.messages.problems import Problem
from infra.clock import now
from tests.integration.group_messages.writing import WORDS, mark_of, rows, send

# ---- seeing before sending


def test_before_it_goes_they_see_each_channel_in_the_words_that_go(
    by_day, others, client_for, world, led, becomes
):
    leader = client_for(world.school.facilitator)

    page = leader.post(led, data={"words": WORDS})

    # Given what was shown, when it is sent, then a phone and a mailbox get just that.
    assert "Nothing has been sent yet" in page.text
    shown = page.text.replace("&#39;", "'")
    send(leader, led)
    goes = becomes(others["Ayesha"])
    assert WORDS in goes["sms"]
    assert goes["sms"].split(" Not you?")[0].split(" Reply STOP")[0] in shown
    assert f"“{WORDS}”" in goes["email"]
    assert f"“{WORDS}”" in shown


def test_staff_read_who_has_no_address_and_who_leads_only_how_many(
    by_day, others, client_for, world, led, of_school
):
    staff = client_for(world.school.lead).post(of_school, data={"words": WORDS}).text
    leader = client_for(world.school.facilitator).post(led, data={"words": WORDS}).text

    assert "No message reaches" in staff
    assert "Dilys Wrenfield" in staff
    main = leader.split("<main")[1]
    assert "Dilys" not in main
    assert "get no message" in main or "gets no message" in main


def test_both_count_the_same_people_by_text_and_by_email(
    by_day, others, client_for, world, led, of_school, as_owner
):
    as_owner(
        "update parent_contact set texts_stopped_at = app.now() where parent_id = :id", id=others["Bukola"]
    )
    staff = client_for(world.school.lead).get(of_school).text
    leader = client_for(world.school.facilitator).get(led).text

    def counts(page):
        card = page.split("Whom it reaches")[1].split("</section>")[0]
        return [line.split("</li>")[0] for line in card.split("<li>")[1:3]]

    assert counts(staff) == counts(leader)


# ---- whom it reaches


def test_each_gets_it_as_they_chose_and_nobody_else(by_day, others, client_for, world, led, becomes):
    said = send(client_for(world.school.facilitator), led)

    assert "on its way to everybody in the group" in said.text
    assert set(becomes(others["Ayesha"])) == {"sms", "email"}
    # No address, so nothing is written there; else what they agreed to decides.
    assert set(becomes(others["Bukola"])) == {"sms"}
    assert WORDS in becomes(others["Bukola"])["sms"]
    assert becomes(others["Dilys"]) == {"sms": Problem.NO_CONSENT, "email": Problem.NO_CONSENT}
    assert becomes(world.school.ids["waiting_parent_id"]) == {}


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        (
            "update enrolment set status = 'left', left_at = app.now() where parent_id = :id",
            Problem.NOT_IN_GROUP,
        ),
        ("update parent set stage = 'said_no' where id = :id", Problem.SAID_NO),
        (
            "update parent_contact set texts_stopped_at = app.now(), emails_stopped_at = app.now()"
            " where parent_id = :id",
            Problem.STOPPED,
        ),
        ("update cohort set state = 'closed' where id = :cohort and :id is not null", Problem.PLAN_CHANGED),
        (
            "update cohort set state = 'cancelled' where id = :cohort and :id is not null",
            Problem.PLAN_CHANGED,
        ),
        (
            "update school set stage = 'left' where school_id = :school and :id is not null",
            Problem.SCHOOL_LEFT,
        ),
    ],
)
def test_what_changes_between_the_press_and_the_sending_holds_it_back(
    by_day, others, client_for, world, led, becomes, as_owner, what, problem
):
    send(client_for(world.school.facilitator), led)
    ids = {"cohort": world.school.ids["cohort_id"], "school": world.school.school_id}

    as_owner(
        what.replace(":id is", "cast(:id as uuid) is"),
        id=others["Ayesha"],
        **{name: value for name, value in ids.items() if f":{name}" in what},
    )

    assert set(becomes(others["Ayesha"]).values()) == {problem}


def test_who_leads_it_too_is_told_and_the_writer_is_not(
    by_day, others, client_for, world, of_school, led, becomes
):
    leader = world.school.facilitator
    send(client_for(leader), led)
    assert becomes(leader.person_id, "group_message_led") == {}

    send(client_for(world.school.lead), of_school, "Please come in by the back gate.")
    assert any("back gate" in str(words) for words in becomes(leader.person_id, "group_message_led").values())


# ---- by night


def test_by_night_it_waits_for_the_morning_and_is_taken_back(
    at, others, client_for, world, led, becomes, look
):
    at(21, 30)
    leader = client_for(world.school.facilitator)
    assert "It goes at" in leader.post(led, data={"words": WORDS}).text
    assert "Until then you can take it back" in send(leader, led).text
    (row,) = rows(look, world)
    assert row.goes_at > now() + timedelta(hours=10)
    assert WORDS not in client_for(world.school.parent).get("/my/group/messages").text

    page = leader.post(f"/group/messages/{row.id}/stop", follow_redirects=True)

    assert "goes to nobody" in page.text
    assert "Taken back by" in page.text
    at(8, 1, days=1)
    assert set(becomes(others["Ayesha"]).values()) == {Problem.TAKEN_BACK}
    assert WORDS not in client_for(world.school.parent).get("/my/group/messages").text
    # Twice is once, and it counts for no day.
    leader = client_for(world.school.facilitator)
    again = leader.post(f"/group/messages/{row.id}/stop", follow_redirects=True)
    assert "taken back before" in again.text
    assert "3 messages to this group are left" in again.text


def test_what_went_is_not_taken_back(at, others, client_for, world, led, look):
    at(21, 30)
    leader = client_for(world.school.facilitator)
    send(leader, led)
    (row,) = rows(look, world)
    at(8, 0, days=1)

    leader = client_for(world.school.facilitator)
    page = leader.post(f"/group/messages/{row.id}/stop", follow_redirects=True)

    assert "What went out cannot be taken back" in page.text
    assert rows(look, world)[0].stopped_at is None
    assert WORDS in client_for(world.school.parent).get("/my/group/messages").text


def test_who_leads_takes_back_their_own_and_the_school_takes_back_any(
    at, others, client_for, world, led, of_school, look
):
    at(21, 30)
    send(client_for(world.school.lead), of_school)
    send(client_for(world.school.facilitator), led, "Please bring a cup.")
    schools_own, leaders_own = rows(look, world)

    page = client_for(world.school.facilitator).post(
        f"/group/messages/{schools_own.id}/stop", follow_redirects=True
    )
    assert "Only who wrote it" in page.text
    page = client_for(world.school.senco).post(
        f"/school/group-messages/{leaders_own.id}/stop", follow_redirects=True
    )
    assert "goes to nobody" in page.text


# ---- once, and not too often


def test_two_presses_are_one_message(by_day, others, client_for, world, led, look):
    leader = client_for(world.school.facilitator)
    page = leader.post(led, data={"words": WORDS})
    sent = {"step": "send", "words": WORDS, "as_shown": mark_of(page)}

    leader.post(led, data=sent)
    again = leader.post(led, data=sent, follow_redirects=True)

    assert "Nothing was sent twice" in again.text
    assert len(rows(look, world)) == 1


def test_two_who_write_at_once_read_each_other_first(by_day, others, client_for, world, led, of_school, look):
    leader, staff = client_for(world.school.facilitator), client_for(world.school.lead)
    first, second = leader.post(led, data={"words": WORDS}), "We meet in the hall tonight."
    send(staff, of_school, second)

    page = leader.post(led, data={"step": "send", "words": WORDS, "as_shown": mark_of(first)})

    assert "Somebody has written to the group meanwhile" in page.text
    assert second in page.text
    assert f">{WORDS}</textarea>" in page.text
    assert len(rows(look, world)) == 1


def test_three_a_day_and_the_page_says_how_many_are_left(by_day, at, others, client_for, world, led, look):
    leader = client_for(world.school.facilitator)
    for number, left in ((1, "2 messages to this group are left"), (2, "One message to this group is left")):
        send(leader, led, f"Please bring {number} cups.")
        assert left in leader.get(led).text
    send(leader, led, "Please bring a cake.")

    page = leader.post(led, data={"words": "And a spoon."})
    assert "three messages for that day already" in page.text
    assert "And a spoon." in page.text
    assert len(rows(look, world)) == 3
    # What is written by night counts for the day on which it arrives.
    at(21, 30)
    leader = client_for(world.school.facilitator)
    send(leader, led, "And a spoon.")
    assert "2 messages to this group are left for that day" in leader.get(led).text
    (*_of_today, last) = rows(look, world)
    leader.post(f"/group/messages/{last.id}/stop")
    at(14, days=1)
    leader = client_for(world.school.facilitator)
    assert "3 messages to this group are left" in leader.get(led).text


# ---- who may, and when


def test_a_group_of_two_is_called_and_not_written_to(by_day, client_for, world, led, look, as_owner):
    page = client_for(world.school.facilitator).post(led, data={"words": WORDS})

    assert "Call them" in page.text
    assert WORDS in page.text
    assert rows(look, world) == []


def test_three_are_counted_by_whom_it_reaches(
    by_day, others, client_for, world, led, of_school, look, as_owner
):
    # Given a group of more than three, of whom fewer are reached since the page was made,
    leader, staff = client_for(world.school.facilitator), client_for(world.school.lead)
    page = leader.post(led, data={"words": WORDS})
    for name in ("Ayesha", "Bukola", "Carys"):
        as_owner(
            "update parent_contact set texts_stopped_at = app.now(), emails_stopped_at = app.now()"
            " where parent_id = :id",
            id=others[name],
        )

    # when it is sent, by who leads or by staff, then it goes to nobody.
    sent = {"step": "send", "words": WORDS, "as_shown": mark_of(page)}
    for client, address in ((leader, led), (staff, of_school)):
        assert "reaches fewer than three people" in client.post(address, data=sent).text
        assert "reaches fewer than three people" in client.get(address).text
    assert rows(look, world) == []


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_a_group_that_ends_between_the_page_and_the_press_gets_nothing(
    by_day, others, client_for, world, led, look, as_owner, state
):
    leader = client_for(world.school.facilitator)
    page = leader.post(led, data={"words": WORDS})
    as_owner("update cohort set state = :state where id = :id", state=state, id=world.school.ids["cohort_id"])

    answer = leader.post(led, data={"step": "send", "words": WORDS, "as_shown": mark_of(page)})

    assert "This group is over" in answer.text
    assert rows(look, world) == []


def test_who_stopped_leading_neither_sends_nor_reads(by_day, others, client_for, world, led, look, as_owner):
    leader = client_for(world.school.facilitator)
    send(leader, led)
    as_owner(
        "delete from cohort_facilitator where cohort_id = :cohort and facilitator_id = :id",
        cohort=world.school.ids["cohort_id"],
        id=world.school.facilitator.person_id,
    )

    assert leader.get(led).status_code == 404
    assert leader.post(led, data={"words": WORDS}).status_code == 404
    assert look(world.school.facilitator, "select 1 from group_message") == []


def test_members_read_it_also_who_came_later_and_who_left_does_not(
    by_day, others, client_for, world, led, as_owner, look
):
    send(client_for(world.school.facilitator), led)
    parent = world.school.parent
    page = client_for(parent).get("/my/group/messages")
    assert WORDS in page.text
    assert "A message to your group" in client_for(parent).get("/my").text

    as_owner("update enrolment set joined_at = app.now() where parent_id = :id", id=parent.person_id)
    assert WORDS in client_for(parent).get("/my/group/messages").text
    as_owner(
        "update enrolment set status = 'left', left_at = app.now() where parent_id = :id", id=parent.person_id
    )
    assert WORDS not in client_for(parent).get("/my/group/messages").text
    assert look(parent, "select 1 from group_message") == []


def test_nobody_else_learns_of_it(by_day, others, client_for, world, led, of_school, look):
    send(client_for(world.school.facilitator), led)
    (row,) = rows(look, world)
    asked = "select 1 from group_message"

    for person in (world.sibling_school.lead, world.sibling_school.facilitator, world.other_school.parent):
        assert look(person, asked) == []
    for person in (world.authority.admin, world.authority.officer):
        with pytest.raises(Exception, match="permission denied"):
            look(person, asked)
    other = client_for(world.sibling_school.lead)
    assert other.get(of_school).status_code == 404
    assert other.post(f"/school/group-messages/{row.id}/stop").status_code == 404
    assert client_for(world.sibling_school.facilitator).get(led).status_code == 404
    assert client_for(world.authority.admin).get(of_school).status_code in (403, 404)
    reach = "select people from app.group_reach(:cohort)"
    assert look(world.sibling_school.facilitator, reach, cohort=world.school.ids["cohort_id"])[0].people == 0


def test_who_wrote_it_finds_it_among_what_is_kept_of_them(by_day, others, client_for, world, led, look):
    send(client_for(world.school.facilitator), led)

    kept = "select words from group_message where facilitator_id = :id"
    assert [
        row.words for row in look(world.school.facilitator, kept, id=world.school.facilitator.person_id)
    ] == [WORDS]
