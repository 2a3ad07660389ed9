"""A school's office reads whom to write to and which room to open, and learns nothing beyond."""

from __future__ import annotations

import re
from csv import reader
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.recruitment.consents import LANGUAGES
from infra.clock import now, today
from infra.ids import new_id
from tests.integration.office.pages import AT, main
from tests.support.borrowed import as_login
from tests.support.links import sent
from tests.support.reading import find_in

#: The box before a line, which has its place in the list and whose line it is.
BOX = r'<input[^>]*name="chosen"[^>]*><label[^>]*>'


@pytest.mark.parametrize("stage", ["invited", "said_no", "joined", "in_group", "left"])
def test_the_list_reads_the_same_whatever_somebody_answered(office, person, stage):
    """Given somebody at any step, when the office opens its list, then they stand there with nothing of it."""
    person("Ann", "invited")
    other = person("Ann", stage)
    page = office.get(f"{AT}/parents")
    lines = [line for line in main(page).split("<tr") if "Ann Quill" in line]
    ids = sorted(str(other) in line for line in lines)
    assert ids == [False, True]
    first, second = (re.sub(BOX, "", line).split("/office/parents/")[0] for line in lines)
    assert first == second


def test_what_was_given_in_confidence_is_not_on_any_page(office, person):
    person("Ann", access_needs="wheelchair, and panic in lifts", language="tr")
    page = office.get(f"{AT}/parents")
    assert LANGUAGES["tr"] in main(page)
    assert "wheelchair" not in page.text


