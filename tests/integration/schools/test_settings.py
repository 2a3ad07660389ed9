"""What an authority sets for all its schools, and its own people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.documents.queries import list_documents
from app.documents.services import request_document
from app.extensions import db
from app.papers.gather import MAKERS
from app.schools import queries
from infra.clock import today

CONTACT = {
    "contact_name": "Priya Nair",
    "contact_email": "team@example.org",
    "contact_phone": "020 7946 0001",
    "officer_phone": "020 7946 0002",
    "out_of_hours_phone": "020 7946 0003",
    "dpo_contact": "",
    "lawful_basis": "",
    "privacy_url": "",
    "brand_colour": "#17504A",
}
TERM = {
    "name": "Autumn 2031",
    "starts_on": ["2", "9", "2031"],
    "half_term_starts_on": ["27", "10", "2031"],
    "half_term_ends_on": ["31", "10", "2031"],
    "ends_on": ["19", "12", "2031"],
}


@pytest.fixture
def admin(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def ask(app, world):
    def run(sql, person=None, **values):
        with app.app_context():
            db.session.remove()
            session = db.session()
            session.enter((person or world.authority.admin).scope)
            rows = session.execute(text(sql), values).all()
            db.session.rollback()
            return rows

    return run


def test_contact_and_colour_are_kept(admin, ask):
    assert admin.post("/authority/settings/contact", data=CONTACT).status_code == 303
    assert ask("select contact_name, brand_colour from authority") == [("Priya Nair", "#17504a")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"brand_colour": "#f4b23e"}, "hard to read on this colour"),
        ({"brand_colour": "green"}, "six digits"),
        ({"privacy_url": "javascript:alert(1)"}, "begins with https"),
        ({"contact_email": "team"}, "name@example.com"),
        ({"contact_name": ""}, "that schools can call"),
    ],
)
def test_an_invalid_setting_is_explained_and_kept_in_its_field(admin, ask, change, words):
    before = ask("select brand_colour, privacy_url, contact_email, contact_name from authority")
    answer = admin.post("/authority/settings/contact", data=CONTACT | change)
    assert answer.status_code == 200
    assert words in answer.get_data(as_text=True)
    assert ask("select brand_colour, privacy_url, contact_email, contact_name from authority") == before


def test_a_support_line_is_shown_once_it_is_checked(admin, ask):
    line = {"name": "Local line", "number": "020 7946 0009", "note": "Weekdays"}
    unchecked = admin.post("/authority/settings/support-lines", data=line).get_data(as_text=True)
    assert "then tick the box" in unchecked
    assert admin.post("/authority/settings/support-lines", data=line | {"checked": "y"}).status_code == 303
    twice = admin.post("/authority/settings/support-lines", data=line | {"checked": "y"})
    assert "already in the list" in twice.get_data(as_text=True)
    names = [each["name"] for each in ask("select support_lines from authority")[0][0]]
    assert names.count("Local line") == 1
    admin.post(
        "/authority/settings/support-lines/remove", data={"name": "Local line", "number": "020 7946 0009"}
    )
    assert "Local line" not in [each["name"] for each in ask("select support_lines from authority")[0][0]]


def test_a_usual_line_is_added_by_one_press_and_an_unknown_one_is_not(admin, ask):
    admin.post("/authority/settings/support-lines/usual", data={"name": "Childline"})
    admin.post("/authority/settings/support-lines/usual", data={"name": "Made up"})
    names = [each["name"] for each in ask("select support_lines from authority")[0][0]]
    assert "Childline" in names
    assert "Made up" not in names


def test_a_term_is_added_changed_and_taken_out(admin, ask):
    assert admin.post("/authority/settings/terms/add", data=TERM).status_code == 303
    term_id = ask("select id from authority_term where name = 'Autumn 2031'")[0][0]
    admin.post(f"/authority/settings/terms/{term_id}", data=TERM | {"name": "Autumn term 2031"})
    assert ask("select name from authority_term where id = :id", id=term_id) == [("Autumn term 2031",)]
    admin.post(f"/authority/settings/terms/{term_id}/remove")
    assert ask("select 1 from authority_term where id = :id", id=term_id) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_on": ["1", "9", "2031"]}, "must come after the first"),
        ({"half_term_ends_on": ["", "", ""]}, "both days of half-term"),
        ({"half_term_ends_on": ["1", "1", "2032"]}, "inside the term"),
        ({"starts_on": ["", "", ""]}, "Enter the first day"),
        ({"ends_on": ["31", "11", "x"]}, "real date"),
    ],
)
def test_dates_that_cannot_be_a_term_are_explained(admin, change, words):
    answer = admin.post("/authority/settings/terms/add", data=TERM | change)
    assert answer.status_code == 200
    assert words in answer.get_data(as_text=True)


def test_an_empty_form_names_everything_that_is_missing_at_once(admin):
    empty = {name: ["", "", ""] for name in TERM if name != "name"}
    page = admin.post("/authority/settings/terms/add", data=empty | {"name": ""}).get_data(as_text=True)
    for words in ("Enter a name", "Enter the first day of the term", "Enter the last day of the term"):
        assert words in page
    # Half-term may stay empty.
    assert "both days of half-term" not in page


def test_terms_do_not_run_into_one_another(admin):
    admin.post("/authority/settings/terms/add", data=TERM)
    page = admin.post("/authority/settings/terms/add", data=TERM | {"name": "Twice"}).get_data(as_text=True)
    assert "run into Autumn 2031" in page


def test_another_authoritys_term_is_not_found(admin, world, ask):
    term_id = ask("select id from authority_term limit 1", person=world.other_authority.admin)[0][0]
    assert admin.get(f"/authority/settings/terms/{term_id}").status_code == 404
    answer = admin.post(f"/authority/settings/terms/{term_id}/remove", follow_redirects=True).text
    assert "That term has already been taken out." in answer, "as of a term that nobody has"
    kept = ask(
        "select 1 from authority_term where id = cast(:id as uuid)",
        person=world.other_authority.admin,
        id=term_id,
    )
    assert kept


# ---- people


def test_a_commissioner_is_invited_once_and_the_invitation_can_be_cancelled(admin, ask):
    data = {"name": "Kit Marlow", "email": "kit@example.org", "role": "commissioner"}
    assert admin.post("/authority/people/invite", data=data).status_code == 303
    assert "is already" in admin.post("/authority/people/invite", data=data).get_data(as_text=True)
    # Somebody else at the same address is somebody else.
    other = data | {"name": "Ash Marlow", "email": "Kit@example.org"}
    assert admin.post("/authority/people/invite", data=other).status_code == 303
    assert "is already" in admin.post("/authority/people/invite", data=other).get_data(as_text=True)
    member_id = ask(
        "select id from authority_member where email = 'kit@example.org' and name = 'Kit Marlow'"
    )[0][0]
    assert "A new link" in admin.post(
        f"/authority/people/{member_id}/send-again", follow_redirects=True
    ).get_data(as_text=True)
    admin.post(f"/authority/people/{member_id}/cancel")
    assert ask(
        "select open_invitation from identity.person_accounts(array[cast(:id as uuid)])", id=member_id
    ) == [(False,)]
    again = admin.post(f"/authority/people/{member_id}/cancel", follow_redirects=True).text
    assert "has already been removed" in again


def test_a_role_must_be_one_of_the_authoritys(admin):
    data = {"name": "Kit", "email": "kit@example.org", "role": "parent"}
    assert "Choose one of the answers" in admin.post("/authority/people/invite", data=data).get_data(
        as_text=True
    )


def test_a_removed_commissioner_is_signed_out_and_the_last_officer_stays(admin, client_for, world):
    commissioner = client_for(world.authority.commissioner)
    admin.post(f"/authority/people/{world.authority.commissioner.person_id}/remove")
    assert "/sign-in" in commissioner.get("/authority").headers.get("Location", "")
    officer = admin.post(
        f"/authority/people/{world.authority.officer.person_id}/remove", follow_redirects=True
    ).get_data(as_text=True)
    assert "The next named officer must have signed in first" in officer
    own = admin.post(
        f"/authority/people/{world.authority.admin.person_id}/remove", follow_redirects=True
    ).get_data(as_text=True)
    assert "cannot remove yourself" in own


@pytest.mark.parametrize("press", ["send-again", "cancel", "remove", "reset"])
def test_people_of_another_authority_are_not_found(admin, world, press):
    other = world.other_authority.commissioner.person_id
    assert admin.post(f"/authority/people/{other}/{press}").status_code == 404


def test_the_named_officer_is_the_account_that_reads_wherever_it_is_named(
    admin, client_for, session_for, world
):
    """Given an officer who can sign in, then settings, the agreement and a parent's page name that account alone."""

    name = world.authority.officer.name
    pages = [
        admin.get("/authority/settings"),
        admin.get("/authority/settings/contact"),
        client_for(world.school.parent).get("/concerns"),
    ]
    assert all(name in page.get_data(as_text=True) for page in pages)
    typed = admin.post("/authority/settings/contact", data=CONTACT | {"officer_name": "Zed Otherperson"})
    assert typed.status_code == 303
    assert "Zed Otherperson" not in admin.get("/authority/settings").get_data(as_text=True)
    session = session_for(world.school.lead)
    school = queries.get_school(session, world.school.school_id)
    authority = queries.get_authority(session, world.authority.authority_id)
    for _time in range(2):
        request_document(session, kind="agreement", school_id=school.school_id, file_name="a.pdf")
        session.flush()
    newest, oldest = list_documents(session, school.school_id, ("agreement",))
    papers = [MAKERS["agreement"](session, authority, school, one) for one in (oldest, newest)]
    assert [(paper.lado.name, paper.version) for paper in papers] == [(name, 1), (name, 2)]


def test_a_day_that_is_past_promises_no_move(admin):
    past = today() - timedelta(days=3)
    data = {"on_date": [str(past.day), str(past.month), str(past.year)], "reason": "Snow"}
    page = admin.post("/authority/settings/closed-days/add", data=data, follow_redirects=True).text
    assert "It is past, so nothing is to be moved." in page
