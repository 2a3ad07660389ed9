"""A concern is kept from whoever it names, also when they are appointed to read concerns afterwards."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.safeguarding.keeping import list_naming_to
from app.safeguarding.naming import names_role
from infra.database import make_engine
from infra.ids import new_id
from tests.integration.schools.appointing import accept, agree, appointment, days_later, sets_up_app
from tests.support.world import Person
from workers.schedule import Schedule

EMAIL = "maxine.shah@example.org"


def look_after(own):
    settings = own.stack.settings()
    engine = make_engine(settings.secret("database_documents_url"))
    try:
        return Schedule(engine, settings.secret("redis_url")).look_after_concerns()
    finally:
        engine.dispose()


@pytest.fixture
def ask(own, world):
    """The school's lead invites Maxine Shah to read concerns; the appointment."""

    def do():
        data = {"name": "Maxine Shah", "email": EMAIL, "job_title": "", "role": "school_dsl"}
        own.client(world.school.lead).post("/school/staff/invite", data=data)
        return appointment(own)

    return do


@pytest.fixture
def appointed(own, world, ask):
    """Maxine Shah reads concerns at the school, a day after the safeguarding lead agreed; a browser of hers."""

    def do():
        row = ask()
        agree(own, world.school.dsl, row)
        accept(own, EMAIL)
        sets_up_app(own, EMAIL)
        days_later(own)
        own.rows("set role wb_identity")
        (mine,) = own.rows(
            "select m.id, m.account_id, m.person_id from identity.membership m"
            " join identity.account a on a.id = m.account_id where a.email = %s and m.ended_at is null",
            EMAIL,
        )
        own.rows("reset role")
        dsl = world.school.dsl
        return Person(
            **{
                **{name: getattr(dsl, name) for name in dsl.__dataclass_fields__},
                "account_id": mine["account_id"],
                "membership_id": mine["id"],
                "person_id": mine["person_id"],
            }
        )

    return do


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_names_them_is_kept_from_them_open_and_closed(own, world, raise_one, appointed):
    named, raiser = raise_one(about="adult", about_name="Mrs Shah", risk_today="yes")
    was_there, _client = raise_one(about="child", about_name="Ali", who_else="Maxine Shah")
    closed, _client = raise_one(about="adult", about_name="Maxine Shah")
    own.rows("update concern set closed_at = now() where id = %s", closed)
    other, _client = raise_one(about="child", about_name="Tom Shah")
    maxine = appointed()
    client = own.client(maxine)

    for concern_id in (named, was_there, closed):
        for path in ("", "/print"):
            assert client.get(f"/school/concerns/{concern_id}{path}").status_code == 404
        for press in ("read", "actions", "close", "open-again"):
            assert client.post(f"/school/concerns/{concern_id}/{press}").status_code == 404
    assert client.get(f"/school/concerns/{other}").status_code == 200
    for path in ("/school/concerns", "/school/concerns?show=closed", "/school"):
        page = client.get(path).text
        assert named not in page
        assert closed not in page
    with own.session("wb_web", maxine.scope) as session:
        seen = set(session.scalars(text("select id::text from concern")))
        assert {named, was_there, closed}.isdisjoint(seen)
        assert other in seen
        statement = "update concern set closed_at = app.now() where id = :id"
        assert session.execute(text(statement), {"id": named}).rowcount == 0
        assert session.scalar(text("select count(*) from concern_kept")) == 0
    # Who read there before goes on, and the raiser reads who it is.
    assert own.client(world.school.dsl).get(f"/school/concerns/{named}").status_code == 200
    receipt = text_of(raiser.get(f"/concerns/{named}/received").text)
    assert world.school.dsl.name in receipt
    assert "New" not in receipt.split("Who will read it")[1][:60]


def test_the_second_person_is_told_before_they_agree(own, world, raise_one, ask):
    raise_one(about="adult", about_name="Mrs Shah")
    ask()
    said = "An open concern names somebody of this name"
    assert said in text_of(own.client(world.school.dsl).get("/appointments").text)
    assert said not in text_of(own.client(world.school.lead).get("/appointments").text)


@pytest.mark.parametrize("who", ["lead", "authority_admin", "named_officer", "dsl"])
def test_a_second_person_who_reads_no_concerns_there_learns_nothing_of_them(own, world, raise_one, who):
    """Else whoever invents an appointment in somebody's name has an answer to whether a concern names them."""
    raise_one(about="adult", about_name="Mrs Shah")
    people = {**world.authority.people, **world.school.people}
    place = {"authority_id": world.authority.authority_id, "school_id": world.school.school_id}
    with own.session("wb_web", people[who].scope) as session:
        found = list_naming_to(session, people[who].role, "Maxine Shah", "school_dsl", **place)
    assert len(found) == (who == "dsl")


def test_what_is_kept_from_the_second_person_is_not_counted_for_them(own, world, raise_one, ask):
    named, _client = raise_one(about="adult", about_name="Mrs Shah")
    ask()
    dsl = world.school.dsl
    own.rows(
        "insert into concern_kept (school_id, concern_id, person_id) values (%s, %s, %s)",
        world.school.school_id,
        named,
        dsl.person_id,
    )
    assert "names somebody" not in own.client(dsl).get("/appointments").text


