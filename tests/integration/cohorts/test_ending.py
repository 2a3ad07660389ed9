"""The end of a group: certificates for those who finished, a rest for those who led and lead no other."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.documents.models import StoredDocument
from infra.ids import new_id
from tests.support.reading import sqlstate


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def run(connection, world):
    """Ask or change this test's rows as the school."""

    def do(statement, **values):
        with connection.begin_nested():
            connection.execute(text("set local role wb_school"))
            connection.execute(
                text("select set_config('app.school', :id, true)"), {"id": str(world.school.school_id)}
            )
            result = connection.execute(text(statement), values)
            rows = [tuple(row) for row in result.all()] if result.returns_rows else []
            connection.execute(text("reset role"))
        return rows

    return do


@pytest.fixture
def met(run, world):
    """The running group, with every session over."""
    cohort_id = world.school.ids["cohort_id"]
    run("update cohort_session set state = 'closed' where cohort_id = :id", id=cohort_id)
    return cohort_id


def stage(run, world):
    return run(
        "select f.stage, e.from_stage, e.reason, e.by_name from facilitator f left join facilitator_event e"
        " on e.facilitator_id = f.id and e.to_stage = 'resting' where f.id = :id",
        id=world.school.people["facilitator"].person_id,
    )


def test_everybody_who_finished_gets_a_certificate_once(senco, run, met, world):
    # when it is said twice that the group is over
    for _press in range(2):
        assert senco.post(f"/school/groups/{met}/close").status_code == 303
    # then there is one each
    asked = run("select parent_id, state, file_name from document where kind = 'certificate'")
    people = {world.school.parent.person_id, world.school.people["other_parent"].person_id}
    assert {row[0] for row in asked} == people
    assert len(asked) == 2
    assert {row[1:] for row in asked} == {("queued", "certificate.pdf")}


def test_somebody_who_left_gets_none(senco, run, met, world):
    run("update enrolment set status = 'left' where parent_id = :id", id=world.school.parent.person_id)
    senco.post(f"/school/groups/{met}/close")
    asked = run("select parent_id from document where kind = 'certificate'")
    assert asked == [(world.school.people["other_parent"].person_id,)]


def test_whoever_led_it_has_a_rest_and_the_service_says_why(senco, run, met, world):
    senco.post(f"/school/groups/{met}/close")
    assert stage(run, world) == [("resting", "leading", "Their group is over.", "We Belong")]


def test_whoever_leads_another_group_goes_on(senco, run, met, world):
    run(
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " values (app.school_id(), :cohort, :id, now())",
        cohort=world.school.ids["forming_cohort_id"],
        id=world.school.people["facilitator"].person_id,
    )
    senco.post(f"/school/groups/{met}/close")
    assert stage(run, world) == [("leading", None, None, None)]


def test_too_early_nothing_is_asked_for(senco, run, world):
    senco.post(f"/school/groups/{world.school.ids['cohort_id']}/close")
    assert run("select 1 from document where kind = 'certificate'") == []
    assert stage(run, world) == [("leading", None, None, None)]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "ready", "object_key": "t/x/d/y", "sha256": "0" * 64, "size": 1},
        {"state": "quarantined"},
        {"parent_id": None},
        {"cohort_id": None},
    ],
)
def test_staff_may_only_ask_for_a_certificate(session_for, world, change):
    """Where it is stored, and that it is made, is the worker's to write."""
    school = world.school
    values = {"state": "queued", "parent_id": school.parent.person_id, "cohort_id": school.ids["cohort_id"]}
    values |= change
    if "object_key" in change:
        values["object_key"] = f"t/{school.school_id}/d/{new_id()}/v1"
    session = session_for(school.lead)
    session.add(
        StoredDocument(
            school_id=school.school_id, id=new_id(), kind="certificate", file_name="certificate.pdf", **values
        )
    )
    with pytest.raises(ProgrammingError) as refused:
        session.flush()
    assert sqlstate(refused.value) == "42501"


@pytest.fixture
def made(app, connection, world):
    """A certificate of the graduate, as the worker leaves it."""
    school, key = world.school, new_id()
    with connection.begin_nested():
        connection.execute(text("set local role wb_school"))
        connection.execute(text("select set_config('app.school', :id, true)"), {"id": str(school.school_id)})
        connection.execute(
            text(
                "insert into document"
                " (school_id, id, kind, cohort_id, parent_id, file_name, state, next_at, created_at) values"
                " (:school, :id, 'certificate', :cohort, :parent, 'certificate.pdf', 'queued', now(), now())"
            ),
            {
                "school": school.school_id,
                "id": key,
                "cohort": school.ids["closed_cohort_id"],
                "parent": school.people["graduate"].person_id,
            },
        )
        connection.execute(text("reset role"))
    return key


def test_a_certificate_that_is_not_made_is_not_offered(client_for, made, world):
    page = client_for(world.school.people["graduate"]).get("/my/group").text
    assert "certificate" not in page


def test_only_its_owner_and_their_school_find_a_certificate(client_for, made, world):
    school = world.school
    for person in (school.people["graduate"], school.lead):
        assert client_for(person).get(f"/documents/{made}/waiting").status_code == 200
    for person in (
        school.parent,
        school.facilitator,
        world.sibling_school.lead,
        world.other_school.lead,
        world.authority.admin,
    ):
        assert client_for(person).get(f"/documents/{made}/waiting").status_code == 404
