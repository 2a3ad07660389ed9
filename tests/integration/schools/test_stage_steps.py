"""What the school's stage does not allow is offered on none of its pages, and says why before any form."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from app.schools import stage_rights, stage_steps
from app.schools.stages import STAGES
from app.states.schools import may

MOST_PAGES = 90
#: Files, and pages of all schools, have no part in a stage.
NOT_READ = re.compile(r"/(assets|static|documents|help|exit|go|stop|leave)\b|\.ics|\.pdf|/print$|forget=")


@pytest.fixture
def at_stage(connection, world):
    """`at_stage(stage)`: the school stands there, whatever stood in the way."""

    def move(stage, invited=None):
        connection.execute(text("set session authorization default"))
        values = {"stage": stage, "id": world.school.school_id}
        connection.execute(
            text("update school set stage = :stage, stage_reason = 'For a while.' where school_id = :id"),
            values,
        )
        if invited:
            connection.execute(text("update parent set stage = 'invited' where id = :id"), {"id": invited})
        connection.execute(text("set session authorization wb_web"))

    return move


def _target(app, path, method):
    try:
        return app.url_map.bind("localhost").match(urlsplit(path).path, method=method)
    except HTTPException:
        return None


def _ways(page):
    """Every link and every form of a page: (method, address)."""
    for address in re.findall(r'<a\b[^>]*\bhref="(/[^"]*)"', page):
        yield "GET", unescape(address)
    for attributes in re.findall(r"<form\b([^>]*)>", page):
        action = re.search(r'\baction="([^"]*)"', attributes)
        if 'method="post"' in attributes and action and action[1].startswith("/"):
            yield "POST", unescape(action[1])


def _walk(app, client, home):
    """(page, method, address, endpoint, its arguments) for every way on every page that is found from `home`."""
    to_read, seen = [home], {home}
    while to_read and len(seen) < MOST_PAGES * 4:
        path = to_read.pop(0)
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.location and answer.location not in seen:
            seen.add(answer.location)
            to_read.append(answer.location)
        if answer.mimetype != "text/html":
            continue
        for method, address in _ways(answer.get_data(as_text=True)):
            found = _target(app, address, method)
            if found is None:
                continue
            endpoint, arguments = found
            yield path, method, address, endpoint, arguments
            plain = address.split("#")[0]
            if (
                method == "GET"
                and plain not in seen
                and not NOT_READ.search(plain)
                and len(seen) < MOST_PAGES
            ):
                seen.add(plain)
                to_read.append(plain)


@pytest.mark.parametrize(
    ("stage", "who"),
    [(stage, "lead") for stage in STAGES]
    + [(stage, who) for stage in ("active", "paused", "left") for who in ("parent", "newcomer")],
)
def test_no_page_offers_what_the_stage_does_not_allow(app, client_for, world, at_stage, stage, who):
    person = world.school.other_parent if who == "newcomer" else world.school.people[who]
    at_stage(stage, invited=person.person_id if who == "newcomer" else None)

    offered = [
        (page, method, address)
        for page, method, address, endpoint, arguments in _walk(
            app, client_for(person), "/school" if who == "lead" else "/my"
        )
        if (code := stage_steps.right_for(endpoint, **arguments)) and not may(stage, code)
    ]

    assert offered == []


STAFF_PAGES = sorted(
    endpoint for endpoint, code in stage_steps.STEPS.items() if stage_rights.RIGHTS[code].who == "school"
)


@pytest.mark.parametrize("stage", ["invited", "paused", "left"])
def test_a_page_that_is_shut_says_why_in_place_of_its_form(app, client_for, world, at_stage, stage):
    at_stage(stage)
    client = client_for(world.school.lead)
    ids = {
        "parent_id": world.school.parent.person_id,
        "other_id": world.school.ids["identified_parent_id"],
        "cohort_id": world.school.ids["cohort_id"],
        "session_id": world.school.ids["next_session_id"],
        "facilitator_id": world.school.facilitator.person_id,
        "to_stage": "leading",
    }
    read = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in STAFF_PAGES or "GET" not in rule.methods:
            continue
        if may(stage, stage_steps.STEPS[rule.endpoint]):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), rule.rule)
        answer = client.get(path)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "Not now" in page) == (200, True), path
        main = page.split("<main", 1)[1].split("</main", 1)[0]
        assert 'method="post"' not in main, path
        assert str(stage_rights.why_not(stage)) in unescape(main), path
        read += 1
    assert read or stage == "active"


def test_every_step_is_a_page_or_a_press_and_every_right_of_a_school_has_its_step(app):
    assert set(stage_steps.STEPS) <= set(app.view_functions)
    # Reminders go by themselves; inviting a lead and leading a group are not for the school's pages.
    without = {"write_to_parents", "invite_lead", "lead"}
    assert set(stage_steps.STEPS.values()) == set(stage_rights.RIGHTS) - without


def test_what_needs_a_paused_school_leaves_out_what_it_cannot_do(client_for, world, at_stage):
    client = client_for(world.school.lead)
    before = client.get("/school").get_data(as_text=True)
    at_stage("paused")
    after = client_for(world.school.lead).get("/school").get_data(as_text=True)

    assert re.search(r"Invite (one|\d+) parent", before)
    assert not re.search(r"Invite (one|\d+) parent", after)
