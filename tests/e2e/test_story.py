"""The story that everything hangs on, through the pages that people use, in three chapters, each complete by itself.

The last two live in the demo's running groups: sessions may be registered only on their day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infra.clock import today
from tests.e2e.conftest import PHONE, Demo
from tests.e2e.story_people import Cast, Person, Place, texts_wait_for_morning
from tests.e2e.story_school import (
    OWN_WORDS,
    a_letter_goes_by_the_office,
    a_photo_shows_the_door,
    one_session_is_online,
    somebody_from_outside_comes,
    the_council_finds_its_own_words,
    the_council_takes_its_words_back,
)
from tests.e2e.story_steps import (
    QUESTIONS,
    a_link_survives_being_looked_at,
    a_parent_asks_by_the_poster,
    a_parent_is_called,
    answers,
    by_text_alone,
    comes_to_ready,
    everybody_is_told_that_the_room_changed,
    joins,
    marks_go_on_without_a_signal,
    one_person_written_down_twice_is_one,
    one_place_is_offered_and_taken,
    signed,
    staff_note_a_call,
    staff_send_the_wrong_list,
    what_a_group_says_is_replied_to,
)
from tests.factories.register import school, write_register


@pytest.fixture
def cast(browser: Browser, demo: Demo) -> Iterator[Cast]:
    everybody = Cast(browser, demo)
    yield everybody
    everybody.close()


def test_a_school_comes_from_the_register_to_its_first_group(
    cast: Cast, demo: Demo, tmp_path: Path, place: Place
) -> None:
    the_register_is_imported(demo, place, tmp_path)
    admin = cast.person(demo.account("authority_admin"))
    school_page = an_authority_invites_the_school(admin, place)
    the_lead_sets_the_school_up(lead := cast.person(), admin, school_page, place)
    (dsl := cast.person()).sets_up_account(place.email(place.dsl))
    the_authority_makes_it_active(admin, school_page)
    the_council_finds_its_own_words(admin)
    staff_send_the_wrong_list(lead)
    staff_find_ten_parents(lead, place)
    staff_note_a_call(lead)
    one_person_written_down_twice_is_one(lead, place.parents[0])
    a_parent_asks_by_the_poster(lead, cast.parent())
    parents = nine_parents_join(cast, demo, place)
    assert OWN_WORDS in demo.messages(place.says_no.email)[0]["body"]
    the_council_takes_its_words_back(admin)
    somebody_says_no(cast.parent(), place)
    a_letter_goes_by_the_office(lead, cast.person(), place)
    two_people_become_ready_to_lead(lead, dsl, place)
    group_page = a_group_is_formed(lead, parents, demo, place)
    its_parents_are_told(parents, demo, place)
    a_photo_shows_the_door(lead.open(group_page), parents[0])
    somebody_from_outside_comes(lead.open(group_page), cast.person(), parents[0], place)
    one_session_is_online(lead.open(group_page), parents[0], demo, place.parents[0].email)
    they_choose_topics(parents)
    whoever_leads_sees_totals_only(cast.parent(), place)
    whoever_said_no_hears_nothing_more(lead, demo, place)
    lead.open(group_page).check()


@pytest.fixture
def place() -> Place:
    return Place()


def the_register_is_imported(demo: Demo, place: Place, folder: Path) -> None:
    row = school(place.urn, LA="204", EstablishmentName=place.name, Postcode=place.postcode)
    file = write_register(folder, row)
    imported = demo.run("register", "import", str(file), "--json")
    assert imported.returncode == 0, imported.stderr
    counts = json.loads(imported.stdout.strip().splitlines()[-1])
    assert (counts["added"], counts["rejected"]) == (1, 0)


def an_authority_invites_the_school(admin: Person, place: Place) -> str:
    admin.go_to("Schools").check().press("Add a school")
    admin.fill(q=place.postcode).press("Search").sees(place.name, str(place.urn)).check()
    admin.fill(q=place.name).press("Search").sees(place.name)
    admin.press("Add to your list").sees("is on your list", "Invite somebody to lead")
    page = admin.page.url
    admin.press("Invite the lead").press("Send the invitation").sees("There is a problem").check()
    admin.fill(name=place.lead, email=place.email(place.lead)).press("Send the invitation")
    admin.sees("An invitation is on its way", "Invited").press("Send the brief and the agreement")
    admin.sees("on their way").waits_for("Project brief").check()
    return page


def the_lead_sets_the_school_up(lead: Person, admin: Person, school_page: str, place: Place) -> None:
    lead.sets_up_account(place.email(place.lead))
    lead.go_to("Set up").check()
    lead.follow("Your school and your lead").check()
    lead.fill(address="3 Withy Lane, London E8 9ZZ", phone="020 7946 0123", contact_name=place.lead)
    lead.fill(contact_role="SENCO", contact_phone="020 7946 0124", contact_deputy="Ray Moss")
    lead.fill(dsl_name=place.dsl, dsl_phone="020 7946 0125", dsl_deputy="Nell Oduya").press("Save")
    lead.follow("Read the brief").check().press("I have read it")
    lead.follow("Sign the agreement").check()
    while not lead.page.locator("main a[href*='/documents/']").count():
        lead.page.wait_for_timeout(200)
        lead.page.reload()
    agreement = lead.downloads("Agreement")
    lead.attaches(agreement).press("Upload").sees("without signatures").check()
    lead.attaches(signed(agreement)).press("Upload").sees("Thank you. We have your agreement")
    # Whom the agreement names reads concerns by it once the council has accepted it.
    admin.open(school_page).waits_for("Signed agreement")
    assert admin.downloads("Project brief").startswith(b"%PDF")
    admin.waits_for("Read the signed agreement").press("Accept it").sees(
        "The signed agreement was accepted"
    ).check()
    lead.follow("Invite your colleagues").check().press("Invite a colleague")
    lead.fill(name=place.dsl, email=place.email(place.dsl), job_title="Deputy head").choose(role="school_dsl")
    lead.press("Send the invitation").press("That is everybody for now")
    lead.follow("Room and dates").fill(room="The reading room", room_notes="By the blue door; no steps.")
    lead.fill_date("planned_start_on", today() + timedelta(days=30)).press("Save")
    lead.sees("Your list is done, thank you", f"{place.dsl} has not signed in yet").check()


def the_authority_makes_it_active(admin: Person, school_page: str) -> None:
    admin.open(school_page).sees("Your turn:")
    admin.press("Make this school active").sees("The school is active").check()


def staff_find_ten_parents(staff: Person, place: Place) -> None:
    staff.go_to("Parents").check()
    for number, parent in enumerate((*place.parents, place.says_no)):
        staff.go_to("Parents").press("Add a parent or carer")
        staff.fill(first_name=parent.first_name, last_name=parent.last_name)
        if not number:
            staff.press("Add", exact=True).sees("Enter a mobile number or an email address").check()
        staff.fill(email=parent.email, phone=parent.phone).press("Add", exact=True)
        staff.sees(parent.name).press("Send an invitation").sees("They get these words")
        if not number:
            staff.check()
        # At night a phone alone gets its text in the morning, and the page says so.
        staff.press("Send it").sees("on its way" if parent.email else "person")
    staff.check()


def nine_parents_join(cast: Cast, demo: Demo, place: Place) -> list[Person]:
    people = []
    for number, one in enumerate(place.parents):
        if not one.email and texts_wait_for_morning():
            # No phone rings at night: her invitation comes at 8am, and the group starts without her.
            continue
        parent = cast.parent()
        if one.email:
            a_link_survives_being_looked_at(parent, one.email, look=not number)
        else:
            by_text_alone(parent, one.phone)
        joins(
            parent,
            known_as=one.first_name,
            look=not number,
            no_to=("share_attendance",) if number % 2 else (),
        )
        given: list[int | None] = [(number + item) % 11 for item in range(QUESTIONS)]
        if number in (3, 7):
            given[4] = given[9] = None
        answers(parent, "before", given, look=not number)
        parent.sees("Thank you")
        people.append(parent)
    demo.wait_for_message(place.parents[1].email, "Thank you for saying yes")
    people[0].open("/my").sees(f"Hello {place.parents[0].first_name}").check()
    return people


def somebody_says_no(parent: Person, place: Place) -> None:
    parent.opens_link_from(place.says_no.email, "invitation").press("Yes, I am")
    parent.press("No, thank you").sees("We will not ask again this school year").check()


def two_people_become_ready_to_lead(lead: Person, second: Person, place: Place) -> None:
    for number, name in enumerate(("Ruben Salt", "Wanda Moss")):
        lead.go_to("Facilitators").check().press("Add a professional")
        lead.fill(name=name, email=place.email(name), reason="Led groups for ten years.")
        lead.press("Add them").sees(name).check()
        comes_to_ready(lead, second, with_certificate=not number, from_application=False)
    lead.check()


def a_group_is_formed(lead: Person, parents: list[Person], demo: Demo, place: Place) -> str:
    lead.go_to("Groups").check().press("Form a group").check()
    start = today() + timedelta(days=14)
    start += timedelta(days=(1 - start.weekday()) % 7)
    lead.fill(name="Reading group", starts_at="25 o’clock", room="The reading room").fill_date(
        "start_on", start
    )
    lead.press("Work out the dates").sees("There is a problem").check()
    lead.fill(starts_at="6pm").press("Work out the dates")
    lead.sees("Check the dates", "Eight sessions, 6pm to 7:30pm", "Weeks without a session").check()
    lead.press("Save the group").sees("It still needs:")
    page = lead.page.url
    for name in ("Ruben Salt", "Wanda Moss"):
        lead.open(page).follow("Choose who leads")
        lead.page.get_by_label(name).check()
        lead.press("Choose", exact=True).sees("Saved.")
    one_place_is_offered_and_taken(lead, parents[1], demo, place.parents[1])
    lead.press("Offer places").check()
    for box in lead.page.locator("input[name=parents]").all():
        box.check()
    lead.choose(how="give").press("Offer or give places").sees(
        f"{len(parents) - 1} places are given", "Everything is there"
    ).check()
    lead.press("Start the group").sees("The group has started")
    return page


def its_parents_are_told(parents: list[Person], demo: Demo, place: Place) -> None:
    demo.wait_for_message(place.parents[0].email, "place")
    first = parents[0].open("/my").sees("The reading room", "Session 1 of 8").check()
    first.take_picture("parent-home")
    first.press("I can’t come this time").sees("That is fine").press("I can come after all")
    first.open("/my/answers").sees("Sent on").check()


def they_choose_topics(parents: list[Person]) -> None:
    for number, parent in enumerate(parents[:3]):
        parent.open("/my/group")
        if not number:
            parent.check()
        boxes = parent.page.locator("input[name=topics]")
        boxes.nth(0).check()
        boxes.nth(number + 1).check()
        parent.press("Save my choice").sees("Your choice is kept")


def whoever_leads_sees_totals_only(facilitator: Person, place: Place) -> None:
    facilitator.opens_link_from(place.email("Ruben Salt"), "link").press("Yes, I am").check()
    facilitator.open("/group/cohort").check()
    facilitator.sees("Reading group", place.parents[0].name, "You see totals, never who")


def whoever_said_no_hears_nothing_more(lead: Person, demo: Demo, place: Place) -> None:
    got = demo.messages(place.says_no.email)
    assert [message["subject"] for message in got] == [got[0]["subject"]], "more than the one invitation"
    lead.go_to("Parents").fill(text=place.says_no.last_name).press("Show these").follow(place.says_no.name)
    assert not lead.page.get_by_role("button", name="Invite").count(), "they can be asked again"


def test_a_group_ends_and_one_of_its_parents_leads_the_next(cast: Cast, demo: Demo) -> None:
    an_evening_is_held(cast, demo)
    staff = cast.person(demo.account("school_lead", school="Fairholt School"))
    account, parent = somebody_who_answered_before(cast, demo, "Fairholt School")
    the_last_session_is_called_off_and_the_group_is_over(staff, demo, account)
    a_parent_answers_again_and_sees_their_change(parent)
    they_offer_to_lead(parent)
    staff.go_to("Facilitators").follow(account["name"]).sees("What they wrote").check()
    dsl = cast.person(demo.account("school_dsl", school="Fairholt School"))
    comes_to_ready(staff, dsl, with_certificate=True, from_application=True)
    they_lead_the_next_group(staff, parent, account)


def an_evening_is_held(cast: Cast, demo: Demo) -> None:
    """Session 4 of the demo's library group is today, on every day."""
    leader = cast.person(demo.account("facilitator", school="Larkfield School"))
    member = demo.account("parent", school="Larkfield School")
    leader.open("/group/cohort").check()
    parent = cast.parent(member)
    everybody_is_told_that_the_room_changed(leader, parent)
    leader.press("Open session 4").check()
    marks_go_on_without_a_signal(leader)
    leader.press("Change the register").check()
    names = leader.page.locator("fieldset").count()
    for row in range(names):
        mark = "apology" if row == 2 else "present"
        leader.page.locator("fieldset").nth(row).locator(f"input[value={mark}]").check()
    leader.press("Save the register").sees("The register is kept").follow("Write the notes").check()
    leader.fill(main_points="Sleep comes before school.", try_at_home="Ten quiet minutes before bed.")
    leader.press("Save the draft").sees(
        f"{names - 1} of {names} were here", "Sleep comes before school"
    ).check()
    leader.press("Close and send the notes").sees("Session 4 is closed", "open it again for one hour").check()
    parent.open("/my/group").check()
    newest = parent.page.get_by_role("link", name="Notes and links").last
    parent.open(newest.get_attribute("href") or "")
    parent.sees("Sleep comes before school", "Ten quiet minutes").check()
    staff = cast.person(demo.account("school_lead", school="Larkfield School")).check()
    staff.take_picture("school-home")
    staff.go_to("Parents").follow(member["name"]).sees("Reminder", "arrived").check()
    what_a_group_says_is_replied_to(parent, staff)
    a_parent_is_called(parent, leader, demo.account("facilitator", school="Larkfield School")["name"])


