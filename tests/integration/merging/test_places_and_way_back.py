"""Where two records are put together: places, invitations, a yes beside a no, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.merging import preview, services
from app.merging.records import list_merges
from app.recruitment import noting
from app.recruitment.services import add_parent, invite
from app.shell.refusals import Refused
from infra.clock import now
from tests.integration.merging.putting import (
    AGAIN,
    NOTED,
    PHONE,
    merge,
    parent_of,
    places_of,
    undo,
    why_not,
)
from tests.support.borrowed import as_login


def test_a_no_against_a_yes_told_to_staff_is_asked_about(staff, world, two):
    """Given that one left and the other told staff yes, when they would be put together, then no yes is lost."""
    school_id = world.school.school_id
    noting.note_answer(staff, school_id, two[0], "said_no", NOTED)
    noting.note_answer(staff, school_id, two[1], "interested", NOTED)
    staff.execute(text("update parent set said_yes_at = app.now() where id = :id"), {"id": two[1]})
    staff.expire_all()
    assert "Only they can say which holds" in why_not(staff, world, *two)


def test_an_invitation_does_not_come_along(staff, world, two):
    """Given that only the one that goes was invited, when put together and when undone, then nobody waits for an
    answer to a link that has ended."""
    school_id, (older, newer) = world.school.school_id, two
    invite(staff, school_id, world.school.authority_id, newer)
    plan = services.look_at(staff, school_id, older, newer)
    assert "send them an invitation anew" in " ".join(preview.of(plan).ends)
    merge_id = merge(staff, world, older, newer)
    assert parent_of(staff, world, older).stage == "identified"
    assert undo(staff, world, merge_id).invite_anew
    assert [parent_of(staff, world, one).stage for one in two] == ["identified", "identified"]


def test_a_place_moves_to_the_one_that_stays_and_back(staff, world, on_paper):
    """Given a place at the one that goes, when put together, then the one that stays has it; undone, it goes back."""
    waits, comes = on_paper
    merge_id = merge(staff, world, waits, comes)
    assert places_of(staff, on_paper) == {waits: "in_group", comes: "left"}
    assert parent_of(staff, world, waits).stage == "in_group"
    undo(staff, world, merge_id)
    assert places_of(staff, on_paper) == {comes: "in_group"}
    assert [parent_of(staff, world, one).stage for one in on_paper] == ["waiting", "in_group"]


@pytest.mark.parametrize("was_told", [False, True])
def test_a_place_that_moves_is_told_where_nobody_told_it(staff, world, on_paper, was_told):
    """Given a place that nobody told of, when it moves to who can be reached, then they are told."""
    waits, comes = on_paper
    staff.execute(
        text("update enrolment set told_at = :at where parent_id = :id"),
        {"at": now() if was_told else None, "id": comes},
    )
    staff.expire_all()
    merge_id = merge(staff, world, waits, comes)
    assert bool(told_of_place(staff, waits)) is not was_told
    # What waits still does not go once it is undone, so there is nobody to call.
    assert not undo(staff, world, merge_id).tell_of_place


def told_of_place(staff, parent_id):
    told = text("select count(*) from outbox where recipient_id = :id and kind = 'place_offered'")
    return staff.execute(told, {"id": parent_id}).scalar_one()


def went(connection, parent_id, cohort_id):
    """The message of their place has gone."""
    with as_login(connection, "wb_owner"):
        connection.execute(
            text(
                "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id,"
                " dedupe_key, state, next_at, created_at) select school_id, gen_random_uuid(), 'place_offered',"
                " 'email', 'parent', id, :cohort, gen_random_uuid()::text, 'delivered', now(), now()"
                " from parent where id = :id"
            ),
            {"id": parent_id, "cohort": cohort_id},
        )


def test_who_was_written_to_about_their_place_is_not_told_twice(staff, world, on_paper, connection):
    """Given a message about a place that went, when the place moves in the middle of a group, then none goes again."""
    waits, comes = on_paper
    went(connection, comes, world.school.ids["cohort_id"])
    merge(staff, world, waits, comes)
    assert not told_of_place(staff, waits)


def test_whom_we_told_of_a_place_that_was_another_s_is_called(staff, world, on_paper, connection):
    """Given a place that moved and was told of, when it is undone, then staff read that they have to call."""
    waits, comes = on_paper
    merge_id = merge(staff, world, waits, comes)
    went(connection, waits, world.school.ids["cohort_id"])
    assert undo(staff, world, merge_id).tell_of_place


def test_who_leads_the_group_is_no_parent_in_it(staff, world, on_paper, connection):
    """Given a place in a group that the other leads, when both are looked at, then staff read what to do first."""
    waits, comes = on_paper
    with as_login(connection, "wb_owner"):
        connection.execute(
            text("update facilitator set parent_id = :parent where id = :id"),
            {"parent": waits, "id": world.school.facilitator.person_id},
        )
    staff.expire_all()
    assert "Nobody is both. Take" in why_not(staff, world, waits, comes)


def test_of_two_merges_the_later_is_undone_first(staff, world, two, connection):
    """Given two entries put into one, when the first is undone, then staff read which comes before it."""
    school_id = world.school.school_id
    third = add_parent(staff, school_id, replace(AGAIN, first_name="Mina", email="mina@example.org")).id
    first = merge(staff, world, *two)
    second = merge(staff, world, two[0], third)
    with as_login(connection, "wb_owner"):
        # In one transaction all is one moment.
        connection.execute(
            text("update parent_merge set at = at - interval '1 min' where id = :id"), {"id": first}
        )
    staff.expire_all()
    assert {one.gone_id for one in list_merges(staff, school_id, two[0])} == {two[1], third}
    with pytest.raises(Refused, match="was put together with this one since"):
        services.undo(staff, school_id, first)
    undo(staff, world, second)


def test_undoing_tells_nothing_to_the_address_that_goes_back(staff, world, two, connection):
    """Given the other's number chosen for somebody who signs in, when undone, then the other reads no notice of it."""
    merge_id = merge(staff, world, two[0], world.school.graduate.person_id, phone="goes")
    notices = text("select count(*) from identity.token where purpose = 'notice' and address = :phone")
    undo(staff, world, merge_id)
    with as_login(connection, "wb_owner"):
        assert connection.execute(notices, {"phone": PHONE}).scalar_one() == 0


