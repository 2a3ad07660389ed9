"""People of one school beside each other: what each keeps for themselves, and who must never meet it.

For one test: every person gets a word of their own in what only they (and those named here) may read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, text
from werkzeug.routing import Rule

from infra.clock import now, today
from infra.ids import new_id
from tests.isolation.crawling import Crawl, more_fields, with_ids
from tests.isolation.digests import Digests
from tests.isolation.forms import Form
from tests.isolation.places import ARGUMENTS, Places, address, ids_of
from tests.support.world import World

#: Whose private words are planted.
PARENTS = ("parent", "other_parent", "graduate")


def private(key: str) -> str:
    """The word in what `key` keeps for themselves."""
    return "private-of-" + key.replace("_", "-").replace(" ", "-")


def said_by(key: str) -> str:
    """The word in a concern that `key` raised: for the safeguarding lead alone, and in their own receipt."""
    return f"said-by-{key.replace('_', '-')}"


@dataclass
class Neighbourhood:
    """The first school with a second group beside the first: its parent, its facilitator, its notes."""

    world: World
    ids: dict[str, dict[str, UUID]]


def _run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


def add_neighbours(connection: Connection, world: World) -> Neighbourhood:
    """Plant it, as the superuser; undone with the test.

    The second group has a leader, a parent, notes and papers of its own.
    """
    connection.execute(text("set local session authorization default"))
    school = world.school
    key = {"s": school.school_id}
    cohort, session, notes, leader = new_id(), new_id(), new_id(), new_id()
    for who in PARENTS:
        parent = {**key, "p": school.people[who].person_id, "w": private(who)}
        _run(
            connection,
            "update parent_contact set access_needs = :w, email = :w || '@example.org', last_name = last_name || :w"
            " where school_id = :s and parent_id = :p",
            **parent,
        )
        _run(
            connection,
            "update recruitment_profile set needs = :w where school_id = :s and parent_id = :p",
            **parent,
        )
        _run(
            connection,
            "insert into concern (school_id, id, about, what, happened_when, risk_today, raised_by_kind, raised_by_id,"
            " raised_by_name, raised_at, reference) values (:s, :id, 'child', :said, 'x', 'no', 'parent', :p, :said,"
            " now(), :said)",
            id=new_id(),
            said=said_by(who),
            **parent,
        )
        _run(
            connection,
            "insert into concern_receipt (school_id, id, raised_by_id, reference, raised_at)"
            " values (:s, :id, :p, :said, now())",
            id=new_id(),
            said=said_by(who),
            **parent,
        )
    _run(
        connection,
        "insert into cohort (school_id, id, name, state, first_on, starts_at, room, created_at)"
        " values (:s, :c, :w, 'running', :on, :at, 'Hall', now())",
        c=cohort, on=today() - timedelta(weeks=1), at=time(18), w=private("second group"), **key,
    )  # fmt: skip
    _run(
        connection,
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state, topic)"
        " values (:s, :id, :c, 1, :on, :at, :end, :w, 'planned', 'x')",
        id=session, c=cohort, on=today() + timedelta(days=6), at=time(18), end=time(19, 30),
        w=private("second group"), **key,
    )  # fmt: skip
    _run(
        connection,
        "insert into learning_notes (school_id, id, cohort_id, session_id, main_points, state, updated_at, sent_at)"
        " values (:s, :id, :c, :session, :w, 'sent', :now, :now)",
        id=notes, c=cohort, session=session, now=now(), w=private("second group"), **key,
    )  # fmt: skip
    _run(
        connection,
        "insert into facilitator (school_id, id, name, email, stage, stage_changed_at, created_at)"
        " values (:s, :f, :w, :w || '@example.org', 'training', now(), now())",
        f=leader, w=private("second leader"), **key,
    )  # fmt: skip
    for step in ("ready", "leading"):
        _run(connection, "update facilitator set stage = :step where id = :f", step=step, f=leader)
    _run(
        connection,
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at) values (:s, :c, :f, now())",
        c=cohort, f=leader, **key,
    )  # fmt: skip
    _run(
        connection,
        "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at)"
        " values (:s, :id, :c, :p, 'in_group', now())",
        id=new_id(), c=cohort, p=school.ids["identified_parent_id"], **key,
    )  # fmt: skip
    _run(
        connection,
        "update parent_contact set access_needs = :w, email = :w || '@example.org', last_name = last_name || :w"
        " where school_id = :s and parent_id = :p",
        p=school.ids["identified_parent_id"], w=private("second parent"), **key,
    )  # fmt: skip
    of_session = {"s": school.school_id, "c": cohort, "session": session}
    documents: dict[str, UUID] = {}
    for what, paper, whose in (
        ("notes", "learning_notes", None),
        ("certificate", "certificate", school.people["other_parent"].person_id),
    ):
        documents[what] = new_id()
        _run(
            connection,
            "insert into document (school_id, id, kind, subject_id, cohort_id, parent_id, file_name, state, object_key,"
            " sha256, size, next_at, created_at, ready_at) values (:s, :d, :kind, :session, :c, :p, :w, 'ready',"
            " 't/' || cast(:s as text) || '/d/' || cast(:d as text) || '/v1', repeat('0', 64), 1, now(), :now, now())",
            d=documents[what], now=now(), kind=paper, p=whose,
            w=private("other parent" if whose else "second group") + ".pdf", **of_session,
        )  # fmt: skip
    connection.execute(text("set session authorization wb_web"))
    second = {
        "cohort_id": cohort,
        "closed_cohort_id": cohort,
        "session_id": session,
        "next_session_id": session,
        "facilitator_id": leader,
        "parent_id": school.ids["identified_parent_id"],
        "cohort_notes_id": notes,
        "agreement_document_id": documents["notes"],
        "notes_document_id": documents["notes"],
    }
    certificate = {
        "agreement_document_id": documents["certificate"],
        "notes_document_id": documents["certificate"],
    }
    fellow = {
        "parent_id": school.people["other_parent"].person_id,
        "membership_id": school.people["other_parent"].membership_id,
        "account_id": school.people["other_parent"].account_id,
        **certificate,
    }
    former = {
        "cohort_id": school.ids["cohort_id"],
        "session_id": school.ids["session_id"],
        "next_session_id": school.ids["next_session_id"],
        "cohort_notes_id": school.ids["cohort_notes_id"],
        "parent_id": school.people["parent"].person_id,
    }
    return Neighbourhood(world, {"second group": second, "fellow parent": fellow, "another's group": former})


#: Who -> (the neighbours whose ids are tried, whose private words they must never meet).
WATCHED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "parent": (
        ("fellow parent", "second group"),
        ("other parent", "graduate", "second group", "second leader", "second parent"),
    ),
    "other_parent": (
        ("second group",),
        ("parent", "graduate", "second group", "second leader", "second parent"),
    ),
    # Their own group is over: the running one is not theirs, as a member who has left has none.
    "graduate": (
        ("another's group", "fellow parent", "second group"),
        ("parent", "other parent", "second group", "second leader", "second parent"),
    ),
    "facilitator": (("second group",), ("graduate", "second group", "second leader", "second parent")),
    # Staff may see who their parents are and how to reach them, and neither answers nor concerns.
    "senco": ((), ()),
    "lead": ((), ()),
    # Councils read what the groups of their schools are called.
    "authority_admin": (
        ("fellow parent", "second group"),
        ("parent", "other parent", "graduate", "second parent"),
    ),
    "named_officer": (
        ("fellow parent", "second group"),
        ("parent", "other parent", "graduate", "second parent"),
    ),
    "commissioner": (
        ("fellow parent", "second group"),
        ("parent", "other parent", "graduate", "second parent", "second group", "second leader"),
    ),
}
#: Columns by which a row is somebody's.
THEIRS = (
    "id",
    "parent_id",
    "raised_by_id",
    "facilitator_id",
    "cohort_id",
    "session_id",
    "account_id",
    "membership_id",
)


class NeighbourDigests(Digests):
    """What belongs to the neighbours: rows with one of their ids in any column that names somebody or their group."""

    columns = THEIRS

    def __init__(self, connection: Connection, ids: Iterable[UUID]) -> None:
        super().__init__(connection, (), ())
        self.owners = list(ids)


class NeighbourCrawl(Crawl):
    """One person's way through the pages with ids of the people and groups beside them."""

    def beside(self, hood: Neighbourhood, name: str) -> None:
        """From now on the others are `name`: only what is theirs differs from one's own ids."""
        theirs = hood.ids[name]
        own = ids_of(self.world.school, self.world.authority)
        if self.person is not None and self.person.role.value == "parent":
            own |= {"parent_id": self.person.person_id, "membership_id": self.person.membership_id}
        self.theirs = theirs
        self.places = Places(
            own=own,
            foreign={name: {**own, **theirs}},
            nowhere={**own, **{key: new_id() for key in theirs}},
        )
        self.digests = NeighbourDigests(self.connection, theirs.values())
        self.before = self.digests.take()

    def read_own_pages(self) -> None:
        """Every page that this person may open, with their own ids; its forms are kept."""
        for rule in self.rules("GET"):
            if self.may_open(rule):
                self.read_forms(self.ask(rule, "own", address(rule, self.places.own)))

    def try_neighbours(self) -> None:
        """Ids of the neighbour in addresses, queries and forms: the answer is that of an id of nobody."""
        for rule in self.rules("GET"):
            if not self.may_open(rule):
                continue
            path = address(rule, self.places.own)
            if any(ARGUMENTS.get(argument) in self.theirs for argument in rule.arguments):
                self.compare(rule, lambda ids, rule=rule: self.ask(rule, "beside", address(rule, ids)))
            else:
                self.compare(
                    rule, lambda ids, rule=rule, path=path: self.ask(rule, "query", with_ids(path, ids))
                )
        for rule in self.rules("POST"):
            if not self.may_open(rule):
                continue
            for form in self.forms.get(rule.endpoint) or [Form(address(rule, self.places.own))]:
                self.try_form(rule, form)
        self.expect_nothing_changed("the neighbours")

    def try_form(self, rule: Rule, form: Form) -> None:
        path = urlsplit(form.action).path
        held = [str(self.places.own[key]) for key in self.theirs if key in self.places.own]
        values = [value for values in form.fields.values() for value in values]
        if any(key in path for key in held):
            self.compare(
                rule,
                lambda ids: self.post(rule, "beside", self.places.swap(path, ids), self.swapped(form, ids)),
            )
        if any(key in value for key in held for value in values):
            self.compare(rule, lambda ids: self.post(rule, "fields", path, self.swapped(form, ids)))
        self.compare(rule, lambda ids: self.post(rule, "more fields", path, form.fields | more_fields(ids)))
