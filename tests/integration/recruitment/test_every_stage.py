"""A parent's pages at every stage and in every state of their group: words of their own, and no promise that fails."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.extensions import db
from app.recruitment.stages import STAGES as EVERY
from app.recruitment.words import GROUPS, STAGES

PAGES = ("/my", "/my/group", "/my/answers", "/my/choices", "/my/lead", "/my/data", "/my/welcome", "/my/leave")
#: What we do not do for somebody who said no or left, or in a group that is over.
PROMISES = re.compile(
    r"we (will )?(tell|send|write|call|ask)\b(?! again this)(?! for no reason)|you will (get|hear)|come as you are"
    r"|we keep a place|your place stays|no dates yet|when the dates",
    re.IGNORECASE,
)
#: Words on these pages that say what is not done, or what was.
TRUE = re.compile(
    r"we (do not|never) ask again|we ask for no reason|we never ask|we ask everyone|we ask (before|after)[^.]*",
    re.IGNORECASE,
)


@pytest.fixture
def at(app, world):
    """`at(stage, group=None)`: the world's parent as if they had come so far; undone with the test."""
    school = world.school

    def move(stage: str, group: str | None = None) -> None:
        status = {"in_group": "in_group", "graduated": "finished"}.get(stage, "left")
        with app.test_request_context():
            session = db.session()
            session.enter(school.people["lead"].scope)
            values = {
                "school": school.school_id,
                "parent": school.parent.person_id,
                "cohort": school.ids["cohort_id"],
                "stage": stage,
                "status": status,
                "state": group,
            }
            session.execute(
                text("update parent set stage = :stage where school_id = :school and id = :parent"), values
            )
            session.execute(
                text(
                    "update enrolment set status = :status where school_id = :school and parent_id = :parent"
                ),
                values,
            )
            if group:
                session.execute(
                    text("update cohort set state = :state where school_id = :school and id = :cohort"),
                    values,
                )
                if group != "running":
                    session.execute(
                        text(
                            "update cohort_session set state = 'cancelled' where school_id = :school"
                            " and cohort_id = :cohort and state = 'planned'"
                        ),
                        values,
                    )
            session.commit()
            db.session.remove()

    return move


def words(page: str) -> str:
    """The words of a page's own part, without its frame."""
    main = re.sub(r"<[^>]+>", " ", page.split('<main id="main-content">', 1)[1].split("</main>", 1)[0])
    return " ".join(main.split())


@pytest.mark.parametrize("stage", sorted(EVERY))
def test_every_page_opens_at_every_stage_and_promises_what_holds(client_for, world, at, stage):
    at(stage)
    client = client_for(world.school.parent)
    for path in PAGES:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if stage in ("said_no", "left") and path in ("/my", "/my/group", "/my/answers"):
            promised = PROMISES.search(TRUE.sub("", words(answer.text)))
            assert promised is None, f"{path}: {promised and promised[0]}"


@pytest.mark.parametrize(
    "stage", sorted(set(EVERY) - {"identified", "invited", "interested", "in_group", "graduated"})
)
def test_home_says_where_they_stand(client_for, world, at, stage):
    at(stage)
    for path in ("/my", "/my/group"):
        assert str(STAGES[stage].title) in words(client_for(world.school.parent).get(path).text), path


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"running"}))
def test_home_says_how_it_stands_with_their_group(client_for, world, at, group):
    at("graduated" if group == "closed" else "in_group", group)
    page = words(client_for(world.school.parent).get("/my").text)
    assert str(GROUPS[group].title) in page
    assert len({str(one.title) for one in (*STAGES.values(), *GROUPS.values())}) >= 10


@pytest.mark.parametrize("stage", ["said_no", "left"])
def test_whoever_stopped_is_offered_no_choice_that_changes_nothing(client_for, world, at, stage):
    at(stage)
    client = client_for(world.school.parent)
    page = client.get("/my/choices")
    if page.status_code == 200:
        for name in ("email", "text", "ask_to_lead", "known_as"):
            assert f'name="{name}"' not in page.text
        assert "If yes: We send" not in page.text
        assert "You can still come" not in page.text
        # Whoever left is out of results, whatever they chose before; who said no left nothing to be counted.
        assert "pooled results" not in page.text
        assert ("see which sessions you come to" in page.text) is (stage == "left")


def test_every_stage_and_state_has_words():
    assert set(STAGES) == set(EVERY)
    assert set(GROUPS) == {"forming", "running", "closed", "cancelled"}


def test_notes_of_meetings_that_they_came_to_stay_theirs_and_no_others(client_for, world, at):
    """The database says which: nothing of meetings to come, and nothing where they were away."""
    client = client_for(world.school.parent)
    session_id = world.school.ids["session_id"]
    assert client.get(f"/my/sessions/{session_id}/notes").status_code == 200
    at("left")
    assert client.get(f"/my/sessions/{session_id}/notes").status_code == 200
    assert f"/my/sessions/{session_id}/notes" in client.get("/my/group").text
    assert client.get(f"/my/sessions/{world.school.ids['next_session_id']}").status_code == 404
    assert client_for(world.school.graduate).get(f"/my/sessions/{session_id}/notes").status_code == 404
