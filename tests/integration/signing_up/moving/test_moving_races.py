"""Two at the same moment, who go to another school, take it back, or answer it: one comes first, and it is whole."""

from __future__ import annotations

import pytest

from tests.integration.signing_up.conftest import OVERVIEW
from tests.integration.signing_up.moving.conftest import ASK, BACK, NEW
from tests.integration.signing_up.test_races import at_once
from tests.support.own import own_app


@pytest.fixture
def own(stack, world):
    with own_app(stack, "moving") as found:
        yield found


@pytest.fixture
def there(world):
    return world.sibling_school


@pytest.fixture
def at(there) -> str:
    return f"{ASK}?school={there.school_id}"


def count(own, statement, *values) -> int:
    return int(own.value(f"select count(*) from {statement}", *values))


@pytest.fixture
def asked(own, world, at):
    """They have pressed; their browser, and the page on which staff there answer."""
    client = own.client(world.school.parent)
    client.post(at, data={"agrees": "y"})
    return client, f"{OVERVIEW}/{own.value('select id from signup')}"


def test_pressed_in_two_windows_it_is_one(own, world, at):
    parent = world.school.parent
    windows = [own.client(parent), own.client(parent)]
    answers = at_once(*(lambda one=one: one.post(at, data={"agrees": "y"}) for one in windows))

    assert {(one.status_code, one.location) for one in answers} == {(303, NEW)}
    assert count(own, "signup") == count(own, "identity.school_move") == 1
    assert count(own, "parent_event where parent_id = %s and to_stage = 'left'", parent.person_id) == 1


def test_two_of_the_staff_who_take_them_in_make_one_page(own, world, there, asked):
    _client, page = asked
    staff = [own.client(there.senco), own.client(there.lead)]
    answers = at_once(*(lambda one=one: one.post(page, data={"knows": "y"}) for one in staff))

    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.location for one in answers}) == 1
    assert count(own, "identity.membership where account_id = %s and in_school = %s",
                 world.school.parent.account_id, there.school_id) == 1  # fmt: skip


def test_taken_back_while_staff_take_them_in_it_is_one_or_the_other(own, world, there, asked):
    client, page = asked
    senco = own.client(there.senco)
    back, taken = at_once(lambda: client.post(BACK), lambda: senco.post(page, data={"knows": "y"}))

    assert (back.status_code, taken.status_code) == (303, 303)
    pages = count(own, "identity.membership where account_id = %s and in_school = %s",
                  world.school.parent.account_id, there.school_id)  # fmt: skip
    assert (count(own, "signup"), pages, "/school/parents/" in (taken.location or "")) in (
        (1, 1, True),
        (0, 0, False),
    )


def test_while_the_other_school_pauses_it_is_before_or_after(own, world, there, at):
    parent = world.school.parent
    client = own.client(parent)

    def pause():
        own.rows("update school set stage = 'paused' where school_id = %s", there.school_id)

    at_once(lambda: client.post(at, data={"agrees": "y"}), pause)
    left = own.value("select stage from parent where id = %s", parent.person_id) == "left"
    assert count(own, "signup") == (1 if left else 0)


def test_while_staff_here_note_that_they_left_they_have_left_once(own, world, there, at):
    parent, senco = world.school.parent, own.client(world.school.senco)
    client = own.client(parent)
    at_once(
        lambda: client.post(at, data={"agrees": "y"}),
        lambda: senco.post(
            f"/school/parents/{parent.person_id}/answer",
            data={"to_stage": "left", "how": "telephone", "reason": "They told us"},
        ),
    )

    assert own.value("select stage from parent where id = %s", parent.person_id) == "left"
    assert count(own, "parent_event where parent_id = %s and to_stage = 'left'", parent.person_id) == 1
    assert count(own, "enrolment where parent_id = %s and left_at is null", parent.person_id) == 0
    assert count(own, "signup") == 1
