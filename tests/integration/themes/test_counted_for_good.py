"""What was counted of a theme stays so, whoever leaves; and what can be said no more is not asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.themes.saying import WORDS, say, state_of
from tests.support.borrowed import as_login

_LEAVES = text(
    "update enrolment set status = 'left', left_at = now() where parent_id = any(array(select parent_id from"
    " theme_voice where theme_id = :id and (enough = :enough or :enough = '') limit 1))"
)


@pytest.fixture
def leaves(connection):
    """Somebody who said something of a theme gives their place back, or is taken out."""

    def leave(theme_id, enough=""):
        with as_login(connection, "wb_owner"):
            assert connection.execute(_LEAVES, {"id": theme_id, "enough": enough}).rowcount == 1

    return leave


def test_ratings_do_not_move_when_somebody_leaves(replied, others_say, client_for, world, clock, leaves):
    """Given ratings that staff read, when one of the parents leaves, then nobody learns what they had said."""
    sent = {f"{replied.hex}-rate-enough": "partly"}
    client_for(world.school.parent).post(f"/my/themes/{replied}/rate", data=sent)
    others_say(replied, yes=5, enough="no")
    clock.move(timedelta(days=15))
    lead = client_for(world.school.lead)
    assert "Yes: 0. Partly: 1. No: 5." in lead.get("/school/themes").text

    leaves(replied, "no")
    assert "Yes: 0. Partly: 1. No: 5." in lead.get("/school/themes").text
    leaves(replied, "partly")
    assert "Yes: 0. Partly: 1. No: 5." in lead.get("/school/themes").text


def test_what_five_released_stays_with_the_council_when_one_of_them_leaves(
    approved, others_say, client_for, world, leaves
):
    others_say(approved, yes=5, to_council=True)
    council = client_for(world.authority.people["authority_admin"])
    assert WORDS in council.get("/authority/themes").text

    leaves(approved)
    assert WORDS in council.get("/authority/themes").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update cohort set state = 'cancelled' where id = :cohort", "Your group is over"),
        (
            "update enrolment set status = 'left' where cohort_id = :cohort and parent_id <> :me",
            "fewer than six parents now",
        ),
    ],
)
def test_a_group_that_cannot_approve_is_not_asked(
    theme_id, client_for, world, connection, look, change, said
):
    """Given a theme before a group that is over or too small since, then no page asks, and a late press is told."""
    parent = client_for(world.school.parent)
    assert "Is this what your group thinks?" in parent.get("/my").text
    with as_login(connection, "wb_owner"):
        values = {"cohort": world.school.ids["cohort_id"], "me": world.school.parent.person_id}
        connection.execute(text(change), values)

    page = parent.get("/my/themes").text
    assert said in page
    assert "Keep my choice" not in page
    assert "Is this what your group thinks?" not in parent.get("/my").text
    assert said in say(parent, theme_id).text
    assert state_of(look, world, theme_id) == "proposed"


def test_who_presses_after_it_was_taken_back_is_told(theme_id, client_for, world, look, connection):
    with as_login(connection, "wb_owner"):
        connection.execute(
            text("update group_theme set state = 'withdrawn' where id = :id"), {"id": theme_id}
        )

    answer = say(client_for(world.school.parent), theme_id)
    assert answer.status_code == 200
    assert "may have taken it back. Nothing was kept." in answer.text


def test_each_reply_is_told(replied, client_for, world, look, others_say):
    """Given two themes, when both get their reply on one day, then the group is told of both."""
    leader = client_for(world.school.facilitator)
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"
    leader.post(address, data={"words": "A quiet place to wait."})
    asked = "select id from group_theme where state = 'proposed'"
    second = look(world.school.facilitator, asked)[0].id
    others_say(second, yes=4)
    say(client_for(world.school.parent), second)
    client_for(world.school.lead).post(f"/school/themes/{second}/reply", data={"reply": "Room 4 is yours."})

    told = look(world.school.lead, "select dedupe_key from outbox where kind = 'school_replied'")
    assert {row.dedupe_key.split(":")[0] for row in told} == {str(replied), str(second)}


@pytest.mark.parametrize("words", [WORDS.upper(), WORDS.replace(" ", "  ").rstrip(".")])
def test_what_the_group_has_said_is_not_put_before_it_again(approved, client_for, world, words):
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"

    page = client_for(world.school.facilitator).post(address, data={"words": words})
    assert "The group has said this already" in page.text
    assert words in page.text.replace("&#x27;", "'")


def test_a_no_that_lets_the_council_read_is_told_what_it_does(theme_id, client_for, world):
    page = say(client_for(world.school.parent), theme_id, ours="no", to_council="y")

    assert "What you say no to you do not let the council read" in page.text
