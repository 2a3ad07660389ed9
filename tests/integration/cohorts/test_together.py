"""Two people, one page: nobody's words are lost, and the second save works."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from infra.clock import today
from tests.integration.meetings.test_those_who_lead import marks_for


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def tonight_id(look, school):
    asked = "select id from cohort_session where cohort_id = :id and number = 4"
    return look(school.facilitator, asked, id=school.ids["cohort_id"])[0].id


@pytest.fixture
def leader(client_for, school, after_the_session):
    return client_for(school.facilitator)


def handed_out(page) -> dict[str, str]:
    """What a page's form sends of itself."""
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    found = {}
    for tag in tags:
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrf_token":
            found[name[1]] = value[1] if value else ""
    return found


def marks_kept(look, school, session_id):
    asked = "select parent_id, mark from attendance where session_id = :id"
    names = {person.person_id: name for name, person in school.people.items()}
    return {names[row.parent_id]: row.mark for row in look(school.facilitator, asked, id=session_id)}


def test_a_register_open_twice_keeps_what_each_of_them_marked(leader, school, tonight_id, look):
    address = f"/group/sessions/{tonight_id}/register"
    leader.post(address, data=marks_for(school, parent="absent", other_parent="absent"))
    first, second = handed_out(leader.get(address)), handed_out(leader.get(address))
    # One sees that the first came after all; the other has the page from before, and marks the second.
    leader.post(address, data=first | marks_for(school, parent="present", other_parent="absent"))
    leader.post(address, data=second | marks_for(school, parent="absent", other_parent="late"))
    assert marks_kept(look, school, tonight_id) == {"parent": "present", "other_parent": "late"}


def test_the_same_mark_changed_by_both_is_asked_about_and_the_second_save_decides(
    leader, school, tonight_id, look
):
    address = f"/group/sessions/{tonight_id}/register"
    both = handed_out(leader.get(address))
    leader.post(address, data=both | marks_for(school, parent="late"))
    page = leader.post(address, data=both | marks_for(school, parent="absent", other_parent="present"))
    # In the summary above the form too, where no name stands beside it.
    summary = page.text.partition("govuk-error-summary")[2].partition("<form")[0]
    assert "somebody else just marked “Here, came late”" in summary
    assert school.family_canary in summary
    # What nobody else marked is kept at once.
    assert marks_kept(look, school, tonight_id) == {"parent": "late", "other_parent": "present"}
    again = handed_out(page) | marks_for(school, parent="absent", other_parent="present")
    assert leader.post(address, data=again).status_code == 303
    assert marks_kept(look, school, tonight_id)["parent"] == "absent"


@pytest.mark.parametrize("order", ["offered first", "offered last"])
def test_what_the_page_offers_is_nobodys_choice(leader, client_for, school, tonight_id, look, at, order):
    """Given that somebody said they cannot come, and came: whoever sees them marks it, and nobody disputes it."""
    at(12)
    client_for(school.parent).post(f"/my/sessions/{tonight_id}/cannot-come")
    at(19, 30)
    address = f"/group/sessions/{tonight_id}/register"
    both = handed_out(leader.get(address))
    here = both | marks_for(school, parent="present", other_parent="present")
    untouched = both | marks_for(school, parent="apology", other_parent="present")
    for sent in (untouched, here) if order == "offered first" else (here, untouched):
        assert leader.post(address, data=sent).status_code == 303
    assert marks_kept(look, school, tonight_id) == {"parent": "present", "other_parent": "present"}


def test_what_the_page_offers_is_kept_where_nobody_marked_it(
    leader, client_for, school, tonight_id, look, at
):
    at(12)
    client_for(school.parent).post(f"/my/sessions/{tonight_id}/cannot-come")
    at(19, 30)
    address = f"/group/sessions/{tonight_id}/register"
    page = handed_out(leader.get(address))
    assert leader.post(address, data=page | marks_for(school, parent="apology")).status_code == 303
    assert marks_kept(look, school, tonight_id) == {"parent": "apology"}


def test_notes_of_two_are_shown_beside_each_other_and_then_saved(leader, tonight_id):
    address = f"/group/sessions/{tonight_id}/notes"
    both = handed_out(leader.get(address))
    assert leader.post(address, data=both | {"main_points": "Sleep first."}).status_code == 303
    page = leader.post(address, data=both | {"main_points": "Breathe."})
    assert page.text.count("Sleep first.") == 1
    assert page.text.count("Breathe.") == 2, "in the box, and beside what is saved"
    again = handed_out(page) | {"main_points": "Sleep first.\nBreathe."}
    assert leader.post(address, data=again).status_code == 303
    assert "Sleep first.\nBreathe." in leader.get(address).text.replace("\r\n", "\n")


def test_saving_the_same_words_twice_is_not_a_conflict(leader, tonight_id):
    address = f"/group/sessions/{tonight_id}/notes"
    page = handed_out(leader.get(address))
    for _press in range(2):
        assert leader.post(address, data=page | {"main_points": "Sleep first."}).status_code == 303


