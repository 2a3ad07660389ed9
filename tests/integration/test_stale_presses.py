"""A button pressed on a page that something has overtaken takes away nothing that was given since."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.integration.facilitators.test_own_pages import ANSWERS
from tests.integration.schools.test_stage_rights import be_at
from tests.support.borrowed import as_login
from tests.support.reading import find_in

NOTHING_DONE = "Something changed here since you opened that page, so nothing was done."


def sent(page: str, action: str, **typed: str) -> dict[str, str]:
    """What the form that leads to `action` holds, with what was typed."""
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if "as_shown" in one]
    form = next((one for one in forms if f'action="{action}"' in one), forms[0])
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    return dict(hidden) | typed


@pytest.fixture
def meanwhile(connection):
    """What a colleague does while the page lies open."""

    def do(statement: str, **values: object) -> None:
        with as_login(connection, "postgres"):
            connection.execute(text(statement), values)

    return do


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


def test_who_was_given_a_place_again_stays_in_the_group(lead, world, meanwhile):
    """Given a page that asks whether to take somebody out, when they left and came back since, then they stay."""
    ids, parent = world.school.ids, world.school.parent.person_id
    place = f"/school/groups/{ids['cohort_id']}/parents/{parent}/remove"
    page = lead.get(place).text
    meanwhile(
        "update public.enrolment set joined_at = joined_at + interval '1 hour' where parent_id = :id",
        id=parent,
    )
    press = sent(page, place, to_stage="waiting", reason="")
    assert NOTHING_DONE in lead.post(place, data=press).text
    fresh = sent(lead.get(place).text, place, to_stage="waiting", reason="")
    assert lead.post(place, data=fresh).status_code == 303


def test_who_was_chosen_again_goes_on_leading(lead, world, meanwhile):
    ids, leader = world.school.ids, world.school.facilitator.person_id
    place = f"/school/groups/{ids['cohort_id']}/facilitators/{leader}/remove"
    meanwhile("update public.cohort set state = 'forming' where id = :id", id=ids["cohort_id"])
    page = lead.get(place).text
    meanwhile(
        "update public.cohort_facilitator set assigned_at = assigned_at + interval '1 hour' where facilitator_id = :id",
        id=leader,
    )
    assert NOTHING_DONE in lead.post(place, data=sent(page, place), follow_redirects=True).text


def test_who_was_given_a_place_since_does_not_give_it_up_by_coming_off_the_list(client_for, world, meanwhile):
    """Given a page that asked somebody who waits whether to come off the list, then their new place is not given up."""
    parent = client_for(world.school.parent)
    page = parent.get("/my/leave").text
    meanwhile(
        "update public.parent set stage_changed_at = stage_changed_at + interval '1 hour' where id = :id",
        id=world.school.parent.person_id,
    )
    stale = sent(page, "/my/leave")
    asked_again = parent.post("/my/leave", data=stale).text
    assert NOTHING_DONE in asked_again
    assert parent.post("/my/leave", data=sent(asked_again, "/my/leave")).status_code == 302
    assert "You have left" in parent.get("/my").text


def test_a_no_for_one_day_does_not_count_for_another(client_for, world, meanwhile):
    parent = client_for(world.school.parent)
    page = parent.get("/my").text
    action = find_in(r'action="(/my/sessions/[^"]+/cannot-come)"', page).group(1)
    meanwhile(
        "update public.cohort_session set on_date = on_date + 2 where id = cast(:id as uuid)",
        id=action.split("/")[3],
    )
    assert NOTHING_DONE in parent.post(action, data=sent(page, action), follow_redirects=True).text
    now = parent.get("/my").text
    assert "You told us you can’t come" not in now
    assert "That is fine" in parent.post(action, data=sent(now, action), follow_redirects=True).text


def test_a_term_that_was_put_right_is_not_taken_out_by_an_old_page(client_for, world, meanwhile):
    admin = client_for(world.authority.admin)
    address = find_in(r'href="(/authority/settings/terms/[0-9a-f-]+)"', admin.get("/authority/settings").text)
    page = admin.get(address.group(1)).text
    meanwhile(
        "update public.authority_term set name = name || ' term' where id = cast(:id as uuid)",
        id=address.group(1).rsplit("/", 1)[1],
    )
    action = f"{address.group(1)}/remove"
    assert NOTHING_DONE in admin.post(action, data=sent(page, action), follow_redirects=True).text
    again = admin.get(address.group(1)).text
    assert (
        "The term is taken out." in admin.post(action, data=sent(again, action), follow_redirects=True).text
    )


@pytest.mark.parametrize(
    ("what", "stage"), [("pause", "active"), ("leave", "set_up"), ("bring-back", "left")]
)
def test_a_school_that_went_on_since_is_not_paused_ended_or_taken_back(
    client_for, world, connection, meanwhile, what, stage
):
    """Given a page with a reason to write, when a colleague took the step and back since, then nobody is told again."""
    be_at(connection, world.school, stage)
    admin = client_for(world.authority.admin)
    place = f"/authority/schools/{world.school.school_id}/{what}"
    page = admin.get(place).text
    meanwhile(
        "update public.school set stage_changed_at = stage_changed_at + interval '1 hour' where school_id = :id",
        id=world.school.school_id,
    )
    stale = sent(page, place, reason="A new head.")
    assert NOTHING_DONE in admin.post(place, data=stale, follow_redirects=True).text
    fresh = sent(admin.get(place).text, place, reason="A new head.")
    assert NOTHING_DONE not in admin.post(place, data=fresh, follow_redirects=True).text


def test_an_agreement_is_not_returned_by_a_page_from_before(client_for, world, connection, meanwhile):
    be_at(connection, world.school, "set_up")
    document = world.school.ids["agreement_document_id"]
    admin = client_for(world.authority.admin)
    place = f"/authority/schools/{world.school.school_id}/agreement/{document}/return"
    page = admin.get(place).text
    meanwhile(
        "update public.school set stage_changed_at = stage_changed_at + interval '1 hour' where school_id = :id",
        id=world.school.school_id,
    )
    stale = sent(page, place, reason="A page is missing.")
    assert NOTHING_DONE in admin.post(place, data=stale, follow_redirects=True).text


def test_only_the_number_that_was_shown_is_removed(client_for, world, meanwhile):
    """Given an old page with another number, when Remove is pressed on it, then texts go on to the new one."""
    dsl = world.school.dsl
    meanwhile(
        "insert into identity.work_mobile (account_id, phone) values (:id, '+447700900301')"
        " on conflict (account_id) do update set phone = excluded.phone",
        id=dsl.account_id,
    )
    reader, action = client_for(dsl), "/my-account/mobile/remove"
    page = reader.get("/my-account").text
    meanwhile(
        "update identity.work_mobile set phone = '+447700900302' where account_id = :id", id=dsl.account_id
    )
    assert NOTHING_DONE in reader.post(action, data=sent(page, action), follow_redirects=True).text
    now = reader.get("/my-account").text
    assert "The number is removed" in reader.post(action, data=sent(now, action), follow_redirects=True).text


def test_an_offer_that_was_made_anew_is_not_taken_back_by_an_old_page(client_for, world, meanwhile):
    graduate, place = client_for(world.school.graduate), "/my/lead/withdraw"
    page = graduate.get(place).text
    meanwhile(
        "update public.facilitator set stage_changed_at = stage_changed_at + interval '1 hour' where id = :id",
        id=world.school.ids["applicant_id"],
    )
    assert NOTHING_DONE in graduate.post(place, data=sent(page, place, reason=""), follow_redirects=True).text
    fresh = sent(graduate.get(place).text, place, reason="")
    assert "We have taken your offer back" in graduate.post(place, data=fresh, follow_redirects=True).text


def test_only_an_application_that_was_looked_over_is_sent(client_for, world):
    """Given the page that shows all answers, when another window changed one, then it is shown before it is sent."""
    graduate, place = client_for(world.school.graduate), "/my/lead/check"
    graduate.post("/my/lead/withdraw", data={})
    graduate.post("/my/lead", data=ANSWERS | {"why": "AAA first"})
    page = graduate.get(place).text
    graduate.post("/my/lead", data=ANSWERS | {"why": "BBB second"})
    shown_again = graduate.post(place, data=sent(page, place)).text
    assert NOTHING_DONE in shown_again
    assert "BBB second" in shown_again
    assert "Sent." in graduate.post(place, data=sent(shown_again, place), follow_redirects=True).text


def test_only_answers_that_were_looked_over_are_sent(client_for, world, meanwhile):
    parent, place = client_for(world.school.parent), "/my/answers/before/check"
    meanwhile(
        "update public.cohort_session set on_date = on_date + 14 where cohort_id = :id",
        id=world.school.ids["cohort_id"],
    )
    for number in range(1, 13):
        parent.post(f"/my/answers/before/{number}", data={"answer": "5"})
    page = parent.get(place).text
    parent.post("/my/answers/before/3", data={"answer": "9"})
    shown_again = parent.post(place, data=sent(page, place)).text
    assert NOTHING_DONE in shown_again
    assert "9 of 10" in shown_again
    assert parent.post(place, data=sent(shown_again, place)).location.endswith("/thank-you")


def test_a_group_is_not_ended_by_a_page_from_before_somebody_got_a_place(lead, world, meanwhile):
    """Given the page that ends a group, when its days changed since, then it asks again first."""
    ids = world.school.ids
    place = f"/school/groups/{ids['cohort_id']}/end-early"
    page = lead.get(place).text
    meanwhile(
        "update public.cohort_session set on_date = on_date + 70 where cohort_id = :id and state = 'planned'",
        id=ids["cohort_id"],
    )
    typed = {"reason": "Too few came.", "what": "back"}
    again = lead.post(place, data=sent(page, place, **typed)).text
    assert NOTHING_DONE in again
    assert "Too few came." in again
    assert lead.post(place, data=sent(again, place, **typed)).status_code == 303
    # A second press finds it done.
    assert lead.post(place, data=sent(again, place, **typed)).status_code == 303


def test_an_app_that_was_set_up_anew_is_not_taken_away_by_an_old_list(lead, world, meanwhile):
    """Given a list of colleagues, when an app was reset and set up anew since, then the new one stays."""
    action = f"/school/staff/{world.school.senco.person_id}/reset"
    meanwhile(
        "update identity.account set totp_secret = 'sealed' where id = :id", id=world.school.senco.account_id
    )
    page = lead.get("/school/staff").text
    assert action in page
    meanwhile(
        "insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details,"
        " request_id, at) values (:school, gen_random_uuid(), 'accounts:second_factor:reset', :id, 'wb_school',"
        " 'school_lead', '{}', '', app.now())",
        school=world.school.school_id,
        id=world.school.senco.person_id,
    )
    assert NOTHING_DONE in lead.post(action, data=sent(page, action), follow_redirects=True).text


def test_a_link_that_was_sent_again_is_not_cancelled_by_an_old_list(lead, clock):
    """Given a list, when a colleague sent the link again since, then the newer one stays."""
    new = {"role": "senco", "name": "Nia New", "email": "nia@example.org"}
    assert lead.post("/school/staff/invite", data=new).status_code == 303
    page = lead.get("/school/staff").text
    action = find_in(r'action="(/school/staff/[^"]+/cancel)"', page).group(1)
    clock.move(timedelta(minutes=2))
    lead.post(action.replace("cancel", "send-again"))
    assert NOTHING_DONE in lead.post(action, data=sent(page, action), follow_redirects=True).text
    fresh = sent(lead.get("/school/staff").text, action)
    assert "is cancelled" in lead.post(action, data=fresh, follow_redirects=True).text
    assert "has already been removed" in lead.post(action, data=fresh, follow_redirects=True).text


@pytest.mark.parametrize(
    ("who", "action", "said"),
    [
        ("lead", "/school/groups/{}/delete", "This group has already been deleted."),
        ("lead", "/school/parents/{}/remove", "They have already been removed from the list."),
        ("lead", "/school/facilitators/{facilitator}/training/{}/remove", "This training has already been taken out."),
        ("parent", "/my/sessions/{}/cannot-come", "That meeting is no longer one of yours."),
        ("parent", "/my/sessions/{}/can-come", "That meeting is no longer one of yours."),
        ("parent", "/my-account/sessions/{}/end", "You are already signed out there."),
        ("parent", "/my-account/passkeys/{}/remove", "This passkey has already been removed."),
        ("lead", "/my-account/disconnect/{}", "That account has already been disconnected."),
    ],
)  # fmt: skip
def test_a_second_press_that_takes_something_away_is_answered_in_words(client_for, world, who, action, said):
    """Given something that is gone, when its button is pressed once more, then the next page says so; a look is 404."""
    client = client_for(world.school.people[who])
    address = action.format(new_id(), facilitator=world.school.facilitator.person_id)
    assert said in client.post(address, follow_redirects=True).text
    assert client.get(address).status_code in (404, 405)