@pytest.mark.parametrize(
    "table",
    [
        "enrolment",
        "attendance",
        "recruitment_profile",
        "group_wish",
        "household_member",
        "consent",
        "parent_event",
        "parent_merge",
        "outbox",
        "text_reply",
        "signup",
        "document",
        "concern",
        "concern_receipt",
        "facilitator",
        "cohort_facilitator",
        "place_offer",
        "contact_doubt",
        "call_request",
        "group_theme",
        "learning_notes",
    ],
)
def test_the_database_refuses_everything_else(asks, table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        asks(f"select count(*) from {table}")


@pytest.mark.parametrize(
    "what",
    [
        "stage from parent",
        "do_not_ask_until from parent",
        "access_needs from parent_contact",
        "known_as from parent_contact",
        "not_for_office from parent_contact",
        "action from contact_with_parent",
        "by_name from contact_with_parent",
        "change_reason from cohort_session",
        "end_reason from cohort",
    ],
)
def test_the_database_refuses_the_columns_beside(asks, what):
    with pytest.raises(ProgrammingError, match="permission denied"):
        asks(f"select {what}")


def test_it_reads_no_colleagues(asks, world):
    found = asks("select id from staff_member").scalars().all()
    assert found == [world.school.office.person_id]


def test_notes_of_colleagues_are_not_read(asks, as_superuser, person, world):
    parent_id = person("Ann")
    as_superuser(
        "insert into contact_with_parent (school_id, id, parent_id, how, outcome, at, noted_at, by_id, by_name)"
        " values (:school, :id, :parent, 'phone', 'spoke', :at, :at, :by, 'Jo')",
        school=world.school.school_id,
        id=new_id(),
        parent=parent_id,
        at=now(),
        by=world.school.lead.person_id,
    )
    assert asks("select count(*) from contact_with_parent").scalar_one() == 0


def test_dates_and_rooms_are_read_and_nobody_who_comes(office, as_superuser, world):
    as_superuser(
        "update cohort_session set on_date = :day, room = 'Hall B', state = 'planned' where id = :id",
        day=today() + timedelta(days=2),
        id=world.school.ids["session_id"],
    )
    page = office.get(AT)
    assert "Hall B" in main(page)
    assert world.school.family_canary not in page.text


# Kept from it.


def test_who_is_kept_from_the_office_is_nowhere(office, asks, person, letter):
    """Given a parent whom staff keep from it, then no list, search, page, letter or note of theirs finds them."""
    parent_id = person("Kez", phone="+447700900855", not_for_office=True)
    letter(parent_id)
    assert "Kez" not in office.get(AT).text
    assert "Kez" not in office.get(f"{AT}/parents").text
    office.post(f"{AT}/parents/search", data={"text": "Kez"})
    found = office.get(f"{AT}/parents")
    assert "Nobody matches." in main(found)
    assert office.get(f"{AT}/parents/{parent_id}/call").status_code == 404
    for table, column in (("parent", "id"), ("parent_contact", "parent_id")):
        assert asks(f"select count(*) from {table} where {column} = :id", id=parent_id).scalar_one() == 0
    assert asks("select count(*) from identity.letters_at_office()").scalar_one() == 0
    said = asks(
        "select app.note_at_office(:new, :id, 'phone', 'spoke', '')", new=new_id(), id=parent_id
    ).scalar_one()
    assert said == "gone"


def test_staff_keep_somebody_from_it_and_let_them_back(lead, office, as_superuser):
    data = {"first_name": "Kez", "last_name": "Quill", "phone": "07700 900855", "language": "en"}
    lead.post("/school/parents/add", data=data | {"not_for_office": "y"})
    assert "Kez" not in office.get(f"{AT}/parents").text
    parent_id = as_superuser("select parent_id from parent_contact where first_name = 'Kez'")[0]["parent_id"]
    assert "checked" in find_in(
        r'(<input[^>]*name="not_for_office"[^>]*>)', lead.get(f"/school/parents/{parent_id}/change").text
    ).group(1)
    lead.post(f"/school/parents/{parent_id}/change", data=data)
    assert "Kez Quill" in office.get(f"{AT}/parents").text


def test_a_parent_keeps_themselves_off_it(client_for, office, world):
    """Given a parent who knows somebody in the office, when they tick it among their choices, then they are gone."""
    line = f"/office/parents/{world.school.parent.person_id}/call"
    assert line in office.get(f"{AT}/parents").text
    parent = client_for(world.school.parent)
    page = parent.get("/my/choices").text
    assert "Keep me off the list of the school office" in page
    data = dict.fromkeys(("email", "text", "pooled_answers", "share_attendance", "ask_to_lead"), "no")
    parent.post("/my/choices", data=data | {"not_for_office": "y"})
    assert line not in office.get(f"{AT}/parents").text
    change = f"/school/parents/{world.school.parent.person_id}/change"
    lead = client_for(world.school.lead)
    assert "They keep themselves off the list of the school office" in lead.get(change).text
    details = {"first_name": "Kim", "last_name": "Quill", "phone": "07700 900856", "language": "en"}
    assert "Saved" in lead.post(change, data=details, follow_redirects=True).text
    assert line not in office.get(f"{AT}/parents").text, "staff have no way to take it back"
    assert "Kept off its list, by their own wish" in lead.get(change.removesuffix("/change")).text
    parent.post("/my/choices", data=data)
    assert line in office.get(f"{AT}/parents").text


def test_whoever_is_invited_keeps_themselves_off_it_before_any_answer(
    client_for, office, as_superuser, world
):
    """Given a letter of theirs in the office's pile, who has only been asked can say so, and take it back."""
    parent_id = world.school.parent.person_id
    as_superuser("update parent set stage = 'invited', joined_at = null where id = :id", id=parent_id)
    line = f"/office/parents/{parent_id}/call"
    parent = client_for(world.school.parent)
    assert "They hand out letters and pick up the phone." in parent.get("/my/welcome").text

    parent.post("/my/welcome/office")
    assert line not in office.get(f"{AT}/parents").text
    assert "Let the school office find me" in parent.get("/my/welcome").text
    parent.post("/my/welcome/office")
    assert line in office.get(f"{AT}/parents").text


# What leaves the service, and who comes in.


def test_the_list_leaves_as_a_file_and_the_lead_reads_so(office, lead, person, as_superuser, world):
    person("Ann", email="ann@example.org")
    person("Kez", not_for_office=True)
    assert "Names and numbers leave We Belong" in office.get(f"{AT}/parents/save").text
    rows = list(reader(office.get(f"{AT}/parents/list.csv").text.lstrip("\ufeff").splitlines()))
    assert rows[0] == [
        "Name",
        "Mobile number",
        "Email address",
        "How to reach them",
        "Language",
        "Last invited",
    ]
    names = [row[0] for row in rows]
    assert "Ann Quill" in names
    assert "Kez Quill" not in names
    saved = as_superuser(
        "select actor_role, actor_id from audit_event where event = 'office:list:saved' and school_id = :id",
        id=world.school.school_id,
    )
    assert [dict(one) for one in saved] == [
        {"actor_role": "school_office", "actor_id": world.school.office.person_id}
    ]


def test_a_lead_invites_the_office_which_comes_in_and_is_taken_off_again(app, client_for, connection, world):
    lead, office = client_for(world.school.lead), client_for(None)
    data = {"name": "Ada Stone", "email": "ada@x.example.org", "job_title": "", "role": "school_office"}
    assert "Ada Stone" in lead.post("/school/staff/invite", data=data, follow_redirects=True).text
    with as_login(connection, "wb_owner"):
        message, person_id = connection.execute(
            text(
                "select id, recipient_id from outbox where kind = 'staff_invitation'"
                " order by created_at desc, id desc limit 1"
            )
        ).one()
    token = sent(connection, app.config["SECRET_KEY"], message)
    assert "School office" in office.get(f"/invitation/{token}?me=yes").text
    office.post(f"/invitation/{token}", data={"password": "violin cactus rain"})
    page = office.get("/sign-in/set-up").text
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")
    office.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret).now()})
    assert office.get(AT).status_code == 200
    assert office.get("/school/parents").status_code == 403

    lead.post(f"/school/staff/{person_id}/remove", follow_redirects=True)
    assert office.get(AT).status_code != 200


def test_the_office_is_handed_no_step_and_no_call(lead, as_superuser, person, world):
    as_superuser(
        "update school set contact_name = :name where school_id = :id",
        name=world.school.office.name,
        id=world.school.school_id,
    )
    page = lead.get(f"/school/parents/{person('Ann')}/contacts/add")
    assert world.school.office.name not in page.text
    assert world.school.head_teacher.name not in page.text


def test_poster_and_cards_are_printed_where_there_is_a_page(office, as_superuser, world):
    page = office.get("/school/sign-up/poster.pdf", follow_redirects=True)
    assert page.status_code == 200
    assert page.mimetype in ("application/pdf", "text/html")
    assert office.get("/school/sign-up").status_code == 403
