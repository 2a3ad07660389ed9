"""Before somebody is said to be ready, staff see every message that the press sends."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.integration.facilitators.steps import (
    decide_check,
    give_references,
    record_certificate,
    record_training,
    step,
)

#: A part of the words of each kind that the press may send.
SAYS = {
    "application_ready": "You are ready",
    "role_offered": "Open your facilitator pages here",
    "facilitator_invitation": "Here is your page",
}


@pytest.fixture
def written(session_for, world):
    """Kinds of messages that were written, by how many people they go to."""

    def find():
        asked = "select distinct kind from outbox where school_id = :s"
        found = session_for(world.school.lead).execute(text(asked), {"s": world.school.school_id})
        return {row.kind for row in found}

    return find


@pytest.fixture
def waits_for_ready(senco, url):
    for stage in ("shortlisted", "references"):
        step(senco, url, stage)
    give_references(senco, url)
    step(senco, url, "checks")
    decide_check(senco, url)
    step(senco, url, "training")
    record_certificate(senco, url)
    record_training(senco, url)


def test_every_message_of_the_press_is_shown_before_it(lead, url, written, waits_for_ready):
    before = written()
    page = lead.get(f"{url}/to/ready").text
    card = page.split("What they will get")[1]
    assert step(lead, url, "ready").status_code == 303
    sent = written() - before
    assert len(sent) == 2, sent
    (way_in,) = sent & {"role_offered", "facilitator_invitation"}
    assert SAYS[way_in] in card
    assert "[their own link]" in card
    assert card.count("[their own link]") == len(re.findall(re.escape("[their own link]"), page))


def test_no_other_step_promises_a_way_in(lead, url):
    page = lead.get(f"{url}/to/shortlisted").text
    assert all(words not in page for kind, words in SAYS.items() if kind != "application_ready")