def test_an_appointment_that_nothing_names_says_nothing(own, world, raise_one, ask):
    raise_one(about="adult", about_name="Mr Brown")
    ask()
    assert "names somebody" not in own.client(world.school.dsl).get("/appointments").text


def test_where_nobody_else_reads_it_goes_to_the_officer(own, world, raise_one, appointed):
    named, raiser = raise_one(about="adult", about_name="Maxine Shah")
    other, _client = raise_one()
    appointed()
    dsl = world.school.dsl
    own.rows("update identity.membership set ended_at = now() where id = %s", dsl.membership_id)
    look_after(own)

    officer = own.client(world.authority.officer)
    assert officer.get(f"/officer/concerns/{named}").status_code == 200
    assert officer.get(f"/officer/concerns/{other}").status_code == 404
    receipt = text_of(raiser.get(f"/concerns/{named}/received").text)
    assert "Nobody at the school" in receipt
    assert "Maxine" not in receipt.split("Who else can read it")[1][:80]


def test_between_asking_and_beginning_a_new_one_goes_round_them(own, world, raise_one, ask):
    ask()
    named, _client = raise_one(about="adult", about_name="Mrs Shah")
    assert own.value("select count(*) from authority_concern where id = %s", named) == 1


def test_only_the_second_person_keeps_anything_from_anybody(own, world, raise_one, ask):
    concern_id, _client = raise_one(about="adult", about_name="Mr Brown")
    row = ask()
    statement = text("select identity.keep_concerns_from(:id, array[cast(:concern as uuid)])")
    for person in (world.school.lead, world.school.senco, world.authority.admin, world.other_school.dsl):
        with own.session("wb_web", person.scope) as session:
            session.execute(statement, {"id": row["id"], "concern": concern_id})
    assert own.value("select count(*) from concern_kept") == 0


def test_an_officer_who_comes_later_reads_nothing_that_names_them(own, world, raise_one):
    council, _client = raise_one(about="staff", about_name="Maxine Shah")
    at_school, _client = raise_one(about="adult", about_name="Maxine Shah", risk_today="yes")
    other, _client = raise_one(about="staff", about_name="Mr Brown")
    data = {"name": "Maxine Shah", "email": EMAIL, "role": "named_officer"}
    own.client(world.authority.admin).post("/authority/people/invite", data=data)
    row = appointment(own, "authority_appointment")
    agree(own, world.authority.officer, row)
    accept(own, EMAIL)
    days_later(own)
    me = row["person_id"]
    assert {str(one["concern_id"]) for one in own.rows("select * from authority_concern_kept")} == {council}
    assert {str(one["concern_id"]) for one in own.rows("select * from concern_kept")} == {at_school}
    scope = world.authority.officer.scope
    with own.session("wb_web", type(scope)(scope.audience, scope.authority_id, None, me)) as session:
        seen = set(session.scalars(text("select id::text from authority_concern")))
        assert council not in seen
        assert other in seen
        own.rows("update concern set raised_at = raised_at - interval '31 minutes'")
        waiting = session.scalars(text("select concern_id::text from identity.unopened_concerns()")).all()
        assert at_school not in waiting


@pytest.mark.parametrize(
    ("typed", "route", "means"),
    [
        ("the safeguarding lead", "dsl", True),
        ("Our school’s DSL", "dsl", True),
        ("deputy DSL", "dsl", True),
        ("D.S.L.", "dsl", True),
        ("d s l", "dsl", True),
        ("Designated Lead", "dsl", True),
        ("safe guarding lead", "dsl", True),
        ("the L.A.D.O.", "officer", True),
        ("J. A. Smith", "dsl", False),
        ("The Head", "dsl", True),
        ("Headteacher", "dsl", True),
        ("head teacher", "dsl", True),
        ("Designated Safeguarding Lead", "dsl", True),
        ("the child protection officer", "dsl", True),
        ("head of year 8", "dsl", False),
        ("Mr Smith", "dsl", False),
        ("", "dsl", False),
        ("the LADO", "officer", True),
        ("the council's officer", "officer", True),
        ("local authority designated officer", "officer", True),
        ("the safeguarding lead", "officer", False),
        ("police officer", "officer", False),
    ],
)
def test_what_somebody_is_counts_like_their_name(typed, route, means):
    assert names_role(typed, route) is means


@pytest.mark.parametrize(
    ("told", "table"),
    [
        ({"about": "adult", "about_name": "the safeguarding lead"}, "authority_concern"),
        ({"about": "not_sure", "about_name": "DSL"}, "authority_concern"),
        ({"about": "not_sure", "about_name": "the head"}, "authority_concern"),
        ({"about": "child", "about_name": "the DSL"}, "authority_concern"),
        ({"about": "child", "about_name": "a girl, head bruised"}, "concern"),
        ({"about": "adult", "about_name": "Bo", "who_else": "The DSL"}, "authority_concern"),
        ({"about": "staff", "about_name": "the LADO"}, "concern"),
        ({"about": "adult", "about_name": "LADO"}, "concern"),
    ],
)
def test_a_concern_about_a_role_goes_round_whoever_holds_it(own, raise_one, told, table):
    concern_id, _client = raise_one(**{"form_id": str(new_id()), **told})
    found = [
        name
        for name in ("concern", "authority_concern")
        if own.value(f"select count(*) from {name} where id = %s", concern_id)
    ]
    assert found == [table]
