"""What code calls a state is what the database takes for one."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import pytest
from jinja2 import nodes
from sqlalchemy import create_engine, text

from app.facilitators.check_level import Level
from app.facilitators.stages import STAGES as FACILITATOR_WORDS
from app.identity.roles import PASSWORD_ROLES, SCHOOL_PEOPLE, SCHOOL_STAFF, Role
from app.recruitment.stages import STAGES as PARENT_WORDS
from app.schools.stages import STAGES as SCHOOL_WORDS
from app.schools.stages import TASKS
from app.states.appointments import AppointmentKind, Basis, Decision
from app.states.calls import CALL_STEPS, CallOutcome, CallState, Need
from app.states.contacts import ActionState, How, Outcome
from app.states.documents import TAKEN as DOCUMENTS_TAKEN
from app.states.documents import DocumentState
from app.states.facilitators import FacilitatorKind, FacilitatorStage
from app.states.groups import (
    GROUP_STEPS,
    FirstCall,
    GroupFormat,
    GroupState,
    Mark,
    NotesState,
    OfferState,
    PlaceState,
    ReasonFor,
    SessionState,
)
from app.states.imports import Choice, ImportState, Verdict
from app.states.messages import TAKEN as MESSAGES_TAKEN
from app.states.messages import AnswerState, Channel, Heard, InvitedBy, RecipientKind, State
from app.states.parents import DO_NOT_WRITE, BySide, ParentStage, StartEnd
from app.states.presenters import PRESENTER_STEPS, PresenterState
from app.states.releases import ReleaseState
from app.states.schools import SchoolStage, Side, Task
from app.states.signing_up import LinkKind
from app.states.themes import THEME_STEPS, ThemeState
from app.states.wishes import Format
from infra.database import sqlalchemy_url
from infra.notify import Delivery
from tests.architecture.lints import name_of

ROOT = Path(__file__).resolve().parents[2]

#: Each column whose CHECK lists words -> the words of the code.
STATES: dict[str, type[StrEnum] | frozenset[StrEnum]] = {
    "agreement_review.decision": Decision,
    "appointment.basis": Basis,
    "appointment.kind": AppointmentKind,
    "attendance.mark": Mark,
    "authority_appointment.basis": Basis,
    "authority_appointment.kind": AppointmentKind,
    "authority_document.state": DocumentState,
    "authority_outbox.channel": Channel,
    "authority_outbox.recipient_kind": RecipientKind,
    "authority_outbox.state": State,
    "cohort.state": GroupState,
    "cohort.format": GroupFormat,
    "cohort_session.format": GroupFormat,
    "cohort_session.state": SessionState,
    "contact_doubt.channel": InvitedBy,
    "contact_with_parent.closed_because": DO_NOT_WRITE,
    "contact_with_parent.how": How,
    "contact_with_parent.outcome": Outcome,
    "contact_with_parent.state": ActionState,
    "contact_with_school.how": frozenset(How) - {How.GATE},
    "contact_with_school.outcome": Outcome,
    "contact_with_school.state": frozenset({ActionState.OPEN, ActionState.DONE}),
    "channel_hold.channel": Channel,
    "delivery_said.said": frozenset(Delivery) - {Delivery.UNDER_WAY},
    "document.state": DocumentState,
    "enrolment.status": PlaceState,
    "facilitator.kind": FacilitatorKind,
    "group_reason.what": ReasonFor,
    "group_wish.format": Format,
    "facilitator.stage": FacilitatorStage,
    "facilitator_check.level": Level,
    "fresh_start.channel": Channel,
    "fresh_start.ended": StartEnd,
    "heard_text.answer": AnswerState,
    "heard_text.heard": Heard,
    "identity.membership.role": Role,
    "identity.token.channel": InvitedBy,
    "learning_notes.state": NotesState,
    "onboarding_event.by_side": Side,
    "place_offer.state": OfferState,
    "first_visit_call.outcome": FirstCall,
    "group_theme.state": ThemeState,
    "call_count.need": Need,
    "call_request.need": Need,
    "call_request.state": CallState,
    "presenter.state": PresenterState,
    "call_request.outcome": CallOutcome,
    "outbox.channel": Channel,
    "outbox.recipient_kind": RecipientKind,
    "outbox.state": State,
    "parent.stage": ParentStage,
    "signup_link.kind": LinkKind,
    "parent_import.state": ImportState,
    "parent_import_row.choice": Choice,
    "parent_import_row.verdict": Verdict,
    "parent_event.by_side": BySide,
    "release.state": ReleaseState,
    "school.stage": SchoolStage,
    "school_task.task": Task,
    "staff_member.role": SCHOOL_PEOPLE,
    "authority_member.role": PASSWORD_ROLES - SCHOOL_PEOPLE,
    "appointment.role": SCHOOL_STAFF,
    "authority_appointment.role": PASSWORD_ROLES - SCHOOL_PEOPLE,
}
#: Lists of words that are no state of anything: answers of a form, or of one function of the database.
NO_STATES = {
    "answer_set.mode": "how the questions were answered; written once",
    "answer_set.occasion": "before or after a group: part of the key",
    "authority_concern.about": "whom it is about, as the form asks",
    "authority_concern.risk_today": "as the form asks",
    "concern.about": "whom it is about, as the form asks; with whom it goes to",
    "concern.risk_today": "as the form asks",
    "concern_handover.reason": "written by the database alone",
    "concern_receipt.goes_to": "written by the database alone",
    "consent_event.how": "written by the database alone",
    "consent.kind": "kinds of consent, with their words in app/recruitment/consents.py",
    "contact_doubt.person_kind": "three of the recipients",
    "fresh_start.role": "two of the roles",
    "fresh_start.stopped_from": "written by the database alone",
    "identity.browser_session.challenge_for": "what a passkey is asked for",
    "identity.token.purpose": "written by the database alone",
    "parent_import_row.like_by": "one of two addresses, or the name",
    "recruitment_profile.attendance_band": "as the form asks",
    "theme_voice.enough": "as the form asks; empty until they say",
    "session_reflection.times": "as the form asks; empty until they have looked back",
    "session_reflection.turns": "as the form asks; empty until they have looked back",
    "text_reply.recipient_kind": "three of the recipients",
}
#: What words for people there are of which.
WORDS = {
    SchoolStage: SCHOOL_WORDS,
    ParentStage: PARENT_WORDS,
    FacilitatorStage: FACILITATOR_WORDS,
    Task: TASKS,
}
ENUMS = [
    GroupState,
    SessionState,
    PlaceState,
    OfferState,
    NotesState,
    DocumentState,
    ReleaseState,
    ParentStage,
    SchoolStage,
    FacilitatorStage,
    State,
    ThemeState,
    CallState,
    PresenterState,
]
#: Attributes and variables that hold one of these.
HOLDERS = {
    "state", "stage", "status", "from_stage", "to_stage", "stages", "session_state", "cohort_state", "school_stage",
}  # fmt: skip
#: States that are worked out for a page, and stored nowhere; each with where they are worked out.
WORKED_OUT = {
    "app/measures/queries.py": {"open", "begun", "sent", "sealed"},
    "app/measures/routes.py": {"sent"},
    "app/measures/today.py": {"begun"},
    "app/outcomes/today.py": {"ready"},
    "app/recruitment/routes.py": {"ready"},
    "app/schools/appointments.py": {"asked", "agreed"},
    "app/shell/health.py": {"ok"},  # for machines
}


def listed(stack) -> dict[str, set[str]]:
    """Each column that has a CHECK with a list of words, with them; those of several CHECKs together."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for table, check in connection.execute(
            text(
                "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint where contype = 'c'"
                " and connamespace::regnamespace::text in ('public', 'identity', 'published')"
            )
        ):
            # `(column = ANY (ARRAY[...]))` where that is all that the CHECK says of the row, or one way that it may be.
            for column, words in re.findall(r"\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)(?! = )", check):
                found.setdefault(f"{table}.{column}", set()).update(re.findall(r"'(\w*)'::text", words))
    engine.dispose()
    return found


