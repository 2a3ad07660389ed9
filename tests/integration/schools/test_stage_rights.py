"""The table of what may be done at each stage: asked by services and by the database, and shown in words."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.cohorts import membership
from app.facilitators import services as facilitators
from app.recruitment import letters
from app.recruitment import services as recruitment
from app.recruitment.services import ParentDetails
from app.schools import services, set_up, stage_rights
from app.schools.stages import STAGES
from app.shell.refusals import Refused
from app.states.schools import may
from infra.clock import now
from infra.ids import new_id
from tests.support.borrowed import as_login
from tests.support.world import School


def be_at(connection, school: School, stage: str) -> None:
    """Put a school at `stage`, as its authority's row."""
    connection.execute(
        text(
            "select set_config('role', 'wb_authority', true), set_config('app.authority', :authority, true),"
            " set_config('app.school', '', true), set_config('app.person', '', true)"
        ),
        {"authority": str(school.authority_id)},
    )
    connection.execute(
        text("update school set stage = :stage where school_id = :id"),
        {"stage": stage, "id": school.school_id},
    )
    connection.execute(text("select set_config('role', 'none', true)"))


def what_staff_do(world):
    """Right -> a press of the school's staff that needs it."""
    school = world.school
    return {
        "find_parents": lambda s: recruitment.add_parent(
            s, school.school_id, ParentDetails("New", "Somebody", phone="+447700900555")
        ),
        "invite_parents": lambda s: recruitment.invite(
            s, school.school_id, school.authority_id, school.ids["identified_parent_id"]
        ),
        "form_groups": lambda s: membership.take_place(
            s, school.school_id, school.ids["forming_cohort_id"], school.ids["waiting_parent_id"]
        ),
        "find_facilitators": lambda s: facilitators.add_professional(
            s, school.school_id, name="P", email="p@example.org", phone="", reason="Known"
        ),
        "invite_colleague": lambda s: set_up.invite_colleague(
            s, school.school_id, role="senco", name="C", email="colleague@example.org", job_title=""
        ),
        "prepare": lambda s: set_up.read_brief(s, school.school_id, by="Somebody"),
    }


@pytest.mark.parametrize(
    "right",
    ["find_parents", "invite_parents", "form_groups", "find_facilitators", "invite_colleague", "prepare"],
)
def test_staff_do_what_the_table_says_and_nothing_else(connection, session_for, world, right):
    """Given a school at each stage, when its staff press, then the table alone decides."""
    for stage in STAGES:
        step = connection.begin_nested()
        be_at(connection, world.school, stage)
        session = session_for(world.school.lead)
        if may(stage, right):
            what_staff_do(world)[right](session)
        else:
            with pytest.raises(Refused):
                what_staff_do(world)[right](session)
        session.rollback()
        step.rollback()


def test_a_letter_is_an_invitation_too(connection, session_for, world):
    be_at(connection, world.school, "invited")
    with pytest.raises(Refused, match="agreement"):
        letters.ask_for_letter(
            session_for(world.school.lead),
            world.school.school_id,
            world.school.authority_id,
            world.school.ids["identified_parent_id"],
            by="X",
        )


def test_the_database_has_the_same_table(connection, session_for, world):
    """Given each stage, then `app.school_may` answers as the table does for every right that it knows."""
    for stage in STAGES:
        be_at(connection, world.school, stage)
        session = session_for(world.school.lead)
        for right in ("invite_parents", "form_groups"):
            told = session.execute(text("select app.school_may(:right)"), {"right": right}).scalar_one()
            assert told is may(stage, right), (stage, right)
        assert session.execute(text("select app.school_may('anything else')")).scalar_one() is False
        session.rollback()


@pytest.mark.parametrize("stage", ["invited", "paused", "left"])
def test_whatever_a_service_forgets_the_database_refuses(connection, session_for, world, stage):
    """Given a school that is not active, when rows are written past every service, then they are refused."""
    be_at(connection, world.school, stage)
    rows = {
        "insert into cohort (school_id, id, name, starts_at, room, created_at)"
        " values (:school, :id, 'X', '18:00', 'R', :at)": {},
        "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, next_at,"
        " created_at) values (:school, :id, 'parent_invitation', 'sms', 'parent', :parent, 'x', 'queued', :at,"
        " :at)": {"parent": world.school.ids["identified_parent_id"]},
    }
    for statement, more in rows.items():
        session = session_for(world.school.lead)
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(
                text(statement), {"school": world.school.school_id, "id": new_id(), "at": now(), **more}
            )
        session.rollback()


