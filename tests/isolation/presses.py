"""What each role may press about somebody's contact, stage, membership or invitation; and what is not tried, and why.

`DECLARED` names every page that the code shows to write such a thing (`touches.py`): with the presses that try it, or
with the reason why nothing of another's can come of it. A page that is not here fails the build.
"""

from __future__ import annotations

from datetime import timedelta

from infra.clock import today
from tests.isolation.intruder import EMAIL, PHONE, Intruder, Press

NAME = {
    "first_name": "Graduate",
    "last_name": "Somebody",
    "language": "en",
    "attendance_band": "",
    "year_group": "",
}
ADDRESS = {"email": EMAIL, "phone": PHONE, "is_shared": "y"}
#: The same invitation goes out once a minute.
MINUTES = timedelta(minutes=2)
REASON = {"reason": "They told us so on the telephone."}


def _met(_intruder: Intruder) -> dict[str, object]:
    day = today()
    return {"address": EMAIL, "met": "y", "met_on": [str(day.day), str(day.month), str(day.year)]}


def _answer(stage: str) -> Press:
    return Press(f"note {stage}", "recruitment.record_answer", {"to_stage": stage, "how": "telephone"})


def _place(intruder: Intruder) -> dict[str, object]:
    return {"parents": [str(intruder.ids["parent_id"])], "how": "give"}


def _leader(intruder: Intruder) -> dict[str, object]:
    return {"facilitator": str(intruder.ids["facilitator_id"])}


#: Where messages go, a stage and an invitation; what the attack of the first release was made of.
ABOUT_A_PARENT = (
    Press("change contact", "recruitment.change_parent", NAME | ADDRESS),
    Press("invite", "recruitment.invite_parent"),
    _answer("interested"),
    _answer("left"),
    Press("add beside", "recruitment.add_parent", NAME | ADDRESS),
)
TAKEN_BACK = (_answer("said_no"), Press("take back", "recruitment.take_back", REASON))
NO_TAKEN_BACK = (
    Press(
        "note a no to emails",
        "recruitment.record_answer",
        {"to_stage": "no_to", "no_to": ["email"], "how": "telephone"},
    ),
    Press("take the no back", "recruitment.take_back_no", REASON | {"no_to": ["email"]}),
)
#: A new way in for somebody who was met. It does not look at a stage.
FRESH_START = (
    Press("ask for a fresh start", "recruitment.show_fresh_start", _met),
    Press("agree to it oneself", "recruitment.agree_fresh_start"),
    Press("a colleague agrees", "recruitment.agree_fresh_start", by="senco"),
    Press("take the fresh start back", "recruitment.take_back_fresh_start"),
)
SILENCE = (Press("silence the fresh start", "recruitment.silence_fresh_start", REASON),)
#: About somebody who was found, and has not come in.
ABOUT_SOMEBODY_NEW = (
    *ABOUT_A_PARENT[:3],
    _answer("joined"),
    Press("letter", "recruitment.make_letter"),
    Press("remove from list", "recruitment.remove_parent"),
)
END_EARLY = Press("end the group", "cohorts.end_early", REASON | {"what": "back"})
ABOUT_A_PLACE = (
    *ABOUT_A_PARENT[:2],
    Press("take out of the group", "cohorts.remove_parent", {"to_stage": "waiting"}),
    Press("offer a place", "cohorts.offer_places", _place, {"cohort_id": "forming_cohort_id"}),
    END_EARLY,
    Press("close the group", "cohorts.close"),
)


#: By whom a place is kept for.
OF_AN_OFFER = (
    Press("take the place", "cohorts.take_offer"),
    Press("give it back", "cohorts.give_back"),
    Press("ask to move my way in", "accounts.move_way_in", {"address": EMAIL}),
)


def _to(stage: str) -> Press:
    return Press(f"to {stage}", "facilitators.move", REASON, {"to_stage": stage})


