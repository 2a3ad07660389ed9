"""Who may open the pages about groups: a school's staff, a parent those of their own place; a council its month."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)
COUNCIL = frozenset({Role.AUTHORITY_ADMIN})
PARENT = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "cohorts.list_cohorts": STAFF,
    "cohorts.search_groups": STAFF,
    "cohorts.save_chosen": STAFF,
    "cohorts.save_list": STAFF,
    "cohorts.list_as_file": STAFF,
    "cohorts.school_month": STAFF,
    "cohorts.council_month": COUNCIL,
    "cohorts.form_cohort": STAFF,
    "cohorts.choose_day": STAFF,
    "cohorts.show": STAFF,
    "cohorts.change_cohort": STAFF,
    "cohorts.place_session": STAFF,
    "cohorts.set_join_link": STAFF,
    "cohorts.room_photo": STAFF,
    "cohorts.take_photo_away": STAFF,
    "cohorts.offer_places": STAFF,
    "cohorts.note_offer": STAFF,
    "cohorts.my_offer": PARENT,
    "cohorts.take_offer": PARENT,
    "cohorts.decline_offer": PARENT,
    "cohorts.give_back": PARENT,
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
}

#: Lists of people that leave the service.
CONFIRM = frozenset(
    {
        "cohorts.print_register",
        "cohorts.print_contact_sheet",
        "cohorts.make_register",
        "cohorts.make_contact_sheet",
        "cohorts.save_list",
        "cohorts.list_as_file",
    }
)
