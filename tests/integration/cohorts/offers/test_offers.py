"""A place is offered and kept until a day: taken, declined, taken back, given back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from app.shell.dates import in_words
from infra.clock import today
from infra.ids import new_id
from tests.integration.cohorts.offers.rows import stage, states
from tests.support.pressing import press


def test_a_parent_takes_the_place_that_is_kept_for_them(own, school, group, offer):
    # given somebody who waits; nothing of the group is theirs to see
    parent = own.client(school.parent)
    assert "Tuesday group" not in parent.get("/my").text
    # when staff offer them a place
    page = offer()
    assert "One place is offered and kept." in page.text
    assert "Kept until" in page.text
    # then they are told without a day or a place, and the place is counted as kept
    told = own.rows(
        "select kind, step from outbox where recipient_id = %s and state = 'queued'", school.parent.person_id
    )
    assert {row["kind"] for row in told} == {"place_kept"}
    # and their own page alone says when and where
    home = parent.get("/my").text
    assert "A place in a group is kept for you" in home
    assert "The quiet room" not in home
    page = parent.get("/my/offer")
    assert "6pm to 7:30pm" in page.text
    # when they take it
    done = press(parent, page, "/my/offer/take")
    # then it is theirs, once
    assert "The place is yours." in done.text
    assert stage(own, school.parent.person_id) == "in_group"
    assert states(own) == ["taken"]
    again = press(parent, page, "/my/offer/take")
    assert "nothing was done" in again.text
    assert "You have a place in a group already." in parent.get("/my/offer").text
    # and nobody is asked to tell them what they read
    own.rows("update consent set given = false where parent_id = %s", school.parent.person_id)
    assert "No email and no text about Tuesday group" not in own.client(school.senco).get("/school").text
    assert "Places taken: 1 of 2" in own.client(school.senco).get(group).text


def test_a_no_thank_you_leaves_them_waiting_and_staff_read_it(own, school, offer, group):
    offer()
    parent = own.client(school.parent)

    done = press(parent, parent.get("/my/offer"), "/my/offer/no")

    assert "You stay on the list for another group." in done.text
    assert stage(own, school.parent.person_id) == "waiting"
    assert "said no thank you to Tuesday group" in own.client(school.senco).get("/school").text
    # and the way back: they are offered one again
    assert "One place is offered and kept." in offer().text
    assert states(own) == ["declined", "open"]


def test_a_refused_press_offers_nobody_a_place(own, school, offer, group):
    # given somebody with an offer
    offer()
    # when staff choose somebody else beside them
    both = [str(school.ids["waiting_parent_id"]), str(school.parent.person_id)]
    on = today() + timedelta(days=3)
    data = {"parents": both, "how": "offer", "answer_by": [str(on.day), str(on.month), str(on.year)]}
    page = own.client(school.senco).post(f"{group}/places", data=data)
    # then nobody is offered one, and nobody is told
    assert "Fewer places are left" in page.text or "A place is already kept for" in page.text
    assert states(own) == ["open"]
    own.rows("update cohort set places = 8 where id = %s", school.ids["forming_cohort_id"])
    page = own.client(school.senco).post(f"{group}/places", data=data)
    assert "A place is already kept for" in page.text
    assert states(own) == ["open"]
    assert (
        own.value("select count(*) from outbox where recipient_id = %s", school.ids["waiting_parent_id"]) == 0
    )


def test_no_more_places_are_offered_than_there_are(own, school, offer, group):
    own.rows("update cohort set places = 1 where id = %s", school.ids["forming_cohort_id"])
    offer()

    page = offer(school.ids["waiting_parent_id"])

    assert "This place has gone." in page.text or "All places are taken, or kept" in page.text
    given = own.client(school.senco).post(
        f"{group}/places", data={"parents": [str(school.ids["waiting_parent_id"])], "how": "give"}
    )
    assert "This place has gone." in given.text or "All places are taken, or kept" in given.text
    assert states(own) == ["open"]


def test_somebody_has_one_offer_at_a_time_and_a_day_is_asked_for(own, school, offer, group):
    offer()
    assert "A place is already kept for" in offer().text
    assert "Choose a day after today" in offer(answer_by=today()).text
    assert "Choose a day within the next 28 days." in offer(answer_by=today() + timedelta(days=40)).text
    page = own.client(school.senco).post(
        f"{group}/places", data={"parents": [str(school.parent.person_id)], "how": "offer"}
    )
    assert "Enter the day until which you keep the place" in page.text


@pytest.mark.parametrize(
    ("answer", "state", "to_stage"),
    [
        ("taken", "taken", "in_group"),
        ("declined", "declined", "waiting"),
        ("withdrawn", "withdrawn", "waiting"),
    ],
)
def test_staff_note_the_answer_that_they_heard(own, school, offer, group, answer, state, to_stage):
    offer()
    senco = own.client(school.senco)
    theirs = f"{group}/offers/{own.value('select id from place_offer')}"

    assert "A place kept for" in senco.get(theirs).text
    assert senco.post(theirs, data={"to_state": answer}).status_code == 303

    assert states(own) == [state]
    assert stage(own, school.parent.person_id) == to_stage
    # a second answer finds it answered
    assert "already" in senco.post(theirs, data={"to_state": "declined"}).text


def test_two_at_once_take_one_place_and_end_it_once(own, school, offer, group):
    offer()
    senco, parent = own.client(school.senco), own.client(school.parent)
    page, theirs = parent.get("/my/offer"), f"{group}/offers/{own.value('select id from place_offer')}"

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(press, parent, page, "/my/offer/take")
        other = pool.submit(senco.post, theirs, data={"to_state": "withdrawn"})
        one.result(), other.result()

    state = states(own)[0]
    assert (state, stage(own, school.parent.person_id)) in (("taken", "in_group"), ("withdrawn", "waiting"))
    assert own.value(
        "select count(*) from enrolment where cohort_id = %s and status = 'in_group'",
        school.ids["forming_cohort_id"],
    ) == (state == "taken")


@pytest.mark.parametrize("other", ["withdrawn", "taken"])
def test_a_no_at_the_moment_when_staff_answer_for_them_is_no_fault(own, school, offer, group, other):
    offer()
    parent, senco = own.client(school.parent), own.client(school.senco)
    page, theirs = parent.get("/my/offer"), f"{group}/offers/{own.value('select id from place_offer')}"

    with ThreadPoolExecutor(2) as pool:
        no = pool.submit(press, parent, page, "/my/offer/no")
        answer = pool.submit(senco.post, theirs, data={"to_state": other})

    assert (no.result().status_code, answer.result().status_code < 400) == (200, True)
    assert states(own)[0] in ("declined", other)


def test_to_take_and_to_leave_at_once_do_not_wait_for_each_other(own, school, offer):
    """The same order everywhere: the group, the person, the offer."""
    offer()
    parent = own.client(school.parent)
    page = parent.get("/my/offer")
    with ThreadPoolExecutor(2) as pool:
        took = pool.submit(press, parent, page, "/my/offer/take")
        left = pool.submit(own.client(school.parent).post, "/my/leave")
    assert took.result().status_code == 200
    assert left.result().status_code < 400


def test_a_press_counts_for_those_who_were_named_as_leading(own, school, offer):
    # given a page of an offer that names who leads
    offer()
    parent = own.client(school.parent)
    page = parent.get("/my/offer")
    # when somebody else leads since
    own.rows(
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at) select school_id, %s,"
        " id, app.now()"
        " from facilitator where school_id = %s and id not in (select facilitator_id from cohort_facilitator"
        " where cohort_id = %s) limit 1",
        school.ids["forming_cohort_id"],
        school.school_id,
        school.ids["forming_cohort_id"],
    )
    # then nothing is done, and the page says how it stands
    assert "nothing was done" in press(parent, page, "/my/offer/take").text
    assert states(own) == ["open"]


def test_after_its_day_the_page_says_that_it_is_free_still(own, school, offer):
    offer()
    own.rows("update place_offer set answer_by = %s", today() - timedelta(days=1))
    assert "It is still free: you can take it now." in own.client(school.parent).get("/my/offer").text


def test_who_leaves_the_list_has_no_offer_any_more(own, school, offer):
    offer()
    own.client(school.parent).post("/my/leave")
    assert states(own) == ["withdrawn"]


@pytest.mark.parametrize("went", [True, False])
def test_a_group_that_ends_takes_its_offers_back_and_says_so_to_whom_it_was_offered(
    own, school, offer, group, went
):
    """Given an offer, when the group ends, then whoever was written to hears it, and nobody else."""
    offer()
    if went:
        own.rows("update outbox set state = 'sent' where kind = 'place_kept' returning id")
    own.client(school.senco).post(f"{group}/end-early", data={"reason": "No room", "what": "back"})
    assert states(own) == ["withdrawn"]
    kinds = own.rows(
        "select distinct kind from outbox where recipient_id = %s and state = 'queued'",
        school.parent.person_id,
    )
    assert ("offer_ended" in [row["kind"] for row in kinds]) is went


def test_a_parent_gives_their_place_back_before_the_group_begins(own, school, offer, group):
    # given a place
    offer()
    parent = own.client(school.parent)
    press(parent, parent.get("/my/offer"), "/my/offer/take")
    assert "Give my place back" in parent.get("/my/group").text
    # when they give it back
    page = parent.get("/my/place/give-back")
    done = parent.post("/my/place/give-back", data={"as_shown": ""}, follow_redirects=True)
    # then they wait, the place is free, and staff read who did it
    assert "Do you want to give your place back?" in page.text
    assert "You stay on the list for another group." in done.text
    assert stage(own, school.parent.person_id) == "waiting"
    senco = own.client(school.senco)
    assert "Places taken: 0 of 2" in senco.get(group).text
    assert "gave up their place" in senco.get(group).text
    # nobody is asked to tell them what they did, also where no message reaches them; the home says what is free
    own.rows("update consent set given = false where parent_id = %s", school.parent.person_id)
    home = senco.get("/school").text
    assert "No email and no text about Tuesday group" not in home
    assert "gave back their place in Tuesday group" in home
    # until it is free no more
    own.rows("update cohort set places = 1 where id = %s", school.ids["forming_cohort_id"])
    offer(school.ids["waiting_parent_id"])
    assert "gave back their place" not in senco.get("/school").text
    # and a second press says so
    assert "nothing to give back" in parent.post("/my/place/give-back", follow_redirects=True).text


def test_once_it_has_begun_a_place_is_not_given_back(own, school, world):
    other = own.client(world.school.people["other_parent"])
    assert "Your group has begun." in other.get("/my/place/give-back").text
    assert "Give my place back" not in other.get("/my/group").text


def test_staff_change_whether_a_group_offers_on(own, school, group):
    senco = own.client(school.senco)
    data = {"name": "Tuesday group", "room": "Library", "places": "8", "offers_on": "y"}
    assert "Saved." in senco.post(f"{group}/change", data=data, follow_redirects=True).text
    assert own.value("select offers_on from cohort where id = %s", school.ids["forming_cohort_id"]) is True


def test_whom_no_message_reaches_stands_on_the_home_to_be_told(own, school, offer):
    own.rows("update consent set given = false where parent_id = %s", school.parent.person_id)
    offer()
    assert "that a place is kept for them" in own.client(school.senco).get("/school").text


@pytest.fixture
def shut_first_day(own, school) -> date:
    """The school enters the group's first day as shut, after the dates were made."""
    first: date = own.value(
        "select min(on_date) from cohort_session where cohort_id = %s", school.ids["forming_cohort_id"]
    )
    own.rows(
        "insert into school_closed_day (school_id, id, on_date, reason) values (%s, %s, %s, 'INSET')",
        school.school_id,
        new_id(),
        first,
    )
    return first


def test_what_is_offered_begins_on_no_day_that_is_shut(own, school, offer, shut_first_day):
    offer()

    page = own.client(school.parent).get("/my/offer").text

    assert f"The school is shut on {in_words(shut_first_day)}" in page
    assert re.search(
        r"First day for you</dt>\s*<dd[^>]*>\s*" + in_words(shut_first_day + timedelta(weeks=1)), page
    )