def test_every_list_of_words_has_its_enum(stack, world):
    found = listed(stack)
    assert set(found) == set(STATES) | set(NO_STATES)
    assert {column: found[column] for column in STATES} == {
        column: {state.value for state in states} for column, states in STATES.items()
    }


@pytest.mark.parametrize("states", WORDS, ids=lambda states: states.__name__)
def test_every_state_has_words(states):
    assert set(cast(Any, WORDS[states])) == {state.value for state in states}


def test_every_state_leads_somewhere_or_nowhere_and_says_so():
    assert set(GROUP_STEPS) == set(GroupState)
    assert set(THEME_STEPS) == set(ThemeState)
    assert set(CALL_STEPS) == set(CallState)
    assert set(PRESENTER_STEPS) == set(PresenterState)
    for steps in (SCHOOL_WORDS, PARENT_WORDS, FACILITATOR_WORDS):
        assert {to for stage in steps.values() for to in stage.leads_to} <= set(steps)
    assert {*DOCUMENTS_TAKEN, *DOCUMENTS_TAKEN.values()} <= set(DocumentState)
    assert {*MESSAGES_TAKEN, *MESSAGES_TAKEN.values()} <= set(State)


def compared(source: str) -> list[tuple[int, str]]:
    """Lines that compare a state with a word, look for it among words, or set it to one."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(name_of(side) in HOLDERS for side in sides):
                found += [word for side in sides for word in _words(side)]
        elif isinstance(node, ast.Call):
            held = node.func.value if isinstance(node.func, ast.Attribute) else None
            if name_of(node.func) in ("in_", "not_in") and held is not None and name_of(held) in HOLDERS:
                found += [word for argument in node.args for word in _words(argument)]
            found += [word for named in node.keywords if named.arg in HOLDERS for word in _words(named.value)]
        elif isinstance(node, ast.For) and name_of(node.target) in HOLDERS:
            found += _words(node.iter)
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Attribute) and target.attr in HOLDERS for target in node.targets
        ):
            found += _words(node.value)
    return found


def _words(node: ast.AST) -> list[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [(node.lineno, node.value)]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [word for element in node.elts for word in _words(element)]
    return []


def test_states_are_compared_by_name():
    found = {}
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]):
        where = str(path.relative_to(ROOT))
        words = {word for _line, word in compared(path.read_text())}
        if unnamed := words - WORKED_OUT.get(where, set()):
            found[where] = unnamed
    assert not found


def test_a_word_in_their_place_would_be_seen():
    source = (
        'if cohort.state in ("closed", "over"): pass\n'
        'q.where(Parent.stage.in_(["left"]), Cohort.state == GroupState.CLOSED)\n'
        'row.state = "ready"\nname == "closed"\n'
        'Kind("moved", session_state="planned")\nfor state in ("held",): pass\n'
    )
    assert sorted(compared(source)) == [
        (1, "closed"),
        (1, "over"),
        (2, "left"),
        (3, "ready"),
        (5, "planned"),
        (6, "held"),
    ]


def listed_in(tree: nodes.Node) -> list[str]:
    """States that a template writes down one after the other, to draw each: a new one would be missed in silence."""
    known = {state.value for states in ENUMS for state in states}
    return [
        word.value
        for loop in tree.find_all(nodes.For)
        if isinstance(loop.iter, nodes.Tuple | nodes.List)
        for word in loop.iter.items
        if isinstance(word, nodes.Const) and word.value in known
    ]


def test_no_template_has_a_list_of_states_of_its_own(shared_app):
    """Red? Name the group beside the states (`app/states/`), or draw those that are not in one."""
    found = {
        str(path.relative_to(ROOT)): words
        for path in sorted((ROOT / "app").rglob("templates/**/*.html"))
        if (words := listed_in(shared_app.jinja_env.parse(path.read_text())))
    }
    assert found == {}
    drawn = shared_app.jinja_env.parse(
        '{% for code in ("paused", "left") if counts[code] %}{{ code }}{% endfor %}'
    )
    assert listed_in(drawn) == ["paused", "left"]


#: In templates: worked out for the page; of a link, of a school in the register, of somebody invited, of a drawn step.
ON_PAGES = {word for words in WORKED_OUT.values() for word in words} | {
    "used",
    "wrong",
    "later",
    "arrived",
    "Closed",
    "gap",
    "now",
}


def test_templates_know_only_words_that_are_states(shared_app):
    """A template compares with the word itself; one that nothing can have is a mistake."""
    known = {state.value for states in ENUMS for state in states} | ON_PAGES
    unknown = set()
    for path in sorted((ROOT / "app").rglob("templates/**/*.html")):
        tree = shared_app.jinja_env.parse(path.read_text())
        for node in tree.find_all(nodes.Compare):
            held = [node.expr, *(operand.expr for operand in node.ops)]
            names = {getattr(one, "attr", getattr(one, "name", "")) for one in held}
            if names & HOLDERS:
                words = {
                    one.value
                    for side in held
                    for one in [side, *side.find_all(nodes.Const)]
                    if isinstance(one, nodes.Const)
                }
                unknown |= {
                    (str(path.relative_to(ROOT)), word)
                    for word in words
                    if isinstance(word, str) and word not in known
                }
    assert unknown == set()
