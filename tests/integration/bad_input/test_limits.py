"""Nobody copies a school's list by asking again and again."""

from __future__ import annotations

import pytest

from app.shell.limits import LIMITS, SEARCH
from tests.integration.bad_input.conftest import sign_in_to

TIMES = int(SEARCH.partition("/")[0])


def test_every_limited_page_is_there(own_app):
    assert set(LIMITS) <= set(own_app.view_functions)


@pytest.mark.parametrize(
    ("role", "path"),
    [("senco", "/school/parents/search"), ("senco", "/school/groups/{cohort_id}/contact-sheet")],
)
def test_who_asks_too_often_waits_and_a_colleague_does_not(own_app, world, role, path):
    path = path.format(**world.school.ids)

    def ask(client):
        return client.post(path, data={"text": "Ayşe"}) if "search" in path else client.get(path)

    often = sign_in_to(own_app, world.school.people[role])
    answers = [ask(often).status_code for _ in range(TIMES + 1)]

    assert 429 not in answers[:TIMES]
    assert answers[TIMES] == 429
    assert "Wait" in ask(often).text
    assert ask(sign_in_to(own_app, world.school.lead)).status_code < 400
    assert often.get("/school/parents").status_code == 200