ABOUT_A_FACILITATOR = (
    Press("change contact", "recruitment.change_parent", NAME | ADDRESS),
    Press(
        "add a professional",
        "facilitators.add_professional",
        {"name": "Sam Somebody", "email": EMAIL} | REASON,
    ),
    *(_to(stage) for stage in ("resting", "ready", "withdrawn")),
    Press("let in", "facilitators.let_in"),
    Press("assign", "cohorts.assign_facilitator", _leader, {"cohort_id": "forming_cohort_id"}),
    Press("unassign", "cohorts.unassign_facilitator", {}, {"cohort_id": "forming_cohort_id"}),
)
_NEW = {
    "staff_id": "select id from staff_member where email = :email and ended_at is null order by id desc limit 1"
}
_NEW_ONE = {
    "member_id": "select id from authority_member where email = :email and ended_at is null order by id desc limit 1"
}
_WAITS = {
    "appointment_id": "select id from appointment where email = :email union all select id from authority_appointment"
    " where email = :email limit 1"
}


def _colleague(role: str) -> Press:
    return Press(
        f"invite {role}", "schools.invite_staff", {"name": "Sam Somebody", "email": EMAIL, "role": role}
    )


def _member(role: str) -> Press:
    return Press(
        f"invite {role}", "schools.invite_member", {"name": "Sam Somebody", "email": EMAIL, "role": role}
    )


