"""A parent whose child goes to another school now: one press, from their own account, and what each side then knows."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.integration.signing_up.conftest import OVERVIEW
from tests.integration.signing_up.moving.conftest import (
    ASK,
    BACK,
    NEW,
    OPEN,
    memberships,
    move,
    stage,
    take_in,
)
from tests.integration.test_stale_presses import sent
from tests.support.client import PageClient, sign_in

# ---- the story


def test_a_parent_goes_to_another_school(
    mover, at, run, world, there, parent, staff_there, client_for, signups
):
    """Given a parent in a group
    When they choose another school of their council, read what goes, and press
    Then they have left here, staff there read name, ways and language, and once these know them the same account opens
    a page there; what was theirs stays with the school where it is."""
    theirs = "select count(*) from answer_set where parent_id = :id"
    answers = run(theirs, id=parent.person_id).scalar_one()
    listed = mover.get(NEW).text
    assert there.name in listed
    assert world.school.name not in re.findall(
        r'<a class="govuk-link" href="/my/new-school/ask[^>]*>[^<]*', listed
    )
    page = mover.get(at).text
    assert "We do not tell them why, or where to." in page
    done = move(mover, at)

    assert (done.status_code, done.location) == (303, NEW)
    assert f"You have asked at {there.name}" in mover.get(NEW).text
    assert stage(run, parent.person_id) == "left"
    contact = run("select * from parent_contact where parent_id = :id", id=parent.person_id).one()
    (row,) = signups(there)
    for name in ("first_name", "last_name", "email", "phone", "language"):
        assert getattr(row, name) == getattr(contact, name)
    assert "One person signed up" in staff_there.get("/school").text
    asking = staff_there.get(f"{OVERVIEW}/{row.id}").text
    assert "They asked from their own We Belong account" in asking
    assert world.school.name not in asking

    accepted = take_in(staff_there, row.id)
    new_person = accepted.location.rpartition("/")[2]
    assert stage(run, new_person) == "identified"
    assert [(one.in_school, str(one.person_id)) for one in memberships(run, parent)] == [
        (world.school.school_id, str(parent.person_id)),
        (there.school_id, new_person),
    ]
    assert "You have a page there." in mover.get(NEW).text
    # The old page is theirs as it was, and the new one begins with nothing.
    assert run(theirs, id=parent.person_id).scalar_one() == answers
    assert mover.get("/my/answers").status_code == 200
    there_now = client_for(parent)
    membership = run("select id from identity.membership where person_id = :id", id=new_person).scalar_one()
    changed = there_now.post("/change-role", data={"membership": str(membership)})
    assert changed.status_code == 303
    welcome = there_now.get("/my", follow_redirects=True).text
    assert there.name in welcome
    assert "Library" not in welcome
    for table in ("consent", "answer_set", "parent_event"):
        key = "from_stage is not null and" if table == "parent_event" else ""
        assert not run(
            f"select count(*) from {table} where {key} parent_id = :id", id=new_person
        ).scalar_one()


def test_the_school_that_they_leave_reads_that_they_left_and_nothing_else(
    mover, asked, client_for, world, there, parent, run, at
):
    """What it reads of somebody who moved is, word for word, what it reads of one who pressed *Leave the group*."""
    senco = client_for(world.school.senco)
    address = f"/school/parents/{parent.person_id}"
    pages = [senco.get(address).text, senco.get("/school").text]

    assert "Left" in pages[0]
    for page in pages:
        assert there.name not in page
        assert "another school" not in page
    kept = run(
        "select event, details::text from audit_event where school_id = :id and at >= app.now() - interval '1 minute'",
        id=world.school.school_id,
    ).all()
    assert [
        one for one in kept if "signing_up" in one.event or str(there.school_id) in (one.details or "")
    ] == []
    assert not run(
        "select count(*) from enrolment where parent_id = :id and left_at is null", id=parent.person_id
    ).scalar_one()


@pytest.mark.parametrize("said", ["said_no", "left", "interested", "identified"])
def test_wherever_they_stand_they_may_go(said, mover, at, run, parent, signups, there):
    run("update parent set stage = :stage where id = :id", stage=said, id=parent.person_id)
    run(
        "update enrolment set left_at = app.now(), status = 'left' where parent_id = :id", id=parent.person_id
    )
    page = mover.get(at).text
    assert ("Nothing changes. You do not take part there" in page) == (said in ("said_no", "left"))
    move(mover, at)

    assert len(signups(there)) == 1
    assert stage(run, parent.person_id) == (said if said == "said_no" else "left")


# ---- who may


def test_whoever_finds_the_phone_is_asked_first_who_they_are(app, world, at, signups, there, run, parent):
    client = PageClient(app)
    sign_in(client, parent, confirmed=False)

    assert client.get(at).location == "/confirm"
    assert client.post(at, data={"agrees": "y"}).location == "/confirm"
    assert signups(there) == []
    assert stage(run, parent.person_id) != "left"


def test_nobody_asks_in_a_scope_without_the_browser(without_browser, parent, there):
    """A statement in the parent's scope, that no browser of theirs sent, writes nothing and reads nothing."""
    session = without_browser(parent)
    asked = session.execute(
        text("select identity.ask_other_school(:id, :school)"), {"id": new_id(), "school": there.school_id}
    ).scalar_one()

    assert asked == "nobody"
    assert session.execute(text("select * from identity.schools_to_move_to()")).all() == []
    assert session.execute(text("select * from identity.my_school_move()")).all() == []
    assert session.execute(text("select identity.take_back_school_move()")).scalar_one() == "nobody"


