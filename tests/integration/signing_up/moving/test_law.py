"""Two pages of one person: what staff of either school write opens none of the other, nor anybody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.integration.signing_up.moving.conftest import ASK, NEW, OPEN, memberships, move, stage, take_in
from tests.integration.test_stale_presses import sent

# ---- law 8


def test_a_record_that_was_there_is_never_opened_to_the_mover(
    asked, staff_there, run, parent, there, session_for
):
    """Given somebody of the same name and number in the other school's list, with rows of their own
    When staff say that the mover is that parent
    Then the mover's account opens nothing, and reads no more than that it was read."""
    contact = run("select * from parent_contact where parent_id = :id", id=parent.person_id).one()
    known = there.parent.person_id
    run(
        "update parent_contact set first_name = :first, last_name = :last, phone = :phone, email = :email"
        " where parent_id = :id",
        first=contact.first_name, last=contact.last_name, phone=contact.phone, email=contact.email, id=known,
    )  # fmt: skip
    done = take_in(staff_there, asked)

    assert done.location.endswith(str(known))
    assert len(memberships(run, parent)) == 1
    mine = session_for(parent).execute(text("select * from identity.my_school_move()")).one()
    assert (mine.school_name, mine.is_read, mine.has_page, mine.phone) == (there.name, True, False, "")


@pytest.mark.parametrize("whose", ["has come in", "never came in"])
def test_whatever_staff_write_on_the_row_it_opens_nobody_elses_record(
    whose, asked, staff_there, run, parent, there, session_for
):
    """Staff hold the rights to the row's columns: turned to another parent, and pressed for again, it opens nothing."""
    take_in(staff_there, asked)
    run("delete from identity.membership where account_id = :id and in_school = :school", id=parent.account_id,
        school=there.school_id)  # fmt: skip
    known = there.parent.person_id
    if whose == "never came in":
        run("delete from identity.browser_session where membership_id in (select id from identity.membership where"
            " person_id = :id)", id=known)  # fmt: skip
        run("delete from identity.membership where person_id = :id", id=known)
    run("update signup set parent_id = :known, is_new = true where id = :id", known=known, id=asked)
    session = session_for(there.senco)

    assert session.execute(text(OPEN), {"id": asked, "membership": new_id()}).scalar_one() is False
    assert len(memberships(run, parent)) == 1


def test_whose_way_in_was_ended_meanwhile_gets_no_page(mover, asked, staff_there, run, parent, world):
    """A fresh start, or the old school, ended the way in by which they asked: whoever holds it is not known."""
    run("update identity.membership set ended_at = app.now() where person_id = :id", id=parent.person_id)
    done = take_in(staff_there, asked)

    assert done.status_code == 303
    assert memberships(run, parent) == []


def test_while_a_fresh_start_is_under_way_nothing_goes(mover, at, run, parent, signups, there, world):
    run(
        "insert into fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by, asked_by_name,"
        " asked_at, waits_until) values (:school, gen_random_uuid(), 'parent', :person, 'sms', '+447700900777',"
        " app.now()::date, gen_random_uuid(), 'Sam', app.now(), app.now() + interval '24 hours')",
        school=world.school.school_id,
        person=parent.person_id,
    )
    page = mover.get(at)
    answer = mover.post(at, data=sent(page.text, "") | {"agrees": "y"}, follow_redirects=True)

    assert "This cannot be done just now" in answer.text
    assert signups(there) == []
    assert stage(run, parent.person_id) != "left"


def test_a_stop_goes_with_the_number_that_it_stopped(mover, at, run, parent, staff_there, signups, there):
    run("update parent_contact set texts_stopped_at = app.now() where parent_id = :id", id=parent.person_id)
    assert "What you have stopped stays stopped." in mover.get(at).text
    move(mover, at)
    new_person = take_in(staff_there, signups(there)[0].id).location.rpartition("/")[2]
    contact = run("select * from parent_contact where parent_id = :id", id=new_person).one()

    assert contact.texts_stopped_at is not None
    assert contact.emails_stopped_at is None


def test_two_pages_of_one_person_make_no_address_a_shared_one(mover, asked, staff_there, run, parent):
    take_in(staff_there, asked)

    account = run("select * from identity.account where id = :id", id=parent.account_id).one()
    assert account.shared_from is None
    assert not run("select count(*) from outbox where kind = 'address_shared'").scalar_one()
    assert mover.get("/my/answers").status_code == 200


# ---- afterwards


def test_staff_there_invite_them_and_the_message_opens_nothing(asked, staff_there, run, mover):
    new_person = take_in(staff_there, asked).location.rpartition("/")[2]
    staff_there.post(f"/school/parents/{new_person}/invite")

    kinds = run("select kind from outbox where recipient_id = :id", id=new_person).scalars().all()
    assert set(kinds) == {"invited_back"}
    assert stage(run, new_person) == "invited"


def test_who_has_a_page_is_not_taken_out_of_the_list_as_a_slip(asked, staff_there, run, parent):
    """A page of nobody would be left to them; staff note what they said, as of anybody."""
    new_person = take_in(staff_there, asked).location.rpartition("/")[2]
    done = staff_there.post(f"/school/parents/{new_person}/remove", follow_redirects=True)

    assert "They have a history here" in done.text
    assert run("select count(*) from parent where id = :id", id=new_person).scalar_one() == 1
    assert len(memberships(run, parent)) == 2


def test_the_next_sign_in_opens_the_newer_page(asked, staff_there, run, parent, there):
    take_in(staff_there, asked)
    newest = run(
        "select m.in_school from identity.membership m where m.account_id = :id and m.ended_at is null"
        " and m.role in ('parent', 'facilitator') order by m.created_at desc, m.id limit 1",
        id=parent.account_id,
    ).scalar_one()

    assert newest == there.school_id


def test_what_we_hold_says_what_went_there(mover, asked, there):
    page = mover.get("/my/data").text

    assert "What you sent to another school" in page
    assert there.name in page


def test_moving_back_leads_to_the_page_that_is_there(
    mover, asked, staff_there, run, parent, client_for, world, there
):
    """At the new school the old one is not asked again: their page there is theirs still."""
    new_person = take_in(staff_there, asked).location.rpartition("/")[2]
    membership = run("select id from identity.membership where person_id = :id", id=new_person).scalar_one()
    now = replace(parent, membership_id=membership, person_id=new_person, school_id=there.school_id)
    client = client_for(now)
    page = client.get(NEW).text

    assert f"You have a page at {world.school.name} already." in page
    done = client.post(f"{ASK}?school={world.school.school_id}", data={"agrees": "y"}, follow_redirects=True)
    assert "You have a page at that school already." in done.text
    assert stage(run, new_person) == "identified"


def test_after_28_days_it_is_deleted_and_they_may_ask_again(mover, asked, run, there, at, session_for, world):
    run("update signup set said_at = app.now() - interval '29 days' where id = :id", id=asked)
    run("delete from signup where id = :id", id=asked)

    assert not run("select count(*) from identity.school_move").scalar_one()
    assert mover.get(at).status_code == 200
