"""Steps of the story round a group: the council's own words, the office and its letters, the photo of the room,
somebody from outside who comes, an evening online."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from tests.e2e.conftest import Demo
from tests.e2e.story_people import Person, Place

OWN_WORDS = "Every one of us has a child who finds it hard to get to school. Tea is on us."
JOIN_LINK = "https://meet.example.org/reading-group"


def the_council_finds_its_own_words(admin: Person) -> None:
    """One sentence of the invitation, looked at before anybody gets it; all the rest stays the service's."""
    admin.go_to("Settings").follow("What our messages say").check()
    admin.follow("Invitation").sees("With an invented school and family", "These are our words").check()
    admin.follow("Change the words").check()
    admin.fill(words="Ask at https://example.org").press("See how it reads").sees("There is a problem")
    admin.fill(words=OWN_WORDS).press("See how it reads").sees("Nothing has changed yet", OWN_WORDS).check()
    admin.press("Use these words").sees(OWN_WORDS, "Our words:").check()


def the_council_takes_its_words_back(admin: Person) -> None:
    admin.go_to("Settings").follow("What our messages say").follow("Invitation")
    admin.press("Use our words again").sees("in our words again", "These are our words")


def a_letter_goes_by_the_office(lead: Person, office: Person, place: Place) -> None:
    """Who reads neither email nor texts gets a letter; the office hands it out, and reads no answers."""
    lead.go_to("Set up").follow("Invite your colleagues").press("Invite a colleague")
    lead.fill(name=place.office, email=place.email(place.office), job_title="School office")
    lead.choose(role="school_office").press("Send the invitation")
    lead.go_to("Parents").press("Add a parent or carer")
    lead.fill(first_name="Lena", last_name="Moor", phone="07700 900984").press("Add", exact=True)
    lead.go_to("Parents")
    lead.page.get_by_label("Choose Lena Moor").check()
    lead.press("Print letters").sees("Nothing is printed yet", "Lena Moor").check()
    lead.press("Make one letter").waits_for("Print one letter").check()
    printed = lead.page.request.get(
        lead.page.locator("main a[href*='print.pdf']").get_attribute("href") or ""
    )
    assert "Lena Moor" in PdfReader(BytesIO(printed.body())).pages[0].extract_text()
    office.sets_up_account(place.email(place.office))
    office.open("/office").sees("Letters to hand out", "Lena Moor").check()
    office.page.get_by_label("Choose Lena Moor").check()
    office.choose(outcome="handed_over").press("Note it").sees("Letter to Lena Moor: Handed over").check()
    office.go_to("Parents").sees("Lena Moor", place.parents[0].name).check()
    office.does_not_see("Joined", "said no")


def a_photo_shows_the_door(lead: Person, parent: Person) -> None:
    """Made small and looked at by the scanner first; then who has a place there knows the door."""
    picture = BytesIO()
    Image.new("RGB", (1600, 1200), (40, 60, 120)).save(picture, "JPEG")
    words = "A blue door, and a bench beside it."
    lead.follow("Photo of the room").check().attaches(picture.getvalue(), "door.jpg", "image/jpeg")
    lead.fill(words=words).press("Save", exact=True).sees("There is a problem", "tick this").check()
    lead.attaches(picture.getvalue(), "door.jpg", "image/jpeg").choose(nobody="y").press("Save", exact=True)
    lead.sees("We check the photo now")
    # Until the scanner has said that it is clean, the page says so.
    lead.waits_for_picture(words).check()
    parent.open("/my/group").follow("More, or say you can’t come").waits_for_picture(words).check()


def somebody_from_outside_comes(lead: Person, presenter: Person, parent: Person, place: Place) -> None:
    """Asked by email, answers by a link without an account; parents read of it once they have said yes."""
    lead.follow("Outside presenters").check().press("Book a presenter").check()
    page = lead.page
    page.select_option("[name=session]", index=0)
    lead.fill(name="Nour Haddad", organisation="Eastmere SENDIASS", email=place.email("Nour Haddad"))
    lead.fill(topic="Your rights at meetings", begins="6.30pm", ends="7pm", door=place.lead)
    lead.press("Book and ask them").sees("Nour Haddad", "Has not answered").check()
    parent.open("/my/group").does_not_see("Your rights at meetings")
    presenter.opens_link_from(place.email("Nour Haddad"), "/presenting/").check()
    presenter.does_not_see(place.parents[0].name).press("Yes, I will come").sees(
        "You said that you will come"
    ).check()
    page.reload()
    lead.sees("Comes")
    parent.open("/my/group").sees("Somebody from Eastmere SENDIASS", "Your rights at meetings").check()


def one_session_is_online(lead: Person, parent: Person, demo: Demo, email: str, number: int = 2) -> None:
    """For once. Everybody is told, and the link stays shut away until two hours before."""
    lead.page.get_by_text("Move, cancel or print a session").click()
    lead.follow(f"Meet elsewhere session {number}").check().choose(format="online").fill(
        reason="Floor is being mended"
    )
    lead.press("Save and tell everybody").sees("Saved.", "There is no link yet")
    lead.follow("Enter the link to join").check().fill(link="meet.example.org").press("Save", exact=True)
    lead.sees("There is a problem").fill(link=JOIN_LINK).press("Save", exact=True).sees("Saved.").check()
    demo.wait_for_message(email, "online")
    assert JOIN_LINK not in str(demo.messages(email)), "the link went out days before"
    parent.open("/my/group").sees("online").does_not_see(JOIN_LINK).check()
    parent.page.locator(".wb-session", has_text=f"Session {number}.").get_by_role("link").click()
    parent.sees("The link to join online will be here from").does_not_see(JOIN_LINK).check()
