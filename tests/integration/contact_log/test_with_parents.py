"""Staff note that they were in touch with a parent, plan what comes next, and find it on their home."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from infra.clock import LONDON, now, today

DAY = timedelta(days=1)


def day_of(name: str, on) -> dict[str, list[str]]:
    return {name: [str(on.day), str(on.month), str(on.year)]}


def contact(**others: object) -> dict[str, object]:
    """What the form sends: a call a moment ago that nobody answered."""
    moment = now().astimezone(LONDON)
    return {"how": "phone", "outcome": "no_answer", "at": f"{moment:%H:%M}", **day_of("on", moment), **others}


def press(client, page, ending: str, **data: str):
    """Press the button of the form on `page` whose address ends so."""
    action, form = next(
        (action, form)
        for action, form in re.findall(
            r'<form method="post" action="([^"]+)"(.*?)</form>', page.text, re.DOTALL
        )
        if action.endswith(ending)
    )
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return client.post(action, data=hidden | data, follow_redirects=True)


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


@pytest.fixture
def theirs(world) -> str:
    """The page of a parent who was invited."""
    return f"/school/parents/{world.school.parent.person_id}"


@pytest.fixture
def plan(world):
    """`plan(on)`: what is sent beside a contact to plan something for that day."""

    def planned(on=None, owner=None, action="Ring again after tea"):
        owner = owner or world.school.senco
        return {"action": action, "owner_id": str(owner.person_id), **day_of("due_on", on or today())}

    return planned


@pytest.fixture
def rows(session_for, world):
    def read(columns: str = "*"):
        return (
            session_for(world.school.senco)
            .execute(text(f"select {columns} from contact_with_parent order by noted_at"))
            .all()
        )

    return read


def test_a_call_is_noted_with_what_comes_next_and_stands_on_the_owners_home(senco, lead, theirs, plan, rows):
    # given a call that nobody answered
    page = senco.get(f"{theirs}/contacts/add")
    assert "How were you in touch?" in page.text
    # when it is noted, with what comes next
    done = senco.post(f"{theirs}/contacts/add", data=contact(**plan()), follow_redirects=True)
    # then the history says who, how and what came of it; what comes next stands on the page
    assert "Noted." in done.text
    assert "Phone call: No answer" in done.text
    assert "Next: Ring again after tea" in done.text
    # and it is on the home of whoever does it, and on nobody else's
    assert "Ring again after tea" in senco.get("/school").text
    assert "Ring again after tea" not in lead.get("/school").text
    # when it is done
    done = press(senco, done, "/done")
    # then it leaves the home, and the history has it
    assert "Done: Ring again after tea" in done.text
    assert "Ring again after tea" not in senco.get("/school").text
    assert [one.state for one in rows("state")] == ["done"]
