"""A press that takes something away counts for what its page showed, or it is said here why it need not.

Every route that takes a press is in one of three places: its own code (or a form that compares what it showed), `GIVES`
or `WHY_NOT`. A new one is in none, and has to choose.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest

from app.shell.shared_form import SharedForm

#: Words in the code of a route, or of what it calls in its own module, by which a press is held to its page.
HELD = {"is_as_shown", "if_as_shown", "as_listed", "as_shown_to", "is_up_to_date", "seen", "expected"}

#: Adds, sends, searches, signs in or asks: nothing that somebody else gave is gone afterwards.
GIVES = frozenset({
    "accounts.answer_letter", "letters.look_at", "letters.note_given",
    "office.note_call", "office.note_letters", "office.search_parents",
    "accounts.accept_elsewhere", "accounts.add_own_passkey", "accounts.add_passkey",
    "accounts.add_passkey_options", "accounts.add_to_my_account", "accounts.change_role",
    "accounts.confirm", "accounts.confirm_by_passkey", "accounts.confirm_by_pin",
    "accounts.confirm_by_recovery_code", "accounts.confirm_by_words", "accounts.confirm_elsewhere",
    "accounts.confirm_my_mobile", "accounts.confirm_passkey_options", "accounts.confirm_way_in",
    "accounts.connect_elsewhere", "accounts.enter_code", "accounts.enter_pin",
    "accounts.enter_recovery_code", "accounts.forgotten_password", "accounts.invitation",
    "accounts.link", "accounts.link_sent", "accounts.lost", "accounts.lost_sent", "accounts.move_way_in",
    "accounts.my_mobile", "accounts.new_link", "accounts.passkey_options", "accounts.passkey_sign_in",
    "accounts.send_confirm_code", "accounts.set_up_app", "accounts.sign_in", "accounts.sign_in_first",
    "accounts.start_elsewhere", "cohorts.assign_facilitator", "cohorts.form_cohort",
    "cohorts.make_contact_sheet", "cohorts.make_plan", "cohorts.make_register", "cohorts.offer_places",
    "cohorts.save_chosen", "cohorts.search_groups", "cohorts.tell_parent", "contact_log.note_with_parent",
    "contact_log.note_with_school", "facilitators.add_professional",
    "facilitators.add_reference", "facilitators.add_training", "facilitators.ask_reference",
    "facilitators.save_chosen", "facilitators.search_facilitators", "office.save_chosen", "recruitment.save_chosen",
    "schools.look_at_members", "schools.look_at_staff", "schools.save_chosen", "schools.save_chosen_members",
    "schools.save_chosen_staff",
    "group_messages.led", "group_messages.of_school", "announcements.of_council",
    "presenters.book", "presenters.book_led",
    "messages.look_at_several", "messages.reply_done", "messages.search_messages",
    "merging.search", "messages.search_replies", "messages.send_again", "outcomes.build", "parent_import.read_again",
    "parent_import.send",
    "recruitment.come_back", "recruitment.look_at_several", "recruitment.make_letter", "recruitment.search_parents",
    "recruitment.show_fresh_start", "recruitment.tell_me_more", "safeguarding.officer_search",
    "safeguarding.raise_concern", "safeguarding.search_concerns", "schools.add_closed_day",
    "safeguarding.mark_read", "safeguarding.officer_mark_read", "safeguarding.officer_record_action",
    "safeguarding.officer_take_over", "safeguarding.record_action", "schools.invite_lead",
    "schools.add_prospect", "schools.add_usual_line", "schools.agreement",
    "schools.ask_for_papers", "schools.close_all", "schools.finish_brief", "schools.finish_staff",
    "schools.invite_member", "schools.invite_staff", "schools.resend_member",
    "schools.resend_school_invitation", "schools.resend_staff", "schools.search_members",
    "schools.search_schools", "schools.search_staff", "schools.support_lines",
})  # fmt: skip

#: Takes something away, and needs no mark.
WHY_NOT = {
    "recruitment.write_whom": "refused where a colleague wrote another version since: `whom.write` asks, with it held",
    "messages.adapt": "refused where a colleague wrote another version since: `adapting.adapt` asks, with them held",
    "messages.ours_again": "the same",
    "messages.notify_key": "refused where a colleague entered or took out a key since: `own_key._end` asks, held",
    "messages.take_back_key": "the same",
    "messages.make_callback_token": "the same, in `own_key.make_token`",
    "office.take_back": "their own note of today; the database keeps it once anybody acted on it",
    "accounts.change_password": "their own password is asked for",
    "accounts.choose_pin": "their own; what is typed takes the place of what nobody reads",
    "accounts.disconnect_elsewhere": "by the id of a row that never changes",
    "accounts.drop_kept": "words that this very browser holds",
    "accounts.end_session": "by the id of a row that never changes",
    "accounts.new_password": "by a link that opens once",
    "accounts.new_recovery_codes": "their own password is asked for, and the new ones are shown at once",
    "accounts.new_words": "their own, and the new ones are shown at once",
    "accounts.not_me": "by a link, which is what ends",
    "accounts.recovery_codes": "says only that they are kept",
    "accounts.remove_passkey": "by the id of a row that never changes",
    "accounts.sign_out": "themselves, here",
    "accounts.stop_fresh_start": "by a link to this very fresh start",
    "cohorts.delete_group": "refused once anybody was in it, or led it",
    "cohorts.move_session": "compares the days that its page showed (`_shown`), and asks again",
    "cohorts.not_told": "asks once more; who was told again is asked once more too many",
    "facilitators.remove_training": "by the id of a row that never changes",
    "measures.question": "their own answer, which the page shows",
    "meetings.choose_topics_for": "its form compares what it showed (`topics_form`)",
    "meetings.close_session": "what goes out waits for an hour, and until then it can be opened again",
    "meetings.from_the_room": "each mark carries the one that the phone showed (`Marked`)",
    "meetings.look_back": "their own ticks, which the page shows",
    "meetings.take_register": "compares each mark with the one that its page showed (`Marked`)",
    "meetings.vote": "their own choice, which the page shows",
    "messages.notify_delivery": "by a machine, with a token; the first end counts, and a worker takes it in",
    "messages.notify_text": "by a machine, with a token; twice is once",
    "messages.stop": "by a link that names the address that it went to",
    "messages.stop_at_once": "by a link that names the address that it went to",
    "outcomes.publish": "compares the hash of the figures that its page showed",
    "outcomes.withdraw": "a release is published once, and withdrawn once",
    "group_messages.stop": "by the id of a row whose words never change, until it goes",
    "group_messages.stop_led": "by the id of a row whose words never change, until it goes",
    "signing_up.pass_on": "adds one; the same words twice are one",
    "signing_up.make_link": "adds one; a second for the same team is refused",
    "signing_up.stop_link": "by the id of a link, whose words never change",
    "signing_up.take_back_new_school": "their own, which waits or does not; refused once staff took them in",
    "signing_up.hello": "adds one; the same words twice are one",
    "signing_up.open_page": "adds days to the same page, whatever it showed",
    "signing_up.set_aside": "refused once a colleague took them into the list; what they wrote never changes",
    "meetings.my_first_visit": "their own choice, which the page shows",
    "meetings.choose_missed": "decided once; a second press finds it so",
    "one_to_one.mine": "adds one; a second to the same person is refused",
    "one_to_one.take_back": "their own, by the id of a row that is over only once",
    "themes.led": "adds one; a second of the same words is refused",
    "themes.rate": "their own choice, which the page shows",
    "themes.reply": "given once; a second one is refused, with what was typed",
    "themes.voice": "their own choice, which the page shows",
    "cohorts.take_photo_away": "by the id of a photo, which is put up only once",
    "recruitment.erase_before": "what was before is sealed, and does not change",
    "recruitment.remove_parent": "refused once they were asked, or anything hangs on them",
    "recruitment.say_no": "the table of stages has no such step for who has joined",
    "schools.agree_to_appointment": "an appointment never changes, and is agreed to once",
    "schools.open_all": "by the id of a row that never changes",
    "schools.remove_closed_day": "by the id of a row that never changes",
    "schools.remove_member": "a role that is given again is another row",
    "schools.remove_school_person": "a role that is given again is another row",
    "schools.remove_staff": "a role that is given again is another row",
    "schools.remove_school": "refused once anything hangs on it",
    "schools.stop_appointment": "an appointment never changes, and is stopped once",
}


@pytest.fixture
def presses(shared_app):
    """Endpoint -> function, of every route that takes a press."""
    return {
        rule.endpoint: inspect.unwrap(shared_app.view_functions[rule.endpoint])
        for rule in shared_app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }


def test_every_press_is_held_to_its_page_or_says_why_not(presses):
    held = {endpoint for endpoint, view in presses.items() if is_held(view)}
    undecided = sorted(set(presses) - held - GIVES - set(WHY_NOT))
    assert undecided == [], "declare `as_shown` (app/shell/as_shown.py), or say here why not"


def test_no_reason_outlives_its_route(presses):
    held = {endpoint for endpoint, view in presses.items() if is_held(view)}
    assert sorted((GIVES | set(WHY_NOT)) - set(presses)) == []
    assert sorted((GIVES | set(WHY_NOT)) & held) == [], "it is held to its page: the reason may go"
    assert sorted(GIVES & set(WHY_NOT)) == []


def is_held(view) -> bool:
    """Whether this route, or what it calls in its own module, compares what its page showed."""
    module = inspect.getmodule(view)
    assert module
    functions, todo, seen = _functions(module), [view.__name__], set()
    while todo:
        name = todo.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        names = functions[name]
        if names & HELD or any(_compares(module, one) for one in names):
            return True
        todo += names
    return False


@cache
def _functions(module: ModuleType) -> dict[str, frozenset[str]]:
    """Function of the module -> every name in it."""
    tree = ast.parse(inspect.getsource(module))
    return {node.name: frozenset(_names(node)) for node in tree.body if isinstance(node, ast.FunctionDef)}


def _names(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
        elif isinstance(inner, ast.keyword) and inner.arg:
            yield inner.arg


def _compares(module: ModuleType, name: str) -> bool:
    found = getattr(module, name, None)
    return isinstance(found, type) and issubclass(found, SharedForm)
