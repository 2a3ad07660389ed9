"""A document says to those who may read it where it stands; to everybody else it is an unknown one, in every state."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.documents.words import LATER, STATES, WAITING
from app.papers.standing import OF_NOW
from infra.clock import now
from infra.ids import new_id
from tests.integration.test_state_words import put, says  # noqa: F401 - put is a fixture
from tests.isolation.crawling import normal
from tests.isolation.declared import DOCUMENTS

#: Made or taken in, and never drawn anew: `OF_NOW` says which are.
FOR_A_MOMENT = {"session_register", "contact_sheet", "signed_slip"}
INSERT = (
    "insert into document (school_id, id, kind, subject_id, cohort_id, parent_id, file_name, state, object_key,"
    " sha256, size, next_at, created_at, ready_at)"
    " values (:school, :id, :kind, :subject, :cohort, :parent, 'a.pdf', 'ready', :key, :sha, 10, app.now(), :at,"
    " app.now())"
)


@pytest.fixture
def made(put, shelf, world):  # noqa: F811 - a fixture
    """A document of the school that is ready, its file in the store; `later`: so many hours after now."""

    def make(kind, *, subject=None, cohort=None, parent=None, later=0, stored=True):
        document, school = new_id(), world.school.school_id
        key = f"t/{school}/d/{document}/v1"
        values = {"subject": subject, "cohort": cohort, "parent": parent, "kind": kind, "key": key}
        put(INSERT, school=school, id=document, sha="0" * 64, at=now() + timedelta(hours=later), **values)
        if stored:
            shelf(key)
        return document

    return make


def opens(client, document, **query):
    """Whether a press leads to the file itself."""
    answer = client.get(f"/documents/{document}", query_string=query)
    return answer.status_code == 302 and answer.location.startswith("http")


def test_every_state_that_a_row_can_have_has_words(connection):
    check = connection.scalar(
        text("select pg_get_constraintdef(oid) from pg_constraint where conname = 'document_state_check'")
    )
    assert set(re.findall(r"'(\w+)'::text", check)) == set(STATES)
    assert set(WAITING) == {*STATES, *LATER}


def test_of_every_kind_it_is_said_whether_a_newer_one_takes_its_place():
    assert set(DOCUMENTS) <= OF_NOW | FOR_A_MOMENT
    assert not OF_NOW & FOR_A_MOMENT


def test_one_with_a_newer_one_says_so_and_leads_to_both(client_for, made, world):
    old, new = made("project_brief", later=1), made("project_brief", later=2)
    client = client_for(world.school.lead)
    assert client.get(f"/documents/{old}").location == f"/documents/{old}/waiting"
    page = client.get(f"/documents/{old}/waiting").text
    assert says(page, WAITING["superseded"])
    assert f'href="/documents/{new}"' in page
    assert f'href="/documents/{old}?older=yes"' in page
    assert opens(client, new)
    assert opens(client, old, older="yes")


def test_a_newer_one_of_somebody_else_or_of_another_session_takes_no_place(client_for, made, world):
    school, client = world.school, client_for(world.school.senco)
    mine = made("group_plan", cohort=school.ids["cohort_id"], parent=school.parent.person_id)
    made(
        "group_plan", cohort=school.ids["cohort_id"], parent=school.people["other_parent"].person_id, later=1
    )
    assert opens(client, mine)


def test_a_newer_one_that_is_not_ready_takes_no_place(client_for, made, put, world):  # noqa: F811
    old, new = made("agreement"), made("agreement", later=1)
    put("update document set state = 'making' where id = :id", id=new)
    assert opens(client_for(world.school.lead), old)


def test_papers_of_a_moment_stay_what_they_were(client_for, made, world):
    cohort = world.school.ids["cohort_id"]
    first, _second = (made("contact_sheet", subject=cohort, cohort=cohort, later=later) for later in (0, 1))
    assert opens(client_for(world.school.senco), first)


@pytest.mark.parametrize("stage", ["said_no", "left"])
def test_a_letter_to_somebody_who_said_no_is_not_handed_out(client_for, made, put, world, stage):  # noqa: F811
    parent = world.school.ids["identified_parent_id"]
    letter, client = made("invitation_letter", subject=parent, parent=parent), client_for(world.school.senco)
    assert opens(client, letter)
    put("update parent set stage = :stage where id = :id", stage=stage, id=parent)
    assert not opens(client, letter)
    assert not opens(client, letter, older="yes")
    assert says(client.get(f"/documents/{letter}/waiting").text, WAITING["withdrawn"])


def test_dates_of_a_group_that_somebody_has_left_are_not_theirs_any_more(client_for, made, put, world):  # noqa: F811
    parent, cohort = world.school.parent, world.school.ids["cohort_id"]
    plan = made("group_plan", subject=parent.person_id, cohort=cohort, parent=parent.person_id)
    assert opens(client_for(parent), plan)
    put("update enrolment set status = 'left' where parent_id = :id", id=parent.person_id)
    for reader in (parent, world.school.senco):
        assert not opens(client_for(reader), plan)
        assert says(client_for(reader).get(f"/documents/{plan}/waiting").text, WAITING["withdrawn"])


def test_one_whose_file_is_not_kept_any_more_says_so_and_counts_as_nothing_opened(
    client_for, made, connection, world
):
    gone, client = made("project_brief", later=1, stored=False), client_for(world.school.lead)
    asked = "select count(*) from audit_event where event = 'documents:document:opened'"
    for path in (f"/documents/{gone}", f"/documents/{gone}/waiting"):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 410
        assert says(answer.text, WAITING["erased"])
    connection.execute(text("set local role wb_school"))
    assert connection.scalar(text(asked)) == 0


@pytest.mark.parametrize("state", sorted({*STATES, *LATER}))
def test_a_stranger_is_told_the_same_as_of_an_unknown_one(client_for, made, put, world, state):  # noqa: F811
    school = world.school
    parent = school.ids["identified_parent_id"]
    document = made("invitation_letter", subject=parent, parent=parent, stored=state != "erased")
    if state in STATES:
        put("update document set state = :state, problem = '' where id = :id", state=state, id=document)
    elif state == "withdrawn":
        put("update parent set stage = 'said_no' where id = :id", id=parent)
    elif state == "superseded":
        made("invitation_letter", subject=parent, parent=parent, later=1)
    strangers = (
        world.sibling_school.lead,
        world.other_school.lead,
        world.authority.admin,
        school.facilitator,
        school.parent,
    )
    for stranger in strangers:
        client = client_for(stranger)
        for path in ("/documents/{}", "/documents/{}/waiting", "/documents/{}?older=yes"):
            answer = client.get(path.format(document))
            assert answer.status_code == 404
            assert normal(answer) == normal(client.get(path.format(new_id())))


def test_notes_to_print_of_a_meeting_that_somebody_came_to_stay_theirs(client_for, made, put, world):  # noqa: F811
    school = world.school
    here, away = school.parent, school.people["other_parent"]
    session_id, cohort = school.ids["session_id"], school.ids["cohort_id"]
    notes = made("learning_notes", subject=session_id, cohort=cohort)
    put("delete from attendance where session_id = :id", id=session_id)
    put(
        "insert into attendance (school_id, session_id, cohort_id, parent_id, mark, marked_at)"
        " values (:school, :session, :cohort, :parent, 'present', app.now())",
        school=school.school_id,
        session=session_id,
        cohort=cohort,
        parent=here.person_id,
    )
    assert opens(client_for(here), notes)
    assert opens(client_for(away), notes)
    put("update enrolment set status = 'left' where cohort_id = :id", id=cohort)
    assert opens(client_for(here), notes)
    assert client_for(away).get(f"/documents/{notes}").status_code == 404
