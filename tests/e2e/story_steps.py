"""Steps of the story: a parent comes in, joins, answers, takes a place; somebody becomes ready to lead; staff send a
list and note a call; an evening without a signal, and what a group says."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfWriter

from infra.clock import today
from tests.e2e.conftest import Demo
from tests.e2e.story_people import NewParent, Person, texts_wait_for_morning

CHOICES = ("join", "email", "text", "pooled_answers", "share_attendance", "ask_to_lead")
QUESTIONS = 12


def joins(parent: Person, *, known_as: str, look: bool = False, no_to: tuple[str, ...] = ()) -> None:
    """From the invitation's first page to "You have joined"; each choice is made on its own."""
    parent.sees("8 to 10 parents and carers", "Who sees what")
    if look:
        parent.check()
    parent.press("Yes, I would like to join")
    assert not parent.page.locator("input:checked").count(), "something was ticked beforehand"
    if look:
        parent.check()
        parent.press("Save my choices").sees("There is a problem", "Choose yes or no").check()
    parent.choose(**{kind: "no" if kind in no_to else "yes" for kind in CHOICES})
    parent.fill(known_as=known_as).press("Save my choices")
    parent.sees("You have joined")
    if look:
        parent.check()


def answers(parent: Person, occasion: str, numbers: list[int | None], *, look: bool = False) -> None:
    """All twelve questions; None leaves one out."""
    assert len(numbers) == QUESTIONS
    parent.open(f"/my/answers/{occasion}")
    if look:
        parent.check()
    parent.press("Start")
    for number, value in enumerate(numbers, start=1):
        parent.sees(f"question {number} of {QUESTIONS}")
        if look and number == 1:
            parent.check()
            parent.press("Save and go on").sees("There is a problem")
        if value is None:
            parent.press("Skip this question")
        else:
            parent.choose(answer=str(value)).press("Save and go on")
    parent.sees("Check and send", "Left out" if None in numbers else "of 10")
    if look:
        parent.check()
    parent.press("Send my answers")


def comes_to_ready(staff: Person, second: Person, *, with_certificate: bool, from_application: bool) -> None:
    """From where the person's page stands to *ready*: references, check, training; the `second` says the last word."""
    here = staff.page.url
    if from_application:
        moves(staff, "Ask them to a conversation", "A warm application.")
        moves(staff, "Go on to references", "We talked for half an hour.")
        staff.press("Add the 2 people they named")
    else:
        for number in (1, 2):
            staff.open(here).follow("Add a reference")
            staff.fill(name=f"Robin Reed {number}", contact=f"07700 9008{number}0")
            staff.fill(relationship="A colleague for three years").press("Save")
    for _ in range(2):
        staff.open(here).press("Note that you asked")
        link = staff.page.locator("main a[href*='/references/']").filter(has_text="Note the answer").first
        staff.open(link.get_attribute("href") or "")
        staff.choose(satisfactory="yes").fill(note="Kind, on time, listens.").press("Save")
    staff.open(here)
    moves(staff, "Go on to the check", "Both references are good.")
    staff.follow("Work out the check")
    staff.choose(contact="adults", venue="school", supervised="yes", frequency="weekly")
    staff.press("See which check fits").sees("Basic check")
    staff.choose(level="basic" if with_certificate else "none")
    staff.fill(risk_assessment="Adults only, in a room next to the office, with a second facilitator.")
    staff.press("Write down the decision")
    moves(staff, "Start the training", "The check is decided.")
    if with_certificate:
        staff.follow("Note that you saw it").fill(number="001538472916")
        staff.fill_date("issued_on", today() - timedelta(days=20)).press("Save")
    staff.open(here).follow("Record training")
    staff.fill(title="Leading a peer group", minutes="120").fill_date("on_date", today() - timedelta(days=3))
    staff.press("Save")
    staff.open(here).sees("A second person.")
    moves(second.open(here), "Say they are ready to lead", "Everything is in place.")
    staff.open(here)


def moves(staff: Person, verb: str, reason: str) -> None:
    """One step on somebody's way to leading."""
    staff.press(verb).fill(reason=reason).press(verb).sees("Done.")


