"""Who may open the pages about groups: a school's staff, those who lead, those who are in one."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)
LEADERS = frozenset({Role.FACILITATOR})
PARENTS = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "cohorts.list_cohorts": STAFF,
    "cohorts.search_groups": STAFF,
    "cohorts.form_cohort": STAFF,
    "cohorts.show": STAFF,
    "cohorts.change_cohort": STAFF,
    "cohorts.offer_places": STAFF,
    "cohorts.remove_parent": STAFF,
    "cohorts.tell_parent": STAFF,
    "cohorts.not_told": STAFF,
    "cohorts.make_plan": STAFF,
    "cohorts.assign_facilitator": STAFF,
    "cohorts.unassign_facilitator": STAFF,
    "cohorts.start": STAFF,
    "cohorts.close": STAFF,
    "cohorts.leaving": STAFF,
    "cohorts.end_early": STAFF,
    "cohorts.delete_group": STAFF,
    "cohorts.move_session": STAFF,
    "cohorts.cancel_session": STAFF,
    "cohorts.print_register": STAFF,
    "cohorts.print_contact_sheet": STAFF,
    "cohorts.make_register": STAFF,
    "cohorts.make_contact_sheet": STAFF,
    "cohorts.led_cohort": LEADERS,
    "cohorts.tonight": LEADERS,
    "cohorts.take_register": LEADERS,
    "cohorts.write_notes": LEADERS,
    "cohorts.close_session": LEADERS,
    "cohorts.reopen_session": LEADERS,
    "cohorts.choose_topics_for": LEADERS,
    "cohorts.room_contacts": LEADERS,
    "cohorts.room_register": LEADERS,
    "cohorts.my_group": PARENTS,
    "cohorts.my_session": PARENTS,
    "cohorts.my_calendar": PARENTS,
    "cohorts.cannot_come": PARENTS,
    "cohorts.can_come": PARENTS,
    "cohorts.vote": PARENTS,
    "cohorts.my_notes": PARENTS,
}

#: Lists of people that leave the service.
CONFIRM = frozenset(
    {
        "cohorts.print_register",
        "cohorts.print_contact_sheet",
        "cohorts.make_register",
        "cohorts.make_contact_sheet",
        "cohorts.room_contacts",
        "cohorts.room_register",
    }
)
