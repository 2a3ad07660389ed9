"""Who may open the pages about parents: a school's staff theirs, a parent their own."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)
DSL = frozenset({Role.SCHOOL_DSL})
PARENT = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "recruitment.list_parents": STAFF,
    "recruitment.search_parents": STAFF,
    "recruitment.look_at_several": STAFF,
    "recruitment.invite_several": STAFF,
    "recruitment.save_chosen": STAFF,
    "recruitment.save_list": STAFF,
    "recruitment.list_as_file": STAFF,
    "recruitment.add_parent": STAFF,
    "recruitment.show_whom": STAFF,
    "recruitment.write_whom": STAFF,
    "recruitment.show_parent": STAFF,
    "recruitment.change_parent": STAFF,
    "recruitment.invite_parent": STAFF,
    "recruitment.settle_doubt": STAFF,
    "recruitment.make_letter": STAFF,
    "recruitment.part_household": STAFF,
    "recruitment.record_answer": STAFF,
    "recruitment.take_back": STAFF,
    "recruitment.take_back_no": STAFF,
    "recruitment.remove_parent": STAFF,
    "recruitment.come_back": PARENT,
    "recruitment.show_fresh_start": STAFF,
    "recruitment.agree_fresh_start": STAFF,
    "recruitment.silence_fresh_start": DSL,
    "recruitment.take_back_fresh_start": STAFF,
    "recruitment.look_into_fresh_start": STAFF,
    "recruitment.erase_before": PARENT,
    "recruitment.welcome": PARENT,
    "recruitment.office_finds_me": PARENT,
    "recruitment.tell_me_more": PARENT,
    "recruitment.say_no": PARENT,
    "recruitment.choose": PARENT,
    "recruitment.joined": PARENT,
    "recruitment.my_choices": PARENT,
    "recruitment.leave_group": PARENT,
    "recruitment.my_wishes": PARENT,
    "recruitment.note_wishes": STAFF,
}

#: The reason why nobody is told is for those who read concerns; a whole list leaves the service as a file.
CONFIRM = frozenset({"recruitment.silence_fresh_start", "recruitment.save_list", "recruitment.list_as_file"})
