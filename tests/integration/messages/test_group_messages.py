"""Messages of a group are true when they are read: what was closed, who was there, when it meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.clock import now


def test_a_message_about_a_closing_that_was_taken_back_is_not_sent(place, dispatcher):
    session_id = place.world.school.ids["session_id"]
    (first,) = place.enqueue("notes_ready", subject_id=session_id)
    place.sql("update cohort_session set closed_at = clock_timestamp() where id = %s", session_id)
    (again,) = place.enqueue("notes_ready", subject_id=session_id)

    dispatcher.drain()

    place.sql("update cohort_session set closed_at = null where id = %s", session_id)
    assert (place.row(first)["state"], place.row(first)["problem"]) == ("held_back", "plan_changed")
    assert place.row(again)["state"] == "sent"


def test_a_message_waits_for_its_moment_and_its_usefulness_counts_from_there(place):
    later = now() + timedelta(days=2)
    (waiting,) = place.enqueue("joined", not_before=later)

    row = place.row(waiting)
    assert row["next_at"] == later
    assert row["not_after"] > later


@pytest.mark.parametrize(("mark", "is_thanked"), [("left_early", True), ("apology", False)])
def test_at_the_end_only_who_was_there_is_thanked_for_coming(place, dispatcher, mailbox, mark, is_thanked):
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql("update attendance set mark = %s where parent_id = %s", mark, place.parent_id)
    (message_id,) = place.enqueue("graduation", subject_id=cohort_id)

    dispatcher.drain()

    place.sql("update attendance set mark = 'present' where parent_id = %s", place.parent_id)
    body = mailbox.of(message_id)[0]["body"]
    assert ("Well done" in body) is is_thanked
    assert "Your certificate will be on your page" in body


PLACES = {
    "before it begins": ("on_date + 60", ["Your first day is", "Sessions to come: 8."], ["already"]),
    "while it meets": ("on_date + 1", ["Your first day is", "has met 3 times already", "to come: 5."], []),
    "when it is over": ("on_date - 400", ["See all dates"], ["Your first day", "Sessions to come"]),
}


@pytest.mark.parametrize("when", PLACES)
def test_a_place_is_told_as_the_group_stands_now(place, dispatcher, mailbox, when):
    """Whoever joins late reads no day that has passed."""
    shifted, there, missing = PLACES[when]
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql(
        "create table as_it_was as select id, on_date, state from cohort_session where cohort_id = %s",
        cohort_id,
    )
    state = "state" if when == "while it meets" else "'planned'"
    place.sql(
        f"update cohort_session set on_date = {shifted}, state = {state} where cohort_id = %s", cohort_id
    )
    (message_id,) = place.enqueue("place_offered", subject_id=cohort_id)

    dispatcher.drain()

    place.sql(
        "update cohort_session s set on_date = w.on_date, state = w.state from as_it_was w where w.id = s.id"
    )
    place.sql("drop table as_it_was")
    body = mailbox.of(message_id)[0]["body"]
    assert [words for words in there if words not in body] == []
    assert [words for words in missing if words in body] == []
