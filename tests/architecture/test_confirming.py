"""What the service asks again for is declared, and nothing that belongs there is left out."""

from __future__ import annotations

import re

import pytest

from app.identity.roles import Role
from app.papers.kinds import KINDS
from app.papers.policy import HOLD_PEOPLE
from app.safeguarding.policy import DSL, OFFICER
from app.shell import access

#: Raising a concern, and what follows it for the person who raised it.
RAISING = {"safeguarding.start", "safeguarding.raise_concern", "safeguarding.received"}

#: An address or a name of a page by which something is printed, handed out as a file, or listed to be taken along.
LEAVES_THE_SERVICE = re.compile(
    r"print|export|download|contact_sheet|contact-sheet|(^|_)contacts|\.csv|\.json|\.ics|\.pdf|my_data|/my/data"
    r"|make_"
)

#: Caught by the words above, and why nobody is asked again.
NO_PEOPLE = {
    "meetings.my_calendar": "dates of the reader's own group",
    "meetings.read_feed": "dates alone, for whoever holds the address",
    "meetings.room_now": "first names and marks of tonight, as the register shows them",
    "meetings.from_the_room": "the same, after what a phone sent",
    "outcomes.download": "published figures, which name nobody",
    "cohorts.make_plan": "asks for one sheet of dates; opening it is asked for again, see HOLD_PEOPLE",
    "recruitment.make_letter": "asks for one letter; opening it is asked for again, see HOLD_PEOPLE",
    "parent_import.download_template": "headings alone",
    "papers.sign_up_cards": "the address of the school's sign-up page, and nobody's name",
    "papers.sign_up_poster": "the same",
    "signing_up.make_link": "a link for a team, and nobody's name",
    "papers.download": "asks by the kind of document, see HOLD_PEOPLE",
}

#: Kinds of document without a parent's name.
NO_PARENT = {"project_brief", "agreement", "learning_notes", "signup_poster", "signup_cards"}


def test_every_page_that_is_asked_for_again_exists(shared_app):
    assert access.confirm_table() <= set(shared_app.view_functions)
    assert len(access.confirm_table()) > 15


def test_a_name_that_no_page_has_stops_the_start(monkeypatch):
    monkeypatch.setattr("app.cohorts.policy.CONFIRM", frozenset({"cohorts.no_such_page"}))

    with pytest.raises(access.UndeclaredRoute, match="no_such_page"):
        access.confirm_table()


def test_everything_about_concerns_but_raising_one_is_asked_for_again(shared_app):
    pages = {name for name in shared_app.view_functions if name.startswith("safeguarding.")}

    assert pages - access.confirm_table() == RAISING


def test_whatever_only_those_who_read_concerns_may_open_is_asked_for_again():
    readers = {name for name, roles in access.access_table().items() if roles in (DSL, OFFICER)}

    assert readers <= access.confirm_table()


def test_whatever_leaves_the_service_with_people_in_it_is_asked_for_again(shared_app):
    leaving = {
        rule.endpoint
        for rule in shared_app.url_map.iter_rules()
        if LEAVES_THE_SERVICE.search(rule.rule) or LEAVES_THE_SERVICE.search(rule.endpoint.partition(".")[2])
    }

    assert leaving - access.confirm_table() == set(NO_PEOPLE)


def test_whatever_changes_a_way_in_is_asked_for_again(shared_app):
    changing = {
        rule.endpoint
        for rule in shared_app.url_map.iter_rules()
        if rule.rule.startswith("/my-account/") and "POST" in (rule.methods or ())
    }
    # Signing out elsewhere takes nothing but access; a challenge alone adds nothing; digits of a number that was asked
    # for, after being asked who sits there, have ten minutes. The first PIN, passkey and words are chosen at joining,
    # before there is a proof; a later one is refused by the database without a fresh proof, and the page leads there.
    assert changing - access.confirm_table() == {
        "accounts.end_session",
        "accounts.add_passkey_options",
        "accounts.confirm_my_mobile",
        "accounts.choose_pin",
        "accounts.add_own_passkey",
        "accounts.new_words",
    }


def test_every_kind_of_document_is_judged():
    # A signed slip is sent in, not made.
    assert set(KINDS) | {"signed_slip"} >= HOLD_PEOPLE
    assert set(KINDS) - HOLD_PEOPLE == NO_PARENT


def test_nobody_is_asked_who_is_not_signed_in():
    table = access.access_table()

    assert not [name for name in access.confirm_table() if None in table[name]]
    assert all(isinstance(role, Role) for name in access.confirm_table() for role in table[name])