def somebody_who_answered_before(cast: Cast, demo: Demo, school_name: str) -> tuple[dict[str, str], Person]:
    for account in demo.about["accounts"]:
        if (account["role"], account["school"]) == ("parent", school_name):
            parent = cast.parent(account).open("/my/answers")
            if "Sent on" in parent.page.locator("main").inner_text():
                return account, parent
    raise LookupError(f"no parent of {school_name} has answered")


def the_last_session_is_called_off_and_the_group_is_over(
    staff: Person, demo: Demo, account: dict[str, str]
) -> None:
    """No text rings at night, so then only an email is waited for."""
    email = account["email"] or (None if texts_wait_for_morning() else account["phone"])
    staff.go_to("Groups").follow("Garden group").check()
    staff.page.get_by_text("Move, cancel or print a session").click()
    staff.follow("Cancel session 8").fill(reason="The boiler has broken").press(
        "Cancel it and tell everybody"
    )
    staff.sees("The session is cancelled", "All sessions are over")
    if email:
        demo.wait_for_message(email, "we cannot meet")
    staff.press("The group is over").sees("Certificates are made").check()
    if email:
        demo.wait_for_message(email, "our group is over")


def a_parent_answers_again_and_sees_their_change(parent: Person) -> None:
    answers(parent, "after", [9] * QUESTIONS)
    parent.sees("Thank you").open("/my/answers").press("See my change")
    parent.sees("at the start, 9 now", "Only you see this page").check()


