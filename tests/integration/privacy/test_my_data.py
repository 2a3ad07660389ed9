"""A parent or facilitator reads what we hold of them and takes it along; nobody else does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

from sqlalchemy import text

from app.privacy import queries, words
from app.recruitment.stages import STAGES
from infra.clock import now
from tests.isolation.grants import read_file
from tests.support.client import PageClient, sign_in


def held(client) -> dict:
    return json.loads(client.get("/my/data/download").text)


def events(connection) -> list[str]:
    """What was written down about this, for whoever has to account for it; the school's staff do not read it."""
    connection.execute(text("set session authorization default"))
    found = connection.execute(
        text("select event from audit_event where event like 'privacy:%' order by event")
    )
    written = list(found.scalars())
    connection.execute(text("set session authorization wb_web"))
    return written


def test_a_parent_reads_everything_of_their_own_in_words(client_for, world):
    page = client_for(world.school.parent).get("/my/data").text

    assert world.school.parent.email in page
    assert "How to reach you" in page
    assert "Your choices now" in page
    assert "Sessions you came to" in page
    assert "What is not here" in page
    assert "your child’s year group, attendance and needs" in page


def test_the_file_holds_the_same_as_the_page_and_is_ones_own(client_for, world):
    mine, other = client_for(world.school.parent), client_for(world.school.other_parent)

    own, others = held(mine), held(other)

    assert own["contact"][0]["email"] == world.school.parent.email
    assert others["contact"][0]["email"] != own["contact"][0]["email"]
    assert others["contact"][0]["first_name"] not in json.dumps(own)
    assert set(own) == {"made_on", "name", "school", "authority", *queries._PARENT}


def test_a_facilitator_reads_their_own_record_and_nobody_of_their_group(client_for, world):
    client = client_for(world.school.facilitator)

    own = held(client)

    assert len(own["about_you"]) == 1
    assert own["groups_led"]
    assert world.school.family_canary not in json.dumps(own["groups_led"] + own["about_you"])
    assert world.school.parent.email not in json.dumps(own)
    assert "Your references and checks" in client.get("/my/data").text


def test_the_file_is_handed_out_not_shown_and_kept_nowhere(client_for, world):
    answer = client_for(world.school.parent).get("/my/data/download")

    assert answer.mimetype == "application/json"
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.json"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_people_at_work_have_no_such_page(client_for, world):
    for person in (world.school.lead, world.school.dsl, world.authority.admin):
        assert client_for(person).get("/my/data").status_code == 403
        assert client_for(person).get("/my/data/download").status_code == 403


def test_it_is_asked_for_again_before(app, world):
    client = PageClient(app)
    sign_in(client, world.school.parent, confirmed=False)

    for address in ("/my/data", "/my/data/download"):
        answer = client.get(address)
        assert answer.location == "/confirm"
        assert world.school.parent.email not in answer.text


def test_each_time_is_written_down(client_for, connection, world):
    client = client_for(world.school.parent)
    client.get("/my/data")
    client.get("/my/data/download")

    assert events(connection) == ["privacy:own_data:opened", "privacy:own_data:taken"]


def test_every_part_has_a_heading_and_words_for_every_row(app):
    moment = now()
    day = moment.date()
    rows = {
        "contact": {
            "first_name": "A",
            "last_name": "B",
            "known_as": "",
            "email": "a@example.org",
            "phone": "+447700900123",
            "language": "tr",
            "interpreter": True,
            "access_needs": "",
            "not_for_office": True,
            "texts_stopped_at": moment,
            "emails_stopped_at": None,
        },
        "attendance": {"on_date": day, "number": 1, "mark": "present", "marked_at": moment},
        "told_us_cannot_come": {"on_date": None, "number": None, "at": moment},
        "topic_votes": {"topic": "no-such-topic", "at": moment},
        "answers": {
            "instrument": "programme",
            "instrument_version": 1,
            "occasion": "before",
            "mode": "own_device",
            "items": [3, None],
            "updated_at": moment,
            "submitted_at": None,
        },
        "groups": {"name": None, "status": "left", "joined_at": moment, "left_at": None, "left_reason": ""},
        "steps": {"at": moment, "from_stage": None, "to_stage": "joined", "reason": "", "by_side": "system"},
        "application": {
            "answers": {
                "why": "x",
                "referees": [{"name": "R", "contact": "r@example.org", "relationship": ""}],
            },
            "submitted_at": moment,
        },
        "concerns_raised": {"reference": "WB-1", "raised_at": moment, "goes_to": "dsl"},
    }
    with app.test_request_context():
        from app.measures.queries import INSTRUMENT

        cast(dict[str, Any], rows["answers"]).update(
            instrument=INSTRUMENT.key, instrument_version=INSTRUMENT.version
        )
        parts = words.parts_of({key: [cast(dict[str, Any], row)] for key, row in rows.items()})

    assert all(part.title and part.lines for part in parts)
    assert {line["value"] for line in parts[0].lines} >= {"Türkçe", "Yes"}
    assert any("Left out" in line["value"] for part in parts for line in part.lines)
    assert any("r@example.org" in line["value"] for part in parts for line in part.lines)
    assert set(words.STEPS) == set(STAGES)
    assert set(words.TITLES) == set(words.LINES) == {*queries._PARENT, *queries._FACILITATOR}
    assert any(line["value"] == words.STEPS["joined"] for part in parts for line in part.lines)


def not_shown(tables: dict[str, Any], source: str) -> set[str]:
    """Tables of which parents and those who lead read their own rows, and which this source does not read."""
    return {
        name
        for name, roles in tables.items()
        for role in ("wb_parent", "wb_facilitator")
        if re.search(r"\bown\b", roles.get(role, {}).get("select", ""))
        and not re.search(rf"\b{name.split('.')[-1]}\b", source)
    }


def test_every_table_of_ones_own_rows_is_part_of_what_we_hold():
    """Red? A table tells somebody of themselves: show it in `app/privacy/queries.py`, with its words."""
    source = (Path(queries.__file__)).read_text()

    assert not_shown(read_file()["table"], source) == set()
    assert not_shown({"public.shoe": {"wb_parent": {"select": "their own"}}}, source) == {"public.shoe"}