def test_an_entry_that_went_is_read_as_the_one_that_stands(staff, world, two):
    """Given entries put together twice over, then what arrives for the first is the last one's; undone, its own."""
    stands = text("select app.standing_parent(:id)")
    third = add_parent(staff, world.school.school_id, replace(AGAIN, email="other@example.org")).id
    staff.execute(
        text("update parent set created_at = created_at - interval '2 days' where id = :id"), {"id": third}
    )
    staff.expire_all()
    merge(staff, world, *two)
    merge_id = merge(staff, world, two[0], third)
    assert {staff.execute(stands, {"id": one}).scalar_one() for one in (*two, third)} == {third}
    undo(staff, world, merge_id)
    assert staff.execute(stands, {"id": two[1]}).scalar_one() == two[0]
    foreign = world.sibling_school.ids["identified_parent_id"]
    assert staff.execute(stands, {"id": foreign}).scalar_one() == foreign


def test_of_two_places_in_one_group_one_is_free(staff, world, on_paper):
    """Given places of both in one group, when put together, then one person has one."""
    parent, comes = world.school.parent.person_id, on_paper[1]
    merge_id = merge(staff, world, parent, comes)
    assert places_of(staff, [parent, comes]) == {parent: "in_group", comes: "left"}
    undo(staff, world, merge_id)
    assert places_of(staff, [parent, comes]) == {parent: "in_group", comes: "in_group"}


def test_nobody_joins_by_being_put_together(staff, world, on_paper):
    """Given somebody with a way in who has not joined, when a paper yes would come along, then it does not."""
    staff.execute(
        text("update parent set stage = 'invited' where id = :id"), {"id": world.school.graduate.person_id}
    )
    staff.execute(text("update facilitator set parent_id = null where parent_id = :id"), {"id": on_paper[0]})
    staff.expire_all()
    assert "let them say yes by their own page first" in why_not(
        staff, world, world.school.graduate.person_id, on_paper[0]
    )
