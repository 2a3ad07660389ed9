"""Two authorities with two schools each, and somebody in every role: what every access test is asked against.

Every text that belongs to one school or authority carries that place's canary, so a page that shows it to anybody
else gives itself away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, create_engine, text

from app.accounts.roles import Role
from infra.clock import now, today
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Scope


@dataclass(frozen=True)
class Person:
    """Somebody with an account and one membership."""

    role: Role
    name: str
    email: str | None
    phone: str | None
    account_id: UUID
    membership_id: UUID
    person_id: UUID
    authority_id: UUID
    school_id: UUID | None

    @property
    def scope(self) -> Scope:
        return Scope(self.role.audience, self.authority_id, self.school_id, self.person_id)


@dataclass
class School:
    """A school of the world: its people by role, and ids of its rows by name (`cohort_id`, `session_id` …)."""

    school_id: UUID
    authority_id: UUID
    name: str
    urn: int
    canary: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def family_canary(self) -> str:
        """In the names of parents and carers: no authority, no commissioner, no other school."""
        return f"family-{self.canary}"

    @property
    def concern_canary(self) -> str:
        """In the words of a concern: the safeguarding lead alone."""
        return f"concern-{self.canary}"

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass
class Authority:
    authority_id: UUID
    name: str
    la_code: str
    canary: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)

    @property
    def admin(self) -> Person:
        return self.people["authority_admin"]

    @property
    def commissioner(self) -> Person:
        return self.people["commissioner"]

    @property
    def officer(self) -> Person:
        return self.people["named_officer"]


@dataclass
class World:
    authority: Authority
    other_authority: Authority

    @property
    def school(self) -> School:
        return self.authority.schools[0]

    @property
    def sibling_school(self) -> School:
        return self.authority.schools[1]

    @property
    def other_school(self) -> School:
        return self.other_authority.schools[0]


class _Builder:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tables = MetaData()
        self.tables.reflect(connection)
        self.phone = 900_100

    def add(self, table: str, **values: Any) -> None:
        self.connection.execute(self.tables.tables[table].insert().values(values))

    def next_phone(self) -> str:
        self.phone += 1
        return f"+447700{self.phone}"

    def person(
        self,
        role: Role,
        name: str,
        *,
        authority_id: UUID,
        school_id: UUID | None = None,
        email: str | None = None,
        phone: str | None = None,
        account_of: Person | None = None,
    ) -> Person:
        person = Person(
            role=role,
            name=name,
            email=email,
            phone=phone,
            account_id=account_of.account_id if account_of else new_id(),
            membership_id=new_id(),
            person_id=new_id(),
            authority_id=authority_id,
            school_id=school_id,
        )
        self.connection.execute(
            text("select identity.found_account(:a, :m, :e, :p, :n, :r, :g, :s, :person)"),
            {
                "a": person.account_id,
                "m": person.membership_id,
                "e": account_of.email if account_of else email,
                "p": account_of.phone if account_of else phone,
                "n": name,
                "r": role.value,
                "g": authority_id,
                "s": school_id,
                "person": person.person_id,
            },
        )
        return person


def build_world(owner_url: str) -> World:
    """Write the world as the owner and commit it."""
    engine = create_engine(sqlalchemy_url(owner_url))
    with engine.begin() as connection:
        builder = _Builder(connection)
        world = World(
            authority=_authority(builder, "Firstborough", "801", 990_101),
            other_authority=_authority(builder, "Otherborough", "802", 990_201),
        )
    engine.dispose()
    return world


def _authority(builder: _Builder, name: str, la_code: str, first_urn: int) -> Authority:
    made = Authority(new_id(), f"{name} Council", la_code, f"canary-{name.lower()}")
    slug = name.lower()
    builder.add(
        "authority",
        authority_id=made.authority_id,
        name=made.name,
        short_name=name,
        slug=slug,
        la_code=la_code,
        contact_name=f"Contact {made.canary}",
        contact_phone="020 7946 0001",
        contact_email=f"team@{slug}.example.org",
        officer_name=f"Officer {made.canary}",
        officer_phone="020 7946 0002",
        support_lines=[{"name": "Samaritans", "number": "116 123", "note": "Day or night"}],
        created_at=now(),
    )
    for role in (Role.AUTHORITY_ADMIN, Role.NAMED_OFFICER, Role.COMMISSIONER):
        person = builder.person(
            role,
            f"{role.value} {made.canary}",
            authority_id=made.authority_id,
            email=f"{role.value}@{slug}.example.org",
        )
        made.people[role.value] = person
        builder.add(
            "authority_member",
            authority_id=made.authority_id,
            id=person.person_id,
            name=person.name,
            email=person.email,
            role=role.value,
            accepted_at=now(),
        )
    year = today().year if today().month >= 9 else today().year - 1
    for term, start, half, end in (
        ("Autumn", date(year, 9, 2), date(year, 10, 26), date(year, 12, 18)),
        ("Spring", date(year + 1, 1, 4), date(year + 1, 2, 15), date(year + 1, 3, 26)),
        ("Summer", date(year + 1, 4, 12), date(year + 1, 5, 31), date(year + 1, 7, 20)),
    ):
        builder.add(
            "authority_term",
            authority_id=made.authority_id,
            id=new_id(),
            name=f"{term} {start.year}",
            starts_on=start,
            half_term_starts_on=half,
            half_term_ends_on=half + timedelta(days=4),
            ends_on=end,
        )
    made.ids["release_id"] = new_id()
    builder.add(
        "release",
        authority_id=made.authority_id,
        id=made.ids["release_id"],
        window_key=f"{year}-spring",
        title=f"Draft {made.canary}",
        state="draft",
        payload={},
        sha256="0" * 64,
        built_at=now(),
        built_by="system",
    )
    made.ids["authority_concern_id"] = new_id()
    for number, place in enumerate(("North", "South")):
        made.schools.append(_school(builder, made, f"{name} {place} School", first_urn + number))
    builder.add(
        "authority_concern",
        authority_id=made.authority_id,
        id=made.ids["authority_concern_id"],
        about_school_id=made.schools[0].school_id,
        about="staff",
        what=f"Words {made.canary}",
        happened_when="Monday",
        risk_today="no",
        raised_by_kind="parent",
        raised_by_name="Somebody",
        raised_at=now(),
        reference=f"A-{la_code}",
    )
    return made


def _school(builder: _Builder, authority: Authority, name: str, urn: int) -> School:
    school = School(new_id(), authority.authority_id, name, urn, f"canary-{name.lower().replace(' ', '-')}")
    slug = name.lower().replace(" ", "-")
    builder.add(
        "register_school",
        urn=urn,
        name=name,
        la_code=authority.la_code,
        la_name=authority.name,
        phase="Secondary",
        status="Open",
        is_open=True,
        search_name=name.lower(),
        row_digest=b"0",
    )
    builder.add(
        "school",
        school_id=school.school_id,
        authority_id=authority.authority_id,
        urn=urn,
        name=name,
        short_name=name[:28],
        phase="Secondary",
        controller_code=f"LA-{urn}",
        controller_name=name,
        stage="active",
        stage_changed_at=now(),
        waiting_since=now(),
        contact_name=f"Contact {school.canary}",
        contact_role="SENCO",
        contact_phone="020 7946 0100",
        dsl_name=f"Lead {school.canary}",
        dsl_phone="020 7946 0101",
        room="Library",
        created_at=now(),
    )
    for role in (Role.SCHOOL_LEAD, Role.SENCO, Role.ATTENDANCE_LEAD, Role.SCHOOL_DSL):
        person = builder.person(
            role,
            f"{role.value} {school.canary}",
            authority_id=authority.authority_id,
            school_id=school.school_id,
            email=f"{role.value}@{slug}.example.org",
        )
        school.people[role.value.removeprefix("school_")] = person
        builder.add(
            "staff_member",
            school_id=school.school_id,
            id=person.person_id,
            name=person.name,
            email=person.email,
            role=role.value,
            invited_at=now(),
            accepted_at=now(),
        )
    _people_of(builder, authority, school, slug)
    _groups_of(builder, authority, school)
    _records_of(builder, school)
    return school


def _parent_row(
    builder: _Builder, school: School, parent_id: UUID, stage: str, first: str, **contact: Any
) -> None:
    builder.add(
        "parent",
        school_id=school.school_id,
        id=parent_id,
        stage=stage,
        stage_changed_at=now(),
        created_at=now(),
    )
    builder.add(
        "parent_contact",
        school_id=school.school_id,
        parent_id=parent_id,
        first_name=first,
        last_name=school.family_canary,
        known_as=first,
        **contact,
    )
    builder.add("recruitment_profile", school_id=school.school_id, parent_id=parent_id, year_group="Year 8")
    builder.add(
        "parent_event",
        school_id=school.school_id,
        id=new_id(),
        parent_id=parent_id,
        to_stage=stage,
        by_side="school",
        at=now(),
    )


def _people_of(builder: _Builder, authority: Authority, school: School, slug: str) -> None:
    common = {"authority_id": authority.authority_id, "school_id": school.school_id}
    for key, stage in (("parent", "in_group"), ("other_parent", "in_group"), ("graduate", "graduated")):
        person = builder.person(
            Role.PARENT,
            f"{key} {school.family_canary}",
            email=f"{key}@{slug}.example.org" if key != "other_parent" else None,
            phone=builder.next_phone(),
            **common,
        )
        school.people[key] = person
        _parent_row(
            builder,
            school,
            person.person_id,
            stage,
            key.replace("_", " ").title(),
            email=person.email or "",
            phone=person.phone,
        )
        for kind in ("join", "email", "text", "pooled_answers"):
            builder.add(
                "consent",
                school_id=school.school_id,
                parent_id=person.person_id,
                kind=kind,
                given=True,
                wording_version="1",
                changed_at=now(),
            )
    # One shares attendance with the school, the other does not.
    for key, given in (("parent", True), ("other_parent", False)):
        builder.add(
            "consent",
            school_id=school.school_id,
            parent_id=school.people[key].person_id,
            kind="share_attendance",
            given=given,
            wording_version="1",
            changed_at=now(),
        )
    for key, stage in (("identified", "identified"), ("waiting", "waiting")):
        school.ids[f"{key}_parent_id"] = new_id()
        _parent_row(
            builder, school, school.ids[f"{key}_parent_id"], stage, key.title(), phone=builder.next_phone()
        )
    facilitator = builder.person(
        Role.FACILITATOR, f"facilitator {school.canary}", email=f"facilitator@{slug}.example.org", **common
    )
    school.people["facilitator"] = facilitator
    school.ids["applicant_id"] = new_id()
    for facilitator_id, parent_id, stage, name in (
        (facilitator.person_id, None, "leading", facilitator.name),
        (
            school.ids["applicant_id"],
            school.people["graduate"].person_id,
            "applied",
            f"Graduate {school.family_canary}",
        ),
    ):
        builder.add(
            "facilitator",
            school_id=school.school_id,
            id=facilitator_id,
            parent_id=parent_id,
            name=name,
            email="someone@example.org",
            stage=stage,
            stage_changed_at=now(),
            created_at=now(),
        )
    builder.add(
        "facilitator_application",
        school_id=school.school_id,
        facilitator_id=school.ids["applicant_id"],
        parent_id=school.people["graduate"].person_id,
        answers={"why": f"Because {school.family_canary}"},
        submitted_at=now(),
    )
    school.ids["parent_id"] = school.people["parent"].person_id
    school.ids["facilitator_id"] = facilitator.person_id


def _groups_of(builder: _Builder, authority: Authority, school: School) -> None:
    key = {"school_id": school.school_id}
    for name, state, start in (
        ("cohort", "running", today() - timedelta(weeks=3)),
        ("closed_cohort", "closed", today() - timedelta(weeks=30)),
        ("forming_cohort", "forming", None),
    ):
        cohort_id = school.ids[f"{name}_id"] = new_id()
        builder.add(
            "cohort",
            **key,
            id=cohort_id,
            name=f"{name} {school.canary}"[:60],
            state=state,
            first_on=start,
            starts_at=time(17, 45),
            room="Library",
            created_at=now(),
        )
        if start is None:
            continue
        builder.add(
            "cohort_facilitator",
            **key,
            cohort_id=cohort_id,
            facilitator_id=school.people["facilitator"].person_id,
            assigned_at=now(),
        )
        for number in range(1, 9):
            session_id = new_id()
            on_date = start + timedelta(weeks=number - 1)
            held = state == "closed" or number <= 3
            builder.add(
                "cohort_session",
                **key,
                id=session_id,
                cohort_id=cohort_id,
                number=number,
                on_date=on_date,
                starts_at=time(17, 45),
                ends_at=time(19, 15),
                room="Library",
                state="closed" if held else "planned",
                topic=f"Topic {number}",
            )
            if name == "cohort" and number == 1:
                school.ids["session_id"] = session_id
            if name == "cohort" and number == 5:
                school.ids["next_session_id"] = session_id
            members = ("parent", "other_parent") if name == "cohort" else ("graduate",)
            if held:
                for member in members:
                    builder.add(
                        "attendance",
                        **key,
                        session_id=session_id,
                        parent_id=school.people[member].person_id,
                        cohort_id=cohort_id,
                        mark="present",
                        marked_at=now(),
                    )
            if number == 1:
                notes_id = new_id()
                school.ids[f"{name}_notes_id"] = notes_id
                builder.add(
                    "learning_notes",
                    **key,
                    id=notes_id,
                    cohort_id=cohort_id,
                    session_id=session_id,
                    main_points=f"Points {school.canary}",
                    state="sent",
                    updated_at=now(),
                    sent_at=now(),
                )
    for name, member, status in (
        ("cohort", "parent", "in_group"),
        ("cohort", "other_parent", "in_group"),
        ("closed_cohort", "graduate", "finished"),
    ):
        builder.add(
            "enrolment",
            **key,
            id=new_id(),
            cohort_id=school.ids[f"{name}_id"],
            parent_id=school.people[member].person_id,
            status=status,
            joined_at=now(),
        )
    for occasion, value in (("before", 4), ("after", 7)):
        builder.add(
            "answer_set",
            **key,
            id=new_id(),
            parent_id=school.people["graduate"].person_id,
            cohort_id=school.ids["closed_cohort_id"],
            instrument="programme-questions",
            instrument_version=1,
            scoring_version=1,
            occasion=occasion,
            items=[value] * 12,
            updated_at=now(),
            submitted_at=now(),
        )


def _records_of(builder: _Builder, school: School) -> None:
    key = {"school_id": school.school_id}
    school.ids["concern_id"] = new_id()
    builder.add(
        "concern",
        **key,
        id=school.ids["concern_id"],
        about="child",
        what=f"Words {school.concern_canary}",
        happened_when="Monday",
        risk_today="no",
        raised_by_kind="facilitator",
        raised_by_id=school.people["facilitator"].person_id,
        raised_by_name=f"Somebody {school.canary}",
        raised_at=now(),
        reference=f"C-{school.urn}",
    )
    school.ids["outbox_id"] = new_id()
    builder.add(
        "outbox",
        **key,
        id=school.ids["outbox_id"],
        kind="session_reminder",
        channel="sms",
        recipient_kind="parent",
        recipient_id=school.people["parent"].person_id,
        subject_id=school.ids["next_session_id"],
        dedupe_key="world",
        state="failed",
        problem="The number does not work.",
        next_at=now(),
        created_at=now(),
    )
    for kind, name in (
        ("project_brief", "brief"),
        ("learning_notes", "notes"),
        ("signed_agreement", "agreement"),
    ):
        document_id = school.ids[f"{name}_document_id"] = new_id()
        builder.add(
            "document",
            **key,
            id=document_id,
            kind=kind,
            subject_id=school.ids["session_id"] if name == "notes" else None,
            cohort_id=school.ids["cohort_id"] if name == "notes" else None,
            file_name=f"{name}-{school.canary}.pdf",
            state="ready",
            object_key=f"t/{school.school_id}/d/{document_id}/v1",
            sha256="0" * 64,
            size=10,
            next_at=now(),
            created_at=now(),
            ready_at=now(),
        )
    builder.add(
        "audit_event",
        **key,
        id=new_id(),
        event="recruitment:parent:added",
        subject_id=school.ids["parent_id"],
        actor_audience="wb_school",
        actor_role="senco",
        details={"stage": "identified"},
        at=now(),
    )
