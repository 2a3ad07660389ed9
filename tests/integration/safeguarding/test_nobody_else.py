"""A concern whose every possible reader is its subject, or can no longer sign in: said before it is sent, and red."""

from __future__ import annotations

import pytest

from app.safeguarding.services import ANNOUNCE
from infra.ids import new_id
from tests.integration.safeguarding.conftest import TOLD
from tests.integration.safeguarding.test_readers import add_officer, hand_over_all, waiting

NIGHT = "+441632960123"
BOTH = {"about": "adult", "about_name": "Helen Marsh and Grace Okafor"}
#: About the school's own people, so that nobody at the school reads it, whoever else does there.
OWN_PEOPLE = {"about": "staff", "about_name": "Helen Marsh and Grace Okafor"}


@pytest.fixture(autouse=True)
def named(own, world):
    """The one safeguarding lead and the one officer have names that can be written down; a number answers at night."""
    for person, name in ((world.school.dsl, "Grace Okafor"), (world.authority.officer, "Helen Marsh")):
        own.rows("update identity.account set name = %s where id = %s", name, person.account_id)
    own.rows(
        "update authority set out_of_hours_phone = %s where authority_id = %s",
        NIGHT,
        world.authority.authority_id,
    )


def add_deputy(own, world):
    """A second safeguarding lead of the school who can sign in; their person id."""
    person, account = own.value("select gen_random_uuid()"), own.value("select gen_random_uuid()")
    own.rows(
        "insert into staff_member (school_id, id, name, email, role, is_deputy, invited_at, accepted_at)"
        " values (%s, %s, 'Dora Second', 'dora@example.org', 'school_dsl', true, now(), now())",
        world.school.school_id,
        person,
    )
    own.rows(
        "insert into identity.account (id, email, name, password_hash)"
        " values (%s, 'dora@example.org', 'Dora Second', 'x')",
        account,
    )
    own.rows(
        "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)"
        " values (gen_random_uuid(), %s, 'school_dsl', %s, %s, %s)",
        account,
        world.authority.authority_id,
        world.school.school_id,
        person,
    )
    return person


def reads(own, concern_id, person, path):
    return own.client(person).get(f"{path}/{concern_id}").status_code


def nobody_reads(own, world, concern_id):
    assert reads(own, concern_id, world.school.dsl, "/school/concerns") == 404
    assert reads(own, concern_id, world.authority.officer, "/officer/concerns") == 404


@pytest.mark.parametrize("risk", ["yes", "no"])
@pytest.mark.parametrize(
    "told", [BOTH, OWN_PEOPLE, {"about": "child", "about_name": "The DSL", "who_else": "LADO"}]
)
def test_before_sending_the_page_says_who_to_call_and_keeps_the_words(own, world, told, risk):
    client = own.client(world.school.parent)
    before = own.value("select count(*) from concern_receipt")
    form = {"form_id": str(new_id()), **TOLD, **told, "risk_today": risk}

    page = client.post("/concerns/new", data=form).text

    assert own.value("select count(*) from concern_receipt") == before
    assert "It is not sent yet" in page
    assert f"tel:{NIGHT}" in page
    assert "tel:999" in page
    assert "Zanzibar" in page
    assert "Keep it here all the same" in page
    # Whom it names is called nowhere.
    assert waiting(own, "outbox", "concern_received_for_dsl") == []
    assert waiting(own, "authority_outbox", "concern_received_for_officer") == []


@pytest.mark.parametrize("risk", ["yes", "no"])
@pytest.mark.parametrize("told", [BOTH, OWN_PEOPLE])
def test_a_kept_concern_is_read_by_nobody_it_names(own, world, raise_one, told, risk):
    concern_id, client = raise_one(anyway=True, **told, risk_today=risk)

    nobody_reads(own, world, concern_id)
    page = client.get(f"/concerns/{concern_id}/received").text
    assert "Nobody yet" in page
    assert f"tel:{NIGHT}" in page
    assert "working day" not in page
    assert "Helen Marsh" not in page
    for outbox in ("outbox", "authority_outbox"):
        assert own.rows(f"select * from {outbox} where kind like 'concern_%%'") == []
    (message,) = waiting(own, "authority_outbox", "nobody_reads_concerns")
    assert message["recipient_id"] == world.authority.admin.person_id


def test_the_councils_home_is_red_until_somebody_can_read_it(own, world, raise_one):
    admin = own.client(world.authority.admin)
    assert "Nobody can read" not in admin.get("/authority").text
    raise_one(anyway=True, **BOTH)

    assert "Nobody can read a concern" in admin.get("/authority").text
    # How many there are of another council is nobody's affair.
    assert "Nobody can read" not in own.client(world.other_authority.admin).get("/authority").text

    add_officer(own, world)
    assert "Nobody can read" not in admin.get("/authority").text


