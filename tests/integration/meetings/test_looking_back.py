"""When those who led can look back on a session, and from when staff read what they ticked."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.cohorts import queries
from app.cohorts.models import CohortSession
from app.meetings.reflections import Held, is_shown
from infra.clock import today

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
def session_id(look, world):
    asked = "select id from cohort_session where cohort_id = :cohort and number = 4"
    return look(world.school.facilitator, asked, cohort=world.school.ids["cohort_id"])[0].id


@pytest.mark.parametrize(
    ("by", "leaders", "days", "shown"),
    [
        ([ONE], [ONE, TWO], 0, False),
        # Whoever was taken off the group stands in for nobody.
        ([ONE], [TWO], 0, False),
        ([ONE, TWO], [ONE, TWO], 0, True),
        ([ONE], [ONE, TWO], 14, False),
        ([ONE], [ONE, TWO], 15, True),
        ([], [ONE], 15, False),
    ],
)
def test_staff_read_ticks_when_all_have_looked_back_or_can_no_more(at, by, leaders, days, shown):
    """Given some who looked back, when the first has alone, then staff cannot read theirs by itself."""
    at(20)
    meeting = CohortSession(on_date=today())
    at(20, days=days)
    held = Held(frozenset(by), len(by), False, {}, {}, {})

    assert is_shown(meeting, held, leaders) is shown


def test_the_first_ticks_of_two_wait_for_the_second(client_for, world, at, session_id, look, monkeypatch):
    at(20)
    said = {"parts": ["theme"], "times": "not_kept", "turns": "everybody"}
    client_for(world.school.facilitator).post(f"/group/sessions/{session_id}/look-back", data=said)
    listed = queries.list_facilitator_ids
    monkeypatch.setattr(queries, "list_facilitator_ids", lambda *args: [*listed(*args), UUID(int=9)])
    address = f"/school/groups/{world.school.ids['cohort_id']}/held"

    page = client_for(world.school.lead).get(address).text
    assert "Shown when all have looked back, or after" in page
    assert "Not kept" not in page

    at(20, days=15)
    assert "Not kept" in client_for(world.school.lead).get(address).text


def test_a_look_back_stays_as_it_is_after_two_weeks(client_for, world, at, session_id, look):
    address = f"/group/sessions/{session_id}"
    said = {"parts": ["theme"], "times": "kept", "turns": "everybody"}
    at(20, days=14)
    assert "What you ticked is kept" in (
        client_for(world.school.facilitator)
        .post(f"{address}/look-back", data=said, follow_redirects=True)
        .text
    )

    at(20, days=15)
    leader = client_for(world.school.facilitator)
    assert "It stays as it is now." in leader.get(f"{address}/look-back").text
    leader.post(f"{address}/look-back", data=said | {"times": "nearly"})
    answer = leader.post(
        f"{address}/room.json", json={"marks": [], "rules": True, "reflection": said | {"times": "nearly"}}
    ).get_json()
    assert set(answer["refused"]) == {"rules", "reflection"}
    assert answer["whyNoLookBack"]
    kept = look(world.school.facilitator, "select times, rules_said_at from session_reflection")
    assert [tuple(row) for row in kept] == [("kept", None)]
