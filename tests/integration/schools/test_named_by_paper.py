"""Who reads concerns first, alone, is whom the paper named that the council accepted: once, and no later name."""

from __future__ import annotations

import hashlib
import re

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.messages.catalogue import get_kind
from app.schools import register
from infra.ids import new_id
from tests.integration.schools.appointing import SECOND, appointment, told
from tests.support.own import own_app

WITH_GAPS = {"school_dsl": "", "school_dsl_deputy": "", "lead": "Jo Lead", "urn": "1"}
NAMED = WITH_GAPS | {"school_dsl": "Mia Brand", "school_dsl_deputy": "Jo Kay"}
ALL_NAMED = NAMED | dict.fromkeys(
    (
        "council_contact",
        "named_officer",
        "data_protection",
        "lawful_basis",
        "lead_deputy",
        "room",
        "starts_on",
    ),
    "Given",
)


@pytest.fixture
def own(stack, world):
    """A school that is being set up: no parent has come, nobody reads concerns, and no agreement was sent."""
    with own_app(stack, "named") as found:
        with psycopg.connect(found.stack.superuser_url, autocommit=True) as root:
            root.execute("set session_replication_role = replica")
            school = world.school.school_id
            root.execute("delete from parent where school_id = %s", (school,))
            root.execute("delete from document where school_id = %s", (school,))
            root.execute("delete from staff_member where school_id = %s and role = 'school_dsl'", (school,))
            root.execute(
                "update identity.membership set ended_at = now() where in_school = %s and role = 'school_dsl'",
                (school,),
            )
        found.rows("update school set stage = 'brief_sent', dsl_name = '', dsl_deputy = ''")
        yield found


def add(own, world, kind, named=None):
    """A paper that is there, the newest of its kind; its id."""
    key, school = new_id(), world.school.school_id
    own.rows(
        "insert into document (school_id, id, kind, file_name, state, object_key, sha256, size, next_at, created_at,"
        " ready_at, named) values (%s, %s, %s, 'a.pdf', 'ready', %s, %s, 1, now(), clock_timestamp(),"
        " clock_timestamp(), %s)",
        school,
        key,
        kind,
        f"t/{school}/d/{key}/v1",
        hashlib.sha256(key.bytes).hexdigest(),
        None if named is None else Jsonb(named),
    )
    return key


def sign(own, world, named):
    """The school has signed what named so, and sent it."""
    add(own, world, "agreement", named)
    own.rows("update school set stage = 'agreement_signed' where school_id = %s", world.school.school_id)
    return add(own, world, "signed_agreement")


def accept(own, world, document):
    address = f"/authority/schools/{world.school.school_id}/agreement/{document}/accept"
    return own.client(world.authority.admin).post(address, follow_redirects=True).text


def invite(own, world, name, role="school_dsl", email=SECOND):
    lead = own.client(world.school.lead)
    data = {"name": name, "email": email, "job_title": "", "role": role}
    return lead.post("/school/staff/invite", data=data, follow_redirects=True).text


def type_in(own, world, name, deputy):
    own.rows(
        "update school set dsl_name = %s, dsl_deputy = %s where school_id = %s",
        name,
        deputy,
        world.school.school_id,
    )


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize(("role", "name"), [("school_dsl", "Mia Brand"), ("school_dsl_deputy", "Jo Kay")])
def test_whoever_is_typed_in_after_signing_takes_a_second_person(own, world, role, name, is_accepted):
    """Given a signed paper with gaps, when the lead fills them in afterwards, then that names nobody in it."""
    document = sign(own, world, WITH_GAPS)
    if is_accepted:
        accept(own, world, document)
    type_in(own, world, "Mia Brand", "Jo Kay")
    add(own, world, "agreement", NAMED)  # drawn again with what was typed in

    assert "The role begins a day after a second person agrees" in invite(own, world, name, role)
    row = appointment(own)
    assert (row["basis"], row["begins_at"]) == ("second_person", None)
    page = own.client(world.school.lead).get("/school/set-up/details").text
    assert "The signed agreement names" not in page


def test_nobody_reads_concerns_before_a_paper_names_them(own, world):
    """Given a school without any paper yet, and no details, when its lead invites, then a second person agrees."""
    assert "The role begins a day after a second person agrees" in invite(own, world, "Mia Brand")
    assert appointment(own)["basis"] == "second_person"


