"""*Ready* lasts as long as what made somebody ready: two good references, the check that was read, training."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from infra.clock import today
from tests.integration.facilitators.steps import (
    decide_check,
    give_references,
    record_certificate,
    record_training,
    step,
)


@pytest.fixture
def look(session_for, world):
    """Rows as the school reads them."""

    def ask(statement, **values):
        session = session_for(world.school.senco)
        session.expire_all()
        return session.execute(text(statement), values).all()

    return ask


@pytest.fixture
def ready(senco, lead, url):
    """The applicant, said to be ready by a second person; the ids of their references."""
    for stage in ("shortlisted", "references"):
        step(senco, url, stage)
    references = give_references(senco, url)
    step(senco, url, "checks")
    decide_check(senco, url)
    step(senco, url, "training")
    record_certificate(senco, url, today() - timedelta(days=30))
    record_training(senco, url)
    assert step(lead, url, "ready").status_code == 303
    return sorted(references)


@pytest.fixture
def stage(look, world):
    def now() -> str:
        return look("select stage from facilitator where id = :id", id=world.school.ids["applicant_id"])[
            0
        ].stage

    return now


def change_answer(
    client, url, reference_id, satisfactory="no", note="Rang back: worried.", why="She rang again."
):
    return client.post(
        f"{url}/references/{reference_id}", data={"satisfactory": satisfactory, "note": note, "why": why}
    )


def a_bad_reference(senco, url, references):
    change_answer(senco, url, references[0])


def no_training(senco, url, _references):
    training_id = senco.get(url).get_data(as_text=True).split("/training/")[1].split("/")[0]
    page = senco.get(f"{url}/training/{training_id}/remove").get_data(as_text=True)
    assert "until a second person says again that they are ready" in page
    senco.post(f"{url}/training/{training_id}/remove")


def another_check(senco, url, _references):
    assert decide_check(senco, url, "none").status_code == 303


def other_words_for_the_risk(senco, url, _references):
    senco.post(
        f"{url}/check",
        data={
            "contact": "adults", "venue": "school", "supervised": "yes", "frequency": "weekly",
            "level": "basic", "risk_assessment": "Nobody is near.",
        },
    )  # fmt: skip


def another_certificate(senco, url, _references):
    """Corrected to one of an earlier day."""
    record_certificate(senco, url, today() - timedelta(days=60))


CHANGES = (a_bad_reference, no_training, another_check, other_words_for_the_risk, another_certificate)


@pytest.mark.parametrize("change", CHANGES)
def test_ready_falls_with_what_made_it_so(senco, lead, url, ready, stage, change):
    change(senco, url, ready)

    assert stage() == "training"
    page = senco.get(url).get_data(as_text=True)
    assert "What made them ready has changed" in page
    assert "ready to lead again?" in senco.get("/school").get_data(as_text=True)


@pytest.mark.parametrize("change", CHANGES)
def test_and_for_somebody_who_has_a_rest(senco, url, ready, stage, change):
    step(senco, url, "resting", "A rest.")

    change(senco, url, ready)

    assert stage() == "training"


@pytest.mark.parametrize("rests", [True, False])
def test_whoever_leads_no_group_is_told_once_that_they_are_not_ready(senco, url, ready, look, world, rests):
    """Given somebody ready, or at rest, who leads nobody, when something is missing, then they hear it as those who
    lead do; what changes afterwards is not told again."""
    if rests:
        step(senco, url, "resting", "A rest.")
    for reference in ready:
        change_answer(senco, url, reference)

    told = look(
        "select kind, channel from outbox where recipient_id = :id", id=world.school.ids["applicant_id"]
    )
    ways = sorted(row.channel for row in told if row.kind == "not_ready_now")
    assert ways == ["email", "sms"], "once, by either way"
    assert "not_leading_now" not in {row.kind for row in told}


def test_what_takes_nothing_away_changes_nothing(senco, url, ready, stage):
    """Other words for a good answer, the same decision once more, more training, a newer certificate."""
    change_answer(senco, url, ready[0], "yes", "Kind and steady.", "She said more.")
    decide_check(senco, url)
    record_training(senco, url, "Listening again")
    record_certificate(senco, url, today() - timedelta(days=1))

    assert stage() == "ready"


def test_what_is_missing_is_said_and_a_second_person_says_ready_again(senco, lead, url, ready, stage):
    # given the check is decided anew by whoever carried it
    another_check(senco, url, ready)

    # when the same person says ready
    refused = step(senco, url, "ready").get_data(as_text=True)

    # then it takes another
    assert "A second person." in refused
    assert stage() == "training"
    assert step(lead, url, "ready").status_code == 303
    assert stage() == "ready"


def test_nobody_who_is_not_ready_any_more_can_be_chosen(senco, url, ready, world, look):
    group = world.school.ids["forming_cohort_id"]
    applicant = world.school.ids["applicant_id"]
    choose = f"/school/groups/{group}/facilitators"
    assert str(applicant) in senco.get(choose).get_data(as_text=True)

    a_bad_reference(senco, url, ready)

    assert str(applicant) not in senco.get(choose).get_data(as_text=True)
    senco.post(choose, data={"facilitator": str(applicant)})
    assert not look("select 1 from cohort_facilitator where facilitator_id = :id", id=applicant)


def test_a_running_group_that_is_left_with_too_few_is_work_and_is_told(senco, url, ready, world, look, stage):
    # given they lead a group that meets
    group, applicant = world.school.ids["cohort_id"], world.school.ids["applicant_id"]
    assert (
        senco.post(f"/school/groups/{group}/facilitators", data={"facilitator": str(applicant)}).status_code
        == 303
    )
    assert stage() == "leading"

    # when a reference is not good any more
    a_bad_reference(senco, url, ready)

    # then they lead it no more, and nobody overlooks that
    assert stage() == "training"
    assert not look("select 1 from cohort_facilitator where facilitator_id = :id", id=applicant)
    assert "Too few lead" in senco.get("/school").get_data(as_text=True)
    told = look("select kind, recipient_id from outbox where subject_id = :group", group=group)
    assert ("not_leading_now", applicant) in told
    assert not look("select 1 from outbox where kind = 'not_ready_now'"), "once is enough"
    assert ("facilitator_unassigned", applicant) not in told, "its words say that nothing else changes"
    assert ("leaders_changed", world.school.facilitator.person_id) in told
    assert "Does not lead" in senco.get(url).get_data(as_text=True)


def test_a_certificate_that_grew_old_is_work_and_keeps_them_from_another_group(
    senco, url, ready, world, connection, stage
):
    applicant = world.school.ids["applicant_id"]
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("update facilitator_check set issued_on = :day where facilitator_id = :id"),
        {"day": today() - timedelta(days=3 * 365 + 2), "id": applicant},
    )
    connection.execute(text("set session authorization wb_web"))

    assert "A newer certificate." in senco.get("/school").get_data(as_text=True)
    assert "A newer certificate." in senco.get(url).get_data(as_text=True)
    choose = f"/school/groups/{world.school.ids['forming_cohort_id']}/facilitators"
    assert str(applicant) not in senco.get(choose).get_data(as_text=True)
    assert stage() == "ready"


def test_a_changed_answer_keeps_what_was_there_before(senco, lead, url, ready):
    # given nobody says why
    refused = lead.post(f"{url}/references/{ready[0]}", data={"satisfactory": "no", "note": "Not sure."})
    assert "Say why the answer changes" in refused.get_data(as_text=True)

    # when somebody does
    change_answer(lead, url, ready[0], note="Not sure she is ready.", why="He rang back.")

    # then both answers stand in the history, with who noted them
    page = senco.get(f"{url}").get_data(as_text=True).split('id="history"')[-1]
    assert "Good enough: no. “Not sure she is ready.” Before: Good enough: yes. “Kind.”" in page
    assert "Why it changed: He rang back." in page
    assert "lead canary" in page
    assert "senco canary" in page


def test_a_decision_and_a_certificate_that_change_stay_in_the_history_too(senco, url, ready):
    another_certificate(senco, url, ready)
    another_check(senco, url, ready)

    page = senco.get(url).get_data(as_text=True)
    assert "Another certificate was noted. Before: 001538472916, issued" in page
    assert "The check was decided again. Before: Basic check" in page