def group_form(**changed):
    return {"name": "January group", "room": "Library", "places": "9"} | changed


def parent_form(**changed):
    usual = {"first_name": "Ada", "email": "one@example.org", "language": "en"}
    return usual | {"year_group": "", "attendance_band": ""} | changed


def parts(day):
    return [str(day.day), str(day.month), str(day.year)]


A_START = parts(today() + timedelta(days=400))

CHANGES = {
    "a group": (
        lambda school: ("lead", f"/school/groups/{school.ids['cohort_id']}/change"),
        group_form(room="The hall"),
        group_form(room="The annexe"),
        ("The hall", "The annexe"),
    ),
    "a parent's details": (
        lambda school: ("lead", f"/school/parents/{school.ids['parent_id']}/change"),
        parent_form(last_name="One"),
        parent_form(last_name="Two"),
        ("One", "Two"),
    ),
    "the school's room": (
        lambda _school: ("lead", "/school/set-up/room-and-dates"),
        {"room": "The hall", "room_notes": "By the gate", "planned_start_on": A_START},
        {"room": "The annexe", "room_notes": "By the gate", "planned_start_on": A_START},
        ("The hall", "The annexe"),
    ),
    "topics": (
        lambda school: ("facilitator", f"/group/cohorts/{school.ids['cohort_id']}/topics"),
        {"choose-topic_5": "neurodiversity", "choose-topic_6": "", "choose-topic_7": ""},
        {"choose-topic_5": "managing-emotions", "choose-topic_6": "", "choose-topic_7": ""},
        ("Different brains", "Big feelings"),
    ),
}


ROLE = {"contact": "adults", "venue": "school", "supervised": "yes", "frequency": "weekly"}


def decision(risk, **changed):
    return ROLE | {"level": "basic", "risk_assessment": risk} | changed


def certificate(number):
    day = today()
    return {"number": number, "issued_on": [str(day.day), str(day.month), str(day.year)]}


def looked_up(page):
    """What stands beside each other on a page that two have saved: (part, saved by somebody else, typed by me)."""
    cells = re.findall(r'<th role="rowheader" scope="row">([^<]*)</th>(.*?)</tr>', page.text, re.DOTALL)
    return {
        part: tuple(re.findall(r">([^<>]*)</td>", rest)) for part, rest in cells if "Typed by you" in rest
    }


@pytest.fixture
def applicant(client_for, school):
    return client_for(school.senco), f"/school/facilitators/{school.ids['applicant_id']}"


def test_two_who_decide_a_check_see_both_and_the_second_save_decides(applicant, client_for, school):
    client, url = applicant
    opened = client.get(f"{url}/check", query_string=ROLE)
    both = {"seen": handed_out(opened)["seen"]}
    theirs, mine = decision("Staff are near."), decision("Never alone.", frequency="often")
    assert client_for(school.lead).post(f"{url}/check", data=both | theirs).status_code == 303
    page = client.post(f"{url}/check", data=both | mine)
    shown = looked_up(page)
    assert shown["Written risk assessment"] == ("Staff are near.", "Never alone.")
    assert shown["How often?"] == ("Once a week", "More often: four days or more in 30")
    assert "Where?" not in shown
    assert "Which check will you ask for?" not in shown
    assert "Never alone." not in client.get(url).text
    again = {"seen": handed_out(page)["seen"]} | mine
    assert client.post(f"{url}/check", data=again).status_code == 303
    assert "Never alone." in client.get(url).text


def test_a_decision_made_once_more_starts_from_what_is_known(applicant):
    client, url = applicant
    client.post(f"{url}/check", data=decision("Staff are near."))
    opened = client.get(f"{url}/check", query_string=ROLE)
    assert "Staff are near." in opened.text
    again = {"seen": handed_out(opened)["seen"]} | decision("Never alone.")
    assert client.post(f"{url}/check", data=again).status_code == 303


def test_two_who_note_a_certificate_see_both_and_the_second_save_decides(applicant, client_for, school):
    client, url = applicant
    client.post(f"{url}/check", data=decision("Staff are near."))
    both = handed_out(client.get(f"{url}/certificate"))
    theirs, mine = certificate("001538472916"), certificate("001538472907")
    assert client_for(school.lead).post(f"{url}/certificate", data=both | theirs).status_code == 303
    page = client.post(f"{url}/certificate", data=both | mine)
    assert looked_up(page) == {"Certificate number": ("001538472916", "001538472907")}
    assert 'value="001538472907"' in page.text
    assert "001538472907" not in client.get(url).text
    assert client.post(f"{url}/certificate", data=handed_out(page) | mine).status_code == 303
    assert "001538472907" in client.get(url).text
    # What somebody else read off the original is not handed to whoever comes next.
    assert "001538472907" not in client.get(f"{url}/certificate").text


