"""A school begins when nothing is missing: the council's page, the school's page and the button say the same."""

from __future__ import annotations

import re

import pytest

from tests.support.own import own_app

BUTTON = "Make this school active"


@pytest.fixture
def own(stack, world):
    with own_app(stack, "starting") as found:
        yield found


def stage_of(own, world):
    return own.value("select stage from school where school_id = %s", world.school.school_id)


def no_way_in(own, world):
    own.rows("update identity.account set password_hash = null where id = %s", world.school.dsl.account_id)


def not_arrived(own, world):
    own.rows("delete from identity.browser_session where membership_id = %s", world.school.dsl.membership_id)
    own.rows("delete from identity.membership where id = %s", world.school.dsl.membership_id)
    own.rows("update staff_member set accepted_at = null where id = %s", world.school.dsl.person_id)


def no_night_number(own, world):
    own.rows("update authority set out_of_hours_phone = ''")


def newer_agreement(state):
    def make(own, world):
        own.rows("delete from agreement_review")
        own.rows(
            "update document set state = %s where kind = 'signed_agreement' and school_id = %s",
            state,
            world.school.school_id,
        )

    return make


CASES = {
    "invited": (not_arrived, "has not signed in yet", "has not signed in yet"),
    "no way in": (no_way_in, "cannot sign in at the moment", "cannot sign in at the moment"),
    "no number": (no_night_number, "enter it in your settings", "your council enters it"),
    "to read": (
        newer_agreement("ready"),
        "Read the signed agreement",
        "Your council reads the signed agreement",
    ),
    "checked": (newer_agreement("checking"), "is being checked", "is being checked"),
    "refused": (newer_agreement("refused"), "ask the school to send it again", "upload it again"),
}


def words(client, address):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).get_data(as_text=True)).split())


@pytest.mark.parametrize("case", CASES)
def test_both_pages_say_what_is_missing_and_there_is_no_button(own, world, ready, case):
    spoil, council, school = CASES[case]
    spoil(own, world)
    admin, lead = own.client(world.authority.admin), own.client(world.school.lead)

    page = words(admin, ready)
    assert council in page
    assert BUTTON not in page
    assert council in words(admin, "/authority")
    assert council in words(admin, "/authority/schools")
    theirs = words(lead, "/school/set-up")
    assert school in theirs
    assert "All done, thank you" not in theirs

    admin.post(f"{ready}/activate")
    assert stage_of(own, world) == "set_up"


def test_with_nothing_missing_there_is_the_button_and_it_works(own, world, ready):
    admin = own.client(world.authority.admin)
    page = words(admin, ready)
    assert BUTTON in page
    assert "What is missing" not in page
    assert "All done, thank you" in words(own.client(world.school.lead), "/school/set-up")
    assert "Make it active." in words(admin, "/authority")
    admin.post(f"{ready}/activate")
    assert "What is missing" not in words(admin, ready)
    assert stage_of(own, world) == "active"
