"""Writes the world, once, and commits it."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from sqlalchemy import create_engine

from app.identity.roles import Role
from infra.clock import now, today
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tests.support.world import Authority, School, World
from tests.support.world_builder import Builder
from tests.support.world_rows import add_groups, add_people, add_records


def build_world(owner_url: str, *, without: Container[str] = ()) -> World:
    """Write the world as the owner and commit it; of an earlier release, `without` what came since."""
    engine = create_engine(sqlalchemy_url(owner_url))
    with engine.begin() as connection:
        builder = Builder(connection, without=without)
        world = World(
            authority=_authority(builder, "Firstborough", "801", 990_101),
            other_authority=_authority(builder, "Otherborough", "802", 990_201),
        )
    engine.dispose()
    return world


def _authority(builder: Builder, name: str, la_code: str, first_urn: int) -> Authority:
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
        officer_phone="020 7946 0002",
        out_of_hours_phone="020 7946 0003",
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
    for term, start, half, end in _terms(year):
        builder.add(
            "authority_term",
            authority_id=made.authority_id,
            id=new_id(),
            name=f"{term} {start.year}",
            starts_on=start,
            half_term_starts_on=half,
            half_term_ends_on=half and half + timedelta(days=4),
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


def _terms(year: int) -> list[tuple[str, date, date | None, date]]:
    """Terms as they are in England, but for a holiday that would shut the world's meetings to come."""
    soon = today(), today() + timedelta(weeks=5)
    terms = [
        ("Autumn", date(year, 9, 2), date(year, 10, 26), date(year, 12, 18)),
        ("Spring", date(year + 1, 1, 4), date(year + 1, 2, 15), date(year + 1, 3, 26)),
        ("Summer", date(year + 1, 4, 12), date(year + 1, 5, 31), date(year + 1, 7, 20)),
    ]
    followed = [*(start for _name, start, _half, _end in terms[1:]), None]
    kept: list[tuple[str, date, date | None, date]] = []
    for (name, start, half, end), after in zip(terms, followed, strict=True):
        has_half = not (half <= soon[1] and soon[0] <= half + timedelta(days=4))
        is_shut_soon = after is not None and end < soon[1] and soon[0] < after
        goes_on = after - timedelta(days=1) if after is not None and is_shut_soon else end
        kept.append((name, start, half if has_half else None, goes_on))
    return kept


def _school(builder: Builder, authority: Authority, name: str, urn: int) -> School:
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
    for role in (
        Role.SCHOOL_LEAD,
        Role.SENCO,
        Role.ATTENDANCE_LEAD,
        Role.SCHOOL_DSL,
        Role.HEAD_TEACHER,
        Role.SCHOOL_OFFICE,
    ):
        if role.value in builder.without:
            continue
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
    add_people(builder, authority, school, slug)
    add_groups(builder, authority, school)
    add_records(builder, school)
    return school
