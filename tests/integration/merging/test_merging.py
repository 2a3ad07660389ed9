"""Two records of one person become one: what stays, what holds, what never moves; and for a day they are two again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import services as accounts
from app.audit.trail import record
from app.merging import services
from app.merging.records import find_kept, list_alike, list_merges, read_two
from app.messages.services import TEXTS_STOPPED
from app.recruitment import households, noting, queries
from app.recruitment.services import change_parent, invite
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from infra.clock import now
from tests.integration.merging.putting import (
    AMINA,
    NOTED,
    PHONE,
    contact_of,
    merge,
    parent_of,
    undo,
    why_not,
)


def test_one_stays_with_what_was_chosen_and_the_other_is_in_no_list(staff, world, two):
    """Given one person written down twice, when they are put together, then one entry has what both had."""
    older, newer = two
    merge(staff, world, newer, older, name="goes")
    stays = contact_of(staff, world, older)
    assert (stays.name, stays.phone, stays.email) == ("Amina Begam", PHONE, "amina@example.org")
    assert queries.get_profile(staff, world.school.school_id, older).year_group == "Year 8"
    assert queries.get_profile(staff, world.school.school_id, older).needs == "Step-free"
    with pytest.raises(NotFound):
        queries.get_parent(staff, world.school.school_id, newer)
    with pytest.raises(NotFound):
        queries.get_contact(staff, world.school.school_id, newer)
    lines, _total = queries.list_parents(staff, world.school.school_id, text="amina")
    assert [line.id for line in lines] == [older]
    assert find_kept(staff, world.school.school_id, newer) == older
    assert [one.gone_name for one in list_merges(staff, world.school.school_id, older)] == ["Amina Begam"]


def test_who_is_kept_from_the_office_in_either_is_kept_in_one(staff, world, two):
    """Given two entries, one of them off the list of the office, when they are one, then it is off that list."""
    older, newer = two
    contact_of(staff, world, newer).not_for_office = True
    staff.flush()
    merge(staff, world, older, newer)
    assert contact_of(staff, world, older).not_for_office


def test_who_may_be_the_same_person_is_named_with_why(staff, world, two):
    """Given like names, when staff choose, then those are offered, and nobody who has nothing in common."""
    older, newer = two
    alike = list_alike(staff, world.school.school_id, older)
    assert [(one.id, one.why) for one in alike] == [(newer, ("a name like it",))]


def test_undone_both_are_as_they_were(staff, world, two):
    """Given two that were put together, when it is undone, then both are as they were, and a second time says so."""
    school_id, (older, newer) = world.school.school_id, two
    households.link(staff, school_id, [(newer, world.school.ids["waiting_parent_id"])])
    before = [
        (
            repr(read_two(staff, school_id, (one, world.school.ids["waiting_parent_id"]))[0].details),
            parent_of(staff, world, one).stage,
            parent_of(staff, world, one).stage_changed_at,
            [mate.id for mate in households.list_housemates(staff, school_id, one)],
        )
        for one in two
    ]
    merge_id = merge(staff, world, older, newer)
    assert households.list_housemates(staff, school_id, older)
    undone = undo(staff, world, merge_id)
    assert (undone.kept_id, undone.gone_id) == (older, newer)
    assert not undone.invite_anew
    assert before == [
        (
            repr(read_two(staff, school_id, (one, world.school.ids["waiting_parent_id"]))[0].details),
            parent_of(staff, world, one).stage,
            parent_of(staff, world, one).stage_changed_at,
            [mate.id for mate in households.list_housemates(staff, school_id, one)],
        )
        for one in two
    ]
    with pytest.raises(Refused, match="already been undone"):
        services.undo(staff, school_id, merge_id)
    assert list_merges(staff, school_id, older) == []


def test_it_is_not_undone_once_something_has_happened(staff, world, two):
    """Given what was put together, when they were corrected or moved on, then undoing says why not."""
    older, newer = two
    merge_id = merge(staff, world, older, newer)
    with staff.begin_nested() as step:
        change_parent(staff, world.school.school_id, older, replace(AMINA, known_as="Mina", is_shared=True))
        with pytest.raises(Refused, match="corrected since"):
            services.undo(staff, world.school.school_id, merge_id)
        step.rollback()
    staff.expire_all()
    noting.note_answer(staff, world.school.school_id, older, "interested", NOTED)
    with pytest.raises(Refused, match="“Interested” since"):
        services.undo(staff, world.school.school_id, merge_id)


def test_a_day_later_nothing_is_kept_to_undo_it(staff, world, two, clock):
    """Given a merge of yesterday, when somebody would undo it, then its day is over."""
    older, newer = two
    merge_id = merge(staff, world, older, newer)
    clock.move(timedelta(days=1, minutes=1))
    with pytest.raises(Refused, match="that day is over"):
        services.undo(staff, world.school.school_id, merge_id)


@pytest.mark.parametrize("which", [0, 1])
def test_the_no_of_either_holds_and_comes_back_with_undoing(staff, world, two, which):
    """Given that one of them said no, when they are put together, then nobody may ask the one that stays."""
    school_id, said = world.school.school_id, two[which]
    noting.note_answer(staff, school_id, said, "said_no", NOTED)
    merge_id = merge(staff, world, *two)
    older, newer = two
    stays = parent_of(staff, world, older)
    assert stays.stage == "said_no"
    assert stays.do_not_ask_until is not None
    with pytest.raises(Refused):
        invite(staff, school_id, world.school.authority_id, older)
    assert not queries.list_consents(staff, school_id, older)["join"].given
    undo(staff, world, merge_id)
    assert [parent_of(staff, world, one).stage for one in two] == [
        "said_no" if one == said else "identified" for one in two
    ]
    consents = queries.list_consents(staff, school_id, newer if which == 0 else older)
    assert "join" not in consents


def test_stops_and_noes_of_the_one_that_goes_hold(staff, world, two):
    """Given stopped texts and a noted no at the one that goes, when put together, then both hold at the other."""
    school_id, (older, newer) = world.school.school_id, two
    queries.get_contact(staff, school_id, newer).texts_stopped_at = now()
    noting.note_no_to(staff, school_id, newer, ["share_attendance"], NOTED)
    merge_id = merge(staff, world, older, newer)
    assert contact_of(staff, world, older).texts_stopped_at is not None
    assert not queries.list_consents(staff, school_id, older)["share_attendance"].given
    undo(staff, world, merge_id)
    assert contact_of(staff, world, older).texts_stopped_at is None
    assert contact_of(staff, world, newer).texts_stopped_at is not None
    assert "share_attendance" not in queries.list_consents(staff, school_id, older)


def test_a_stop_that_they_said_since_stays(staff, world, two):
    """Given a stop that came over, when they stop our texts again themselves, then undoing leaves that one."""
    school_id, (older, newer) = world.school.school_id, two
    queries.get_contact(staff, school_id, newer).texts_stopped_at = now() - timedelta(days=3)
    merge_id = merge(staff, world, older, newer)
    record(staff, TEXTS_STOPPED, subject_id=older)
    undo(staff, world, merge_id)
    assert contact_of(staff, world, older).texts_stopped_at is not None


def test_a_second_press_finds_the_first(staff, world, two):
    """Given two that are one, when the database is asked once more, then there is nobody to put together."""
    merge(staff, world, *two)
    outcome = staff.execute(
        text("select app.merge_parents(gen_random_uuid(), :kept, :gone, 'x', '{}', null)"),
        {"kept": two[0], "gone": two[1]},
    ).scalar_one()
    assert outcome == "gone"


def test_a_no_against_a_yes_is_asked_about(staff, world, two):
    """Given that one said no and the other joined, when staff would put them together, then they ask first."""
    school_id, graduate = world.school.school_id, world.school.graduate.person_id
    noting.note_answer(staff, school_id, two[0], "said_no", NOTED)
    assert "Only they can say which holds" in why_not(staff, world, two[0], graduate)


def test_who_has_come_in_stays_and_two_of_them_stay_two(staff, world, two):
    """Given accounts, when two are put together, then the one with an account stays; two with one are refused."""
    graduate, parent = world.school.graduate.person_id, world.school.parent.person_id
    plan = services.look_at(staff, world.school.school_id, two[0], graduate)
    assert plan.stays.id == graduate
    assert "What each wrote is private" in why_not(staff, world, graduate, parent)


def test_no_account_is_ever_put_away_by_the_database(staff, world, two):
    """Given a record with an account, when the database is asked to take it away, then it says no."""
    outcome = staff.execute(
        text("select app.merge_parents(gen_random_uuid(), :kept, :gone, 'x', '{}', null)"),
        {"kept": two[0], "gone": world.school.graduate.person_id},
    ).scalar_one()
    assert outcome == "account"
    foreign = world.sibling_school.ids["identified_parent_id"]
    for kept, gone in ((two[0], foreign), (foreign, two[0]), (two[0], two[0])):
        assert (
            staff.execute(
                text("select app.merge_parents(gen_random_uuid(), :kept, :gone, 'x', '{}', null)"),
                {"kept": kept, "gone": gone},
            ).scalar_one()
            == "gone"
        )


def test_invitations_of_the_one_that_goes_die_and_the_others_live(staff, world, two):
    """Given invitations to both, when put together, then only those of the one that stays open anything."""
    school_id, (older, newer) = world.school.school_id, two
    for one in two:
        invite(staff, school_id, world.school.authority_id, one)
    merge(staff, world, older, newer)
    states = accounts.account_states(staff, [older, newer])
    assert [states[one].open_invitation for one in two] == [True, False]
    assert parent_of(staff, world, older).stage == "invited"


def test_the_contact_log_follows_and_goes_back(staff, world, two):
    """Given a next step with the one that goes, when put together, then it is to be done with the one that stays."""
    older, newer = two
    school = world.school
    staff.execute(
        text(
            "insert into contact_with_parent (school_id, id, parent_id, how, outcome, at, by_id, by_name, action,"
            " due_on, owner_id, state) values (:school, gen_random_uuid(), :parent, 'phone',"
            " 'no_answer', app.now(), :staff, 'Ada', 'Call again', current_date, :staff, 'open')"
        ),
        {"school": school.school_id, "parent": newer, "staff": school.senco.person_id},
    )
    whose = text("select parent_id, state from contact_with_parent where action = 'Call again'")
    merge_id = merge(staff, world, older, newer)
    assert [tuple(row) for row in staff.execute(whose)] == [(older, "open")]
    undo(staff, world, merge_id)
    assert [tuple(row) for row in staff.execute(whose)] == [(newer, "open")]


def test_what_is_planned_ends_where_the_one_that_stays_said_no(staff, world, two):
    """Given a no of the one that stays, when a next step comes along, then it ends, and comes back with undoing."""
    older, newer = two
    school = world.school
    staff.execute(
        text(
            "insert into contact_with_parent (school_id, id, parent_id, how, outcome, at, by_id, by_name, action,"
            " due_on, owner_id, state) values (:school, gen_random_uuid(), :parent, 'phone',"
            " 'no_answer', app.now(), :staff, 'Ada', 'Call again', current_date, :staff, 'open')"
        ),
        {"school": school.school_id, "parent": newer, "staff": school.senco.person_id},
    )
    noting.note_answer(staff, school.school_id, older, "said_no", NOTED)
    whose = text("select parent_id, state from contact_with_parent where action = 'Call again'")
    merge_id = merge(staff, world, older, newer)
    assert [tuple(row) for row in staff.execute(whose)] == [(older, "closed")]
    undo(staff, world, merge_id)
    assert [tuple(row) for row in staff.execute(whose)] == [(newer, "open")]


def test_what_a_parent_wrote_stays_where_it_was(staff, world, two, connection):
    """Given answers and choices of the one that stays, when put together, then not one row of them is another's."""
    graduate = world.school.graduate.person_id
    count = text(
        "select (select count(*) from answer_set where parent_id = :id), (select count(*) from consent"
        " where parent_id = :id and given), (select count(*) from topic_vote where parent_id = :id)"
    )

    def private():
        with connection.begin_nested() as step:
            connection.execute(text("set local session authorization default"))
            connection.execute(text("reset role"))
            found = tuple(connection.execute(count, {"id": graduate}).one())
            step.rollback()
        return found

    before = private()
    merge(staff, world, two[0], graduate)
    assert private() == before


def test_another_schools_record_is_not_found(staff, world, two):
    """Given a record of another school, when it is chosen, then there is none."""
    with pytest.raises(NotFound):
        services.look_at(
            staff, world.school.school_id, two[0], world.sibling_school.ids["identified_parent_id"]
        )


def test_roles_that_are_no_staff_can_do_none_of_it(session_for, world):
    """Given other roles, when they ask the database, then it says no."""
    for person in (world.school.parent, world.school.facilitator, world.authority.admin):
        session = session_for(person)
        for statement in (
            "select app.merge_parents(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', '{}', null)",
            "select app.unmerge_parents(gen_random_uuid(), 'x')",
            "select app.who_has_come_in('{}')",
            "select count(*) from parent_merge",
        ):
            with pytest.raises(Exception, match="permission denied"), session.begin_nested():
                session.execute(text(statement))
