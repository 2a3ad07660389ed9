"""Somebody is taken off a group: asked about first, told, named in its history, and answered kindly afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.integration.cohorts.forming import add_facilitators, as_school, form_one, soon

TOLD = "select kind, recipient_id, channel, state, problem from outbox where subject_id = :id order by id"


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def senco(client_for, school, long_term):
    return client_for(school.senco)


@pytest.fixture
def group(senco, school, connection):
    """A forming group led by the world's facilitator and somebody else: its id, and the ids of the two."""
    cohort = form_one(senco, name="Library group")
    me = school.facilitator.person_id
    (other,) = add_facilitators(connection, school.school_id, 1)
    for one in (me, other):
        senco.post(f"/school/groups/{cohort}/facilitators", data={"facilitator": str(one)})
    return cohort, me, other


def read(answer) -> str:
    """A page as it is read, without the marks round names."""
    return re.sub(r"</?span[^>]*>", "", answer.get_data(as_text=True))


def off(cohort, person) -> str:
    return f"/school/groups/{cohort}/facilitators/{person}/remove"


def led_by(look, school, cohort) -> set:
    rows = look(
        school.senco, "select facilitator_id from cohort_facilitator where cohort_id = :id", id=cohort
    )
    return {row.facilitator_id for row in rows}


def stage_of(look, school, person) -> str:
    return look(school.senco, "select stage from facilitator where id = :id", id=person)[0].stage


def test_nothing_happens_before_the_page_that_asks_is_answered(senco, school, group, look):
    cohort, me, other = group
    shown = read(senco.get(f"/school/groups/{cohort}"))
    page = read(senco.get(off(cohort, other)))

    assert f'href="{off(cohort, other)}"' in shown
    assert "Take Leader 0 off the group?" in page
    assert "Then it is led by facilitator" in page
    assert "A group needs two before it can start." in page
    assert "Leader 0 gets a message that says so, without a reason." in page
    assert "Parents and carers get no message." in page
    assert led_by(look, school, cohort) == {me, other}


def test_whom_no_message_reaches_staff_tell_themselves(senco, school, group, connection):
    cohort, _me, other = group
    as_school(
        connection, school.school_id, "update facilitator set email = '', phone = '' where id = :id", id=other
    )
    page = read(senco.get(off(cohort, other)))
    assert "No message reaches Leader 0. Please tell them yourself." in page
    assert "gets a message" not in page


def test_they_and_those_who_led_it_with_them_are_told_once(senco, school, group, look):
    cohort, me, other = group
    said = read(senco.post(off(cohort, other), follow_redirects=True))
    senco.post(off(cohort, other), follow_redirects=True)

    assert "Leader 0 does not lead this group any more." in said
    assert "on the" in said, "what becomes of the messages"
    told = look(school.senco, TOLD, id=cohort)
    assert {row.recipient_id for row in told if row.kind == "facilitator_unassigned"} == {other}
    assert {row.recipient_id for row in told if row.kind == "leaders_changed"} == {me}
    mine = [row.channel for row in told if row.kind == "facilitator_unassigned"]
    assert len(mine) == len(set(mine)), "one on each channel"


def test_what_waited_to_ask_them_gives_way_and_put_on_again_the_other_way_round(senco, school, group, look):
    cohort, _me, other = group

    def waiting():
        rows = look(school.senco, TOLD, id=cohort)
        return {row.kind for row in rows if row.recipient_id == other and row.state == "queued"}

    assert waiting() == {"facilitator_assigned"}
    senco.post(off(cohort, other))
    assert waiting() == {"facilitator_unassigned"}
    again = senco.post(f"/school/groups/{cohort}/facilitators", data={"facilitator": str(other)})
    assert again.status_code == 303
    assert waiting() == {"facilitator_assigned"}
    assert stage_of(look, school, other) == "leading"


def test_the_history_names_them_and_who_did_it(senco, school, group):
    cohort, _me, other = group
    senco.post(off(cohort, other))

    page = read(senco.get(f"/school/groups/{cohort}"))

    history = page[page.index('id="history"') :]
    assert "Leader 0 does not lead it any more" in history
    assert "Leader 0 was chosen to lead" in history
    assert "A facilitator was" not in history


def test_whoever_leads_no_other_group_may_be_chosen_again(senco, school, group, look):
    cohort, me, other = group
    senco.post(off(cohort, other))

    assert stage_of(look, school, other) == "ready"
    choose = read(senco.get(f"/school/groups/{cohort}/facilitators"))
    assert "Parent facilitator. Ready." in choose
    assert "Does not lead Library group any more." in read(senco.get(f"/school/facilitators/{other}"))
    # The world's facilitator leads another that meets.
    senco.post(off(cohort, me))
    assert stage_of(look, school, me) == "leading"
    assert "Does not lead Library group any more." in read(senco.get(f"/school/facilitators/{me}"))
    assert "Leads another group now." in read(senco.get(f"/school/groups/{cohort}/facilitators"))


