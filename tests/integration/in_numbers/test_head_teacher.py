"""A head teacher reads their school in numbers: full fives of people as the week began, and no name."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.in_numbers.due import list_due
from app.in_numbers.queries import Numbers
from app.schools.models import School
from infra.clock import LONDON, now
from infra.ids import new_id
from tests.support.answers import page_words as words
from tests.support.borrowed import as_login
from tests.support.links import sent
from tests.support.reading import find_in

PARENTS = {"asked", "joined", "waiting", "in_groups"}


@pytest.fixture
def head(client_for, world):
    return client_for(world.school.head_teacher)


@pytest.fixture
def as_superuser(connection):
    def run(statement, **values):
        connection.execute(text("set session authorization default"))
        answer = connection.execute(text(statement), values)
        rows = answer.all() if answer.returns_rows else []
        connection.execute(text("set session authorization wb_web"))
        return rows

    return run


@pytest.fixture
def stood(as_superuser, world):
    """So many parents of the school who came to `stage` then, and nobody else."""
    as_superuser("delete from parent_event where school_id = :id", id=world.school.school_id)

    def add(count, stage, at, school=None):
        for _ in range(count):
            values = {"school": (school or world.school).school_id, "parent": new_id(), "id": new_id()}
            as_superuser(
                "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
                " values (:school, :parent, :stage, :at, :at)",
                **{name: value for name, value in values.items() if name != "id"},
                stage=stage,
                at=at,
            )
            as_superuser(
                "insert into parent_event (school_id, id, parent_id, to_stage, by_side, at)"
                " values (:school, :id, :parent, :stage, 'school', :at)",
                **values,
                stage=stage,
                at=at,
            )

    return add


@pytest.fixture
def counted(connection, session_for, world):
    """What the database tells a head."""

    def ask(person=None):
        session = session_for(person or world.school.head_teacher)
        return dict(session.execute(text("select what, number from app.school_in_numbers()")).all())

    return ask


def monday():
    """As this week began."""
    today = now().astimezone(LONDON)
    return (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(("there", "read"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_parents_are_counted_in_full_fives_and_under_five_is_like_none(stood, counted, there, read):
    stood(there, "waiting", monday() - timedelta(days=1))
    found = counted()
    assert {what: found[what] for what in PARENTS} == {
        "asked": read,
        "joined": read,
        "waiting": read,
        "in_groups": 0,
    }


def test_a_number_moves_when_a_week_begins_and_not_with_the_parent(stood, counted, clock):
    """Given four who wait, when a fifth joins on a weekday, then the number moves on Monday and not before."""
    stood(4, "waiting", monday() - timedelta(days=1))
    stood(1, "joined", monday() + timedelta(minutes=1))
    assert counted()["joined"] == 0
    clock.set(monday() + timedelta(days=7, minutes=1))
    assert counted()["joined"] == 5


def test_who_was_not_asked_and_who_is_at_another_school_is_not_counted(stood, counted, world):
    before = monday() - timedelta(days=2)
    stood(6, "identified", before)
    stood(6, "said_no", before)
    stood(9, "joined", before, school=world.sibling_school)
    found = counted()
    assert (found["asked"], found["joined"]) == (5, 0)


@pytest.mark.parametrize(
    ("before", "read"), [("joined", 5), ("in_group", 5), ("invited", 0), ("identified", 0)]
)
def test_who_left_has_joined_where_they_had(stood, counted, as_superuser, world, before, read):
    stood(6, "left", monday() - timedelta(days=2))
    as_superuser(
        "update parent_event set from_stage = :before where school_id = :id and to_stage = 'left'",
        before=before,
        id=world.school.school_id,
    )
    assert counted()["joined"] == read


def test_who_joined_once_stays_counted_whatever_they_do_next(stood, counted, as_superuser, world):
    """Given five who joined, when they leave, come back and say no in later weeks, then five have joined."""
    stood(5, "joined", monday() - timedelta(days=30))
    for later, (before, after) in enumerate(
        (("joined", "left"), ("left", "interested"), ("interested", "said_no"))
    ):
        as_superuser(
            "insert into parent_event"
            " (school_id, id, parent_id, from_stage, to_stage, by_side, by_name, how, reason, at)"
            " select school_id, gen_random_uuid(), parent_id, :before, :after, 'parent', '', '', '',"
            " at + :later * interval '3 days' from parent_event"
            " where school_id = :id and to_stage = 'joined' and at = :at",
            before=before,
            after=after,
            later=later + 1,
            id=world.school.school_id,
            at=monday() - timedelta(days=30),
        )
    assert counted()["joined"] == 5


@pytest.mark.parametrize(
    ("merged", "undone", "read"),
    [
        (timedelta(minutes=1), None, 5),
        (timedelta(days=-1), None, 0),
        (timedelta(days=-1), timedelta(minutes=1), 0),
        (timedelta(days=-3), timedelta(days=-2), 5),
    ],
    ids=["this week", "before", "before, and undone this week", "before, and undone before"],
)
def test_to_put_two_entries_together_and_to_undo_it_moves_nothing_within_the_week(
    stood, counted, as_superuser, world, merged, undone, read
):
    """Given five who wait, of whom two are put together, then it reads what stood as the week began."""
    stood(5, "waiting", monday() - timedelta(days=9))
    as_superuser(
        "insert into parent_merge (school_id, id, kept_id, gone_id, gone_name, by_name, at, undone_at)"
        " select :id, gen_random_uuid(), min(e.parent_id::text)::uuid, max(e.parent_id::text)::uuid, '', '', :at,"
        " cast(:undone as timestamptz) from parent_event e where e.school_id = :id and e.at = :stood",
        id=world.school.school_id,
        at=monday() + merged,
        undone=monday() + undone if undone else None,
        stood=monday() - timedelta(days=9),
    )
    assert counted()["waiting"] == read


def test_a_head_reads_numbers_and_papers_and_no_name_of_a_parent(head, stood, world):
    stood(7, "waiting", monday() - timedelta(days=1))
    page = head.get("/head")
    assert "had joined 5 or more" in words(page.text)
    assert "were in a group Under 5" in words(page.text)
    assert world.school.family_canary not in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    papers = head.get("/head/papers")
    assert papers.status_code == 200
    assert f"/documents/{world.school.ids['agreement_document_id']}" in papers.text


@pytest.mark.parametrize(
    "table",
    ["parent", "parent_contact", "enrolment", "contact_with_parent", "concern", "facilitator", "group_theme"],
)
def test_the_database_refuses_every_list(connection, session_for, world, table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        session_for(world.school.head_teacher).execute(text(f"select count(*) from {table}"))


def test_a_paper_that_names_parents_is_not_found(session_for, world):
    kinds = session_for(world.school.head_teacher).execute(text("select distinct kind from document"))
    assert set(kinds.scalars()) <= {"project_brief", "agreement", "signed_agreement"}


def test_nobody_else_may_ask_for_the_numbers(session_for, world):
    for person in (world.school.senco, world.school.dsl, world.authority.admin, world.school.parent):
        with pytest.raises(ProgrammingError, match="permission denied"):
            session_for(person).execute(text("select * from app.school_in_numbers()"))


def test_a_lead_invites_a_head_who_comes_in_and_is_taken_off_again(app, client_for, connection, world):
    """Given a lead who invites a head, when they accept, then they land on their numbers; removed, they are out."""
    lead, head = client_for(world.school.lead), client_for(None)
    data = {"name": "Ada Stone", "email": "ada@x.example.org", "job_title": "", "role": "head_teacher"}
    assert "Ada Stone" in lead.post("/school/staff/invite", data=data, follow_redirects=True).text
    with as_login(connection, "wb_owner"):
        message, person = connection.execute(
            text(
                "select id, recipient_id from outbox where kind = 'staff_invitation'"
                " order by created_at desc, id desc limit 1"
            )
        ).one()
    token = sent(connection, app.config["SECRET_KEY"], message)
    assert "Head teacher" in head.get(f"/invitation/{token}?me=yes").text
    head.post(f"/invitation/{token}", data={"password": "violin cactus rain"})
    page = head.get("/sign-in/set-up").text
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")
    head.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret).now()})
    assert head.get("/head").status_code == 200
    assert head.get("/school/parents").status_code == 403
    assert "Signed up" in words(lead.get("/school/staff").text)

    lead.post(f"/school/staff/{person}/remove", follow_redirects=True)
    assert head.get("/head").status_code != 200


def test_a_colleague_who_is_head_too_has_two_roles(client_for, connection, world):
    """Given somebody invited as SENCO, when the lead invites them as head too, then both invitations stand; a second
    one as head is refused."""
    lead = client_for(world.school.lead)
    for role in ("senco", "head_teacher", "head_teacher"):
        data = {"name": "Ada Stone", "email": "ada@x.example.org", "job_title": "", "role": role}
        page = lead.post("/school/staff/invite", data=data, follow_redirects=True)
    assert "Ada Stone is already Head teacher here" in words(page.text)
    with as_login(connection, "wb_owner"):
        roles = connection.execute(
            text(
                "select role from staff_member where email = 'ada@x.example.org' and ended_at is null order by role"
            )
        ).scalars()
        assert list(roles) == ["head_teacher", "senco"]


def numbers(**changes) -> Numbers:
    given = dict.fromkeys(Numbers.__slots__, 0) | {"leads": 1, "dsls": 1, "days": None}
    return Numbers(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"leads": 0}, "has signed in as school lead"),
        ({"dsls": 0}, "no safeguarding lead has signed in"),
        ({"without_two": 2}, "2 groups have not two people"),
        ({"late": 1}, "waits longer for a reply"),
    ],
)
def test_what_is_due_is_said_without_a_name(app, changes, said):
    school = School(stage="active", contact_name="Jo", contact_phone="020 7946 0100")
    with app.test_request_context():
        found = list_due(school, numbers(**changes), None, "")
        assert list_due(school, numbers(), None, "") == ["The agreement is not signed yet."]
    assert said in " ".join(found)


def test_an_announcement_to_everybody_reaches_the_head(client_for, head, world):
    page = head.get("/school/announcements")
    assert page.status_code == 200
    assert "From the council" in page.text