APPOINTMENTS = (
    Press("agree", "schools.agree_to_appointment", {}, _WAITS),
    Press("stop", "schools.stop_appointment", {}, _WAITS),
)
ABOUT_A_NEW_COLLEAGUE = (
    *(_colleague(role) for role in ("school_dsl", "senco", "school_lead")),
    Press("send again", "schools.resend_staff", {}, _NEW, after=MINUTES),
    Press("cancel", "schools.cancel_staff", {}, _NEW),
    Press("remove the new one", "schools.remove_staff", {}, _NEW),
    *APPOINTMENTS,
)
IN_THE_PLACE_OF_A_COLLEAGUE = (
    Press("remove", "schools.remove_staff"),
    Press("reset", "schools.reset_staff"),
    _colleague("school_dsl"),
)
OF_ITS_SCHOOLS = (
    Press("invite lead", "schools.invite_lead", {"name": "Sam Somebody", "email": EMAIL}),
    Press("send again", "schools.resend_school_invitation", {}, _NEW, after=MINUTES),
    Press("cancel", "schools.cancel_school_invitation", {}, _NEW),
    Press("remove", "schools.remove_school_person"),
    Press("reset", "schools.reset_school_person"),
    Press("the school leaves", "schools.leave", REASON),
    *APPOINTMENTS,
)
OF_THE_AUTHORITY = (
    *(_member(role) for role in ("named_officer", "commissioner", "authority_admin")),
    Press("send the member's again", "schools.resend_member", {}, _NEW_ONE, after=MINUTES),
    Press("cancel the member", "schools.cancel_member", {}, _NEW_ONE),
    Press("remove the officer", "schools.remove_member"),
    Press("reset the officer", "schools.reset_member"),
    *APPOINTMENTS,
)
CHOICES = dict.fromkeys(("join", "email", "text", "pooled_answers", "share_attendance", "ask_to_lead"), "yes")
OF_A_PARENT = (
    Press("tell me more", "recruitment.tell_me_more"),
    Press("say no", "recruitment.say_no"),
    Press("first choices", "recruitment.choose", CHOICES),
    Press("choices", "recruitment.my_choices", CHOICES),
    Press("leave", "recruitment.leave_group"),
    Press("come back", "recruitment.come_back"),
    Press("send the application", "facilitators.check_answers"),
    Press("withdraw the application", "facilitators.withdraw", REASON),
    Press("ask to move my way in", "accounts.move_way_in", {"address": EMAIL}),
    Press("type its digits", "accounts.confirm_way_in", lambda of: {"code": of.digits()}),
    Press("take away an address", "accounts.drop_address", {"channel": "email"}),
)
#: Theirs here have one address each, which stays whatever is pressed.
OF_A_FACILITATOR = OF_A_PARENT[-3:]
#: What a page does to whoever presses it, or for whoever holds a secret that only they were sent: nobody presses it
#: about somebody else. Tried in tests/integration/accounts.
_OWN = "about whoever presses it, with what they alone know or were sent"
#: Opened in every search, with whatever arrived: they are the other end of it.
_OPENS = "the other end: opened with whatever arrives"
NOT_PRESSED = {
    **dict.fromkeys(
        (
            "facilitators.check",
            "facilitators.note_reference",
            "facilitators.remove_training",
            "facilitators.see_certificate",
        ),
        "takes a group and the pages away from somebody who may lead, as the steps and “unassign” do that are pressed",
    ),
    **dict.fromkeys(
        (
            "accounts.add_own_passkey",
            "accounts.add_passkey",
            "accounts.change_password",
            "accounts.choose_pin",
            "accounts.confirm_by_recovery_code",
            "accounts.disconnect_elsewhere",
            "accounts.enter_code",
            "accounts.new_recovery_codes",
            "accounts.new_words",
            "accounts.remove_passkey",
            "accounts.set_up_app",
            "accounts.sign_in",
        ),
        _OWN,
    ),
    "signing_up.look_at": "adds somebody who is new, as “add beside” does, or changes one as “change details” does; who"
    " asked from their account gets the page of whom it added: tests/integration/signing_up/moving/test_law.py",
    "signing_up.ask_new_school": "leaves, as “leave” does, and writes a row of another school, which no press of theirs"
    " there turns into somebody's page but “look_at”: tests/integration/signing_up/moving/test_law.py",
    **dict.fromkeys(
        ("merging.look_at", "merging.undo"),
        "takes a record without an account out of the lists, and back; of the other it writes what “change contact” and"
        " “note” do, which are pressed: tests/integration/merging",
    ),
    "parent_import.add_all": "adds people who are new, as “add beside” does, and touches nobody who is there",
    "parent_import.undo": "takes out whom it added and nobody has asked, as “remove from list” does",
    **dict.fromkeys(
        ("contact_log.take_back_with_parent", "contact_log.take_back_with_school"),
        "takes a row of the contact log out again, which whoever presses it wrote today",
    ),
    "recruitment.invite_several": "by the service of “invite”, which is pressed, for one after the other",
    "recruitment.look_at_several": "tries the same, and undoes it",
    **dict.fromkeys(
        ("schools.look_at_staff", "schools.look_at_members"),
        "tries what “send again” does, which is pressed, and undoes it",
    ),
    **dict.fromkeys(
        ("schools.send_to_staff", "schools.send_to_members"),
        "by the service of “send again”, which is pressed, for one after the other",
    ),
    "letters.make": "by the service of “letter”, which is pressed, for one after the other",
    "letters.look_at": "tries the same, and undoes it",
    "accounts.answer_letter": _OPENS,
    "cohorts.note_offer": "gives a place to whom one was offered, as “offer a place” does, or ends the offer",
    **dict.fromkeys(
        ("recruitment.my_wishes", "recruitment.note_wishes"),
        "says what suits somebody, and that they would like an interpreter; where messages go stays as it is",
    ),
    "recruitment.office_finds_me": "says whether the school office finds them; where messages go stays as it is",
    "cohorts.not_told": "takes a note back, and changes no place",
    "cohorts.tell_parent": "notes that somebody was told, and changes no place",
    "accounts.add_to_my_account": _OPENS,
    "accounts.back_from_elsewhere": _OWN,
    "accounts.change_role": _OWN,
    "accounts.confirm": _OPENS,
    "accounts.confirm_my_mobile": _OWN,
    "accounts.forgotten_password": "a letter to the address of the account, never to another",
    "accounts.invitation": _OPENS,
    "accounts.link": _OPENS,
    "accounts.link_sent": _OWN,
    "accounts.lost": _OWN,
    "accounts.lost_sent": _OWN,
    "accounts.my_mobile": "six digits for somebody at work, that open nothing but the mobile's own page",
    "accounts.new_link": _OPENS,
    "accounts.new_password": _OWN,
    "accounts.not_me": "ends a link, for whoever holds it",
    "accounts.send_confirm_code": _OPENS,
    "accounts.short_link": _OPENS,
    "accounts.stop_fresh_start": "ends a fresh start, for whoever holds the link",
    "recruitment.look_into_fresh_start": "puts a task aside, and changes no way in",
    "messages.stop": "stops messages, for whoever holds the link",
    "messages.stop_at_once": "stops messages, for whoever holds the link",
}
#: Page -> what it may change of somebody: c(ontact), i(nvitation), m(embership), s(tage), as the code shows it. A page
#: that is not here, or that changes one thing more, fails the build: say it here, and press it above.
DECLARED = {
    "accounts.answer_letter": "i",
    "accounts.add_own_passkey": "i",
    "accounts.add_passkey": "i",
    "accounts.add_to_my_account": "cim",
    "accounts.back_from_elsewhere": "cim",
    "accounts.change_password": "i",
    "accounts.change_role": "im",
    "accounts.choose_pin": "i",
    "accounts.confirm": "i",
    "accounts.confirm_by_recovery_code": "i",
    "accounts.confirm_my_mobile": "i",
    "accounts.confirm_way_in": "ci",
    "accounts.disconnect_elsewhere": "i",
    "accounts.drop_address": "ci",
    "accounts.enter_code": "i",
    "accounts.forgotten_password": "i",
    "accounts.invitation": "cim",
    "accounts.link": "cims",
    "accounts.link_sent": "cim",
    "accounts.lost": "i",
    "accounts.lost_sent": "ci",
    "accounts.move_way_in": "i",
    "accounts.my_mobile": "i",
    "accounts.new_link": "i",
    "accounts.new_password": "i",
    "accounts.new_recovery_codes": "i",
    "accounts.new_words": "i",
    "accounts.not_me": "i",
    "accounts.remove_passkey": "i",
    "accounts.send_confirm_code": "i",
    "accounts.set_up_app": "i",
    "accounts.short_link": "cims",
    "accounts.sign_in": "i",
    "accounts.stop_fresh_start": "i",
    "cohorts.assign_facilitator": "ims",
    "cohorts.close": "ims",
    "cohorts.end_early": "ims",
    "cohorts.not_told": "m",
    "cohorts.give_back": "ms",
    "cohorts.note_offer": "ms",
    "cohorts.offer_places": "ms",
    "cohorts.take_offer": "ms",
    "cohorts.remove_parent": "ims",
    "cohorts.tell_parent": "m",
    "cohorts.unassign_facilitator": "ims",
    "contact_log.take_back_with_parent": "cims",
    "contact_log.take_back_with_school": "cims",
    "facilitators.add_professional": "cims",
    "facilitators.check": "ims",
    "facilitators.check_answers": "cims",
    "facilitators.let_in": "i",
    "facilitators.move": "cims",
    "facilitators.note_reference": "ims",
    "facilitators.remove_training": "ims",
    "facilitators.see_certificate": "ims",
    "facilitators.withdraw": "is",
    "messages.stop": "ci",
    "messages.stop_at_once": "ci",
    "merging.look_at": "cims",
    "merging.undo": "cims",
    "parent_import.add_all": "cis",
    "parent_import.undo": "cis",
    "signing_up.ask_new_school": "cims",
    "signing_up.look_at": "cims",
    "recruitment.add_parent": "cis",
    "recruitment.agree_fresh_start": "i",
    "recruitment.change_parent": "ci",
    "recruitment.choose": "cis",
    "recruitment.come_back": "s",
    "recruitment.invite_parent": "is",
    "recruitment.invite_several": "is",
    "letters.make": "is",
    "letters.look_at": "is",
    "recruitment.leave_group": "cims",
    "recruitment.look_at_several": "is",
    "recruitment.look_into_fresh_start": "i",
    "recruitment.make_letter": "is",
    "recruitment.my_choices": "cis",
    "recruitment.my_wishes": "ci",
    "recruitment.note_wishes": "ci",
    "recruitment.office_finds_me": "ci",
    "recruitment.record_answer": "cims",
    "recruitment.remove_parent": "cis",
    "recruitment.say_no": "s",
    "recruitment.show_fresh_start": "i",
    "recruitment.silence_fresh_start": "i",
    "recruitment.take_back": "s",
    "recruitment.take_back_fresh_start": "i",
    "recruitment.take_back_no": "ci",
    "recruitment.tell_me_more": "s",
    "schools.agree_to_appointment": "im",
    "schools.cancel_member": "im",
    "schools.cancel_school_invitation": "im",
    "schools.cancel_staff": "im",
    "schools.invite_lead": "cim",
    "schools.invite_member": "cim",
    "schools.invite_staff": "cim",
    "schools.leave": "im",
    "schools.remove_member": "im",
    "schools.remove_school_person": "im",
    "schools.remove_staff": "im",
    "schools.resend_member": "im",
    "schools.look_at_members": "im",
    "schools.look_at_staff": "im",
    "schools.send_to_members": "im",
    "schools.send_to_staff": "im",
    "schools.resend_school_invitation": "im",
    "schools.resend_staff": "im",
    "schools.reset_member": "im",
    "schools.reset_school_person": "im",
    "schools.reset_staff": "im",
    "schools.stop_appointment": "im",
}