def signed(agreement: bytes) -> bytes:
    """The agreement with one more page, as a scan of the signed last page would be."""
    writer = PdfWriter(clone_from=BytesIO(agreement))
    writer.add_blank_page()
    scan = BytesIO()
    writer.write(scan)
    return scan.getvalue()


def staff_send_the_wrong_list(staff: Person) -> None:
    """Two and a row that cannot be read, from a spreadsheet; and taken out again, nobody having been written to."""
    rows = (
        "First name,Surname,Mobile no\nNora,Quill,07700 900981\nOtto,Reed,07700 900982\nPia,Stone,on paper\n"
    )
    staff.go_to("Parents").follow("Add many from a spreadsheet").check()
    staff.attaches(rows.encode(), "last year.csv", "text/csv").press("Send and check")
    staff.sees("What is in which column?", "Mobile no").check()
    staff.press("Check the list").sees("3 rows", "Row 4", "Type the number alone").check()
    staff.choose(without_wrong="y").press("Add 2 people").sees("Added 2 people").check()
    staff.press("Take them out again").sees("Took 2 people out again").check()


def staff_note_a_call(staff: Person) -> None:
    """Nobody answered. What comes next stands on the home of whoever does it, and is done from there."""
    staff.press("Note a contact").check()
    staff.choose(how="phone", outcome="no_answer").fill(action="Ring again this evening")
    staff.fill_date("due_on", today()).press("Save").sees("Noted.", "Phone call: No answer").check()
    staff.go_to("This week").follow("Ring again this evening").press("Done").sees(
        "Done: Ring again this evening"
    )


def one_person_written_down_twice_is_one(staff: Person, who: NewParent) -> None:
    """A colleague had noted her by her mobile: staff look at both side by side, and put them together."""
    twin = f"Aysha {who.last_name}"
    staff.go_to("Parents").press("Add a parent or carer")
    staff.fill(first_name="Aysha", last_name=who.last_name, phone="07700 900931").press("Add", exact=True)
    staff.sees(twin).follow("Put two entries of one person together").sees("a name like it").check()
    staff.follow(who.name).sees("Nothing has changed yet", "What is private and does not move").check()
    staff.choose(name="stays").press("Put them together").sees("They are one entry now", who.name).check()
    staff.go_to("Parents").does_not_see(twin)


def a_parent_is_called(parent: Person, leader: Person, leader_name: str) -> None:
    """They choose who and what about, and write nothing; who leads calls, and notes no more than that."""
    first_name = leader_name.split()[0]
    parent.open("/my/calls").check()
    parent.page.get_by_label(f"{first_name}, from your group").check()
    parent.choose(need="big_feelings", times="morning").press("Ask for a call")
    parent.sees("You will be called by", f"{first_name} calls you by").check()
    leader.open("/group/calls").check()
    leader.page.locator("main table a").first.click()
    leader.sees("Worry and big feelings at home").check()
    leader.choose(outcome="spoke").press("Note it").sees("Thank you for calling")
    parent.open("/my/calls").sees("has noted that you spoke").check()


def a_parent_asks_by_the_poster(staff: Person, stranger: Person) -> None:
    """Staff hang up a poster; somebody whom they had not thought of types its address, and they know her."""
    staff.go_to("Parents").follow("Sign-up page").press("Open the page").sees(
        "Your sign-up page is open"
    ).check()
    assert staff.downloads("Poster to print (A4)").startswith(b"%PDF")
    address = staff.page.locator("main a[href*='/hello/']").inner_text()
    stranger.open(address).check().press("Send this to the school").sees("There is a problem").check()
    stranger.fill(first_name="Ida", last_name="Marsh", phone="07700 900983").choose(agrees="y")
    stranger.press("Send this to the school").sees("The school has what you wrote").does_not_see(
        "Ida"
    ).check()
    staff.go_to("This week").follow("One person signed up").follow("Ida Marsh").check()
    staff.choose(knows="y").press("Take them into the list").sees("Ida Marsh is in your list").check()


