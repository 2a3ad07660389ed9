"""Who may open the pages of meetings: those who lead a group, and those who are in one."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, SCHOOL_STAFF, Role

LEADERS = frozenset({Role.FACILITATOR})
PARENTS = frozenset({Role.PARENT})
WITH_DATES = LEADERS | PARENTS | frozenset(SCHOOL_STAFF) | {Role.AUTHORITY_ADMIN}

ACCESS: dict[str, frozenset[Role | None]] = {
    "meetings.led_cohort": LEADERS,
    "meetings.tonight": LEADERS,
    "meetings.set_join_link": LEADERS,
    "meetings.take_register": LEADERS,
    "meetings.room": LEADERS,
    "meetings.room_now": LEADERS,
    "meetings.from_the_room": LEADERS,
    "meetings.look_back": LEADERS,
    "meetings.first_visits_led": LEADERS,
    "meetings.welcome_them": LEADERS,
    "meetings.note_first_call": LEADERS,
    "meetings.list_missed": LEADERS,
    "meetings.choose_missed": LEADERS,
    "meetings.welcome_of_school": frozenset(SCHOOL_STAFF),
    "meetings.my_first_visit": PARENTS,
    "meetings.how_held": frozenset(SCHOOL_STAFF),
    # Of nobody and of no session: a phone fetches both before there is no signal.
    "meetings.room_shell": EVERYBODY,
    "meetings.room_worker": EVERYBODY,
    "meetings.write_notes": LEADERS,
    "meetings.close_session": LEADERS,
    "meetings.reopen_session": LEADERS,
    "meetings.choose_topics_for": LEADERS,
    "meetings.contacts": LEADERS,
    "meetings.print_register": LEADERS,
    "meetings.my_group": PARENTS,
    "meetings.my_session": PARENTS,
    "meetings.my_calendar": PARENTS,
    "meetings.cannot_come": PARENTS,
    "meetings.can_come": PARENTS,
    "meetings.vote": PARENTS,
    "meetings.my_notes": PARENTS,
    "meetings.dates_link": WITH_DATES,
    "meetings.make_dates_link": WITH_DATES,
    "meetings.stop_dates_link": WITH_DATES,
    # The address proves whose dates it opens; a calendar cannot sign in.
    "meetings.read_feed": EVERYBODY,
}

#: Lists of people that leave the service, and an address that goes on opening dates.
CONFIRM = frozenset(
    {
        "meetings.make_dates_link",
        "meetings.contacts",
        "meetings.print_register",
    }
)