def test_saving_the_same_certificate_twice_is_not_a_conflict(applicant):
    client, url = applicant
    client.post(f"{url}/check", data=decision("Staff are near."))
    page = handed_out(client.get(f"{url}/certificate"))
    for _press in range(2):
        assert client.post(f"{url}/certificate", data=page | certificate("001538472916")).status_code == 303


def test_a_certificate_is_of_the_check_that_is_asked_for_now(applicant, client_for, school):
    client, url = applicant
    client.post(f"{url}/check", data=decision("Staff are near."))
    mine = handed_out(client.get(f"{url}/certificate")) | certificate("001538472916")
    client_for(school.lead).post(
        f"{url}/check", data=decision("Staff are near.", contact="passing", level="enhanced")
    )
    page = client.post(f"{url}/certificate", data=mine)
    (saved, typed) = looked_up(page)["The check that was asked for"]
    assert saved.startswith("Enhanced check")
    assert typed == "Basic check"
    assert "Nobody has seen it yet" in client.get(url).text
    again = handed_out(page) | certificate("001538472916")
    assert again["level"].startswith("Enhanced check")
    assert client.post(f"{url}/certificate", data=again).status_code == 303


def test_what_only_one_of_two_changed_is_kept_from_both(client_for, school):
    """A box that somebody left as it was takes what the other saved; only what both changed is asked about."""
    client, address = client_for(school.lead), f"/school/parents/{school.ids['parent_id']}/change"
    base = parent_form(last_name="One", access_needs="", next_step="Call", phone="07700 900963")
    assert client.post(address, data=base).status_code == 303
    both = handed_out(client.get(address))
    theirs = both | base | {"access_needs": "A ramp", "phone": "07700 900500"}
    assert client.post(address, data=theirs).status_code == 303
    assert client.post(address, data=both | base | {"next_step": "Write"}).status_code == 303
    shown = client.get(f"/school/parents/{school.ids['parent_id']}").text
    assert "A ramp" in shown
    assert "Write" in shown
    assert "900500" in shown.replace(" ", "")
    assert "900963" not in shown.replace(" ", "")

    # Both changed one: it alone stands beside the other; the rest of the page is as it was saved.
    page = client.post(address, data=both | base | {"access_needs": "A lift"})
    assert list(looked_up(page).values()) == [("A ramp", "A lift")]
    assert "900500" in page.text.replace(" ", "")
    again = (
        handed_out(page) | base | {"access_needs": "A lift", "next_step": "Write", "phone": "07700 900500"}
    )
    assert client.post(address, data=again).status_code == 303
    assert "A lift" in client.get(f"/school/parents/{school.ids['parent_id']}").text


def test_a_box_that_says_phone_says_whose_it_is_beside_the_other(client_for, world):
    client, address = client_for(world.authority.admin), "/authority/settings/contact"
    opened = client.get(address)
    boxes = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', opened.text))
    filled = boxes | {
        "contact_name": "Priya Nair", "contact_email": "a@example.org", "contact_phone": "020 7946 0001",
        "officer_phone": "020 7946 0002", "out_of_hours_phone": "020 7946 0003",
        "brand_colour": "#17504a", "privacy_url": "", "dpo_contact": "",
    }  # fmt: skip
    filled.pop("seen", None)
    assert client.post(address, data=filled).status_code == 303
    both = handed_out(client.get(address)) | {name: filled[name] for name in filled if name != "csrf_token"}
    both["seen"] = handed_out(client.get(address))["seen"]
    assert client.post(address, data=both | {"officer_phone": "020 7946 0500"}).status_code == 303
    page = client.post(
        address, data=both | {"officer_phone": "020 7946 0600", "dpo_contact": "dpo@example.org"}
    )
    assert list(looked_up(page)) == ["Named officer: phone"]


@pytest.mark.parametrize("what", CHANGES)
def test_every_form_on_a_shared_row_shows_both_and_saves_at_the_second_press(
    client_for, school, after_the_session, what
):
    find, theirs, mine, (saved, typed) = CHANGES[what]
    who, address = find(school)
    client = client_for(school.people[who])
    opened = client.get("/group/cohort" if what == "topics" else address)
    both = {name: value for name, value in handed_out(opened).items() if name.endswith("seen")}
    assert both, "the form carries no version"
    first = client.post(address, data=both | theirs)
    assert first.status_code == 303, first.text
    page = client.post(address, data=both | mine)
    assert "Somebody else saved this page" in page.text
    assert (
        f'<td role="cell" class="wb-words wb-wrap-anywhere" data-label="Saved by somebody else">{saved}<'
        in page.text
    )
    assert f'data-label="Typed by you">{typed}<' in page.text
    seen = {name: value for name, value in handed_out(page).items() if name.endswith("seen")}
    assert client.post(address, data=seen | mine).status_code == 303