@pytest.mark.parametrize("has_browser", [True, False])
def test_staff_of_a_scope_without_the_browser_open_nothing(
    has_browser, asked, staff_there, session_for, without_browser, there, run, parent
):
    new_person = take_in(staff_there, asked).location.rpartition("/")[2]
    run("delete from identity.membership where person_id = :id", id=new_person)
    session = (session_for if has_browser else without_browser)(there.senco)

    assert session.execute(text(OPEN), {"id": asked, "membership": new_id()}).scalar_one() is has_browser


@pytest.mark.parametrize(
    "chosen", ["", "x", "other council", "their own", "nobody's", "paused", "left", "' or 1=1", "\u0000"]
)
def test_no_other_school_can_be_chosen(chosen, mover, run, world, there, signups, parent):
    """Nothing is sent, nobody has left, and the page says so."""
    if chosen in ("paused", "left"):
        run("update school set stage = :stage where school_id = :id", stage=chosen, id=there.school_id)
    school = {
        "other council": world.other_school.school_id,
        "their own": world.school.school_id,
        "nobody's": new_id(),
        "paused": there.school_id,
        "left": there.school_id,
    }.get(chosen, chosen)
    before = stage(run, parent.person_id)
    for answer in (
        mover.get(ASK, query_string={"school": school}),
        mover.post(ASK, query_string={"school": school}, data={"agrees": "y"}),
    ):
        assert (answer.status_code, answer.location) == (303, NEW)
    assert "That school cannot be chosen now" in mover.get(NEW).text
    assert stage(run, parent.person_id) == before
    assert not run("select count(*) from identity.school_move").scalar_one()


def test_what_the_list_says_of_a_school_is_its_name_and_town(mover, run, there, world):
    run("update register_school set town = 'Elmstead' where urn = :urn", urn=there.urn)
    listed = mover.get(NEW).text

    assert f"{there.name}</a>, Elmstead" in listed
    assert there.canary not in listed
    assert world.other_school.name not in listed


# ---- twice, too late, by mistake


def test_without_the_tick_nothing_goes(mover, at, signups, there, run, parent):
    page = mover.post(at, data={})

    assert "Tick the box" in page.text
    assert signups(there) == []
    assert stage(run, parent.person_id) != "left"


def test_pressed_twice_it_is_one_and_at_two_schools_it_is_the_first(
    mover, at, asked, signups, there, run, world
):
    assert mover.post(at, data={"agrees": "y"}).location == NEW
    assert mover.get(at).location == NEW
    assert len(signups(there)) == 1


def test_a_page_on_which_something_else_stood_sends_nothing(mover, at, signups, there, run, parent):
    """Staff correct the number while the page lies open: what they agreed to is not what would go."""
    page = mover.get(at).text
    run("update parent_contact set phone = '+447700900999' where parent_id = :id", id=parent.person_id)
    answer = mover.post(at, data=sent(page, "") | {"agrees": "y"})

    assert "Something changed here" in answer.text
    assert signups(there) == []
    assert stage(run, parent.person_id) != "left"


def test_it_can_be_taken_back_until_it_is_read(mover, asked, signups, there, staff_there, run, parent):
    assert "Take it back" in mover.get(NEW).text
    done = mover.post(BACK, follow_redirects=True).text

    assert "Taken back." in done
    assert signups(there) == []
    assert not run("select count(*) from identity.school_move").scalar_one()
    assert staff_there.get(f"{OVERVIEW}/{asked}").status_code == 404
    assert "Nothing of yours waits" in mover.post(BACK, follow_redirects=True).text
    # What they left they come back to as everybody does.
    mover.post("/my/come-back")
    assert stage(run, parent.person_id) == "interested"