def by_text_alone(parent: Person, phone: str) -> None:
    number = "+44" + phone.replace(" ", "").removeprefix("0")
    # Her text is the long or the short one, by how long names and the address happen to be.
    parent.opens_link_from(number, "invit").press("Yes, I am")


def a_link_survives_being_looked_at(parent: Person, email: str, *, look: bool) -> None:
    """Mail scanners open links; only the button uses them, and only once."""
    parent.opens_link_from(email, "invitation").sees("Are you", "This is not me")
    link = parent.page.url
    parent.open(link).sees("Are you")
    if look:
        parent.check()
    parent.press("Yes, I am")
    if look:
        here = parent.page.url
        again = parent.page.goto(link)
        assert again is not None
        assert again.status == 410
        parent.page.problems.clear()  # type: ignore[attr-defined]
        parent.open(here)


def one_place_is_offered_and_taken(lead: Person, parent: Person, demo: Demo, who: NewParent) -> None:
    """Somebody says what suits them, is offered a place, and takes it on their own page."""
    parent.open("/my").follow("When would a group suit you?").check()
    parent.choose(days="tue", format="either").press("Save").sees("You can change this on any day").check()
    page = lead.page.url
    lead.press("Offer places").sees("Tuesday")
    lead.page.get_by_label(who.name).check()
    lead.choose(how="offer").press("Offer or give places").sees("One place is offered and kept", "Kept until")
    lead.check()
    demo.wait_for_message(who.email, "There is a place for you")
    parent.open("/my").follow("A place in a group is kept for you").sees("The reading room").check()
    parent.press("Yes, I take the place").sees("The place is yours")
    lead.open(page)


def what_a_group_says_is_replied_to(parent: Person, staff: Person) -> None:
    """Four parents of the library group have said yes; with the fifth it is the group's, and the school replies."""
    said = "Please tell us a day before"
    parent.open("/my/themes").check()
    ours = parent.page.locator("section", has_text=said)
    ours.get_by_label("Yes, we say this").check()
    parent.press("Keep my choice", within=ours).sees("Five or more of you say this").check()
    staff.go_to("Groups").follow("Read and reply").check()
    staff.press("Reply", within=staff.page.locator("section", has_text=said)).sees(said).check()
    staff.fill(reply="From now on Ms Hart writes to you by noon the day before.").press("Send the reply")
    staff.sees("Your reply stands on the page", "Ms Hart writes to you").check()
    parent.open("/my/themes").sees("Ms Hart writes to you")
    ours.get_by_label("Partly").check()
    parent.press("Say whether it is enough", within=ours).sees("the school reads how many say so").check()


def everybody_is_told_that_the_room_changed(leader: Person, parent: Person) -> None:
    """Who leads writes it once; each of the group gets it as they chose, and it stands on their page."""
    words = "Tonight we are in the hall, not in the library."
    leader.follow("Write to the group").sees(
        "Written to the group", "messages to this group are left"
    ).check()
    leader.fill(words=words).press("See how it reads").sees("Nothing has been sent yet", words).check()
    leader.press("Send it to everybody").sees(words).check()
    if texts_wait_for_morning():
        leader.sees("Until then you can take it back")
        parent.open("/my/group").follow("Read them").sees("Elm Road gate").does_not_see(words).check()
    else:
        leader.sees("Your message is on its way")
        parent.open("/my/group").follow("Read them").sees(words).check()
    leader.open("/group/cohort")


def marks_go_on_without_a_signal(leader: Person) -> None:
    """The school hall has none: marks stay on the phone, and arrive when it is back."""
    tonight = leader.page.url
    leader.press("In the room", exact=True).check()
    page = leader.page
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready).active"
        " && (await (await caches.open('webelong-room')).keys()).length > 4"
    )
    page.context.set_offline(True)
    first = page.locator("li[data-of]").first
    first.get_by_role("button", name="Late", exact=True).click()
    expect(page.get_by_text("No signal. Keep going")).to_be_visible()
    page.reload()
    expect(first.get_by_role("button", name="Late", exact=True)).to_have_attribute("aria-pressed", "true")
    page.context.set_offline(False)
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    leader.open(tonight).sees("The register is not finished: 1 of")
