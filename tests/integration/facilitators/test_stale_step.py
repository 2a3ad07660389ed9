"""A step is pressed for how somebody stood on the page; a colleague's step in between is not undone by it."""

from __future__ import annotations

from sqlalchemy import text

from tests.integration.facilitators.steps import step
from tests.support.reading import find_in


def mark_in(page) -> str:
    return find_in(r'name="as_shown" value="([^"]+)"', page).group(1)


def stage_of(session_for, world):
    return session_for(world.school.senco).scalar(
        text("select stage from facilitator where id = :id"), {"id": world.school.ids["applicant_id"]}
    )


def test_not_now_from_a_page_of_before_a_colleagues_step_says_no_to_nobody(
    senco, lead, url, session_for, world
):
    step(senco, url, "shortlisted")
    page = lead.get(f"{url}/to/not_now").text
    step(senco, url, "references")

    typed = {"reason": "Too few evenings", "as_shown": mark_in(page)}
    answer = lead.post(f"{url}/to/not_now", data=typed)

    assert answer.status_code == 200
    assert "Something changed here" in answer.text
    assert "Too few evenings" in answer.text
    assert stage_of(session_for, world) == "references"
    told = session_for(world.school.senco).scalar(
        text("select count(*) from outbox where recipient_id = :id and kind like '%not_now%'"),
        {"id": world.school.ids["applicant_id"]},
    )
    assert told == 0
    # Pressed once more, they have read how it stands.
    again = typed | {"as_shown": mark_in(answer.text)}
    assert lead.post(f"{url}/to/not_now", data=again).status_code == 303
    assert stage_of(session_for, world) == "not_now"