def they_offer_to_lead(parent: Person) -> None:
    parent.open("/my/lead").check().press("Start").check()
    parent.press("Look over my answers").sees("There is a problem").check()
    parent.fill(why="Nobody should be alone with this.", listening="With my neighbour, last winter.")
    parent.fill(hard_memories="A walk, and a friend.", child_safe="Tell the safeguarding lead the same day.")
    parent.fill(family_links="My son is in year 8.", when="Tuesday evenings, English and Turkish")
    parent.fill(
        first_name="Nora Field", first_contact="nora.field@example.org", first_relationship="My manager"
    )
    parent.fill(
        second_name="Sam Hill", second_contact="07700 900812", second_relationship="Youth club leader"
    )
    parent.press("Look over my answers").sees("Nora Field", "Sam Hill").check()
    parent.press("Send").sees("Thank you for offering", "Where it stands").check()


def they_lead_the_next_group(staff: Person, parent: Person, account: dict[str, str]) -> None:
    start = today() + timedelta(days=14)
    start += timedelta(days=(2 - start.weekday()) % 7)
    staff.go_to("Groups").press("Form a group").fill(
        name="Next group", starts_at="6pm", room="The garden room"
    )
    staff.fill_date("start_on", start).press("Work out the dates").press("Save the group")
    staff.follow("Choose who leads")
    staff.page.get_by_label(account["name"]).check()
    staff.press("Choose", exact=True).sees("Saved.", account["name"])
    parent.open("/change-role").check().press("Accept this role").open("/group/cohort").sees(
        "Next group"
    ).check()


