"""Before each question a parent reads who can see the answer, from the file that the rights are held to."""

from __future__ import annotations

import copy

import pytest
from sqlalchemy import text

from app.shell import who_can_see

#: Page -> the thing of who_sees_what.toml that is asked there.
QUESTIONS = {
    "/my/answers/before": "answers to the questions",
    "/my/answers/before/1": "answers to the questions",
    "/my/group": "topic vote",
}


@pytest.fixture(autouse=True)
def _before_the_first_session(connection, world):
    """The group has not begun, and nobody has chosen topics."""
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "update cohort_session set on_date = on_date + 84, state = 'planned', topic = '', closed_at = null"
            " where cohort_id = :c"
        ),
        {"c": world.school.ids["cohort_id"]},
    )
    connection.execute(
        text("update cohort set first_on = first_on + 84 where id = :c"), {"c": world.school.ids["cohort_id"]}
    )
    connection.execute(text("set session authorization wb_web"))


def asked(client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return page.get_data(as_text=True)


@pytest.mark.parametrize(("path", "thing"), QUESTIONS.items())
def test_the_panel_says_what_the_file_says(client_for, world, app, monkeypatch, path, thing):
    client = client_for(world.school.parent)
    page = asked(client, path)
    assert 'class="wb-seen"' in page
    # A right that somebody adds to the file changes what parents read.
    other = copy.deepcopy(who_can_see._file())
    for entry in other["thing"]:
        if entry["words"] == thing:
            for table in entry["kept_in"]:
                other["table"][table]["wb_school"] = {"select": "their school's"}
    monkeypatch.setattr(who_can_see, "_file", lambda: other)
    changed = asked(client, path)
    name = world.school.name
    assert f"{name}, the safeguarding lead: yes" in changed
    assert f"{name}, the safeguarding lead: yes" not in page


def test_only_you_is_said_only_while_it_is_so(client_for, world, app, monkeypatch):
    client = client_for(world.school.parent)
    assert "Only you can see this." in asked(client, "/my/answers/before/1")
    other = copy.deepcopy(who_can_see._file())
    other["table"]["public.answer_set"]["wb_facilitator"] = {"select": "of groups they lead"}
    monkeypatch.setattr(who_can_see, "_file", lambda: other)
    assert "Only you can see this." not in asked(client, "/my/answers/before/1")
