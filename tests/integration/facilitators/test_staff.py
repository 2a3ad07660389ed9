"""Staff bring a graduate from the application to leading, one step at a time."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from infra.clock import today
from tests.integration.facilitators.steps import (
    decide_check,
    give_references,
    record_certificate,
    record_training,
    step,
)
from tests.support.reading import find_in


@pytest.fixture
def rows(session_for, world):
    """What the school can find in the database now."""

    def find(statement):
        found = session_for(world.school.lead).execute(text(statement), {"s": world.school.school_id})
        return [tuple(row) for row in found]

    return find


def test_the_list_shows_who_waits(senco, world):
    page = senco.get("/school/facilitators").get_data(as_text=True)

    assert f"Graduate {world.school.family_canary}" in page
    assert "one graduate in five" in page


def test_home_and_list_count_alike_who_can_lead_the_next_group(senco):
    home, listed = (
        find_in(r"(\d+ (?:person|people) may lead)", senco.get(page).text)[1]
        for page in ("/school", "/school/facilitators")
    )
    assert home == listed


def test_the_whole_way_to_ready(senco, lead, url):
    assert step(senco, url, "shortlisted").status_code == 303
    assert step(senco, url, "references").status_code == 303
    assert len(give_references(senco, url)) == 2
    assert step(senco, url, "checks").status_code == 303
    assert decide_check(senco, url).status_code == 303
    assert step(senco, url, "training").status_code == 303
    assert record_certificate(senco, url).status_code == 303
    assert record_training(senco, url).status_code == 303
    assert step(lead, url, "ready").status_code == 303

    page = senco.get(url).get_data(as_text=True)
    assert "They may lead." in page
    assert "001538472916" in page
    assert "A warm talk." in page


def test_a_step_cannot_be_skipped(senco, url):
    response = step(senco, url, "ready")

    assert response.status_code == 200
    assert "one step at a time" in response.get_data(as_text=True).lower()
    assert "Ready" not in senco.get(url).get_data(as_text=True).split("<h1")[1].split("</h1>")[0]


@pytest.mark.parametrize("stage", ["leading", "nonsense"])
def test_nobody_is_made_a_leader_by_hand(senco, url, stage):
    assert step(senco, url, stage).status_code in (200, 404)
    assert "Applied" in senco.get(url).get_data(as_text=True)


def test_checks_wait_for_two_good_references(senco, url):
    step(senco, url, "shortlisted")
    step(senco, url, "references")
    give_references(senco, url, good=1)

    refused = step(senco, url, "checks")

    assert refused.status_code == 200
    assert "A second good reference." in refused.get_data(as_text=True)


def test_ready_says_what_is_missing(senco, url):
    for stage in ("shortlisted", "references"):
        step(senco, url, stage)
    give_references(senco, url)
    step(senco, url, "checks")
    decide_check(senco, url)
    step(senco, url, "training")

    refused = step(senco, url, "ready").get_data(as_text=True)

    assert "certificate" in refused
    assert "None is recorded yet" in refused


def test_a_reason_is_asked_for_and_the_page_stays(senco, url):
    refused = step(senco, url, "shortlisted", reason=" ")

    assert refused.status_code == 200
    assert "Say why in a few words" in refused.get_data(as_text=True)


def test_the_same_press_twice_is_one_step(senco, url):
    step(senco, url, "shortlisted", reason="Only once")
    assert step(senco, url, "shortlisted", reason="Only once").status_code == 303

    assert senco.get(url).get_data(as_text=True).count("Only once") == 1


def test_each_step_tells_the_applicant_once(senco, url, rows, world):
    step(senco, url, "shortlisted")

    told = rows(
        "select kind, channel, recipient_kind, recipient_id from outbox"
        " where school_id = :s and kind like 'application%'"
    )
    applicant = world.school.ids["applicant_id"]
    assert sorted(told) == [
        ("application_conversation", "email", "facilitator", applicant),
        ("application_conversation", "sms", "facilitator", applicant),
    ]


def test_barred_list_for_a_supervised_volunteer_is_refused_and_the_words_stay(senco, url):
    refused = decide_check(senco, url, level="enhanced_barred", contact="children").get_data(as_text=True)

    assert "supervised volunteer" in refused
    assert "Two lead, staff are near." in refused
    assert "Not decided yet" in senco.get(url).get_data(as_text=True)


def test_the_helper_works_the_level_out_before_anything_is_written(senco, url):
    page = senco.get(f"{url}/check?contact=children&venue=school&supervised=no&frequency=weekly").get_data(
        as_text=True
    )

    assert "regulated activity" in page
    assert "Not decided yet" in senco.get(url).get_data(as_text=True)


def test_another_level_needs_another_certificate(senco, url):
    decide_check(senco, url)
    record_certificate(senco, url)
    assert "001538472916" in senco.get(url).get_data(as_text=True)

    decide_check(senco, url, level="enhanced", contact="passing")

    page = senco.get(url).get_data(as_text=True)
    assert "001538472916" not in page
    assert "Nobody has seen it yet" in page


def test_a_certificate_from_tomorrow_is_a_mistake(senco, url):
    decide_check(senco, url)

    refused = record_certificate(senco, url, day=today().replace(year=today().year + 1, day=1))

    assert "today or a day before it" in refused.get_data(as_text=True)


def test_a_certificate_needs_a_decision_first(senco, url):
    assert "Decide first" in record_certificate(senco, url).get_data(as_text=True)


def test_training_can_be_taken_out_again(senco, url):
    record_training(senco, url, "By mistake")
    page = senco.get(url).get_data(as_text=True)
    training_id = page.split("/training/")[1].split("/")[0]
    assert senco.get(f"{url}/training/{training_id}/remove").status_code == 200

    senco.post(f"{url}/training/{training_id}/remove")

    page = senco.get(url).get_data(as_text=True)
    assert f"/training/{training_id}/" not in page
    assert "Training taken out: By mistake" in page


def test_a_professional_starts_at_references_without_a_way_in(senco, rows):
    data = {
        "name": "Robin Reed",
        "email": "robin@example.org",
        "phone": "",
        "reason": "Leads our first group",
    }
    added = senco.post("/school/facilitators/add", data=data)

    page = senco.get(added.location).get_data(as_text=True)
    assert "Professional" in page
    way = page.split("The way", 1)[1].split("</ol>", 1)[0]
    assert "References" in way
    assert "Applied" not in way, "nobody whose profession it is applies"
    again = senco.post("/school/facilitators/add", data=data)
    assert "Look there first" in again.get_data(as_text=True)
    # Two who share a mailbox are two.
    assert senco.post("/school/facilitators/add", data=data | {"name": "Ash Reed"}).status_code == 303
    assert not rows("select 1 from outbox where school_id = :s and kind = 'facilitator_invitation'")


def test_a_ready_professional_gets_a_link(senco, lead, rows):
    data = {
        "name": "Robin Reed",
        "email": "robin@example.org",
        "phone": "",
        "reason": "Leads our first group",
    }
    url = senco.post("/school/facilitators/add", data=data).location
    give_references(senco, url)
    step(senco, url, "checks")
    decide_check(senco, url, level="none")
    step(senco, url, "training")
    record_training(senco, url)
    assert step(lead, url, "ready").status_code == 303

    kinds = rows("select distinct kind, recipient_kind from outbox where school_id = :s")
    assert ("facilitator_invitation", "facilitator") in kinds


def test_who_leads_a_group_cannot_just_rest(client_for, world):
    senco = client_for(world.school.senco)
    url = f"/school/facilitators/{world.school.facilitator.person_id}"

    assert "They lead a group now" in step(senco, url, "resting").get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["", "/to/shortlisted", "/check", "/certificate", "/references/add", "/training/add"]
)
def test_foreign_and_random_ids_are_not_found(senco, world, path):
    for foreign in (
        world.sibling_school.ids["applicant_id"],
        world.other_school.ids["applicant_id"],
        uuid4(),
    ):
        assert senco.get(f"/school/facilitators/{foreign}{path}").status_code == 404


def test_parts_of_another_person_are_not_found(senco, url, world):
    (reference_id,) = give_references(senco, url, good=1)
    other = f"/school/facilitators/{world.school.facilitator.person_id}"

    assert senco.get(f"{url}/references/{reference_id}").status_code == 200
    assert senco.get(f"{other}/references/{reference_id}").status_code == 404
    assert senco.post(f"{other}/references/{reference_id}/asked").status_code == 404
    assert senco.get(f"{url}/training/{uuid4()}/remove").status_code == 404


def test_every_change_leaves_a_trace_without_names(senco, url, rows):
    step(senco, url, "shortlisted")
    decide_check(senco, url)

    trail = rows(
        "select event, details::text from audit_event where school_id = :s and event like 'facilitators:%'"
    )
    assert {event for event, _details in trail} == {
        "facilitators:facilitator:moved",
        "facilitators:check:decided",
    }
    assert not any("canary" in details for _event, details in trail)


@pytest.mark.parametrize("stage", ["ready", "leading", "resting"])
def test_the_database_lets_nobody_jump(session_for, senco, world, stage):
    session = session_for(world.school.lead)

    with pytest.raises(IntegrityError, match="one step at a time"), session.begin_nested():
        session.execute(
            text("update facilitator set stage = :stage where id = :id"),
            {"stage": stage, "id": world.school.ids["applicant_id"]},
        )


@pytest.mark.parametrize("number", ["1", "0012345678", "000000000000", "001234567890", "123456789012"])
def test_a_certificate_number_has_twelve_digits(senco, url, number):
    decide_check(senco, url)
    day = today()

    refused = senco.post(
        f"{url}/certificate",
        data={"number": number, "issued_on": [str(day.day), str(day.month), str(day.year)]},
    ).get_data(as_text=True)

    assert "certificate" in refused
    assert "There is a problem" in refused
    assert "Nobody has seen it yet" in senco.get(url).get_data(as_text=True)


def test_five_minutes_are_too_short_for_training(senco, url):
    day = [str(today().day), str(today().month), str(today().year)]
    for data in ({"title": "Tea", "minutes": "60"}, {"title": "Listening", "minutes": "5"}):
        refused = senco.post(f"{url}/training/add", data=data | {"on_date": day}).get_data(as_text=True)
        assert "There is a problem" in refused


def test_two_references_of_one_person_are_one(senco, url):
    step(senco, url, "shortlisted")
    step(senco, url, "references")
    for name, contact in (("Ada Okafor", "07700 900555"), ("A. Okafor", "+447700900555")):
        senco.post(f"{url}/references/add", data={"name": name, "contact": contact, "relationship": "Work"})
    page = senco.get(url).get_data(as_text=True)
    for reference_id in {part.split("/")[0].split('"')[0] for part in page.split("/references/")[1:]} - {
        "add",
        "use",
    }:
        senco.post(f"{url}/references/{reference_id}", data={"satisfactory": "yes", "note": "Kind."})

    assert "A second good reference." in step(senco, url, "checks").get_data(as_text=True)


def test_the_applicant_is_not_their_own_reference(senco, url, world):
    refused = senco.post(
        f"{url}/references/add",
        data={
            "name": f"Graduate {world.school.family_canary}",
            "contact": "07700 900777",
            "relationship": "Me",
        },
    ).get_data(as_text=True)

    assert "Nobody can be their own reference" in refused