def test_those_who_appoint_hear_of_it_every_day(own, world, raise_one):
    raise_one(anyway=True, **BOTH)
    own.rows("update authority_outbox set dedupe_key = 'yesterday' where kind = 'nobody_reads_concerns'")

    hand_over_all(own)
    hand_over_all(own)

    assert len(waiting(own, "authority_outbox", "nobody_reads_concerns")) == 2


@pytest.mark.parametrize("risk", ["yes", "no"])
@pytest.mark.parametrize("told", [BOTH, OWN_PEOPLE])
def test_of_two_officers_the_one_who_is_not_named_reads_it(own, world, raise_one, told, risk):
    second = add_officer(own, world)
    concern_id, client = raise_one(**told, risk_today=risk)

    nobody_reads(own, world, concern_id)
    kind = "concern_urgent_for_officer" if risk == "yes" else "concern_received_for_officer"
    assert [row["recipient_id"] for row in waiting(own, "authority_outbox", kind)] == [second["person"]]
    assert "Second Officer" in client.get(f"/concerns/{concern_id}/received").text
    assert "Nobody can read" not in own.client(world.authority.admin).get("/authority").text


def test_of_two_safeguarding_leads_the_other_reads_it_where_the_officer_is_named_too(own, world, raise_one):
    deputy = add_deputy(own, world)
    concern_id, client = raise_one(**BOTH)

    nobody_reads(own, world, concern_id)
    (message,) = waiting(own, "outbox", "concern_received_for_dsl")
    assert message["recipient_id"] == deputy
    page = client.get(f"/concerns/{concern_id}/received").text
    assert "Dora Second" in page
    assert "Grace Okafor" not in page


def test_what_is_about_the_schools_own_people_stays_away_from_a_deputy_there(own, world, raise_one):
    add_deputy(own, world)
    raise_one(anyway=True, **OWN_PEOPLE)

    assert waiting(own, "outbox", "concern_received_for_dsl") == []


def test_at_a_school_without_a_reader_what_names_the_officer_goes_to_another_officer(own, world, raise_one):
    own.close_account(world.school.dsl)
    second = add_officer(own, world)
    concern_id, _client = raise_one(about="adult", about_name="Helen Marsh")

    assert reads(own, concern_id, world.authority.officer, "/officer/concerns") == 404
    (message,) = waiting(own, "authority_outbox", "concern_received_for_officer")
    assert message["recipient_id"] == second["person"]


def test_what_waited_goes_to_an_officer_who_comes_later(own, world, raise_one):
    own.close_account(world.school.dsl)
    concern_id, client = raise_one(about="adult", about_name="Helen Marsh", anyway=True)
    assert "Nobody can read" in own.client(world.authority.admin).get("/authority").text

    second = add_officer(own, world)
    hand_over_all(own)

    assert reads(own, concern_id, world.authority.officer, "/officer/concerns") == 404
    assert second["person"] in [
        row["recipient_id"] for row in waiting(own, "authority_outbox", "concern_received_for_officer")
    ]
    assert "Second Officer" in client.get(f"/concerns/{concern_id}/received").text


@pytest.mark.parametrize("about", ["child", "staff"])
def test_where_nobody_can_sign_in_the_page_says_so_before_anything_is_typed(own, world, raise_one, about):
    own.close_account(world.school.dsl)
    own.close_account(world.authority.officer)
    client = own.client(world.school.parent)

    for path in ("/concerns", "/concerns/new"):
        page = client.get(path).text
        assert "Please call as well" in page
        assert "within one working day" not in page
    raise_one(anyway=True, about=about)


def test_pressing_twice_keeps_one(own, world):
    client = own.client(world.school.parent)
    form = {"form_id": str(new_id()), **TOLD, **BOTH, "knows_nobody_reads": "yes"}

    places = {client.post("/concerns/new", data=form).location for _ in range(2)}

    [place] = places
    assert place.endswith("/received")


def test_a_raiser_keeps_nobody_else_from_it(own, world, raise_one):
    """A statement injected as a parent names people of other places, or comes later."""
    concern_id, _client = raise_one()
    own.rows("update concern_receipt set raised_at = raised_at - interval '2 minutes'")
    scope = world.school.parent.scope

    with own.session("wb_web", scope) as session:
        session.execute(ANNOUNCE, {"concern": concern_id, "kept": [world.school.dsl.person_id]})
        session.commit()

    assert not own.value("select count(*) from concern_kept where concern_id = %s", concern_id)
    assert reads(own, concern_id, world.school.dsl, "/school/concerns") == 200
