"""Staff note that they were in touch with a parent, plan what comes next, and find it on their home."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from infra.clock import now, today
from tests.integration.contact_log.sending import DAY, contact, day_of
from tests.integration.recruitment.test_staff import one
from tests.support.pressing import press


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


def test_what_is_put_off_changed_and_taken_back_is_read_with_who_did_it(
    senco, lead, world, theirs, plan, rows
):
    # given something that is planned for today
    page = senco.post(f"{theirs}/contacts/add", data=contact(**plan()), follow_redirects=True)
    (row,) = rows("id")
    one = f"{theirs}/contacts/{row.id}"
    # when it is put off
    soon = today() + 3 * DAY
    page = senco.post(f"{one}/later", data=day_of("due_on", soon), follow_redirects=True)
    # then nobody's home asks for it today
    assert "Put off to" in page.text
    assert "Ring again after tea" not in senco.get("/school").text
    # when the lead takes it over, for today
    page = lead.post(
        f"{one}/change",
        data=plan(owner=world.school.lead, action="Ask for a better number"),
        follow_redirects=True,
    )
    assert "Next step changed" in page.text
    assert world.school.lead.name in page.text
    assert "Ask for a better number" in lead.get("/school").text
    # then what was planned first is still read with the call
    assert "Next: Ring again after tea" in page.text
    # and only who noted the call can take it back
    assert (
        "Only the person who noted it can take it back"
        in lead.post(f"{one}/take-back", follow_redirects=True).text
    )
    assert "You noted today" not in page.text
    page = press(senco, senco.get(theirs), "/take-back")
    assert "Taken back." in page.text
    assert "Phone call" not in page.text
    assert rows() == []
    # a second press reads that it is gone
    assert "already been taken back" in senco.post(f"{one}/take-back", follow_redirects=True).text


def test_it_can_be_taken_back_on_the_same_day_only(senco, client_for, world, theirs, rows, clock):
    senco.post(f"{theirs}/contacts/add", data=contact())
    clock.move(DAY)
    senco = client_for(world.school.senco)
    (row,) = rows("id")

    again = senco.post(f"{theirs}/contacts/{row.id}/take-back", follow_redirects=True)

    assert "on the same day" in again.text
    assert "You noted today" not in again.text
    assert len(rows()) == 1


def test_pressed_twice_it_is_noted_once(senco, theirs, plan, rows):
    sent = contact(**plan())
    senco.post(f"{theirs}/contacts/add", data=sent)

    again = senco.post(f"{theirs}/contacts/add", data=sent, follow_redirects=True)

    assert "This has already been noted. Nothing was noted twice." in again.text
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"how": "", "outcome": ""}, "Choose how you were in touch"),
        ({"how": "pigeon"}, "Choose one of the answers shown"),
        ({"outcome": "<b>spoke</b>"}, "Choose one of the answers shown"),
        ({"on": ["29", "2", "2027"]}, "Enter a real date"),
        ({"on": ["2", "", "2026"]}, "Enter a real date"),
        ({"at": "at tea"}, "Enter a time, like 6:30pm or 18:30"),
        ({"on": ["1", "1", "2099"]}, "That is still to come"),
        ({"on": ["1", "1", "1999"]}, "is on your list since"),
        ({"action": "Ring again"}, "Enter the day by which you will do it"),
        ({"action": "Ring again", "due_on": ["29", "2", "2027"]}, "Enter a real date"),
        ({"action": "Ring again", "due_on": ["", "2", "2027"]}, "Enter a real date"),
        ({"action": "Ring again", **day_of("due_on", today() - DAY)}, "That day is past"),
        ({"action": "Ring again", "due_on": ["1", "1", "2099"]}, "Enter a day within a year from now"),
        (day_of("due_on", today() + DAY), "Write what you will do, or clear the day"),
        ({"action": "x" * 121, **day_of("due_on", today())}, "Use 120 letters or fewer"),
        (
            {"action": "Ring\0again", **day_of("due_on", today())},
            "Type this again without special characters",
        ),
        (
            {
                "action": "Ring",
                "owner_id": "01a228c9-b239-7685-b99f-7d1aeefefe96",
                **day_of("due_on", today()),
            },
            "Choose one of the answers shown",
        ),
    ],
)
def test_an_impossible_contact_is_explained_and_keeps_what_was_typed(senco, theirs, plan, rows, sent, words):
    typed = contact(owner_id=plan()["owner_id"]) | sent

    page = senco.post(f"{theirs}/contacts/add", data=typed)

    assert words in page.text
    assert rows() == []
    if len(str(sent.get("action", ""))) in range(1, 100):
        assert "Ring" in page.text


@pytest.mark.parametrize(
    "action",
    ["Tekrar ara, akşam", "মা-কে ফোন করুন", "اتصل مساءً", "Ring “Mum & Dad” <soon>", "📞 again", "x" * 120],
)
def test_a_next_step_in_any_script_stands_as_it_was_typed(senco, theirs, plan, rows, action):
    senco.post(f"{theirs}/contacts/add", data=contact(**plan(action=action)))

    assert [one.action for one in rows("action")] == [action]
    assert senco.get("/school").status_code == 200
    assert senco.get(theirs).status_code == 200


def test_on_the_29th_of_february_a_year_ahead_can_be_planned(
    senco, theirs, plan, rows, clock, app, client_for, world
):
    clock.set(datetime(2028, 2, 29, 12, tzinfo=UTC))
    senco = client_for(world.school.senco)

    senco.post(f"{theirs}/contacts/add", data=contact(**plan(on=date(2029, 3, 1))))
    assert (
        "within a year"
        in senco.post(
            f"{theirs}/contacts/add", data=contact(outcome="spoke", **plan(on=date(2029, 3, 2)))
        ).text
    )

    assert [one.due_on for one in rows("due_on")] == [date(2029, 3, 1)]


@pytest.mark.parametrize(("answer", "words"), [("left", "They left"), ("said_no", "They said no")])
def test_with_somebody_who_wants_no_more_of_it_nothing_stays_planned(senco, world, plan, rows, answer, words):
    # given something planned with somebody
    stage = "parent_id" if answer == "left" else "identified_parent_id"
    theirs = f"/school/parents/{world.school.ids[stage]}"
    senco.post(f"{theirs}/contacts/add", data=contact(**plan()))
    assert "Ring again after tea" in senco.get("/school").text
    # when they say that they stop
    senco.post(f"{theirs}/answer", data={"to_stage": answer, "how": "telephone"})
    # then it is closed, with the reason, and no home asks for it
    page = senco.get(theirs).text
    assert "Not done: Ring again after tea" in page
    assert f"{words}, so nobody gets in touch with them." in page
    assert "Ring again after tea" not in senco.get("/school").text
    assert [(one.state, one.closed_because) for one in rows("state, closed_because")] == [("closed", answer)]
    # and nothing new can be planned, while a call of theirs can be noted
    form = senco.get(f"{theirs}/contacts/add").text
    assert "What will you do next?" not in form
    refused = senco.post(f"{theirs}/contacts/add", data=contact(outcome="spoke", **plan()))
    assert "Empty this box to save the rest" in refused.text
    assert "Ring again after tea" in refused.text
    assert (
        "Noted."
        in senco.post(f"{theirs}/contacts/add", data=contact(outcome="spoke"), follow_redirects=True).text
    )


def test_a_parent_who_leaves_by_their_own_press_reads_nothing_of_it_and_ends_it(
    senco, client_for, world, theirs, plan, rows
):
    senco.post(f"{theirs}/contacts/add", data=contact(**plan()))
    parent = client_for(world.school.parent)

    pages = [parent.get(path).text for path in ("/my", "/my/data", "/my/data/download", "/my/choices")]
    parent.post("/my/leave", follow_redirects=True)

    assert not any("Ring again after tea" in page or "Phone call" in page for page in pages)
    assert "What the school noted of its calls and talks with you" in pages[1]
    assert [one.closed_because for one in rows("closed_because")] == ["left"]


def test_what_somebody_planned_who_has_left_comes_to_the_lead(
    senco, lead, client_for, world, theirs, plan, connection
):
    # given something that the attendance lead has to do
    senco.post(f"{theirs}/contacts/add", data=contact(**plan(owner=world.school.people["attendance_lead"])))
    assert "Ring again after tea" not in lead.get("/school").text
    # when they leave
    lead.post(
        f"/school/staff/{world.school.people['attendance_lead'].person_id}/remove", follow_redirects=True
    )
    # then the lead has it, and nobody else; it can be handed on
    assert "Whoever had this has left" in lead.get("/school").text
    assert "Ring again after tea" not in senco.get("/school").text
    assert "Whoever had it has left" in senco.get(theirs).text
    assert world.school.people["attendance_lead"].name not in senco.get(f"{theirs}/contacts/add").text


def test_a_stale_page_does_nothing_and_says_so(senco, lead, world, theirs, plan, rows):
    page = senco.post(f"{theirs}/contacts/add", data=contact(**plan()), follow_redirects=True)
    (row,) = rows("id")
    # given a colleague who put it off since the page was opened
    lead.post(f"{theirs}/contacts/{row.id}/later", data=day_of("due_on", today() + 5 * DAY))
    # when it is pressed done there
    stale = press(senco, page, "/done")
    # then it is not
    assert "Something changed here since you opened that page" in stale.text
    assert [one.state for one in rows("state")] == ["open"]
    # when it is done, and pressed and put off once more
    done = press(senco, stale, "/done")
    assert "Done. Thank you." in done.text
    for again in (
        press(senco, stale, "/done"),
        senco.get(f"{theirs}/contacts/{row.id}/later", follow_redirects=True),
    ):
        assert f"{world.school.senco.name} has already done this" in unmarked(again.text)


def unmarked(page: str) -> str:
    return page.replace('<bdi translate="no">', "").replace("</bdi>", "")


def test_no_other_school_and_nobody_else_reads_or_writes_it(senco, client_for, world, theirs, plan, rows):
    strangers = [
        client_for(one)
        for one in (
            world.sibling_school.senco,
            world.other_school.senco,
            world.authority.admin,
            world.school.facilitator,
            world.school.parent,
        )
    ]
    senco.post(f"{theirs}/contacts/add", data=contact(**plan()))
    (row,) = rows("id")
    one = f"{theirs}/contacts/{row.id}"
    for stranger in strangers:
        for path in (f"{theirs}/contacts/add", f"{one}/later", f"{one}/change"):
            assert stranger.get(path).status_code in (403, 404)
        for verb in ("done", "take-back", "later"):
            stranger.post(f"{one}/{verb}", data=day_of("due_on", today() + DAY))
    # of another parent of this school it is not found either
    other = f"/school/parents/{world.school.ids['identified_parent_id']}"
    assert senco.post(f"{other}/contacts/{row.id}/done").status_code == 404
    assert [(one.state, one.due_on) for one in rows("state, due_on")] == [("open", today())]


def test_call_them_leads_to_noting_it_and_what_is_planned_takes_its_place(
    senco, lead, world, plan, connection, session_for
):
    # given somebody who would like to hear more, and left a number
    parent_id = world.school.ids["identified_parent_id"]
    senco.post(f"/school/parents/{parent_id}/answer", data={"to_stage": "interested", "how": "telephone"})
    asked = f"/school/parents/{parent_id}/contacts/add"
    assert asked in senco.get("/school").text
    # when a call is noted, with what comes next on another day
    senco.post(asked, data=contact(**plan(on=today() + 3 * DAY)))
    # then no home asks for a call today
    assert asked not in senco.get("/school").text
    assert asked not in lead.get("/school").text


def test_somebody_in_two_roles_is_told_apart_and_who_has_not_come_is_not_offered(
    lead, theirs, world, connection, app
):
    add = (
        "insert into staff_member (school_id, id, name, email, role, invited_at, accepted_at)"
        " values (:s, gen_random_uuid(), :name, 'x@example.org', 'school_dsl', now(), :at) returning id"
    )
    for name, at in ((world.school.senco.name, now()), ("Not Come Yet", None)):
        one(connection, add, school=world.school.school_id, s=world.school.school_id, name=name, at=at)

    page = unmarked(lead.get(f"{theirs}/contacts/add").text)

    assert f"{world.school.senco.name}, SENCO" in page
    assert f"{world.school.senco.name}, Safeguarding lead (DSL)" in page
    assert "Not Come Yet" not in page


def test_more_than_ten_due_lead_to_the_list_of_all_next_steps(senco, client_for, world, theirs, plan):
    # given eleven that are due, and one of a colleague for another day, noted by the safeguarding lead
    dsl = client_for(world.school.dsl)
    dsl.post(
        f"{theirs}/contacts/add",
        data=contact(**plan(on=today() + 9 * DAY, owner=world.school.lead, action="Visit them")),
    )
    assert "Nothing is planned next." not in senco.get("/school/parents/contacts").text
    assert "More next steps are due" not in senco.get("/school").text
    for number in range(11):
        senco.post(f"{theirs}/contacts/add", data=contact(**plan(action=f"Call number {number}")))
    # when the SENCO looks at their home, ten of them and the way to the rest are there
    home = senco.get("/school").text
    assert home.count("Call number") == 10
    assert "More next steps are due" in home
    # then the list has them all, whosever they are, the longest due first
    page = senco.get("/school/parents/contacts").text
    assert page.count("Call number") == 11
    assert page.index("Call number 10") < page.index("Visit them")
    assert world.school.lead.name in page
    # and it is the school's own
    assert "Call number" not in client_for(world.sibling_school.senco).get("/school/parents/contacts").text
