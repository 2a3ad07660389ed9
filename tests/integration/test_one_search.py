"""Every list is searched in one way, whatever the spelling, and the database finds the rows by an index."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from app.cohorts import queries as cohorts
from app.facilitators import queries as facilitators
from app.facilitators.services import add_professional
from app.messages import kept
from app.safeguarding import queries as concerns
from app.safeguarding import words
from app.schools import pipeline
from app.schools import queries as schools
from app.shell.searching import List, find, fold, holds
from infra.clock import LONDON
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.test_state_words import put  # noqa: F401 - a fixture

#: What is kept, and what people type for it.
SPELLINGS = [
    ("Łukasz O’Żółć", "lukasz"),
    ("Łukasz O’Żółć", "ozolc, LUKASZ"),
    ("Gül Doğan", "Dogan gul"),
    ("Siobhán O’Brien", "o'brien"),
    ("Siobhán O’Brien", "OBRIEN"),
]


@pytest.mark.parametrize(("name", "typed"), SPELLINGS)
def test_facilitators_and_colleagues_and_groups_are_found(session_for, world, name, typed):
    school = world.school
    session = session_for(school.lead)
    person = add_professional(
        session, school.school_id, name=name, email="", phone="+447700900444", reason="Leads elsewhere."
    )
    one = cohorts.get_cohort(session, school.school_id, school.ids["cohort_id"])
    one.name = name
    colleague = schools.get_staff(session, school.school_id, school.senco.person_id)
    colleague.name = name
    session.flush()

    assert [line.id for line in facilitators.list_facilitators(session, school.school_id, text=typed)] == [
        person.id
    ]
    by_number = facilitators.list_facilitators(session, school.school_id, text="07700 900 444")
    assert [line.id for line in by_number] == [person.id]
    states = ("forming", "running", "closed", "cancelled")
    assert [line.id for line in cohorts.list_groups(session, school.school_id, states, text=typed)] == [
        one.id
    ]
    found = schools.list_staff(session, school.school_id, text=typed)
    assert [row.id for row in found] == [colleague.id]
    assert cohorts.list_groups(session, school.school_id, states, text="zzz") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("St Mary’s CofE & Methodist School", "saint marys"),
        ("Saint Mary's School", "st. mary's"),
        ("St Mary's School", "SAINT"),
        ("École Façade", "ecole facade"),
        ("Oak Hill", "oakhill"),
    ],
)
def test_schools_are_found(session_for, world, name, typed):
    session = session_for(world.authority.admin)
    school = schools.get_school(session, world.school.school_id)
    school.name = name
    session.flush()

    found = pipeline.list_pipeline(session, world.authority.admin.authority_id, text=typed)
    assert [row.school.school_id for row in found] == [school.school_id]
    by_number = pipeline.list_pipeline(session, world.authority.admin.authority_id, text=str(school.urn))
    assert [row.school.school_id for row in by_number] == [school.school_id]


def test_the_councils_own_people_are_found(session_for, world):
    session = session_for(world.authority.admin)
    authority_id = world.authority.admin.authority_id
    officer = schools.get_member(session, authority_id, world.authority.officer.person_id)
    officer.name = "Zoë Müller-Lüdenscheidt"
    session.flush()

    found = schools.list_members(session, authority_id, text="mullerludenscheidt zoe")
    assert [one.id for one in found] == [officer.id]


@pytest.mark.parametrize(
    "typed",
    [
        "reply obrien",
        "O’Brien",
        "07700 900 555",
        "+44 7700 900555",
        "0044 7700 900555",
        "late, RUNNING",
        "cafe",
        "mia",
    ],
)
def test_replies_are_found(session_for, put, world, typed):  # noqa: F811 - a fixture
    school, session = world.school, session_for(world.school.senco)
    (reply,) = kept.list_replies(session, school.school_id)
    name = "update parent_contact set first_name = 'Reply', last_name = 'O''Brien' where parent_id = :id"
    put(name, id=reply.recipient_id)
    put(
        "update text_reply set words = 'Running late, at the Café', number = '+447700900555', done_by = 'Mia Senco',"
        " done_at = app.now() where id = :id",
        id=reply.id,
    )

    assert [one.id for one in kept.list_replies(session, school.school_id, typed)] == [reply.id]
    assert kept.list_replies(session, school.school_id, f"{typed} zzz") == []


def test_a_concern_is_found_by_its_reader_and_nobody_else(session_for, world):
    school = world.school
    session = session_for(school.dsl)
    (concern,) = session.scalars(text("select reference from concern limit 1")).all()
    page = concerns.list_concerns(session, concerns.SCHOOL_DESK, school.school_id, text=concern.lower())
    assert [line.reference for line in page.lines] == [concern]
    none = concerns.list_concerns(session, concerns.SCHOOL_DESK, school.school_id, text="zzz")
    assert none.total == 0


def test_a_concern_is_found_by_all_that_its_list_says(session_for, world, app):
    school, session = world.school, session_for(world.school.dsl)
    owner = school.school_id
    (concern,) = session.scalars(text("select id from concern limit 1")).all()
    session.execute(
        text("update concern set read_at = null, closed_at = null where id = :id"),
        {"id": concern},
    )
    row = concerns.get_concern(session, concerns.SCHOOL_DESK, owner, concern)
    said = [
        str(words.ABOUT[row.about]),
        str(words.RAISED_BY[row.raised_by_kind]),
        str(words.STATES["new"]["label"]),
        f"{row.raised_at.astimezone(LONDON):%-d %B %Y}",
        row.about_name,
        row.raised_by_name,
    ]
    for typed in said:
        page = concerns.list_concerns(session, concerns.SCHOOL_DESK, owner, text=typed.upper())
        assert concern in [line.id for line in page.lines], typed
    for typed in (row.what, str(words.STATES["closed"]["label"])):
        page = concerns.list_concerns(session, concerns.SCHOOL_DESK, owner, text=typed)
        assert concern not in [line.id for line in page.lines], typed


def test_an_officers_concern_is_found_by_its_school_too(session_for, world):
    session, owner = session_for(world.authority.officer), world.authority.authority_id
    (concern, about) = session.execute(
        text("select id, about_school_id from authority_concern limit 1")
    ).one()
    name = concerns.get_school_name(session, owner, about)
    page = concerns.list_concerns(session, concerns.OFFICER_DESK, owner, text=name.upper())
    assert concern in [line.id for line in page.lines]
    assert concerns.list_concerns(session, concerns.OFFICER_DESK, owner, text=f"{name} zzz").total == 0


def test_nothing_of_another_place_is_found(session_for, world):
    lists: tuple[List, ...] = ("parents", "facilitators", "staff", "groups", "schools")
    session = session_for(world.school.lead)
    found = {which: set(session.scalars(find(which, "example"))) for which in lists}
    assert found["schools"] == set()
    there = session_for(world.sibling_school.lead)
    for which in ("parents", "facilitators", "staff"):
        assert found[which].isdisjoint(there.scalars(find(which, "example"))), which
    council = session_for(world.authority.admin)
    assert not any(council.scalars(find(which, "example")).all() for which in lists[:4])


def test_audiences_that_have_no_list_cannot_ask(session_for, world):
    for person in (world.school.parent, world.school.facilitator, world.authority.commissioner):
        session = session_for(person)
        with pytest.raises(Exception, match="permission denied"):
            session.scalars(find("parents", "anna")).all()


@pytest.mark.parametrize("word", ["O’Żółć & Söhne", "Ærø Þór Ħal", "Großmann–Iʼa", "Nguyễn Thị", "محمد  علي"])
def test_few_rows_are_folded_as_many_are(session_for, world, word):
    session = session_for(world.authority.admin)
    member = schools.get_member(
        session, world.authority.admin.authority_id, world.authority.officer.person_id
    )
    member.name = word
    session.flush()
    model = type(member)
    assert session.query(model).where(holds(fold(word), model.name), model.id == member.id).count() == 1


@pytest.mark.parametrize(
    ("person", "page", "search"),
    [
        ("school.senco", "/school/facilitators", "/school/facilitators/search"),
        ("school.senco", "/school/groups", "/school/groups/search"),
        ("school.senco", "/school/parents", "/school/parents/search"),
        ("school.lead", "/school/staff", "/school/staff/search"),
        ("school.senco", "/messages", "/messages/search"),
        ("school.senco", "/messages/replies", "/messages/replies/search"),
        ("school.dsl", "/school/concerns", "/school/concerns/search"),
        ("authority.admin", "/authority/schools", "/authority/schools/search"),
        ("authority.admin", "/authority/people", "/authority/people/search"),
        ("authority.officer", "/officer", "/officer/search"),
    ],
)
def test_what_is_looked_for_stands_on_the_page_and_in_no_address(client_for, world, person, page, search):
    area, _, name = person.partition(".")
    client = client_for(getattr(getattr(world, area), name))
    answer = client.post(search, data={"text": "Zzyzx O’Nobody"})

    assert answer.status_code in (302, 303)
    assert "zyzx" not in answer.location.lower()
    shown = client.get(page)
    assert "Zzyzx O’Nobody" in shown.text
    assert "match" in shown.text
    again = client.get(f"{page}?forget=1")
    assert "Zzyzx" not in again.text


@pytest.mark.parametrize(
    ("person", "home", "search", "figure"),
    [
        ("authority.admin", "/authority", "/authority/schools/search", "/authority/schools?stage=active"),
        ("school.senco", "/school", "/school/facilitators/search", "/school/facilitators"),
    ],
)
def test_whoever_goes_home_looks_for_nothing_any_more(client_for, world, person, home, search, figure):
    """A figure there leads to as many lines, whatever was looked for before."""
    area, _, name = person.partition(".")
    client = client_for(getattr(getattr(world, area), name))
    client.post(search, data={"text": "Zzyzx O’Nobody"})
    assert "Zzyzx" in client.get(figure).text

    client.get(home)

    assert "Zzyzx" not in client.get(figure).text


def test_a_search_that_is_too_long_is_said_and_changes_nothing(client_for, world):
    client = client_for(world.school.senco)
    client.post("/school/facilitators/search", data={"text": "x" * 101})
    page = client.get("/school/facilitators")
    assert "at most 100 letters" in page.text
    assert "xxx" not in page.text


#: List -> its table, and what each of ten thousand rows needs.
ROWS = {
    "parents": "insert into parent_contact (school_id, parent_id, first_name, last_name, phone, language, access_needs)"
    " select school_id, id, 'Anna' || right(id::text, 5), 'Person' || left(md5(id::text), 6),"
    " '+4477' || lpad(abs(hashtext(id::text) % 100000000)::text, 8, '0'), 'en', ''"
    " from parent where school_id = :school and id = any(:ids)",
    "facilitators": "insert into facilitator (school_id, id, name, stage_changed_at, created_at)"
    " select :school, id, 'Anna Person' || left(md5(id::text), 6), app.now(), app.now() from unnest(:ids) id",
    "groups": "insert into cohort (school_id, id, name, starts_at, created_at)"
    " select :school, id, 'Group ' || left(md5(id::text), 6), '18:00', app.now() from unnest(:ids) id",
    "staff": "insert into staff_member (school_id, id, name, email, role, invited_at)"
    " select :school, id, 'Anna ' || left(md5(id::text), 6), id || '@example.org', 'senco', app.now()"
    " from unnest(:ids) id",
}


@pytest.fixture
def crowd(stack, world):
    """The superuser's connection, ten thousand rows in a list of one school; undone at the end."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection, connection.begin() as outer:

        def fill(which):
            ids = [new_id() for _ in range(10_000)]
            values = {"school": world.school.school_id, "ids": ids}
            if which == "parents":
                connection.execute(
                    text(
                        "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
                        " select :school, id, 'identified', app.now(), app.now() from unnest(:ids) id"
                    ),
                    values,
                )
            connection.execute(text(ROWS[which]), values)
            connection.execute(text(f"analyze {TABLES[which]}"))

        yield SimpleNamespace(fill=fill, connection=connection)
        outer.rollback()
    engine.dispose()


