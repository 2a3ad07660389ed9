"""A school works through its set-up; only its lead changes anything."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.documents.refusals import UploadRefused
from app.extensions import db
from app.schools import set_up
from app.schools.today import for_school
from infra.clock import today
from infra.storage import StorageUnavailable
from tests.support.reading import find_in

DETAILS = {
    "address": "1 Elm Road, London",
    "phone": "020 7946 0100",
    "contact_name": "Jo Pembury",
    "contact_role": "SENCO",
    "contact_phone": "07700 900 123",
    "contact_deputy": "Kit Moss",
    "dsl_name": "Ada Quill",
    "dsl_phone": "020 7946 0101",
    "dsl_deputy": "Sam Reed",
}


def parts(day):
    return [str(day.day), str(day.month), str(day.year)]


ROOM = {
    "room": "Library",
    "room_notes": "",
    "planned_start_on": parts(today() + timedelta(days=60)),
}


@pytest.fixture
def at_stage(app, world):
    """Puts the first school at a stage of its way in."""

    def put(stage):
        with app.app_context():
            db.session.remove()
            session = db.session()
            session.enter(world.authority.admin.scope)
            session.execute(
                text("update school set stage = :stage where school_id = :id"),
                {"stage": stage, "id": world.school.school_id},
            )
            db.session.commit()

    return put


@pytest.fixture
def upload(lead, monkeypatch):
    """Sends a signed agreement; the store takes it, or answers with `problem`."""

    def send(problem=None):
        def accept(session, **_what):
            if problem:
                raise problem

        monkeypatch.setattr(set_up, "accept_upload", accept)
        return lead.post(
            "/school/set-up/agreement",
            data={"file": (io.BytesIO(b"%PDF-1.7"), "agreement.pdf")},
            content_type="multipart/form-data",
            follow_redirects=True,
        ).get_data(as_text=True)

    return send


def stage_of(ask, world):
    return ask("select stage from school where school_id = :id", id=world.school.school_id)[0][0]


def steps_of(ask, world):
    return [
        tuple(row)
        for row in ask(
            "select from_stage, to_stage, by_side from onboarding_event where school_id = :id order by at, id",
            id=world.school.school_id,
        )
    ]


def finish_the_others(lead):
    lead.post("/school/set-up/details", data=DETAILS)
    lead.post("/school/set-up/brief")
    lead.post("/school/staff/finish")
    lead.post("/school/set-up/room-and-dates", data=ROOM)


def test_when_all_tasks_are_done_the_school_is_set_up_by_itself(
    lead, at_stage, upload, ask, world, client_for
):
    at_stage("brief_sent")
    assert "Thank you. We have your agreement" in upload()
    assert stage_of(ask, world) == "agreement_signed"
    finish_the_others(lead)
    assert stage_of(ask, world) == "set_up"
    assert steps_of(ask, world) == [
        ("brief_sent", "agreement_signed", "school"),
        ("agreement_signed", "set_up", "school"),
    ]
    admin = client_for(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    document = world.school.ids["agreement_document_id"]
    admin.post(f"{address}/activate")
    assert stage_of(ask, world) == "set_up"
    assert "Read the signed agreement" in admin.get(address).get_data(as_text=True)
    admin.post(f"{address}/agreement/{document}/accept")
    admin.post(f"{address}/activate")
    assert stage_of(ask, world) == "active"
    told = ask("select count(*) from outbox where kind = 'school_activated'")
    assert told[0][0] == len(("lead", "senco", "attendance_lead", "dsl"))


def test_the_agreement_may_be_the_last_task(lead, at_stage, upload, ask, world):
    at_stage("brief_sent")
    finish_the_others(lead)
    assert stage_of(ask, world) == "brief_sent"
    upload()
    assert stage_of(ask, world) == "set_up"


def test_a_school_may_sign_before_the_brief_was_sent(at_stage, upload, ask, world):
    at_stage("invited")
    upload()
    assert steps_of(ask, world) == [("invited", "agreement_signed", "school")]


def test_signing_twice_moves_once(at_stage, upload, ask, world):
    at_stage("brief_sent")
    upload()
    upload()
    assert len(steps_of(ask, world)) == 1


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (UploadRefused("kind", "Send a PDF, a photo or a scan."), "Send a PDF, a photo or a scan."),
        (StorageUnavailable(), "Your file is not lost"),
    ],
)
def test_a_file_that_is_not_taken_changes_nothing(at_stage, upload, ask, world, problem, words):
    at_stage("brief_sent")
    page = upload(problem)
    assert words in page
    assert "Error:" in page
    assert stage_of(ask, world) == "brief_sent"


def test_no_file_is_explained(lead):
    page = lead.post("/school/set-up/agreement", data={}).get_data(as_text=True)
    assert "Choose the file" in page


def test_a_real_file_is_kept_until_it_is_checked(lead, ask, world):
    answer = lead.post(
        "/school/set-up/agreement",
        data={"file": (io.BytesIO(b"this is no document"), "agreement.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200
    assert "Error:" in answer.get_data(as_text=True)
    kept = "select count(*) from document where kind = 'signed_agreement' and state = 'quarantined'"
    assert ask(kept) == [(0,)]


def test_the_agreement_can_be_asked_for_once(lead, ask, world):
    count = "select count(*) from document where kind = 'agreement' and created_by = :name"
    for _press in range(2):
        lead.post("/school/set-up/agreement/make")
    assert ask(count, name=world.school.lead.name)[0][0] <= 1


def test_wrong_details_keep_what_was_typed(lead, ask, world):
    page = lead.post(
        "/school/set-up/details", data=DETAILS | {"contact_phone": "12", "dsl_phone": ""}
    ).get_data(as_text=True)
    assert "Check the phone number" in page
    # Who it is stands in the signed agreement; the number is the school’s to change.
    assert "Enter a phone number that the safeguarding lead answers" in page
    assert 'value="12"' in page
    assert 'value="Jo Pembury"' in page
    assert ask("select task from school_task where task = 'details'") == []


def test_details_are_kept_and_shown_again(lead):
    lead.post("/school/set-up/details", data=DETAILS)
    page = lead.get("/school/set-up").get_data(as_text=True)
    assert "Jo Pembury, SENCO, 07700 900123" in page


def test_a_closed_day_is_kept_once_and_can_be_taken_out(lead, ask):
    day = {"on_date": ["4", "1", "2027"], "reason": "Training day"}
    assert lead.post("/school/set-up/closed-days/add", data=day).status_code == 303
    again = lead.post("/school/set-up/closed-days/add", data=day).get_data(as_text=True)
    assert "already in the list" in again
    row = ask("select id from school_closed_day where on_date = '2027-01-04'")
    assert len(row) == 1
    assert lead.post(f"/school/set-up/closed-days/{row[0][0]}/remove").status_code == 303
    assert lead.post(f"/school/set-up/closed-days/{row[0][0]}/remove").status_code == 303


def test_a_closed_day_of_long_ago_is_a_slip_in_its_year(lead, ask):
    day = {"on_date": ["4", "1", "1900"], "reason": "Training day"}
    assert "Check the year" in lead.post("/school/set-up/closed-days/add", data=day).text
    assert ask("select on_date from school_closed_day") == []


@pytest.mark.parametrize("parts", [["31", "2", "2027"], ["", "", ""], ["x", "y", "z"], ["1", "1", "27"]])
def test_a_day_that_is_none_is_explained(lead, parts):
    page = lead.post("/school/set-up/closed-days/add", data={"on_date": parts, "reason": "x"})
    assert page.status_code == 200
    assert "Error:" in page.get_data(as_text=True)


# ---- people


@pytest.mark.parametrize(
    "address",
    [
        "/school/set-up/details",
        "/school/set-up/brief",
        "/school/set-up/agreement",
        "/school/set-up/agreement/make",
        "/school/set-up/room-and-dates",
        "/school/set-up/closed-days/add",
        "/school/staff/invite",
        "/school/staff/finish",
    ],
)
def test_only_the_lead_changes_the_set_up(client_for, world, address):
    for role in ("senco", "attendance_lead", "dsl"):
        assert client_for(world.school.people[role]).post(address, data={}).status_code == 403


def test_colleagues_see_the_set_up_without_a_way_to_change_it(client_for, world):
    page = client_for(world.school.senco).get("/school/set-up").get_data(as_text=True)
    assert "Your school’s lead makes changes here" in page
    assert "/school/set-up/details" not in page
    staff = client_for(world.school.senco).get("/school/staff").get_data(as_text=True)
    assert "/remove" not in staff
    assert "Invite a colleague" not in staff


def test_todays_list_names_the_next_task(at_stage, session_for, world):
    at_stage("agreement_signed")
    items = for_school(session_for(world.school.lead), world.school.lead)
    assert [item.title for item in items] == ["Your school and your lead"]
    assert "5 things are left" in items[0].note


def test_an_active_school_has_nothing_to_set_up_today(session_for, world):
    assert for_school(session_for(world.school.lead), world.school.lead) == []


@pytest.mark.parametrize(
    "page",
    [
        "/school/set-up",
        "/school/set-up/details",
        "/school/set-up/brief",
        "/school/set-up/agreement",
        "/school/set-up/room-and-dates",
        "/school/set-up/closed-days/add",
        "/school/staff",
        "/school/staff/invite",
    ],
)
def test_every_page_of_the_set_up_is_whole(lead, page):
    assert lead.get(page).status_code == 200


@pytest.mark.parametrize(
    ("days", "error"),
    [
        (-1, "Enter a day that is still to come"),
        (-2000, "Enter a day that is still to come"),
        (800, "Enter a day within the next two years"),
        (10000, "Enter a day within the next two years"),
    ],
)
def test_a_start_is_a_day_within_the_next_two_years(lead, ask, world, days, error):
    typed = parts(today() + timedelta(days=days))
    before = ask("select planned_start_on from school where school_id = :id", id=world.school.school_id)
    page = lead.post("/school/set-up/room-and-dates", data={**ROOM, "planned_start_on": typed}).text
    assert error in page
    assert f'value="{typed[2]}"' in page, "what was typed stays"
    assert before == ask(
        "select planned_start_on from school where school_id = :id", id=world.school.school_id
    )


@pytest.mark.parametrize("days", [0, 730])
def test_today_and_two_years_from_now_are_still_right(lead, days):
    typed = parts(today() + timedelta(days=days))
    answer = lead.post("/school/set-up/room-and-dates", data={**ROOM, "planned_start_on": typed})
    assert answer.status_code == 303


def test_a_start_that_is_past_by_now_stands_in_nobodys_way(lead, app, world):
    past = today() - timedelta(days=90)
    with app.app_context():
        db.session.remove()
        session = db.session()
        session.enter(world.school.lead.scope)
        session.execute(
            text("update school set planned_start_on = :day where school_id = :id"),
            {"day": past, "id": world.school.school_id},
        )
        db.session.commit()
    data = {**ROOM, "room": "The new hall", "planned_start_on": parts(past)}
    assert lead.post("/school/set-up/room-and-dates", data=data).status_code == 303


@pytest.mark.parametrize("stage", ["brief_sent", "active"])
def test_two_at_the_details_lose_nothing_whatever_the_agreement_settles(lead, at_stage, stage):
    """Boxes that the signed agreement settles are not on the page; two people at it read what the other saved."""
    at_stage(stage)
    address = "/school/set-up/details"
    assert lead.post(address, data=DETAILS).status_code == 303
    seen = find_in(r'name="seen"[^>]* value="([^"]+)"', lead.get(address).text)[1]
    both = DETAILS | {"seen": seen}
    assert lead.post(address, data=both | {"contact_role": "Head of year"}).status_code == 303
    assert lead.post(address, data=both | {"contact_deputy": "Sam Deputy"}).status_code == 303
    page = lead.get(address).text
    assert 'value="Head of year"' in page
    assert 'value="Sam Deputy"' in page
    conflict = lead.post(address, data=both | {"contact_role": "Assistant head"})
    assert conflict.status_code == 200
    assert "Somebody else saved this page" in conflict.text
    assert "Assistant head" in conflict.text
