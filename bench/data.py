"""Fleets of schools to measure on, written by the cluster's superuser, which no part of the product logs in as."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from demo.embedded import EmbeddedStack
from migrations.run import upgrade
from tenants.roles import LOGINS

COHORTS, PARENTS, SESSIONS = 3, 10, 8


@dataclass(frozen=True)
class Fleet:
    """A database with so many schools; `school_id`, `cohort_id` and `membership_id` are one school's."""

    database: str
    schools: int
    seconds: float
    passwords: dict[str, str]
    superuser_url: str
    urls: dict[str, str]
    authority_id: UUID
    school_id: UUID
    staff_id: UUID
    cohort_id: UUID
    membership_id: UUID

    @property
    def cohorts(self) -> int:
        return self.schools * COHORTS

    @property
    def parents(self) -> int:
        return self.cohorts * PARENTS

    @property
    def sessions(self) -> int:
        return self.cohorts * SESSIONS

    @property
    def marks(self) -> int:
        return self.cohorts * PARENTS * (SESSIONS - 1)


STEPS = (
    (
        "authority",
        "insert into authority (authority_id, name, short_name, slug, la_code, created_at)"
        " values (uuidv7(), 'Bench Council', 'Bench', 'bench', '997', now())",
    ),
    (
        "register",
        "insert into register_school (urn, name, la_code, status, is_open, search_name, row_digest)"
        " select 100000 + n, 'School ' || n, '997', 'Open', true, 'school ' || n, ''"
        " from generate_series(1, %(schools)s) n",
    ),
    (
        "schools",
        "insert into school (school_id, authority_id, urn, name, short_name, controller_code, controller_name, stage,"
        " stage_changed_at, waiting_since, created_at)"
        " select uuidv7(), a.authority_id, r.urn, r.name, r.name, 'LA-' || r.urn, r.name, 'active', now(), now(), now()"
        " from register_school r, authority a",
    ),
    (
        "staff",
        "insert into staff_member (school_id, id, name, email, role, invited_at)"
        " select school_id, uuidv7(), 'Lead', 'lead@example.org', 'school_lead', now() from school",
    ),
    (
        "cohorts",
        "insert into cohort (school_id, id, name, state, first_on, starts_at, room, created_at)"
        " select s.school_id, uuidv7(), 'Group ' || n, 'running', current_date - 47, '17:45', 'Room ' || n, now()"
        " from school s, generate_series(1, 3) n",
    ),
    (
        "facilitators",
        "insert into facilitator (school_id, id, name, stage, stage_changed_at, created_at)"
        " select school_id, uuidv7(), 'Facilitator ' || n, 'leading', now(), now()"
        " from school, generate_series(1, 2) n",
    ),
    (
        "who leads",
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " select c.school_id, c.id, f.id, now() from cohort c join facilitator f using (school_id)",
    ),
    (
        "sessions",
        # All but the last are closed, so that a page shows their marks; the last is the day after tomorrow.
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, topic, state,"
        " closed_at)"
        " select c.school_id, uuidv7(), c.id, n, current_date - 54 + 7 * n, '17:45', '19:15', c.room, 'ebsna',"
        " case when n < 8 then 'closed' else 'planned' end, case when n < 8 then now() end"
        " from cohort c, generate_series(1, 8) n",
    ),
    (
        "parents",
        "create table bench_parent as select c.school_id, c.id as cohort_id, uuidv7() as id, n"
        " from cohort c, generate_series(1, 10) n",
    ),
    (
        "pipeline",
        "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
        " select school_id, id, 'in_group', now(), now() from bench_parent",
    ),
    (
        "contacts",
        "insert into parent_contact (school_id, parent_id, first_name, last_name, email)"
        " select school_id, id, 'Parent', 'Number ' || n, id || '@example.org' from bench_parent",
    ),
    (
        "consents",
        "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
        " select school_id, id, kind, true, '1', now() from bench_parent,"
        " unnest(array['join', 'email', 'share_attendance']) kind",
    ),
    (
        "places",
        "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at)"
        " select school_id, uuidv7(), cohort_id, id, now() from bench_parent",
    ),
    (
        "marks",
        "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
        " select p.school_id, s.id, p.id, p.cohort_id, 'present', now() from bench_parent p"
        " join cohort_session s on s.school_id = p.school_id and s.cohort_id = p.cohort_id and s.state = 'closed'",
    ),
    ("tidy", "drop table bench_parent"),
)


def load_fleet(
    stack: EmbeddedStack, passwords: dict[str, str], name: str, schools: int, console: Console
) -> Fleet:
    """Make database `name` with the product's own migrations, and fill it."""
    base = stack.postgres.superuser_url.rsplit("/", 1)[0]
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        for role in LOGINS:
            connection.execute(
                sql.SQL("grant create, connect, temporary on database {} to {}").format(
                    sql.Identifier(name), sql.Identifier(role)
                )
            )
    url = f"{base}/{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter schema public owner to wb_owner")
    urls = {role: stack.postgres.url_for(role, passwords[role], database=name) for role in LOGINS}
    upgrade(urls["wb_owner"])
    started = time.monotonic()
    with (
        psycopg.connect(url, autocommit=True) as connection,
        Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console
        ) as bar,
    ):
        # Trusted, generated rows: foreign keys are not looked up one by one.
        connection.execute("set session_replication_role = replica")
        connection.execute("set maintenance_work_mem = '512MB'")
        for what, statement in STEPS:
            task = bar.add_task(f"{schools:,} schools: {what}", total=None)
            connection.execute(statement, {"schools": schools})
            bar.update(task, total=1, completed=1)
        connection.execute("analyze")
        one = connection.execute(
            "select s.authority_id, s.school_id, m.id, c.id from school s join staff_member m using (school_id)"
            " join cohort c using (school_id) order by s.urn desc, c.id limit 1"
        ).fetchall()[0]
        authority_id, school_id, staff_id, cohort_id = one
        membership_id = connection.execute("select uuidv7()").fetchall()[0][0]
        connection.execute(
            "select identity.found_account(uuidv7(), %s, 'lead@example.org', null, 'Lead', 'school_lead', %s, %s, %s)",
            (membership_id, authority_id, school_id, staff_id),
        )
    return Fleet(
        database=name,
        schools=schools,
        seconds=time.monotonic() - started,
        passwords=passwords,
        superuser_url=url,
        urls=urls,
        authority_id=authority_id,
        school_id=school_id,
        staff_id=staff_id,
        cohort_id=cohort_id,
        membership_id=membership_id,
    )
