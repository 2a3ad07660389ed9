"""Who may open the pages about leading: a school's staff theirs, a parent and a facilitator their own."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)
PARENT: frozenset[Role | None] = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "facilitators.list_facilitators": STAFF,
    "facilitators.search_facilitators": STAFF,
    "facilitators.save_chosen": STAFF,
    "facilitators.save_list": STAFF,
    "facilitators.list_as_file": STAFF,
    "facilitators.add_professional": STAFF,
    "facilitators.show": STAFF,
    "facilitators.move": STAFF,
    "facilitators.let_in": STAFF,
    "facilitators.settle_doubt": STAFF,
    "facilitators.use_referees": STAFF,
    "facilitators.add_reference": STAFF,
    "facilitators.ask_reference": STAFF,
    "facilitators.note_reference": STAFF,
    "facilitators.check": STAFF,
    "facilitators.see_certificate": STAFF,
    "facilitators.add_training": STAFF,
    "facilitators.remove_training": STAFF,
    "facilitators.apply": PARENT,
    "facilitators.check_answers": PARENT,
    "facilitators.discard_draft": PARENT,
    "facilitators.my_application": PARENT,
    "facilitators.withdraw": PARENT,
    "facilitators.my_record": frozenset({Role.FACILITATOR}),
}

#: A list of people that leaves the service.
CONFIRM = frozenset({"facilitators.save_list", "facilitators.list_as_file"})