def test_where_nobody_could_agree_the_lead_reads_what_to_do(own, world):
    document = sign(own, world, WITH_GAPS)
    accept(own, world, document)
    own.rows("update identity.account set created_at = now() - interval '3 days'")
    page = invite(own, world, "Mia Brand")
    assert "Your council has not accepted an agreement that names Mia Brand" in page
    assert "sign and send the agreement that is made with it" in " ".join(page.split())
    assert own.rows("select 1 from staff_member where email = %s", SECOND) == []


@pytest.mark.parametrize(("role", "name"), [("school_dsl", "Mia Brand"), ("school_dsl_deputy", "Jo Kay")])
@pytest.mark.parametrize("is_sent", [True, False])
def test_nobody_begins_alone_before_the_council_has_accepted_the_paper(own, world, role, name, is_sent):
    """Given a name that the lead typed, and a paper drawn with it, when it was signed or not, and nobody has accepted
    it, then whoever the lead invites by that name takes a second person."""
    type_in(own, world, "Mia Brand", "Jo Kay")
    add(own, world, "agreement", NAMED)
    if is_sent:
        sign(own, world, NAMED)
    assert (
        "Until then a second person agrees first"
        in own.client(world.school.lead).get("/school/staff/invite").text
    )
    assert "The role begins a day after a second person agrees" in invite(own, world, name, role)
    assert appointment(own)["basis"] == "second_person"
    assert told(own, "first_reader") == set()


def test_a_name_of_the_paper_is_used_once_while_it_is_invited_or_acts(own, world):
    """Given a reader by the accepted paper, when their name is invited again, at another address, in other letters or
    as the deputy, then a second person agrees; when they are gone, the name may be invited anew."""
    accept(own, world, sign(own, world, NAMED | {"school_dsl_deputy": "MIA BRAND"}))
    invite(own, world, "Mia Brand")
    own.rows("update staff_member set name = 'Mia B.' where email = %s", SECOND)
    for email, name, role in (
        ("2@example.org", "mia  brand", "school_dsl"),
        ("3@example.org", "Mia Brand", "school_dsl_deputy"),
    ):
        assert "The role begins a day after a second person agrees" in invite(own, world, name, role, email)
    bases = "select basis from appointment where asked_at > now() - interval '1 day' order by asked_at, id"
    assert [row["basis"] for row in own.rows(bases)] == ["first_holder", "second_person", "second_person"]
    assert told(own, "appointment_asked")

    own.rows("update identity.account set created_at = now() - interval '3 days'")
    page = " ".join(invite(own, world, "Mia Brand", email="4@example.org").split())
    assert "Another person of that name takes a second person, and nobody can agree yet" in page
    assert own.rows("select 1 from staff_member where email = '4@example.org'") == []

    own.rows("update staff_member set ended_at = now() where role = 'school_dsl'")
    invite(own, world, "Mia Brand", email="5@example.org")
    assert own.rows(bases.replace("basis", "basis, email"))[-1] == {
        "basis": "first_holder",
        "email": "5@example.org",
    }


def test_whom_the_accepted_paper_names_begins_at_once_and_no_other_name_does(own, world):
    """Given an accepted paper that names somebody, then that stands, whatever the details say since."""
    accept(own, world, sign(own, world, NAMED))
    type_in(own, world, "Somebody Else", "")
    add(own, world, "agreement", NAMED | {"school_dsl": "Somebody Else"})

    assert "The signed agreement names Mia Brand" in invite(own, world, "Somebody Else")
    assert (
        "The signed agreement names Mia Brand and Jo Kay"
        in own.client(world.school.lead).get("/school/set-up/details").text
    )
    assert "a second person" not in invite(own, world, "mia brand")
    assert appointment(own)["basis"] == "first_holder"
    # No second person, so all who would have heard of one are told that somebody begins to read.
    assert told(own, "first_reader") >= {
        one.person_id for one in (world.school.lead, world.authority.admin, world.authority.officer)
    }
    assert told(own, "appointment_asked") == set()
    assert "Mia Brand" not in str(get_kind("first_reader_at_council").email)


