"""Parents answer at their own pace, once, and nobody else ever sees it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.measures.instruments import PROGRAMME_QUESTIONS

TOTAL = len(PROGRAMME_QUESTIONS.items)


@pytest.fixture
def as_person(connection):
    """Rows as one person of the world sees them, on the test's own connection."""

    def run(person, statement, **values):
        with connection.begin_nested():
            for name, value in person.scope.as_parameters().items():
                key = name if name == "role" else f"app.{name}"
                connection.execute(
                    text("select set_config(:key, :value, true)"), {"key": key, "value": value}
                )
            return connection.execute(text(statement), values)

    return run


@pytest.fixture
def move_sessions(as_person, world):
    """Moves the running group's sessions by whole weeks."""

    def move(weeks):
        as_person(
            world.school.facilitator,
            "update cohort_session set on_date = on_date + cast(:days as integer) where cohort_id = :cohort",
            days=7 * weeks,
            cohort=world.school.ids["cohort_id"],
        )

    return move


@pytest.fixture
def set_of(as_person):
    def find(person, occasion="before"):
        rows = as_person(person, "select * from answer_set where occasion = :o order by id", o=occasion).all()
        assert len(rows) <= 1
        return rows[0] if rows else None

    return find


def press(client, number, occasion="before", **values):
    return client.post(f"/my/answers/{occasion}/{number}", data=values)


def answer_all(client, occasion="before", value=5):
    for number in range(1, TOTAL + 1):
        assert press(client, number, occasion, answer=str(value)).status_code == 303


def test_each_press_is_kept_and_what_is_left_out_is_not_what_is_still_to_come(
    client_for, world, move_sessions, set_of
):
    move_sessions(2)
    parent = world.school.parent
    client = client_for(parent)
    assert "question 1 of 12" in client.get("/my/answers/before/1").get_data(as_text=True)
    assert press(client, 1, answer="7").headers["Location"].endswith("/my/answers/before/2")
    press(client, 2, answer="not-said")
    press(client, 3, press="skip")
    found = set_of(parent)
    assert (found.items, found.submitted_at) == ([7, None, None], None)
    assert "3 of 12 are done" in client.get("/my/answers").get_data(as_text=True)
    # Nobody is led past questions that were not asked yet.
    assert client.get("/my/answers/before/9").headers["Location"].endswith("/before/4")
    assert press(client, 9, answer="3").headers["Location"].endswith("/before/4")
    assert set_of(parent).items == [7, None, None]


def test_without_a_choice_the_page_says_what_to_do_and_keeps_nothing(
    client_for, world, move_sessions, set_of
):
    move_sessions(2)
    client = client_for(world.school.parent)
    page = press(client, 1).get_data(as_text=True)
    assert "Choose an answer, or “Prefer not to say”" in page
    assert "<title>Error:" in page
    assert press(client, 1, answer="11").status_code == 200
    assert set_of(world.school.parent) is None


def test_coming_back_later_keeps_the_answer_that_was_chosen(client_for, world, move_sessions, set_of):
    move_sessions(2)
    client = client_for(world.school.parent)
    assert press(client, 1, press="later").headers["Location"].endswith("/my/answers")
    assert set_of(world.school.parent) is None
    press(client, 1, answer="0", press="later")
    assert set_of(world.school.parent).items == [0]
    press(client, 1, answer="4")
    assert set_of(world.school.parent).items == [4]


def test_answers_are_sent_once_and_make_the_group_due(client_for, world, move_sessions, set_of, as_person):
    move_sessions(2)
    parent = world.school.parent
    client = client_for(parent)
    answer_all(client)
    assert set_of(parent).submitted_at is None
    for _ in range(2):
        assert client.post("/my/answers/before/check").headers["Location"].endswith("/thank-you")
    sent = set_of(parent)
    assert sent.submitted_at is not None
    assert sent.cohort_id == world.school.ids["cohort_id"]
    due = as_person(parent, "select cohort_id from rollup_due").scalars().all()
    assert due == [world.school.ids["cohort_id"]]
    # What was sent stays as it was.
    assert press(client, 1, answer="9").headers["Location"].endswith("/given")
    assert set_of(parent).items == [5] * TOTAL


def test_nothing_is_sent_before_every_question_was_asked(client_for, world, move_sessions, set_of):
    move_sessions(2)
    client = client_for(world.school.parent)
    press(client, 1, answer="5")
    assert client.post("/my/answers/before/check").status_code == 303
    assert set_of(world.school.parent).submitted_at is None


def test_before_ends_with_the_third_session_and_after_begins_with_the_eighth(
    client_for, world, move_sessions, set_of
):
    client = client_for(world.school.parent)
    # The third session was last week.
    assert press(client, 1, answer="5").headers["Location"].endswith("/my/answers/before")
    assert press(client, 1, "after", answer="5").headers["Location"].endswith("/my/answers/after")
    assert "The time for these questions is over" in client.get("/my/answers/before").get_data(as_text=True)
    assert set_of(world.school.parent) is None
    move_sessions(-4)
    assert press(client, 1, "after", answer="5").headers["Location"].endswith("/after/2")
    assert set_of(world.school.parent, "after").items == [5]


def test_the_change_is_shown_when_both_were_sent_area_by_area(client_for, world, move_sessions):
    move_sessions(2)
    client = client_for(world.school.parent)
    assert "Nothing here yet" in client.get("/my/answers/change").get_data(as_text=True)
    answer_all(client)
    client.post("/my/answers/before/check")
    assert "Nothing here yet" in client.get("/my/answers/change").get_data(as_text=True)
    move_sessions(-6)
    # Confidence up, understanding the same, not alone with one left out, school down.
    for number, answer in enumerate(
        ["8", "8", "5", "5", "not-said", "5", "2", "2", "2", "5", "5", "5"], start=1
    ):
        press(client, number, "after", answer=answer)
    client.post("/my/answers/after/check")
    page = client.get("/my/answers/change").get_data(as_text=True)
    assert "5 at the start, 8 now" in page
    assert "5 at the start, 2 now" in page
    assert page.count("You did nothing wrong") == 1
    assert page.count("You left out a question here") == 1
    assert page.count("Your numbers are about the same") == 2
    assert "<svg" in page


def test_a_parent_sees_only_their_own_answers(client_for, world, move_sessions, set_of):
    move_sessions(2)
    press(client_for(world.school.parent), 1, answer="9")
    other = client_for(world.school.other_parent)
    assert set_of(world.school.other_parent) is None
    assert "checked" not in other.get("/my/answers/before/1").get_data(as_text=True)
    press(other, 1, answer="2")
    assert set_of(world.school.parent).items == [9]
    assert set_of(world.school.other_parent).items == [2]


@pytest.mark.parametrize("who", ["lead", "senco", "dsl", "facilitator"])
def test_the_school_and_its_facilitators_cannot_read_answers_at_all(as_person, world, who):
    with pytest.raises(Exception, match="permission denied"):
        as_person(world.school.people[who], "select * from answer_set")


def test_the_questions_are_on_the_parents_home_while_they_are_open(app, session_for, world, move_sessions):
    from app.identity.websession import Identity
    from app.measures.today import for_parent

    parent = world.school.parent
    identity = Identity(
        parent.account_id, parent.membership_id, parent.person_id, parent.role, parent.name, None,
        parent.authority_id, "", parent.school_id, "", 0, False,
    )  # fmt: skip
    move_sessions(2)
    items = for_parent(session_for(parent), identity)
    assert [item.href for item in items] == ["/my/answers/before"]
