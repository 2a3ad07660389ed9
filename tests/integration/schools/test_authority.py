"""An authority takes schools from the register to active."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.integration.contact_log.sending import contact
from tests.integration.schools.conftest import CLOSED_URN, FOREIGN_URN, OPEN_URN

SCHOOLS = "/authority/schools"


@pytest.fixture
def ask(app, connection, world):
    """What the database holds, seen in the admin's scope; only inside this test's own change."""

    def run(sql, person=None, **values):
        with app.app_context():
            db.session.remove()
            session = db.session()
            session.enter((person or world.authority.admin).scope)
            rows = session.execute(text(sql), values).all()
            db.session.rollback()
            return rows

    return run


@pytest.fixture
def admin(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def added(admin):
    """The address of a school that was just taken from the register."""
    return admin.post(f"{SCHOOLS}/add", data={"urn": OPEN_URN}).headers["Location"]


@pytest.fixture
def invited(admin, added):
    admin.post(f"{added}/invite", data={"name": "Jo Pembury", "email": "Jo.Pembury@example.org"})
    return added


def school_id(address):
    return address.rsplit("/", 1)[-1]


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_school_of_the_register_comes_on_the_list_with_its_trust(admin, added, ask):
    page = text_of(admin, added)
    assert "is on your list" in page
    assert "Invite the lead" in page
    row = ask("select short_name, controller_code, stage, urn from school where urn = :urn", urn=OPEN_URN)[0]
    assert row == ("St Mary’s RC Primary School", "T-77", "prospect", OPEN_URN)
    event = ask(
        "select from_stage, to_stage, by_side from onboarding_event where school_id = :id",
        id=school_id(added),
    )
    assert event == [(None, "prospect", "authority")]


def test_the_search_marks_what_is_on_the_list_and_offers_no_closed_school(admin, added):
    page = text_of(admin, f"{SCHOOLS}/add?q=primary")
    assert "On your list" in page
    assert "Closed" in page
    assert f'value="{CLOSED_URN}"' not in page
    assert "Faraway" not in page


@pytest.mark.parametrize(
    ("urn", "words"),
    [
        (CLOSED_URN, "closed on Monday 31 August 2020"),
        (FOREIGN_URN, "no school with this number"),
        (999_998, "no school with this number"),
        ("12", "no school with this number"),
        ("9901500000", "no school with this number"),
        ("drop table", "no school with this number"),
    ],
)
def test_a_school_that_cannot_be_added_is_explained_and_not_written(admin, ask, urn, words):
    before = ask("select count(*) from school")
    answer = admin.post(f"{SCHOOLS}/add", data={"urn": urn}, follow_redirects=True)
    assert words in answer.get_data(as_text=True)
    assert ask("select count(*) from school") == before


def test_adding_a_school_twice_keeps_one(admin, added, ask):
    answer = admin.post(f"{SCHOOLS}/add", data={"urn": OPEN_URN}, follow_redirects=True)
    assert "already on your list" in answer.get_data(as_text=True)
    assert ask("select count(*) from school where urn = :urn", urn=OPEN_URN)[0][0] == 1


def test_an_odd_search_is_answered(admin):
    for query in (
        "q=%00",
        "q=%25",
        "q=" + "x" * 500,
        "phase=Nonsense",
        "q=a&page=x",
        "q=a&page=-3",
        "stage=x",
    ):
        assert admin.get(f"{SCHOOLS}/add?{query}").status_code == 200


def test_inviting_the_lead_moves_the_school_and_sends_one_link(admin, invited, ask, world):
    page = text_of(admin, invited)
    assert "Jo Pembury" in page
    assert "Invited, link until" in page
    staff = ask("select email, role from staff_member where school_id = :id", id=school_id(invited))
    assert staff == [("jo.pembury@example.org", "school_lead")]
    again = admin.post(f"{invited}/invite", data={"name": "Jo Pembury", "email": "jo.pembury@example.org"})
    assert again.status_code == 200
    assert "is already" in again.get_data(as_text=True)
    steps = ask(
        "select to_stage from onboarding_event where school_id = :id order by at, id", id=school_id(invited)
    )
    assert [step[0] for step in steps] == ["prospect", "invited"]


def test_a_wrong_address_is_explained_and_what_was_typed_stays(admin, added):
    answer = admin.post(f"{added}/invite", data={"name": "Jo Pembury", "email": "jo.pembury"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "name@example.com" in page
    assert 'value="jo.pembury"' in page
    assert "Error:" in page


def test_a_cancelled_invitation_leaves_nobody_and_says_so(admin, invited, ask):
    staff_id = ask("select id from staff_member where school_id = :id", id=school_id(invited))[0][0]
    page = admin.post(f"{invited}/people/{staff_id}/cancel", follow_redirects=True).get_data(as_text=True)
    assert "is cancelled" in page
    assert "Nobody is invited to lead" in page
    state = ask("select open_invitation from identity.person_accounts(array[cast(:id as uuid)])", id=staff_id)
    assert state == [(False,)]
    again = admin.post(f"{invited}/people/{staff_id}/send-again", follow_redirects=True)
    assert "has already been removed" in again.text


def test_the_brief_needs_a_reader_and_goes_once(admin, added, ask):
    page = admin.post(f"{added}/send-brief", follow_redirects=True).get_data(as_text=True)
    assert "Invite somebody to lead first" in page
    admin.post(f"{added}/invite", data={"name": "Jo Pembury", "email": "jo@example.org"})
    for _press in range(2):
        admin.post(f"{added}/send-brief")
    kinds = ask("select kind, state from document where school_id = :id order by kind", id=school_id(added))
    assert kinds == [("agreement", "queued"), ("project_brief", "queued")]
    assert "Being made" in text_of(admin, added)


def test_a_school_that_is_not_set_up_is_not_made_active(admin, invited, ask):
    page = admin.post(f"{invited}/activate", follow_redirects=True).get_data(as_text=True)
    assert "cannot become" in page
    assert ask("select stage from school where school_id = :id", id=school_id(invited)) == [("invited",)]


def test_a_school_that_went_on_keeps_its_first_day_and_the_council_watches(admin, world):
    address = f"{SCHOOLS}/{world.school.school_id}"
    for _round in range(2):
        admin.post(f"{address}/pause", data={"reason": "Building works"})
        admin.post(f"{address}/start-again")
    page = " ".join(re.sub(r"<[^>]+>", " ", text_of(admin, address)).split())
    assert "Again since" in page
    assert "Your turn: Watch its groups" in page


def test_pausing_starting_again_and_leaving_need_a_reason_and_are_written_down(admin, client_for, world, ask):
    address = f"{SCHOOLS}/{world.school.school_id}"
    assert "Write a short reason" in admin.post(f"{address}/pause", data={"reason": " "}).get_data(
        as_text=True
    )
    admin.post(f"{address}/pause", data={"reason": "Building works"})
    assert "Building works" in text_of(admin, address)
    admin.post(f"{address}/start-again")
    twice = admin.post(f"{address}/start-again", follow_redirects=True).get_data(as_text=True)
    assert "is not paused" in twice
    lead = client_for(world.school.lead)
    for group in ("cohort_id", "forming_cohort_id"):
        lead.post(
            f"/school/groups/{world.school.ids[group]}/end-early",
            data={"reason": "The school merges.", "what": "back"},
        )
    admin.post(f"{address}/leave", data={"reason": "Merged"})
    events = ask(
        "select from_stage, to_stage, note from onboarding_event where school_id = :id order by at, id",
        id=world.school.school_id,
    )
    assert events == [
        ("active", "paused", "Building works"),
        ("paused", "active", ""),
        ("active", "left", "Merged"),
    ]
    assert "does not take part any more" in admin.post(
        f"{address}/invite", data={"name": "New", "email": "new@example.org"}
    ).get_data(as_text=True)


@pytest.mark.parametrize("tail", ["", "/invite", "/pause", "/leave"])
def test_another_authoritys_school_is_not_found(admin, world, tail):
    answer = admin.get(f"{SCHOOLS}/{world.other_school.school_id}{tail}")
    assert answer.status_code == 404
    assert world.other_school.canary not in answer.get_data(as_text=True)


@pytest.mark.parametrize("tail", ["/invite", "/send-brief", "/activate", "/start-again", "/pause", "/leave"])
def test_another_authoritys_school_is_not_changed(admin, world, tail):
    data = {"name": "X", "email": "x@example.org", "reason": "x"}
    assert admin.post(f"{SCHOOLS}/{world.other_school.school_id}{tail}", data=data).status_code == 404


@pytest.mark.parametrize("press", ["send-again", "cancel", "remove", "reset"])
def test_a_person_of_another_school_is_not_found_through_ones_own(admin, world, press):
    own, other = world.school.school_id, world.other_school.people["lead"].person_id
    assert admin.post(f"{SCHOOLS}/{own}/people/{other}/{press}").status_code == 404


def test_the_home_says_how_many_are_active_and_shows_no_parent(admin, world):
    page = text_of(admin, "/authority")
    assert "2 schools are active" in page
    assert world.school.family_canary not in page


def test_a_removed_colleague_is_signed_out_at_once_and_the_last_lead_stays(admin, client_for, world):
    senco, lead = client_for(world.school.senco), client_for(world.school.lead)
    assert senco.get("/school/staff").status_code == 200
    people = f"{SCHOOLS}/{world.school.school_id}/people"
    admin.post(f"{people}/{world.school.senco.person_id}/remove")
    assert senco.get("/school/staff").status_code == 302
    # A running school would be without anybody who can act for it.
    page = admin.post(f"{people}/{world.school.lead.person_id}/remove", follow_redirects=True).text
    assert "The next lead must have signed in first" in page
    assert lead.get("/school/staff").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/authority",
        SCHOOLS,
        f"{SCHOOLS}?stage=active",
        f"{SCHOOLS}?stage=left",
        f"{SCHOOLS}?stuck=1",
        f"{SCHOOLS}/add",
        "/authority/people",
        "/authority/people/invite",
        "/authority/settings",
        "/authority/settings/contact",
        "/authority/settings/support-lines",
        "/authority/settings/terms/add",
    ],
)
def test_every_page_is_whole(admin, page):
    assert admin.get(page).status_code == 200


def test_a_school_added_by_mistake_comes_off_the_list(admin, added, ask):
    """Given a school that nobody was invited to, when it is removed, then it is gone and can be added again."""
    page = admin.post(f"{added}/remove", follow_redirects=True).get_data(as_text=True)
    assert "is off your list" in page
    assert ask("select count(*) from school where school_id = :id", id=school_id(added)) == [(0,)]
    assert admin.get(added).status_code == 404


def test_once_somebody_was_invited_a_school_is_not_removed(admin, added):
    admin.post(f"{added}/invite", data={"name": "Jo Pembury", "email": "jo@example.org"})
    page = admin.post(f"{added}/remove", follow_redirects=True).get_data(as_text=True)
    assert "has a history" in page


@pytest.mark.parametrize(
    "left_over",
    [
        "insert into appointment (school_id, id, kind, person_id, role, name, email, basis, asked_by, asked_by_name,"
        " asked_at, stopped_by, stopped_by_name, stopped_at) values (:school, gen_random_uuid(), 'appoint',"
        " gen_random_uuid(), 'school_dsl', 'Jo', 'jo@example.org', 'second_person', gen_random_uuid(), 'A', app.now(),"
        " gen_random_uuid(), 'B', app.now())",
        "insert into staff_member (school_id, id, name, email, role, invited_at, ended_at)"
        " values (:school, gen_random_uuid(), 'Jo', 'jo@example.org', 'school_lead', app.now(), app.now())",
    ],
    ids=["an appointment that was stopped", "an invitation that was cancelled"],
)
def test_a_prospect_that_something_hangs_on_stays_whole(admin, added, ask, connection, left_over):
    """Refused in words, and nothing of it is gone: not even its own trail."""
    connection.execute(text("set session authorization default"))
    connection.execute(text(left_over), {"school": school_id(added)})
    connection.execute(text("set session authorization wb_web"))
    trail = "select count(*) from onboarding_event where school_id = :id"
    before = ask(trail, id=school_id(added))

    page = admin.post(f"{added}/remove", follow_redirects=True).get_data(as_text=True)

    assert "has a history" in page
    assert ask("select stage from school where school_id = :id", id=school_id(added)) == [("prospect",)]
    assert ask(trail, id=school_id(added)) == before


def test_after_an_invitation_that_was_cancelled_a_school_added_by_mistake_can_leave(admin, added, ask):
    admin.post(f"{added}/invite", data={"name": "Jo Pembury", "email": "jo@example.org"})
    [(person,)] = ask("select id from staff_member where school_id = :id", id=school_id(added))
    admin.post(f"{added}/people/{person}/cancel")

    assert "has a history" in admin.post(f"{added}/remove", follow_redirects=True).text
    admin.post(f"{added}/leave", data={"reason": "Added by mistake"})
    assert ask("select stage from school where school_id = :id", id=school_id(added)) == [("left",)]


def test_a_school_that_was_called_has_a_history(admin, added, ask):
    assert f"{added}/remove" in admin.get(added).text
    admin.post(f"{added}/contacts/add", data=contact())

    assert f"{added}/remove" not in admin.get(added).text
    assert "has a history" in admin.post(f"{added}/remove", follow_redirects=True).text
    assert ask("select count(*) from contact_with_school where school_id = :id", id=school_id(added)) == [
        (1,)
    ]