def test_a_newer_paper_that_names_them_is_accepted_and_they_begin(own, world):
    """Given one with gaps in force, when a newer one with names is signed and accepted, then it is what counts."""
    accept(own, world, sign(own, world, WITH_GAPS))
    accept(own, world, sign(own, world, NAMED))
    invite(own, world, "Mia Brand")
    assert appointment(own)["basis"] == "first_holder"


def test_what_was_agreed_before_a_school_came_back_names_nobody_until_it_is_accepted_anew(own, world):
    accept(own, world, sign(own, world, NAMED))
    own.rows(
        "insert into onboarding_event (school_id, id, from_stage, to_stage, note, by_name, by_side, at)"
        " values (%s, gen_random_uuid(), 'left', 'prospect', '', 'A', 'authority', clock_timestamp())",
        world.school.school_id,
    )
    own.rows("update school set stage = 'invited' where school_id = %s", world.school.school_id)
    type_in(own, world, "Mia Brand", "Jo Kay")
    document = sign(own, world, NAMED)
    invite(own, world, "Mia Brand")
    assert appointment(own)["basis"] == "second_person"

    accept(own, world, document)
    invite(own, world, "Jo Kay", "school_dsl_deputy", "jo@example.org")
    assert own.rows("select basis from appointment where email = 'jo@example.org'") == [
        {"basis": "first_holder"}
    ]