def test_results_are_published_and_a_commissioner_reads_them(cast: Cast, demo: Demo) -> None:
    admin = cast.person(demo.account("authority_admin"))
    admin.go_to("Results").check()
    draft = admin.page.locator("tr", has_text="Draft").last
    season, _term, year = draft.locator("th").inner_text().split()[:3]
    built = demo.run("release", "build", "Eastmere", f"{year}-{season.lower()}")
    assert built.returncode == 0, built.stdout + built.stderr
    admin.page.reload()
    admin.follow("Look at it", within=draft).sees("Commissioners do not see it yet").check()
    admin.press("Publish").sees("What they will not see").check().press("Publish")
    admin.waits_for("Published on")
    commissioner = cast.person(demo.account("commissioner", authority="Eastmere Council")).check()
    commissioner.press("Read the results").sees(
        "What is not shown, and why", "Results of a single school"
    ).check()
    commissioner.take_picture("release")
    assert commissioner.downloads("Download the figures (CSV)").startswith(b"\xef\xbb\xbf")
    phone = cast.person(demo.account("commissioner", authority="Northvale Council"), viewport=PHONE)
    phone.sees("Nothing is published yet").check()


def test_the_first_page(cast: Cast) -> None:
    visitor = cast.person().open("/").check()
    visitor.take_picture("landing")
    visitor.page.set_viewport_size(PHONE)
    visitor.check()