def test_once_staff_know_them_there_it_is_not_taken_back(mover, asked, staff_there, signups, there):
    take_in(staff_there, asked)

    assert "They have taken you into their list already." in mover.post(BACK, follow_redirects=True).text
    assert len(signups(there)) == 1


def test_what_is_set_aside_is_gone_and_nobody_is_told(mover, asked, staff_there, run, at):
    staff_there.post(f"{OVERVIEW}/{asked}/set-aside")

    assert not run("select count(*) from identity.school_move").scalar_one()
    assert "You have asked at" not in mover.get(NEW).text
    assert mover.get(at).status_code == 200


def test_a_sixth_press_on_one_day_is_refused(mover, at, signups, there):
    for _once in range(5):
        assert move(mover, at).status_code == 303
        mover.post(BACK)
    page = mover.get(at)
    refused = mover.post(at, data=sent(page.text, "") | {"agrees": "y"})

    assert refused.status_code in (200, 429)
    assert signups(there) == []


# ---- whom the other school knows


@pytest.fixture
def known_there(run, there, parent):
    """Their name in the other school's list, by another number; they had said no."""
    known = there.ids["identified_parent_id"]
    run(
        "update parent_contact c set first_name = o.first_name, last_name = o.last_name, email = '',"
        " phone = '+447700900888'"
        " from parent_contact o where o.parent_id = :mover and c.parent_id = :known",
        mover=parent.person_id,
        known=known,
    )
    run("update parent set stage = 'said_no', do_not_ask_until = '2099-01-01' where id = :id", id=known)
    return known


def test_a_press_of_their_own_after_a_no_is_a_change_of_mind(known_there, asked, staff_there, run):
    """Given an entry there that had said no, when staff say that this is them, then somebody is to call them."""
    done = take_in(staff_there, asked, who=str(known_there))

    assert done.location.endswith(str(known_there))
    assert stage(run, known_there) == "interested"
    assert str(known_there) in staff_there.get("/school").text
    assert "From their own We Belong account" in staff_there.get(done.location).text


def test_their_own_number_in_the_other_list_shuts_nobody_out(known_there, asked, staff_there, run, parent):
    """Given the same, when staff put their number into that entry, then it is theirs: no PIN, no notice."""
    take_in(staff_there, asked, who=str(known_there), take=["phone"])

    phone = run("select phone from parent_contact where parent_id = :id", id=known_there).scalar_one()
    assert (
        phone
        == run("select phone from parent_contact where parent_id = :id", id=parent.person_id).scalar_one()
    )
    assert not run("select count(*) from outbox where kind = 'address_shared'").scalar_one()
    assert run("select identity.is_told_apart(:id)", id=parent.account_id).scalar_one()
    assert (
        run("select shared_from from identity.account where id = :id", id=parent.account_id).scalar_one()
        is None
    )
    # It opens nothing there.
    assert len(memberships(run, parent)) == 1


def test_once_somebody_else_comes_in_as_that_entry_the_two_share_a_number(
    known_there, asked, staff_there, run, parent, there
):
    """Given staff who were wrong, when the other comes in by their own account, then the mover is asked for a PIN."""
    take_in(staff_there, asked, who=str(known_there), take=["phone"])
    assert run("select identity.is_told_apart(:id)", id=parent.account_id).scalar_one()
    run(
        "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)"
        " values (:id, :account, 'parent', :authority, :school, :person)",
        id=new_id(),
        account=there.parent.account_id,
        authority=there.authority_id,
        school=there.school_id,
        person=known_there,
    )

    assert not run("select identity.is_told_apart(:id)", id=parent.account_id).scalar_one()


def test_somebody_taken_in_by_mistake_is_not_offered_to_be_removed(asked, staff_there):
    page = take_in(staff_there, asked, follow_redirects=True).location

    assert "Remove: added by mistake" not in staff_there.get(page).text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("in_group", "Your place goes to somebody else."),
        ("graduated", "stay yours to read here"),
        ("invited", ""),
    ],
)
def test_what_leaving_means_is_said_by_where_they_stand(said, words, mover, at, run, parent):
    run("update parent set stage = :stage where id = :id", stage=said, id=parent.person_id)
    page = mover.get(at).text

    assert words in page
    assert ("place goes" in page) is (said == "in_group")


def test_whoever_leads_as_well_reads_that_they_go_on(mover, at, run, world, parent):
    assert "You go on helping to lead" not in mover.get(at).text
    run(
        "update identity.membership set account_id = :account where person_id = :leads and role = 'facilitator'",
        account=parent.account_id,
        leads=world.school.facilitator.person_id,
    )
    for page in (at, "/my/leave"):
        assert "You go on helping to lead" in mover.get(page).text
