"""A deputy safeguarding lead is asked for, agreed to and accepted as a deputy, and is called so afterwards."""

from __future__ import annotations

import pytest

from app.accounts.deputies import stands_in
from app.accounts.login import arrive
from app.accounts.staff import coming_role
from app.identity.current import session
from app.identity.roles import Role, label_of
from app.identity.websession import DEPUTY as DEPUTY_MARK
from app.schools.messages.people import read_staff
from tenants.scope import Audience, Scope
from tests.integration.schools.appointing import SECOND, accept, agree, appointment, days_later, invite_dsl
from tests.support.own import own_app

DEPUTY, LEAD = "Deputy safeguarding lead", "Safeguarding lead (DSL)"


@pytest.fixture
def own(stack, world):
    with own_app(stack, "deputies") as found:
        yield found


def link_of(own):
    return own.sent(
        own.value(
            "select outbox_id from identity.token where lower(address) = %s and used_at is null", SECOND
        )
    )


@pytest.mark.parametrize(
    ("role", "words", "others"), [("school_dsl_deputy", DEPUTY, LEAD), ("school_dsl", LEAD, DEPUTY)]
)
def test_what_was_asked_for_is_what_everybody_agrees_to_and_accepts(own, world, role, words, others):
    """Given a deputy who was asked for, then every page, message and door says deputy; and lead of a lead."""
    invite_dsl(own, world, role=role)
    row = appointment(own)
    for person in (world.school.lead, world.school.dsl, world.authority.officer, world.authority.admin):
        page = own.client(person).get("/appointments").text
        assert f"New Reader as {words}" in page
        assert f"New Reader as {others}" not in page
    assert f"New Reader as {words}" in own.client(world.school.dsl).get("/school").text
    page = own.client().get(f"/invitation/{link_of(own)}?me=yes").text
    assert words in page
    assert others not in page
    scope = Scope(Audience.DISPATCH, world.authority.authority_id, world.school.school_id)
    with own.session("wb_dispatch", scope) as dispatch:
        reader = read_staff(dispatch, world.school.school_id, [row["person_id"]])[row["person_id"]]
    assert reader.fields["role"] == words

    accept(own, SECOND)
    account = own.value("select id from identity.account where email = %s", SECOND)
    with own.app.app_context():
        assert (coming_role(account) or ())[:1] == (words,)
    agree(own, world.school.dsl, row)
    days_later(own)
    membership = own.value("select id from identity.membership where account_id = %s", account)
    with own.app.app_context():
        assert stands_in(Role.SCHOOL_DSL, membership=membership) is (words == DEPUTY)


@pytest.mark.parametrize(("is_deputy", "words"), [(True, DEPUTY), (False, LEAD)])
def test_a_session_of_a_deputy_calls_them_so(own, world, is_deputy, words):
    """Given somebody who signs in, then what their pages call them is what they were appointed to."""
    dsl = world.school.dsl
    own.rows("update staff_member set is_deputy = %s where id = %s", is_deputy, dsl.person_id)
    with own.app.test_request_context("/"):
        assert arrive(dsl.membership_id, strong=True) is Role.SCHOOL_DSL
        assert session[DEPUTY_MARK] is is_deputy
    assert label_of(Role.SCHOOL_DSL, is_deputy=is_deputy) == words
