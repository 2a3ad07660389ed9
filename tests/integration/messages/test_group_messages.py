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
    assert "Your certificate is here" in body