@pytest.mark.parametrize("stage", ["active", "paused"])
def test_each_page_of_a_group_that_has_not_begun_says_that_it_waits(connection, client_for, world, stage):
    """Given a pause, when staff, who leads or a parent open a group that has not begun, then its page says so."""
    school = world.school
    be_at(connection, school, stage)
    with as_login(connection, "postgres"):
        connection.execute(
            text("update cohort set state = 'forming' where id = :id"), {"id": school.ids["cohort_id"]}
        )
    pages = {
        "lead": f"/school/groups/{school.ids['cohort_id']}",
        "facilitator": f"/group/cohort?cohort={school.ids['cohort_id']}",
        "parent": "/my/group",
    }
    for who, page in pages.items():
        told = client_for(school.people[who]).get(page).text
        assert ("not begun" in told) is (stage == "paused"), who
    leaving = client_for(school.lead).get("/school/leaving").text
    assert ("Finish: start it" in leaving) is (stage == "active")


def test_an_authority_learns_who_to_tell_only_of_its_own_schools(session_for, world):
    """Given a school of another authority, when its people are asked for, then nobody is named."""
    session = session_for(world.authority.admin)
    ask = text("select recipient_kind, person_id from app.people_of_open_groups(:id)")
    own = session.execute(ask, {"id": world.school.school_id}).all()
    assert {row.recipient_kind for row in own} == {"parent", "facilitator"}
    assert world.school.people["graduate"].person_id not in {row.person_id for row in own}
    assert session.execute(ask, {"id": world.other_school.school_id}).all() == []


def test_a_pause_is_told_with_its_reason_to_everybody_under_way(session_for, world):
    school = world.school
    session = session_for(world.authority.admin)
    services.pause(session, school.authority_id, school.school_id, reason="The hall is being mended.", by="A")
    session.commit()
    session = session_for(school.lead)
    told = session.execute(
        text("select kind, recipient_id from outbox where kind like 'school_paused%'")
    ).all()
    assert {row.kind for row in told} == {
        "school_paused_staff",
        "school_paused_parent",
        "school_paused_facilitator",
    }
    assert {school.parent.person_id, school.lead.person_id, school.facilitator.person_id} <= {
        row.recipient_id for row in told
    }


def test_nobody_leaves_while_a_group_goes_on(client_for, world):
    """Given a group that meets, when the authority presses, then it reads which, with its reason still in the box."""
    client = client_for(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}/leave"
    page = client.post(address, data={"reason": "It closes."}).get_data(as_text=True)
    assert "Not ended yet: Group" in page
    assert "It closes." in page
    assert "Start again" not in client.get(address.removesuffix("/leave")).get_data(as_text=True)


#: What is typed about a school, and the pages on which it stands afterwards for whom.
REASONS = {"pause": "paused", "leave": "left"}


@pytest.mark.parametrize("what", REASONS)
def test_a_reason_says_on_its_form_who_reads_it(client_for, connection, world, what):
    """Given a reason that stands on parents' pages, then the form says so; no other form of the kind does."""
    admin, address = client_for(world.authority.admin), f"/authority/schools/{world.school.school_id}"
    assert "Parents and carers, facilitators and staff read this" in admin.get(f"{address}/{what}").text
    assert "Parents and carers" not in admin.get(f"{address}/bring-back").text.split("<form")[-1]
    as_authority = (
        "select set_config('role', 'wb_authority', true), set_config('app.authority', :a, true),"
        " set_config('app.school', '', true), set_config('app.person', '', true)"
    )
    connection.execute(text(as_authority), {"a": str(world.school.authority_id)})
    connection.execute(
        text("update school set stage = :stage, stage_reason = 'The hall is shut.' where school_id = :id"),
        {"stage": REASONS[what], "id": world.school.school_id},
    )
    connection.execute(text("select set_config('role', 'none', true)"))
    assert "The hall is shut." in client_for(world.school.parent).get("/my", follow_redirects=True).text


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_page_says_what_can_be_done_now(connection, client_for, world, stage):
    """Given any stage, when the lead or the authority opens the school, then it says what may be done and what not."""
    be_at(connection, world.school, stage)
    allowed = stage_rights.in_words(stage)
    for client, address in (
        (client_for(world.school.lead), "/school/set-up"),
        (client_for(world.authority.admin), f"/authority/schools/{world.school.school_id}"),
    ):
        page = client.get(address).get_data(as_text=True)
        assert "can do now" in page
        for words in allowed.now + allowed.not_now:
            assert words in page


def test_a_prospect_reads_what_comes_with_the_invitation_and_what_comes_later(client_for, world, connection):
    """Given a prospect, then inviting colleagues and preparing wait for the invitation, and not for an agreement."""
    be_at(connection, world.school, "prospect")
    council = client_for(world.authority.admin).get(f"/authority/schools/{world.school.school_id}").text
    assert "Colleagues and preparing come when you have invited the school" in council
    data = {"name": "New One", "email": "new.one@example.org", "job_title": "", "role": "senco"}
    page = client_for(world.school.lead).post("/school/staff/invite", data=data, follow_redirects=True).text
    assert "This comes when your council has invited your school." in page
