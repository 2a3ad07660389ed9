"""Who may open the pages of `schools`. A school's colleagues see its set-up; only its lead changes it."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

_AUTHORITY = frozenset({Role.AUTHORITY_ADMIN})
_LEAD = frozenset({Role.SCHOOL_LEAD})
#: Who hears of an appointment, and may agree to it or stop it.
CONCERNED = frozenset({Role.SCHOOL_LEAD, Role.SCHOOL_DSL, Role.AUTHORITY_ADMIN, Role.NAMED_OFFICER})

ACCESS: dict[str, frozenset[Role | None]] = {
    # Who is to see more: everybody who may agree or stop it.
    "schools.appointments_page": CONCERNED,
    "schools.agree_to_appointment": CONCERNED,
    "schools.stop_appointment": CONCERNED,
    # The authority and its schools.
    "schools.pipeline": _AUTHORITY,
    "schools.search_register": _AUTHORITY,
    "schools.search_schools": _AUTHORITY,
    "schools.save_chosen": _AUTHORITY,
    "schools.save_list": _AUTHORITY,
    "schools.list_as_file": _AUTHORITY,
    "schools.message_usage": _AUTHORITY,
    "schools.usage_file": _AUTHORITY,
    "schools.add_prospect": _AUTHORITY,
    "schools.show": _AUTHORITY,
    "schools.invite_lead": _AUTHORITY,
    "schools.resend_school_invitation": _AUTHORITY,
    "schools.cancel_school_invitation": _AUTHORITY,
    "schools.remove_school_person": _AUTHORITY,
    "schools.reset_school_person": _AUTHORITY,
    "schools.invite_again": _AUTHORITY,
    "schools.send_brief": _AUTHORITY,
    "schools.activate": _AUTHORITY,
    "schools.pause": _AUTHORITY,
    "schools.resume": _AUTHORITY,
    "schools.leave": _AUTHORITY,
    "schools.bring_back": _AUTHORITY,
    "schools.remove_school": _AUTHORITY,
    "schools.accept_agreement": _AUTHORITY,
    "schools.follow_conversion": _AUTHORITY,
    "schools.return_agreement": _AUTHORITY,
    # The authority's own people and settings.
    "schools.authority_people": _AUTHORITY,
    "schools.search_members": _AUTHORITY,
    "schools.invite_member": _AUTHORITY,
    "schools.resend_member": _AUTHORITY,
    "schools.look_at_members": _AUTHORITY,
    "schools.send_to_members": _AUTHORITY,
    "schools.save_chosen_members": _AUTHORITY,
    "schools.save_members": _AUTHORITY,
    "schools.members_as_file": _AUTHORITY,
    "schools.cancel_member": _AUTHORITY,
    "schools.remove_member": _AUTHORITY,
    "schools.reset_member": _AUTHORITY,
    "schools.authority_settings": _AUTHORITY,
    "schools.change_settings": _AUTHORITY,
    "schools.support_lines": _AUTHORITY,
    "schools.add_usual_line": _AUTHORITY,
    "schools.remove_support_line": _AUTHORITY,
    "schools.add_term": _AUTHORITY,
    "schools.change_term": _AUTHORITY,
    "schools.remove_term": _AUTHORITY,
    "schools.close_all": _AUTHORITY,
    "schools.open_all": _AUTHORITY,
    # The school.
    "schools.tasks": SCHOOL_STAFF,
    "schools.staff": SCHOOL_STAFF,
    "schools.search_staff": SCHOOL_STAFF,
    "schools.brief": SCHOOL_STAFF,
    "schools.details": _LEAD,
    "schools.finish_brief": _LEAD,
    "schools.agreement": _LEAD,
    "schools.ask_for_papers": _LEAD,
    "schools.room_and_dates": _LEAD,
    "schools.add_closed_day": _LEAD,
    "schools.remove_closed_day": _LEAD,
    "schools.invite_staff": _LEAD,
    "schools.finish_staff": _LEAD,
    "schools.resend_staff": _LEAD,
    "schools.look_at_staff": _LEAD,
    "schools.send_to_staff": _LEAD,
    "schools.save_chosen_staff": _LEAD,
    "schools.save_staff": _LEAD,
    "schools.staff_as_file": _LEAD,
    "schools.cancel_staff": _LEAD,
    "schools.remove_staff": _LEAD,
    "schools.reset_staff": _LEAD,
}


#: Agreeing is no thing for whoever finds a screen open. Stopping never waits.
CONFIRM = frozenset(
    {
        "schools.agree_to_appointment",
        "schools.save_list",
        "schools.list_as_file",
        "schools.save_staff",
        "schools.staff_as_file",
        "schools.save_members",
        "schools.members_as_file",
    }
)


def may_change_set_up(role: Role) -> bool:
    """Whether this colleague may change the school's set-up and its people."""
    return role in _LEAD


def may_see_appointments(role: Role) -> bool:
    """Whether this colleague hears of appointments."""
    return role in CONCERNED