def test_the_council_reads_what_the_paper_names_and_leaves_blank_before_it_accepts(own, world):
    sign(own, world, WITH_GAPS | {"room": "The hall"})
    admin = own.client(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    page = " ".join(re.sub(r"<[^>]+>", " ", admin.get(address).text).split())
    assert "Check that the signed one does" in page
    assert "Jo Lead" in page
    blank = page.split("it left room for:")[1].split("You can return it")[0]
    for one in ("The school’s safeguarding lead", "The council’s named officer", "Who steps in for the lead"):
        assert one in blank
    assert "The room" not in blank
    assert "Anybody not named here reads concerns only when a second person has agreed" in page

    sign(own, world, ALL_NAMED)
    page = admin.get(address).text
    assert "the school can invite Mia Brand and Jo Kay to read its concerns" in " ".join(page.split())
    assert "it left room for" not in page


def test_an_agreement_is_not_accepted_over_somebody_who_reads_without_being_named(own, world):
    """Given a reader by an accepted paper, when a newer one names another, then the council is told."""
    accept(own, world, sign(own, world, NAMED))
    invite(own, world, "Mia Brand")
    assert appointment(own)["basis"] == "first_holder"
    document = sign(own, world, NAMED | {"school_dsl": "Somebody Else"})

    assert "Mia Brand can read concerns at the school, and this agreement does not name them" in accept(
        own, world, document
    )
    assert own.rows("select 1 from agreement_review where document_id = %s", document) == []


def test_a_conversion_asks_to_sign_anew_and_tells_the_lead(own, world, monkeypatch):
    """Given an accepted agreement, when the school goes on under another number, then both read that it is of the old
    one, the paper is made again, and the lead gets a message."""
    own.rows(
        "insert into register_school (urn, name, la_code, status, is_open, search_name, row_digest)"
        " values (990222, 'New School', '801', 'Open', true, 'new school', '0')"
    )
    accept(own, world, sign(own, world, ALL_NAMED))
    entry = type("Entry", (), {"urn": 5, "name": "Old School", "is_open": False, "closed_on": None})
    after = type(
        "Entry",
        (),
        {
            "urn": 990_222,
            "name": "New School",
            "phase": "Primary",
            "trust_code": None,
            "federation_code": None,
            "trust_name": None,
            "federation_name": None,
        },
    )
    monkeypatch.setattr(register, "find_entry", lambda *_args: entry)
    monkeypatch.setattr(register, "find_successor", lambda *_args: after)
    admin, lead = own.client(world.authority.admin), own.client(world.school.lead)
    address = f"/authority/schools/{world.school.school_id}"
    admin.post(f"{address}/convert")
    monkeypatch.undo()

    # What is to be done stands wherever either looks, until it is done.
    why = "was signed for the school with the number 1"
    for client, where, task in (
        (admin, address, "Ask the school to sign"),
        (admin, "/authority", "has a new agreement to sign"),
        (lead, "/school", "Sign the new agreement"),
        (lead, "/school/set-up", "Sign again"),
        (lead, "/school/set-up/agreement", "Sign the agreement above and send it"),
    ):
        page = words(client, where)
        assert why in page, where
        assert task in page, where
    assert "A new agreement to sign" in words(admin, "/authority/schools")
    assert lead.get("/go/agreement").location == "/school/set-up/agreement"
    queued = own.rows("select kind from document where state = 'queued'")
    assert [one["kind"] for one in queued] == ["agreement"]
    told = own.rows("select recipient_id from outbox where kind = 'school_converted'")
    assert [one["recipient_id"] for one in told] == [world.school.lead.person_id]


def words(client, address):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


SAID = "The school has not said that everybody is invited"
NOBODY = "No safeguarding lead invited"
WAITS = "Waits for a second person: Mia Brand"


@pytest.mark.parametrize(
    ("is_accepted", "name", "council", "school"),
    [
        (False, "", (NOBODY,), "At least your safeguarding lead."),
        (False, "Mia Brand", (WAITS, SAID), f"{WAITS}. When everybody is invited, say so."),
        (True, "Mia Brand", (SAID,), "Safeguarding: Mia Brand. When everybody is invited, say so."),
    ],
)
def test_the_lists_say_how_far_the_safeguarding_lead_is(own, world, is_accepted, name, council, school):
    """Given everything done but to say that all are invited, then what stands there is true of who is invited."""
    document = sign(own, world, NAMED)
    if is_accepted:
        accept(own, world, document)
    if name:
        invite(own, world, name)
    own.rows("delete from school_task where school_id = %s", world.school.school_id)
    own.rows(
        "insert into school_task (school_id, task, done_at, done_by) select %s, t, now(), 'Jo' from"
        " unnest(array['details', 'brief', 'agreement', 'room_and_dates']) t",
        world.school.school_id,
    )
    own.rows("update school set stage = 'prospect' where school_id <> %s", world.school.school_id)
    admin, lead = own.client(world.authority.admin), own.client(world.school.lead)
    for address in (f"/authority/schools/{world.school.school_id}", "/authority/schools"):
        page = words(admin, address)
        for each in (NOBODY, SAID, WAITS):
            assert (each in page) == (each in council), (address, each)
    assert school in words(lead, "/school/set-up")
    task = "Say that everybody is invited" if name else "Invite your colleagues"
    assert task in words(lead, "/school")

    lead.post("/school/staff/finish")
    if name and not is_accepted:  # her list is done, and she has not begun
        assert "Mia Brand: Waits for a second person" in words(admin, "/authority/schools")


def test_a_school_that_changes_whom_parents_call_signs_anew_until_it_has_sent_a_newer_one(own, world):
    """Given an active school, when its lead is another than the agreement in force names, then the task stands on its
    first page and at the council; what the agreement left blank, or a room, asks for nothing."""
    own.rows("update school set contact_name = 'Jo Lead', contact_deputy = ''")
    urn = own.value("select urn from school where school_id = %s", world.school.school_id)
    named = NAMED | {"lead_deputy": "", "urn": str(urn)}
    accept(own, world, sign(own, world, named))
    own.rows("update school set stage = 'active', contact_deputy = 'Ray Moss', room = 'The other room'")
    admin, lead = own.client(world.authority.admin), own.client(world.school.lead)
    assert "Sign the new agreement" not in words(lead, "/school")

    own.rows("update school set contact_name = 'New Lead' where school_id = %s", world.school.school_id)
    page = words(lead, "/school")
    assert "Sign the new agreement" in page
    assert "names somebody else for this: The school’s lead" in page
    assert "Sign the new agreement" not in words(own.client(world.school.senco), "/school")
    assert f"{world.school.name} has a new agreement to sign" in words(admin, "/authority")

    sign(own, world, named | {"lead": "New Lead"})
    own.rows("update school set stage = 'active' where school_id = %s", world.school.school_id)
    assert "Sign the new agreement" not in words(lead, "/school")
    assert "has a new agreement to sign" not in words(admin, "/authority")
