"""Every page in every state of its subject has words of its own, and where it is over, promises nothing."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import text

from app.documents.words import STATES, WAITING
from app.facilitators.stages import STAGES as FACILITATOR_STAGES
from app.facilitators.words import FOR_STAFF, NO_GROUP, NOT_YET
from app.outcomes.words import NO_FIGURES
from app.schools.stages import STAGES as SCHOOL_STAGES
from app.schools.words import NO_FACILITATORS, NO_GROUPS, NO_PARENTS, SET_UP, STILL_MISSING
from app.shell.state_words import PAGES, ByState, StateWithoutWords, Words
from tests.support.answers import page_words as words
from tests.support.records_of import insert_records

APP = Path(__file__).resolve().parents[2] / "app"
#: States in which nothing is to come from us.
OVER = {"left", "said_no", "withdrawn", "not_now", "cancelled", "graduated", "closed"}
PROMISES = re.compile(
    r"we (will )?(tell|send|write|call|ask) you|you will (get|hear)|the school (will )?asks? you to lead",
    re.IGNORECASE,
)


@pytest.fixture
def put(connection):
    """`put(statement, **values)`: write as nobody may who uses the service, past its triggers; undone with the test."""

    def run(statement: str, **values: object) -> None:
        role = connection.scalar(text("select current_setting('role')"))
        connection.execute(text("set session authorization default"))
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text(statement), values)
        connection.execute(text("set local session_replication_role = origin"))
        connection.execute(text("set session authorization wb_web"))
        if role != "none":
            connection.execute(text("select set_config('role', :role, true)"), {"role": role})

    return run


def says(page: str, said: Words) -> bool:
    return all(
        " ".join(str(part).replace("’", "'").split()) in words(page)
        for part in (said.title, said.text)
        if part
    )


def every_page() -> dict[str, ByState]:
    for path in APP.glob("*/words.py"):
        import_module(f"app.{path.parent.name}.words")
    return PAGES


def test_a_page_without_words_for_a_state_cannot_be_made():
    with pytest.raises(StateWithoutWords, match="gone"):
        ByState("a page that is not there", ("here", "gone"), {"here": Words("Here.")})
    with pytest.raises(StateWithoutWords, match="elsewhere"):
        ByState("a page that is not there", ("here",), {"here": Words("Here."), "elsewhere": Words("No.")})


def test_every_page_speaks_in_every_state_and_promises_nothing_where_it_is_over():
    pages = every_page()
    assert len(pages) >= 14
    for page, by_state in pages.items():
        for state, said in by_state.items():
            assert str(said.title).strip(), (page, state)
            if state in OVER and "staff" not in page:
                assert PROMISES.search(f"{said.title} {said.text}") is None, (page, state)


@pytest.mark.parametrize("stage", FACILITATOR_STAGES)
def test_staff_read_where_a_facilitator_stands(client_for, world, put, stage):
    person = world.school.ids["applicant_id"]
    put("update facilitator set stage = :stage where id = :id", stage=stage, id=person)
    insert_records(lambda statement, values: put(statement, **values), world.school.school_id, person)
    page = client_for(world.school.senco).get(f"/school/facilitators/{person}").text
    assert says(page, FOR_STAFF[stage])
    if stage in ("not_now", "withdrawn", "resting"):
        assert "They may lead." not in words(page)


@pytest.mark.parametrize("stage", FACILITATOR_STAGES)
def test_a_facilitator_without_a_group_reads_why(client_for, world, put, stage):
    me = world.school.facilitator
    put("delete from cohort_facilitator where facilitator_id = :id", id=me.person_id)
    put("update facilitator set stage = :stage where id = :id", stage=stage, id=me.person_id)
    for path in ("/group", "/group/record"):
        assert says(client_for(me).get(path).text, NO_GROUP[stage]), path


@pytest.mark.parametrize("stage", sorted(set(NOT_YET) - {"graduated"}))
def test_who_may_not_offer_reads_why(client_for, world, put, stage):
    me = world.school.parent
    put("update parent set stage = :stage where id = :id", stage=stage, id=me.person_id)
    assert says(client_for(me).get("/my/lead").text, NOT_YET[stage])


@pytest.mark.parametrize("stage", SCHOOL_STAGES)
def test_a_schools_own_pages_say_where_it_stands(client_for, world, put, stage):
    school_id = world.school.school_id
    put("update school set stage = :stage where school_id = :id", stage=stage, id=school_id)
    client = client_for(world.school.lead)
    # No agreement was signed in this world: where the list is done, that is what the page says.
    said = STILL_MISSING if stage == "set_up" else SET_UP[stage]
    assert says(client.get("/school/set-up").text, said)
    put("update cohort set state = 'closed' where school_id = :id", id=school_id)
    assert says(client.get("/school/groups").text, NO_GROUPS[stage])
    assert says(client.get("/school").text, NO_GROUPS[stage])
    put("delete from facilitator where school_id = :id", id=school_id)
    assert says(client.get("/school/facilitators").text, NO_FACILITATORS[stage])
    put("delete from parent_contact where school_id = :id", id=school_id)
    nobody = client.get("/school/parents").text
    assert says(nobody, NO_PARENTS[stage])
    assert ("Add the first" in nobody) == (stage == "active")


@pytest.mark.parametrize("stage", SCHOOL_STAGES)
def test_the_council_reads_where_a_school_stands(client_for, world, put, stage):
    school_id = world.school.school_id
    put("update school set stage = :stage where school_id = :id", stage=stage, id=school_id)
    page = client_for(world.authority.admin).get(f"/authority/schools/{school_id}").text
    assert says(page, Words(SCHOOL_STAGES[stage].meaning))


@pytest.mark.parametrize("state", sorted(set(STATES) - {"ready"}))
def test_whoever_waits_for_a_document_reads_why(client_for, world, put, state):
    document = world.school.ids["brief_document_id"]
    put(
        "update document set state = :state, ready_at = null, problem = '' where id = :id",
        state=state,
        id=document,
    )
    page = client_for(world.school.lead).get(f"/documents/{document}/waiting").text
    assert says(page, WAITING[state])
    assert ("Ask for it again" in page) == (state == "refused")


@pytest.mark.parametrize("state", NO_FIGURES)
def test_a_release_without_figures_says_why(client_for, world, put, state):
    put("update release set state = :state, payload = '{}'", state=state)
    admin = world.authority.admin
    page = client_for(admin).get("/authority/results").text
    (release,) = set(re.findall(r"/authority/results/([0-9a-f-]{36})", page))
    shown = client_for(admin).get(f"/authority/results/{release}").text
    assert says(shown, NO_FIGURES[state])