def test_a_group_that_is_over_is_not_led_now(senco, school, group, connection):
    cohort, me, _other = group
    senco.post(off(cohort, me))
    as_school(
        connection,
        school.school_id,
        "update cohort set state = 'closed', closed_at = now() where id = :id",
        id=school.ids["cohort_id"],
    )
    assert "Leads another group now." not in read(senco.get(f"/school/groups/{cohort}/facilitators"))


def test_a_group_that_meets_is_not_left_with_fewer_than_two_who_can_act(senco, school, connection, look):
    """Of the two others neither can sign in, so the one who can is kept; the page says so before the press."""
    cohort, me = school.ids["cohort_id"], school.facilitator.person_id
    for one in add_facilitators(connection, school.school_id, 2):
        senco.post(f"/school/groups/{cohort}/facilitators", data={"facilitator": str(one)})

    page = read(senco.get(off(cohort, me)))
    pressed = read(senco.post(off(cohort, me)))

    for shown in (page, pressed):
        assert "A group that meets needs two who can sign in. Choose somebody else first." in shown
        assert "Take them off" not in shown
    assert me in led_by(look, school, cohort)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_of_a_group_that_is_over_nobody_is_taken_off(senco, school, group, connection, look, state):
    cohort, me, other = group
    as_school(
        connection,
        school.school_id,
        "update cohort set state = :state, closed_at = now() where id = :id",
        id=cohort,
        state=state,
    )
    page = read(senco.get(off(cohort, other)))
    senco.post(off(cohort, other))

    assert "This group is over, so it stays as it was." in page
    assert led_by(look, school, cohort) == {me, other}


def test_whoever_does_not_lead_it_is_said_not_to(senco, school, group, connection):
    (stranger,) = add_facilitators(connection, school.school_id, 1)
    assert "does not lead this group." in read(senco.get(off(group[0], stranger)))
    for nobody in (school.ids["parent_id"], "00000000-0000-4000-8000-000000000000"):
        assert senco.get(off(group[0], nobody)).status_code == 404


@pytest.fixture
def taken_off(senco, school, connection, look):
    """The world's facilitator led the group of the world, and lives on with one that is over; a session of it."""
    cohort, me = school.ids["cohort_id"], school.facilitator.person_id
    as_school(connection, school.school_id, "update cohort set state = 'forming' where id = :id", id=cohort)
    senco.post(off(cohort, me))
    assert me not in led_by(look, school, cohort)
    return school.ids["next_session_id"]


@pytest.mark.parametrize("page", ["tonight", "register", "notes", "close", "register/print"])
def test_yesterdays_link_is_answered_kindly_and_says_nothing_of_the_group(
    client_for, school, taken_off, page
):
    me = client_for(school.facilitator)
    answer = me.get(f"/group/sessions/{taken_off}/{page}")
    words = read(answer)

    assert answer.status_code == 404
    assert "You do not lead this group" in words
    assert "thank you for all you gave" in words
    assert 'href="/group"' in words
    assert school.family_canary not in words
    assert "was not kept" not in words


def test_what_was_typed_for_it_is_said_not_to_be_kept(client_for, school, taken_off):
    me = client_for(school.facilitator)
    answer = me.post(f"/group/sessions/{taken_off}/notes", data={"main_points": "We talked of mornings."})
    assert answer.status_code == 404
    assert "What you have just sent was not kept. Go back one page" in read(answer)


def test_of_a_group_that_never_was_the_answer_is_the_same(client_for, school, world, taken_off):
    me = client_for(school.facilitator)
    gone = me.get(f"/group/sessions/{taken_off}/tonight")
    foreign = me.get(f"/group/sessions/{world.sibling_school.ids['session_id']}/tonight")
    missing = me.get("/group/sessions/00000000-0000-4000-8000-000000000000/tonight")
    assert {answer.status_code for answer in (gone, foreign, missing)} == {404}
    assert (
        len({re.sub(r'(nonce|value|content)="[^"]*"', "", read(one)) for one in (gone, foreign, missing)})
        == 1
    )


def test_their_home_promises_no_dates_that_are_not_there(client_for, school, taken_off):
    home = read(client_for(school.facilitator).get("/group"))
    assert "Your dates are below" not in home
    assert "You are ready to lead" in home
    assert "first group" not in home


def test_with_dates_to_come_they_are_below(client_for, senco, school, taken_off):
    start = soon() + timedelta(days=14)
    later = form_one(senco, start_on=[str(start.day), str(start.month), str(start.year)])
    senco.post(
        f"/school/groups/{later}/facilitators", data={"facilitator": str(school.facilitator.person_id)}
    )

    home = read(client_for(school.facilitator).get("/group"))

    assert "Nothing needs you today." in home
    assert "Rest well. Your dates are below." in home
