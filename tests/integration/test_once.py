"""Fifty fingers on one button: it happens once, and the history says once that it happened."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from app.cohorts import changing, membership, printing
from app.cohorts import services as cohorts
from app.cohorts.planning import SchoolCalendar
from app.documents import services as documents
from app.facilitators import records
from app.facilitators import services as facilitators
from app.meetings import marking
from app.meetings.attendance import Marked
from app.outcomes.queries import list_term_windows
from app.outcomes.services import ask_for_release
from app.recruitment import letters, noting
from app.recruitment import services as recruitment
from app.recruitment.noting import Noted
from app.safeguarding import services as safeguarding
from app.safeguarding.queries import SCHOOL_DESK
from app.schools import services as schools
from app.shell.refusals import Refused
from infra.clock import now, today
from infra.database import sqlalchemy_url
from tenants.session import ScopedSession

AT_ONCE = 10
OPEN = SchoolCalendar((), {})


@pytest.fixture(scope="module")
def place(stack, world):
    """A copy of the world whose every change is committed."""
    with stack.copy("once_races") as own:
        yield own, world


@pytest.fixture
def press(place, shared_app):
    """Runs `work(session)` as that person, many times at the same moment; what each gave or was refused with."""
    engine = create_engine(sqlalchemy_url(place[0].url("wb_web")), pool_size=50, max_overflow=10)

    def at_once(person, work, times=AT_ONCE):
        gate = Barrier(times)

        def one(_number):
            with (
                shared_app.test_request_context(),
                ScopedSession(engine, scope=person.scope) as session,
            ):
                session.execute(text("select 1"))
                gate.wait(timeout=60)
                try:
                    answer = work(session)
                    session.commit()
                except Refused as refused:
                    return refused
                return answer

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    yield at_once
    engine.dispose()


@pytest.fixture
def history(place):
    """What the audit trail and the pipelines say, each line with how often it is said."""
    owner = create_engine(sqlalchemy_url(place[0].url("wb_owner")))

    def read() -> Counter[tuple[str, ...]]:
        asked = (
            "select event, subject_id::text, details::text from audit_event union all"
            " select event, subject_id::text, details::text from authority_audit_event union all"
            " select 'parent', parent_id::text, to_stage from parent_event union all"
            " select 'facilitator', facilitator_id::text, to_stage from facilitator_event union all"
            " select 'school', school_id::text, to_stage from onboarding_event"
        )
        with owner.connect() as connection:
            return Counter(tuple(row) for row in connection.execute(text(asked)))

    yield read
    owner.dispose()


def _cancelled(session, school):
    return cohorts.cancel_session(session, school.school_id, school.ids["next_session_id"], "Snow")


PRESSES = {
    "a parent is invited": (
        "lead",
        lambda s, school: recruitment.invite(
            s, school.school_id, school.authority_id, school.ids["identified_parent_id"]
        ),
    ),
    "a letter is asked for": (
        "senco",
        lambda s, school: letters.ask_for_letter(
            s, school.school_id, school.authority_id, school.ids["identified_parent_id"], by="Somebody"
        ),
    ),
    "an answer is noted": (
        "lead",
        lambda s, school: noting.note_answer(
            s,
            school.school_id,
            school.ids["identified_parent_id"],
            "interested",
            Noted("telephone", "Somebody", ""),
        ),
    ),
    "a parent chooses": (
        "other_parent",
        lambda s, school: recruitment.choose(
            s, school.school_id, school.people["other_parent"].person_id, {"pooled_answers": False}
        ),
    ),
    "a reference is added": (
        "lead",
        lambda s, school: records.add_reference(
            s,
            school.school_id,
            school.ids["applicant_id"],
            name="A",
            contact="a@example.org",
            relationship="B",
        ),
    ),
    "an applicant moves": (
        "lead",
        lambda s, school: facilitators.move(
            s, school.school_id, school.authority_id, school.ids["applicant_id"], "shortlisted", "Good"
        ),
    ),
    "training is added": (
        "lead",
        lambda s, school: records.add_training(
            s, school.school_id, school.ids["applicant_id"], title="Peer group", on_date=today(), minutes=120
        ),
    ),
    "a group is renamed": (
        "lead",
        lambda s, school: changing.change_cohort(
            s, school.school_id, school.ids["cohort_id"], changing.GroupChange("New name", "Hall", 9)
        ),
    ),
    "a session moves": (
        "lead",
        lambda s, school: cohorts.move_session(
            s,
            school.school_id,
            school.ids["next_session_id"],
            OPEN,
            to=_weekday(today() + timedelta(days=8)),
            starts_at=time(17),
            with_later=False,
        ),
    ),
    "a session is cancelled": ("lead", _cancelled),
    "a concern is read": (
        "dsl",
        lambda s, school: safeguarding.mark_read(
            s, SCHOOL_DESK, school.school_id, school.ids["concern_id"], "Somebody"
        ),
    ),
    "a parent leaves": (
        "other_parent",
        lambda s, school: recruitment.leave(s, school.school_id, school.people["other_parent"].person_id),
    ),
}


def _weekday(on):
    return on + timedelta(days=(7 - on.weekday()) if on.weekday() > 4 else 0)


#: The second takes back what the first gave, so they come in this order.
A_PLACE = (
    lambda s, school: membership.take_place(
        s, school.school_id, school.ids["forming_cohort_id"], school.ids["waiting_parent_id"]
    ),
    lambda s, school: membership.remove_from_group(
        s, school.school_id, school.ids["forming_cohort_id"], school.ids["waiting_parent_id"], "waiting"
    ),
)


def told_once(before, after):
    new = after - before
    assert new, "nothing happened at all"
    assert [line for line, times in new.items() if times > 1] == []


@pytest.mark.parametrize("what", PRESSES)
def test_what_many_press_at_once_is_told_once(place, press, history, what):
    school = place[1].school
    who, work = PRESSES[what]
    before = history()

    press(school.people[who], lambda session: work(session, school))

    told_once(before, history())


def test_a_place_that_many_give_and_take_back_at_once_is_told_once_each(place, press, history):
    school = place[1].school
    for work in A_PLACE:
        before = history()
        press(school.people["lead"], lambda session, work=work: work(session, school))
        told_once(before, history())


def test_fifty_presses_on_invite_send_two_messages_and_are_one_line(place, press, history):
    school = place[1].sibling_school
    parent_id = school.ids["identified_parent_id"]
    before = history()

    answers = press(
        school.people["lead"],
        lambda session: recruitment.invite(session, school.school_id, school.authority_id, parent_id),
        times=50,
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sum(bool(answer) for answer in answers) == 1
    lines = [line for line in (history() - before).elements() if line[0] == "parent"]
    assert lines == [("parent", str(parent_id), "invited")]


def test_a_school_is_paused_once(place, press, history):
    world = place[1]
    before = history()
    school = world.other_school

    press(
        world.other_authority.people["authority_admin"],
        lambda session: schools.pause(
            session, school.authority_id, school.school_id, reason="Building work", by="Somebody"
        ),
    )

    new = history() - before
    assert new
    assert max(new.values()) == 1


def test_a_register_saved_by_ten_at_once_is_told_once(place, press, history):
    school = place[1].school
    evening = "select id from cohort_session where cohort_id = :id and number = 4"
    facilitator = school.people["facilitator"]
    [session_id] = press(
        facilitator, lambda s: s.scalar(text(evening), {"id": school.ids["cohort_id"]}), times=1
    )
    before = history()
    marks = {school.people["parent"].person_id: Marked("", "present")}

    press(
        facilitator,
        lambda s: marking.take_register(s, school.school_id, facilitator.person_id, session_id, marks),
    )

    new = history() - before
    assert list(new.values()) == [1]


# ---- papers

PAPERS = {
    "contact_sheet": lambda s, school: printing.request_contact_sheet(
        s, school.school_id, school.ids["cohort_id"], "Somebody"
    ),
    "session_register": lambda s, school: printing.request_register(
        s, school.school_id, school.ids["next_session_id"], "Somebody"
    ),
    "group_plan": lambda s, school: printing.ask_for_plan(
        s, school.school_id, school.people["parent"].person_id, by="Somebody"
    ),
}
MADE = text(
    "select id, state from document where school_id = :school_id and kind = :kind order by created_at"
)
LONG_AGO = text("update document set state = 'making', created_at = :at where id = :id")


@pytest.fixture(autouse=True)
def days_are_free(monkeypatch):
    """Whatever day of the week the world was made on."""
    monkeypatch.setattr("app.cohorts.services.list_conflicts", lambda *_asked: [])


def made(press, school, kind):
    values = {"school_id": school.school_id, "kind": kind}
    [rows] = press(school.people["lead"], lambda s: s.execute(MADE, values).all(), times=1)
    return [row.id for row in rows]


@pytest.mark.parametrize("kind", PAPERS)
def test_thirty_presses_make_one_paper(place, press, history, kind):
    school = place[1].school
    before, there = history(), made(press, school, kind)

    answers = press(school.people["senco"], lambda s: PAPERS[kind](s, school), times=30)

    new = [one for one in made(press, school, kind) if one not in there]
    assert len(new) == 1
    assert set(answers) == set(new)
    lines = history() - before
    assert len(lines) == 2, "asked for, and a document"
    assert max(lines.values()) == 1


@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_that_waits_is_not_asked_for_again_whenever(place, press, monkeypatch, kind):
    monkeypatch.setattr(documents, "A_MOMENT", timedelta(0))
    school = place[1].sibling_school
    answers = [press(school.people["senco"], lambda s: PAPERS[kind](s, school), times=1)[0] for _ in range(2)]
    assert answers[0] == answers[1]


def test_another_group_gets_a_sheet_of_its_own(place, press):
    first, second = place[1].sibling_school, place[1].other_school
    answers = [
        press(one.people["senco"], lambda s, one=one: PAPERS["contact_sheet"](s, one), times=1)[0]
        for one in (first, second)
    ]
    assert answers[0] != answers[1]


def test_a_while_later_it_is_made_from_what_is_known_then(place, press):
    school = place[1].other_school
    work = PAPERS["contact_sheet"]
    [first] = press(school.people["senco"], lambda s: work(s, school), times=1)
    owner = create_engine(sqlalchemy_url(place[0].url("wb_owner")))
    with owner.begin() as connection:
        assert connection.execute(LONG_AGO, {"at": now() - timedelta(minutes=1), "id": first}).rowcount == 1
    owner.dispose()

    [second] = press(school.people["senco"], lambda s: work(s, school), times=1)

    assert second != first


def test_results_are_asked_for_once(place, press, history):
    authority = place[1].authority
    admin = authority.people["authority_admin"]
    [window] = press(admin, lambda s: list_term_windows(s, authority.authority_id)[0], times=1)
    before = history()

    press(admin, lambda s: ask_for_release(s, authority.authority_id, window, "Somebody"), times=30)

    assert list((history() - before).values()) == [1]