TABLES = {
    "parents": "parent_contact",
    "facilitators": "facilitator",
    "groups": "cohort",
    "staff": "staff_member",
}


@pytest.mark.parametrize("which", list(ROWS))
def test_among_ten_thousand_the_index_is_used(crowd, world, which):
    crowd.fill(which)
    connection, table = crowd.connection, TABLES[which]
    body = connection.scalar(
        text("select pg_get_function_sqlbody('app.found(text, text[], text[])'::regprocedure)")
    )
    statement = body.strip().removeprefix("BEGIN ATOMIC").removesuffix("END").strip().removesuffix(";")
    for number, name in enumerate(("p_list", "p_trigrams", "p_patterns"), 1):
        statement = re.sub(rf"\b(found\.)?{name}\b", f"${number}", statement)
    # As the function does it: with the helper's rights, in the scope of one school, with values not known beforehand.
    connection.execute(ASSUME, world.school.lead.scope.as_parameters())
    connection.execute(text("set local role wb_helper"))
    connection.execute(text("set local plan_cache_mode = force_generic_plan"))
    connection.exec_driver_sql(f"prepare looking (text, text[], text[]) as {statement}")
    plan = "\n".join(
        connection.exec_driver_sql(
            f"explain analyze execute looking ('{which}', array['ann','nna','na4'], array['%%anna4%%'])"
        ).scalars()
    )
    assert f"Bitmap Index Scan on {table}_trigrams" in plan, plan
