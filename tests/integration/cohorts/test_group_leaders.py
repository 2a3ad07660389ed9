"""Parents are told the first names of those who lead their own group now, and nothing else of anybody."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from infra.clock import now
from infra.ids import new_id
from tests.support.world import Person, School


@pytest.fixture
def as_school(connection, world):
    """Change rows of the school as its staff would, undone at the end."""

    def change(statement: str, **values: object) -> None:
        with connection.begin_nested():
            connection.execute(text("set local role wb_school"))
            connection.execute(
                text("select set_config('app.school', :id, true)"), {"id": str(world.school.school_id)}
            )
            connection.execute(text(statement), {"school": world.school.school_id, "at": now(), **values})
            connection.execute(text("reset role"))

    return change


@pytest.fixture
def lead(as_school, world):
    """Somebody more who leads the running group, under this name; their id."""

    def add(name: str, *, stage: str = "leading", parent_id=None, cohort: str = "cohort_id"):
        key = new_id()
        as_school(
            "insert into facilitator (school_id, id, parent_id, name, email, phone, stage, stage_changed_at,"
            " created_at) values (:school, :id, :parent, :name, 'leader@example.org', '+447700900999', 'training',"
            " :at, :at)",
            id=key,
            parent=parent_id,
            name=name,
        )
        for step in ("ready", "leading") if stage == "leading" else (stage,):
            as_school("update facilitator set stage = :step where id = :id", id=key, step=step)
        as_school(
            "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
            " values (:school, :cohort, :id, :at)",
            cohort=world.school.ids[cohort],
            id=key,
        )
        return key

    return add


@pytest.fixture
def told(session_for):
    """What the database tells a person about who leads."""

    def ask(person: Person) -> list[tuple]:
        return [tuple(row) for row in session_for(person).execute(text("select * from app.my_leaders()"))]

    return ask


def test_a_parent_is_told_first_names_of_their_own_group(told, lead, world):
    # given a professional with a title, and somebody who led it and has gone
    lead("Dr Ada Lovelace")
    lead("Gone Person", stage="withdrawn")
    lead("Elsewhere Person", cohort="forming_cohort_id")
    # when a parent of the group asks
    found = told(world.school.parent)
    # then first names of those two, of this group alone
    assert found == [(world.school.ids["cohort_id"], ["Ada", "facilitator"])]


def test_of_somebody_known_by_a_surname_alone_nothing_is_told(told, lead, world):
    lead("Mrs Lovelace")
    assert told(world.school.parent) == [(world.school.ids["cohort_id"], ["facilitator"])]


def test_a_graduate_who_leads_is_called_as_they_chose(told, lead, as_school, world):
    waiting = world.school.ids["waiting_parent_id"]
    as_school("update parent_contact set known_as = 'Bo' where parent_id = :id", id=waiting)
    lead("Robert Smith", parent_id=waiting)
    assert told(world.school.parent) == [(world.school.ids["cohort_id"], ["Bo", "facilitator"])]


def test_when_the_group_is_over_nothing_is_told(told, world):
    assert told(world.school.people["graduate"]) == []


def test_to_somebody_who_left_nothing_is_told(told, as_school, world):
    as_school("update enrolment set status = 'left' where parent_id = :id", id=world.school.parent.person_id)
    assert told(world.school.parent) == []


@pytest.mark.parametrize("where", ["sibling_school", "other_school"])
def test_parents_of_another_school_are_told_nothing_of_this_one(told, lead, world, where):
    lead("Ada Lovelace")
    other: School = getattr(world, where)
    assert told(other.parent) == [(other.ids["cohort_id"], ["facilitator"])]


@pytest.mark.parametrize(
    ("address", "words"),
    [("/my", "Your group is led by Ada and facilitator."), ("/my/group", "Who leads your group")],
)
def test_the_pages_say_who_will_welcome_them(client_for, lead, world, address, words):
    # given
    lead("Ada Lovelace")
    # when
    page = client_for(world.school.parent).get(address).text
    # then the name, and nothing else of her
    assert words in page
    assert "Ada" in page
    assert "They will be there to welcome you." in page
    for never in ("Lovelace", "leader@example.org", "900999"):
        assert never not in page


@pytest.mark.parametrize("address", ["/my", "/my/group"])
def test_without_a_group_the_pages_name_nobody(client_for, world, address):
    page = client_for(world.school.people["graduate"]).get(address).text
    assert "welcome you" not in page
    assert "led by" not in page
