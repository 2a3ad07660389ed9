"""Whoever leads and has a fresh start: two people say *ready* again, those concerned hear, and what was stays shut."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.integration.accounts.test_fresh_start import (  # noqa: F401
    agree,
    ask,
    later,
    messages,
    tab,
)
from tests.integration.facilitators.steps import decide_check, give_references, record_training, step


@pytest.fixture
def put(connection):
    """One statement as the superuser, and what it answers."""

    def run(statement, **values):
        connection.execute(text("set session authorization default"))
        result = connection.execute(text(statement), values)
        found = result.all() if result.returns_rows else []
        connection.execute(text("set session authorization wb_web"))
        return found

    return run


@pytest.fixture
def leader(later, world, put):  # noqa: F811
    """A graduate who leads a running group and led another."""
    later(days=40)
    person = world.school.facilitator
    graduate = world.school.graduate
    put("update facilitator set parent_id = null where parent_id = :parent", parent=graduate.person_id)
    put(
        "update facilitator set parent_id = :parent where id = :id",
        parent=graduate.person_id,
        id=person.person_id,
    )
    put(
        "insert into facilitator (school_id, id, name, email, kind, stage, stage_changed_at, created_at)"
        " values (:school, :id, 'Other One', 'other.one@example.org', 'professional', 'training', app.now(),"
        " app.now())",
        school=world.school.school_id,
        id=OTHER,
    )
    for stage in ("ready", "leading"):
        put("update facilitator set stage = :stage where id = :id", stage=stage, id=OTHER)
    put(
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " values (:school, :cohort, :id, app.now())",
        school=world.school.school_id,
        cohort=world.school.ids["cohort_id"],
        id=OTHER,
    )
    return person


OTHER = "0193b6da-0000-7000-8000-000000000001"


@pytest.fixture
def came_in(leader, later, tab, messages, client_for, world):  # noqa: F811
    """The attendance lead asked for it, the SENCO agreed, and somebody came in by the new way."""
    graduate = world.school.graduate
    assert ask(tab(world.school.attendance_lead), graduate).status_code == 303
    agree(tab(world.school.senco), graduate)
    later(hours=25)
    browser = client_for(None)
    assert browser.post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303
    return browser


@pytest.fixture
def url(world):
    return f"/school/facilitators/{world.school.facilitator.person_id}"


def fill(client, url):
    """What *ready* asks for, by one of the staff."""
    give_references(client, url)
    decide_check(client, url, level="none")
    record_training(client, url)


def let_in(client, url):
    return client.post(f"{url}/let-in", follow_redirects=True).text


def assign(client, world):
    return client.post(
        f"/school/groups/{world.school.ids['cohort_id']}/facilitators",
        data={"facilitator": str(world.school.facilitator.person_id)},
        follow_redirects=True,
    )


def test_a_fresh_start_brings_whoever_leads_back_a_step_and_out_of_the_group(came_in, tab, url, world, put):  # noqa: F811
    page = tab(world.school.senco).get(url).text
    assert "They had a fresh start, so they are not leading now." in page
    assert "A fresh start" in page.partition("What happened")[2]
    led = put(
        "select cohort_id from cohort_facilitator where facilitator_id = :id",
        id=world.school.facilitator.person_id,
    )
    assert [row.cohort_id for row in led] == [world.school.ids["closed_cohort_id"]], "history stays"
    home = tab(world.school.senco).get("/school").text
    assert f"Is {world.school.facilitator.name} ready to lead again?" in home
    assert "Choose somebody to lead" in home, "whoever is left counts"
    told = put("select channel from outbox where kind = 'leaders_changed' and recipient_id = :id", id=OTHER)
    assert sorted(row.channel for row in told) == ["email", "sms"], "who leads it with them"
    group = tab(world.school.senco).get(f"/school/groups/{world.school.ids['cohort_id']}").text
    assert f"{world.school.facilitator.name} does not lead it any more" in group, "the group's history"
    mine = came_in.get("/my").text
    assert "your facilitator pages are shut for now" in mine
    assert "Your training can start" not in mine


def test_one_person_alone_opens_no_pages(came_in, tab, url, world, put, acting_as):  # noqa: F811
    asker = tab(world.school.attendance_lead)
    assert "when they are ready to lead" in let_in(asker, url)
    fill(tab(world.school.lead), url)
    assert "asked for their fresh start" in asker.get(url).text
    refused = step(asker, url, "ready")
    assert refused.status_code == 200
    assert "asked for their fresh start" in refused.text
    # Nor by a statement.
    ids = {"parent": world.school.graduate.person_id, "id": world.school.facilitator.person_id}
    with acting_as(world.school.attendance_lead) as session:
        offered = session.execute(
            text(
                "select identity.offer_facilitator(:parent, :id, gen_random_uuid(), app.now() + interval '1 day', '')"
            ),
            ids,
        )
        assert offered.scalar_one() is False
        with pytest.raises(IntegrityError, match="ready takes two people"), session.begin_nested():
            session.execute(text("update facilitator set stage = 'ready' where id = :id"), ids)
        with pytest.raises(IntegrityError, match="one step"), session.begin_nested():
            session.execute(text("update facilitator set stage = 'resting' where id = :id"), ids)


def test_a_second_person_says_ready_and_both_doors_open_what_comes_after(
    came_in,
    tab,  # noqa: F811
    url,
    world,
    put,
    later,  # noqa: F811
    messages,  # noqa: F811
    client_for,
    acting_as,
):
    school = world.school

    def seen():
        with acting_as(school.facilitator) as session:
            return list(session.execute(text("select id from cohort")).scalars())

    fill(tab(school.attendance_lead), url)
    before = len(messages("role_offered"))
    assert step(tab(school.senco), url, "ready").status_code in (302, 303)
    offers = messages("role_offered")
    assert len(offers) == before + 1

    browser = client_for(None)
    assert browser.post(f"/link/{offers[-1]}").status_code == 303, "the link in the message opens"
    assert browser.get("/group").status_code == 200
    later(minutes=1)
    # The group of before stays shut, also the one that is over; being set over one is told as for anybody new.
    assert seen() == []
    put("delete from outbox where kind in ('leaders_changed', 'group_leaders_changed')")
    assert assign(tab(school.attendance_lead), world).status_code == 200
    assert seen() == [school.ids["cohort_id"]]
    told = put(
        "select kind, recipient_id from outbox where kind in ('leaders_changed', 'group_leaders_changed')"
    )
    assert {(row.kind, str(row.recipient_id)) for row in told} == {
        ("leaders_changed", OTHER),
        ("group_leaders_changed", str(school.dsl.person_id)),
    }


def test_change_role_opens_them_too(came_in, tab, url, world):  # noqa: F811
    fill(tab(world.school.attendance_lead), url)
    step(tab(world.school.senco), url, "ready")
    page = came_in.get("/change-role").text
    [offer] = re.findall(r'name="offer"[^>]*value="([^"]+)"', page)
    came_in.post("/change-role", data={"offer": offer})
    assert came_in.get("/group").status_code == 200


def test_an_offer_that_waited_is_worth_nothing_once_they_are_brought_back(
    leader,
    later,  # noqa: F811
    tab,  # noqa: F811
    messages,  # noqa: F811
    client_for,
    world,
    put,
    url,
):
    put("update identity.membership set ended_at = app.now() where person_id = :id", id=leader.person_id)
    senco = tab(world.school.senco)
    assert "Done" in let_in(senco, url)
    [offer] = messages("role_offered")
    ask(tab(world.school.attendance_lead), world.school.graduate)
    agree(senco, world.school.graduate)
    later(hours=25)
    client_for(None).post(f"/link/{messages('fresh_start_link')[0]}")

    assert client_for(None).post(f"/link/{offer}").status_code == 410


def test_a_professional_who_was_withdrawn_and_comes_again_opens_their_link(
    later,  # noqa: F811
    tab,  # noqa: F811
    messages,  # noqa: F811
    client_for,
    world,
    put,
    url,
):
    later(days=40)
    school, person = world.school, world.school.facilitator
    put("delete from cohort_facilitator where facilitator_id = :id", id=person.person_id)
    put("update facilitator set kind = 'professional' where id = :id", id=person.person_id)
    old = tab(person)
    lead = tab(school.lead)
    step(lead, url, "withdrawn")
    assert old.get("/group").status_code != 200
    for stage in ("applied", "shortlisted", "references"):
        step(lead, url, stage)
    give_references(lead, url)
    step(lead, url, "checks")
    decide_check(lead, url, level="none")
    step(lead, url, "training")
    record_training(lead, url)
    assert not messages("role_offered")
    assert step(tab(school.senco), url, "ready").status_code in (302, 303)

    [offer] = messages("role_offered")
    browser = client_for(None)
    assert browser.post(f"/link/{offer}").status_code == 303
    assert browser.get("/group").status_code == 200
    to = put(
        "select address from identity.token where purpose = 'parent_invitation' and role = 'facilitator'"
    )
    assert {row.address for row in to} == {person.email}, "the account that they had, whatever staff typed"


def test_what_was_written_before_stays_shut_to_the_new_way_in(came_in, tab, url, world, put, acting_as):  # noqa: F811
    school, person = world.school, world.school.facilitator
    put(
        "insert into facilitator_application (school_id, facilitator_id, parent_id, answers, submitted_at)"
        " values (:school, :id, :parent, '{\"why\": \"Because\"}', app.now() - interval '50 days')"
        " on conflict do nothing",
        school=school.school_id,
        id=person.person_id,
        parent=school.graduate.person_id,
    )
    with acting_as(person) as session:
        for table in ("facilitator_application", "concern_receipt", "cohort", "attendance", "learning_notes"):
            assert session.execute(text(f"select count(*) from {table}")).scalar_one() == 0, table
