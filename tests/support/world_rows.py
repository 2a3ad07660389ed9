"""Rows of the world, written by the owner."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

from app.identity.roles import Role
from infra.clock import now, today
from infra.ids import new_id
from tests.support.records_of import records_of
from tests.support.world import Authority, School
from tests.support.world_builder import Builder


def _parent_row(
    builder: Builder, school: School, parent_id: UUID, stage: str, first: str, **contact: Any
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


def add_people(builder: Builder, authority: Authority, school: School, slug: str) -> None:
    common: dict[str, Any] = {"authority_id": authority.authority_id, "school_id": school.school_id}
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
    for table, values in records_of(school.school_id, facilitator.person_id, school.canary):
        builder.add(table, **values)
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


def add_groups(builder: Builder, authority: Authority, school: School) -> None:
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
            joined_at=now() - timedelta(weeks=20),
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


def add_records(builder: Builder, school: School) -> None:
    key = {"school_id": school.school_id}
    school.ids["appointment_id"] = new_id()
    builder.add(
        "appointment",
        **key,
        id=school.ids["appointment_id"],
        kind="appoint",
        person_id=new_id(),
        role="school_dsl",
        name=f"Stopped {school.canary}",
        email=f"stopped@{school.urn}.example.org",
        basis="second_person",
        asked_by=school.people["lead"].account_id,
        asked_by_name=school.people["lead"].name,
        asked_at=now() - timedelta(days=9),
        stopped_by=school.people["dsl"].account_id,
        stopped_by_name=school.people["dsl"].name,
        stopped_at=now() - timedelta(days=9),
    )
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
        kind="session_moved",
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
    school.ids["reply_id"] = new_id()
    builder.add(
        "text_reply",
        **key,
        id=school.ids["reply_id"],
        number=school.people["parent"].phone or "+447700900100",
        words=f"Running late {school.family_canary}",
        recipient_kind="parent",
        recipient_id=school.people["parent"].person_id,
        at=now(),
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
