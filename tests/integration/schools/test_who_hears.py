"""Only people who accepted, whose role has begun and who can sign in hear of a school's affairs."""

from __future__ import annotations

import pytest

from tests.integration.schools.appointing import SECOND, invite_dsl
from tests.support.own import own_app

STAFF_ROLES = ("school_dsl", "school_lead", "senco", "attendance_lead")


@pytest.fixture
def own(stack, world):
    with own_app(stack, "hears") as found:
        yield found


def colleagues_to_come(own, world):
    """One of each role who is only invited; the second safeguarding lead waits for a second person."""
    own.rows("update school set stage = 'active' where school_id = %s", world.school.school_id)
    for role in STAFF_ROLES:
        invite_dsl(own, world, role=role, email=SECOND.replace("second", role.replace("_", ".")))
    return {
        row["id"]
        for row in own.rows("select id from staff_member where email like %s", "%.address@example.org")
    }


#: What is done at which stage, and the message that it sends to the school's people.
PRESSES = (
    ("send-brief", "invited", "onboarding_brief"),
    ("activate", "set_up", "school_activated"),
    ("pause", "active", "school_paused_staff"),
    ("start-again", "paused", "school_resumed_staff"),
    ("agreement/{document}/return", "set_up", "agreement_returned"),
)


def test_who_is_only_invited_hears_nothing_of_the_school(own, world, ready):
    """Given a colleague of each role who was invited and has not come, when the authority acts, they are not told."""
    to_come = colleagues_to_come(own, world)
    assert len(to_come) == len(STAFF_ROLES)
    document = own.value(
        "select document_id from agreement_review where school_id = %s", world.school.school_id
    )
    admin = own.client(world.authority.admin)
    for action, stage, kind in PRESSES:
        own.rows("delete from outbox where kind = %s", kind)
        if "return" in action:
            own.rows("delete from agreement_review")
        own.rows("update school set stage = %s where school_id = %s", stage, world.school.school_id)
        admin.post(
            f"{ready}/{action.format(document=document)}", data={"reason": "The hall is being mended."}
        )

        told = {
            row["recipient_id"] for row in own.rows("select recipient_id from outbox where kind = %s", kind)
        }
        assert world.school.lead.person_id in told, kind
        assert not told & to_come, kind


def test_a_brief_goes_to_who_was_invited_first_and_to_nobody_who_waits_for_a_second_person(own, world):
    """Given a school whose one lead has not come yet, then the brief still goes to them."""
    lead = world.school.lead
    own.rows("update school set stage = 'invited' where school_id = %s", world.school.school_id)
    own.rows("update identity.account set password_hash = null where id = %s", lead.account_id)
    admin = own.client(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    admin.post(f"{address}/invite", data={"name": "W", "email": "w@example.org"})
    assert (
        own.value("select count(*) from appointment where email = 'w@example.org' and agreed_at is null") == 1
    )
    admin.post(f"{address}/send-brief")
    told = {
        row["recipient_id"]
        for row in own.rows("select recipient_id from outbox where kind = 'onboarding_brief'")
    }
    assert told == {lead.person_id}


@pytest.mark.parametrize(("action", "stage", "kind"), PRESSES[:2])
def test_a_school_that_comes_back_is_told_again(own, world, ready, action, stage, kind):
    """Given a school that had its brief, began, left and came back, then its lead hears of it as the first time."""
    admin = own.client(world.authority.admin)
    count = "select count(distinct dedupe_key) from outbox where kind = %s and recipient_id = %s"
    before = own.value(count, kind, world.school.lead.person_id)
    for _round in range(2):
        own.rows("update school set stage = %s where school_id = %s", stage, world.school.school_id)
        admin.post(f"{ready}/{action}")

    assert own.value(count, kind, world.school.lead.person_id) == before + 2
